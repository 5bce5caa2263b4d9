"""What applying a roster would do, row by row, said before anything is written."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from lms.errors import N_, LmsError
from lms.trials.domain.roster_file import RawRow


class Verdict(StrEnum):
    """What happens to a row when the file is applied."""

    NEW = "new"
    KNOWN = "known"
    MOVED = "moved"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ERROR = "error"

    @property
    def writes(self) -> bool:
        return self not in (Verdict.UNCHANGED, Verdict.ERROR)


@dataclass(frozen=True)
class Problem:
    """What is wrong with a row and what to do, as a sentence to be translated with its values."""

    message: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """A rater as a row of the file, or the form, names them. from_on None means: today."""

    email: str
    name: str
    site: str
    role: str = ""
    language: str = ""
    from_on: date | None = None


@dataclass(frozen=True)
class Present:
    """The entry that an address has on the roster today, or from a later day on."""

    name: str
    site: str
    role: str
    language: str
    from_on: date


@dataclass(frozen=True)
class NewSite:
    """A site that applying the file would add."""

    number: str
    name: str
    country: str


@dataclass(frozen=True)
class RowVerdict:
    """One row and what happens to it.

    Attributes:
        entry: None where the row has errors.
        present: the entry that holds now, None for somebody who is not on the roster.
        new_site: the site of the row, where the trial does not have it yet.
        seen: the row as it was written, for the table of verdicts.
    """

    line: int
    verdict: Verdict
    entry: Entry | None
    seen: tuple[str, str, str]
    problems: tuple[Problem, ...] = ()
    present: Present | None = None
    new_site: NewSite | None = None


@dataclass(frozen=True)
class Situation:
    """What the trial has at the moment of the check.

    Attributes:
        sites: numbers of the trial's sites.
        present: by address the entries that hold today or begin later.
        last_days: by address the last day of those who were on the roster and are not now.
        accounts: addresses of the file that have an account.
        adds_sites: whether unknown sites are to be added.
        today: the day from which a row without a date counts.
    """

    sites: Sequence[str]
    present: Mapping[str, Present]
    last_days: Mapping[str, date]
    accounts: frozenset[str]
    adds_sites: bool
    today: date


@dataclass(frozen=True)
class Readers:
    """How an address and a name are cleaned; each raises an LmsError that says what is wrong."""

    email: Callable[[str], str]
    name: Callable[[str], str]


LONGEST: Final = {"site": 20, "role": 80, "language": 35, "site_name": 200, "country": 80}


def verdicts_of(
    rows: Iterable[RawRow], situation: Situation, readers: Readers
) -> tuple[RowVerdict, ...]:
    """Return a verdict for every row, in the order of the file.

    An address that stands in an earlier row is an error in the later one: which of the two
    sites is meant, nobody but the sender knows.
    """
    first_line: dict[str, int] = {}
    added: dict[str, NewSite] = {}
    verdicts = []
    for row in rows:
        verdict = _verdict(row, situation, readers, first_line, added)
        verdicts.append(verdict)
    return tuple(verdicts)


def _verdict(
    row: RawRow,
    situation: Situation,
    readers: Readers,
    first_line: dict[str, int],
    added: dict[str, NewSite],
) -> RowVerdict:
    seen = (row.cell("email"), row.cell("name"), row.cell("site"))
    if row.problem:
        return RowVerdict(row.line, Verdict.ERROR, None, seen, (Problem(row.problem),))
    problems: list[Problem] = []
    email = _read(readers.email, row.cell("email"), problems)
    name = _read(readers.name, row.cell("name"), problems)
    site, new_site = _site(row, situation, added, problems)
    from_on = _day(row.cell("from"), problems)
    _check_lengths(row, problems)
    if email and email in first_line:
        problems.append(Problem(TWICE, {"line": str(first_line[email])}))
    elif email:
        first_line[email] = row.line
    if problems:
        return RowVerdict(row.line, Verdict.ERROR, None, seen, tuple(problems))
    if new_site:
        added[new_site.number.casefold()] = new_site
    entry = Entry(email, name, site, row.cell("role"), row.cell("language"), from_on)
    present = situation.present.get(email)
    verdict = compare(entry, present, has_account=email in situation.accounts)
    too_early = starts_too_early(
        entry, verdict, present, situation.last_days.get(email), today=situation.today
    )
    if too_early:
        return RowVerdict(row.line, Verdict.ERROR, None, seen, (too_early,), present)
    return RowVerdict(row.line, verdict, entry, seen, (), present, new_site)


TWICE: Final = N_("The same address stands in line %(line)s. Keep the row that is right.")
NO_SITE: Final = N_("The site is missing. Write its number.")
UNKNOWN_SITE: Final = N_(
    "The trial has no site %(site)s. Correct the number, or let the file add sites."
)
BAD_DAY: Final = N_("“%(day)s” is not a date that can be read safely. Write it as 2026-11-21.")
TOO_LONG: Final = N_("“%(column)s” is too long: at most %(most)s characters.")
TOO_EARLY: Final = N_(
    "The present entry began on %(present)s; a change cannot begin before that. "
    "Correct the date, or leave it empty for today."
)

AFTER_LAST: Final = N_(
    "The earlier entry lasted until %(last)s; the next one begins after that. "
    "Correct the date, or leave it empty for today."
)


def compare(entry: Entry, present: Present | None, *, has_account: bool) -> Verdict:
    """Say what an entry changes. An empty role or language says nothing and so changes nothing."""
    if present is None:
        return Verdict.KNOWN if has_account else Verdict.NEW
    if entry.site.casefold() != present.site.casefold():
        return Verdict.MOVED
    differs = (
        entry.name != present.name
        or (entry.role and entry.role != present.role)
        or (entry.language and entry.language != present.language)
    )
    return Verdict.CHANGED if differs else Verdict.UNCHANGED


def starts_too_early(
    entry: Entry, verdict: Verdict, present: Present | None, last_day: date | None, *, today: date
) -> Problem | None:
    """Return why an entry cannot follow the one before it, None where it can.

    Args:
        last_day: the last day of the entry before, where there is none at present.
    """
    from_on = entry.from_on or today
    if present is None:
        if last_day is not None and from_on <= last_day:
            return Problem(AFTER_LAST, {"last": last_day.isoformat()})
    elif verdict in (Verdict.MOVED, Verdict.CHANGED) and from_on < present.from_on:
        return Problem(TOO_EARLY, {"present": present.from_on.isoformat()})
    return None


def find_site(asked: str, numbers: Iterable[str]) -> str | None:
    """Return the site's number as the trial writes it, None if it has no such site.

    Spreadsheets turn 01 into 1, so a number is also found by its value, where only one fits.
    """
    known = list(numbers)
    for number in known:
        if number.casefold() == asked.casefold():
            return number
    value = _whole(asked)
    if value is None:
        return None
    same = [number for number in known if _whole(number) == value]
    return same[0] if len(same) == 1 else None


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 20 else None


def _read(reader: Callable[[str], str], raw: str, problems: list[Problem]) -> str:
    try:
        return reader(raw)
    except LmsError as error:
        problems.append(Problem(error.message, {k: str(v) for k, v in error.values.items()}))
        return ""


def _site(
    row: RawRow, situation: Situation, added: dict[str, NewSite], problems: list[Problem]
) -> tuple[str, NewSite | None]:
    asked = row.cell("site")
    if not asked:
        problems.append(Problem(NO_SITE))
        return "", None
    known = find_site(asked, situation.sites)
    if known is not None:
        return known, None
    if earlier := find_site(asked, [site.number for site in added.values()]):
        return earlier, None
    if not situation.adds_sites:
        problems.append(Problem(UNKNOWN_SITE, {"site": asked[:40]}))
        return "", None
    return asked, NewSite(asked, row.cell("site_name"), row.cell("country"))


def _day(raw: str, problems: list[Problem]) -> date | None:
    if not raw:
        return None
    try:
        return date.fromisoformat(raw[:10])
    except ValueError:
        problems.append(Problem(BAD_DAY, {"day": raw[:40]}))
        return None


def _check_lengths(row: RawRow, problems: list[Problem]) -> None:
    for column, most in LONGEST.items():
        if len(row.cell(column)) > most:
            problems.append(Problem(TOO_LONG, {"column": column, "most": str(most)}))
