"""The intraclass correlation in its six forms, with intervals and F tests.

Source:
    Shrout and Fleiss (1979), Psychological Bulletin 86(2), 420-428; McGraw and Wong (1996),
    Psychological Methods 1(1), 30-46, whose names stand beside the older ones.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from lms.agreement.quantiles import f_quantile, f_upper_tail
from lms.agreement.ratings import (
    TOO_FEW_RATERS,
    TOO_FEW_SUBJECTS,
    Kept,
    Ratings,
    as_matrix,
    complete_rows,
)
from lms.agreement.result import Estimate, Interval, Test, checked_confidence
from lms.agreement.variance import MeanSquares, mean_squares
from lms.errors import N_

Bounds = tuple[float, float]


class IccForm(StrEnum):
    """Shrout and Fleiss's names; `mcgraw_wong` gives the others."""

    ICC_1_1 = "ICC(1,1)"
    ICC_2_1 = "ICC(2,1)"
    ICC_3_1 = "ICC(3,1)"
    ICC_1_K = "ICC(1,k)"
    ICC_2_K = "ICC(2,k)"
    ICC_3_K = "ICC(3,k)"

    @property
    def mcgraw_wong(self) -> str:
        letter = {"1": "", "2": "A,", "3": "C,"}[self.value[4]]
        return f"ICC({letter}{self.value[6]})"

    @property
    def of_mean(self) -> bool:
        """Whether it describes the mean of the k raters, and not one rater."""
        return self.value[6] == "k"


@dataclass(frozen=True, slots=True, kw_only=True)
class Icc(Estimate):
    """An intraclass correlation; its mean squares are None where there are too few ratings."""

    mean_squares: MeanSquares | None = None


STATISTIC = N_("Intraclass correlation")
METHODS = {
    "1": N_("One-way random effects: each subject may have raters of its own."),
    "2": N_("Two-way effects, absolute agreement: differences between raters count as error."),
    "3": N_("Two-way effects, consistency: constant differences between raters do not count."),
}
ONE_WAY_INTERVAL = N_("From the F distribution of the one-way mean squares.")
CONSISTENCY_INTERVAL = N_("From the F distribution of the two-way mean squares.")
ABSOLUTE_INTERVAL = N_("From the F distribution with Satterthwaite's degrees of freedom.")
NO_VARIATION = N_("All ratings are the same, so there is no variation to explain.")
NO_SUBJECT_VARIATION = N_(
    "The subjects' means hardly differ: less than the error alone would make them differ."
)
EXACT = N_("No error is left over, so that there is nothing to build an interval from.")
ROUNDING = 1e-12
"""A denominator below this share of the mean squares is nothing but their rounding."""
NO_BOUNDS = N_("The formula gives no finite interval for these ratings.")


def icc(ratings: Ratings, form: IccForm, *, confidence: float = 0.95) -> Icc:
    """One form of the intraclass correlation.

    Args:
        ratings: n subjects by k raters, None or NaN where a rating is missing; subjects that
            miss one are left out.

    Returns:
        At most 1.0 (no unit); it may fall below 0 where raters differ more within subjects than
        subjects do. No value where nothing varies or the formula's denominator is not above 0.

    Raises:
        Misuse: if the ratings are no table of numbers.
    """
    checked_confidence(confidence)
    kept = complete_rows(as_matrix(ratings))
    if kept.sample.raters < 2:
        return _undefined(form, kept, TOO_FEW_RATERS)
    if kept.sample.subjects < 2:
        return _undefined(form, kept, TOO_FEW_SUBJECTS)
    return _from_mean_squares(form, mean_squares(kept.values), kept, confidence)


def all_forms(ratings: Ratings, *, confidence: float = 0.95) -> tuple[Icc, ...]:
    """All six forms, in the order of `IccForm`."""
    matrix = as_matrix(ratings)
    return tuple(icc(matrix, form, confidence=confidence) for form in IccForm)


def _undefined(form: IccForm, kept: Kept, reason: str, ms: MeanSquares | None = None) -> Icc:
    return Icc(
        value=None,
        reason=reason,
        statistic=STATISTIC,
        form=_signs(form),
        method=METHODS[form.value[4]],
        sample=kept.sample,
        no_interval=reason,
        mean_squares=ms,
    )


def _signs(form: IccForm) -> str:
    return f"{form} = {form.mcgraw_wong}"


def _from_mean_squares(form: IccForm, ms: MeanSquares, kept: Kept, confidence: float) -> Icc:
    above, below = _ratio(form, ms)
    if below <= ROUNDING * (ms.between + ms.within + ms.raters + ms.error):
        return _undefined(form, kept, NO_SUBJECT_VARIATION if ms.within else NO_VARIATION, ms)
    value = above / below
    bounds, how = _bounds(form, ms, 1 - (1 - confidence) / 2)
    interval = None
    if bounds and all(map(math.isfinite, bounds)) and bounds[0] <= value <= bounds[1]:
        interval = Interval(low=bounds[0], high=bounds[1], confidence=confidence, method=how)
    return Icc(
        value=value,
        statistic=STATISTIC,
        form=_signs(form),
        method=METHODS[form.value[4]],
        sample=kept.sample,
        interval=interval,
        no_interval=None if interval else (NO_BOUNDS if bounds else EXACT),
        test=_f_test(form, ms),
        mean_squares=ms,
    )


def _ratio(form: IccForm, ms: MeanSquares) -> Bounds:
    """Numerator and denominator of the point estimate."""
    b, w, j, e, n, k = ms.between, ms.within, ms.raters, ms.error, ms.n, ms.k
    return {
        IccForm.ICC_1_1: (b - w, b + (k - 1) * w),
        IccForm.ICC_2_1: (b - e, b + (k - 1) * e + k * (j - e) / n),
        IccForm.ICC_3_1: (b - e, b + (k - 1) * e),
        IccForm.ICC_1_K: (b - w, b),
        IccForm.ICC_2_K: (b - e, b + (j - e) / n),
        IccForm.ICC_3_K: (b - e, b),
    }[form]


def _error(form: IccForm, ms: MeanSquares) -> tuple[float, int]:
    """The mean square that the subjects' is held against, and its degrees of freedom."""
    if form.value[4] == "1":
        return ms.within, ms.n * (ms.k - 1)
    return ms.error, (ms.n - 1) * (ms.k - 1)


def _f_test(form: IccForm, ms: MeanSquares) -> Test | None:
    error, df = _error(form, ms)
    if error == 0:
        return None
    f = ms.between / error
    return Test(name="F", value=f, df=(ms.n - 1, df), p=f_upper_tail(f, ms.n - 1, df))


def _bounds(form: IccForm, ms: MeanSquares, p: float) -> tuple[Bounds | None, str]:
    """Bounds at the upper quantile p; None where there is no error to build them from."""
    if form.value[4] == "2":
        return _absolute(form, ms, p), ABSOLUTE_INTERVAL
    how = ONE_WAY_INTERVAL if form.value[4] == "1" else CONSISTENCY_INTERVAL
    error, df = _error(form, ms)
    if error == 0:
        return None, how
    f, n, k = ms.between / error, ms.n, ms.k
    low, high = f / f_quantile(p, n - 1, df), f * f_quantile(p, df, n - 1)
    if form.of_mean:
        return _each(lambda bound: 1 - 1 / bound if bound else -math.inf, low, high), how
    return _each(lambda bound: (bound - 1) / (bound + k - 1), low, high), how


def _absolute(form: IccForm, ms: MeanSquares, p: float) -> Bounds | None:
    """Bounds of ICC(A,1), stepped up for the mean of k raters."""
    b, j, e, n, k = ms.between, ms.raters, ms.error, ms.n, ms.k
    df = _satterthwaite(ms)
    if df is None:
        return None
    f_low, f_high = f_quantile(p, n - 1, df), f_quantile(p, df, n - 1)
    rest = k * j + (k * n - k - n) * e
    below_low, below_high = f_low * rest + n * b, rest + n * f_high * b
    if below_low <= 0 or below_high <= 0:
        return -math.inf, math.inf
    low, high = n * (b - f_low * e) / below_low, n * (f_high * b - e) / below_high
    if not form.of_mean:
        return low, high
    return _each(
        lambda r: k * r / (1 + r * (k - 1)) if 1 + r * (k - 1) > 0 else -math.inf, low, high
    )


def _satterthwaite(ms: MeanSquares) -> float | None:
    """Degrees of freedom of the error in ICC(A,1); None where there is no error."""
    above, below = _ratio(IccForm.ICC_2_1, ms)
    r, n, k = above / below if below > 0 else 0.0, ms.n, ms.k
    from_raters = k * r * ms.raters
    from_error = (n * (1 + (k - 1) * r) - k * r) * ms.error
    spread = (n - 1) * from_raters**2 + from_error**2
    if spread == 0 or not math.isfinite(spread):
        return None
    return (k - 1) * (n - 1) * (from_raters + from_error) ** 2 / spread or None


def _each(change: Callable[[float], float], low: float, high: float) -> Bounds:
    return change(low), change(high)
