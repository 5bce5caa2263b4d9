"""The rules of a certification step as data: what a package may ask for, frozen.

Points, shares and limits are exact decimals as text. New fields have defaults, so that content
that was compiled before them stays readable.
"""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final

ICC_DECIDES_FROM: Final = 30
"""Cases. Our own care, no norm: a figure of fewer cases is too unsure to decide on anybody."""
KAPPA_DECIDES_FROM: Final = 100
"""Pooled pairs of ratings, likewise."""
BIAS_LEAST_CASES: Final = 3
"""With fewer, the mean difference would tell what the panel said."""


@dataclass(frozen=True)
class Accept:
    """What counts as right for one item instead of a tolerance around the reference.

    Of a case: `values` (as instruments write them; "NA" = not assessed), or from `low` to `high`
    in the item's points, or both. Of a package, relative to every case's reference: `below` and
    `above` in points, `same` = codes that count as one another, `zero_or_na` = 0 counts as NA.
    """

    values: tuple[Any, ...] = ()
    low: str | None = None
    high: str | None = None
    below: str | None = None
    above: str | None = None
    same: tuple[tuple[Any, ...], ...] = ()
    zero_or_na: bool = False


@dataclass(frozen=True)
class ItemCriterion:
    """Of a case: at least `items` items (or `percent` of those that count) within tolerance."""

    tolerance: str
    items: int
    per_item: dict[str, str]
    percent: str | None = None
    accept: dict[str, Accept] = field(default_factory=dict)


@dataclass(frozen=True)
class TotalCriterion:
    """Of a case: the named total within the tolerance, in points or in `percent` of its range."""

    total: str
    tolerance: str
    percent: str | None = None


@dataclass(frozen=True)
class IntervalCriterion:
    """Of a case: the named total inside an interval of the experts' totals.

    Args:
        method: "t_interval" of the mean, with `confidence` (0..1), or "range".
    """

    total: str
    method: str
    confidence: str = "0.95"


@dataclass(frozen=True)
class FlagCriterion:
    """Of a case: the instrument's own rules of consistency raise at most so many flags."""

    at_most: int


@dataclass(frozen=True)
class ChangeCriterion:
    """Of a follow-up visit: the own change of a total since the initial visit is at most
    `tolerance` points from the reference's change."""

    total: str
    tolerance: str


@dataclass(frozen=True)
class BiasCriterion:
    """Of the form: the mean difference of a total, and its 95 % limits of agreement."""

    total: str
    at_most: str
    limits: str | None = None


@dataclass(frozen=True)
class IccCriterion:
    """Of the form: an intraclass correlation with the reference; `total` None = items pooled."""

    form: str
    at_least: str
    total: str | None = None
    decides_from: int = ICC_DECIDES_FROM


@dataclass(frozen=True)
class KappaCriterion:
    """Of the form: a weighted kappa with the reference over pooled ordered items.

    Args:
        items: those that are pooled; they have one scale.
    """

    weights: str
    at_least: str
    items: tuple[str, ...]
    decides_from: int = KAPPA_DECIDES_FROM


@dataclass(frozen=True)
class PanelLimit:
    """From which disagreement of its panel on an item of a case cannot fail anybody.

    Args:
        share, points: greatest spread, as a share of the item's range (0..1) or in its points.
        dissent: greatest share of the panel (0..1) off its most frequent answer, for items
            without points and for NA against a value.
    """

    share: str | None = None
    points: str | None = None
    dissent: str | None = None


@dataclass(frozen=True)
class Criteria:
    """When a certification attempt passes: `cases` cases meet every criterion of a case that is
    given, and the form meets every criterion of a form."""

    item_within: ItemCriterion | None
    total_within: TotalCriterion | None
    cases: int
    expert_interval: IntervalCriterion | None = None
    critical: tuple[str, ...] = ()
    flags: FlagCriterion | None = None
    bias: BiasCriterion | None = None
    icc: IccCriterion | None = None
    weighted_kappa: KappaCriterion | None = None
    panel_limit: PanelLimit | None = None
    minimum_cases: int | None = None
    severities: tuple[str, ...] = ()
    change_within: ChangeCriterion | None = None

    @property
    def of_a_case(self) -> bool:
        """Whether anything is asked of a case."""
        near = (self.item_within, self.total_within, self.expert_interval)
        asked = (*near, self.flags, self.change_within)
        return any(one is not None for one in asked) or bool(self.critical)

    def without_form(self) -> "Criteria":
        """What is asked of a case alone: by that, practice is compared."""
        return replace(
            self, bias=None, icc=None, weighted_kappa=None, minimum_cases=None, severities=()
        )


@dataclass(frozen=True)
class Level:
    """One level of qualification; a step has them from the strictest to the mildest."""

    key: str
    title: str
    criteria: Criteria


def width_of(minimum: Decimal, maximum: Decimal, percent: str) -> Decimal:
    """Return a percentage of a range, in points."""
    return (maximum - minimum) * Decimal(percent) / 100
