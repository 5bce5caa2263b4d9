"""ICC(2,1), weighted kappa and Lin's coefficient of thousands of raters against one reference.

Each rater is compared with the reference alone, item by item or over all items together; the
figures are those of `icc`, `kappa` and `concordance` for the same two columns, computed for all
raters at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lms.agreement.concordance import TOO_FEW
from lms.agreement.icc import NO_SUBJECT_VARIATION, NO_VARIATION, ROUNDING
from lms.agreement.kappa import CHANCE_COMPLETE, Weights, disagreement_weights
from lms.agreement.ratings import COMPLETE_PAIRS, NO_SUBJECTS, Mask, Matrix, out_of_measure, short
from lms.agreement.result import Figure, Misuse
from lms.errors import N_

CHUNK_CELLS = 60_000  # what fits a processor's own memory; more is slower
REASONS = (TOO_FEW, NO_SUBJECTS, NO_VARIATION, NO_SUBJECT_VARIATION, CHANCE_COMPLETE)
TOO_FEW_AT, NO_SUBJECTS_AT, NO_VARIATION_AT, NO_SUBJECT_VARIATION_AT, CHANCE_COMPLETE_AT = range(5)
SMALL = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Many:
    """One statistic of many raters.

    Args:
        values: raters by items, masked where there is no value; `tolist()` has None there.
        cases: raters by items, how many cases took part.
        rule: how missing ratings were treated, a translation key.
    """

    form: str
    values: np.ma.MaskedArray[Any, np.dtype[np.float64]]
    undefined: Mask
    cases: NDArray[np.intp]
    why: NDArray[np.int8]
    rule: str = COMPLETE_PAIRS

    def figure(self, rater: int, item: int = 0) -> Figure:
        """One rater's figure for one item, or the reason for none."""
        if self.undefined[rater, item]:
            return Figure(value=None, reason=REASONS[self.why[rater, item]])
        return Figure(value=float(self.values[rater, item]))


@dataclass(frozen=True, slots=True)
class AgainstReference:
    """All three statistics of all raters."""

    icc: Many
    kappa: Many
    concordance: Many


def against_reference(
    ratings: ArrayLike,
    reference: ArrayLike,
    *,
    levels: Sequence[float] | None = None,
    weights: Weights | ArrayLike = Weights.QUADRATIC,
    pooled: bool = False,
) -> AgainstReference:
    """Compare every rater with the reference.

    Args:
        ratings: raters by cases by items; NaN where a rater did not rate.
        reference: cases by items; NaN where there is none.
        levels: all categories of the items, for kappa; those that occur if not given.
        weights: of kappa, as for `kappa`.
        pooled: all items of a rater together, as one figure, instead of one figure an item.

    Returns:
        Arrays of raters by items (by one if pooled).

    Raises:
        Misuse: if the shapes do not fit, or a rating is not among the levels.
    """
    given, truth = np.asarray(ratings, dtype=np.float64), np.asarray(reference, dtype=np.float64)
    if given.ndim != 3 or truth.shape != given.shape[1:] or given.size == 0:
        raise Misuse(N_("Ratings are raters by cases by items, the reference is cases by items."))
    if out_of_measure(given).any() or out_of_measure(truth).any():
        raise Misuse(N_("A rating is infinite, or too far from 1 for a rating."))
    if pooled:
        given, truth = given.reshape(len(given), -1, 1), truth.reshape(-1, 1)
    scale = _levels(given, truth, levels)
    frame = _frame(truth, scale, disagreement_weights(weights, scale), _largest(given, truth))
    step = max(1, CHUNK_CELLS // truth.size)
    parts = [_compared(given[start : start + step], frame) for start in range(0, len(given), step)]
    kind = str(weights) if isinstance(weights, str) else str(Weights.CUSTOM)
    return AgainstReference(
        icc=_many("ICC(2,1) = ICC(A,1)", [part.icc for part in parts], parts),
        kappa=_many(kind, [part.kappa for part in parts], parts),
        concordance=_many("rho_c", [part.concordance for part in parts], parts),
    )


@dataclass(frozen=True, slots=True)
class Frame:
    """What is the same for all raters.

    Args:
        truth: cases by items by 1, less each item's first reference value.
        first: that value, items by 1.
        known: where there is a reference.
        apart: cases by items by levels and one more, flat: each level's distance from the
            reference; 0 for the last level, which stands for a missing rating.
        taken: cases by items by levels, 1 where the reference takes the level.
        rounding: below this a sum of squares of one case is nothing but rounding.
    """

    truth: Matrix
    first: Matrix
    known: Mask
    scale: Matrix
    away: Matrix
    apart: Matrix
    taken: Matrix
    rounding: float


@dataclass(frozen=True, slots=True)
class Part:
    """One statistic of some raters, items by raters: its values, and why there are none."""

    values: Matrix
    why: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Compared:
    """All statistics of some raters, items by raters."""

    icc: Part
    kappa: Part
    concordance: Part
    cases: Matrix


def _frame(truth: Matrix, scale: Matrix, away: Matrix, largest: float) -> Frame:
    known = np.asarray(~np.isnan(truth))
    first = truth[known.argmax(axis=0), np.arange(truth.shape[1])]
    first = np.where(np.isnan(first), 0.0, first)
    places = _places(truth, scale)
    padded = np.zeros((len(scale) + 1, len(scale) + 1))
    padded[:-1, :-1] = away
    return Frame(
        truth=np.where(known, truth - first, 0.0)[:, :, None],
        first=first[:, None],
        known=known[:, :, None],
        scale=scale,
        away=away,
        apart=padded.T[places].ravel(),
        taken=(places[:, :, None] == np.arange(len(scale))).astype(np.float64),
        rounding=(8 * np.finfo(float).eps * largest) ** 2,
    )


def _compared(ratings: Matrix, frame: Frame) -> Compared:
    """Cases by items by raters from here on: sums over cases then run along whole rows."""
    x = np.ascontiguousarray(ratings.transpose(1, 2, 0))
    places = _places(x, frame.scale)
    rated = (places < len(frame.scale)) & frame.known
    seen = None if rated.all() else rated.astype(np.float64)
    n = np.full(x.shape[1:], float(len(x))) if seen is None else seen.sum(axis=0)
    x -= frame.first
    if seen is not None:
        x[~rated] = 0.0
        places[~rated] = len(frame.scale)
    icc, lin = _from_moments(x, seen, n, frame)
    return Compared(icc=icc, kappa=_kappa(places, seen, n, frame), concordance=lin, cases=n)


def _from_moments(x: Matrix, seen: Matrix | None, n: Matrix, frame: Frame) -> tuple[Part, Part]:
    """ICC(2,1) and Lin's coefficient, which both rest on means, variances and covariance."""
    y, many, freedom = frame.truth, np.maximum(n, 1), np.maximum(n - 1, 1)
    x_mean = x.sum(axis=0) / many
    y_mean = (y if seen is None else seen * y).sum(axis=0) / many
    x, y = x - x_mean, y - y_mean
    if seen is not None:
        x, y = x * seen, y * seen
    tiny = n * frame.rounding
    xx, yy = (np.where(s > tiny, s, 0.0) for s in ((x * x).sum(axis=0), (y * y).sum(axis=0)))
    xy = (x * y).sum(axis=0)
    shift2 = (x_mean - y_mean) ** 2
    few = n < 2
    none = few | ((xx + yy == 0) & (shift2 <= frame.rounding))
    spread = (xx + yy) / freedom + shift2
    below_icc = spread - (xx + yy - 2 * xy) / (many * freedom)
    why = np.where(few, TOO_FEW_AT, NO_VARIATION_AT).astype(np.int8)
    weak = np.where(none, why, NO_SUBJECT_VARIATION_AT).astype(np.int8)
    lin = _ratio(2 * xy / many, (xx + yy) / many + shift2, none)
    return (
        Part(_ratio(2 * xy / freedom, below_icc, none | (below_icc <= ROUNDING * spread)), weak),
        Part(np.clip(lin, -1, 1), why),
    )


def _kappa(places: NDArray[np.intp], seen: Matrix | None, n: Matrix, frame: Frame) -> Part:
    cases, items, raters = places.shape
    size = len(frame.scale) + 1
    cells = (np.arange(cases * items) * size).reshape(cases, items, 1)
    observed = frame.apart[places + cells].sum(axis=0)
    bins = (np.arange(items)[:, None] * size + places) * raters + np.arange(raters)
    used = np.bincount(bins.ravel(), minlength=items * size * raters)
    used = used.reshape(items, size, raters)[:, :-1].astype(np.float64)
    if seen is None:
        expected = np.einsum("il,ilr->ir", frame.taken.sum(axis=0) @ frame.away.T, used)
    else:
        taken = np.einsum("cir,cil->ilr", seen, frame.taken)
        expected = np.einsum("ilr,lm,imr->ir", used, frame.away, taken, optimize=True)
    why = np.where(n == 0, NO_SUBJECTS_AT, CHANCE_COMPLETE_AT).astype(np.int8)
    return Part(1 - _ratio(n * observed, expected, expected == 0), why)


def _ratio(above: Matrix, below: Matrix, undefined: Mask) -> Matrix:
    """The quotient, NaN where it is undefined."""
    return np.divide(above, below, out=np.full_like(below, np.nan), where=~undefined)


def _many(form: str, parts: list[Part], compared: list[Compared]) -> Many:
    values = np.concatenate([part.values for part in parts], axis=1).T
    mask: Mask = np.isnan(values)
    return Many(
        form=form,
        values=np.ma.MaskedArray(values, mask=mask),
        undefined=mask,
        cases=np.concatenate([part.cases for part in compared], axis=1).T.astype(np.intp),
        why=np.concatenate([part.why for part in parts], axis=1).T,
    )


def _largest(given: Matrix, truth: Matrix) -> float:
    return float(max(np.nanmax(np.abs(given), initial=0), np.nanmax(np.abs(truth), initial=0)))


def _levels(given: Matrix, truth: Matrix, levels: Sequence[float] | None) -> Matrix:
    if levels is None:
        return np.union1d(_used(given), _used(truth))
    scale = np.unique(np.asarray(levels, dtype=np.float64))
    for x in (given, truth):
        if (strange := np.setdiff1d(_used(x), scale)).size:
            raise Misuse(
                N_("%(value)s was rated, but is none of the categories given."),
                value=short(strange[0]),
            )
    return scale


def _used(x: Matrix) -> Matrix:
    """The different ratings; by counting where they are small whole numbers, which is faster."""
    flat = x.ravel()
    flat = flat[~np.isnan(flat)]
    if flat.size and flat.min() >= 0 and flat.max() < SMALL:
        whole = flat.astype(np.intp)
        if (whole == flat).all():
            return np.flatnonzero(np.bincount(whole)).astype(np.float64)
    return np.unique(flat)


def _places(x: Matrix, scale: Matrix) -> NDArray[np.intp]:
    """Each rating's place among the levels; their number where it is missing."""
    missing = np.isnan(x)
    if not missing.any() and len(scale) and scale[0] >= 0 and scale[-1] < SMALL:
        table = np.searchsorted(scale, np.arange(SMALL))
        whole = x.astype(np.intp)
        if (whole == x).all():
            return table[whole]
    places = np.searchsorted(scale, x)
    return np.where(missing, len(scale), places)
