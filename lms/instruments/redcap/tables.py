"""From a file's bytes to rows of cells that know their line; nothing here can fail on content."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lms.errors import N_
from lms.instruments.redcap.cells import armed
from lms.instruments.redcap.columns import COLUMNS, Header, read_header
from lms.instruments.redcap.findings import Finding, Weight, short

MOST_BYTES = 16_000_000
MOST_ROWS = 20_000
LONGEST_CELL = 100_000

_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a dictionary: its cells by the column's key, absent columns as ""."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.cells.get(key, "")


@dataclass(frozen=True, slots=True)
class Table:
    """A dictionary as it was read, before any sense is made of it."""

    header: Header
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]


def read_table(content: bytes) -> Table:
    """The rows of a dictionary file, whatever it holds.

    A file that is no dictionary has no rows, and a finding says why.
    """
    if len(content) > MOST_BYTES:
        return _refused(N_("The file is larger than 16 MB, which no data dictionary is."))
    findings: list[Finding] = []
    text = _text(content, findings)
    if not text.strip(",;\t \n"):
        return _refused(N_("The file is empty."), findings)
    sign = _separator(text)
    lines = _lines(text, sign, findings)
    first = next((found for found in lines if any(cell.strip() for cell in found[1])), (0, []))
    header = read_header(first[1])
    if header.missing:
        names = ", ".join(COLUMNS[key] for key in header.missing)
        message = N_(
            "Line %(line)s is no header of a data dictionary: it has no column %(names)s. "
            "Export the dictionary again, or write the header over the rows."
        )
        return _refused(message, findings, line=str(first[0]), names=names)
    _look_at_header(header, first[0], findings)
    return Table(header, tuple(_rows(lines, header, findings)), tuple(findings))


def _refused(message: str, findings: list[Finding] | None = None, **values: str) -> Table:
    said = [*(findings or []), Finding(Weight.BROKEN, 0, 0, "", message, values)]
    return Table(Header({}, (), (), (), False), (), tuple(said))


def _text(content: bytes, findings: list[Finding]) -> str:
    encoding = _MARKS.get(content[:2], "utf-8-sig")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = N_("The file is not UTF-8, so it was read as Windows-1252. Look at its accents.")
        findings.append(Finding(Weight.BROKEN, line, 0, "", message))
        text = content.decode("cp1252", errors="replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        message = N_("The file holds zero bytes. They were left out.")
        findings.append(Finding(Weight.BROKEN, line, 0, "", message))
        text = text.replace("\0", "")
    return text


def _separator(text: str) -> str:
    """The sign under which the first line has most of the 18 headers."""
    first = next(line for line in text.split("\n") if line.strip())[:LONGEST_CELL]
    counts = {
        sign: len(read_header(next(_lines(first, sign, []), (1, []))[1]).places) for sign in ",;\t"
    }
    return max(counts, key=lambda sign: counts[sign])


def _lines(text: str, sign: str, findings: list[Finding]) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line on which it begins. An open quote ends with its line."""
    plain = re.compile(rf"[^{sign}\n]*")
    quoted = re.compile(r'"((?:[^"]++|"")*+)"')
    place, line, cells, begun = 0, 1, list[str](), 1
    while place < len(text):
        found = quoted.match(text, place) if text[place] == '"' else None
        rest = plain.match(text, found.end()) if found else None
        if found and rest and not (rest[0].strip() and "\n" in found[0]):
            cell = found[1].replace('""', '"')
        else:
            if text[place] == '"':
                message = N_("A quotation mark is opened and never closed. It was taken as a sign.")
                findings.append(Finding(Weight.BROKEN, line, len(cells) + 1, "", message))
            cell, rest = "", plain.match(text, place)
        assert rest is not None  # it also matches nothing
        cells.append(cell + rest[0])
        line += text.count("\n", place, rest.end())
        place = rest.end()
        if text[place : place + 1] == sign:
            place += 1
            if place < len(text):
                continue
            cells.append("")
        yield begun, cells
        place, line = place + 1, line + 1
        cells, begun = [], line


def _look_at_header(header: Header, line: int, findings: list[Finding]) -> None:
    def say(weight: Weight, place: int, message: str, **values: str) -> None:
        findings.append(Finding(weight, line, place + 1, header.names[place], message, values))

    if header.unnamed_first:
        say(Weight.NOTE, 0, N_("This header is not known. It was taken as the field names."))
    for place in header.strange:
        say(Weight.KEPT, place, N_("This column is none of the 18. It was left out."))
    for place in header.twice:
        say(Weight.BROKEN, place, N_("This column stands here twice. The first one was read."))


def _rows(
    lines: Iterator[tuple[int, list[str]]], header: Header, findings: list[Finding]
) -> Iterator[Row]:
    columns = len(header.names)
    count = 0
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        if count > MOST_ROWS:
            message = N_("The file has more than %(most)s rows. The rest was left out.")
            findings.append(Finding(Weight.BROKEN, line, 0, "", message, {"most": str(MOST_ROWS)}))
            return
        if fault := _fault(cells, columns):
            message, values = fault
            findings.append(Finding(Weight.BROKEN, line, 0, "", message, values))
            continue
        if len(cells) < columns:
            message = N_("The row has %(count)s of %(columns)s cells. The others count as empty.")
            values = {"count": str(len(cells)), "columns": str(columns)}
            findings.append(Finding(Weight.BROKEN, line, 0, "", message, values))
            cells = cells + [""] * (columns - len(cells))
        yield Row(line, {key: armed(cells[place], key) for key, place in header.places.items()})


def _fault(cells: list[str], columns: int) -> tuple[str, dict[str, str]] | None:
    """Why a row cannot be trusted, with what the sentence needs."""
    if len(cells) > columns:
        message = N_(
            "The row has %(count)s cells and the header %(columns)s, so it was left out. Put "
            "text with commas in quotation marks. It begins: %(start)s"
        )
        values = {"count": str(len(cells)), "columns": str(columns)}
        return message, values | {"start": short(cells[0])}
    if any(len(cell) > LONGEST_CELL for cell in cells):
        message = N_("A cell has more than %(most)s characters, so the row was left out.")
        return message, {"most": str(LONGEST_CELL)}
    return None
