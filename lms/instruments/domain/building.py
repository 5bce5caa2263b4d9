"""From a definition's data to an instrument; every problem found in one go.

The data's shape (keys, types, patterns) is checked before, by the room's schemas; here the parts
are held against each other: what names what, and what the items can reach.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from lms.errors import N_
from lms.instruments.domain.definition import (
    Assessment,
    DefinitionError,
    Direction,
    Instrument,
    Item,
    LeftOut,
    Line,
    NaPolicy,
    NaReason,
    Path,
    Problem,
    Rights,
    RightsStatus,
    Section,
    Side,
    Total,
)
from lms.instruments.domain.figures import exact, plain
from lms.instruments.domain.reading import scale_from
from lms.instruments.domain.scales import ONE, ZERO, Reach, Scale
from lms.instruments.domain.term_building import (
    agreeing_from,
    derived_from,
    set_value,
    setting_from,
)
from lms.instruments.domain.terms import Agreeing, Combine, Derived, Setting


def build(data: Mapping[str, Any], broken: Collection[Path] = ()) -> Instrument:
    """The instrument that the data describes.

    Args:
        data: the file's content, of the shape that the schema asks for.
        broken: paths whose shape is known to be wrong; what lies there is left alone, so that
            the rest is still checked.

    Raises:
        DefinitionError: with every problem that was found here, each at its path; with none
            where all that is wrong is in `broken`.
    """
    return _Builder(data, broken).instrument()


class _Builder:
    def __init__(self, data: Mapping[str, Any], broken: Collection[Path]) -> None:
        self.data = data
        self.broken = broken
        self.problems: list[Problem] = []

    def instrument(self) -> Instrument:
        sections = self._sections()
        reasons = self._reasons()
        scales = self._scales()
        settings = {setting.key: setting for setting in self._settings()}
        items = self._items(scales, {section.key: section for section in sections})
        known = {item.key: item for item in items if item}
        derived = self._derived(known, settings, None in items)
        terms: dict[str, Reach | None] = {one.key: one.reach for one in derived if one}
        terms |= {item.key: item.reach for item in known.values()}
        unsure = None in items or None in derived
        totals = self._totals(known, terms, settings, unsure)
        consistency = [] if None in items else self._consistency(known)
        if self.problems or self.broken:
            raise DefinitionError(self.problems)
        data = self.data
        return Instrument(
            id=data["id"],
            version=data["version"],
            title=data["title"],
            short_title=data["short_title"],
            language=data["language"],
            assessment=Assessment(data["assessment"]),
            summary=data["summary"],
            sections=tuple(sections),
            items=tuple(item for item in items if item),
            totals=tuple(totals),
            rights=self._rights(),
            rules=tuple(data.get("rules", ())),
            na_reasons=tuple(reasons),
            scales={name: scale for name, scale in scales.items() if scale},
            settings=tuple(settings.values()),
            derived=tuple(one for one in derived if one),
            left_out=tuple(LeftOut(row["label"], row["why"]) for _, row in self._rows("left_out")),
            consistency=tuple(consistency),
        )

    def _sections(self) -> list[Section]:
        rows = self._rows("sections")
        self._unique("key", rows)
        used = {item.get("section") for _, item in self._rows("items")}
        for path, row in rows:
            if row["key"] not in used:
                self._report(path, N_("No item is in section %(key)s."), key=row["key"])
            self._lines(path, row)
        return [
            Section(
                row["key"],
                row["title"],
                row.get("hint", ""),
                tuple(Line(line["key"], line["label"]) for line in row.get("rows", ())),
                tuple(Line(line["key"], line["label"]) for line in row.get("columns", ())),
            )
            for _, row in rows
        ]

    def _lines(self, path: Path, row: Mapping[str, Any]) -> None:
        if bool(row.get("rows")) != bool(row.get("columns")):
            self._report(path, N_("A grid has rows and columns. Write both, or neither."))
        for name in ("rows", "columns"):
            lines = row.get(name, ())
            self._unique("key", [((*path, name, index), line) for index, line in enumerate(lines)])

    def _reasons(self) -> list[NaReason]:
        rows = self._rows("na_reasons")
        self._unique("code", rows)
        return [NaReason(row["code"], row["label"]) for _, row in rows]

    def _settings(self) -> list[Setting]:
        rows = self._rows("settings")
        self._unique("key", rows)
        settings = []
        for path, row in rows:
            setting, problems = setting_from(row, path)
            self.problems += problems
            settings.append(setting)
        return settings

    def _scales(self) -> dict[str, Scale | None]:
        specs = self.data.get("scales") or {}
        if not isinstance(specs, Mapping):
            return {}
        return {name: self._scale(("scales", name), spec) for name, spec in specs.items()}

    def _scale(self, path: Path, spec: Mapping[str, Any]) -> Scale | None:
        if not self._sound(path):
            return None
        scale, problems = scale_from(spec, path)
        self.problems += problems
        return scale

    def _items(
        self, scales: Mapping[str, Scale | None], sections: Mapping[str, Section]
    ) -> list[Item | None]:
        rows = self._rows("items")
        self._unique("key", rows)
        self._cells(rows, sections)
        return [self._item(path, row, scales, sections) for path, row in rows] + [
            None for _ in range(self._count("items") - len(rows))
        ]

    def _cells(
        self, rows: Sequence[tuple[Path, Mapping[str, Any]]], sections: Mapping[str, Section]
    ) -> None:
        """Each item of a grid has a cell of its own there, and no other item has one."""
        taken: set[tuple[str, ...]] = set()
        for path, row in rows:
            section = sections.get(row.get("section", ""))
            cell = (row.get("section", ""), row.get("row", ""), row.get("column", ""))
            if section is None or not section.rows:
                if cell[1] or cell[2]:
                    self._report(path, N_("Only an item of a grid has a row and a column."))
                continue
            if not cell[1] and not cell[2]:
                continue  # it stands below the grid
            for name, lines, key in (
                ("row", section.rows, cell[1]),
                ("column", section.columns, cell[2]),
            ):
                if key not in [line.key for line in lines]:
                    known = ", ".join(line.key for line in lines)
                    said = N_("Name where in the grid it stands, one of: %(known)s.")
                    self._report((*path, name), said, known=known)
            if cell in taken:
                self._report(path, N_("Another item stands in this cell of the grid."))
            taken.add(cell)

    def _item(
        self,
        path: Path,
        row: Mapping[str, Any],
        scales: Mapping[str, Scale | None],
        sections: Mapping[str, Section],
    ) -> Item | None:
        if row.get("section", "") and row["section"] not in sections:
            self._report((*path, "section"), N_("There is no section %(key)s."), key=row["section"])
        side = Side(row["side"]) if row.get("side") else None
        if row.get("other_side") and (side is None or side.other is None):
            self._report(
                (*path, "other_side"),
                N_("Only an item with side right or left can be tested on the other side."),
            )
        if row.get("na_reason_required") and not row.get("na"):
            self._report(
                (*path, "na_reason_required"), N_("This item is never NA, so it has no reason.")
            )
        name = row.get("scale", "")
        scale = self._named(path, name, scales) if name else self._scale(path, row)
        if scale is None:
            return None
        return Item(
            key=row["key"],
            label=row["label"],
            scale=scale,
            section=row.get("section", ""),
            hint=row.get("hint", ""),
            side=side,
            other_side=bool(row.get("other_side", False)),
            na=bool(row.get("na", False)),
            na_reason_required=bool(row.get("na_reason_required", False)),
            optional=bool(row.get("optional", False)),
            scale_name=name,
            row=row.get("row", ""),
            column=row.get("column", ""),
        )

    def _named(self, path: Path, name: str, scales: Mapping[str, Scale | None]) -> Scale | None:
        if name not in scales:
            self._report((*path, "scale"), N_("There is no scale %(key)s."), key=name)
        return scales.get(name)

    def _derived(
        self, items: Mapping[str, Item], settings: Mapping[str, Setting], some_broken: bool
    ) -> list[Derived | None]:
        """The derived figures; None for one that is not readable, or not yet."""
        rows = self._rows("derived")
        self._unique("key", rows)
        found: list[Derived | None] = [None] * (self._count("derived") - len(rows))
        for path, row in rows:
            if row["key"] in items:
                self._report((*path, "key"), N_("%(key)s is used twice."), key=row["key"])
            if some_broken:
                found.append(None)
                continue
            derived, problems = derived_from(row, path, items, settings)
            self.problems += problems
            found.append(derived)
        return found

    def _consistency(self, items: Mapping[str, Item]) -> list[Agreeing]:
        found = []
        for path, row in self._rows("consistency"):
            rule, problems = agreeing_from(row, path, items)
            self.problems += problems
            found.append(rule)
        return found

    def _totals(
        self,
        items: Mapping[str, Item],
        terms: Mapping[str, Reach | None],
        settings: Mapping[str, Setting],
        unsure: bool,
    ) -> list[Total]:
        rows = self._rows("totals")
        self._unique("key", rows)
        totals = []
        for path, row in rows:
            keys = self._members(path, row["items"], items, terms, unsure)
            total = self._total(path, row, keys, settings)
            if total is not None:
                self._check_range(path, total, terms)
                totals.append(total)
        return totals

    def _total(
        self,
        path: Path,
        row: Mapping[str, Any],
        keys: Sequence[str] | None,
        settings: Mapping[str, Setting],
    ) -> Total | None:
        weights = self._weights(path, row.get("weights", {}), keys)
        low, high = (exact(end) for end in row["range"])
        at_least, setting, problems = set_value(
            row.get("at_least", 0), (*path, "at_least"), settings
        )
        self.problems += problems
        if low is None or high is None or keys is None or at_least is None:
            return None
        total = Total(
            key=row["key"],
            label=row["label"],
            items=tuple(keys),
            weights=tuple(weights),
            minimum=low,
            maximum=high,
            direction=Direction(row["direction"]),
            unit=row.get("unit", ""),
            places=row.get("places", 0),
            na=NaPolicy(row.get("na", NaPolicy.UNDEFINED)),
            at_least=at_least if isinstance(at_least, int) else 0,
            combine=Combine(row.get("combine", Combine.SUM)),
            at_least_setting=setting,
            open_ended=bool(row.get("open_ended", False)),
        )
        self._check_na(path, total)
        return total

    def _members(
        self,
        path: Path,
        named: Any,
        items: Mapping[str, Item],
        terms: Mapping[str, Reach | None],
        some_broken: bool,
    ) -> list[str] | None:
        """The keys that a total adds up; None if some item is not readable yet."""
        if named == "all":
            return None if some_broken else list(items)
        if isinstance(named, Mapping):
            within = [item.key for item in items.values() if item.section == named["section"]]
            if not within and not some_broken:
                self._report(
                    (*path, "items"), N_("No item is in section %(key)s."), key=named["section"]
                )
            return None if some_broken else within
        missing = [key for key in named if key not in terms]
        for key in missing if not some_broken else ():
            self._report((*path, "items"), N_("There is no item %(key)s."), key=key)
        for key, count in Counter(named).items():
            if count > 1:
                self._report((*path, "items"), N_("Item %(key)s is named twice."), key=key)
        return None if missing else list(named)

    def _weights(
        self, path: Path, given: Mapping[str, Any], keys: Sequence[str] | None
    ) -> list[Decimal]:
        if keys is None:
            return []
        for key in given:
            if key not in keys:
                self._report(
                    (*path, "weights", key), N_("Item %(key)s is not in this total."), key=key
                )
            elif exact(given[key]) == ZERO:
                self._report(
                    (*path, "weights", key),
                    N_("A weight of 0 counts nothing. Leave the item out of the total."),
                )
        return [exact(given[key]) or ONE if key in given else ONE for key in keys]

    def _check_na(self, path: Path, total: Total) -> None:
        if total.na is NaPolicy.PRORATE and not 1 <= total.at_least <= len(total.items):
            self._report(
                (*path, "at_least"),
                N_("Say how many items must be assessed: 1 to %(count)s."),
                count=str(len(total.items)),
            )
        if total.na is NaPolicy.UNDEFINED and total.at_least:
            self._report(
                (*path, "at_least"), N_("This counts with na: prorate only. Take it away.")
            )

    def _check_range(self, path: Path, total: Total, terms: Mapping[str, Reach | None]) -> None:
        spans: list[Reach] = []
        for key, weight in zip(total.items, total.weights, strict=True):
            reach = terms[key]
            if reach is None:
                self._report((*path, "items"), N_("Item %(key)s has no points to add up."), key=key)
                return
            low, high = sorted(weight * end for end in reach)
            spans.append((low, high))
        if total.combine is Combine.SHARE:
            self._check_share(path, total)
            return
        if total.combine is Combine.MEAN and len(set(spans)) > 1:
            said = N_("Only items of the same range have a mean or a highest.")
            self._report((*path, "items"), said)
            return
        low, high = spans[0] if total.combine is Combine.MEAN else _sums(spans)
        if (low, high) != (total.minimum, total.maximum):
            self._report(
                (*path, "range"),
                N_("The items reach %(low)s to %(high)s, but the range says %(said)s to %(top)s."),
                low=plain(low),
                high=plain(high),
                said=plain(total.minimum),
                top=plain(total.maximum),
            )

    def _check_share(self, path: Path, total: Total) -> None:
        if (total.minimum, total.maximum) not in ((ZERO, ONE), (ZERO, Decimal(100))):
            self._report(
                (*path, "range"), N_("A share goes from 0 to 1, or from 0 to 100 as a percentage.")
            )

    def _rights(self) -> Rights:
        row = self.data["rights"]
        said = row["date"]
        return Rights(
            status=RightsStatus(row["status"]),
            holder=row["holder"],
            source=row["source"],
            date=said if isinstance(said, date) else date.fromisoformat(said),
            note=row.get("note", ""),
        )

    def _rows(self, name: str) -> list[tuple[Path, Mapping[str, Any]]]:
        """The rows of a list whose shape is sound, each with its path."""
        found = self.data.get(name) or []
        if not isinstance(found, Sequence) or isinstance(found, str):
            return []
        paths: Iterable[Path] = ((name, index) for index in range(len(found)))
        return [
            (path, row)
            for path, row in zip(paths, found, strict=True)
            if self._sound(path) and isinstance(row, Mapping)
        ]

    def _count(self, name: str) -> int:
        found = self.data.get(name)
        return len(found) if isinstance(found, Sequence) and not isinstance(found, str) else 0

    def _unique(self, key: str, rows: Sequence[tuple[Path, Mapping[str, Any]]]) -> None:
        seen: set[str] = set()
        for path, row in rows:
            if row[key] in seen:
                self._report((*path, key), N_("%(key)s is used twice."), key=str(row[key]))
            seen.add(row[key])

    def _sound(self, path: Path) -> bool:
        return not any(bad[: len(path)] == path for bad in self.broken)

    def _report(self, path: Path, message: str, **values: str) -> None:
        self.problems.append(Problem(path, message, values))


def _sums(spans: Iterable[Reach]) -> Reach:
    low = high = ZERO
    for least, most in spans:
        low, high = low + least, high + most
    return low, high
