"""From an instrument's answers to its totals, exactly."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from lms.instruments.domain.answers import Answer, points_of
from lms.instruments.domain.definition import Instrument, NaPolicy, Total
from lms.instruments.domain.terms import Combine, Derived, Rule


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
        so_far: what the total would be if it had no more than the items that are scored.
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
    """Points of each item (None = none), every derived figure and every total, by key."""

    points: dict[str, Decimal | None]
    totals: dict[str, TotalScore]
    derived: dict[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class _Worth:
    """What a term is worth, exactly; None with the gap that says why.

    A derived figure may be a third of something, which only a fraction holds. Items stay
    decimals, which add up ten times as fast.
    """

    points: Decimal | Fraction | None
    gap: Gap | None


def score(instrument: Instrument, answers: Mapping[str, Answer]) -> Scores:
    """Points, derived figures and totals of a rating, which may be unfinished.

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
    worths = {key: _worth(answers.get(key), worth) for key, worth in points.items()}
    for derived in instrument.derived:
        worths[derived.key] = _derived(instrument, derived, answers, worths)
    return Scores(
        points,
        {total.key: _total(instrument, total, worths) for total in instrument.totals},
        {one.key: _figure(worths[one.key].points, _FINE) for one in instrument.derived},
    )


_FINE = 3  # places of a derived figure that no decimal fraction can hold


def _worth(answer: Answer | None, points: Decimal | None) -> _Worth:
    if points is not None:
        return _Worth(points, None)
    if answer is None:
        return _Worth(None, Gap.UNANSWERED)
    return _Worth(None, Gap.NOT_ASSESSED if answer.na else Gap.NO_NUMBER)


def _derived(
    instrument: Instrument,
    derived: Derived,
    answers: Mapping[str, Answer],
    worths: Mapping[str, _Worth],
) -> _Worth:
    """The items' figure, changed by the rules that hold."""
    members = [worths[key] for key in derived.items]
    scored = [Fraction(worth.points) for worth in members if worth.points is not None]
    gap = _gap(members)
    if gap is Gap.NOT_ASSESSED and len(scored) >= derived.needed:
        gap = None
    if gap is not None:
        return _Worth(None, gap)
    figure = _combined(derived.combine, scored)
    for rule in instrument.rules_of(derived):
        said = _says_yes(instrument, rule, answers)
        if isinstance(said, Gap):
            return _Worth(None, said)
        if said:
            figure = rule.applied(figure)
    return _Worth(figure, None)


def _combined(combine: Combine, figures: list[Fraction]) -> Fraction:
    if combine is Combine.HIGHEST:
        return max(figures)
    whole = sum(figures, Fraction(0))
    return whole / len(figures) if combine is Combine.MEAN else whole


def _says_yes(instrument: Instrument, rule: Rule, answers: Mapping[str, Answer]) -> bool | Gap:
    """Whether one of the rule's items says yes, or why that is not known."""
    given = {key: answers.get(key) for key in rule.items}
    if any(answer is not None and answer.value for answer in given.values()):
        return True
    if any(answer is None and not instrument.item(key).optional for key, answer in given.items()):
        return Gap.UNANSWERED
    if any(answer is not None and answer.na for answer in given.values()):
        return Gap.NOT_ASSESSED
    return False


def _total(instrument: Instrument, total: Total, worths: Mapping[str, _Worth]) -> TotalScore:
    members = [worths[key] for key in total.items]
    scored = sum(worth.points is not None for worth in members)
    gap = _gap(members)
    prorated = gap is Gap.NOT_ASSESSED and total.na is NaPolicy.PRORATE and scored >= total.at_least
    if prorated:
        gap = None
    scaled = prorated or total.combine is not Combine.SUM
    so_far = _share(instrument, total, worths) if scaled else _sum(total, worths)
    figure = _figure(so_far, max(total.places, 2)) or Decimal(0)
    value = figure if gap is None else None
    return TotalScore(value, scored, len(total.items), total.minimum, total.maximum, figure, gap)


def _gap(members: list[_Worth]) -> Gap | None:
    """Why the members make no figure: what can still be cured comes first."""
    gaps = {worth.gap for worth in members if worth.gap is not None}
    if not gaps:
        return None
    order = (Gap.UNANSWERED, Gap.NO_NUMBER, Gap.NOT_ASSESSED)
    return next((gap for gap in order if gap in gaps), None)


def _sum(total: Total, worths: Mapping[str, _Worth]) -> Decimal | Fraction:
    whole, fractions = Decimal(0), Fraction(0)
    for key, weight in zip(total.items, total.weights, strict=True):
        points = worths[key].points
        if isinstance(points, Decimal):
            whole += weight * points
        elif points is not None:
            fractions += Fraction(weight) * points
    return whole if not fractions else Fraction(whole) + fractions


def _share(instrument: Instrument, total: Total, worths: Mapping[str, _Worth]) -> Fraction | None:
    """The same share of the declared range as was reached of the assessed items' range."""
    whole = low = high = Fraction(0)
    for key, weight in zip(total.items, total.weights, strict=True):
        points, reach = worths[key].points, instrument.term(key).reach
        if points is None or reach is None:
            continue
        ends = sorted(Fraction(weight * end) for end in reach)
        whole += Fraction(weight) * Fraction(points)
        low, high = low + ends[0], high + ends[1]
    if high == low:
        return None
    share = (whole - low) / (high - low)
    return Fraction(total.minimum) + share * Fraction(total.maximum - total.minimum)


def _figure(exact: Decimal | Fraction | None, places: int) -> Decimal | None:
    """The figure as a decimal: exactly where that ends, else rounded half up."""
    if not isinstance(exact, Fraction):
        return exact
    figure = Decimal(exact.numerator) / Decimal(exact.denominator)
    if Fraction(figure) == exact:
        return figure
    return figure.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
