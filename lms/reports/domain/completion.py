"""What the completion report is narrowed to, and what one of its rows says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

LARGEST: Final = 2**31 - 1
"""The largest id that a row may have."""


class Show(StrEnum):
    """The states that the report can be narrowed to."""

    ALL = ""
    TRAINING = "training"
    NOT_PASSED = "not_passed"
    CERTIFIED = "certified"
    VALID = "valid"
    ENDED = "ended"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


class RowState(StrEnum):
    """Where an enrolment stands today; one of the last four where it led to a certificate.

    Where another certificate took the place of the first one, the newest of them counts.
    """

    TRAINING = "training"
    NOT_PASSED = "not_passed"
    VALID = "valid"
    ENDED = "ended"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Sought:
    """What the report is narrowed to; empty means no narrowing.

    Args:
        since, until: days of enrolment, both included, in UTC.
        words: all of them must be in the name or the address.
    """

    module: str = ""
    show: Show = Show.ALL
    since: date | None = None
    until: date | None = None
    words: str = ""

    @property
    def everything(self) -> bool:
        return self == Sought()

    def as_data(self) -> dict[str, str]:
        """Return plain JSON values; `from_data` reads them back."""
        return {
            "module": self.module,
            "show": self.show.value,
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "words": self.words,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, str]) -> "Sought":
        since, until = data["since"], data["until"]
        return cls(
            module=data["module"],
            show=Show(data["show"]),
            since=date.fromisoformat(since) if since else None,
            until=date.fromisoformat(until) if until else None,
            words=data["words"],
        )

    @property
    def only_module(self) -> bool:
        """Whether nothing narrows the report but, at most, the module."""
        return self == Sought(module=self.module)


@dataclass(frozen=True)
class Cursor:
    """A place in the list, newest enrolments first: the row that it stands at."""

    enrolled_at: datetime
    enrolment_id: int

    def text(self) -> str:
        """Write the place as an address carries it."""
        return f"{self.enrolled_at.isoformat()}~{self.enrolment_id}"

    @classmethod
    def read(cls, raw: str) -> "Cursor | None":
        """Read a place; None where the text is none, which then means the beginning."""
        moment, _, number = raw.replace(" ", "+").partition("~")
        if not (number.isascii() and number.isdigit() and len(number) < 11):
            return None
        try:
            at = datetime.fromisoformat(moment)
        except ValueError:
            return None
        return cls(at, min(int(number), LARGEST)) if at.tzinfo is not None else None


@dataclass(frozen=True)
class Row:
    """One enrolment, with what the page shows of it.

    Args:
        active_at: last seen lesson, begun or handed-in try; the enrolment itself if none.
        quiz, certification: "reached of all" of the last marked try; None before one.
        quiz_tries, tries: at the quiz, and at the certification cases.
        certificate_id, code: None before one was issued; ends_on: None where it does not end.
    """

    id: int
    person_id: int
    name: str
    email: str
    slug: str
    release_id: int
    enrolled_at: datetime
    active_at: datetime
    state: RowState
    quiz: tuple[int, int] | None
    certification: tuple[int, int] | None
    quiz_tries: int
    tries: int
    certificate_id: int | None
    code: str | None
    certified_at: datetime | None
    ends_on: date | None
    revoked_at: datetime | None
    suspended_at: datetime | None

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.enrolled_at, self.id)


@dataclass(frozen=True)
class Figures:
    """A module's figures: how many of its enrolments led to a certificate.

    Args:
        agreement: shares of items within tolerance, 0..1, of the latest certificates.
        required: the share that the criteria ask for, None where there is none.
    """

    slug: str
    title: str
    enrolled: int
    certified: int
    agreement: tuple[float, ...] = ()
    required: float | None = None

    @property
    def training(self) -> int:
        return self.enrolled - self.certified

    @property
    def middle(self) -> float | None:
        """The median share; None where nobody was certified."""
        ordered = sorted(self.agreement)
        if not ordered:
            return None
        half = len(ordered) // 2
        return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


@dataclass(frozen=True)
class Page:
    """A cut of the list: older and newer lead on from it where there is more."""

    rows: tuple[Row, ...]
    older: Cursor | None
    newer: Cursor | None


def next_cursors(
    rows: Sequence[Row], *, size: int, older_than: Cursor | None, newer_than: Cursor | None
) -> Page:
    """Cut what was read to a page.

    Args:
        rows: up to size + 1 of them, the newest first; the one too many tells that there is more.
        older_than, newer_than: where the reading began; at most one of them.
    """
    more = len(rows) > size
    if newer_than is not None:
        kept = tuple(rows[-size:])
        return Page(
            kept,
            older=kept[-1].cursor if kept else None,
            newer=kept[0].cursor if kept and more else None,
        )
    kept = tuple(rows[:size])
    return Page(
        kept,
        older=kept[-1].cursor if more else None,
        newer=kept[0].cursor if kept and older_than is not None else None,
    )
