"""Fleiss's kappa of any fixed number of raters on a nominal scale, and Randolph's of free margins.

Source:
    Fleiss (1971), Psychological Bulletin 76(5), 378-382; the test: Fleiss, Nee and Landis (1979),
    Psychological Bulletin 86(5), 974-977; the interval: Gwet (2014), Handbook of Inter-Rater
    Reliability, 4th edition, chapter 5, the linearised variance over subjects; uniform chance:
    Randolph (2005), Free-Marginal Multirater Kappa.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from lms.agreement.quantiles import normal_both_tails
from lms.agreement.ratings import (
    COMPLETE,
    NO_SUBJECTS,
    TOO_FEW_RATERS,
    Matrix,
    Ratings,
    as_matrix,
    complete_rows,
    counts_of,
    levels_of,
)
from lms.agreement.result import Estimate, Figure, Misuse, Sample, Test, checked_confidence
from lms.agreement.spread import error_over_subjects, t_interval, t_test
from lms.errors import N_


class Chance(StrEnum):
    """Where the agreement by chance comes from."""

    FIXED = "fixed"
    UNIFORM = "uniform"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleiss(Estimate):
    """Fleiss's kappa, with one kappa for each category against all others.

    Args:
        observed, expected: agreement seen and by chance, 0 to 1; None where there are no ratings.
        by_category: category and its kappa with fixed margins.
    """

    observed: float | None
    expected: float | None
    by_category: tuple[tuple[float, Figure], ...]


STATISTIC = N_("Fleiss's kappa")
METHODS = {
    Chance.FIXED: N_("Chance agreement from the shares of the categories over all raters."),
    Chance.UNIFORM: N_("Chance agreement as if every category were as likely as any other."),
}
ONE_CATEGORY = N_("Only one category was used, so chance explains all.")
ONE_LEVEL = N_("Only one category is known, so chance explains all.")
UNUSED = N_("The category was never used, or no other was.")


def fleiss(
    ratings: Ratings,
    *,
    levels: Sequence[float] | None = None,
    chance: Chance = Chance.FIXED,
    confidence: float = 0.95,
) -> Fleiss:
    """Agreement beyond chance of k raters who rated every subject.

    Args:
        ratings: n subjects by k raters; None or NaN where a rating is missing, and such subjects
            are left out, because the statistic needs the same number of ratings for each.
        levels: the categories; those that were used if not given. They matter to uniform chance.

    Returns:
        At most 1.0 (no unit). No value where only one category was used (fixed) or is known.

    Raises:
        Misuse: if the ratings are no table of numbers, or one is not among the levels.
    """
    kept = complete_rows(as_matrix(ratings), COMPLETE)
    scale = levels_of(kept.values, levels)
    checked_confidence(confidence)
    return _from_counts(counts_of(kept.values, scale), scale, kept.sample, chance, confidence)


def fleiss_of_counts(
    counts: Ratings, *, chance: Chance = Chance.FIXED, confidence: float = 0.95
) -> Fleiss:
    """The same from a table of counts: subjects by categories.

    Raises:
        Misuse: if a count is below 0, or the subjects do not have the same number of ratings.
    """
    table = as_matrix(counts)
    if not (table >= 0).all():
        raise Misuse(N_("Counts are a table of subjects by categories, each from 0 on."))
    totals = table.sum(axis=1)
    if (totals != totals[0]).any():
        raise Misuse(N_("Every subject needs the same number of ratings."))
    m = int(totals[0])
    sample = Sample(
        subjects=len(table), raters=m, ratings=len(table) * m, left_out=0, missing=0, rule=COMPLETE
    )
    scale = np.arange(table.shape[1], dtype=np.float64)
    return _from_counts(table, scale, sample, chance, checked_confidence(confidence))


def _from_counts(
    counts: Matrix, scale: Matrix, sample: Sample, chance: Chance, confidence: float
) -> Fleiss:
    n, m = sample.subjects, sample.raters
    if n == 0 or m < 2:
        return _undefined(sample, chance, NO_SUBJECTS if n == 0 else TOO_FEW_RATERS)
    shares = counts.sum(axis=0) / (n * m)
    fixed = chance is Chance.FIXED
    if (np.count_nonzero(shares) if fixed else len(scale)) < 2:
        return _undefined(sample, chance, ONE_CATEGORY if fixed else ONE_LEVEL)
    agreeing = ((counts**2).sum(axis=1) - m) / (m * (m - 1))
    expected = float((shares**2).sum()) if fixed else 1 / len(scale)
    value = float((agreeing.mean() - expected) / (1 - expected))
    pull = (counts @ shares) / m - expected if fixed else np.zeros(n)
    parts = (agreeing - expected) / (1 - expected) - 2 * (1 - value) * pull / (1 - expected)
    error = error_over_subjects(parts, value)
    interval, no_interval = t_interval(value, error, n - 1, confidence)
    return Fleiss(
        value=value,
        statistic=STATISTIC,
        form=_form(chance),
        method=METHODS[chance],
        sample=sample,
        interval=interval,
        no_interval=no_interval,
        standard_error=error,
        test=_z_test(value, shares, n, m) if fixed else t_test(value, error, n - 1),
        observed=float(agreeing.mean()),
        expected=expected,
        by_category=tuple(
            (float(level), _category(counts[:, place], m)) for place, level in enumerate(scale)
        ),
    )


def _form(chance: Chance) -> str:
    return f"{chance} margins"


def _undefined(sample: Sample, chance: Chance, reason: str) -> Fleiss:
    return Fleiss(
        value=None, reason=reason, no_interval=reason, statistic=STATISTIC, form=_form(chance),
        method=METHODS[chance], sample=sample, observed=None, expected=None, by_category=(),
    )  # fmt: skip


def _z_test(value: float, shares: Matrix, n: int, m: int) -> Test | None:
    """Under the hypothesis of chance agreement."""
    pq = shares * (1 - shares)
    total = float(pq.sum())
    spread = total**2 - float((pq * (1 - 2 * shares)).sum())
    if spread <= 0:
        return None
    z = value * total / math.sqrt(2 * spread / (n * m * (m - 1)))
    return Test(name="z", value=z, df=(), p=normal_both_tails(z))


def _category(counts: Matrix, m: int) -> Figure:
    share = float(counts.sum()) / (len(counts) * m)
    if share in (0.0, 1.0):
        return Figure(value=None, reason=UNUSED)
    apart = float((counts * (m - counts)).sum())
    return Figure(value=1 - apart / (len(counts) * m * (m - 1) * share * (1 - share)))
