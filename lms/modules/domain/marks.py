"""What marking finds of one item, one total and one case."""

from dataclasses import dataclass
from decimal import Decimal

from lms.instruments.domain import Answer


@dataclass(frozen=True)
class ItemMark:
    """One item of one case beside the reference.

    Args:
        distance: points between the two, None where there is no distance (NA against a value).
        difference: own minus reference in points, None likewise; its sign is the direction.
        within: whether it is right by the criteria, or by what the case itself accepts.
        counted: False where the panel disagrees too much for the item to decide on anybody.
        band: from which to which points it is right; None where the reference has no points.
        critical, exact: whether it must be exact, and is.
    """

    item: str
    own: Answer | None
    reference: Answer
    distance: Decimal | None
    difference: Decimal | None
    tolerance: Decimal
    within: bool
    counted: bool = True
    band: tuple[Decimal, Decimal] | None = None
    critical: bool = False
    exact: bool = False


@dataclass(frozen=True)
class TotalMark:
    """One total beside the reference's. Both without a value agree; one alone does not.

    Args:
        judged: own, with the reference in place of items that do not count.
    """

    total: str
    own: Decimal | None
    reference: Decimal | None
    judged: Decimal | None
    tolerance: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        return _apart(self.own, self.reference)

    @property
    def judged_difference(self) -> Decimal | None:
        return _apart(self.judged, self.reference)

    @property
    def within(self) -> bool:
        if self.tolerance is None:
            return True
        if self.judged_difference is None:
            return self.judged is None and self.reference is None
        return abs(self.judged_difference) <= self.tolerance


def _apart(own: Decimal | None, reference: Decimal | None) -> Decimal | None:
    return None if own is None or reference is None else own - reference


@dataclass(frozen=True)
class CaseMark:
    """One case beside the reference: its items, its totals, and whether it meets the criteria.

    Args:
        in_interval, critical_met, flags_met, change_met: True where that is not asked for.
    """

    case: str
    items: tuple[ItemMark, ...]
    totals: tuple[TotalMark, ...]
    items_required: int
    in_interval: bool = True
    critical_met: bool = True
    flags_met: bool = True
    change_met: bool = True

    @property
    def items_within(self) -> int:
        return sum(mark.within for mark in self.items if mark.counted)

    @property
    def items_of(self) -> int:
        """How many items count."""
        return sum(mark.counted for mark in self.items)

    @property
    def items_met(self) -> bool:
        return self.items_within >= self.items_required

    @property
    def totals_met(self) -> bool:
        return all(total.within for total in self.totals)

    @property
    def met(self) -> bool:
        return (
            self.items_met
            and self.totals_met
            and self.in_interval
            and self.critical_met
            and self.flags_met
            and self.change_met
        )
