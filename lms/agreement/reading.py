"""A CSV file of ratings as people keep it: subjects as rows, raters as columns, empty = missing."""

import csv
import io
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lms.agreement.result import Misuse
from lms.errors import N_

MOST_PROBLEMS = 20
WIDTH = N_("There are %(cells)s cells, but %(columns)s columns.")
TWICE = N_("The name “%(name)s” stands above two columns.")
NO_LEVEL = N_("“%(cell)s” is none of the levels %(levels)s.")
NO_NUMBER = N_("“%(cell)s” is no number. Leave the cell empty where a rating is missing.")
ROW_NAMES = frozenset(
    "case cases examinee id item items name participant patient person row subject subjects "
    "student trainee unit video".split()
)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
Record = tuple[int, list[str]]
IsRating = Callable[[str], bool]
_SPAN = re.compile(r"([+-]?\d{1,6})\.\.([+-]?\d{1,6})")


@dataclass(frozen=True, slots=True)
class Problem:
    """One cell or row that cannot be read; line and column count from 1, column 0 is the row."""

    line: int
    column: int
    message: str
    values: Mapping[str, object]

    @property
    def sentence(self) -> str:
        return self.message % self.values

    def __str__(self) -> str:
        if not self.column:
            return f"line {self.line}: {self.sentence}"
        return f"line {self.line}, column {self.column} ({letters(self.column)}): {self.sentence}"


class UnreadableTable(Misuse):
    """A file whose cells are not all ratings; `problems` names the first of them."""

    def __init__(self, problems: Sequence[Problem], count: int) -> None:
        super().__init__(N_("%(count)s cells or rows cannot be read."), count=count)
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Cells:
    """A table of text with the names of its rows and columns, and where each row stood."""

    subjects: tuple[str, ...]
    raters: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    lines: tuple[int, ...]
    first_column: int


@dataclass(frozen=True, slots=True)
class Table:
    """Ratings as numbers; None where a cell was empty."""

    subjects: tuple[str, ...]
    raters: tuple[str, ...]
    rows: tuple[tuple[float | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Levels:
    """The categories of a scale in ascending order.

    Args:
        names: as they stand in the file.
        values: their numbers: their own where all are numbers, else 0, 1, 2 ...
    """

    names: tuple[str, ...]
    values: tuple[float, ...]


def read_levels(text: str) -> Levels:
    """Categories as they are typed: "0..4", "1,2,5" or "none,mild,severe".

    Raises:
        Misuse: if there are fewer than two, one is empty or named twice.
    """
    span = _SPAN.fullmatch(text.strip())
    if span:
        low, high = int(span[1]), int(span[2])
        if not 0 < high - low <= 1000:
            raise Misuse(N_("Levels from a number to a number are at most 1001, the lower first."))
        return Levels(
            tuple(map(str, range(low, high + 1))), tuple(map(float, range(low, high + 1)))
        )
    names = tuple(part.strip() for part in text.split(","))
    if len(names) < 2 or "" in names or len(set(names)) != len(names):
        raise Misuse(N_("Name at least two levels, each once, with commas between, or as in 0..4."))
    numbers = [_number(name) for name in names]
    if any(number is None for number in numbers):
        return Levels(names, tuple(map(float, range(len(names)))))
    values = tuple(number for number in numbers if number is not None)
    if list(values) != sorted(set(values)):
        raise Misuse(N_("Levels that are numbers are named in ascending order, each once."))
    return Levels(names, values)


def read_cells(
    text: str,
    *,
    levels: Levels | None = None,
    header: bool | None = None,
    row_names: bool | None = None,
    any_text: bool = False,
) -> Cells:
    """Read a table, with its row and column names where it has some.

    Args:
        text: CSV with commas, semicolons or tabs.
        levels: what counts as a rating besides numbers, to tell names from ratings.
        header, row_names: whether the first row (column) holds names; recognised if None. The
            first row does if at least half of its cells are no ratings; the first column if its
            heading is empty or a word such as "subject", or if none of its cells is a rating.
        any_text: every text is a rating, as options of questions are; the first row then holds
            names, and the first column does if its heading says so.

    Raises:
        Misuse: if there is no rating in it, or it is no CSV.
        UnreadableTable: if rows differ in length or two columns have one name.
    """
    records = _records(text)
    if not records:
        raise Misuse(N_("The file is empty: it needs a row for each subject."))
    is_rating = _rating_test(levels)
    if header is None:
        header = any_text or _is_header(records[0][1], is_rating)
    heads = records[0] if header else None
    body = records[1:] if header else records
    if not body:
        raise Misuse(N_("The file has column names and no row below them."))
    if row_names is None:
        row_names = _has_row_names(heads, body, is_rating, any_text)
    return _cells(heads, body, start=1 if row_names else 0)


def read_table(cells: Cells, levels: Levels | None = None) -> Table:
    """Cells as numbers.

    Args:
        levels: cells must then be among them.

    Raises:
        UnreadableTable: naming line and column of each cell that is no rating.
    """
    by_name = dict(zip(levels.names, levels.values, strict=True)) if levels else None
    decimal_comma = _uses_decimal_comma(cells)
    problems, rows = [], []
    for line, row in zip(cells.lines, cells.rows, strict=True):
        values = []
        for place, cell in enumerate(row):
            value = _value(cell, by_name, decimal_comma)
            if value is None and cell is not None:
                column = place + 1 + cells.first_column
                problems.append(_complaint(line, column, cell, levels))
            values.append(value)
        rows.append(tuple(values))
    if problems:
        raise UnreadableTable(problems[:MOST_PROBLEMS], len(problems))
    return Table(cells.subjects, cells.raters, tuple(rows))


def letters(column: int) -> str:
    """A column's letters as spreadsheets show them: 1 is A, 27 is AA."""
    name = ""
    while column:
        column, place = divmod(column - 1, 26)
        name = chr(65 + place) + name
    return name


def _records(text: str) -> list[Record]:
    """Rows that hold anything, each with the line on which it ends."""
    text = text.removeprefix("\ufeff")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    records = []
    try:
        for row in reader:
            stripped = [cell.strip() for cell in row]
            if any(stripped):
                records.append((reader.line_num, stripped))
    except csv.Error as error:
        raise Misuse(
            N_("Line %(line)s is no CSV: %(why)s."), line=reader.line_num, why=str(error)
        ) from error
    return records


def _delimiter(text: str) -> str:
    """Whichever of tab, semicolon and comma the first line with any of them has; comma if none."""
    for line in text.splitlines()[:20]:
        for sign in ("\t", ";", ","):
            if sign in line:
                return sign
    return ","


def _number(cell: str) -> float | None:
    if not _NUMBER.fullmatch(cell):
        return None
    number = float(cell)
    return number if math.isfinite(number) else None


def _value(cell: str | None, by_name: dict[str, float] | None, comma: bool) -> float | None:
    if cell is None:
        return None
    plain = cell.replace(",", ".", 1) if comma else cell
    if by_name is None:
        return _number(plain)
    if cell in by_name:
        return by_name[cell]
    number = _number(plain)
    return next((v for v in by_name.values() if v == number and _number_named(v, by_name)), None)


def _number_named(value: float, by_name: dict[str, float]) -> bool:
    """Whether the level is named by its number, so that 1.0 may stand for 1."""
    return any(_number(name) == value for name in by_name)


def _complaint(line: int, column: int, cell: str, levels: Levels | None) -> Problem:
    shown = cell if len(cell) <= 30 else f"{cell[:29]}…"
    if levels:
        names = ", ".join(levels.names[:12])
        return Problem(line, column, NO_LEVEL, {"cell": shown, "levels": names})
    return Problem(line, column, NO_NUMBER, {"cell": shown})


def _rating_test(levels: Levels | None) -> IsRating:
    names = frozenset(levels.names) if levels else frozenset()
    return lambda cell: cell in names or _number(cell.replace(",", ".", 1)) is not None


def _is_header(first: list[str], is_rating: IsRating) -> bool:
    """Whether at least half of the cells after the first are no ratings."""
    cells = [cell for cell in (first[1:] or first) if cell]
    return bool(cells) and 2 * sum(not is_rating(cell) for cell in cells) >= len(cells)


def _has_row_names(
    heads: Record | None, body: list[Record], is_rating: IsRating, any_text: bool
) -> bool:
    if heads and len(heads[1]) > 1:
        first = heads[1][0]
        if not first or first.casefold() in ROW_NAMES:
            return True
    column = [row[0] for _line, row in body if row[0]]
    return not any_text and bool(column) and not any(map(is_rating, column))


def _cells(heads: Record | None, body: list[Record], *, start: int) -> Cells:
    width = len((heads or body[0])[1])
    problems = [
        Problem(line, 0, WIDTH, {"cells": len(row), "columns": width})
        for line, row in body
        if len(row) != width
    ]
    names = heads[1][start:] if heads else [""] * (width - start)
    problems += [
        Problem(heads[0] if heads else 0, place + start + 1, TWICE, {"name": name})
        for place, name in enumerate(names)
        if name and name in names[:place]
    ]
    if problems:
        raise UnreadableTable(problems[:MOST_PROBLEMS], len(problems))
    if width <= start:
        raise Misuse(N_("There is no column of ratings beside the names of the rows."))
    rows = [row for _line, row in body]
    return Cells(
        subjects=tuple(row[0] if start else str(n) for n, row in enumerate(rows, start=1)),
        raters=tuple(name or letters(n + start) for n, name in enumerate(names, start=1)),
        rows=tuple(tuple(cell or None for cell in row[start:]) for row in rows),
        lines=tuple(line for line, _row in body),
        first_column=start,
    )


def _uses_decimal_comma(cells: Cells) -> bool:
    """Whether a comma stands for the point: some cell has a comma, and none has a point."""
    filled = [cell for row in cells.rows for cell in row if cell]
    return any("," in cell for cell in filled) and not any("." in cell for cell in filled)


def read_figures(text: str) -> list[list[float]]:
    """Rows of figures as they are typed: "0 1 3/1 0 6/3 6 0".

    Raises:
        Misuse: if one is no number or the rows differ in length.
    """
    rows = [[_number(part) for part in re.split(r"[,\s]+", row.strip())] for row in text.split("/")]
    figures = [[number for number in row if number is not None] for row in rows]
    if figures != rows or len({len(row) for row in rows}) != 1:
        raise Misuse(
            N_("Write the figures row by row, a slash between rows, as in 0 1 3/1 0 6/3 6 0.")
        )
    return figures


def read_maxima(text: str) -> list[float]:
    """The greatest score of every item, or of each: "1" or "1,2,5".

    Raises:
        Misuse: if one is no number.
    """
    numbers = [_number(part.strip()) for part in text.split(",")]
    found = [number for number in numbers if number is not None]
    if len(found) != len(numbers):
        raise Misuse(N_("Name the greatest score as a number, or one for each item, as in 1,2,5."))
    return found
