"""Section headers of a form as sections with keys."""

import re
from collections.abc import Iterable

from lms.errors import N_
from lms.instruments.redcap.columns import SECTION
from lms.instruments.redcap.findings import Say, Weight
from lms.instruments.redcap.tables import Row

MOST = 200
LONGEST = 2000


def key_from(text: str, otherwise: str) -> str:
    """A key of small letters, digits and _ that reminds of the text."""
    key = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:50].strip("_")
    return key if re.match(r"[a-z]", key) else otherwise


def headers_of(rows: Iterable[Row]) -> list[str]:
    """Every header of the rows, in their order."""
    return [row[SECTION] for row in rows if row[SECTION].strip()]


class Sections:
    """The sections as their headers come."""

    def __init__(self) -> None:
        self.titles: dict[str, str] = {}
        self._now = ""

    def at(self, row: Row, say: Say) -> str:
        """The key of the section that the row is in; "" before the first header."""
        title = row[SECTION].strip()
        if not title:
            return self._now
        if len(title) > LONGEST or len(self.titles) >= MOST:
            message = N_("An instrument has at most 200 sections, with titles of 2000 characters.")
            say(Weight.KEPT, SECTION, message)
            self._now = ""
            return ""
        number = len(self.titles) + 1
        key = key_from(title, f"section_{number}")
        self._now = key if key not in self.titles else f"{key}_{number}"
        if self._now in self.titles:  # a header that reads like another with its number
            self._now = f"section_{number}_of_form"
        self.titles[self._now] = title
        return self._now
