"""Many certificates at once: codes out of a list or a table, and what a ZIP of them says."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lms.certificates.domain.codes import parse_code
from lms.errors import N_, Invalid

MOST = 20_000
"""In one job. Their files take about a gigabyte."""
SHOWN_MISTAKES = 20
_BETWEEN = re.compile(r"[,;\t]")


class NoneChosen(Invalid):
    def __init__(self) -> None:
        super().__init__(N_("Nothing is chosen. Enter codes, or choose a file or a module."))


class TooMany(Invalid):
    def __init__(self) -> None:
        super().__init__(
            N_("At most %(most)s certificates go into one job. Do the rest in a second one."),
            most=MOST,
        )


@dataclass(frozen=True)
class Mistake:
    """What stands where a code should; line counts from 1."""

    line: int
    text: str


@dataclass(frozen=True)
class Listed:
    """What a list of codes holds.

    Args:
        codes: each once, in order, without dashes.
        mistakes: what is no code, at most SHOWN_MISTAKES of them.
    """

    codes: tuple[str, ...]
    mistakes: tuple[Mistake, ...]


def codes_in(text: str) -> Listed:
    """Read codes from a list, or from a table with headings.

    A table is known by a heading that ends in "code", as the exports of this product have; only
    such columns are read then, and their empty cells are passed over. In anything else every word
    between line ends, commas, semicolons and tabs must be a code.
    """
    cells = list(_cells(text))
    found = [(line, cell, parse_code(cell)) for line, cell in cells]
    codes = dict.fromkeys(code for _line, _cell, code in found if code)
    mistakes = (Mistake(line, cell[:60]) for line, cell, code in found if not code)
    return Listed(tuple(codes), tuple(islice(mistakes, SHOWN_MISTAKES)))


def _cells(text: str) -> Iterator[tuple[int, str]]:
    lines = text.lstrip("\ufeff").splitlines()
    columns: list[int] | None = None
    delimiter = ","
    for number, line in enumerate(lines, start=1):
        if columns is None and line.strip():
            delimiter = max(",;\t", key=line.count)
            columns = _code_columns(_split(line, delimiter))
            if columns:
                continue
        if columns:
            cells = _split(line, delimiter)
            chosen = [cells[at] for at in columns if at < len(cells)]
        else:
            chosen = _BETWEEN.split(line)
        yield from ((number, cell.strip()) for cell in chosen if cell.strip())


def _code_columns(headings: list[str]) -> list[int]:
    return [at for at, one in enumerate(headings) if one.strip().casefold().endswith("code")]


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return [line]
