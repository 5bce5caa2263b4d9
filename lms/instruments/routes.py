"""Pages about instruments: the library, one instrument's form, the response calculator."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.instruments import api
from lms.instruments.domain.figures import plain
from lms.instruments.domain.improvement import (
    THRESHOLDS,
    Category,
    Improvement,
    MeasureResult,
    Population,
    Tool,
    improvement,
    percent_text,
)
from lms.instruments.forms import rating_view
from lms.instruments.forms.response import ENZYME_NAMES, SLOT_NAMES, TOOL_NAMES, ResponseForm
from lms.web.access import ANYONE, allow

bp = Blueprint("instruments", __name__)
bp.add_app_template_global(rating_view, "rating_view")


@bp.get("/instruments")
@allow(ANYONE)
def list_instruments() -> ResponseReturnValue:
    shipped = [api.load_library(ref) for ref in api.library_ids()]
    return render_template("instruments/list_instruments.html", instruments=shipped)


@bp.get("/instruments/<string:ref>")
@allow(ANYONE)
def show_instrument(ref: str) -> ResponseReturnValue:
    return render_template(
        "instruments/show_instrument.html",
        instrument=api.load_library(ref),
        digest=api.library_digest(ref),
    )


@bp.get("/instruments/response")
@allow(ANYONE)
def show_response() -> ResponseReturnValue:
    return render_template("instruments/show_response.html", form=ResponseForm(), result=None)


@bp.post("/instruments/response")
@allow(ANYONE)
def compute_response() -> ResponseReturnValue:
    form = ResponseForm()
    if not form.validate_on_submit():
        return render_template("instruments/show_response.html", form=form, result=None), 422
    found = improvement(Population(form.population.data), form.changes())
    return render_template(
        "instruments/show_response.html", form=form, result=ResultView.of(found, form)
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One measure of the result, in words."""

    name: str
    baseline: str
    follow_up: str
    span: str
    percent: str
    points: str
    most: str
    worse: bool
    missing: bool


@dataclass(frozen=True, slots=True)
class ResultView:
    """The result as the page shows it."""

    score: str
    value: Any
    category: str
    rows: tuple[Row, ...]
    missing: str
    worsened: str
    thresholds: str
    enzyme: str
    band: tuple[int, int] | None
    marks: tuple[int, ...]

    @classmethod
    def of(cls, found: Improvement, form: ResponseForm) -> "ResultView":
        return cls(
            score="" if found.score is None else plain(found.score),
            value=found.score,
            category="" if found.category is None else _category(found.category),
            rows=tuple(_row(result) for result in found.measures),
            missing=", ".join(str(SLOT_NAMES[slot]) for slot in found.missing),
            worsened=", ".join(str(SLOT_NAMES[slot]) for slot in found.worsened),
            thresholds=_thresholds(found.population),
            enzyme=_enzyme(form),
            band=_band(found),
            marks=tuple(least for _category, least in THRESHOLDS[found.population]),
        )


def _row(result: MeasureResult) -> Row:
    change = result.change
    percent = result.percent
    return Row(
        name=str(TOOL_NAMES[change.tool]),
        baseline="" if change.baseline is None else plain(change.baseline),
        follow_up="" if change.follow_up is None else plain(change.follow_up),
        span="" if change.span is None else plain(change.span),
        percent="" if percent is None else percent_text(percent, result.slot).replace("-", "−"),
        points="" if result.points is None else plain(result.points),
        most=plain(result.most),
        worse=result.worse,
        missing=result.points is None,
    )


def _category(category: Category) -> str:
    return {
        Category.NONE: _("No improvement by these criteria"),
        Category.MINIMAL: _("Minimal improvement"),
        Category.MODERATE: _("Moderate improvement"),
        Category.MAJOR: _("Major improvement"),
    }[category]


def _thresholds(population: Population) -> str:
    least = {category.value: threshold for category, threshold in THRESHOLDS[population]}
    if population is Population.ADULT:
        return _(
            "Adults: minimal from %(minimal)s, moderate from %(moderate)s, major from %(major)s.",
            **least,
        )
    return _(
        "Children: minimal from %(minimal)s, moderate from %(moderate)s, major from %(major)s.",
        **least,
    )


def _band(found: Improvement) -> tuple[int, int] | None:
    """From where to where the category reaches that was found; None for none."""
    end = 100
    for category, least in THRESHOLDS[found.population]:
        if category is found.category:
            return least, end
        end = least
    return None


def _enzyme(form: ResponseForm) -> str:
    fifth = form.fifth.form
    if fifth.tool.data != Tool.ENZYME or fifth.upper_limit.data is None:
        return ""
    names = {enzyme.value: name for enzyme, name in ENZYME_NAMES.items()}
    return _(
        "Range of %(enzyme)s: %(multiple)s times the upper limit of %(limit)s, which is %(span)s.",
        enzyme=str(names[fifth.enzyme.data]),
        multiple=plain(fifth.used_multiple()),
        limit=plain(fifth.upper_limit.data),
        span=plain(fifth.span(Tool.ENZYME)),
    )
