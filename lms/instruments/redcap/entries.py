"""A row on its way to an item or a total, with the remark that says what its columns cannot."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lms.errors import N_
from lms.instruments.redcap.columns import (
    ANNOTATION,
    CHOICES,
    FIELD,
    LABEL,
    MAXIMUM,
    MINIMUM,
    NOTE,
    REQUIRED,
    TYPE,
    VALIDATION,
)
from lms.instruments.redcap.findings import Finding, Say, Weight
from lms.instruments.redcap.remarks import (
    ITEM,
    LASTING,
    TEXTS,
    Remark,
    read_remark,
    sum_of,
)
from lms.instruments.redcap.tables import Row

DECIDING = (TYPE, CHOICES, VALIDATION, MINIMUM, MAXIMUM, REQUIRED)
WORDS = (LABEL, NOTE)

Speak = Callable[[Row, list[Finding]], Say]
"""From a row and a list to what puts findings about the row into the list."""


@dataclass(slots=True)
class Entry:
    """One row and what it is so far.

    Args:
        bare: what the columns alone make of it; None if nothing.
        data: that with its remark, where it has one that still holds; None if nothing.
        said: what was found on the way.
    """

    row: Row
    say: Say
    said: list[Finding]
    bare: dict[str, Any] | None = None
    data: dict[str, Any] | None = None

    @property
    def name(self) -> str:
        return self.row[FIELD].strip()

    @property
    def key(self) -> str:
        return str(self.data["key"]) if self.data else ""

    def step_back(self) -> None:
        """Do without the remark, or without the row if the columns are no better."""
        if self.data is not self.bare:
            self.say(Weight.BROKEN, ANNOTATION, UNUSABLE)
            self.data = self.bare
        else:
            self.say(Weight.KEPT, FIELD, N_("No instrument can hold this. It was kept as it is."))
            self.data = None


UNUSABLE = N_("Concord's remark here does not fit any more and was left out.")
_CHANGED = N_(
    "The row was changed after Concord wrote it, so what its remark says of the scale was left out."
)


def remark_in(row: Row, tag: str, say: Say) -> Remark | None:
    """The remark in a row's annotation; None where there is none that can be read."""
    try:
        return read_remark(tag, row[ANNOTATION])
    except ValueError:
        say(Weight.BROKEN, ANNOTATION, N_("Concord's remark here is damaged and was left out."))
        return None


def apply_remark(entry: Entry, *, with_whole: bool, complete: bool = False) -> None:
    """Complete what the columns make of a row by what its remark says.

    Args:
        with_whole: whether the form's own remark holds, which has the sections and scales that a
            row's remark names.
        complete: whether a remark on such a row says everything but its words.
    """
    entry.data = entry.bare
    remark = remark_in(entry.row, ITEM, entry.say)
    if remark is None:
        return
    if remark.sum != sum_of(entry.row[column] for column in DECIDING):
        entry.say(Weight.BROKEN, ANNOTATION, _CHANGED)
        remark = remark.only(lambda key: key in LASTING)
        entry.data = None if entry.bare is None else remark.applied_to(entry.bare)
        return
    entry.said.clear()  # the remark answers what the columns left open
    if entry.bare and remark.texts != sum_of(entry.row[column] for column in WORDS):
        remark = remark.only(lambda key: key not in TEXTS)
    if not with_whole:
        remark = remark.only(lambda key: key != "section")
    bare = entry.bare or {}
    if complete:
        bare = {key: value for key, value in bare.items() if key in TEXTS}
    entry.data = remark.applied_to(bare)
