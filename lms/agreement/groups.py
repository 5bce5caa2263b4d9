"""The best and the worst 27 % of a group, with people tied at the border counted in part."""

import numpy as np

from lms.agreement.ratings import Matrix

SHARE = 0.27


def extreme_weights(totals: Matrix, share: float = SHARE) -> tuple[Matrix, Matrix]:
    """Weights that make means over the upper and the lower group.

    Everybody strictly inside counts in full and those tied at the border share what is left, so
    that neither group depends on the order of the rows.

    Args:
        totals: n scores, n at least 1.

    Returns:
        Two arrays of n weights that each add up to 1.
    """
    return _upper(totals, share), _upper(-totals, share)


def _upper(totals: Matrix, share: float) -> Matrix:
    size = max(1.0, share * len(totals))
    border = np.sort(totals)[::-1][int(np.ceil(size)) - 1]
    inside, tied = totals > border, totals == border
    weights: Matrix = inside + tied * ((size - inside.sum()) / tied.sum())
    return weights / size
