"""Which rows are on which page of a list."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """One page of a list.

    Attributes:
        number: 1 for the first page.
        size: rows on a full page.
        total: rows in all.
    """

    number: int
    size: int
    total: int

    @classmethod
    def asked(cls, raw: str | None, *, size: int, total: int) -> Page:
        """Read a page number as an address has it; one that makes no sense is mended."""
        last = max(1, -(-total // size))
        number = int(raw) if raw and raw.isascii() and raw.isdigit() and len(raw) < 10 else 1
        return cls(min(max(1, number), last), size, total)

    @property
    def last(self) -> int:
        """The number of the last page, 1 for an empty list."""
        return max(1, -(-self.total // self.size))

    @property
    def offset(self) -> int:
        """How many rows stand before this page."""
        return (self.number - 1) * self.size

    @property
    def first_row(self) -> int:
        """The number of the first row on it, 0 for an empty list."""
        return self.offset + 1 if self.total else 0

    @property
    def last_row(self) -> int:
        """The number of the last row on it, 0 for an empty list."""
        return min(self.offset + self.size, self.total)

    @property
    def previous(self) -> int | None:
        """The number of the page before, None on the first."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        """The number of the page after, None on the last."""
        return self.number + 1 if self.number < self.last else None
