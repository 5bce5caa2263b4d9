"""From a definition's data to its settings and derived figures, with what is wrong with them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from lms.errors import N_
from lms.instruments.domain.definition import Item, Path, Problem
from lms.instruments.domain.figures import exact
from lms.instruments.domain.scales import Choice, Levels, Parts, RatingRefused, Reach, YesNo
from lms.instruments.domain.terms import (
    Agreeing,
    Check,
    Combine,
    Derived,
    Rule,
    Setting,
    SettingOption,
)


def setting_from(row: Mapping[str, Any], path: Path) -> tuple[Setting, list[Problem]]:
    """The setting that the data describes, and what is wrong with it."""
    options = tuple(SettingOption(one["code"], one["label"]) for one in row.get("options", ()))
    setting = Setting(row["key"], row["label"], row["value"], options)
    if options and setting.value not in [option.code for option in options]:
        known = ", ".join(str(option.code) for option in options)
        said = N_("The value is none of the options. Choose one of: %(known)s.")
        return setting, [Problem((*path, "value"), said, {"known": known})]
    if not options and (isinstance(setting.value, str) or setting.value < 0):
        said = N_("Give a whole figure, or list the options of which this is one.")
        return setting, [Problem((*path, "value"), said)]
    return setting, []


def set_value(
    given: Any, path: Path, settings: Mapping[str, Setting]
) -> tuple[Any, str, list[Problem]]:
    """A value that the data gives itself or by {setting: key}.

    Returns:
        the value (None where the setting is not there), the setting's key or "", and problems.
    """
    if not isinstance(given, Mapping):
        return given, "", []
    key = given["setting"]
    if key not in settings:
        return None, key, [Problem(path, N_("There is no setting %(key)s."), {"key": key})]
    return settings[key].value, key, []


def derived_from(
    row: Mapping[str, Any], path: Path, items: Mapping[str, Item], settings: Mapping[str, Setting]
) -> tuple[Derived | None, list[Problem]]:
    """The derived figure that the data describes, and what is wrong with it."""
    return _DerivedReader(row, path, items, settings).read()


def agreeing_from(
    row: Mapping[str, Any], path: Path, items: Mapping[str, Item]
) -> tuple[Agreeing, list[Problem]]:
    """The rule of consistency that the data describes, and what is wrong with it."""
    check = Check(row["check"])
    keys, problems = _chosen(row["items"], (*path, "items"), items)
    for name in _NEEDED[check]:
        if name not in row:
            problems.append(Problem((*path, name), N_("This kind of check needs this key.")))
    for name in ("absent", "new", "line"):
        if name in row and name not in _NEEDED[check]:
            problems.append(Problem((*path, name), N_("This kind of check has no such key.")))
    if check is Check.NEVER_FALLS:
        problems += [_no_points(key, path) for key in keys if items[key].reach is None]
    for name in ("absent", "new"):
        if name in row:
            problems += _codes_missing(row[name], (*path, name), [items[key] for key in keys])
    line = row.get("line", "")
    if line and line not in items:
        problems.append(Problem((*path, "line"), N_("There is no item %(key)s."), {"key": line}))
    elif line and items[line].reach is None:
        problems.append(_no_points(line, path))
    return Agreeing(
        check, tuple(keys), row["says"], row.get("absent", ""), row.get("new", ""), line
    ), problems


_NEEDED: dict[Check, tuple[str, ...]] = {
    Check.NEVER_FALLS: (),
    Check.COURSE: ("absent", "new"),
    Check.EXPLAINED: ("absent", "line"),
}


def _chosen(named: Any, path: Path, items: Mapping[str, Item]) -> tuple[list[str], list[Problem]]:
    """The items of a column, or those that are listed."""
    if isinstance(named, Mapping):
        found = [key for key, item in items.items() if item.column == named["column"]]
        said = N_("No item is in column %(key)s.")
        return found, [] if found else [Problem(path, said, {"key": named["column"]})]
    said = N_("There is no item %(key)s.")
    problems = [Problem(path, said, {"key": key}) for key in named if key not in items]
    return [key for key in named if key in items], problems


def _no_points(key: str, path: Path) -> Problem:
    return Problem(path, N_("Item %(key)s has no points to compare."), {"key": key})


def _codes_missing(code: Any, path: Path, items: Sequence[Item]) -> list[Problem]:
    said = N_("Item %(key)s has no such code.")
    return [Problem(path, said, {"key": item.key}) for item in items if not _takes(item, code)]


def _takes(item: Item, code: Any) -> bool:
    if not isinstance(item.scale, Levels | Choice):
        return False
    try:
        return item.scale.read(code) == code
    except RatingRefused:
        return False


class _DerivedReader:
    def __init__(
        self,
        row: Mapping[str, Any],
        path: Path,
        items: Mapping[str, Item],
        settings: Mapping[str, Setting],
    ) -> None:
        self.row, self.path = row, path
        self.items, self.settings = items, settings
        self.problems: list[Problem] = []

    def read(self) -> tuple[Derived | None, list[Problem]]:
        members = self._items((*self.path, "items"), self.row["items"])
        combine, setting = self._combine()
        rules = [
            self._rule((*self.path, "rules", index), rule)
            for index, rule in enumerate(self.row.get("rules", ()))
        ]
        reach = self._reach(members, combine)
        at_least = self.row.get("at_least", 0)
        if at_least > len(self.row["items"]):
            count = str(len(self.row["items"]))
            self._report((*self.path, "at_least"), N_("It has only %(count)s items."), count=count)
        if reach is None or combine is None or self.problems:
            return None, self.problems
        for rule in rules:
            reach = rule.reach(reach)
        return Derived(
            key=self.row["key"],
            label=self.row["label"],
            items=tuple(self.row["items"]),
            combine=combine,
            rules=tuple(rules),
            reach=reach,
            at_least=at_least,
            combine_setting=setting,
        ), []

    def _items(self, path: Path, keys: Sequence[str]) -> list[Item]:
        for key in keys:
            if key not in self.items:
                self._report(path, N_("There is no item %(key)s."), key=key)
        for key, count in Counter(keys).items():
            if count > 1:
                self._report(path, N_("Item %(key)s is named twice."), key=key)
        return [self.items[key] for key in keys if key in self.items]

    def _combine(self) -> tuple[Combine | None, str]:
        given = self.row.get("combine", Combine.SUM.value)
        value, setting, problems = set_value(given, (*self.path, "combine"), self.settings)
        self.problems += problems
        if value in (Combine.SUM, Combine.HIGHEST, Combine.MEAN):
            return Combine(value), setting
        if not problems:
            said = N_("%(key)s is no way to make one figure of several: sum, highest or mean.")
            self._report((*self.path, "combine"), said, key=str(value))
        return None, setting

    def _rule(self, path: Path, row: Mapping[str, Any]) -> Rule:
        for item in self._items((*path, "items"), row["items"]):
            if not isinstance(item.scale, YesNo | Parts):
                said = N_("Item %(key)s says neither yes nor no, nor has it parts.")
                self._report((*path, "items"), said, key=item.key)
            if item.key in self.row["items"]:
                said = N_("Item %(key)s cannot change a figure that it is part of.")
                self._report((*path, "items"), said, key=item.key)
        times, raise_to = (exact(row.get(name)) for name in ("times", "raise_to"))
        if (times is None) == (raise_to is None):
            self._report(path, N_("Say one of the two: times, or raise_to."))
        setting, value = self._condition((*path, "when"), row.get("when"))
        return Rule(tuple(row["items"]), times, raise_to, setting, value)

    def _condition(self, path: Path, row: Mapping[str, Any] | None) -> tuple[str, Any]:
        if row is None:
            return "", ""
        _, key, problems = set_value({"setting": row["setting"]}, path, self.settings)
        self.problems += problems
        codes = [o.code for o in self.settings[key].options] if key in self.settings else []
        if key in self.settings and row["is"] not in codes:
            said = N_("The setting %(key)s never has this value.")
            self._report((*path, "is"), said, key=key)
        return key, row["is"]

    def _reach(self, members: Sequence[Item], combine: Combine | None) -> Reach | None:
        ends = []
        for item in members:
            if item.reach is None:
                said = N_("Item %(key)s has no points to add up.")
                self._report((*self.path, "items"), said, key=item.key)
            else:
                ends.append(item.reach)
        if not ends or combine is None or len(ends) < len(members):
            return None
        if combine is not Combine.SUM and len(set(ends)) > 1:
            said = N_("Only items of the same range have a mean or a highest.")
            self._report((*self.path, "items"), said)
            return None
        if combine is not Combine.SUM:
            return ends[0]
        zero = Decimal(0)
        return sum((low for low, _ in ends), zero), sum((high for _, high in ends), zero)

    def _report(self, path: Path, message: str, **values: str) -> None:
        self.problems.append(Problem(path, message, values))
