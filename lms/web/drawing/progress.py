"""What is done of a whole, and what was seen of a film."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lms.web.drawing.scale import Number, Span, Tick, share, span, ticks_of


@dataclass(frozen=True)
class ProgressLine:
    """What is done of a whole; `done` may have gaps, `here` is where the diamond stands."""

    done: tuple[Span, ...]
    ticks: tuple[Tick, ...]
    here: float | None


def progress_line(done: Number, total: Number) -> ProgressLine:
    """Place what is done of a whole; ticks stand where the parts are few enough to count."""
    if total <= 0:
        return ProgressLine((), (), None)
    at = share(done, 0, total)
    ticks = ticks_of(0, total, 1) if float(total) == int(total) and total <= 12 else ()
    return ProgressLine((Span(0.0, at),) if at > 0 else (), ticks, at)


def watched_line(
    ranges: Iterable[Sequence[Number]], seconds: Number, *, position: Number | None = None
) -> ProgressLine:
    """Place the ranges of a film that were seen, gaps and all.

    Args:
        ranges: pairs of seconds, in any order; they may overlap.
        seconds: how long the film is.
        position: where it would go on; by default no diamond.
    """
    if seconds <= 0:
        return ProgressLine((), (), None)
    merged: list[list[float]] = []
    for first, last in sorted((float(first), float(last)) for first, last in ranges):
        if merged and first <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], last)
        elif last > first:
            merged.append([first, last])
    spans = tuple(span(share(a, 0, seconds), share(b, 0, seconds)) for a, b in merged)
    return ProgressLine(spans, (), None if position is None else share(position, 0, seconds))
