"""A control chart: a figure from case to case, between two limits about agreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

LEFT, RIGHT, TOP, BOTTOM = 50.0, 356.0, 10.0, 150.0
MOST_WORDS = 8  # cases that are named under the axis
LEAST_REACH = 1.25  # of the axis, in limits, so that the limits are never its edge


@dataclass(frozen=True)
class ControlMark:
    """A value and where it stands on its axis."""

    at: float
    value: float


@dataclass(frozen=True)
class ControlDot:
    """One case: where its figure stands, and whether it is near a limit or beyond it."""

    x: float
    y: float
    near: bool
    beyond: bool


@dataclass(frozen=True)
class ControlChart:
    """Figures from case to case, in the units of the drawing's viewBox (372 wide, 172 high).

    Attributes:
        lines: one for each figure that is followed, as SVG writes points.
        dots: of the figure that is farther from agreement, case by case.
        upper, lower: the limits, as SVG writes points.
        zero: where agreement is.
        up: values on the upright axis; across: numbers of cases.
    """

    lines: tuple[str, ...]
    dots: tuple[ControlDot, ...]
    upper: str
    lower: str
    zero: float
    up: tuple[ControlMark, ...]
    across: tuple[ControlMark, ...]


def control_chart(
    highs: Sequence[float], lows: Sequence[float], limits: Sequence[float], *, near: float
) -> ControlChart:
    """Place the marks of a control chart.

    Args:
        highs, lows: the figure in either direction, one a case; the same where it is one figure.
        limits: above 0, one a case.
        near: from which share of the limit on a case is near it.

    Raises:
        ValueError: if there is no case.
    """
    if not highs:
        raise ValueError("A control chart needs at least one case.")
    reach = max(LEAST_REACH * max(limits), *(abs(value) * 1.1 for value in (*highs, *lows)))
    middle = (TOP + BOTTOM) / 2

    def up(value: float) -> float:
        return round(middle - value / reach * (BOTTOM - TOP) / 2, 2)

    def across(number: int) -> float:
        return round(LEFT + (RIGHT - LEFT) * (number + 0.5) / len(highs), 2)

    def way(values: Sequence[float]) -> str:
        return " ".join(f"{across(n)},{up(value)}" for n, value in enumerate(values))

    farther = [h if h >= -low else low for h, low in zip(highs, lows, strict=True)]
    step = ceil(len(highs) / MOST_WORDS)
    return ControlChart(
        lines=tuple(dict.fromkeys((way(highs), way(lows)))),
        dots=tuple(
            ControlDot(across(n), up(value), abs(value) > near * limit, abs(value) > limit)
            for n, (value, limit) in enumerate(zip(farther, limits, strict=True))
        ),
        upper=_ends_out(way(limits)),
        lower=_ends_out(way([-limit for limit in limits])),
        zero=up(0),
        up=tuple(ControlMark(up(value), value) for value in (-limits[-1], 0.0, limits[-1])),
        across=tuple(ControlMark(across(n), n + 1) for n in range(0, len(highs), step)),
    )


def _ends_out(points: str) -> str:
    """Draw a limit from edge to edge, also where there is one case only."""
    pairs = points.split()
    first, last = pairs[0].partition(",")[2], pairs[-1].partition(",")[2]
    return " ".join((f"{LEFT},{first}", *pairs, f"{RIGHT},{last}"))
