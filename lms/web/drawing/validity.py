"""The validity line: from issue to end of a certificate, with today on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lms.web.drawing.scale import Span, share, span


@dataclass(frozen=True)
class ValidityLine:
    """From issue to end of a certificate, with today on it.

    Attributes:
        valid: where it holds; soon: the renewal window; past: time after its end or withdrawal.
        stop: where it ends, None if it has no end.
        today: where today is; the word stands above it and is anchored as `anchor` says.
    """

    valid: Span
    soon: Span | None
    past: Span | None
    stop: float | None
    today: float
    anchor: str
    stop_anchor: str


def validity_line(
    issued: date,
    expires: date | None,
    today: date,
    *,
    renew_from: date | None = None,
    revoked: date | None = None,
) -> ValidityLine:
    """Place issue, renewal window, end and today on one line.

    Args:
        expires: the last day on which it holds; None if it has no end.
        renew_from: the first day on which it may be renewed.
        revoked: the day on which it was withdrawn.

    Raises:
        ValueError: if it ends before it was issued.
    """
    if expires is not None and expires < issued:
        raise ValueError(f"It ends on {expires}, before it was issued on {issued}.")
    stops = min((day for day in (expires, revoked) if day is not None), default=None)
    last = max(day for day in (issued, expires, revoked, today) if day is not None)
    length = max(1, (last - issued).days)

    def at(day: date) -> float:
        return share((day - issued).days, 0, length)

    if stops is None:
        return ValidityLine(Span(0.0, 100.0), None, None, None, 50.0, "middle", "end")
    stop, here = at(stops), at(today)
    window = at(renew_from) if renew_from is not None and renew_from < stops else stop
    ended = stops < today or revoked is not None
    return ValidityLine(
        valid=span(0.0, window),
        soon=span(window, stop) if window < stop else None,
        past=span(stop, here) if ended and here > stop else None,
        stop=stop,
        today=here,
        anchor="start" if here < 6 else "end" if here > 94 else "middle",
        stop_anchor="end" if stop > 50 else "start",
    )
