"""Quantiles and tails of the distributions used here; scipy.special is imported when first asked.

`scipy.special` costs about half a second and 29 MB at its first import; `scipy.stats` costs three
times as much and would give nothing more.
"""

import math
from statistics import NormalDist
from typing import Any


def normal_quantile(p: float) -> float:
    return NormalDist().inv_cdf(p)


def normal_both_tails(z: float) -> float:
    """The chance of a standard normal value at least as far from 0."""
    return math.erfc(abs(z) / math.sqrt(2))


def t_quantile(p: float, df: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(df, p))


def t_both_tails(t: float, df: float) -> float:
    from scipy.special import stdtr

    return float(2 * stdtr(df, -abs(t)))


def f_quantile(p: float, df1: float, df2: float) -> float:
    from scipy.special import fdtri

    return float(fdtri(df1, df2, p))


def f_upper_tail(f: float, df1: float, df2: float) -> float:
    from scipy.special import fdtrc

    return float(fdtrc(df1, df2, f))


def chi2_quantile(p: float, df: float) -> float:
    from scipy.special import chdtri

    return float(chdtri(df, 1 - p))


def normal_tails(z: Any) -> Any:
    """Return the chances that a standard normal value is at most each of an array."""
    from scipy.special import ndtr

    return ndtr(z)
