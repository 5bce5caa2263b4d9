"""What of a dictionary's form its instrument cannot say, so that an export says it again."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made
from typing import Any

from lms.errors import N_, Invalid
from lms.instruments.redcap.columns import COLUMNS

FORMAT = "concord-redcap-kept/1"

Cells = dict[str, str]


class KeptUnreadable(Invalid):
    """A file of kept rows that is none."""


@dataclass(frozen=True, slots=True)
class KeptRow:
    """One row as it stood.

    Args:
        key: item:… or total:… with the key of what it became; "" if it became nothing.
        written: the cells that Concord would have written for it, by which a later change of the
            instrument is seen.
    """

    field: str
    cells: Mapping[str, str]
    key: str = ""
    written: Mapping[str, str] = made(default_factory=dict)

    @property
    def mark(self) -> str:
        return self.key[: self.key.find(":") + 1]


@dataclass(frozen=True, slots=True)
class Kept:
    """Every row of a form.

    Args:
        record_id: whether its first row is the project's record id.
    """

    form: str
    record_id: bool
    rows: tuple[KeptRow, ...]


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form's rows, and the file that its draft stands in; "" if it makes no instrument."""

    kept: Kept
    draft: str


def kept_to_json(forms: Sequence[KeptForm]) -> dict[str, Any]:
    """The whole dictionary as JSON, in the order of its forms; empty cells are left out."""
    return {"format": FORMAT, "forms": [_form(form.kept, form.draft) for form in forms]}


def _form(kept: Kept, draft: str) -> dict[str, Any]:
    return {
        "form": kept.form,
        "draft": draft,
        "record_id": kept.record_id,
        "rows": [
            {"field": row.field, "key": row.key, "cells": _full(row.cells)}
            | ({"written": _full(row.written)} if row.key else {})
            for row in kept.rows
        ],
    }


def _full(cells: Mapping[str, str]) -> Cells:
    return {column: cells[column] for column in COLUMNS if cells.get(column)}


def kept_from_json(text: str | bytes) -> list[KeptForm]:
    """What `kept_to_json` wrote.

    Raises:
        KeptUnreadable: if it is something else.
    """
    try:
        data = json.loads(text)
        if data["format"] != FORMAT:
            raise ValueError("another format")
        return [KeptForm(_kept(form), str(form["draft"])) for form in data["forms"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise KeptUnreadable(
            N_("This is no file of kept rows. Import the dictionary again, or take the file away.")
        ) from error


def _kept(data: Mapping[str, Any]) -> Kept:
    rows = tuple(
        KeptRow(
            str(row["field"]),
            _cells(row["cells"]),
            str(row["key"]),
            _cells(row.get("written", {})),
        )
        for row in data["rows"]
    )
    return Kept(str(data["form"]), bool(data["record_id"]), rows)


def _cells(data: Mapping[str, Any]) -> Cells:
    return {column: str(text) for column, text in data.items() if column in COLUMNS}
