"""What the page and the PDF of the reliability report show: figures as cells beside drawings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from lms.agreement.result import Estimate
from lms.errors import N_
from lms.reports.domain.reliability import Setting, Tier, Tries
from lms.reports.domain.reliability.against import Group, OneRater
from lms.reports.domain.reliability.figures import Report, is_few
from lms.reports.domain.reliability.methods import Said, methods
from lms.reports.domain.reliability.selection import NONE
from lms.web.charts import BlandAltman, bland_altman
from lms.web.filters import language_name
from lms.web.intervals import IntervalLine, Scale, coefficient_scale, difference_scale

MOST_POINTS = 3000
"""Points of a picture; of more ratings every so-manieth is drawn, and that is said."""

SETTINGS = {
    Setting.CERTIFICATION.value: N_("Certification"),
    Setting.PRACTICE.value: N_("Practice"),
}
TRIES = {
    Tries.FIRST.value: N_("First tries"),
    Tries.LAST.value: N_("Last tries"),
    Tries.ALL.value: N_("All tries"),
}
TIERS = {
    Tier.DEVELOPING.value: N_("Developing"),
    Tier.EXPERIENCED.value: N_("Experienced"),
    Tier.PROVEN.value: N_("Proven"),
}
BLOCKS = {
    "site": (N_("Sites"), N_("Site"), N_("On no roster")),
    "tier": (N_("Tiers"), N_("Tier"), ""),
    "language": (N_("Languages"), N_("Language"), N_("Not stated")),
    "period": (N_("Over time"), N_("Period"), ""),
}


@dataclass
class Notes:
    """Sentences below a table that say why a cell holds no figure, each once."""

    sentences: list[str] = field(default_factory=list)

    def number(self, sentence: str) -> int:
        if sentence not in self.sentences:
            self.sentences.append(sentence)
        return self.sentences.index(sentence) + 1


@dataclass(frozen=True)
class Cell:
    """One figure of a table.

    Args:
        digits: after the point; signed: with its sign, as differences are.
        few: fewer than ten subjects.
        note: number of the sentence that says why there is no figure or no interval.
    """

    value: float | None
    low: float | None
    high: float | None
    digits: int
    signed: bool
    few: bool
    note: int | None
    line: IntervalLine | None = None


@dataclass(frozen=True)
class Block:
    """One section: a table whose rows hold a label, plain cells and figures.

    Args:
        scale: of the drawing in each row.
    """

    rows: Sequence[Mapping[str, Any]]
    notes: Sequence[str]
    scale: Scale


@dataclass(frozen=True)
class View:
    """The whole report, ready to be written down."""

    report: Report
    between: Block
    items: Block
    raters: Block
    groups: Mapping[str, Block]
    within: Block | None
    alpha: Cell
    bias: Cell
    chart: BlandAltman | None
    drawn_points: int
    methods: str


def view_of(report: Report, names: Mapping[int, str] | None = None) -> View:
    """Lay a report out in the language of the present request or job.

    Args:
        names: of raters by id, for those who may see them.
    """
    notes = Notes()
    step = len(report.pairs) // MOST_POINTS + 1
    points = report.pairs[::step]
    return View(
        report=report,
        between=_between(report),
        items=_items(report),
        raters=_raters(report, names or {}),
        groups={name: _groups(report, found) for name, found in report.groups.items()},
        within=_within(report),
        alpha=_coefficient(report.alpha, notes),
        bias=_points(report.bias, notes),
        chart=_chart(report, points),
        drawn_points=len(points),
        methods=in_words(methods(report)),
    )


def in_words(told: Iterable[Said]) -> str:
    return " ".join(_translated(one) for one in told)


def _translated(one: Said) -> str:
    return _(one.sentence, **one.values) if one.values else _(one.sentence)


def _coefficient(one: Estimate, notes: Notes, scale: Scale | None = None) -> Cell:
    return _cell(one, notes, scale, digits=3, signed=False)


def _points(one: Estimate, notes: Notes, scale: Scale | None = None) -> Cell:
    return _cell(one, notes, scale, digits=1, signed=True)


def _cell(one: Estimate, notes: Notes, scale: Scale | None, *, digits: int, signed: bool) -> Cell:
    ends = (one.interval.low, one.interval.high) if one.interval else None
    why = one.reason or (None if ends else one.no_interval)
    return Cell(
        value=one.value,
        low=ends[0] if ends else None,
        high=ends[1] if ends else None,
        digits=digits,
        signed=signed,
        few=is_few(one),
        note=notes.number(why) if why else None,
        line=scale.line(one.value, ends) if scale else None,
    )


def _lows(estimates: Iterable[Estimate]) -> list[float | None]:
    return [one.interval.low if one.interval else one.value for one in estimates]


def _between(report: Report) -> Block:
    notes = Notes()
    scale = coefficient_scale(_lows(one.forms[0] for one in report.between))
    rows = [
        {
            "step": report.steps.get(one.step, one.step),
            "form": one.form,
            "total": one.total.label,
            "unit": one.total.unit,
            "cases": len(one.cases),
            "cases_left_out": one.cases_left_out,
            "raters": one.raters,
            "raters_left_out": one.raters_left_out,
            "absolute": _coefficient(one.forms[0], notes, scale),
            "consistent": _coefficient(one.forms[1], notes),
            "of_mean": _coefficient(one.forms[2], notes),
            "sem": _cell(one.sem, notes, None, digits=1, signed=False),
            "sdc": _cell(one.sdc, notes, None, digits=1, signed=False),
        }
        for one in report.between
    ]
    return Block(rows, notes.sentences, scale)


def _items(report: Report) -> Block:
    notes = Notes()
    scale = coefficient_scale(_lows(one.alpha for one in report.items))
    rows = [
        {
            "label": one.item.label,
            "metric": _(METRICS[one.alpha.form]),
            "alpha": _coefficient(one.alpha, notes, scale),
            "cases": one.alpha.sample.subjects,
            "ratings": one.ratings,
            "na": one.na,
            "unnumbered": one.unnumbered,
            "missing": one.missing,
        }
        for one in report.items
    ]
    return Block(rows, notes.sentences, scale)


METRICS = {"nominal": N_("nominal"), "ordinal": N_("ordinal"), "interval": N_("interval")}


def _raters(report: Report, names: Mapping[int, str]) -> Block:
    notes = Notes()
    scale = difference_scale(
        value
        for one in report.raters
        for value in (one.differences.lower.value, one.differences.upper.value,
                      one.differences.bias.value)
    )  # fmt: skip
    rows = [_rater(report, one, names, notes, scale) for one in report.raters]
    return Block(rows, notes.sentences, scale)


def _rater(
    report: Report, one: OneRater, names: Mapping[int, str], notes: Notes, scale: Scale
) -> dict[str, Any]:
    apart = one.differences
    limits = None
    if apart.lower.value is not None and apart.upper.value is not None:
        limits = apart.lower.value, apart.upper.value
    return {
        "code": report.codes[one.person_id],
        "name": names.get(one.person_id, ""),
        "cases": one.cases,
        "share": one.share,
        "kappa": _coefficient(one.kappa, notes),
        "concordance": _coefficient(one.concordance, notes),
        "bias": _points(apart.bias, notes),
        "limits": limits,
        "line": scale.line(apart.bias.value, limits),
    }


def _groups(report: Report, found: Sequence[Group]) -> Block:
    notes = Notes()
    biases = [one.bias for one in found]
    ends = [end for one in biases if one.interval for end in (one.interval.low, one.interval.high)]
    scale = difference_scale([*ends, *(one.value for one in biases)])
    rows = [
        {
            "label": one.label,
            "raters": one.raters,
            "ratings": one.ratings,
            "share": one.share,
            "icc": _coefficient(one.icc, notes),
            "form": one.cases,
            "alpha": _coefficient(one.alpha, notes),
            "bias": _points(one.bias, notes, scale),
        }
        for one in found
    ]
    return Block(rows, notes.sentences, scale)


def label_of(name: str, label: str) -> str:
    """What a group is called in the present language."""
    if label == NONE and BLOCKS[name][2]:
        return _(BLOCKS[name][2])
    if name == "language":
        return language_name(label)
    return _(TIERS[label]) if name == "tier" else label


def _within(report: Report) -> Block | None:
    one = report.within
    if one is None:
        return None
    notes = Notes()
    scale = coefficient_scale(_lows([one.icc, one.kappa]))
    row = {
        "pairs": one.pairs,
        "raters": one.raters,
        "icc": _coefficient(one.icc, notes, scale),
        "kappa": _coefficient(one.kappa, notes, scale),
        "sem": _cell(one.sem, notes, None, digits=1, signed=False),
        "sdc": _cell(one.sdc, notes, None, digits=1, signed=False),
        "bias": _points(one.differences.bias, notes),
    }
    return Block([row], notes.sentences, scale)


def _chart(report: Report, points: Sequence[tuple[float, float]]) -> BlandAltman | None:
    if not points:
        return None
    together = report.together
    lower, upper = together.lower.value, together.upper.value
    limits = None if lower is None or upper is None else (lower, upper)
    return bland_altman(points, bias=together.bias.value, limits=limits)
