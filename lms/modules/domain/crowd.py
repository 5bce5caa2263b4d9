"""Many tries at one form, as places in a book of answers: read once, judged at once."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lms.instruments.domain import Answer, Instrument, RatingRefused, read_answer
from lms.modules.domain.many import Book, Mask, Places, judge_many
from lms.packages.domain import Case, CertificationStep

NO_LEVEL = -1


class Crowd:
    """The tries at one set of cases, in the order in which they were added.

    Args:
        cases: in any order; each try answers all of them.
    """

    def __init__(self, instrument: Instrument, cases: Sequence[str], book: Book) -> None:
        self.instrument, self.book, self.cases = instrument, book, tuple(cases)
        keys = [(case, item.key) for case in cases for item in instrument.items]
        self._columns = {f"{case}/{item}": (n, item) for n, (case, item) in enumerate(keys)}
        self._known: dict[str, tuple[int, int]] = {}
        self._rows: list[list[int]] = []

    def add(self, written: str) -> None:
        """Read what one try answered; what cannot be read counts as not scored, as in marking.

        People give the same few answers, so each is read once: the text is cut between them, and
        a piece that was seen before is looked up. Where a cut does not fall between two answers,
        as within a reason, the pieces are no JSON and the whole is read.

        Args:
            written: the answers as JSON, by "case/item".
        """
        row = [0] * len(self._columns)
        known = self._known
        try:
            for piece in written[1:-1].split("}, "):
                if piece not in known:
                    known[piece] = self._place_of(piece)
                column, place = known[piece]
                if column >= 0:
                    row[column] = place
        except ValueError:
            row = [0] * len(self._columns)
            for key, raw in json.loads(written).items():
                column, place = self._place(key, raw)
                if column >= 0:
                    row[column] = place
        self._rows.append(row)

    def _place_of(self, piece: str) -> tuple[int, int]:
        """Return column and place of one answer.

        Raises:
            ValueError: if the piece is not one answer.
        """
        read = json.loads("{" + piece + ("" if piece.endswith("}") else "}") + "}")
        if len(read) != 1:
            raise ValueError("more than one answer")
        ((key, raw),) = read.items()
        return self._place(key, raw)

    def _place(self, key: str, raw: Any) -> tuple[int, int]:
        if key not in self._columns:
            return -1, 0
        column, item = self._columns[key]
        return column, self.book.place(item, read_stored(self.instrument, item, raw))

    def clear(self) -> None:
        """Forget the tries, and keep what their answers were read as."""
        self._rows = []

    @property
    def places(self) -> Places:
        """Tries by cases by items."""
        shape = (len(self._rows), len(self.cases), len(self.instrument.items))
        return np.array(self._rows, dtype=np.intp).reshape(shape)


def read_stored(instrument: Instrument, item: str, raw: Any) -> Answer | None:
    """Return a saved rating, None where there is none that the item takes."""
    if isinstance(raw, Mapping):
        given = raw.get("value") not in (None, "") or bool(raw.get("na"))
    else:
        given = raw not in (None, "")
    if not given:
        return None
    try:
        return read_answer(instrument.item(item), raw)
    except RatingRefused:
        return None


def passed_by(
    instrument: Instrument, cases: Sequence[Case], step: CertificationStep, crowd: Crowd
) -> tuple[Mask, NDArray[np.intp]]:
    """Return which tries pass a step, and the number of the highest level each reaches.

    The same as `mark_step`, for all of them at once; `NO_LEVEL` where there are no levels or none
    is reached.

    Args:
        cases: those of the crowd, in its order.
    """
    places = crowd.places
    levels = np.full(len(places), NO_LEVEL, dtype=np.intp)
    if not step.levels:
        found = judge_many(instrument, cases, step.criteria, book=crowd.book, places=places)
        return found.passed, levels
    for number, level in reversed(list(enumerate(step.levels))):
        found = judge_many(instrument, cases, level.criteria, book=crowd.book, places=places)
        levels[found.passed] = number
    return levels != NO_LEVEL, levels
