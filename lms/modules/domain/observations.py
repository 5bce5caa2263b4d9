"""A rater's scores beside the panel's, each with what it has in common with others."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from lms.instruments.domain import Instrument, Item, Side
from lms.instruments.domain.scales import Levels, Number, Seconds, Vas
from lms.modules.domain.marks import CaseMark, ItemMark
from lms.packages.domain import Case, Revisit


@dataclass(frozen=True)
class Observation:
    """One score beside the panel's.

    Args:
        difference: own minus reference in points, None where one of them has no points.
        reference: in points, None likewise.
        tolerance: how far apart the two may be, in points.
        unit: what a difference is measured by, in points; above 0.
        reach: the ends of the item's scale in points, None where it has none.
        revisit: where the case sends the rater for this item.
    """

    case: str
    item: str
    label: str
    section: str
    side: Side | None
    severity: str
    difference: Decimal | None
    reference: Decimal | None
    tolerance: Decimal
    unit: Decimal
    reach: tuple[Decimal, Decimal] | None
    own_na: bool
    reference_na: bool
    within: bool
    revisit: Revisit | None

    @property
    def leaning(self) -> Decimal:
        """The difference, 0 where the case accepts what was scored; only where there is one."""
        assert self.difference is not None
        beyond = abs(self.difference) > self.tolerance
        return Decimal(0) if self.within and beyond else self.difference

    @property
    def effect(self) -> Fraction:
        """How far the score leans, in units; only where there is a difference."""
        return Fraction(self.leaning) / Fraction(self.unit)

    @property
    def third(self) -> int | None:
        """In which third of its scale the panel's score lies, from 1; None on a short scale."""
        if self.reach is None or self.reference is None:
            return None
        low, high = self.reach
        if high - low < 3 * self.unit:
            return None
        return min(3, int((self.reference - low) * 3 / (high - low)) + 1)


def unit_of(item: Item, tolerance: Decimal) -> Decimal:
    """Return what differences of an item are measured by, in points."""
    match item.scale:
        case Levels(levels=levels):
            step = _smallest_gap(level.value for level in levels)
        case Seconds(bands=bands):
            step = _smallest_gap(Decimal(band.code) for band in bands)
        case Number(step=step) | Vas(step=step):
            pass
        case _:
            step = Decimal(1)
    return max(step, tolerance)


def _smallest_gap(values: Iterable[Decimal | None]) -> Decimal:
    rising = sorted({value for value in values if value is not None})
    gaps = [high - low for low, high in pairwise(rising)]
    return min(gaps, default=Decimal(1))


def observe(instrument: Instrument, case: Case, mark: CaseMark) -> list[Observation]:
    """Return the scores of a compared case that teach something.

    What the rater left out is none, nor is an item on which the panel itself disagrees too much.
    """
    sections = {section.key: section.title for section in instrument.sections}
    return [
        _observation(instrument.item(one.item), sections, case, one)
        for one in mark.items
        if one.own is not None and one.counted
    ]


def _observation(item: Item, sections: dict[str, str], case: Case, mark: ItemMark) -> Observation:
    assert mark.own is not None
    value = mark.reference.value
    return Observation(
        case=case.key,
        item=item.key,
        label=item.label,
        section=sections.get(item.section, "") if len(sections) > 1 else "",
        side=item.side,
        severity=case.severity or "",
        difference=mark.difference,
        reference=None if value is None else item.scale.points(value),
        tolerance=mark.tolerance,
        unit=unit_of(item, mark.tolerance),
        reach=item.reach,
        own_na=mark.own.na,
        reference_na=mark.reference.na,
        within=mark.within,
        revisit=case.revisit.get(item.key),
    )
