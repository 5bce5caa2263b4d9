"""From the bytes of an uploaded roster to its rows, whatever a spreadsheet made of them."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lms.errors import N_
from lms.trials.domain.errors import BadRosterFile

MOST_BYTES: Final = 2 * 1024 * 1024
MOST_ROWS: Final = 5000
LONGEST_CELL: Final = 500
DELIMITERS: Final = (",", ";", "\t", "|")
UNCERTAIN: Final = "windows-1252"
"""The encoding that is guessed where the bytes do not say: names with accents need a look."""

NAMES: Final = {
    "email": ("email", "e-mail", "mail", "e-mail address", "email address", "address"),
    "name": ("name", "full name", "rater", "rater name"),
    "site": ("site", "site number", "site no", "site no.", "site id", "centre", "center"),
    "site_name": ("site name", "site_name", "centre name", "center name"),
    "country": ("country", "site country"),
    "role": ("role", "function"),
    "language": ("language", "lang"),
    "from": ("from", "from date", "start", "start date", "from_on"),
}
REQUIRED: Final = ("email", "name", "site")

SIGNATURES: Final = (
    (b"PK\x03\x04", N_("This is an Excel workbook or another zip file.")),
    (b"\xd0\xcf\x11\xe0", N_("This is an old Excel workbook.")),
    (b"%PDF", N_("This is a PDF.")),
)
SAVE_AS_CSV: Final = N_(
    "%(what)s Open it in your spreadsheet program, save the sheet as “CSV UTF-8” and send that "
    "file."
)


@dataclass(frozen=True)
class Text:
    """A file read as text, and how it was read: utf-8, utf-16 or windows-1252."""

    content: str
    encoding: str


@dataclass(frozen=True)
class RawRow:
    """One row of the file, cells stripped, under our names of the columns.

    Attributes:
        line: where it begins in the file, 1 for the first line.
        problem: "" or why the row as such cannot be read.
    """

    line: int
    cells: dict[str, str]
    problem: str = ""

    def cell(self, name: str) -> str:
        return self.cells.get(name, "")


@dataclass(frozen=True)
class RosterFile:
    """What a file holds.

    Attributes:
        ignored: headings that are not used.
    """

    rows: tuple[RawRow, ...]
    delimiter: str
    ignored: tuple[str, ...]


def read_text(data: bytes) -> Text:
    """Decode a file as spreadsheets write them.

    A mark at the beginning says the encoding; without one UTF-16 shows by its zero bytes, UTF-8 by
    being well formed, and what is left is taken for Windows-1252.

    Raises:
        BadRosterFile: if it is empty, too large, or no text.
    """
    if len(data) > MOST_BYTES:
        raise BadRosterFile(
            N_("The file is larger than %(most)s MB. Split it into several files."),
            most=MOST_BYTES // 2**20,
        )
    for signature, what in SIGNATURES:
        if data.startswith(signature):
            raise BadRosterFile(SAVE_AS_CSV, what=what)
    text = _decode(data)
    if not text.content.strip():
        raise BadRosterFile(
            N_("The file is empty. It needs a heading line and a line for each rater.")
        )
    if "\x00" in text.content:
        raise BadRosterFile(SAVE_AS_CSV, what=N_("This is not a text file."))
    return text


def _decode(data: bytes) -> Text:
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return Text(data.decode("utf-16"), "utf-16")
        if data.startswith(b"\xef\xbb\xbf"):
            return Text(data.decode("utf-8-sig"), "utf-8")
        if guess := _unmarked_utf16(data):
            return Text(data.decode(guess), "utf-16")
    except UnicodeDecodeError as error:
        raise BadRosterFile(
            N_("The file is damaged: it cannot be read from byte %(byte)s on. Save it again."),
            byte=error.start + 1,
        ) from error
    try:
        return Text(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return Text(data.decode("cp1252", errors="replace"), UNCERTAIN)


def _unmarked_utf16(data: bytes) -> str:
    """Return the byte order where every other byte of the first line is zero, else nothing."""
    head = data[:64]
    if len(data) % 2 or len(head) < 4:
        return ""
    if not any(head[0::2]) and all(head[1::2]):
        return "utf-16-be"
    if not any(head[1::2]) and all(head[0::2]):
        return "utf-16-le"
    return ""


def read_roster(content: str) -> RosterFile:
    """Read the rows of a roster.

    Raises:
        BadRosterFile: if a column is missing or stands twice, there is no row, or there are
            too many.
    """
    body, skipped, said = _without_separator_line(content)
    delimiter = said or _delimiter_of(body)
    lines = _records(body, delimiter, skipped)
    heading_line, heading, _ = next(lines, (1, [], ""))
    columns = _columns(heading, heading_line)
    rows: list[RawRow] = []
    for line, cells, problem in lines:
        if len(rows) == MOST_ROWS:
            raise BadRosterFile(
                N_("The file has more than %(most)s rows. Split it into several files."),
                most=MOST_ROWS,
            )
        rows.append(_row(line, cells, columns, problem))
    if not rows:
        raise BadRosterFile(N_("The file has a heading and no rows. Add a line for each rater."))
    ignored = tuple(name for at, name in enumerate(heading) if name and at not in columns.values())
    return RosterFile(tuple(rows), delimiter, ignored)


def _without_separator_line(content: str) -> tuple[str, int, str]:
    """Take off the line sep=; with which Excel is told the separator."""
    first, line_end, rest = content.partition("\n")
    word = first.strip().strip('"').lower()
    if word.startswith("sep=") and len(first.strip().strip('"')) <= 5 and line_end:
        return rest, 1, (first.strip().strip('"')[4:5] or "\t")
    return content, 0, ""


def _delimiter_of(content: str) -> str:
    """Return the separator with which the heading line makes most sense."""
    head = content.lstrip("\r\n").splitlines()[:1] or [""]

    def sense(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader([head[0][:10_000]], delimiter=delimiter), [])
        return len({_name_of(cell) for cell in cells} - {""}), len(cells)

    return max(DELIMITERS, key=sense)


def _records(body: str, delimiter: str, skipped: int) -> Iterator[tuple[int, list[str], str]]:
    """Yield where each record begins that is not blank, its cells, and what is wrong with it."""
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter)
    while True:
        begins = reader.line_num + 1 + skipped
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield begins, [], N_("This line cannot be read. Look for a quotation mark too many.")
            continue
        cleaned = [" ".join(cell.split()) for cell in cells]
        if not any(cleaned):
            continue
        long = any(len(cell) > LONGEST_CELL for cell in cleaned)
        yield begins, cleaned, _TOO_LONG if long else ""


_TOO_LONG: Final = N_(
    "A cell of this row is too long for a roster. Look for a quotation mark that is not closed."
)


def _columns(heading: list[str], line: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, cell in enumerate(heading):
        name = _name_of(cell)
        if name in found:
            raise BadRosterFile(
                N_("Line %(line)s: two columns say “%(column)s”. Keep one of them."),
                line=line,
                column=cell,
            )
        if name:
            found[name] = at
    missing = [name for name in REQUIRED if name not in found]
    if missing:
        raise BadRosterFile(
            N_(
                "Line %(line)s: the heading has no column for %(missing)s. Name the columns email, "
                "name and site; the words were read as: %(seen)s."
            ),
            line=line,
            missing=", ".join(missing),
            seen=", ".join(cell[:40] for cell in heading[:12] if cell) or "–",
        )
    return found


def _name_of(cell: str) -> str:
    word = " ".join(cell.replace("\ufeff", "").replace("_", " ").split()).casefold()
    return next(
        (name for name, words in NAMES.items() if word in {one.replace("_", " ") for one in words}),
        "",
    )


def _row(line: int, cells: list[str], columns: dict[str, int], problem: str) -> RawRow:
    if not problem and len(cells) <= max(columns[name] for name in REQUIRED):
        problem = N_("This row has fewer cells than the heading. Fill in email, name and site.")
    got = {name: cells[at] for name, at in columns.items() if at < len(cells)}
    return RawRow(line, got, problem)
