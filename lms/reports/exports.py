"""The completion report as a file: CSV as a stream, XLSX into a file that the caller opens."""

import re
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date
from functools import lru_cache
from typing import IO, Any, Final

import xlsxwriter
from flask_babel import gettext as _

from lms.cells import SUSPECT, harmless
from lms.errors import N_, Invalid
from lms.packages.domain.releases import ReleaseFacts
from lms.reports.domain import RowState

Bundle = Sequence[Sequence[Any]]
Bundles = Generator[Bundle, None, None]

COLUMNS: Final = (
    "person",
    "email",
    "module",
    "release",
    "enrolled",
    "last_activity",
    "state",
    "quiz_score",
    "quiz_tries",
    "certification_result",
    "cases_met",
    "certification_tries",
    "certified_on",
    "certificate_code",
    "expires",
    "certificate_state",
)
"""The columns of both files, in order; stable, for those who read them by program."""

STATES: Final = {
    RowState.TRAINING.value: ("in_training", ""),
    RowState.NOT_PASSED.value: ("not_passed", ""),
    RowState.VALID.value: ("certified", "valid"),
    RowState.ENDED.value: ("certified", "ended"),
    RowState.SUSPENDED.value: ("certified", "suspended"),
    RowState.REVOKED.value: ("certified", "revoked"),
}
RESULTS: Final = {None: "", True: "passed", False: "not_passed"}

_QUOTED: Final = re.compile(r'[",\r\n]').search
_PLAIN: Final = re.compile(rf'[^",{re.escape("".join(SUSPECT))}][^",\r\n]*').fullmatch
"""What nearly every name is: nothing to quote, and nothing that a spreadsheet would run."""

SERIAL_ZERO: Final = date(1899, 12, 30).toordinal()
MOST_ROWS: Final = 1_048_575  # what a sheet holds under its heading
SAID_EVERY: Final = 2_000
WIDTHS: Final = (28, 32, 18, 9, 18, 18, 13, 12, 10, 20, 11, 19, 13, 22, 12, 17)
DATES: Final = {COLUMNS.index(name) for name in ("certified_on", "expires")}
MOMENTS: Final = {COLUMNS.index(name) for name in ("enrolled", "last_activity")}
NUMBERS: Final = {COLUMNS.index(name) for name in ("quiz_tries", "certification_tries")}


def lines(bundles: Iterable[Bundle], known: Mapping[int, ReleaseFacts]) -> Iterator[list[Any]]:
    """Turn what the database gave into cells, in the order of COLUMNS."""
    for bundle in bundles:
        for (
            name, email, slug, release_id, enrolled, active, state, quiz, quiz_tries,
            passed, cases, tries, certified, code, ends,
        ) in bundle:  # fmt: skip
            in_words, certificate = STATES[state]
            yield [
                harmless(name), harmless(email), slug, known[release_id].version, enrolled, active,
                in_words, quiz, quiz_tries, RESULTS[passed], cases, tries,
                certified and certified[:10], code, ends, certificate,
            ]  # fmt: skip


def csv_chunks(bundles: Bundles, known: Mapping[int, ReleaseFacts]) -> Iterator[bytes]:
    """Give the CSV in pieces of one bundle each, with the mark by which spreadsheets know UTF-8."""
    heading = "\ufeff" + ",".join(COLUMNS) + "\r\n"
    versions = {release_id: in_csv(facts.version) for release_id, facts in known.items()}
    with closing(bundles):
        for bundle in bundles:
            yield (heading + "".join(csv_lines(bundle, versions))).encode()
            heading = ""
    if heading:
        yield heading.encode()


def csv_lines(bundle: Bundle, versions: Mapping[int, str]) -> Iterator[str]:
    """Write the cells of `lines` as CSV does, in little more than half the general writer's time.

    Only a name and an address may hold what has to be quoted or made harmless; moments get the
    T and the Z of ISO 8601.
    """
    for (
        name, email, slug, release_id, enrolled, active, state, quiz, quiz_tries,
        passed, cases, tries, certified, code, ends,
    ) in bundle:  # fmt: skip
        in_words, certificate = STATES[state]
        yield (
            f"{name if _PLAIN(name) else in_csv(name)},{email if _PLAIN(email) else in_csv(email)},"
            f"{slug},{versions[release_id]},{enrolled[:10]}T{enrolled[11:]}Z,"
            f"{active[:10]}T{active[11:]}Z,{in_words},{quiz or ''},{quiz_tries},{RESULTS[passed]},"
            f"{cases or ''},{tries},{certified[:10] if certified else ''},{code or ''},"
            f"{ends or ''},{certificate}\r\n"
        )


def in_csv(text: str) -> str:
    """Return a text as a cell that is harmless, quoted where CSV asks for it."""
    text = harmless(text)
    return '"' + text.replace('"', '""') + '"' if _QUOTED(text) else text


def write_xlsx(
    file: IO[bytes],
    bundles: Bundles,
    known: Mapping[int, ReleaseFacts],
    *,
    said: Callable[[int], None] = lambda _rows: None,
) -> None:
    """Write a workbook, in the language of the present request or job.

    One row is in memory at a time.

    Args:
        said: told now and then how many rows are written.

    Raises:
        Invalid: if there are more rows than a sheet holds.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with closing(bundles), xlsxwriter.Workbook(file, options) as book:
        _write_sheet(book, lines(bundles, known), said)


def _write_sheet(book: Any, cells: Iterable[list[Any]], said: Callable[[int], None]) -> None:
    sheet = book.add_worksheet(_("Completion"))
    formats = {
        **dict.fromkeys(DATES, book.add_format({"num_format": "yyyy-mm-dd"})),
        **dict.fromkeys(MOMENTS, book.add_format({"num_format": "yyyy-mm-dd hh:mm"})),
    }
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 1)
    heading = book.add_format({"bold": True, "bottom": 1})
    for column, name in enumerate(headings()):
        sheet.write_string(0, column, name, heading)
    row = 0
    for row, values in enumerate(cells, start=1):
        if row > MOST_ROWS:
            raise Invalid(
                N_("A sheet holds %(most)s rows, and there are more. Narrow it, or take CSV."),
                most=MOST_ROWS,
            )
        _write_row(sheet, row, values, formats)
        if row % SAID_EVERY == 0:
            said(row)
    sheet.autofilter(0, 0, row, len(COLUMNS) - 1)


def _write_row(sheet: Any, row: int, values: list[Any], formats: Mapping[int, Any]) -> None:
    for column, value in enumerate(values):
        if value is None or value == "":
            continue
        if column in NUMBERS:
            sheet.write_number(row, column, value)
        elif column in formats:
            sheet.write_number(row, column, serial(value), formats[column])
        else:
            sheet.write_string(row, column, value)


def serial(text: str) -> float:
    """Return a day or a moment as spreadsheets count it: days, with the time as a fraction.

    They know no zones, so the heading says UTC.
    """
    day = serial_day(text[:10])
    if len(text) == 10:
        return day
    return day + (int(text[11:13]) * 60 + int(text[14:16])) / 1440


@lru_cache(maxsize=4096)
def serial_day(text: str) -> int:
    return date.fromisoformat(text).toordinal() - SERIAL_ZERO


def headings() -> list[str]:
    """Return the headings that a person reads, in the order of COLUMNS."""
    return [
        _("Person"),
        _("Email address"),
        _("Module"),
        _("Release"),
        _("Enrolled (UTC)"),
        _("Last activity (UTC)"),
        _("State"),
        _("Quiz score"),
        _("Quiz tries"),
        _("Certification result"),
        _("Cases met"),
        _("Certification tries"),
        _("Certified on"),
        _("Certificate code"),
        _("Expires"),
        _("Certificate state"),
    ]
