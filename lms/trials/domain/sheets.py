"""Cells of a table that leaves the house for a spreadsheet."""

from datetime import date
from typing import Final

BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(value: str | int | date | None) -> str:
    """Return a value as text that a spreadsheet shows and does not run.

    A text that a spreadsheet would take for a formula gets an apostrophe in front, also behind
    blanks, which some of them cut off first.
    """
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    text = value.replace("\x00", "")
    return "'" + text if text.lstrip(" \u00a0").startswith(BEGINS_A_FORMULA) else text
