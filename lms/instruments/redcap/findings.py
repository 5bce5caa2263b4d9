"""What was found in a dictionary, and where: a report in place of an exception."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Weight(StrEnum):
    """What a finding means for the draft.

    BROKEN: the file is damaged there. KEPT: understood too little for an item or a total, kept as
    it is. NOTE: taken over, in a way that a person should look at.
    """

    BROKEN = "broken"
    KEPT = "kept"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a person should know of.

    Args:
        line: where its row begins in the file, from 1; 0 = the file as a whole.
        number: of the column in the file, from 1; 0 = the row as a whole.
        column: the column's name as the file spells it.
        message: an English sentence, a translation key; may hold %(name)s places.
    """

    weight: Weight
    line: int
    number: int
    column: str
    message: str
    values: dict[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        return self.message % self.values if self.values else self.message

    @property
    def place(self) -> str:
        """The line, and the column with its name."""
        line = f"line {self.line}" if self.line else "file"
        return f"{line}, column {self.number} ({self.column})" if self.number else line

    def __str__(self) -> str:
        return f"{self.place}: {self.weight}: {self.sentence}"

    def as_json(self) -> dict[str, Any]:
        return {
            "weight": self.weight.value,
            "line": self.line,
            "column": self.number or None,
            "column_name": self.column or None,
            "sentence": self.sentence,
        }


Say = Callable[..., None]
"""Takes weight, column key ("" = the row), message and values; knows the row."""


def short(text: str, most: int = 40) -> str:
    """The text on one line, not longer than a sentence bears."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[:most] + "…"
