"""What the reports room decides without a database: what is sought, how a row reads, health."""

from lms.reports.domain.completion import (
    Cursor,
    Figures,
    Page,
    Row,
    RowState,
    Show,
    Sought,
    next_cursors,
)
from lms.reports.domain.health import Check, Level, worst

__all__ = [
    "Check",
    "Cursor",
    "Figures",
    "Level",
    "Page",
    "Row",
    "RowState",
    "Show",
    "Sought",
    "next_cursors",
    "worst",
]
