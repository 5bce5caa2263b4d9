"""What an instrument version is, as frozen values, and how a wrong definition is reported."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from lms.errors import N_, Invalid
from lms.instruments.domain.scales import Reach, Scale
from lms.instruments.domain.terms import Agreeing, Combine, Derived, Rule, Setting

Path: TypeAlias = tuple[str | int, ...]


class Direction(StrEnum):
    """Which end of a total is the good one."""

    HIGHER_BETTER = "higher_better"
    HIGHER_WORSE = "higher_worse"


class Side(StrEnum):
    """Where an item is tested; axial = one value for the body's middle."""

    RIGHT = "right"
    LEFT = "left"
    AXIAL = "axial"

    @property
    def other(self) -> "Side | None":
        return {Side.RIGHT: Side.LEFT, Side.LEFT: Side.RIGHT}.get(self)


class Assessment(StrEnum):
    """Kind of clinical outcome assessment."""

    CLINRO = "ClinRO"
    PERFO = "PerfO"
    PRO = "PRO"
    OBSRO = "ObsRO"


class RightsStatus(StrEnum):
    """What the product may do with the instrument's own wording."""

    OPEN_REUSE = "open_reuse"
    PERMISSION_REQUIRED = "permission_required"
    UNRESOLVED = "unresolved"
    EXTERNAL_ONLY = "external_only"


class NaPolicy(StrEnum):
    """What a total is when an item of it was not assessed."""

    UNDEFINED = "undefined"
    PRORATE = "prorate"


@dataclass(frozen=True, slots=True)
class Rights:
    """Who holds the rights, what that allows, who says so and since when."""

    status: RightsStatus
    holder: str
    source: str
    date: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row or a column of a section that is drawn as a grid."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Section:
    """A group of items under one heading; with rows and columns it is a grid of its items."""

    key: str
    title: str
    hint: str = ""
    rows: tuple[Line, ...] = ()
    columns: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class NaReason:
    """Why an item could not be assessed."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Item:
    """One scored element of the form.

    Args:
        na: whether it may be left as not assessed, which is not 0.
        na_reason_required: whether a finished rating must say why it is NA.
        optional: whether a finished rating may leave it empty.
        other_side: whether the other side may be tested instead.
        scale_name: the name of the shared scale, where the definition names one.
        row, column: the cell of its section's grid; "" where it stands outside one.
    """

    key: str
    label: str
    scale: Scale
    section: str = ""
    hint: str = ""
    side: Side | None = None
    other_side: bool = False
    na: bool = False
    na_reason_required: bool = False
    optional: bool = False
    scale_name: str = ""
    row: str = ""
    column: str = ""

    @property
    def kind(self) -> str:
        return self.scale.kind

    @property
    def reach(self) -> Reach | None:
        return self.scale.reach()


@dataclass(frozen=True, slots=True)
class Total:
    """A weighted sum, mean or share over items, with the range that it declares.

    Args:
        items: keys of items and of derived figures.
        weights: one for each item, in the same order.
        places: decimal places that the total is shown with.
        at_least: with `PRORATE`, how many items must have been assessed.
        at_least_setting: the setting that says how many; "" = the definition says it.
        open_ended: the maximum is only what the form takes, not the end of a scale.
    """

    key: str
    label: str
    items: tuple[str, ...]
    weights: tuple[Decimal, ...]
    minimum: Decimal
    maximum: Decimal
    direction: Direction
    unit: str = ""
    places: int = 0
    na: NaPolicy = NaPolicy.UNDEFINED
    at_least: int = 0
    combine: Combine = Combine.SUM
    at_least_setting: str = ""
    open_ended: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What this version leaves out on purpose, and why."""

    label: str
    why: str


@dataclass(frozen=True, slots=True)
class Instrument:
    """One version of an instrument; equal versions have equal forms and scores."""

    id: str
    version: str
    title: str
    short_title: str
    language: str
    assessment: Assessment
    summary: str
    sections: tuple[Section, ...]
    items: tuple[Item, ...]
    totals: tuple[Total, ...]
    rights: Rights
    rules: tuple[str, ...] = ()
    na_reasons: tuple[NaReason, ...] = ()
    scales: dict[str, Scale] = field(default_factory=dict)
    settings: tuple[Setting, ...] = ()
    derived: tuple[Derived, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    consistency: tuple[Agreeing, ...] = ()

    @property
    def ref(self) -> str:
        return f"{self.id}@{self.version}"

    def item(self, key: str) -> Item:
        """The item of that key; KeyError if there is none."""
        for item in self.items:
            if item.key == key:
                return item
        raise KeyError(key)

    def term(self, key: str) -> Item | Derived:
        """What a total counts under that key: an item or a derived figure; else KeyError."""
        for derived in self.derived:
            if derived.key == key:
                return derived
        return self.item(key)

    def setting(self, key: str) -> Setting:
        """The setting of that key; KeyError if there is none."""
        for setting in self.settings:
            if setting.key == key:
                return setting
        raise KeyError(key)

    def rules_of(self, derived: Derived) -> tuple[Rule, ...]:
        """The rules that hold for a derived figure under the settings."""
        return tuple(
            rule
            for rule in derived.rules
            if not rule.setting or self.setting(rule.setting).value == rule.value
        )

    def settings_of(self, total: Total) -> tuple[Setting, ...]:
        """The settings that are printed with a total.

        Those that it is computed by, and those that nothing is computed by: they say how the
        test is done.
        """
        counted = {one.key: _settings_in(one) for one in self.derived}
        used = {total.at_least_setting}.union(*(counted.get(key, ()) for key in total.items))
        others = {one.at_least_setting for one in self.totals}.union(*counted.values())
        return tuple(
            setting for setting in self.settings if setting.key in used or setting.key not in others
        )

    def total(self, key: str) -> Total:
        """The total of that key; KeyError if there is none."""
        for total in self.totals:
            if total.key == key:
                return total
        raise KeyError(key)


def _settings_in(derived: Derived) -> set[str]:
    return {derived.combine_setting, *(rule.setting for rule in derived.rules)}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a definition, and where in the file's tree it stands."""

    path: Path
    message: str
    values: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message % self.values if self.values else self.message


class DefinitionError(Invalid):
    """A definition that cannot be an instrument, with every problem found in it."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(
            N_("The instrument's definition has problems: %(problems)s"),
            problems=" ".join(f"{_dotted(problem.path)}: {problem}" for problem in problems),
        )


def _dotted(path: Path) -> str:
    return ".".join(str(step) for step in path) or "definition"
