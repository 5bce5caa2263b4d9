"""From an instrument to a dictionary that is read back as the same instrument."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lms.errors import N_, Invalid
from lms.instruments.domain import Instrument, to_data
from lms.instruments.domain.definition import DefinitionError
from lms.instruments.library import instrument_from_data
from lms.instruments.redcap.cells import disarmed
from lms.instruments.redcap.columns import (
    ANNOTATION,
    COLUMNS,
    FIELD,
    FORM,
    LABEL,
    SECTION,
    TYPE,
)
from lms.instruments.redcap.entries import DECIDING, WORDS, Entry
from lms.instruments.redcap.findings import Finding, Say
from lms.instruments.redcap.form_reading import FURTHER, FormReader, Origin, placeholders
from lms.instruments.redcap.kept import Kept, KeptRow
from lms.instruments.redcap.lean import lean
from lms.instruments.redcap.remarks import ITEM, WHOLE, remark_for, without_remarks, written
from lms.instruments.redcap.rows import Cells, item_cells, points_formula, total_cells
from lms.instruments.redcap.sections import headers_of
from lms.instruments.redcap.tables import Row

RECORD_ID = "record_id"


@dataclass(frozen=True, slots=True)
class Naming:
    """How an instrument's items and totals are called in a project.

    Args:
        form: the name of the form; "" = the instrument's id.
        prefix: what stands before each field's name, so that two instruments fit in one project.
    """

    form: str = ""
    prefix: str = ""


def check_names(form: str, prefix: str) -> None:
    """Refuse names that REDCap would not take.

    Raises:
        Invalid: with what to write instead.
    """
    if prefix and not re.fullmatch(r"[a-z][a-z0-9_]{0,19}", prefix):
        raise Invalid(
            N_("A prefix is 1 to 20 small letters, digits and _, and begins with a letter.")
        )
    if form and not re.fullmatch(r"[a-z][a-z0-9_]{0,63}", form):
        raise Invalid(
            N_("A form's name is 1 to 64 small letters, digits and _, and begins with a letter.")
        )


def field_names(
    instrument: Instrument, naming: Naming, kept: Kept | None = None
) -> tuple[dict[str, str], dict[str, str]]:
    """The field name of each item and of each total, by their keys."""
    form = naming.form or instrument.id
    known = {row.key: row.field for row in kept.rows} if kept else {}
    taken = {RECORD_ID, f"{form}_complete"} | ({row.field for row in kept.rows} if kept else set())
    items: dict[str, str] = {}
    totals: dict[str, str] = {}
    for names, keys, mark in (
        (items, [item.key for item in instrument.items], "item:"),
        (totals, [total.key for total in instrument.totals], "total:"),
    ):
        for key in keys:
            name = known.get(mark + key) or naming.prefix + key
            while name in taken and mark + key not in known:
                name = ("score_" if names is totals else "item_") + name
            taken.add(name)
            names[key] = name
    return items, totals


def dictionary_rows(
    instrument: Instrument, naming: Naming | None = None, kept: Kept | None = None
) -> list[Cells]:
    """The rows of a dictionary, the record id first; `read_dictionary` makes the instrument again.

    Args:
        kept: what was kept when the instrument was read from a dictionary.
    """
    naming = naming or Naming()
    form = naming.form or (kept.form if kept else instrument.id)
    naming = Naming(form, naming.prefix)
    rows = _merged(bare_rows(instrument, naming, kept), kept)
    body = rows[1:] if kept and kept.record_id else rows
    if not _reads_as(body, instrument, form):
        _annotate(body, instrument, naming, kept)
    if kept:
        return rows
    return [{FIELD: RECORD_ID, FORM: form, TYPE: "text", LABEL: "Record ID"}, *body]


def bare_rows(
    instrument: Instrument, naming: Naming, kept: Kept | None = None
) -> list[tuple[str, Cells]]:
    """The row of each item and total that a calculation can say, with its key, without remarks."""
    data = lean(to_data(instrument))
    items, totals = field_names(instrument, naming, kept)
    scales = {item["key"]: data["scales"].get(item.get("scale"), item) for item in data["items"]}
    titles = {section["key"]: section["title"] for section in data["sections"]}
    rows, before = [], ""
    for item in data["items"]:
        cells = item_cells(item, scales[item["key"]], items[item["key"]], naming.form)
        section = item.get("section", "")
        if section and section != before:
            cells[SECTION] = titles[section]
        before = section or before
        rows.append((f"item:{item['key']}", cells))
    formulas = {key: points_formula(scale, items[key]) for key, scale in scales.items()}
    for total in data["totals"]:
        written_row = total_cells(total, totals[total["key"]], naming.form, formulas)
        if written_row is not None:
            rows.append((f"total:{total['key']}", written_row))
    return rows


def _merged(fresh: Sequence[tuple[str, Cells]], kept: Kept | None) -> list[Cells]:
    """The fresh rows in the places and with the cells that were kept."""
    if kept is None:
        return [cells for _, cells in fresh]
    known = {row.key: row for row in kept.rows if row.key}
    queues = {
        mark: [(key, cells) for key, cells in fresh if key.startswith(mark)]
        for mark in ("item:", "total:")
    }
    last = {row.mark: place for place, row in enumerate(kept.rows) if row.mark}
    merged: list[Cells] = []
    for place, row in enumerate(kept.rows):
        if not row.mark:
            merged.append(dict(row.cells))
            continue
        queue = queues[row.mark]
        count = len(queue) if last[row.mark] == place else min(1, len(queue))
        merged += [_as_kept(cells, known.get(key)) for key, cells in queue[:count]]
        del queue[:count]
    return merged + [cells for queue in queues.values() for _, cells in queue]


def _as_kept(fresh: Cells, row: KeptRow | None) -> Cells:
    """The row as it stood in the file, but for the cells that say something else now."""
    if row is None:
        return fresh
    return {
        column: row.cells.get(column, "")
        if fresh.get(column, "") == row.written.get(column, "")
        else fresh.get(column, "")
        for column in COLUMNS
    }


def _reader(rows: Sequence[Cells], instrument: Instrument, form: str) -> FormReader:
    """Read rows as an import would, on the day and from the source that the instrument names."""
    origin = Origin(instrument.rights.date, instrument.rights.source)
    placed = [Row(line, cells) for line, cells in enumerate(rows, start=2)]
    return FormReader(form, placed, _unheard, origin)


def _unheard(_row: Row, _into: list[Finding]) -> Say:
    return lambda *_, **__: None


def _reads_as(rows: Sequence[Cells], instrument: Instrument, form: str) -> bool:
    data = _reader(rows, instrument, form).draft()
    try:
        return data is not None and instrument_from_data(data) == instrument
    except DefinitionError:
        return False


def _annotate(rows: list[Cells], instrument: Instrument, naming: Naming, kept: Kept | None) -> None:
    """Add the remarks without which the rows would be read as another instrument."""
    for cells in rows:
        cells[ANNOTATION] = without_remarks(cells.get(ANNOTATION, ""))
    reader = _reader(rows, instrument, naming.form)
    reader.draft()
    entries = {entry.name: entry for entry in reader.entries()}
    by_field = {cells[FIELD]: cells for cells in rows}
    data = lean(to_data(instrument))
    items, totals = field_names(instrument, naming, kept)
    for item in data["items"]:
        _remark_on(by_field[items[item["key"]]], item, entries)
    further: list[Mapping[str, Any]] = []
    for place, total in enumerate(data["totals"]):
        row = by_field.get(totals[total["key"]])
        if row is None:
            further.append({"place": place, "total": total})
        else:
            _remark_on(row, total, {})
    _remark_on_whole(rows, data, instrument, naming.form, further)


def _remark_on(cells: Cells, wanted: Mapping[str, Any], entries: Mapping[str, Entry]) -> None:
    entry = entries.get(cells[FIELD])
    bare = dict(entry.bare) if entry and entry.bare else {}
    bare.pop("section", None)  # always said, because its key is not its title
    decided, texts = (
        [cells.get(column, "") for column in columns] for columns in (DECIDING, WORDS)
    )
    remark = remark_for(bare, wanted, decided, texts)
    if "section" not in wanted:
        remark = remark.dropping("section")
    _add(cells, written(ITEM, remark))


def _remark_on_whole(
    rows: Sequence[Cells],
    data: Mapping[str, Any],
    instrument: Instrument,
    form: str,
    further: Sequence[Mapping[str, Any]],
) -> None:
    wanted = {key: value for key, value in data.items() if key not in ("items", "totals")}
    bare = placeholders(form, Origin(instrument.rights.date, instrument.rights.source))
    headers = headers_of(Row(0, cells) for cells in rows)
    extra = {FURTHER: list(further)} if further else {}
    remark = remark_for(bare, wanted | extra, headers)
    first = next(cells for cells in rows if cells.get(ANNOTATION, "").find(ITEM) >= 0)
    _add(first, written(WHOLE, remark))


def _add(cells: Cells, remark: str) -> None:
    cells[ANNOTATION] = f"{cells.get(ANNOTATION, '')} {remark}".strip()


def dictionary_csv(rows: Iterable[Mapping[str, str]]) -> str:
    """The file: 18 columns, with no cell that a spreadsheet would compute."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS.values())
    for cells in rows:
        writer.writerow(disarmed(cells.get(column, ""), column) for column in COLUMNS)
    return out.getvalue()
