"""Where the marks of a drawing stand: pure geometry for the SVG macros, no words and no markup.

A line is an SVG without viewBox: x is a share of the width in per cent, y is in pixels, so that
it stretches and never distorts. Values run left to right in every language.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

Number = int | float | Decimal

DOTS_AT = 25.5  # y of the lowest row of dots, above the axis
ROW = 5.6  # from one dot of a stack to the next
TOUCHING = 1.4  # dots closer than this share of the width are stacked
NEAR_END = 13.0  # the word at an end gives way to your own figure within this share
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
        return _short(self.x + self.width)


@dataclass(frozen=True)
class Tick:
    """A mark on the axis; the two at the ends are long."""

    x: float
    long: bool


@dataclass(frozen=True)
class Dot:
    """One panel rater."""

    x: float
    y: float


@dataclass(frozen=True)
class Word:
    """A figure under the line; `own` is the rater's and stands in bold."""

    x: float
    value: Number
    anchor: str
    own: bool = False


@dataclass(frozen=True)
class AgreementLine:
    """The house's drawing: a scale with a tolerance band, panel dots and the rater's diamond.

    Attributes:
        drop: pixels by which everything under the dots moves down for tall stacks.
        own: where the diamond stands, None for a line without one.
        outside: the diamond is outside the band, so it is drawn hollow.
        reach: from the band to the diamond, where it is outside.
        minimum, maximum, low, high, value: what was given, for the sentence that says the same.
        spread: the lowest and the highest of the panel.
        required: the band is what a criterion asks for and not a tolerance.
    """

    height: int
    drop: float
    band: Span | None
    ticks: tuple[Tick, ...]
    dots: tuple[Dot, ...]
    radius: float
    own: float | None
    outside: bool
    reach: Span | None
    words: tuple[Word, ...]
    minimum: Number
    maximum: Number
    low: Number | None
    high: Number | None
    value: Number | None
    spread: tuple[Number, Number] | None = None
    required: bool = False

    @property
    def axis_y(self) -> float:
        """Where the axis and the diamond are."""
        return 38 + self.drop

    @property
    def tick_y(self) -> float:
        """Where short ticks end."""
        return 42 + self.drop

    @property
    def long_tick_y(self) -> float:
        """Where the ticks at the ends of the scale end."""
        return 44 + self.drop

    @property
    def band_height(self) -> float:
        """How tall the band is."""
        return 40 + self.drop

    @property
    def limit_y(self) -> float:
        """Where the limits of the band end."""
        return 46 + self.drop

    @property
    def word_y(self) -> float:
        """Where the figures stand."""
        return 60 + self.drop


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


@dataclass(frozen=True)
class ProgressLine:
    """What is done of a whole; `done` may have gaps, `here` is where the diamond stands."""

    done: tuple[Span, ...]
    ticks: tuple[Tick, ...]
    here: float | None


def _share(value: Number, minimum: Number, maximum: Number) -> float:
    """Return where a value stands between the two ends, in per cent, never outside 0 to 100."""
    width = float(maximum) - float(minimum)
    if width <= 0:
        raise ValueError(f"A scale needs room between {minimum} and {maximum}.")
    share = (float(value) - float(minimum)) / width * 100
    return _short(min(100.0, max(0.0, share)))


def _short(value: float) -> float:
    """Round to what a screen can show; whole numbers lose their point, since pages hold many."""
    rounded = round(value, 2)
    return int(rounded) if rounded == int(rounded) else rounded


def _anchor(x: float) -> str:
    if x < AT_EDGE:
        return "start"
    return "end" if x > 100 - AT_EDGE else "middle"


def _span(start: float, end: float) -> Span:
    return Span(start, _short(end - start))


def agreement_line(
    minimum: Number,
    maximum: Number,
    *,
    own: Number | None = None,
    panel: Iterable[Number] = (),
    band: tuple[Number, Number] | None = None,
    step: Number | None = None,
    words: Sequence[Number] = (),
) -> AgreementLine:
    """Place the marks of one agreement line.

    Args:
        minimum, maximum: the ends of the scale.
        own: the rater's value; None draws no diamond (not scored, NA).
        panel: one value a panel rater.
        band: the ends of the tolerance, both inside; None for no band. One that reaches
            over an end of the scale is cut there.
        step: distance of the ticks; by default 1 where there is room, else a tenth.
        words: further values that are written under the line (the ends always are).

    Raises:
        ValueError: if the scale has no room, or the band is upside down.
    """
    if band is not None and band[0] > band[1]:
        raise ValueError(f"The band ends at {band[1]}, before it begins at {band[0]}.")
    at = None if own is None else _share(own, minimum, maximum)
    drawn = None
    if band is not None:
        drawn = _span(_share(band[0], minimum, maximum), _share(band[1], minimum, maximum))
    outside = own is not None and band is not None and not band[0] <= own <= band[1]
    raters = sorted(panel)
    dots, radius, extra = _stack([_share(value, minimum, maximum) for value in raters])
    return AgreementLine(
        height=round(62 + extra),
        drop=extra,
        band=drawn,
        ticks=_ticks(minimum, maximum, step),
        dots=dots,
        radius=radius,
        own=at,
        outside=outside,
        reach=_reach(drawn, at) if outside else None,
        words=_words(minimum, maximum, own, words),
        minimum=minimum,
        maximum=maximum,
        low=band[0] if band else None,
        high=band[1] if band else None,
        value=own,
        spread=(raters[0], raters[-1]) if raters else None,
    )


def criterion_line(
    value: Number | None,
    *,
    maximum: Number,
    at_least: Number | None = None,
    at_most: Number | None = None,
    minimum: Number = 0,
) -> AgreementLine:
    """Place the marks of a criterion: the band is what is required.

    Args:
        value: what was reached; None if nothing yet.
        at_least, at_most: what is required; one of the two.

    Raises:
        ValueError: if not exactly one of the two is given.
    """
    if (at_least is None) == (at_most is None):
        raise ValueError("A criterion asks for at least or for at most.")
    low = minimum if at_least is None else at_least
    high = maximum if at_most is None else at_most
    line = agreement_line(minimum, maximum, own=value, band=(low, high))
    return replace(line, required=True)


def _stack(shares: list[float]) -> tuple[tuple[Dot, ...], float, float]:
    """Stack dots that would touch; return them, their radius and the pixels that are needed."""
    rows: list[tuple[float, int]] = []
    column, row = -TOUCHING, 0
    for share in sorted(shares):
        row = row + 1 if share - column < TOUCHING else 0
        if row == 0:
            column = share
        rows.append((share, row))
    tallest = max((row for _, row in rows), default=0)
    pitch = ROW if tallest <= 9 else ROW * 9 / tallest
    extra = max(0, _short((tallest - 3) * pitch))
    base = DOTS_AT + extra
    radius = round(min(2.6, pitch * 0.46), 2)
    return tuple(Dot(x, _short(base - row * pitch)) for x, row in rows), radius, extra


def _ticks(minimum: Number, maximum: Number, step: Number | None) -> tuple[Tick, ...]:
    width = float(maximum) - float(minimum)
    each = float(step) if step else (1.0 if width <= MOST_TICKS else width / 10)
    if each <= 0 or width / each > 200:
        raise ValueError(f"Ticks every {each} do not fit a scale of {width}.")
    inner = [
        Tick(_short(count * each / width * 100), long=False)
        for count in range(1, int(width / each) + 1)
        if count * each < width
    ]
    return (Tick(0, long=True), *inner, Tick(100, long=True))


def _reach(band: Span | None, at: float | None) -> Span | None:
    if band is None or at is None:
        return None
    return _span(at, band.x) if at < band.x else _span(band.end, at)


def _words(
    minimum: Number, maximum: Number, own: Number | None, further: Sequence[Number]
) -> tuple[Word, ...]:
    own_at = None if own is None else _share(own, minimum, maximum)
    placed: list[Word] = []
    if own is not None and own_at is not None:
        placed.append(Word(own_at, own, _anchor(own_at), own=True))
    for value in (minimum, maximum, *further):
        at = _share(value, minimum, maximum)
        if all(abs(at - word.x) >= NEAR_END for word in placed):
            placed.append(Word(at, value, _anchor(at)))
    return tuple(placed)


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
        return _share((day - issued).days, 0, length)

    if stops is None:
        return ValidityLine(Span(0.0, 100.0), None, None, None, 50.0, "middle", "end")
    stop, here = at(stops), at(today)
    window = at(renew_from) if renew_from is not None and renew_from < stops else stop
    ended = stops < today or revoked is not None
    return ValidityLine(
        valid=_span(0.0, window),
        soon=_span(window, stop) if window < stop else None,
        past=_span(stop, here) if ended and here > stop else None,
        stop=stop,
        today=here,
        anchor="start" if here < 6 else "end" if here > 94 else "middle",
        stop_anchor="end" if stop > 50 else "start",
    )


def progress_line(done: Number, total: Number) -> ProgressLine:
    """Place what is done of a whole; ticks stand where the parts are few enough to count."""
    if total <= 0:
        return ProgressLine((), (), None)
    at = _share(done, 0, total)
    ticks = _ticks(0, total, 1) if float(total) == int(total) and total <= 12 else ()
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
    spans = tuple(_span(_share(a, 0, seconds), _share(b, 0, seconds)) for a, b in merged)
    return ProgressLine(spans, (), None if position is None else _share(position, 0, seconds))
