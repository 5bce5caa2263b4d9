"""The standard error of measurement and the smallest detectable change.

Source:
    De Vet, Terwee, Knol and Bouter (2006), Journal of Clinical Epidemiology 59(10), 1033-1039;
    the interval of the agreement form by Satterthwaite (1946), Biometrics Bulletin 2(6), 110-114.
"""

import math
from dataclasses import dataclass, replace

from lms.agreement.icc import EXACT
from lms.agreement.quantiles import chi2_quantile, normal_quantile
from lms.agreement.ratings import (
    TOO_FEW_RATERS,
    TOO_FEW_SUBJECTS,
    Ratings,
    as_matrix,
    complete_rows,
)
from lms.agreement.result import Estimate, Interval, checked_confidence
from lms.agreement.variance import MeanSquares, mean_squares
from lms.errors import N_

SEM = N_("Standard error of measurement")
SDC = N_("Smallest detectable change")
AGREEMENT = N_("Square root of the variance between raters and of the error, together.")
CONSISTENCY = N_("Square root of the error variance; constant differences do not count.")
CHANGE = N_("The standard error of measurement times 1.96 and the square root of 2.")
CHI2 = N_("From the chi-squared distribution of the error mean square.")
SATTERTHWAITE = N_("From the chi-squared distribution with Satterthwaite's degrees of freedom.")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurementError:
    """Both forms of SEM and SDC, in the unit of the ratings."""

    sem_agreement: Estimate
    sem_consistency: Estimate
    sdc_agreement: Estimate
    sdc_consistency: Estimate


def measurement_error(ratings: Ratings, *, confidence: float = 0.95) -> MeasurementError:
    """How far ratings of one subject scatter, and which change is more than that.

    Args:
        ratings: n subjects by k raters (or occasions); subjects that miss one are left out.

    Returns:
        0.0 is perfect. No value with fewer than two subjects or raters. A variance between
        raters that comes out below 0 is taken as 0.

    Raises:
        Misuse: if the ratings are no table of numbers.
    """
    checked_confidence(confidence)
    kept = complete_rows(as_matrix(ratings))
    reason = TOO_FEW_RATERS if kept.sample.raters < 2 else TOO_FEW_SUBJECTS
    if min(kept.sample.raters, kept.sample.subjects) < 2:
        agreement, consistency = (
            Estimate(
                value=None, reason=reason, no_interval=reason, sample=kept.sample,
                statistic=SEM, form=form, method=method,
            )
            for form, method in (("agreement", AGREEMENT), ("consistency", CONSISTENCY))
        )  # fmt: skip
    else:
        ms = mean_squares(kept.values)
        blank = Estimate(
            value=0.0, statistic=SEM, form="consistency", method=CONSISTENCY, sample=kept.sample
        )
        consistency = _sem(blank, ms.error, _df(ms), CHI2, confidence)
        blank = replace(blank, form="agreement", method=AGREEMENT)
        agreement = _sem(blank, *_agreement(ms), SATTERTHWAITE, confidence)
    return MeasurementError(
        sem_agreement=agreement,
        sem_consistency=consistency,
        sdc_agreement=_change(agreement),
        sdc_consistency=_change(consistency),
    )


def _df(ms: MeanSquares) -> float:
    return (ms.n - 1) * (ms.k - 1)


def _agreement(ms: MeanSquares) -> tuple[float, float]:
    """Variance and degrees of freedom of raters and error together."""
    if ms.raters <= ms.error:
        return ms.error, _df(ms)
    from_raters, from_error = ms.raters / ms.n, ms.error * (1 - 1 / ms.n)
    total = from_raters + from_error
    spread = from_raters**2 / (ms.k - 1) + from_error**2 / _df(ms)
    return total, total**2 / spread


def _sem(blank: Estimate, variance: float, df: float, how: str, confidence: float) -> Estimate:
    if variance == 0:
        return replace(blank, no_interval=EXACT)
    tail = (1 - confidence) / 2
    low, high = (math.sqrt(df * variance / chi2_quantile(p, df)) for p in (1 - tail, tail))
    interval = Interval(low=low, high=high, confidence=confidence, method=how)
    return replace(blank, value=math.sqrt(variance), interval=interval)


def _change(sem: Estimate) -> Estimate:
    """The change between two ratings of which 5 % would be seen without any true change."""
    factor = normal_quantile(0.975) * math.sqrt(2)
    interval = sem.interval and replace(
        sem.interval, low=sem.interval.low * factor, high=sem.interval.high * factor
    )
    value = None if sem.value is None else sem.value * factor
    return replace(sem, statistic=SDC, method=CHANGE, value=value, interval=interval)
