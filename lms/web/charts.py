"""Where the marks of a chart stand: pure geometry in the units of its viewBox."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count
from math import ceil, floor, sqrt

from lms.web.drawing import Number

LEFT, RIGHT, TOP, BOTTOM = 36.0, 286.0, 14.0, 206.0


@dataclass(frozen=True)
class Mark:
    """A value on an axis and where it stands."""

    at: float
    value: float


@dataclass(frozen=True)
class Point:
    """One or several equal points; the more there are, the larger."""

    x: float
    y: float
    radius: float
    count: int


@dataclass(frozen=True)
class BlandAltman:
    """Differences (up) against the panel's value (across), with bias and limits of agreement.

    Attributes:
        band: y and height of the tolerance, None if none was given.
        zero: y of no difference.
    """

    points: tuple[Point, ...]
    across: tuple[Mark, ...]
    up: tuple[Mark, ...]
    band: tuple[float, float] | None
    zero: float
    bias: Mark | None
    lower: Mark | None
    upper: Mark | None
    labels: tuple[tuple[float, Mark], ...]


def bland_altman(
    pairs: Iterable[tuple[Number, Number]],
    *,
    tolerance: Number | None = None,
    bias: Number | None = None,
    limits: tuple[Number, Number] | None = None,
) -> BlandAltman:
    """Place the marks of a Bland-Altman chart.

    Args:
        pairs: (the panel's value, yours minus the panel's), one a rating.
        tolerance: half the height of the band, in points of the scale.
        bias, limits: mean difference and limits of agreement, computed elsewhere.

    Raises:
        ValueError: if there is no pair.
    """
    counted = Counter((float(panel), float(difference)) for panel, difference in pairs)
    if not counted:
        raise ValueError("A chart needs at least one pair.")
    panels = [panel for panel, _ in counted]
    low, high = floor(min(panels)), ceil(max(panels))
    high = high if high > low else low + 1
    reach = _reach(counted, tolerance, limits)

    def x(value: float) -> float:
        return round(LEFT + (value - low) / (high - low) * (RIGHT - LEFT), 1)

    def y(value: float) -> float:
        return round(BOTTOM - (value + reach) / (2 * reach) * (BOTTOM - TOP), 1)

    def mark(value: Number) -> Mark:
        return Mark(y(float(value)), float(value))

    bias_mark = None if bias is None else mark(bias)
    lower, upper = (None, None) if limits is None else (mark(limits[0]), mark(limits[1]))
    return BlandAltman(
        points=tuple(_point(x(a), y(b), count) for (a, b), count in sorted(counted.items())),
        across=tuple(Mark(x(value), value) for value in _steps(low, high, 8)),
        up=tuple(mark(value) for value in _steps(-reach, reach, 8)),
        band=_band(y, tolerance),
        zero=y(0.0),
        bias=bias_mark,
        lower=lower,
        upper=upper,
        labels=_apart([m for m in (upper, bias_mark, lower) if m is not None]),
    )


def _reach(
    counted: Counter[tuple[float, float]],
    tolerance: Number | None,
    limits: tuple[Number, Number] | None,
) -> int:
    """Return the largest difference that the chart must show, a whole number."""
    widest = max(abs(difference) for _, difference in counted)
    for value in (tolerance, *(limits or ())):
        widest = max(widest, abs(float(value))) if value is not None else widest
    return max(1, ceil(widest + 0.25))


def _band(y: Callable[[float], float], tolerance: Number | None) -> tuple[float, float] | None:
    if tolerance is None:
        return None
    top, bottom = y(float(tolerance)), y(-float(tolerance))
    return top, round(bottom - top, 1)


def _steps(low: float, high: float, most: int) -> list[float]:
    """Return round values from low to high, at most about `most` of them, 0 among them."""
    raw = (high - low) / most
    sizes = (size * 10**power for power in count() for size in (1, 2, 5))
    step = next(size for size in sizes if size >= raw)
    return [float(n * step) for n in range(ceil(low / step), floor(high / step) + 1)]


def _point(x: float, y: float, count: int) -> Point:
    return Point(x, y, round(min(9.0, 3.4 + 1.7 * sqrt(count)), 1), count)


def _apart(marks: list[Mark]) -> tuple[tuple[float, Mark], ...]:
    """Give each mark's word a height of its own, 13 units apart at least, from top to bottom."""
    placed: list[tuple[float, Mark]] = []
    for mark in sorted(marks, key=lambda mark: mark.at):
        lowest = placed[-1][0] + 13 if placed else mark.at
        placed.append((round(max(mark.at, lowest), 1), mark))
    return tuple(placed)
