"""The two-way analysis of variance that the ICC and the error of measurement rest on."""

from dataclasses import dataclass

import numpy as np

from lms.agreement.ratings import Matrix


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanSquares:
    """Mean squares of n subjects by k raters, in the squared unit of the ratings.

    Args:
        between: BMS or MSR, between subjects; n - 1 degrees of freedom.
        within: WMS, within subjects; n (k - 1).
        raters: JMS or MSC, between raters; k - 1.
        error: EMS or MSE, what is left; (n - 1)(k - 1).
    """

    n: int
    k: int
    between: float
    within: float
    raters: float
    error: float


def mean_squares(matrix: Matrix) -> MeanSquares:
    """The mean squares of a complete matrix of at least two subjects and two raters.

    Sums of squares that are nothing but rounding are returned as 0, so that perfect agreement is
    seen as such in ratings like 0.1, too.

    Source:
        Shrout and Fleiss (1979), Psychological Bulletin 86(2), 420-428, table 2.
    """
    n, k = matrix.shape
    x = matrix - matrix[0, 0]  # exact for equal ratings, and kind to large offsets
    subjects = x.mean(axis=1, keepdims=True) - x.mean()
    raters = x.mean(axis=0, keepdims=True) - x.mean()
    rounding = n * k * (8 * np.finfo(float).eps * max(np.abs(matrix).max(), np.abs(x).max())) ** 2

    def squares(deviations: Matrix, times: int = 1) -> float:
        total = float(times * (deviations**2).sum())
        return total if total > rounding else 0.0

    return MeanSquares(
        n=n,
        k=k,
        between=squares(subjects, k) / (n - 1),
        within=squares(x - x.mean(axis=1, keepdims=True)) / (n * (k - 1)),
        raters=squares(raters, n) / (k - 1),
        error=squares(x - x.mean() - subjects - raters) / ((n - 1) * (k - 1)),
    )
