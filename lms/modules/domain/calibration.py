"""Calibration of certified raters: when cases are due, what the chart says, what is to be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from lms.agreement.control import Chart, Cusum, Ewma, Point, Signal, points
from lms.errors import N_
from lms.instruments.domain import Instrument
from lms.modules.domain.marks import CaseMark
from lms.packages.domain import CalibrationStep, Case, ChartSpec, Content, PracticeStep

EARLIEST: Final = timedelta(weeks=2)
"""So long before they are due the cases may be scored; at most half of the time between."""
FAILING_SHARE: Final = Fraction(1, 3)
"""A domain fails where more than this share of its items was outside its tolerance."""
FAILING_LEAST: Final = 3
"""Fewer items than this say nothing about a domain."""


STANDINGS: Final = {
    Signal.NONE: ("inside", N_("In band")),
    Signal.WARNING: ("soon", N_("Near the limit")),
    Signal.ALARM: ("outside", N_("Drifting")),
}


class Timing(StrEnum):
    """How a rater stands to the next cases."""

    NOT_YET = "not_yet"
    OPEN = "open"
    DUE = "due"
    LATE = "late"


@dataclass(frozen=True)
class Schedule:
    """When the next cases are to be scored.

    Args:
        opens_at, due_at, late_at: from when on they may, should and must have been.
        done: how many of them are scored already.
        of: how many are asked for.
        sessions: how many times were completed before.
    """

    opens_at: datetime
    due_at: datetime
    late_at: datetime
    done: int
    of: int
    sessions: int

    def timing(self, now: datetime) -> Timing:
        if now < self.opens_at and not self.done:
            return Timing.NOT_YET
        if now < self.due_at:
            return Timing.OPEN
        return Timing.DUE if now < self.late_at else Timing.LATE


def schedule_of(step: CalibrationStep, *, since: datetime, scored: Sequence[datetime]) -> Schedule:
    """Work out when the next cases are due: so many weeks after the last time was completed.

    Args:
        since: when the rater qualified, or last went through the module.
        scored: when calibration cases were handed in since then, in order.
    """
    every = timedelta(weeks=step.every_weeks)
    sessions, done = divmod(len(scored), step.required)
    start = scored[sessions * step.required - 1] if sessions else since
    due = start + every
    return Schedule(
        opens_at=due - min(EARLIEST, every / 2),
        due_at=due,
        late_at=due + timedelta(weeks=step.grace_weeks),
        done=done,
        of=step.required,
        sessions=sessions,
    )


@dataclass(frozen=True)
class DomainTally:
    """How the items of one section of the form were scored in a calibration case.

    Args:
        section: its key, "" where the instrument has none.
        outside, of: items outside their tolerance, of those that count.
        higher: of those outside, how many more lie above the reference than below it.
    """

    section: str
    outside: int
    of: int
    higher: int


@dataclass(frozen=True)
class ScoredCase:
    """One calibration case as it was scored.

    Args:
        difference: own total less the reference's, in points; None where either has no value, and
            the chart leaves the case out.
        domains: section by section.
    """

    case: str
    scored_at: datetime
    difference: Decimal | None
    domains: tuple[DomainTally, ...]


def scored_case(
    instrument: Instrument, step: CalibrationStep, mark: CaseMark, *, at: datetime
) -> ScoredCase:
    """Take from a marked case what the chart and the domains need."""
    sections = {item.key: item.section for item in instrument.items}
    counted = [one for one in mark.items if one.counted]
    domains = []
    for section in dict.fromkeys(sections[one.item] for one in counted):
        own = [one for one in counted if sections[one.item] == section]
        outside = [one for one in own if not one.within]
        signs = [one.difference for one in outside if one.difference is not None]
        higher = sum(sign > 0 for sign in signs) - sum(sign < 0 for sign in signs)
        domains.append(DomainTally(section, len(outside), len(own), higher))
    difference = next(t.judged_difference for t in mark.totals if t.total == step.total)
    return ScoredCase(mark.case, at, difference, tuple(domains))


@dataclass(frozen=True)
class Course:
    """A rater's chart since they qualified, or last went through the module.

    Args:
        charted: the cases that have a difference, in order of time.
        points: of the chart, one for each of them.
        left_out: how many cases have no difference.
        failing: sections in which more items were outside than may be, over all cases.
    """

    charted: tuple[ScoredCase, ...]
    points: tuple[Point, ...]
    left_out: int
    failing: tuple[str, ...]

    @property
    def signal(self) -> Signal:
        """The gravest that any point says: a chart does not take an alarm back."""
        signals = {point.signal for point in self.points}
        if Signal.ALARM in signals:
            return Signal.ALARM
        return self.points[-1].signal if self.points else Signal.NONE

    @property
    def standing(self) -> tuple[str, str]:
        """How the rater stands: the state as pages name it, and a few words, a translation key."""
        if not self.points:
            return "none", N_("No calibration case yet")
        return STANDINGS[self.signal]

    @property
    def direction(self) -> int:
        """1 where the rater goes high, -1 low, 0 where there is nothing yet."""
        return self.points[-1].direction if self.points else 0


def chart_of(spec: ChartSpec) -> Chart:
    if spec.kind == "cusum":
        return Cusum(slack=spec.slack, limit=spec.limit)
    return Ewma(weight=spec.weight, width=spec.width)


def course_of(step: CalibrationStep, cases: Sequence[ScoredCase]) -> Course:
    """Draw a rater's cases, in order of time, into the module's chart."""
    charted = tuple(one for one in cases if one.difference is not None)
    spread = float(step.spread)
    drawn = points(
        chart_of(step.chart),
        [float(one.difference) / spread for one in charted if one.difference is not None],
    )
    return Course(charted, drawn, len(cases) - len(charted), failing_domains(cases))


def failing_domains(cases: Sequence[ScoredCase]) -> tuple[str, ...]:
    """Return the sections in which more than a third of at least three items were outside."""
    outside: dict[str, int] = {}
    of: dict[str, int] = {}
    for tally in (tally for one in cases for tally in one.domains):
        outside[tally.section] = outside.get(tally.section, 0) + tally.outside
        of[tally.section] = of.get(tally.section, 0) + tally.of
    return tuple(
        section
        for section, count in of.items()
        if count >= FAILING_LEAST and Fraction(outside[section], count) > FAILING_SHARE
    )


def steps_to_redo(
    content: Content, step: CalibrationStep, instrument: Instrument, failing: Sequence[str]
) -> tuple[str, ...]:
    """Return the steps of the path that a rater who drifts does again, in order.

    What the package says for the failing sections; else the practice, and what the calibration
    cases name as where to look again for the items of these sections (of all where none fails by
    itself). At least the last step that judges, so that something is shown by it.
    """
    chosen: set[str] = {key for section in failing for key in step.redo.get(section, ())}
    if not chosen:
        chosen = _by_the_cases(step.cases, instrument, failing)
        chosen |= {one.key for one in content.steps if isinstance(one, PracticeStep)}
    judging = [one.key for one in content.steps if one.kind in ("quiz", "certification")]
    if judging and not chosen & set(judging):
        chosen.add(judging[-1])
    return tuple(one.key for one in content.steps if one.key in chosen)


def _by_the_cases(
    cases: Sequence[Case], instrument: Instrument, failing: Sequence[str]
) -> set[str]:
    sections = {item.key: item.section for item in instrument.items}
    return {
        revisit.step
        for case in cases
        for item, revisit in case.revisit.items()
        if not failing or sections.get(item) in failing
    }


@dataclass(frozen=True)
class Performance:
    """Whether a certificate may be renewed by what was shown in calibration.

    Args:
        enough: whether at least one whole time was completed.
        in_band: whether no point of the chart was beyond its limit.
        on_time: whether nothing is late now.
    """

    enough: bool
    in_band: bool
    on_time: bool

    @property
    def renews(self) -> bool:
        return self.enough and self.in_band and self.on_time


def standing_of(course: Course, schedule: Schedule, now: datetime) -> Performance:
    return Performance(
        enough=schedule.sessions >= 1 and bool(course.points),
        in_band=course.signal is not Signal.ALARM,
        on_time=schedule.timing(now) is not Timing.LATE,
    )
