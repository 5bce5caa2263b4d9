"""Gwet's AC1 and AC2: chance-corrected agreement that does not collapse where one category rules.

Source:
    Gwet (2008), British Journal of Mathematical and Statistical Psychology 61(1), 29-48; Gwet
    (2014), Handbook of Inter-Rater Reliability, 4th edition, chapters 4 and 5, for weights,
    missing ratings and the variance over subjects.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lms.agreement.kappa import METHODS, Weights, disagreement_weights, kind_of
from lms.agreement.ratings import (
    AVAILABLE_CHANCE,
    Kept,
    Matrix,
    Ratings,
    as_matrix,
    counts_of,
    levels_of,
    rated_rows,
)
from lms.agreement.result import Estimate, checked_confidence
from lms.agreement.spread import error_over_subjects, t_interval, t_test
from lms.errors import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Gwet(Estimate):
    """AC1 (unweighted) or AC2 (weighted).

    Args:
        observed, expected: weighted agreement seen and by chance, 0 to 1; None without ratings.
        categories: in ascending order; chance agreement depends on how many there are.
    """

    observed: float | None
    expected: float | None
    categories: tuple[float, ...]


STATISTIC = N_("Gwet's agreement coefficient")
NO_PAIRS = N_("No subject has two ratings.")
ONE_CATEGORY = N_("Only one category was used. Name all the categories of the scale for a figure.")


def gwet(
    ratings: Ratings,
    *,
    weights: Weights | ArrayLike = Weights.NONE,
    levels: Sequence[float] | None = None,
    confidence: float = 0.95,
) -> Gwet:
    """AC1, or AC2 where weights are given.

    Args:
        ratings: n subjects by k raters; None or NaN where a rating is missing.
        weights: as for `kappa`: a kind, or a square table of disagreement weights.
        levels: all categories of the scale; those that were used if not given.

    Returns:
        At most 1.0 (no unit); 0.0 is chance level. No value where no subject has two ratings or
        only one category is known.

    Raises:
        Misuse: if the ratings are no table of numbers, one is not among the levels, or the
            weights are no such table.
    """
    matrix = as_matrix(ratings)
    scale = levels_of(matrix, levels)
    kept = rated_rows(matrix, 1, AVAILABLE_CHANCE)
    away = disagreement_weights(weights, scale)
    kind = kind_of(weights)
    counts = counts_of(kept.values, scale)
    if not (counts.sum(axis=1) >= 2).any():
        return _undefined(kept, kind, scale, NO_PAIRS)
    if len(scale) < 2 or not away.any():
        return _undefined(kept, kind, scale, ONE_CATEGORY)
    agreeing = 1 - away / away.max()
    return _estimate(counts, agreeing, kept, kind, scale, checked_confidence(confidence))


def _undefined(kept: Kept, kind: Weights, scale: Matrix, reason: str) -> Gwet:
    return Gwet(
        value=None, reason=reason, no_interval=reason, statistic=STATISTIC, form=_form(kind),
        method=METHODS[kind], sample=kept.sample, observed=None, expected=None,
        categories=tuple(scale.tolist()),
    )  # fmt: skip


def _form(kind: Weights) -> str:
    return "AC1" if kind is Weights.NONE else f"AC2, {kind}"


def _estimate(
    counts: Matrix, agreeing: Matrix, kept: Kept, kind: Weights, scale: Matrix, confidence: float
) -> Gwet:
    n, rated = len(counts), counts.sum(axis=1)
    paired = rated >= 2
    seen = _seen(counts, agreeing, rated)
    shares = (counts / rated[:, None]).mean(axis=0)
    q = len(scale)
    factor = float(agreeing.sum()) / (q * (q - 1))
    chance = factor * float((shares * (1 - shares)).sum())
    observed = float(seen[paired].mean())
    value = (observed - chance) / (1 - chance)
    own = (n / paired.sum()) * (seen - chance * paired) / (1 - chance)
    pull = factor * (counts @ (1 - shares)) / rated - chance
    error = error_over_subjects(own - 2 * (1 - value) * pull / (1 - chance), value)
    interval, no_interval = t_interval(value, error, n - 1, confidence)
    return Gwet(
        value=value,
        statistic=STATISTIC,
        form=_form(kind),
        method=METHODS[kind],
        sample=kept.sample,
        interval=interval,
        no_interval=no_interval,
        standard_error=error,
        test=t_test(value, error, n - 1),
        observed=observed,
        expected=chance,
        categories=tuple(scale.tolist()),
    )


def _seen(counts: Matrix, agreeing: Matrix, rated: Matrix) -> Matrix:
    """Each subject's weighted agreement over pairs of raters; 0 where there is no pair."""
    pairs = rated * (rated - 1)
    above = (counts * (counts @ agreeing - 1)).sum(axis=1)
    return np.divide(above, pairs, out=np.zeros_like(above), where=pairs > 0)
