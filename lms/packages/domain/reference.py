"""The reference rating of an item, made from a panel's ratings."""

from collections import Counter
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

from lms.instruments.domain import Answer, Item

PANEL_LEAST: Final = 5
"""With fewer raters one of them moves the reference too far."""
FIGURES: Final = ("number", "vas", "seconds")
ORDERED: Final = ("levels", "parts")

Value = Any
"""What an instrument takes as a value: int, text, bool, Decimal or parts."""


class Method(StrEnum):
    MEDIAN = "median"
    MODE = "mode"
    MEAN = "mean"


class Tie(StrEnum):
    LOW = "low"
    HIGH = "high"


def consensus(item: Item, ratings: Sequence[Answer], method: Method, tie: Tie = Tie.LOW) -> Answer:
    """Return what a panel says of an item.

    NA only where more than half of the panel say so; otherwise the raters who gave a value
    decide. The side is the one that most of them tested.

    - median: the middle one. With an even number, figures take the exact mean of the two in
      the middle, levels and counts the lower of them (or the higher, by `tie`).
    - mode: the most frequent; among equals the one nearest the median, then by `tie`.
    - mean: figures take the mean, rounded half up to the item's step; everything else the
      median, for the mean of levels is not a level.
    - Nominal items (yes or no, choice) take the most frequent by every method; among equals the
      one that stands first in the definition (or last, by `tie`). Parts that are named count
      one by one: a part is in where more than half have it.

    Args:
        ratings: of this item, one a rater; at least one.

    Raises:
        ValueError: if there are no ratings.
    """
    if not ratings:
        raise ValueError("a consensus needs at least one rating")
    rated = [answer for answer in ratings if not answer.na]
    if 2 * len(rated) < len(ratings) or not rated:
        return Answer(None, na=True, reason=_commonest(a.reason for a in ratings if a.na))
    values = [answer.value for answer in rated]
    return Answer(_value(item, values, method, tie), side=_commonest(a.side for a in rated))


def spread(item: Item, ratings: Sequence[Answer]) -> Decimal | None:
    """Return how far apart the lowest and highest rating are, as a share (0..1) of the item's
    range; None for nominal items and where fewer than two have a number."""
    reach = item.reach
    points = [
        p for a in ratings if a.value is not None and (p := item.scale.points(a.value)) is not None
    ]
    if item.kind not in FIGURES + ORDERED or reach is None or len(points) < 2:
        return None
    width = reach[1] - reach[0]
    return (max(points) - min(points)) / width if width else None


def neighbours(item: Item, ratings: Sequence[Answer]) -> bool:
    """Whether no two ratings of a coarse scale are more than one step apart.

    On an item with three or four levels one step is already a third of the range or more, and
    experts do differ by one step.
    """
    if item.kind not in ORDERED:
        return False
    points = [
        p for a in ratings if a.value is not None and (p := item.scale.points(a.value)) is not None
    ]
    return bool(points) and max(points) - min(points) <= 1


def _value(item: Item, values: list[Value], method: Method, tie: Tie) -> Value:
    if item.kind in FIGURES:
        return _figure(item, values, method, tie)
    if item.kind == "levels":
        codes = [level.code for level in item.scale.levels]  # type: ignore[union-attr]
        return _ordered(values, codes.index, method, tie)
    if item.kind == "parts":
        return _parts(item, values, method, tie)
    return _nominal(item, values, tie)


def _figure(item: Item, values: list[Decimal], method: Method, tie: Tie) -> Decimal:
    if method is Method.MEAN:
        mean = sum(map(Fraction, values), Fraction(0)) / len(values)
        step = item.scale.step  # type: ignore[union-attr]
        steps = Decimal((mean / Fraction(step)).numerator) / (mean / Fraction(step)).denominator
        return steps.quantize(Decimal(1), ROUND_HALF_UP) * step
    if method is Method.MODE:
        return _ordered(values, lambda value: value, method, tie)
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def _ordered(values: list[Value], rank: Callable[[Value], Any], method: Method, tie: Tie) -> Value:
    ordered = sorted(values, key=rank)
    middle = len(ordered) // 2
    low, high = ordered[(len(ordered) - 1) // 2], ordered[middle]
    median = low if tie is Tie.LOW else high
    if method is not Method.MODE:
        return median
    counts = Counter(ordered)
    most = [value for value in dict.fromkeys(ordered) if counts[value] == max(counts.values())]
    if tie is Tie.HIGH:
        most.reverse()
    return min(most, key=lambda value: abs(rank(value) - rank(median)))


def _parts(item: Item, values: list[Value], method: Method, tie: Tie) -> Value:
    if any(not isinstance(value, tuple) for value in values):
        counts = [item.scale.points(value) for value in values]
        return int(_ordered(counts, lambda count: count, method, tie))
    votes = Counter(part for value in values for part in value)
    keys = [part.key for part in item.scale.parts]  # type: ignore[union-attr]
    return tuple(key for key in keys if 2 * votes[key] > len(values))


def _nominal(item: Item, values: list[Value], tie: Tie) -> Value:
    options = getattr(item.scale, "options", None)
    order = [option.code for option in options] if options is not None else [True, False]
    if tie is Tie.HIGH:
        order.reverse()
    counts = Counter(values)
    return max(order, key=lambda code: counts[code])


def _commonest(values: Any) -> Any:
    counts = Counter(value for value in values)
    return counts.most_common(1)[0][0] if counts else None
