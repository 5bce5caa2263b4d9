"""Item analysis of a test: how hard each item is, and how well it tells people apart.

Source:
    Facility, discrimination index, discriminative efficiency and effective weight are those of
    Moodle's quiz statistics (Moodle documentation, Quiz statistics calculations); alpha:
    Cronbach (1951), Psychometrika 16(3), 297-334, its interval: Feldt (1965), Psychometrika
    30(3), 357-370; upper and lower 27 %: Kelley (1939), Journal of Educational Psychology 30(1);
    KR-21: Kuder and Richardson (1937), Psychometrika 2(3), 151-160.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from lms.agreement.groups import extreme_weights
from lms.agreement.icc import IccForm, icc
from lms.agreement.ratings import Kept, Matrix, Ratings, as_matrix, complete_rows, rated_rows, short
from lms.agreement.result import Estimate, Figure, Interval, Misuse, checked_confidence
from lms.errors import N_


class Unanswered(StrEnum):
    """What an item without an answer counts."""

    LEFT_OUT = "left-out"
    ZERO = "zero"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item's figures; proportions are 0 to 1, correlations -1 to 1.

    Args:
        facility: mean score over the item's maximum.
        spread: standard deviation of the score over the maximum (n - 1).
        upper_lower: facility among the best 27 % less that among the worst 27 %; of people tied
            at a border each counts in part, so that the order of rows does not matter.
        item_total: correlation with the total, the item included.
        discrimination: correlation with the total of the other items (Moodle's discrimination
            index, the corrected item-total correlation).
        efficiency: covariance with the other items' total over the greatest that these scores
            could have had.
        effective_weight: share of the item in the spread of totals; all weights add up to 1.
        alpha_if_deleted: alpha of the other items.
    """

    name: str
    maximum: float
    facility: Figure
    spread: Figure
    upper_lower: Figure
    item_total: Figure
    discrimination: Figure
    efficiency: Figure
    effective_weight: Figure
    alpha_if_deleted: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAnalysis:
    """A whole test.

    Args:
        alpha: Cronbach's alpha; for items scored 0 or 1 it is KR-20.
        kr21: only for items scored 0 or 1.
        mean, variance: of the totals; the variance over n - 1.
    """

    items: tuple[Item, ...]
    alpha: Estimate
    kr21: Figure
    mean: Figure
    variance: Figure


ALPHA = N_("Cronbach's alpha")
METHOD = N_("Items' variances against the variance of their total.")
FELDT = N_("From the F distribution (Feldt), as for ICC(C,k).")
LEFT_OUT = N_("People who did not answer every item were left out.")
ZERO = N_("An item without an answer counts 0.")
NOBODY = N_("Nobody answered every item.")
ONE_PERSON = N_("There are fewer than two people.")
ONE_ITEM = N_("There are fewer than two items.")
TWO_ITEMS = N_("Without this item there are fewer than two.")
SAME_SCORE = N_("Everybody has the same score on this item.")
SAME_TOTAL = N_("Everybody has the same total.")
SAME_REST = N_("Everybody has the same total on the other items.")
NEGATIVE = N_("The item goes against the total, so it has no weight in it.")
NOT_BINARY = N_("Not every item is scored 0 or 1.")


def analyse_items(
    scores: Ratings,
    *,
    names: Sequence[str] | None = None,
    maximum: float | Sequence[float] = 1.0,
    unanswered: Unanswered = Unanswered.LEFT_OUT,
    confidence: float = 0.95,
) -> ItemAnalysis:
    """Analyse a test.

    Args:
        scores: n people by k items, each from 0 to the item's maximum; None or NaN where an
            item was not answered.
        maximum: of every item, or one for each.

    Returns:
        Figures without a value where nobody differs, or where there are too few people or items.

    Raises:
        Misuse: if the scores are no table of numbers, or one lies outside 0 to its maximum.
    """
    matrix = as_matrix(scores)
    tops = _maxima(maximum, matrix)
    labels = _names(names, matrix.shape[1])
    kept = _kept(matrix, unanswered)
    return ItemAnalysis(
        items=_items(kept.values, labels, tops),
        alpha=_alpha_estimate(kept, checked_confidence(confidence)),
        kr21=_kr21(kept.values),
        mean=_figure(kept.values.sum(axis=1).mean() if len(kept.values) else None, NOBODY),
        variance=_figure(
            kept.values.sum(axis=1).var(ddof=1) if len(kept.values) > 1 else None, ONE_PERSON
        ),
    )


def _maxima(maximum: float | Sequence[float], matrix: Matrix) -> Matrix:
    k = matrix.shape[1]
    tops = np.asarray(maximum, dtype=np.float64)
    if tops.ndim == 0:
        tops = np.full(k, tops)
    if tops.shape != (k,):
        raise Misuse(N_("Name one maximum, or one for each of the %(items)s items."), items=k)
    if not (np.isfinite(tops).all() and (tops > 0).all()):
        raise Misuse(N_("An item's maximum is a number above 0."))
    outside = np.argwhere((matrix < 0) | (matrix > tops))
    if outside.size:
        row, column = outside[0]
        raise Misuse(
            N_("Row %(row)s, column %(column)s: %(value)s is outside 0 to %(maximum)s."),
            row=row + 1,
            column=column + 1,
            value=short(matrix[row, column]),
            maximum=short(tops[column]),
        )
    return tops


def _names(names: Sequence[str] | None, k: int) -> tuple[str, ...]:
    if names is None:
        return tuple(str(place) for place in range(1, k + 1))
    if len(names) != k:
        raise Misuse(N_("There are %(items)s items, and they need as many names."), items=k)
    return tuple(names)


def _kept(matrix: Matrix, unanswered: Unanswered) -> Kept:
    if unanswered is Unanswered.LEFT_OUT:
        return complete_rows(matrix, LEFT_OUT)
    kept = rated_rows(matrix, 1, ZERO)
    return Kept(np.nan_to_num(kept.values), kept.sample)


def _items(x: Matrix, names: Sequence[str], tops: Matrix) -> tuple[Item, ...]:
    if len(x) < 2:
        few = NOBODY if len(x) == 0 else ONE_PERSON
        return tuple(
            _unknown(x[:, place], name, top, few)
            for place, (name, top) in enumerate(zip(names, tops.tolist(), strict=True))
        )
    total = x.sum(axis=1)
    roots = [math.sqrt(max(0.0, _covariance(own, total))) for own in x.T]
    return tuple(
        _item(x, place, name, top, sum(roots))
        for place, (name, top) in enumerate(zip(names, tops.tolist(), strict=True))
    )


def _unknown(own: Matrix, name: str, top: float, few: str) -> Item:
    none = Figure(value=None, reason=few)
    facility = _figure(own[0] / top if len(own) else None, few)
    return Item(
        name=name, maximum=top, facility=facility, spread=none, upper_lower=none,
        item_total=none, discrimination=none, efficiency=none, effective_weight=none,
        alpha_if_deleted=none,
    )  # fmt: skip


def _item(x: Matrix, place: int, name: str, top: float, roots: float) -> Item:
    own, others, total = x[:, place], np.delete(x, place, axis=1), x.sum(axis=1)
    rest = others.sum(axis=1)
    upper, lower = extreme_weights(total)
    gap = None if _same(total) else float(upper @ own - lower @ own) / top
    return Item(
        name=name,
        maximum=top,
        facility=_figure(own.mean() / top, NOBODY),
        spread=_figure(own.std(ddof=1) / top, ONE_PERSON),
        upper_lower=_figure(gap, SAME_TOTAL),
        item_total=_correlation(own, total, SAME_TOTAL),
        discrimination=_correlation(own, rest, SAME_REST),
        efficiency=_efficiency(own, rest),
        effective_weight=_weight(own, total, roots),
        alpha_if_deleted=_alpha(others, TWO_ITEMS),
    )


def _figure(value: float | None, reason: str) -> Figure:
    return Figure(value=None, reason=reason) if value is None else Figure(value=float(value))


def _same(x: Matrix) -> bool:
    """Whether scores differ by nothing but rounding."""
    return bool(np.ptp(x) <= 1e-12 * np.abs(x).max())


def _covariance(x: Matrix, y: Matrix) -> float:
    return float((x - x.mean()) @ (y - y.mean())) / (len(x) - 1)


def _flat(own: Matrix, other: Matrix, same_other: str) -> str | None:
    """Why nothing can be said of how two scores go together, if so."""
    if _same(own):
        return SAME_SCORE
    return same_other if _same(other) else None


def _correlation(own: Matrix, other: Matrix, same_other: str) -> Figure:
    reason = _flat(own, other, same_other)
    if reason:
        return _figure(None, reason)
    r = _covariance(own, other) / math.sqrt(_covariance(own, own) * _covariance(other, other))
    return _figure(max(-1.0, min(1.0, r)), "")


def _efficiency(own: Matrix, rest: Matrix) -> Figure:
    reason = _flat(own, rest, SAME_REST)
    if reason:
        return _figure(None, reason)
    return _figure(_covariance(own, rest) / _covariance(np.sort(own), np.sort(rest)), "")


def _weight(own: Matrix, total: Matrix, roots: float) -> Figure:
    if roots == 0:
        return _figure(None, SAME_TOTAL)
    shared = _covariance(own, total)
    if shared < 0:
        return _figure(None, NEGATIVE)
    return _figure(math.sqrt(shared) / roots, "")


def _alpha(x: Matrix, too_few: str) -> Figure:
    n, k = x.shape
    if k < 2 or n < 2:
        return _figure(None, too_few if k < 2 else ONE_PERSON)
    of_total = x.sum(axis=1).var(ddof=1)
    if _same(x.sum(axis=1)):
        return _figure(None, SAME_TOTAL)
    return _figure(k / (k - 1) * (1 - x.var(axis=0, ddof=1).sum() / of_total), "")


def _alpha_estimate(kept: Kept, confidence: float) -> Estimate:
    figure = _alpha(kept.values, ONE_ITEM)
    interval, no_interval = None, figure.reason
    if figure.value is not None:
        same = icc(kept.values, IccForm.ICC_3_K, confidence=confidence)
        no_interval = same.no_interval
        interval = same.interval and Interval(
            low=same.interval.low, high=same.interval.high, confidence=confidence, method=FELDT
        )
    return Estimate(
        value=figure.value,
        reason=figure.reason,
        statistic=ALPHA,
        form="alpha",
        method=METHOD,
        sample=kept.sample,
        interval=interval,
        no_interval=no_interval,
    )


def _kr21(x: Matrix) -> Figure:
    """As if all items were equally hard; totals' variance over n."""
    n, k = x.shape
    if k < 2 or n < 2:
        return _figure(None, ONE_ITEM if k < 2 else ONE_PERSON)
    if not np.isin(x, (0, 1)).all():
        return _figure(None, NOT_BINARY)
    total = x.sum(axis=1)
    if _same(total):
        return _figure(None, SAME_TOTAL)
    mean = float(total.mean())
    return _figure(k / (k - 1) * (1 - mean * (k - mean) / (k * float(total.var()))), "")
