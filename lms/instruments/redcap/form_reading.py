"""One form's rows as the data of an instrument; what the file leaves open is said."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from lms.errors import N_
from lms.instruments.domain import FORMAT, DefinitionError, Instrument
from lms.instruments.domain.definition import Path
from lms.instruments.library import instrument_from_data
from lms.instruments.redcap.columns import ANNOTATION, BRANCHING, CHOICES, FIELD, FORM
from lms.instruments.redcap.conditions import rule_of
from lms.instruments.redcap.entries import Entry, Speak, apply_remark, remark_in
from lms.instruments.redcap.fields import CALC, read_item, type_of
from lms.instruments.redcap.findings import Finding, Weight
from lms.instruments.redcap.logic import NotUnderstood
from lms.instruments.redcap.meaning import Weighted, weighted_from
from lms.instruments.redcap.remarks import WHOLE, Remark, sum_of
from lms.instruments.redcap.sections import Sections, headers_of, key_from
from lms.instruments.redcap.tables import Row
from lms.instruments.redcap.totals import LONGEST_KEY, read_total

MOST = 200
FURTHER = "further_totals"
ITEMS_NEED = ("scales", "na_reasons", "sections")


@dataclass(frozen=True, slots=True)
class Origin:
    """What a draft says of where it comes from.

    Args:
        on: the day that its rights are dated.
        source: who says so, such as the name of the file; not empty.
    """

    on: date
    source: str = "REDCap data dictionary"


class FormReader:
    """Reads one form.

    Args:
        rows: its rows without the record id.
        speak: from a row to what takes findings about it.
    """

    def __init__(self, form: str, rows: Sequence[Row], speak: Speak, origin: Origin) -> None:
        self.findings: list[Finding] = []
        self._form = form
        self._rows = rows
        self._speak = speak
        self._origin = origin
        self._calculations = _calculations(rows)
        self._sections = Sections()
        self._whole: Remark | None = None
        self._entries: list[Entry] = []
        self._item_count = 0

    @property
    def _items(self) -> list[Entry]:
        return [entry for entry in self._entries if entry.data and type_of(entry.row) != CALC]

    @property
    def _totals(self) -> list[Entry]:
        return [entry for entry in self._entries if entry.data and type_of(entry.row) == CALC]

    def entries(self) -> list[Entry]:
        """What became of each row, once the draft was made."""
        return self._entries

    def draft(self) -> dict[str, Any] | None:
        """The data of a definition that can be built, or None where the form has no item."""
        self._whole = self._whole_remark()
        self._read_items()
        instrument = self._built(ITEMS_NEED)
        if instrument is not None:
            self._read_totals(instrument)
            instrument = self._built()
        data = self._data() if instrument is not None else None
        self._say_what_is_open(data)
        for entry in self._entries:
            self.findings += entry.said
        return data

    def _whole_remark(self) -> Remark | None:
        for row in self._rows:
            say = self._speak(row, self.findings)
            remark = remark_in(row, WHOLE, say)
            if remark is None:
                continue
            if remark.sum == sum_of(headers_of(self._rows)):
                return remark
            message = N_("The section headers were changed after Concord wrote them. They count.")
            say(Weight.NOTE, ANNOTATION, message)
            return remark.only(lambda key: key != "sections")
        return None

    def _read_items(self) -> None:
        summed = {
            name
            for found in self._calculations.values()
            if isinstance(found, Weighted)
            for name, _code in found.weights
        }
        for row in self._rows:
            section = self._sections.at(row, self._speak(row, self.findings))
            if type_of(row) != CALC:
                self._read_item(row, section, summed)

    def _read_item(self, row: Row, section: str, summed: set[str]) -> None:
        entry = self._entry(row)
        bare = read_item(row, summed=row[FIELD].strip() in summed, say=entry.say)
        if bare is not None and len(bare["key"]) > LONGEST_KEY:
            entry.say(Weight.KEPT, FIELD, N_("The key of an item has at most 60 characters."))
            bare = None
        if bare is not None and section:
            bare["section"] = section
        if bare is not None and row[BRANCHING].strip():
            bare["optional"] = True
        entry.bare = bare
        apply_remark(entry, with_whole=self._has_sections)
        if entry.data is not None and self._item_count >= MOST:
            message = N_("An instrument has at most 200 items. This is one more, and was kept.")
            entry.say(Weight.KEPT, FIELD, message)
            entry.data = None
        self._item_count += entry.data is not None

    def _read_totals(self, instrument: Instrument) -> None:
        items, count = self._items, 0
        for row in self._rows:
            if type_of(row) == CALC:
                entry = self._entry(row)
                found = self._calculations[entry.name]
                entry.bare = read_total(row, found, items, instrument, entry.say)
                apply_remark(entry, with_whole=self._has_sections, complete=True)
                if entry.data is not None and count >= MOST:
                    entry.say(Weight.KEPT, FIELD, N_("An instrument has at most 200 totals."))
                    entry.data = None
                count += entry.data is not None

    def _entry(self, row: Row) -> Entry:
        said: list[Finding] = []
        entry = Entry(row, self._speak(row, said), said)
        self._entries.append(entry)
        return entry

    @property
    def _has_sections(self) -> bool:
        return self._whole is not None and "sections" in self._whole.set

    def _built(self, only: Collection[str] | None = None) -> Instrument | None:
        """The instrument, once what stands against it was taken away step by step.

        Args:
            only: the keys that are taken from the form's remark; None = all.
        """
        while self._items:
            try:
                return instrument_from_data(self._data(only))
            except DefinitionError as error:
                if not self._mended([problem.path for problem in error.problems]):
                    return None
        return None

    def _mended(self, paths: list[Path]) -> bool:
        """Go back to the columns where a remark is wrong, or let a row go."""
        wrong = [entry for path in paths if (entry := self._entry_at(path))]
        for entry in {id(entry): entry for entry in wrong}.values():
            entry.step_back()
        if not wrong and self._whole is not None:
            self._whole = None
            for entry in self._items:
                entry.data = entry.bare
            message = N_("What Concord's remarks say of the form is damaged and was left out.")
            self._speak(self._rows[0], self.findings)(Weight.BROKEN, ANNOTATION, message)
            return True
        return bool(wrong)

    def _entry_at(self, path: Path) -> Entry | None:
        if len(path) < 2 or not isinstance(path[1], int) or path[0] not in ("items", "totals"):
            return None
        return self._items[path[1]] if path[0] == "items" else self._total_rows()[path[1]][0]

    def _total_rows(self) -> list[tuple[Entry | None, Any]]:
        """Every total with its row; the form's remark has those that none can say."""
        rows: list[tuple[Entry | None, Any]] = [(entry, entry.data) for entry in self._totals]
        further = self._whole.set.get(FURTHER) if self._whole else None
        for row in further if isinstance(further, list) else ():
            if isinstance(row, dict) and isinstance(row.get("place"), int):
                rows.insert(row["place"], (None, row.get("total")))
        return rows

    def _data(self, only: Collection[str] | None = None) -> dict[str, Any]:
        sections = self._section_rows()
        items = [_in_section(entry.data or {}, sections) for entry in self._items]
        used = {item.get("section") for item in items}
        given = self._whole.set if self._whole else {}
        data = placeholders(self._form, self._origin) | {
            key: value
            for key, value in given.items()
            if key != FURTHER and (only is None or key in only)
        }
        rules = data.get("rules")
        said = self._rules()
        if isinstance(rules, list):
            data["rules"] = rules + [rule for rule in said if rule not in rules]
        return data | {
            "sections": [row for row in sections if _key(row) in used],
            "items": items,
            "totals": [total for _, total in self._total_rows()] if only is None else [],
        }

    def _section_rows(self) -> list[Any]:
        given = self._whole.set["sections"] if self._whole and self._has_sections else None
        if isinstance(given, list):
            return given
        return [{"key": key, "title": title} for key, title in self._sections.titles.items()]

    def _rules(self) -> list[str]:
        names = {entry.name: entry.data or {} for entry in self._items}
        rules = []
        for entry in self._items:
            with suppress(NotUnderstood):  # said in `_say_what_is_open`
                rules.append(rule_of(entry.row, names))
        return [rule for rule in rules if rule]

    def _say_what_is_open(self, data: Mapping[str, Any] | None) -> None:
        say = self._speak(self._rows[0], self.findings) if self._rows else None
        if say is not None and data is None:
            say(Weight.KEPT, FORM, N_("The form has nothing to rate, so it makes no instrument."))
        elif say is not None and self._whole is None:
            message = N_(
                "A dictionary says nothing of title, version, language, kind of assessment and "
                "rights. Look at what the draft says there."
            )
            say(Weight.NOTE, FORM, message)
        names = {entry.name: entry.data or {} for entry in self._items}
        for entry in self._items:
            try:
                if rule_of(entry.row, names):
                    message = N_("The condition became a rule in words, and the item optional.")
                    entry.say(Weight.NOTE, BRANCHING, message)
            except NotUnderstood as fault:
                message = N_("At character %(at)s: %(why)s The condition was kept as it is.")
                entry.say(Weight.KEPT, BRANCHING, message, at=str(fault.at), why=str(fault))


def _calculations(rows: Sequence[Row]) -> dict[str, Weighted | NotUnderstood]:
    found: dict[str, Weighted | NotUnderstood] = {}
    known: dict[str, Weighted] = {}
    for row in rows:
        if type_of(row) == CALC:
            name = row[FIELD].strip()
            try:
                found[name] = known[name] = weighted_from(row[CHOICES], known)
            except NotUnderstood as fault:
                found[name] = fault
    return found


def _key(row: Any) -> Any:
    key = row.get("key") if isinstance(row, dict) else None
    return key if isinstance(key, str) else None


def _in_section(item: Mapping[str, Any], sections: Sequence[Any]) -> dict[str, Any]:
    """The item without a section that there is not."""
    known = {_key(row) for row in sections}
    section = item.get("section")
    if section is None or (isinstance(section, str) and section in known):
        return dict(item)
    return {key: value for key, value in item.items() if key != "section"}


def placeholders(form: str, origin: Origin) -> dict[str, Any]:
    """What a draft says where a dictionary says nothing."""
    title = " ".join(form.replace("_", " ").split())
    title = (title[:1].upper() + title[1:])[:200] or "Form"
    return {
        "format": FORMAT,
        "id": key_from(form, "form"),
        "version": "0.1-draft",
        "title": title,
        "short_title": title,
        "language": "und",
        "assessment": "ClinRO",
        "summary": f"Draft of the form {title}, read from a REDCap data dictionary.",
        "rules": [],
        "rights": {
            "status": "unresolved",
            "holder": "Not said in the dictionary",
            "source": origin.source[:2000],
            "date": origin.on.isoformat(),
        },
    }
