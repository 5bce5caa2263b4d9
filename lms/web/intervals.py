"""Where a figure and its interval stand on a line: pure geometry, as in `drawing`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor

from lms.web.drawing import Number, Span

MARGIN = 3.0
"""Per cent of the width that stay free at both ends, so that a mark at the end is whole."""


@dataclass(frozen=True)
class IntervalLine:
    """A figure with its interval, as shares of the width in per cent.

    Attributes:
        span: the interval, cut at the ends of the scale; None where there is none.
        at: the figure; None where there is none.
        zero: where no agreement, or no difference, is; None if it is not on the scale.
        marks: shares at which the scale is marked, its ends among them.
    """

    span: Span | None
    at: float | None
    zero: float | None
    marks: tuple[float, ...]


@dataclass(frozen=True)
class Scale:
    """The two ends of a scale that lines of one table share, and its marks."""

    minimum: float
    maximum: float
    marks: tuple[float, ...]

    def share(self, value: Number) -> float:
        """Where a value stands, in per cent of the width; what is outside stands at the end."""
        place = (float(value) - self.minimum) / (self.maximum - self.minimum)
        return round(MARGIN + (100 - 2 * MARGIN) * min(1.0, max(0.0, place)), 2)

    def line(
        self, value: Number | None, interval: tuple[Number, Number] | None = None
    ) -> IntervalLine:
        span = None
        if interval is not None:
            low, high = (self.share(end) for end in interval)
            span = Span(low, round(max(high - low, 0.4), 2))
        return IntervalLine(
            span=span,
            at=None if value is None else self.share(value),
            zero=self.share(0) if self.minimum <= 0 <= self.maximum else None,
            marks=tuple(self.share(mark) for mark in self.marks),
        )


def coefficient_scale(values: Iterable[Number | None]) -> Scale:
    """From 0 to 1, or from as far below 0 as is needed in halves, -1 at the most."""
    lowest = min((float(value) for value in values if value is not None), default=0.0)
    bottom = max(-1.0, min(0.0, floor(lowest * 2) / 2))
    return Scale(bottom, 1.0, (bottom, 0.0, 0.5, 1.0))


def difference_scale(values: Iterable[Number | None]) -> Scale:
    """As far to both sides of 0 as the largest value needs."""
    widest = max((abs(float(value)) for value in values if value is not None), default=1.0)
    reach = float(max(1, ceil(widest)))
    return Scale(-reach, reach, (-reach, 0.0, reach))
