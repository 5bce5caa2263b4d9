"""What a certification result says of the parts of the form, as far as the owner allows.

It says how many scores of a part were outside and, at most, to which side, and nothing by item and
case together. A part with few scores is not told by itself: it is put together with others until
there are enough, and so are parts of which the number outside could be worked out from the rest.
What is told depends only on how many scores of a part lie where, never on which ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from lms.instruments.domain import Instrument
from lms.modules.domain.marks import ItemMark
from lms.modules.domain.rating import RatingResult
from lms.packages.domain import Feedback

LEAST_TOLD: Final = 8
"""Scores (items times cases) of a part of the form below which it is not told by itself."""
LEAST_OUTSIDE: Final = 3
"""Scores outside below which no side is told."""
LEAST_SHARE: Final = Fraction(2, 3)
"""Least share of those outside that lie on one side before that side is told."""


class Lean(StrEnum):
    """On which side of the panel most of the scores outside lie."""

    NOT_TOLD = "not_told"
    ABOVE = "above"
    BELOW = "below"
    BOTH = "both"


@dataclass(frozen=True)
class Part:
    """Part of the form, or several parts together.

    Args:
        titles: as the instrument names them; empty for "all other parts".
        items: the keys of all of its items, whether they were outside or not.
        outside: how many of `of` scores were outside their tolerance.
    """

    titles: tuple[str, ...]
    items: tuple[str, ...]
    outside: int
    of: int
    lean: Lean = Lean.NOT_TOLD


def parts_told(
    instrument: Instrument, result: RatingResult, feedback: Feedback
) -> tuple[Part, ...]:
    """Return the parts of the form that were outside, most often first, as the owner allows."""
    if feedback == "criteria":
        return ()
    groups = _groups(instrument, result)
    if feedback == "items":
        told = [_part((title,), marks, lean=False) for title, marks in groups]
    else:
        told = _large_enough(groups, lean=feedback == "direction")
    return tuple(
        sorted(
            (part for part in told if part.outside),
            key=lambda part: Fraction(part.outside, part.of),
            reverse=True,
        )
    )


def _groups(instrument: Instrument, result: RatingResult) -> list[tuple[str, list[ItemMark]]]:
    """Return the scores of every part of the form, in the form's order."""
    found: dict[str, list[ItemMark]] = {}
    for item in instrument.items:
        marks = [
            mark
            for case in result.cases
            for mark in case.items
            if mark.item == item.key and mark.counted
        ]
        found.setdefault(part_of(instrument, item.key), []).extend(marks)
    return [(title, marks) for title, marks in found.items() if marks]


def part_of(instrument: Instrument, item_key: str) -> str:
    """Return the part of the form that an item belongs to: its section, or itself."""
    item = instrument.item(item_key)
    if len(instrument.sections) > 1:
        for section in instrument.sections:
            if section.key == item.section:
                return section.title
    return item.label


def _large_enough(groups: list[tuple[str, list[ItemMark]]], *, lean: bool) -> list[Part]:
    """Put parts together until each that is told has enough scores; nothing if none has.

    The smallest join the pool of small ones as long as that is too small itself: else it could be
    worked out from the number over the whole form, which the criteria name.
    """
    rising = sorted(groups, key=lambda group: len(group[1]))
    pool: list[tuple[str, list[ItemMark]]] = []
    while rising and (len(rising[0][1]) < LEAST_TOLD or (pool and _size(pool) < LEAST_TOLD)):
        pool.append(rising.pop(0))
    kept = {title for title, _ in rising}
    told = [_part((title,), marks, lean=lean) for title, marks in groups if title in kept]
    if pool and _size(pool) >= LEAST_TOLD:
        names = tuple(title for title, _ in groups if title not in kept)
        told.append(_part(names, [mark for _, marks in pool for mark in marks], lean=lean))
    return told


def _size(pool: Sequence[tuple[str, list[ItemMark]]]) -> int:
    return sum(len(marks) for _, marks in pool)


def _part(titles: tuple[str, ...], marks: Sequence[ItemMark], *, lean: bool) -> Part:
    outside = [mark for mark in marks if not mark.within]
    return Part(
        titles=titles,
        items=tuple(dict.fromkeys(sorted(mark.item for mark in marks))),
        outside=len(outside),
        of=len(marks),
        lean=_lean(outside) if lean else Lean.NOT_TOLD,
    )


def _lean(outside: Sequence[ItemMark]) -> Lean:
    if len(outside) < LEAST_OUTSIDE:
        return Lean.NOT_TOLD
    above = sum(1 for mark in outside if mark.difference is not None and mark.difference > 0)
    below = sum(1 for mark in outside if mark.difference is not None and mark.difference < 0)
    if above >= LEAST_SHARE * len(outside):
        return Lean.ABOVE
    return Lean.BELOW if below >= LEAST_SHARE * len(outside) else Lean.BOTH
