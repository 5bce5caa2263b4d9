"""Cohen's kappa of two raters, plain and weighted, with its asymptotic standard error.

Source:
    Cohen (1960), Educational and Psychological Measurement 20(1), 37-46; Cohen (1968),
    Psychological Bulletin 70(4), 213-220; the standard errors are those of Fleiss, Cohen and
    Everitt (1969), Psychological Bulletin 72(5), 323-327.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from lms.agreement.quantiles import normal_both_tails, normal_quantile
from lms.agreement.ratings import (
    COMPLETE_PAIRS,
    NO_SUBJECTS,
    Column,
    Matrix,
    Ratings,
    as_indexes,
    as_matrix,
    as_pair,
    complete_rows,
    levels_of,
)
from lms.agreement.result import Estimate, Interval, Misuse, Sample, Test, checked_confidence
from lms.errors import N_


class Weights(StrEnum):
    """How much a disagreement counts."""

    NONE = "unweighted"
    LINEAR = "linear"
    QUADRATIC = "quadratic"
    CUSTOM = "custom"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kappa(Estimate):
    """A kappa with the weighted agreement that was seen and that chance alone would give.

    Args:
        observed, expected: 0 to 1; None where there are no ratings.
        categories: in ascending order.
    """

    observed: float | None
    expected: float | None
    categories: tuple[float, ...]


STATISTIC = N_("Cohen's kappa")
METHODS = {
    Weights.NONE: N_("Every disagreement counts the same."),
    Weights.LINEAR: N_("A disagreement counts by the distance of the two ratings."),
    Weights.QUADRATIC: N_("A disagreement counts by the squared distance of the two ratings."),
    Weights.CUSTOM: N_("Disagreements count by the weights that were given."),
}
INTERVAL = N_("Estimate and normal quantile times the asymptotic standard error, cut off at 1.")
CHANCE_COMPLETE = N_(
    "Both raters used one and the same category throughout, so chance explains all."
)
NO_CHANCE = N_("No disagreement that counts is possible with the categories that were used.")
NO_ERROR = N_("The asymptotic standard error is 0, which gives no interval.")


def kappa(
    first: Column,
    second: Column,
    *,
    weights: Weights | ArrayLike = Weights.NONE,
    levels: Sequence[float] | None = None,
    confidence: float = 0.95,
) -> Kappa:
    """Agreement of two raters beyond chance.

    Args:
        first, second: n ratings of the same subjects; None or NaN where one is missing. Linear
            and quadratic weights take the ratings as numbers: 1 and 3 are 2 apart.
        weights: a kind, or a square table of disagreement weights (0 = no disagreement) in the
            order of `levels`.
        levels: the categories; those that were used if not given.

    Returns:
        At most 1.0 (no unit); 0.0 is chance level, and below it is worse than chance. No value
        where chance agreement is complete.

    Raises:
        Misuse: if the two differ in length, a rating is not among the levels, or the weights
            are not a square table of figures from 0 on with zeros on its diagonal.
    """
    kept = complete_rows(as_pair(first, second), COMPLETE_PAIRS)
    scale = levels_of(kept.values, levels)
    places = as_indexes(kept.values, scale)
    table = np.zeros((len(scale), len(scale)))
    np.add.at(table, (places[:, 0], places[:, 1]), 1)
    return _from_table(table, scale, weights, kept.sample, checked_confidence(confidence))


def kappa_of_table(
    table: Ratings,
    *,
    weights: Weights | ArrayLike = Weights.NONE,
    levels: Sequence[float] | None = None,
    confidence: float = 0.95,
) -> Kappa:
    """The same from a square table of counts (or proportions times n).

    Args:
        table: entry (i, j) counts subjects put into level i by the first and j by the second.
        levels: the categories as numbers; 0, 1, 2 ... if not given.

    Raises:
        Misuse: if the table is not square with counts from 0 on.
    """
    counts = as_matrix(table)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or not (counts >= 0).all():
        raise Misuse(N_("The table must be square, with a count from 0 on in each cell."))
    scale = np.arange(len(counts), dtype=np.float64) if levels is None else np.asarray(levels)
    if len(scale) != len(counts):
        raise Misuse(N_("The table needs one row and one column for each category."))
    n = round(float(counts.sum()))
    sample = Sample(subjects=n, raters=2, ratings=2 * n, left_out=0, missing=0, rule=COMPLETE_PAIRS)
    return _from_table(counts, scale, weights, sample, checked_confidence(confidence))


def disagreement_weights(weights: Weights | ArrayLike, scale: Matrix) -> Matrix:
    """The square table of disagreement weights.

    Raises:
        Misuse: if a table of weights was given that cannot be one.
    """
    if isinstance(weights, str):
        distance = np.abs(scale[:, None] - scale[None, :])
        if weights == Weights.NONE:
            return (distance > 0).astype(np.float64)
        if weights in (Weights.LINEAR, Weights.QUADRATIC):
            return distance if weights == Weights.LINEAR else distance**2
        raise Misuse(N_("Custom weights are given as a table."))
    table = np.asarray(weights, dtype=np.float64)
    if table.shape != (len(scale), len(scale)):
        raise Misuse(
            N_("The weights need %(n)s rows and %(n)s columns, one for each category."),
            n=len(scale),
        )
    if not np.isfinite(table).all() or (table < 0).any() or np.diagonal(table).any():
        raise Misuse(N_("Disagreement weights are figures from 0 on, with 0 on the diagonal."))
    return table


def kind_of(weights: Weights | ArrayLike) -> Weights:
    return Weights(weights) if isinstance(weights, str) else Weights.CUSTOM


def _from_table(
    table: Matrix,
    scale: Matrix,
    weights: Weights | ArrayLike,
    sample: Sample,
    confidence: float,
) -> Kappa:
    away, kind = disagreement_weights(weights, scale), kind_of(weights)
    n, rows, columns = table.sum(), table.sum(axis=1), table.sum(axis=0)
    by_chance = float((away * np.outer(rows, columns)).sum())
    if n == 0 or by_chance == 0:
        reason = NO_SUBJECTS if n == 0 else CHANCE_COMPLETE
        if n and (np.count_nonzero(rows) > 1 or np.count_nonzero(columns) > 1):
            reason = NO_CHANCE
        return Kappa(
            value=None, reason=reason, no_interval=reason, statistic=STATISTIC, form=kind,
            method=METHODS[kind], sample=sample, categories=tuple(scale.tolist()),
            observed=None if n == 0 else 1.0, expected=None if n == 0 else 1.0,
        )  # fmt: skip
    value = 1 - float((away * table).sum()) * float(n) / by_chance
    agreeing = 1 - away / away.max()
    p, p_chance = table / n, np.outer(rows, columns) / n**2
    error, null_error = _standard_errors(p, p_chance, agreeing, value, float(n))
    return Kappa(
        value=value,
        statistic=STATISTIC,
        form=kind,
        method=METHODS[kind],
        sample=sample,
        interval=_interval(value, error, confidence),
        no_interval=None if error else NO_ERROR,
        standard_error=error,
        test=_z_test(value, null_error),
        observed=float((agreeing * p).sum()),
        expected=float((agreeing * p_chance).sum()),
        categories=tuple(scale.tolist()),
    )


def _standard_errors(
    p: Matrix, p_chance: Matrix, agreeing: Matrix, value: float, n: float
) -> tuple[float, float]:
    """The asymptotic standard error, and the one under the hypothesis of chance agreement."""
    of_rows, of_columns = agreeing @ p.sum(axis=0), p.sum(axis=1) @ agreeing
    both = of_rows[:, None] + of_columns[None, :]
    chance = float((agreeing * p_chance).sum())
    seen = (p * (agreeing - both * (1 - value)) ** 2).sum() - (value - chance * (1 - value)) ** 2
    null = (p_chance * (agreeing - both) ** 2).sum() - chance**2
    rounding = 1e-14  # both are sums of squares of figures up to 2
    return tuple(
        math.sqrt(float(v)) / ((1 - chance) * math.sqrt(n)) if v > rounding else 0.0
        for v in (seen, null)
    )  # type: ignore[return-value]


def _interval(value: float, error: float, confidence: float) -> Interval | None:
    if error == 0:
        return None
    reach = normal_quantile(1 - (1 - confidence) / 2) * error
    return Interval(
        low=value - reach,
        high=min(1.0, value + reach),
        confidence=confidence,
        method=INTERVAL,
    )


def _z_test(value: float, null_error: float) -> Test | None:
    if null_error == 0:
        return None
    z = value / null_error
    return Test(name="z", value=z, df=(), p=normal_both_tails(z))
