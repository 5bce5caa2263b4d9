"""Lin's concordance correlation of two raters: how close their ratings lie to the line y = x.

Source:
    Lin (1989), Biometrics 45(1), 255-268, with the variance as corrected in Biometrics 56(1),
    324-325 (2000).
"""

import math
from dataclasses import dataclass

from lms.agreement.quantiles import normal_quantile
from lms.agreement.ratings import COMPLETE_PAIRS, Column, Kept, as_pair, complete_rows
from lms.agreement.result import Estimate, Interval, checked_confidence
from lms.errors import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Concordance(Estimate):
    """Lin's coefficient and its parts, which are None where a rater gave one figure throughout.

    Args:
        correlation: Pearson's r, the precision.
        bias_correction: C_b, the accuracy; the coefficient is their product.
        scale_shift: v, the first rater's standard deviation over the second's.
        location_shift: u, the first mean less the second, in geometric-mean standard deviations.
    """

    correlation: float | None
    bias_correction: float | None
    scale_shift: float | None
    location_shift: float | None


@dataclass(frozen=True, slots=True)
class Moments:
    """Of two raters: means, variances and covariance."""

    n: int
    means: tuple[float, float]
    variances: tuple[float, float]
    covariance: float


STATISTIC = N_("Lin's concordance correlation")
OVER_N = N_("Variances divide by n, as in Lin's paper.")
OVER_N_LESS_1 = N_("Variances divide by n - 1.")
FISHER = N_("Fisher's z with Lin's corrected variance and n - 2.")
TOO_FEW = N_("There are fewer than two subjects that both raters rated.")
NO_VARIATION = N_("All ratings of both raters are the same.")
TOO_FEW_FOR_INTERVAL = N_("Three subjects are the fewest for an interval.")
EXACT = N_("The coefficient is 1 or -1, which gives no interval.")
ONE_IS_CONSTANT = N_("The two raters are not correlated at all, which gives no interval.")


def concordance(
    first: Column, second: Column, *, ddof: int = 0, confidence: float = 0.95
) -> Concordance:
    """Lin's concordance correlation.

    Args:
        first, second: n ratings of the same subjects, None or NaN where one is missing.
        ddof: 0 divides variances by n, as Lin did; 1 by n - 1, as many programs do.

    Returns:
        -1.0 to 1.0 (no unit). No value with fewer than two subjects or where nothing varies.

    Raises:
        Misuse: if the two differ in length or are no numbers.
    """
    checked_confidence(confidence)
    kept = complete_rows(as_pair(first, second), COMPLETE_PAIRS)
    method = OVER_N_LESS_1 if ddof else OVER_N
    if kept.sample.subjects < 2:
        return _undefined(kept, method, TOO_FEW)
    moments = _moments(kept, 1 if ddof else 0)
    (x, y), (xx, yy) = moments.means, moments.variances
    below = xx + yy + (x - y) ** 2
    if below == 0:
        return _undefined(kept, method, NO_VARIATION)
    value = max(-1.0, min(1.0, 2 * moments.covariance / below))
    interval, no_interval = _interval(moments, value, confidence)
    shape = math.sqrt(xx * yy)
    r = moments.covariance / shape if shape else None
    return Concordance(
        value=value,
        statistic=STATISTIC,
        form="rho_c",
        method=method,
        sample=kept.sample,
        interval=interval,
        no_interval=no_interval,
        correlation=r,
        bias_correction=2 * shape / below if shape else None,
        scale_shift=math.sqrt(xx / yy) if shape else None,
        location_shift=(x - y) / math.sqrt(shape) if shape else None,
    )


def _undefined(kept: Kept, method: str, reason: str) -> Concordance:
    return Concordance(
        value=None, reason=reason, no_interval=reason, statistic=STATISTIC, form="rho_c",
        method=method, sample=kept.sample, correlation=None, bias_correction=None,
        scale_shift=None, location_shift=None,
    )  # fmt: skip


def _moments(kept: Kept, ddof: int) -> Moments:
    """Moments about the first rating, so that equal ratings have exactly no variance."""
    n = kept.sample.subjects
    x, y = (kept.values - kept.values[0, 0]).T
    a, b = x - x[0], y - y[0]
    a, b = a - a.mean(), b - b.mean()
    return Moments(
        n=n,
        means=(float(x.mean()), float(y.mean())),
        variances=(float(a @ a) / (n - ddof), float(b @ b) / (n - ddof)),
        covariance=float(a @ b) / (n - ddof),
    )


def _interval(
    moments: Moments, value: float, confidence: float
) -> tuple[Interval | None, str | None]:
    n, (x, y), (xx, yy) = moments.n, moments.means, moments.variances
    if n < 3:
        return None, TOO_FEW_FOR_INTERVAL
    if abs(value) > 1 - 1e-12:
        return None, EXACT
    if abs(value) < 1e-12:
        return None, ONE_IS_CONSTANT
    r2 = moments.covariance**2 / (xx * yy)
    r = math.copysign(math.sqrt(r2), value)
    u2, v2 = (x - y) ** 2 / math.sqrt(xx * yy), value**2
    spread = (
        (1 - r2) * v2 / ((1 - v2) * r2)
        + 2 * value**3 * (1 - value) * u2 / (r * (1 - v2) ** 2)
        - v2**2 * u2**2 / (2 * r2 * (1 - v2) ** 2)
    )
    if spread <= 0:
        return None, EXACT
    reach = normal_quantile(1 - (1 - confidence) / 2) * math.sqrt(spread / (n - 2))
    z = math.atanh(value)
    low, high = math.tanh(z - reach), math.tanh(z + reach)
    return Interval(low=low, high=high, confidence=confidence, method=FISHER), None
