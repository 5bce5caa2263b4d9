"""Cells of tables that leave the house for a spreadsheet: no text of a stranger is run there."""

import re
from typing import Final

SUSPECT: Final = frozenset("=+-@\t\r\n\x00 \u00a0＝＋－＠")
"""What a formula begins with, and what some programs cut off before they look."""

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
FIGURE: Final = re.compile(r"-\d{1,30}(?:[.,]\d{1,30})?")


def harmless(text: str) -> str:
    """Return a text that a spreadsheet shows and does not run.

    One that would be taken for a formula gets an apostrophe in front, also behind blanks; a
    figure below zero stays one.
    """
    if not text or text[0] not in SUSPECT:
        return text
    text = text.replace("\x00", "")
    if FIGURE.fullmatch(text) or not text.lstrip(" \u00a0").startswith(FORMULA):
        return text
    return "'" + text
