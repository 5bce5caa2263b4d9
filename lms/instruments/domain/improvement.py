"""The 2016 ACR/EULAR total improvement score: six measures, each worth what its change is worth.

Source:
    Response criteria for minimal, moderate and major improvement in adult dermatomyositis and
    polymyositis and in juvenile dermatomyositis, 2016; levels, weights and thresholds as in
    PMC5577002, table 3. The multiples of the upper limit of normal that stand for the range of
    an enzyme were found in no open text: they are settings, and are printed with every result.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from lms.errors import N_, Invalid
from lms.instruments.domain.definition import Direction
from lms.instruments.domain.figures import plain


class Population(StrEnum):
    """Whose thresholds count."""

    ADULT = "adult"
    JUVENILE = "juvenile"


class Category(StrEnum):
    """How large the improvement is."""

    NONE = "none"
    MINIMAL = "minimal"
    MODERATE = "moderate"
    MAJOR = "major"


class Slot(StrEnum):
    """One of the six measures of the core set."""

    PHYSICIAN = "physician"
    PATIENT = "patient"
    STRENGTH = "strength"
    FUNCTION = "function"
    FIFTH = "fifth"
    SIXTH = "sixth"


class Tool(StrEnum):
    """What a slot was measured with."""

    PHYSICIAN_VAS = "physician_vas"
    PATIENT_VAS = "patient_vas"
    MMT = "mmt"
    CMAS = "cmas"
    HAQ = "haq"
    CHAQ = "chaq"
    ENZYME = "enzyme"
    CHQ_PHS = "chq_phs"
    EXTRAMUSCULAR_VAS = "extramuscular_vas"
    DAS = "das"


class Enzyme(StrEnum):
    """The muscle enzyme that was most abnormal."""

    CK = "ck"
    ALDOLASE = "aldolase"
    LDH = "ldh"
    AST = "ast"
    ALT = "alt"


class ChangeRefused(Invalid):
    """Figures that cannot be those of a measure."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """Points for an absolute change in per cent of the range: above `over[i]`, `points[i]`.

    A lower bound is not in its band: exactly 10 % with a bound of 10 stays in the band below.
    """

    over: tuple[int, ...]
    points: tuple[Decimal, ...]

    def level(self, percent: Fraction) -> int:
        """0 = no improvement that counts, else the band from 1."""
        return sum(1 for bound in self.over if percent > bound)

    def worth(self, percent: Fraction) -> Decimal:
        level = self.level(percent)
        return self.points[level - 1] if level else Decimal(0)


@dataclass(frozen=True, slots=True)
class Change:
    """One measure at two visits.

    Args:
        baseline, follow_up: in the tool's own unit; None = not measured.
        span: the theoretical range, in the same unit; None where it is not known.
    """

    tool: Tool
    baseline: Decimal | None
    follow_up: Decimal | None
    span: Decimal | None


@dataclass(frozen=True, slots=True)
class MeasureResult:
    """What one measure adds.

    Args:
        percent: absolute improvement in per cent of the range, exact; below 0 = worse.
            None where something is missing.
        level: 0 to 4, the band of the table.
        points: None where something is missing, never 0 instead.
    """

    slot: Slot
    change: Change
    percent: Fraction | None
    level: int | None
    points: Decimal | None
    most: Decimal

    @property
    def worse(self) -> bool:
        return self.percent is not None and self.percent < 0


@dataclass(frozen=True, slots=True)
class Improvement:
    """The total improvement score with all that it rests on.

    Args:
        score: 0 to 100; None if a measure is missing, never a sum over fewer than six.
        category: None exactly where the score is None.
    """

    population: Population
    measures: tuple[MeasureResult, ...]
    score: Decimal | None
    category: Category | None

    @property
    def missing(self) -> tuple[Slot, ...]:
        return tuple(result.slot for result in self.measures if result.points is None)

    @property
    def worsened(self) -> tuple[Slot, ...]:
        return tuple(result.slot for result in self.measures if result.worse)


def _ladder(over: tuple[int, ...], *points: str) -> Ladder:
    return Ladder(over, tuple(Decimal(point) for point in points))


_MOST_BANDS, _STRENGTH_BANDS = (5, 15, 25, 40), (2, 10, 20, 30)
LADDERS: Mapping[Slot, Ladder] = {
    Slot.PHYSICIAN: _ladder(_MOST_BANDS, "7.5", "15", "17.5", "20"),
    Slot.PATIENT: _ladder(_MOST_BANDS, "2.5", "5", "7.5", "10"),
    Slot.STRENGTH: _ladder(_STRENGTH_BANDS, "10", "20", "27.5", "32.5"),
    Slot.FUNCTION: _ladder(_MOST_BANDS, "5", "7.5", "7.5", "10"),
    Slot.FIFTH: _ladder(_MOST_BANDS, "2.5", "5", "7.5", "7.5"),
    Slot.SIXTH: _ladder(_MOST_BANDS, "7.5", "12.5", "15", "20"),
}
THRESHOLDS: Mapping[Population, tuple[tuple[Category, int], ...]] = {
    Population.ADULT: ((Category.MAJOR, 60), (Category.MODERATE, 40), (Category.MINIMAL, 20)),
    Population.JUVENILE: ((Category.MAJOR, 70), (Category.MODERATE, 45), (Category.MINIMAL, 30)),
}
TOOLS: Mapping[Population, Mapping[Slot, tuple[Tool, ...]]] = {
    Population.ADULT: {
        Slot.PHYSICIAN: (Tool.PHYSICIAN_VAS,),
        Slot.PATIENT: (Tool.PATIENT_VAS,),
        Slot.STRENGTH: (Tool.MMT,),
        Slot.FUNCTION: (Tool.HAQ,),
        Slot.FIFTH: (Tool.ENZYME,),
        Slot.SIXTH: (Tool.EXTRAMUSCULAR_VAS,),
    },
    Population.JUVENILE: {
        Slot.PHYSICIAN: (Tool.PHYSICIAN_VAS,),
        Slot.PATIENT: (Tool.PATIENT_VAS,),
        Slot.STRENGTH: (Tool.MMT, Tool.CMAS),
        Slot.FUNCTION: (Tool.CHAQ,),
        Slot.FIFTH: (Tool.ENZYME, Tool.CHQ_PHS),
        Slot.SIXTH: (Tool.EXTRAMUSCULAR_VAS, Tool.DAS),
    },
}
HIGHER_BETTER = frozenset({Tool.MMT, Tool.CMAS, Tool.CHQ_PHS})
# These may lie above the figure that stands for their range.
UNBOUNDED = frozenset({Tool.ENZYME, Tool.CHQ_PHS})
# The theoretical maximum, where the tool has one. An MMT's depends on which muscles are in the
# set, a CHQ summary's on its scoring: those are asked for. An enzyme has none.
MAXIMUM: Mapping[Tool, Decimal] = {
    Tool.PHYSICIAN_VAS: Decimal(10),
    Tool.PATIENT_VAS: Decimal(10),
    Tool.CMAS: Decimal(52),
    Tool.HAQ: Decimal(3),
    Tool.CHAQ: Decimal(3),
    Tool.EXTRAMUSCULAR_VAS: Decimal(10),
    Tool.DAS: Decimal(20),
}
DEFAULT_MULTIPLES: Mapping[Enzyme, Decimal] = {
    Enzyme.CK: Decimal(15),
    Enzyme.ALDOLASE: Decimal(6),
    Enzyme.LDH: Decimal(3),
    Enzyme.AST: Decimal(3),
    Enzyme.ALT: Decimal(3),
}


def direction_of(tool: Tool) -> Direction:
    return Direction.HIGHER_BETTER if tool in HIGHER_BETTER else Direction.HIGHER_WORSE


def enzyme_span(upper_limit: Decimal, multiple: Decimal) -> Decimal:
    """The figure that stands for an enzyme's range: a multiple of the upper limit of normal."""
    if upper_limit <= 0 or multiple <= 0:
        raise ChangeRefused(
            N_("The upper limit of normal and its multiple must both be more than 0.")
        )
    return upper_limit * multiple


def improvement(population: Population, changes: Mapping[Slot, Change]) -> Improvement:
    """The total improvement score.

    Worsening takes nothing away; it is shown beside the score.

    Args:
        changes: a measure that has no entry is missing.

    Raises:
        ChangeRefused: if a figure is outside its measure's range, or the tool is not one of
            this population's for that measure.
    """
    results = tuple(_measure(population, slot, changes.get(slot)) for slot in Slot)
    total: Decimal | None = Decimal(0)
    for result in results:
        total = None if total is None or result.points is None else total + result.points
    return Improvement(population, results, total, category_of(population, total))


def category_of(population: Population, total: Decimal | None) -> Category | None:
    """The category of a score; None for no score."""
    if total is None:
        return None
    for category, threshold in THRESHOLDS[population]:
        if total >= threshold:
            return category
    return Category.NONE


def _measure(population: Population, slot: Slot, change: Change | None) -> MeasureResult:
    ladder = LADDERS[slot]
    if change is None:
        change = Change(TOOLS[population][slot][0], None, None, None)
    if change.tool not in TOOLS[population][slot]:
        raise ChangeRefused(
            N_("%(tool)s is not a measure for this group of patients here."), tool=change.tool
        )
    check_change(change.tool, change.baseline, change.span)
    check_change(change.tool, change.follow_up, change.span)
    percent = percent_change(change)
    if percent is None:
        return MeasureResult(slot, change, None, None, None, ladder.points[-1])
    return MeasureResult(
        slot, change, percent, ladder.level(percent), ladder.worth(percent), ladder.points[-1]
    )


def percent_change(change: Change) -> Fraction | None:
    """Absolute improvement in per cent of the range, exact; None if a figure is missing."""
    if change.baseline is None or change.follow_up is None or change.span is None:
        return None
    risen = Fraction(change.follow_up) - Fraction(change.baseline)
    better = risen if change.tool in HIGHER_BETTER else -risen
    return 100 * better / Fraction(change.span)


def check_change(tool: Tool, figure: Decimal | None, span: Decimal | None) -> None:
    """Refuse a figure that the tool cannot give.

    Args:
        figure: at one visit; None = not measured.
        span: the tool's range; None where it is not known, then only 0 is a bound.

    Raises:
        ChangeRefused: if the figure is outside, or the range is none.
    """
    if span is not None and span <= 0:
        raise ChangeRefused(N_("The range must be more than 0."))
    if figure is None:
        return
    if figure < 0:
        raise ChangeRefused(N_("%(figure)s is below 0."), figure=plain(figure))
    if tool not in UNBOUNDED and span is not None and figure > span:
        raise ChangeRefused(
            N_("%(figure)s is outside the range of 0 to %(most)s."),
            figure=plain(figure),
            most=plain(span),
        )


def percent_text(percent: Fraction, slot: Slot) -> str:
    """The change with one decimal, or as many more as tell it from a bound of its table.

    5.0001 is in the first band and 5 is not, so 5.0001 is never shown as 5.0.
    """
    for places in range(1, 7):
        shown = round(percent, places)
        bounds = (*LADDERS[slot].over, 0)
        if all(
            (shown > bound, shown < bound) == (percent > bound, percent < bound) for bound in bounds
        ):
            break
    return f"{float(shown):.{places}f}"


def _side(percent: Fraction, bound: int) -> int:
    """-1 below the bound, 0 on it, 1 above it."""
    return (percent > bound) - (percent < bound)
