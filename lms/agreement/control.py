"""Control charts of one rater's differences from the reference: EWMA and CUSUM.

Both look at differences in standard deviations of a typical rater, so that 0 is agreement and 1 is
one typical spread too high. How often they raise a false alarm is computed, not looked up.

Source:
    EWMA: Lucas and Saccucci (1990), Technometrics 32(1), 1-12. CUSUM and the Markov chain for both
    average run lengths: Brook and Evans (1972), Biometrika 59(3), 539-549.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from lms.agreement.quantiles import normal_tails
from lms.agreement.result import Misuse
from lms.errors import N_

if TYPE_CHECKING:
    import numpy as np

CELLS = 151
"""Into so many pieces a chart's range is cut to find its run length; two decimals stay the same."""
WARNING_SHARE = 2 / 3
"""A warning is due at this share of the limit, as on Shewhart's charts (2 of 3 sigma)."""


class Signal(StrEnum):
    """What a point of a chart says."""

    NONE = "none"
    WARNING = "warning"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ewma:
    """An exponentially weighted moving average, with limits that widen as on its first points.

    Args:
        weight: of the newest difference, above 0, at most 1.
        width: of the limits, in standard deviations of the average.
    """

    weight: float = 0.25
    width: float = 2.998

    def __post_init__(self) -> None:
        if not (0 < self.weight <= 1 and self.width > 0):
            raise Misuse(N_("An EWMA wants a weight above 0 and at most 1, and a width above 0."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cusum:
    """Two one-sided cumulative sums.

    Args:
        slack: what each difference may be off before it counts; half of the shift to be found.
        limit: of either sum.
    """

    slack: float = 0.5
    limit: float = 4.0

    def __post_init__(self) -> None:
        if not (self.slack >= 0 and self.limit > 0):
            raise Misuse(N_("A CUSUM wants a slack of 0 or more and a limit above 0."))


Chart = Ewma | Cusum


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One difference as the chart sees it.

    Args:
        difference: own less reference, in standard deviations.
        high, low: the statistic in either direction; on an EWMA chart low is the same as high.
        limit: beyond it (below minus it, on the low side) is an alarm.
    """

    difference: float
    high: float
    low: float
    limit: float

    @property
    def signal(self) -> Signal:
        reach = self.share
        if reach > 1:
            return Signal.ALARM
        return Signal.WARNING if reach > WARNING_SHARE else Signal.NONE

    @property
    def share(self) -> float:
        """How much of the way to the limit the statistic is, 1 = at the limit."""
        return max(self.high, -self.low) / self.limit

    @property
    def direction(self) -> int:
        """1 where it goes high, -1 where it goes low."""
        return 1 if self.high >= -self.low else -1


def points(chart: Chart, differences: Sequence[float]) -> tuple[Point, ...]:
    """Draw differences, in order of time, into a chart that starts at agreement.

    Args:
        differences: own less reference, in standard deviations of a typical rater.

    Raises:
        Misuse: if one is not a finite number.
    """
    if not all(math.isfinite(one) for one in differences):
        raise Misuse(N_("A control chart wants finite differences."))
    return _ewma(chart, differences) if isinstance(chart, Ewma) else _cusum(chart, differences)


def _ewma(chart: Ewma, differences: Sequence[float]) -> tuple[Point, ...]:
    average, found = 0.0, []
    for number, one in enumerate(differences, start=1):
        average = chart.weight * one + (1 - chart.weight) * average
        share = 1 - (1 - chart.weight) ** (2 * number)
        limit = chart.width * math.sqrt(chart.weight / (2 - chart.weight) * share)
        found.append(Point(difference=one, high=average, low=average, limit=limit))
    return tuple(found)


def _cusum(chart: Cusum, differences: Sequence[float]) -> tuple[Point, ...]:
    high = low = 0.0
    found = []
    for one in differences:
        high = max(0.0, high + one - chart.slack)
        low = min(0.0, low + one + chart.slack)
        found.append(Point(difference=one, high=high, low=low, limit=chart.limit))
    return tuple(found)


def run_length(chart: Chart, shift: float = 0.0) -> float:
    """Return after how many cases, on average, a rater who is off by a shift raises an alarm.

    For a shift of 0 that is the distance between false alarms. The EWMA's limits are taken as they
    are after its first points.

    Args:
        shift: constant difference from the reference, in standard deviations.
    """
    if isinstance(chart, Ewma):
        return _ewma_run_length(chart, shift)
    high, low = _one_sided(chart, shift), _one_sided(chart, -shift)
    return 1 / (1 / high + 1 / low)


def _ewma_run_length(chart: Ewma, shift: float) -> float:
    import numpy as np  # a tenth of a second, which who only draws a chart need not wait

    reach = chart.width * math.sqrt(chart.weight / (2 - chart.weight))
    step = 2 * reach / CELLS
    middles = -reach + step * (np.arange(CELLS) + 0.5)
    before = (1 - chart.weight) * middles[:, None]
    upper = (middles[None, :] + step / 2 - before) / chart.weight - shift
    lower = (middles[None, :] - step / 2 - before) / chart.weight - shift
    return _mean_time(normal_tails(upper) - normal_tails(lower), CELLS // 2)


def _one_sided(chart: Cusum, shift: float) -> float:
    import numpy as np

    step = 2 * chart.limit / (2 * CELLS - 1)
    middles = step * np.arange(CELLS)
    before = middles[:, None] - chart.slack + shift
    upper = normal_tails(middles[None, :] + step / 2 - before)
    lower = normal_tails(middles[None, :] - step / 2 - before)
    lower[:, 0] = 0  # what falls below 0 stays at 0
    return _mean_time(upper - lower, 0)


def _mean_time(moves: "np.ndarray", start: int) -> float:
    """Return the mean number of moves until the chain leaves, from the cell it starts in."""
    import numpy as np

    size = len(moves)
    return float(np.linalg.solve(np.eye(size) - moves, np.ones(size))[start])
