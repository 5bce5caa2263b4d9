"""Standard errors that rest on how the subjects differ, and the t interval made from them."""

import math

from lms.agreement.quantiles import t_both_tails, t_quantile
from lms.agreement.ratings import Matrix
from lms.agreement.result import Interval, Test
from lms.errors import N_

T_INTERVAL = N_("Estimate and t quantile times the standard error over subjects, cut off at 1.")
NO_ERROR = N_("The standard error over subjects is 0, which gives no interval.")
ONE_SUBJECT = N_("One subject gives no interval.")


def error_over_subjects(parts: Matrix, value: float) -> float | None:
    """The standard error of a mean-like figure from what each subject adds to it.

    Args:
        parts: each subject's own linearised value; their mean is the estimate.

    Returns:
        0.0 where the subjects do not differ but for rounding; None for fewer than two.
    """
    n = len(parts)
    if n < 2:
        return None
    squares = float(((parts - value) ** 2).sum())
    return math.sqrt(squares / (n * (n - 1))) if squares > n * 1e-28 else 0.0


def t_interval(
    value: float, error: float | None, df: int, confidence: float
) -> tuple[Interval | None, str | None]:
    """An interval, or None and the reason."""
    if not error:
        return None, ONE_SUBJECT if error is None else NO_ERROR
    reach = t_quantile(1 - (1 - confidence) / 2, df) * error
    high = min(1.0, value + reach)
    return Interval(low=value - reach, high=high, confidence=confidence, method=T_INTERVAL), None


def t_test(value: float, error: float | None, df: int) -> Test | None:
    if not error:
        return None
    t = value / error
    return Test(name="t", value=t, df=(df,), p=t_both_tails(t, df))
