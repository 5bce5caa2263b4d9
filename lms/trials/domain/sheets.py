"""Cells of a table that leaves the house for a spreadsheet."""

from datetime import date

from lms.cells import harmless


def safe_cell(value: str | int | date | None) -> str:
    """Return a value as text that a spreadsheet shows and does not run."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    return harmless(value)
