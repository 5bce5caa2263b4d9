"""From a dictionary's rows to instrument drafts, one for each form."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lms.errors import N_
from lms.instruments.library import instrument_from_data
from lms.instruments.redcap.columns import CHOICES, FIELD, FORM, MATRIX, TYPE, Header
from lms.instruments.redcap.dictionary import Naming, bare_rows
from lms.instruments.redcap.entries import Entry
from lms.instruments.redcap.fields import CALC, type_of
from lms.instruments.redcap.findings import Finding, Say, Weight, short
from lms.instruments.redcap.form_reading import FormReader, Origin
from lms.instruments.redcap.kept import Kept, KeptRow
from lms.instruments.redcap.tables import Row, Table, read_table

FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")


@dataclass(frozen=True, slots=True)
class Draft:
    """One form as an instrument.

    Args:
        data: a definition that `instrument_from_data` takes; None where no item was found.
        kept: every row of the form, as it stood in the file.
    """

    form: str
    data: dict[str, Any] | None
    kept: Kept


@dataclass(frozen=True, slots=True)
class Dictionary:
    """What a dictionary file holds: a draft a form, and all that a person should know."""

    drafts: tuple[Draft, ...]
    findings: tuple[Finding, ...]

    @property
    def forms(self) -> list[str]:
        return [draft.form for draft in self.drafts]


def read_dictionary(content: bytes, origin: Origin, form: str | None = None) -> Dictionary:
    """Read a data dictionary, whatever it holds; never an exception.

    Args:
        form: the one form to read; None = all.
    """
    table = read_table(content)
    findings = list(table.findings)
    speaker = _Speaker(table.header, findings)
    forms = _by_form(_sound(table, speaker), speaker)
    if form is not None and form not in forms and forms:
        names = ", ".join(short(name) for name in list(forms)[:50])
        message = N_("There is no form %(form)s. There are: %(names)s.")
        findings.append(
            Finding(Weight.BROKEN, 0, 0, "", message, {"form": short(form), "names": names})
        )
    record_id = next((row[FIELD].strip() for rows in forms.values() for row in rows), "")
    drafts = []
    for name, rows in forms.items():
        if form is None or name == form:
            items = rows[1:] if _is_record_id(rows[0], record_id, speaker) else rows
            reader = FormReader(name, items, speaker.about, origin)
            data = reader.draft()
            kept = _kept(name, rows, reader.entries(), data, record_id=items is not rows)
            drafts.append(Draft(name, data, kept))
            findings += reader.findings
    findings.sort(key=lambda found: (found.line, found.number))
    return Dictionary(tuple(drafts), tuple(findings))


def _kept(
    form: str, rows: Sequence[Row], entries: Sequence[Entry], data: Mapping[str, Any] | None,
    *, record_id: bool,
) -> Kept:  # fmt: skip
    keys = {
        entry.name: f"{'total' if type_of(entry.row) == CALC else 'item'}:{entry.key}"
        for entry in entries
        if entry.data is not None and data is not None
    }
    plain = tuple(
        KeptRow(row[FIELD].strip(), dict(row.cells), keys.get(row[FIELD].strip(), ""))
        for row in rows
    )
    kept = Kept(form, record_id, plain)
    if data is None:
        return kept
    fresh = dict(bare_rows(instrument_from_data(data), Naming(form), kept))
    return replace(
        kept, rows=tuple(replace(row, written=fresh.get(row.key, {})) for row in kept.rows)
    )


@dataclass(frozen=True, slots=True)
class _Speaker:
    """Turns what is said of a row into findings with line and column."""

    header: Header
    findings: list[Finding]

    def of(self, row: Row) -> Say:
        return self.about(row, self.findings)

    def about(self, row: Row, findings: list[Finding]) -> Say:
        def say(weight: Weight, column: str, message: str, **values: str) -> None:
            place = self.header.places.get(column)
            number = 0 if place is None else place + 1
            name = "" if place is None else self.header.names[place]
            findings.append(Finding(weight, row.line, number, name, message, values))

        return say


def _sound(table: Table, speaker: _Speaker) -> Iterable[Row]:
    """The rows whose field has a name of its own."""
    known: dict[str, int] = {}
    for row in table.rows:
        say, name = speaker.of(row), row[FIELD].strip()
        if not name:
            say(Weight.BROKEN, FIELD, N_("The row has no field name, so it was left out."))
        elif not FIELD_NAME.fullmatch(name):
            message = N_(
                "%(name)s is no field name, so the row was left out. Use small letters, digits "
                "and _, beginning with a letter."
            )
            say(Weight.BROKEN, FIELD, message, name=short(name))
        elif name in known:
            message = N_("%(name)s stands on line %(line)s already, so the row was left out.")
            say(Weight.BROKEN, FIELD, message, name=name, line=str(known[name]))
        else:
            known[name] = row.line
            yield row


def _by_form(rows: Iterable[Row], speaker: _Speaker) -> dict[str, list[Row]]:
    forms: dict[str, list[Row]] = {}
    last = ""
    for row in rows:
        name = row[FORM].strip()
        if not name:
            speaker.of(row)(Weight.BROKEN, FORM, N_("The row is in no form, so it was left out."))
            continue
        if name != last and name in forms:
            message = N_(
                "The form %(name)s goes on here after another. Its rows were put together."
            )
            speaker.of(row)(Weight.BROKEN, FORM, message, name=short(name))
        forms.setdefault(name, []).append(row)
        last = name
    for found in forms.values():
        _look_at_matrices(found, speaker)
    return forms


def _look_at_matrices(rows: Sequence[Row], speaker: _Speaker) -> None:
    first: dict[str, Row] = {}
    for row in rows:
        name = row[MATRIX].strip()
        if not name:
            continue
        head = first.setdefault(name, row)
        for column, message in _MATRIX_RULES.items():
            if row[column].strip() != head[column].strip():
                speaker.of(row)(
                    Weight.BROKEN, column, message, name=short(name), line=str(head.line)
                )


_MATRIX_RULES = {
    TYPE: N_("In matrix %(name)s the field type is not the one of line %(line)s."),
    CHOICES: N_("In matrix %(name)s the choices are not those of line %(line)s."),
}


def _is_record_id(row: Row, record_id: str, speaker: _Speaker) -> bool:
    if row[FIELD].strip() != record_id:
        return False
    if type_of(row) == "text":
        return True
    message = N_("The first field of a dictionary is the record id, of type text. This is an item.")
    speaker.of(row)(Weight.BROKEN, TYPE, message)
    return False
