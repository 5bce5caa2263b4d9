"""Bland and Altman's limits of agreement of two raters.

Source:
    Bland and Altman (1986), Lancet 327(8476), 307-310: the limits' standard error is the square
    root of 3 s^2 / n, and all intervals use the t distribution with n - 1 degrees of freedom.
"""

import math
from dataclasses import dataclass

from lms.agreement.quantiles import t_quantile
from lms.agreement.ratings import COMPLETE_PAIRS, NO_SUBJECTS, Column, Kept, as_pair, complete_rows
from lms.agreement.result import Estimate, Figure, Interval, Misuse, checked_confidence
from lms.errors import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class BlandAltman:
    """Bias and limits of agreement, in the unit of the ratings.

    Args:
        bias: mean of first less second.
        sd: standard deviation of the differences, over n - 1.
        lower, upper: the limits, bias less and plus `multiplier` times `sd`.
        multiplier: 1.96, or 2 as in the paper of 1986.
        means, differences: the points of the plot, in the order of the subjects kept.
    """

    bias: Estimate
    sd: Figure
    lower: Estimate
    upper: Estimate
    multiplier: float
    means: tuple[float, ...]
    differences: tuple[float, ...]


BIAS = N_("Bias")
LOWER = N_("Lower limit of agreement")
UPPER = N_("Upper limit of agreement")
MEAN = N_("Mean of the differences, first less second.")
LIMIT = N_("Bias and multiplier times the standard deviation of the differences.")
INTERVAL = N_("From the t distribution with n - 1 degrees of freedom.")
ONE_PAIR = N_("One pair of ratings has no spread.")
ALL_THE_SAME = N_("All differences are the same, which gives no interval.")


def bland_altman(
    first: Column, second: Column, *, multiplier: float = 1.96, confidence: float = 0.95
) -> BlandAltman:
    """Bias and limits of agreement.

    Args:
        first, second: n ratings of the same subjects, None or NaN where one is missing.
        multiplier: how many standard deviations the limits lie from the bias.

    Returns:
        Bias needs one pair, limits need two; with fewer they have no value.

    Raises:
        Misuse: if the two differ in length or are no numbers, or the multiplier is not above 0.
    """
    checked_confidence(confidence)
    if not 0 < multiplier < math.inf:
        raise Misuse(N_("The limits lie a number above 0 of standard deviations from the bias."))
    kept = complete_rows(as_pair(first, second), COMPLETE_PAIRS)
    n, apart = kept.sample.subjects, kept.values[:, 0] - kept.values[:, 1]
    bias = _mean(apart.tolist())
    deviations = [d - bias for d in apart.tolist()] if bias is not None else []
    sd = math.sqrt(sum(d * d for d in deviations) / (n - 1)) if n > 1 else None
    form = f"{multiplier:g} SD"

    def limit(statistic: str, sign: int) -> Estimate:
        value = None if bias is None or sd is None else bias + sign * multiplier * sd
        error = math.sqrt(3 * sd**2 / n) if sd is not None else None
        return _estimate(statistic, form, LIMIT, kept, value, error, confidence)

    return BlandAltman(
        bias=_estimate(
            BIAS,
            "mean",
            MEAN,
            kept,
            bias,
            sd / math.sqrt(n) if sd is not None else None,
            confidence,
        ),
        sd=Figure(value=sd, reason=_reason(n) if sd is None else None),
        lower=limit(LOWER, -1),
        upper=limit(UPPER, 1),
        multiplier=multiplier,
        means=tuple(kept.values.mean(axis=1).tolist()),
        differences=tuple(apart.tolist()),
    )


def _mean(differences: list[float]) -> float | None:
    """The mean, exact where all differences are the same."""
    if not differences:
        return None
    start = differences[0]
    return start + math.fsum(d - start for d in differences) / len(differences)


def _reason(n: int) -> str:
    return NO_SUBJECTS if n == 0 else ONE_PAIR


def _estimate(
    statistic: str, form: str, method: str, kept: Kept, value: float | None,
    error: float | None, confidence: float,
) -> Estimate:  # fmt: skip
    n = kept.sample.subjects
    interval = None
    if value is not None and error:
        reach = t_quantile(1 - (1 - confidence) / 2, n - 1) * error
        interval = Interval(
            low=value - reach, high=value + reach, confidence=confidence, method=INTERVAL
        )
    return Estimate(
        value=value,
        reason=_reason(n) if value is None else None,
        statistic=statistic,
        form=form,
        method=method,
        sample=kept.sample,
        interval=interval,
        no_interval=None if interval else (ALL_THE_SAME if n > 1 else _reason(n)),
        standard_error=error,
    )
