"""From an instrument's answers to its totals, exactly."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from lms.instruments.domain.answers import Answer, points_of
from lms.instruments.domain.definition import Instrument, NaPolicy, Total


class Gap(StrEnum):
    """Why a total has no value."""

    UNANSWERED = "unanswered"
    NOT_ASSESSED = "not_assessed"
    NO_NUMBER = "no_number"


@dataclass(frozen=True, slots=True)
class TotalScore:
    """One total of one rating.

    Args:
        value: None where something is lacking; `gap` says what. Never scaled up unless the
            definition says so.
        so_far: the weighted sum over the items that are scored.
        scored: how many of its items have a number; `of` is how many it has.
    """

    value: Decimal | None
    scored: int
    of: int
    minimum: Decimal
    maximum: Decimal
    so_far: Decimal
    gap: Gap | None


@dataclass(frozen=True, slots=True)
class Scores:
    """Points of each item (None = none) and every total, by key."""

    points: dict[str, Decimal | None]
    totals: dict[str, TotalScore]


def score(instrument: Instrument, answers: Mapping[str, Answer]) -> Scores:
    """Points and totals of a rating, which may be unfinished.

    Args:
        answers: by item key; an item without a key here is not answered yet.

    Raises:
        ValueError: if a key is not an item's, or a value is not one that the item takes.
    """
    unknown = sorted(set(answers) - {item.key for item in instrument.items})
    if unknown:
        raise ValueError(f"{instrument.ref} has no item {unknown[0]!r}")
    points = {
        item.key: points_of(item, answers[item.key]) if item.key in answers else None
        for item in instrument.items
    }
    totals = {total.key: _total(instrument, total, answers, points) for total in instrument.totals}
    return Scores(points, totals)


def _total(
    instrument: Instrument,
    total: Total,
    answers: Mapping[str, Answer],
    points: Mapping[str, Decimal | None],
) -> TotalScore:
    so_far, scored = Decimal(0), 0
    for key, weight in zip(total.items, total.weights, strict=True):
        worth = points[key]
        if worth is not None:
            so_far, scored = so_far + weight * worth, scored + 1
    gap = _gap(total, answers, points)
    value: Decimal | None = so_far
    if gap is Gap.NOT_ASSESSED and total.na is NaPolicy.PRORATE and scored >= total.at_least:
        value, gap = _prorated(instrument, total, points, so_far), None
    elif gap is not None:
        value = None
    return TotalScore(value, scored, len(total.items), total.minimum, total.maximum, so_far, gap)


def _gap(
    total: Total, answers: Mapping[str, Answer], points: Mapping[str, Decimal | None]
) -> Gap | None:
    if any(key not in answers for key in total.items):
        return Gap.UNANSWERED
    if any(points[key] is None and not answers[key].na for key in total.items):
        return Gap.NO_NUMBER
    if any(answers[key].na for key in total.items):
        return Gap.NOT_ASSESSED
    return None


def _prorated(
    instrument: Instrument,
    total: Total,
    points: Mapping[str, Decimal | None],
    so_far: Decimal,
) -> Decimal:
    """The same share of the full range as was reached of the assessed items' range."""
    low, high = Fraction(0), Fraction(0)
    for key, weight in zip(total.items, total.weights, strict=True):
        reach = instrument.item(key).reach
        if points[key] is None or reach is None:
            continue
        ends = sorted(Fraction(weight * end) for end in reach)
        low, high = low + ends[0], high + ends[1]
    share = (Fraction(so_far) - low) / (high - low)
    whole = Fraction(total.minimum) + share * Fraction(total.maximum - total.minimum)
    figure = Decimal(whole.numerator) / Decimal(whole.denominator)
    return figure.quantize(Decimal(1).scaleb(-max(total.places, 2)), ROUND_HALF_UP)
