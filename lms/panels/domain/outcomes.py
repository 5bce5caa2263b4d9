"""What follows from a panel's ratings: reference, spread, dissent, and what cannot fail anybody."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lms.instruments.domain import Answer, Instrument, Item, points_of
from lms.packages.domain.reference import Method, consensus, neighbours, spread
from lms.panels.domain.panels import PanelMethod

NONE = Decimal(0)


@dataclass(frozen=True)
class Decision:
    """What the adjudicator says of a disputed item, and why."""

    answer: Answer
    reason: str
    by: str


@dataclass(frozen=True)
class RatedCase:
    """A case with the ratings that were handed in: (number of the expert, ratings by item)."""

    key: str
    raters: tuple[tuple[int, Mapping[str, Answer]], ...]

    def of(self, item: str) -> tuple[tuple[int, Answer], ...]:
        return tuple((number, rated[item]) for number, rated in self.raters if item in rated)


@dataclass(frozen=True)
class ItemOutcome:
    """One item of one case.

    Args:
        ratings: (number of the expert, rating).
        reference: None while it waits for the adjudicator.
        disagreement: share, 0..1; see `disagreement`.
        off: by number of the expert, points above (+) or below (-) the reference; None where one
            of the two has no number.
        beyond: whether the panel disagrees beyond the limit, so that the item fails nobody.
    """

    item: str
    ratings: tuple[tuple[int, Answer], ...]
    reference: Answer | None
    disagreement: Decimal
    off: Mapping[int, Decimal | None]
    beyond: bool
    decision: Decision | None = None

    @property
    def dissent(self) -> int:
        """How many did not give the reference's value."""
        if self.reference is None:
            return 0
        kept = (self.reference.value, self.reference.na)
        return sum((answer.value, answer.na) != kept for _number, answer in self.ratings)

    @property
    def farthest(self) -> Decimal | None:
        """The largest distance from the reference, in points; None where nothing has a number."""
        return max((abs(off) for off in self.off.values() if off is not None), default=None)


@dataclass(frozen=True)
class CaseOutcome:
    """A case: its items in the order of the form, and who rated it."""

    key: str
    raters: tuple[int, ...]
    items: tuple[ItemOutcome, ...]

    @property
    def waiting(self) -> tuple[str, ...]:
        """Items that wait for the adjudicator."""
        return tuple(item.item for item in self.items if item.reference is None)

    @property
    def cannot_fail(self) -> tuple[str, ...]:
        return tuple(item.item for item in self.items if item.beyond)


def outcome_of(
    instrument: Instrument,
    case: RatedCase,
    *,
    method: PanelMethod,
    limit: Decimal,
    decisions: Mapping[str, Decision],
) -> CaseOutcome:
    """Work out what a panel says of a case.

    Args:
        limit: share (0..1); see `beyond`.
        decisions: the adjudicator's, by item; they count for disputed items of the method
            adjudicated and for no other.
    """
    items = []
    for item in instrument.items:
        ratings = case.of(item.key)
        if not ratings:
            continue
        answers = [answer for _number, answer in ratings]
        disputed = beyond(item, answers, limit)
        decision = None
        if disputed and method is PanelMethod.ADJUDICATED:
            decision = decisions.get(item.key)
            reference = decision.answer if decision else None
        else:
            reference = consensus(item, answers, _method(method))
        items.append(
            ItemOutcome(
                item=item.key,
                ratings=ratings,
                reference=reference,
                disagreement=disagreement(item, answers),
                off={number: _off(item, answer, reference) for number, answer in ratings},
                beyond=disputed,
                decision=decision,
            )
        )
    return CaseOutcome(case.key, tuple(number for number, _ in case.raters), tuple(items))


def disagreement(item: Item, ratings: Sequence[Answer]) -> Decimal:
    """Return how far a panel disagrees on an item, as a share from 0 to 1.

    The larger of two: the share of raters in the minority about NA or not; and among those who
    gave a value, the distance from lowest to highest as a share of the item's range or, for
    nominal items, the share that did not give the most frequent value.
    """
    if not ratings:
        return NONE
    missing = sum(answer.na for answer in ratings)
    about_na = Decimal(min(missing, len(ratings) - missing)) / len(ratings)
    return max(about_na, _apart(item, [answer for answer in ratings if not answer.na]))


def beyond(item: Item, ratings: Sequence[Answer], limit: Decimal) -> bool:
    """Tell whether a panel disagrees on an item beyond the limit.

    One step of a coarse scale is not beyond any limit while all agree that there is a value:
    experts do differ by one step, and on four levels that is a third of the range.
    """
    if disagreement(item, ratings) <= limit:
        return False
    one_step = neighbours(item, [answer for answer in ratings if not answer.na])
    return not (one_step and _about_na(ratings) <= limit)


def _about_na(ratings: Sequence[Answer]) -> Decimal:
    missing = sum(answer.na for answer in ratings)
    return Decimal(min(missing, len(ratings) - missing)) / len(ratings)


def _apart(item: Item, rated: Sequence[Answer]) -> Decimal:
    width = spread(item, rated)
    if width is not None:
        return width
    if len(rated) < 2:
        return NONE
    most = max(Counter(str(answer.value) for answer in rated).values())
    return 1 - Decimal(most) / len(rated)


def _method(method: PanelMethod) -> Method:
    return Method.MEDIAN if method is PanelMethod.ADJUDICATED else Method(method.value)


def _off(item: Item, answer: Answer, reference: Answer | None) -> Decimal | None:
    if reference is None:
        return None
    own, theirs = points_of(item, answer), points_of(item, reference)
    return None if own is None or theirs is None else own - theirs
