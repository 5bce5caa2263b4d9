"""A figure from try to try: one point each, joined where there is a next one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

LEFT, RIGHT, TOP, BOTTOM = 50.0, 356.0, 12.0, 92.0
MOST_WORDS = 8  # tries that are named under the axis
MOST_DOTS = 60  # more of them would touch
GRID = 4  # pieces between the lowest and the highest value


@dataclass(frozen=True)
class TrendMark:
    """A value and where it stands on its axis."""

    at: float
    value: float


@dataclass(frozen=True)
class TrendDot:
    """One try."""

    x: float
    y: float
    value: float


@dataclass(frozen=True)
class TrendChart:
    """Values from try to try, in the units of the drawing's viewBox (372 wide, 112 high).

    Attributes:
        lines: the points of each unbroken piece, as SVG writes them.
        dots: none where there are too many to be told apart.
        up: values on the upright axis; across: numbers of tries.
    """

    lines: tuple[str, ...]
    dots: tuple[TrendDot, ...]
    up: tuple[TrendMark, ...]
    across: tuple[TrendMark, ...]


def trend_chart(values: Sequence[float | None], *, highest: float | None = None) -> TrendChart:
    """Place the marks of a trend.

    Args:
        values: one a try, oldest first, none below 0; None where a try has no such figure.
        highest: the upper end of the scale; by default a round figure above all values, at least 1.

    Raises:
        ValueError: if there is no value at all.
    """
    known = [value for value in values if value is not None]
    if not known:
        raise ValueError("A trend needs at least one value.")
    top = highest if highest is not None else _round_up(max(known))
    last = max(1, len(values) - 1)
    placed = [
        None
        if value is None
        else TrendDot(
            x=_place(number / last, LEFT, RIGHT), y=_place(value / top, BOTTOM, TOP), value=value
        )
        for number, value in enumerate(values)
    ]
    step = ceil(len(values) / MOST_WORDS)
    return TrendChart(
        lines=tuple(_pieces(placed)),
        dots=tuple(dot for dot in placed if dot) if len(placed) <= MOST_DOTS else (),
        up=tuple(
            TrendMark(_place(share / GRID, BOTTOM, TOP), top * share / GRID)
            for share in range(0, GRID + 1, 2)
        ),
        across=tuple(
            TrendMark(_place(number / last, LEFT, RIGHT), number + 1)
            for number in range(0, len(values), step)
        ),
    )


def _place(share: float, start: float, end: float) -> float:
    return round(start + min(1.0, share) * (end - start), 1)


def _round_up(value: float) -> float:
    """Return a round figure that is at least as large: 1, 2 or 4 times a power of ten."""
    size = 1.0
    while True:
        for step in (1, 2, 4):
            if value <= size * step:
                return size * step
        size *= 10


def _pieces(placed: Sequence[TrendDot | None]) -> list[str]:
    pieces: list[list[TrendDot]] = [[]]
    for dot in placed:
        if dot is None:
            pieces.append([])
        else:
            pieces[-1].append(dot)
    return [" ".join(f"{dot.x:g},{dot.y:g}" for dot in piece) for piece in pieces if len(piece) > 1]
