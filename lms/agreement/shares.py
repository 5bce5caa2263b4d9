"""A share with its interval: how sure a proportion of few is."""

import math

from lms.agreement.quantiles import normal_quantile
from lms.agreement.result import Interval
from lms.errors import N_

WILSON = N_("Wilson's score interval of a proportion.")


def share_interval(n: int, of: int, confidence: float = 0.95) -> Interval | None:
    """Return the interval of a proportion; None of nobody.

    Args:
        n: how many, of `of`.
        confidence: 0..1.

    Raises:
        ValueError: if n is not from 0 to `of`.

    Source:
        Wilson (1927), Journal of the American Statistical Association 22, 209-212.
    """
    if not 0 <= n <= of:
        raise ValueError("a part of a whole is from 0 to the whole")
    if of == 0:
        return None
    z = normal_quantile(1 - (1 - confidence) / 2)
    share = n / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    reach = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    low = 0.0 if n == 0 else middle - reach
    high = 1.0 if n == of else middle + reach
    return Interval(low=low, high=high, confidence=confidence, method=WILSON)
