"""Krippendorff's alpha for any number of raters, four metrics and missing ratings.

Source:
    Krippendorff (2011), Computing Krippendorff's Alpha-Reliability; the interval resamples whole
    units with replacement, as Zapf, Castell, Morawietz and Karch (2016), BMC Medical Research
    Methodology 16, 93, recommend.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from lms.agreement.ratings import AVAILABLE, Kept, Matrix, Ratings, as_matrix, counts_of, rated_rows
from lms.agreement.result import Estimate, Interval, Misuse, checked_confidence
from lms.errors import N_


class Metric(StrEnum):
    """What makes two ratings differ."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alpha(Estimate):
    """Krippendorff's alpha.

    Args:
        seed, resamples: of the bootstrap; 0 resamples if none was asked for.
        undefined_resamples: those in which nothing varied; they are not in the interval.
    """

    seed: int
    resamples: int
    undefined_resamples: int


STATISTIC = N_("Krippendorff's alpha")
METHODS = {
    Metric.NOMINAL: N_("Observed over expected disagreement; any two categories differ alike."),
    Metric.ORDINAL: N_("Observed over expected disagreement; distances are in ranks."),
    Metric.INTERVAL: N_("Observed over expected disagreement; distances are squared differences."),
    Metric.RATIO: N_("Observed over expected disagreement; distances are relative to the sum."),
}
BOOTSTRAP = N_("Percentiles of a bootstrap over units with a stated seed.")
NO_PAIRS = N_("No subject has two ratings.")
NO_VARIATION = N_("All ratings that can be paired are the same, so chance explains all.")
NOT_ASKED = N_("No bootstrap was asked for.")
ONE_UNIT = N_("One subject gives no interval.")
UNSTEADY = N_("In most resamples nothing varied, so that there is no interval.")

CHUNK = 250


def alpha(
    ratings: Ratings,
    metric: Metric,
    *,
    confidence: float = 0.95,
    resamples: int = 2000,
    seed: int = 1,
) -> Alpha:
    """Reliability as one minus observed over expected disagreement.

    Args:
        ratings: n units by k raters; None or NaN where a rating is missing. Units with fewer
            than two ratings take no part.
        metric: ratio wants ratings from 0 on.
        resamples: how many bootstrap samples the interval takes; 0 for no interval.
        seed: of the bootstrap, so that it can be repeated.

    Returns:
        At most 1.0 (no unit); 0.0 is chance level. No value where no unit has two ratings or
        nothing varies.

    Raises:
        Misuse: if the ratings are no table of numbers, the metric is ratio and one is below 0,
            or the number of resamples is below 0.
    """
    checked_confidence(confidence)
    if resamples < 0:
        raise Misuse(N_("The number of resamples is 0 or more."))
    kept = rated_rows(as_matrix(ratings), 2, AVAILABLE)
    if metric is Metric.RATIO and (kept.values < 0).any():
        raise Misuse(N_("The ratio metric needs ratings from 0 on."))
    if not len(kept.values):
        return _undefined(kept, metric, NO_PAIRS, seed)
    scale = np.unique(kept.values[~np.isnan(kept.values)])
    if len(scale) < 2:
        return _undefined(kept, metric, NO_VARIATION, seed)
    counts = counts_of(kept.values, scale)
    value = float(_alphas(counts, scale, metric, np.ones((1, len(counts))))[0])
    drawn = _bootstrap(counts, scale, metric, resamples=resamples, seed=seed)
    undefined = int(np.isnan(drawn).sum())
    interval, no_interval = _interval(drawn[~np.isnan(drawn)], len(counts), resamples, confidence)
    return Alpha(
        value=value,
        statistic=STATISTIC,
        form=metric,
        method=METHODS[metric],
        sample=kept.sample,
        interval=interval,
        no_interval=no_interval,
        seed=seed,
        resamples=resamples,
        undefined_resamples=undefined,
    )


def _undefined(kept: Kept, metric: Metric, reason: str, seed: int) -> Alpha:
    return Alpha(
        value=None, reason=reason, no_interval=reason, statistic=STATISTIC, form=metric,
        method=METHODS[metric], sample=kept.sample, seed=seed, resamples=0, undefined_resamples=0,
    )  # fmt: skip


def _alphas(counts: Matrix, scale: Matrix, metric: Metric, times: Matrix) -> Matrix:
    """Alpha of each resample; NaN where nothing varies in it.

    Args:
        counts: units by categories.
        times: resamples by units, how often each unit was drawn.
    """
    totals = times @ counts
    ratings = totals.sum(axis=1)
    seen, expected = _disagreement(counts, scale, metric, times, totals)
    varies = (np.count_nonzero(totals, axis=1) > 1) & (expected > 0)
    found = np.full(len(times), np.nan)
    found[varies] = 1 - (ratings[varies] - 1) * np.maximum(seen, 0)[varies] / expected[varies]
    return found


def _disagreement(
    counts: Matrix, scale: Matrix, metric: Metric, times: Matrix, totals: Matrix
) -> tuple[Matrix, Matrix]:
    """Sums of squared distances within units and over all ratings, for each resample."""
    raters, of_all = counts.sum(axis=1), totals.sum(axis=1)
    if metric is Metric.NOMINAL:
        within = (raters**2 - (counts**2).sum(axis=1)) / (raters - 1)
        return times @ within, of_all**2 - (totals**2).sum(axis=1)
    if metric is Metric.RATIO:
        apart = _ratio_distances(scale)
        within = ((counts @ apart) * counts).sum(axis=1) / (raters - 1)
        return times @ within, ((totals @ apart) * totals).sum(axis=1)
    if metric is Metric.ORDINAL:  # differences of mid-ranks, which each resample has anew
        places = np.cumsum(totals, axis=1) - totals / 2
    else:
        places = (scale - scale.mean())[None, :]
    within = 2 * (raters * (places**2 @ counts.T) - (places @ counts.T) ** 2) / (raters - 1)
    means = (totals * places).sum(axis=1, keepdims=True) / of_all[:, None]
    expected = 2 * of_all * (totals * (places - means) ** 2).sum(axis=1)
    return (times * within).sum(axis=1), expected


def _ratio_distances(scale: Matrix) -> Matrix:
    """Squared differences of any two values relative to their sums; 0 for two noughts."""
    whole = scale[:, None] + scale[None, :]
    apart = scale[:, None] - scale[None, :]
    return np.divide(apart, whole, out=np.zeros_like(whole), where=whole > 0) ** 2


def _bootstrap(
    counts: Matrix, scale: Matrix, metric: Metric, *, resamples: int, seed: int
) -> Matrix:
    n = len(counts)
    random = np.random.default_rng(seed)
    parts = []
    for start in range(0, resamples, CHUNK):
        times = random.multinomial(n, np.full(n, 1 / n), size=min(CHUNK, resamples - start))
        parts.append(_alphas(counts, scale, metric, times.astype(np.float64)))
    return np.concatenate(parts) if parts else np.empty(0)


def _interval(
    drawn: NDArray[np.float64], units: int, resamples: int, confidence: float
) -> tuple[Interval | None, str | None]:
    if resamples == 0 or units < 2:
        return None, NOT_ASKED if resamples == 0 else ONE_UNIT
    if len(drawn) < resamples / 2:
        return None, UNSTEADY
    tail = (1 - confidence) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail]).tolist()
    return Interval(low=low, high=high, confidence=confidence, method=BOOTSTRAP), None
