"""Cells of a table that leaves the house for a spreadsheet."""

from typing import Final

BEGINS_A_FORMULA: Final = frozenset("=+-@\t\r\n\x00 \u00a0")
"""What a formula begins with, and what some programs cut off before they look."""

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe(text: str) -> str:
    """Return a text that a spreadsheet shows and does not run.

    One that would be taken for a formula gets an apostrophe in front, also behind blanks.
    """
    if not text or text[0] not in BEGINS_A_FORMULA:
        return text
    text = text.replace("\x00", "")
    return "'" + text if text.lstrip(" \u00a0").startswith(FORMULA) else text
