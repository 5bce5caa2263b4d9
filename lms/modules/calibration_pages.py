"""What the pages of calibration show, worked out before a template sees it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from flask_babel import gettext as _
from flask_babel import ngettext

from lms.agreement.control import WARNING_SHARE, Chart, Cusum, Point, Signal, run_length
from lms.instruments.domain import Instrument
from lms.modules.calibrating import RaterCourse
from lms.modules.domain import Timing, chart_of
from lms.web.drawing import ControlChart, control_chart
from lms.web.filters import day, figure, fixed, signed


@dataclass(frozen=True)
class CaseRow:
    """One calibration case in the table beside the chart."""

    number: int
    title: str
    scored_at: datetime
    difference: Decimal | None
    high: float
    low: float
    limit: float
    words: str


@dataclass(frozen=True)
class Shown:
    """A rater's chart with its words.

    Args:
        chart: None where no case has a figure yet.
        two: whether the chart follows two figures.
    """

    chart: ControlChart | None
    rows: list[CaseRow]
    two: bool
    state: str
    state_words: str
    explained: list[str]


def shown(found: RaterCourse, instrument: Instrument, titles: dict[str, str]) -> Shown:
    """Work out a rater's chart.

    Args:
        titles: of the calibration cases, by key.
    """
    course = found.course
    rows = [
        CaseRow(
            number=number,
            title=titles.get(one.case, one.case),
            scored_at=one.scored_at,
            difference=one.difference,
            high=point.high,
            low=point.low,
            limit=point.limit,
            words=signal_words(point),
        )
        for number, (one, point) in enumerate(
            zip(course.charted, course.points, strict=True), start=1
        )
    ]
    chart = None
    if course.points:
        chart = control_chart(
            [one.high for one in course.points],
            [one.low for one in course.points],
            [one.limit for one in course.points],
            near=WARNING_SHARE,
        )
    spec = chart_of(found.step.chart)
    return Shown(
        chart=chart,
        rows=rows,
        two=isinstance(spec, Cusum),
        state=course.standing[0],
        state_words=_(course.standing[1]),
        explained=explained(found, spec, instrument),
    )


def signal_words(point: Point) -> str:
    if point.signal is Signal.ALARM:
        return _("beyond the upper limit") if point.direction > 0 else _("beyond the lower limit")
    if point.signal is Signal.WARNING:
        return _("near the upper limit") if point.direction > 0 else _("near the lower limit")
    return _("in band")


def timing_words(found: RaterCourse, now: datetime) -> str:
    """Say when the next cases are due."""
    plan = found.schedule
    left = ngettext("%(num)s case", "%(num)s cases", plan.of - plan.done)
    match plan.timing(now):
        case Timing.NOT_YET:
            return _(
                "Next, %(cases)s: open on %(day)s, due on %(due)s.",
                cases=left,
                day=day(plan.opens_at),
                due=day(plan.due_at),
            )
        case Timing.OPEN:
            return _("%(cases)s to score, due on %(due)s.", cases=left, due=day(plan.due_at))
        case Timing.DUE:
            return _(
                "%(cases)s to score, due since %(due)s, late from %(late)s on.",
                cases=left,
                due=day(plan.due_at),
                late=day(plan.late_at),
            )
        case _:
            return _(
                "%(cases)s to score, late since %(late)s.",
                cases=left,
                late=day(plan.late_at),
            )


def explained(found: RaterCourse, chart: Chart, instrument: Instrument) -> list[str]:
    """Say what the chart shows, where its limits come from, and how often it is wrong."""
    total = instrument.total(found.step.total)
    spread = figure(Decimal(found.step.spread))
    alone, off = _lengths(chart)
    what = _(
        "The chart follows how far your scores (“%(total)s”) are from the reference, in units of "
        "the spread of a typical rater (%(spread)s).",
        total=total.label,
        spread=f"{spread} {total.unit}" if total.unit else _("%(n)s points", n=spread),
    )
    how = (
        _(
            "Each case adds its difference, less %(slack)s, to a sum in its direction; a sum "
            "beyond %(limit)s is an alarm.",
            slack=figure(chart.slack),
            limit=figure(chart.limit),
        )
        if isinstance(chart, Cusum)
        else _(
            "The line is an average in which the newest case counts %(share)s and older ones fade; "
            "its limits are %(width)s of its standard deviations from agreement.",
            share=f"{round(chart.weight * 100)} %",
            width=figure(chart.width),
        )
    )
    often = _(
        "A rater who agrees raises a false alarm once in about %(alone)s cases; one who is off by "
        "a whole spread is found after about %(off)s.",
        alone=figure(round(alone)),
        off=figure(round(off)),
    )
    near = _("A warning comes at two thirds of the limit, before the certificate is at risk.")
    return [what, how, often, near]


@lru_cache(maxsize=64)
def _lengths(chart: Chart) -> tuple[float, float]:
    return run_length(chart), run_length(chart, 1.0)


def section_titles(instrument: Instrument, keys: tuple[str, ...]) -> list[str]:
    """Name sections of the form; the whole form where it has none."""
    titles = {section.key: section.title for section in instrument.sections}
    return [titles.get(key) or instrument.title for key in keys]


def last_figure(found: RaterCourse) -> str:
    """Write the newest figure of a chart beside its limit, for a list."""
    if not found.course.points:
        return "–"
    point = found.course.points[-1]
    value = point.high if point.direction > 0 else point.low
    return _("%(value)s of %(limit)s", value=signed(value, 2), limit=fixed(point.limit, 2))
