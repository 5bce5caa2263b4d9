"""What a definition says beyond items and totals: derived figures, settings, consistency."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from lms.instruments.domain.scales import Code, Reach


class Combine(StrEnum):
    """How several figures become one.

    SHARE is the share of what the assessed items reach, on the range that the total declares.
    """

    SUM = "sum"
    HIGHEST = "highest"
    MEAN = "mean"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class SettingOption:
    """One value that a setting may have."""

    code: Code
    label: str


@dataclass(frozen=True, slots=True)
class Setting:
    """A choice of scoring that protocols make differently; it is printed with the score.

    Args:
        options: what the value is one of; without any, the value is a whole figure.
    """

    key: str
    label: str
    value: Code
    options: tuple[SettingOption, ...] = ()

    @property
    def words(self) -> str:
        """The value as a person reads it."""
        for option in self.options:
            if option.code == self.value:
                return option.label
        return str(self.value)


@dataclass(frozen=True, slots=True)
class Rule:
    """Changes a derived figure where one of some items says yes.

    Args:
        items: yes-or-no items and items of parts; one yes, or one part named, is enough. One
            that may be left empty says no while it is.
        times: multiplied by this; None = not.
        raise_to: raised to this where it is lower; None = not.
        setting, value: the rule holds only while this setting has that value; "" = always.
    """

    items: tuple[str, ...]
    times: Decimal | None = None
    raise_to: Decimal | None = None
    setting: str = ""
    value: Code = ""

    def reach(self, reach: Reach) -> Reach:
        """The reach of a figure that the rule may or may not change."""
        changed = [self.applied(Fraction(end)) for end in reach]
        ends = [*reach, *(Decimal(end.numerator) / Decimal(end.denominator) for end in changed)]
        return min(ends), max(ends)

    def applied(self, figure: Fraction) -> Fraction:
        """The figure once the rule has changed it."""
        if self.times is not None:
            figure *= Fraction(self.times)
        return figure if self.raise_to is None else max(figure, Fraction(self.raise_to))


@dataclass(frozen=True, slots=True)
class Derived:
    """A figure made of items, which totals may count as they count an item.

    Args:
        rules: those that hold under the settings and those that do not.
        at_least: how many of the items must have been assessed, the rest being NA; 0 = all.
        reach: the lowest and the highest figure.
        combine_setting: the setting that says how; "" = the definition says it.
    """

    key: str
    label: str
    items: tuple[str, ...]
    combine: Combine
    rules: tuple[Rule, ...]
    reach: Reach
    at_least: int = 0
    combine_setting: str = ""

    @property
    def needed(self) -> int:
        return self.at_least or len(self.items)


class Check(StrEnum):
    """What must go together, within a visit or from one visit to the next."""

    NEVER_FALLS = "never_falls"
    COURSE = "course"
    EXPLAINED = "explained"


@dataclass(frozen=True, slots=True)
class Agreeing:
    """A rule of consistency.

    NEVER_FALLS: no item is worth less than at the visit before. COURSE: an item is `new` only
    where it was `absent` before, and has no code of going on where it was. EXPLAINED: `line` is
    above 0 only where not all items are `absent`.

    Args:
        says: what to tell the rater, in the instrument's language.
    """

    check: Check
    items: tuple[str, ...]
    says: str
    absent: Code = ""
    new: Code = ""
    line: str = ""
