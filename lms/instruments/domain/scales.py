"""The kinds of item: what each takes as a value, what that is worth, and what it can reach.

A scale knows nothing of NA: not assessed is not a value, and is the answer's affair.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, TypeAlias

from lms.errors import N_, Invalid
from lms.instruments.domain.figures import exact, plain

Code: TypeAlias = int | str
Value: TypeAlias = int | str | bool | Decimal | tuple[str, ...]
Reach: TypeAlias = tuple[Decimal, Decimal]

ZERO, ONE = Decimal(0), Decimal(1)


class RatingRefused(Invalid):
    """A rating that the item does not take, and what it would take instead."""


@dataclass(frozen=True, slots=True)
class Level:
    """One level of an ordinal item; `value` None = the letter has no number in this version."""

    code: Code
    anchor: str
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Levels:
    """Ordered levels, lowest first, of which one is chosen."""

    levels: tuple[Level, ...]
    kind: ClassVar[str] = "levels"

    def read(self, raw: object) -> Value:
        found = _find_code((level.code for level in self.levels), raw)
        if found is None:
            raise RatingRefused(
                N_("%(given)s is not a level of this item. Choose one of %(codes)s."),
                given=_shown(raw),
                codes=", ".join(str(level.code) for level in self.levels),
            )
        return found

    def points(self, value: Value) -> Decimal | None:
        if isinstance(value, Decimal):
            return value  # never a rating: a point between levels, such as a panel's median
        for level in self.levels:
            if _same(level.code, value):
                return level.value
        raise ValueError(f"{value!r} is not one of the levels")

    def reach(self) -> Reach | None:
        return _span(level.value for level in self.levels)


@dataclass(frozen=True, slots=True)
class Number:
    """A figure from minimum to maximum in steps, in `unit`."""

    minimum: Decimal
    maximum: Decimal
    step: Decimal = ONE
    unit: str = ""
    kind: ClassVar[str] = "number"

    def read(self, raw: object) -> Value:
        return _read_figure(raw, self.minimum, self.maximum, self.step)

    def points(self, value: Value) -> Decimal | None:
        return _figure(value)

    def reach(self) -> Reach | None:
        return self.minimum, self.maximum


@dataclass(frozen=True, slots=True)
class Vas:
    """A mark on a line of 100 mm, read in whole millimetres from its left end."""

    left: str
    right: str
    kind: ClassVar[str] = "vas"
    minimum: ClassVar[Decimal] = ZERO
    maximum: ClassVar[Decimal] = Decimal(100)
    step: ClassVar[Decimal] = ONE

    def read(self, raw: object) -> Value:
        return _read_figure(raw, self.minimum, self.maximum, self.step)

    def points(self, value: Value) -> Decimal | None:
        return _figure(value)

    def reach(self) -> Reach | None:
        return self.minimum, self.maximum


@dataclass(frozen=True, slots=True)
class Band:
    """From `start` seconds on, and up to the next band's start, the code is `code`."""

    start: Decimal
    code: int


@dataclass(frozen=True, slots=True)
class Seconds:
    """A time in seconds, stored as measured; the code is derived from it.

    A time that equals a band's start belongs to that band (at or above, never only above):
    119.9 s is below a band that starts at 120 s, and 120 s is in it.

    Args:
        bands: rising; the first starts at 0.
        maximum: what is taken for a slip of the pen above it, in seconds.
    """

    bands: tuple[Band, ...]
    maximum: Decimal
    step: Decimal = Decimal("0.1")
    kind: ClassVar[str] = "seconds"

    def read(self, raw: object) -> Value:
        return _read_figure(raw, ZERO, self.maximum, self.step)

    def code(self, value: Value) -> int:
        seconds = _figure(value)
        return [band.code for band in self.bands if band.start <= seconds][-1]

    def points(self, value: Value) -> Decimal | None:
        return Decimal(self.code(value))

    def reach(self) -> Reach | None:
        return _span(Decimal(band.code) for band in self.bands)


@dataclass(frozen=True, slots=True)
class YesNo:
    """Yes or no; worth what the definition says, by default 1 and 0."""

    yes: Decimal | None = ONE
    no: Decimal | None = ZERO
    kind: ClassVar[str] = "yes_no"
    _words: ClassVar[dict[str, bool]] = {"yes": True, "true": True, "no": False, "false": False}

    def read(self, raw: object) -> Value:
        if isinstance(raw, bool):
            return raw
        if isinstance(raw, str) and raw.strip().lower() in self._words:
            return self._words[raw.strip().lower()]
        raise RatingRefused(N_("%(given)s is neither yes nor no."), given=_shown(raw))

    def points(self, value: Value) -> Decimal | None:
        return self.yes if value else self.no

    def reach(self) -> Reach | None:
        return _span((self.yes, self.no))


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a nominal item; `points` None = it counts in no total."""

    code: Code
    label: str
    points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Options without an order, of which one is chosen."""

    options: tuple[Option, ...]
    kind: ClassVar[str] = "choice"

    def read(self, raw: object) -> Value:
        found = _find_code((option.code for option in self.options), raw)
        if found is None:
            raise RatingRefused(
                N_("%(given)s is not an option of this item. Choose one of %(codes)s."),
                given=_shown(raw),
                codes=", ".join(str(option.code) for option in self.options),
            )
        return found

    def points(self, value: Value) -> Decimal | None:
        for option in self.options:
            if _same(option.code, value):
                return option.points
        raise ValueError(f"{value!r} is not one of the options")

    def reach(self) -> Reach | None:
        return _span(option.points for option in self.options)


@dataclass(frozen=True, slots=True)
class Part:
    """One part that is done or not."""

    key: str
    label: str
    points: Decimal = ONE


@dataclass(frozen=True, slots=True)
class Parts:
    """Parts that add up: the value is which were done, or only how many.

    How many is enough only where each part is worth one point.
    """

    parts: tuple[Part, ...]
    kind: ClassVar[str] = "parts"

    def read(self, raw: object) -> Value:
        if isinstance(raw, (list, tuple, set, frozenset)):
            return self._read_keys(list(raw))
        count = exact(raw)
        if count is None:
            raise RatingRefused(
                N_("%(given)s is not a list of parts. Name the parts that were done: %(keys)s."),
                given=_shown(raw),
                keys=", ".join(part.key for part in self.parts),
            )
        return self._read_count(count)

    def _read_keys(self, raw: list[object]) -> Value:
        known = [part.key for part in self.parts]
        for key in raw:
            if key not in known:
                raise RatingRefused(
                    N_("%(given)s is not a part of this item. Its parts are %(keys)s."),
                    given=_shown(key),
                    keys=", ".join(known),
                )
        if len(set(map(str, raw))) < len(raw):
            raise RatingRefused(N_("A part is named twice. Name each part once."))
        return tuple(key for key in known if key in raw)

    def _read_count(self, count: Decimal) -> Value:
        if any(part.points != ONE for part in self.parts):
            raise RatingRefused(
                N_("The parts of this item differ in weight. Name the parts, not their count.")
            )
        return int(_read_figure(count, ZERO, Decimal(len(self.parts)), ONE))

    def points(self, value: Value) -> Decimal | None:
        if isinstance(value, tuple):
            return sum((part.points for part in self.parts if part.key in value), ZERO)
        return _figure(value)

    def reach(self) -> Reach | None:
        return ZERO, sum((part.points for part in self.parts), ZERO)


Scale: TypeAlias = Levels | Number | Vas | Seconds | YesNo | Choice | Parts


def _read_figure(raw: object, minimum: Decimal, maximum: Decimal, step: Decimal) -> Decimal:
    figure = exact(raw)
    if figure is None:
        raise RatingRefused(N_("%(given)s is not a figure."), given=_shown(raw))
    if not minimum <= figure <= maximum:
        raise RatingRefused(
            N_("%(given)s is outside the range. Give a figure from %(minimum)s to %(maximum)s."),
            given=plain(figure),
            minimum=plain(minimum),
            maximum=plain(maximum),
        )
    if (figure - minimum) % step:
        raise RatingRefused(
            N_("%(given)s is finer than this item is read. Give it in steps of %(step)s."),
            given=plain(figure),
            step=plain(step),
        )
    return figure


def _figure(value: Value) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    raise ValueError(f"{value!r} is not a figure")


def _find_code(codes: Iterable[Code], raw: object) -> Code | None:
    """The code that was meant: 4 and "4" are the same, 4.5, true and " T" are none."""
    if isinstance(raw, bool) or not isinstance(raw, (int, str)):
        return None
    return next((code for code in codes if str(code) == str(raw)), None)


def _same(code: Code, value: Value) -> bool:
    return type(code) is type(value) and code == value


def _span(values: Iterable[Decimal | None]) -> Reach | None:
    known = [value for value in values if value is not None]
    return (min(known), max(known)) if known else None


def _shown(raw: object) -> str:
    text = str(raw)
    return text if len(text) <= 40 else text[:40] + "…"
