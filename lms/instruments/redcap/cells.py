"""Cells that a spreadsheet would take for a formula, made harmless and read back."""

import re

from lms.instruments.redcap.columns import ANNOTATION, BRANCHING, CHOICES

_SIGNS = r"[\s\u00a0]*[=+\-@\t\r\n＝＋－＠]"
_FIGURE = re.compile(r"[+-]?\d{1,30}([.,]\d{1,30})?")
_CODES = re.compile(r"-\d{1,12}\s*[,|]|[-+]\s*\(*\[")
"""What begins with a sign and is a negative first code or a formula of REDCap's over fields. An
apostrophe would become part of it, so a blank stands in front, which REDCap trims."""


def _mark(column: str) -> str:
    """What stands in front. A tag in an annotation needs a blank before it to count as one."""
    return "' " if column == ANNOTATION else "'"


def disarmed(text: str, column: str = "") -> str:
    """The text as a cell that no spreadsheet computes; `armed` gives the text back.

    A figure stays as it is.
    """
    mark = _mark(column)
    if not re.match(f"(?:{mark})*{_SIGNS}", text) or _FIGURE.fullmatch(text):
        return text
    return f" {text}" if _is_code(text, column) else mark + text


def armed(cell: str, column: str = "") -> str:
    """The text that a disarmed cell stands for."""
    if cell[:1] not in (" ", "'"):
        return cell
    mark = _mark(column)
    if _is_code(cell, column):
        return cell.removeprefix(" ")
    return cell.removeprefix(mark) if re.match(f"(?:{mark})+{_SIGNS}", cell) else cell


def _is_code(text: str, column: str) -> bool:
    return column in (CHOICES, BRANCHING) and _CODES.match(text.lstrip(" ")) is not None
