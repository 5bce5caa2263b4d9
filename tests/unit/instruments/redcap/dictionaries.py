"""Dictionaries for tests: rows written by column name, and the two public files."""

import csv
import io
from datetime import date
from pathlib import Path

from lms.instruments.redcap.columns import COLUMNS
from lms.instruments.redcap.drafts import Dictionary, read_dictionary
from lms.instruments.redcap.form_reading import Origin

DATA = Path(__file__).parents[3] / "data" / "redcap"
PUBLIC = ("longitudinal", "validation-types")
ORIGIN = Origin(date(2026, 11, 21), "made for tests")
RECORD = {"field_name": "record_id", "form_name": "f", "field_type": "text", "field_label": "ID"}


def row(name, type_, label="Label", choices="", **cells):
    return {
        "field_name": name,
        "form_name": "f",
        "field_type": type_,
        "field_label": label,
        "select_choices_or_calculations": choices,
    } | cells


def written(rows, *, headers=None, columns=tuple(COLUMNS), sign=",", record=True):
    """A dictionary file as text; `headers` = from a column's key to its header."""
    headers = headers or COLUMNS
    out = io.StringIO()
    writer = csv.writer(out, delimiter=sign, lineterminator="\n")
    writer.writerow([headers.get(column, column) for column in columns])
    for cells in ([RECORD] if record else []) + list(rows):
        writer.writerow([cells.get(column, "") for column in columns])
    return out.getvalue()


def read(rows, **how) -> Dictionary:
    return read_dictionary(written(rows, **how).encode(), ORIGIN)


def draft_of(rows, **how):
    return read(rows, **how).drafts[0].data


def said(dictionary, *, notes=False):
    """(line, column, sentence) of what was found; notes only where asked for."""
    return [
        (found.line, found.number, found.sentence)
        for found in dictionary.findings
        if notes or found.weight != "note"
    ]


def cells_of(text):
    return list(csv.reader(io.StringIO(text)))
