"""The agreement line: a scale with a tolerance band, panel dots and the rater's diamond."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lms.web.drawing.scale import Number, Span, Tick, anchor, share, short, span, ticks_of

DOTS_AT = 25.5  # y of the lowest row of dots, above the axis
ROW = 5.6  # from one dot of a stack to the next
TOUCHING = 1.4  # dots closer than this share of the width are stacked
NEAR_END = 13.0  # the word at an end gives way to your own figure within this share


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
    at = None if own is None else share(own, minimum, maximum)
    drawn = None
    if band is not None:
        drawn = span(share(band[0], minimum, maximum), share(band[1], minimum, maximum))
    outside = own is not None and band is not None and not band[0] <= own <= band[1]
    raters = sorted(panel)
    dots, radius, extra = _stack([share(value, minimum, maximum) for value in raters])
    return AgreementLine(
        height=round(62 + extra),
        drop=extra,
        band=drawn,
        ticks=ticks_of(minimum, maximum, step),
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
    for at in sorted(shares):
        row = row + 1 if at - column < TOUCHING else 0
        if row == 0:
            column = at
        rows.append((at, row))
    tallest = max((row for _, row in rows), default=0)
    pitch = ROW if tallest <= 9 else ROW * 9 / tallest
    extra = max(0, short((tallest - 3) * pitch))
    base = DOTS_AT + extra
    radius = round(min(2.6, pitch * 0.46), 2)
    return tuple(Dot(x, short(base - row * pitch)) for x, row in rows), radius, extra


def _reach(band: Span | None, at: float | None) -> Span | None:
    if band is None or at is None:
        return None
    return span(at, band.x) if at < band.x else span(band.end, at)


def _words(
    minimum: Number, maximum: Number, own: Number | None, further: Sequence[Number]
) -> tuple[Word, ...]:
    own_at = None if own is None else share(own, minimum, maximum)
    placed: list[Word] = []
    if own is not None and own_at is not None:
        placed.append(Word(own_at, own, anchor(own_at), own=True))
    for value in (minimum, maximum, *further):
        at = share(value, minimum, maximum)
        if all(abs(at - word.x) >= NEAR_END for word in placed):
            placed.append(Word(at, value, anchor(at)))
    return tuple(placed)
