"""A scale that values stand on: shares of its width, pieces of it, and its ticks."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

Number = int | float | Decimal

AT_EDGE = 4.0  # within this share of an end a word is not centred but turned inward
MOST_TICKS = 30


@dataclass(frozen=True)
class Span:
    """A piece of the width: where it begins and how wide it is, in per cent."""

    x: float
    width: float

    @property
    def end(self) -> float:
        """Where it ends, in per cent."""
        return short(self.x + self.width)


@dataclass(frozen=True)
class Tick:
    """A mark on the axis; the two at the ends are long."""

    x: float
    long: bool


def share(value: Number, minimum: Number, maximum: Number) -> float:
    """Return where a value stands between the two ends, in per cent, never outside 0 to 100."""
    width = float(maximum) - float(minimum)
    if width <= 0:
        raise ValueError(f"A scale needs room between {minimum} and {maximum}.")
    at = (float(value) - float(minimum)) / width * 100
    return short(min(100.0, max(0.0, at)))


def short(value: float) -> float:
    """Round to what a screen can show; whole numbers lose their point, since pages hold many."""
    rounded = round(value, 2)
    return int(rounded) if rounded == int(rounded) else rounded


def anchor(x: float) -> str:
    """Return how a word at x is anchored: inward near an end, else centred."""
    if x < AT_EDGE:
        return "start"
    return "end" if x > 100 - AT_EDGE else "middle"


def span(start: float, end: float) -> Span:
    """Return the piece from start to end, both in per cent."""
    return Span(start, short(end - start))


def ticks_of(minimum: Number, maximum: Number, step: Number | None) -> tuple[Tick, ...]:
    width = float(maximum) - float(minimum)
    each = float(step) if step else (1.0 if width <= MOST_TICKS else width / 10)
    if each <= 0 or width / each > 200:
        raise ValueError(f"Ticks every {each} do not fit a scale of {width}.")
    inner = [
        Tick(short(count * each / width * 100), long=False)
        for count in range(1, int(width / each) + 1)
        if count * each < width
    ]
    return (Tick(0, long=True), *inner, Tick(100, long=True))
