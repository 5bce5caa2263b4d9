"""Ratings as a matrix of subjects by raters, and the two ways of treating what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lms.agreement.result import Misuse, Sample
from lms.errors import N_

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]
Ratings = ArrayLike | Sequence[Sequence[float | None]]
Column = ArrayLike | Sequence[float | None]

COMPLETE = N_("Subjects without a rating by every rater were left out.")
COMPLETE_PAIRS = N_("Subjects without a rating by both raters were left out.")
AVAILABLE = N_("Every rating of a subject that has at least two was used.")
AVAILABLE_CHANCE = N_(
    "Agreement rests on subjects with at least two ratings, chance agreement on all ratings."
)
TOO_FEW_SUBJECTS = N_("There are fewer than two subjects that every rater rated.")
NO_SUBJECTS = N_("No subject was rated by all the raters.")
TOO_FEW_RATERS = N_("There are fewer than two raters.")


@dataclass(frozen=True, slots=True)
class Kept:
    """The rows that take part, with the account of those that do not."""

    values: Matrix
    sample: Sample


def as_matrix(ratings: Ratings) -> Matrix:
    """Subjects by raters as floats; NaN marks a missing rating.

    Args:
        ratings: n rows of k numbers, None or NaN where a rater did not rate.

    Raises:
        Misuse: if rows differ in length, a cell is no number between 1e-50 and 1e50, or there is
            nothing.
    """
    matrix = _as_floats(ratings)
    if matrix.ndim != 2 or matrix.size == 0:
        raise Misuse(
            N_("Ratings are a table: one row for each subject, one column for each rater.")
        )
    if (strange := np.argwhere(out_of_measure(matrix))).size:
        row, column = (strange[0] + 1).tolist()
        raise Misuse(
            N_(
                "Row %(row)s, column %(column)s is %(value)s, which is too far from 1 for a rating."
            ),
            row=row,
            column=column,
            value=short(matrix[row - 1, column - 1]),
        )
    return matrix


def out_of_measure(matrix: Matrix) -> Mask:
    """Where a number is so large or small that its fourth power is no number any more."""
    size = np.abs(matrix)
    return np.asarray((size > 1e50) | ((size < 1e-50) & (size > 0)))


def _as_floats(ratings: Any) -> Matrix:
    try:
        return np.array(ratings, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise Misuse(
            N_("Ratings must be numbers, with rows of one length and None for a missing rating.")
        ) from error


def as_pair(first: Column, second: Column) -> Matrix:
    """Two raters' ratings of the same subjects as a matrix of two columns.

    Raises:
        Misuse: if the two differ in length or are no numbers.
    """
    one, other = _as_floats(first), _as_floats(second)
    if one.ndim != 1 or other.ndim != 1 or len(one) != len(other):
        raise Misuse(N_("The two raters need one rating each for the same subjects, in one order."))
    return as_matrix(np.column_stack([one, other]))


def complete_rows(matrix: Matrix, rule: str = COMPLETE) -> Kept:
    """Only the subjects that every rater rated."""
    whole = np.asarray(~np.isnan(matrix).any(axis=1))
    return Kept(matrix[whole], _sample(matrix, whole, rule))


def rated_rows(matrix: Matrix, at_least: int, rule: str = AVAILABLE) -> Kept:
    """The subjects with at least so many ratings, their gaps kept."""
    enough = (~np.isnan(matrix)).sum(axis=1) >= at_least
    return Kept(matrix[enough], _sample(matrix, enough, rule))


def _sample(matrix: Matrix, kept: Mask, rule: str) -> Sample:
    present = ~np.isnan(matrix)
    return Sample(
        subjects=int(kept.sum()),
        raters=int(matrix.shape[1]),
        ratings=int(present[kept].sum()),
        left_out=int((~kept).sum()),
        missing=int((~present).sum()),
        rule=rule,
    )


def levels_of(matrix: Matrix, levels: Sequence[float] | None) -> Matrix:
    """The categories in ascending order: those given, or else those that were used.

    Raises:
        Misuse: if a category is given twice, or a rating is none of those given.
    """
    used = np.unique(matrix[~np.isnan(matrix)])
    if levels is None:
        return used
    given = np.unique(_as_floats(list(levels)))
    if len(given) != len(levels) or not np.isfinite(given).all():
        raise Misuse(N_("Each category must be a number of its own, named once."))
    if (strange := np.setdiff1d(used, given)).size:
        raise Misuse(
            N_("%(value)s was rated, but is none of the categories given."), value=short(strange[0])
        )
    return given


def as_indexes(matrix: Matrix, levels: Matrix) -> NDArray[np.intp]:
    """Each rating's place among the categories, -1 where it is missing."""
    places: NDArray[np.intp] = np.searchsorted(levels, matrix)
    return np.where(np.isnan(matrix), -1, places)


def counts_of(matrix: Matrix, levels: Matrix) -> Matrix:
    """How many raters put each subject into each category, subjects by categories."""
    places = as_indexes(matrix, levels)
    counts = np.zeros((len(matrix), len(levels)))
    for place in range(len(levels)):
        counts[:, place] = (places == place).sum(axis=1)
    return counts


def short(value: Any) -> str:
    """A number as people write it: 3, 0.5."""
    return f"{float(value):g}"
