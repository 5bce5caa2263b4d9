"""Whether one rating is right by the reference, and whether its panel agrees enough to count."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from lms.instruments.domain import Answer, Item, answer_from_json, distance, points_of
from lms.packages.domain.criteria import Accept, ItemCriterion, PanelLimit
from lms.packages.domain.reference import spread


def is_within(
    item: Item,
    own: Answer | None,
    reference: Answer,
    *,
    criterion: ItemCriterion | None,
    accept: Accept | None = None,
) -> bool:
    """Tell whether a rating is near enough to the reference.

    Args:
        own: None = not scored, which is never near.
        criterion: None = only the reference itself is right.
        accept: what the case itself says of the item; it takes the criterion's place.
    """
    if own is None:
        return False
    if accept is not None:
        return _named(item, own, accept)
    relative = criterion.accept.get(item.key) if criterion else None
    if relative is not None and _related(item, own, reference, relative):
        return True
    apart = distance(item, own, reference)
    if apart is None:
        return False
    if relative is not None and (relative.below is not None or relative.above is not None):
        return apart == 0 or _between(item, own, reference, relative)
    return apart <= tolerance_of(item.key, criterion)


def tolerance_of(item: str, criterion: ItemCriterion | None) -> Decimal:
    """Return how far an item may be from the reference, in its points; 0 without a criterion."""
    if criterion is None:
        return Decimal(0)
    return Decimal(criterion.per_item.get(item, criterion.tolerance))


def band_of(
    item: Item,
    reference: Answer,
    *,
    criterion: ItemCriterion | None,
    accept: Accept | None = None,
) -> tuple[Decimal, Decimal] | None:
    """Return from which to which points a rating is right; None where the reference has none."""
    theirs = points_of(item, reference)
    if accept is not None:
        ends = [Decimal(end) for end in (accept.low, accept.high) if end is not None]
        ends += [p for v in accept.values if (p := _points(item, v)) is not None]
        return (min(ends), max(ends)) if ends else None
    if theirs is None:
        return None
    relative = criterion.accept.get(item.key) if criterion else None
    if relative is not None and relative.below is not None:
        return theirs - Decimal(relative.below), theirs + Decimal(relative.above or 0)
    tolerance = tolerance_of(item.key, criterion)
    return theirs - tolerance, theirs + tolerance


def _points(item: Item, value: object) -> Decimal | None:
    if value == "NA":
        return None
    return points_of(item, answer_from_json({"value": value}))


def _named(item: Item, own: Answer, accept: Accept) -> bool:
    """The case's own accept set: one of the values, or inside the range."""
    if own.na:
        return "NA" in accept.values
    if any(_same(own, value) for value in accept.values):
        return True
    points = points_of(item, own)
    if points is None or (accept.low is None and accept.high is None):
        return False
    low, high = accept.low, accept.high
    return (low is None or points >= Decimal(low)) and (high is None or points <= Decimal(high))


def _related(item: Item, own: Answer, reference: Answer, accept: Accept) -> bool:
    """Codes that count as one another, and 0 beside NA."""
    if accept.zero_or_na and own.na != reference.na:
        return points_of(item, reference if own.na else own) == 0
    return any(
        any(_same(own, value) for value in codes) and any(_same(reference, v) for v in codes)
        for codes in accept.same
    )


def _same(answer: Answer, value: object) -> bool:
    if answer.na or value == "NA":
        return answer.na and value == "NA"
    if isinstance(answer.value, Decimal) and isinstance(value, int | str | float):
        return answer.value == Decimal(str(value))
    if isinstance(answer.value, tuple):
        return list(answer.value) == value or answer.value == value
    return type(answer.value) is type(value) and answer.value == value


def _between(item: Item, own: Answer, reference: Answer, accept: Accept) -> bool:
    mine, theirs = points_of(item, own), points_of(item, reference)
    if mine is None or theirs is None:
        return False
    below, above = Decimal(accept.below or 0), Decimal(accept.above or 0)
    return theirs - below <= mine <= theirs + above


def counts(item: Item, panel: Sequence[Answer], limit: PanelLimit | None) -> bool:
    """Tell whether the panel agrees enough on an item of a case for it to decide on anybody.

    Args:
        panel: its ratings of the item; without any the item counts.
    """
    if limit is None or not panel:
        return True
    width = spread(item, panel)
    if width is not None and _too_wide(item, width, limit):
        return False
    if limit.dissent is None:
        return True
    votes = Counter(answer.na if width is not None else _vote(answer) for answer in panel)
    off = len(panel) - max(votes.values())
    return Decimal(off) / len(panel) <= Decimal(limit.dissent)


def _too_wide(item: Item, width: Decimal, limit: PanelLimit) -> bool:
    if limit.share is not None and width > Decimal(limit.share):
        return True
    if limit.points is None or item.reach is None:
        return False
    return width * (item.reach[1] - item.reach[0]) > Decimal(limit.points)


def _vote(answer: Answer) -> object:
    return (True, None) if answer.na else (False, answer.value)
