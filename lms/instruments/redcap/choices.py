"""Choices as `code, label | code, label`, and codes of a checkbox as keys of parts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lms.errors import N_
from lms.instruments.redcap.columns import CHOICES
from lms.instruments.redcap.findings import Say, Weight, short

MOST = 200

_CODE = re.compile(r"[A-Za-z0-9_-]{1,20}")
_WHOLE = re.compile(r"-?(0|[1-9]\d{0,11})")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
_COUNTED = re.compile(r"code_(m?)(0|[1-9]\d{0,11})")


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice as the dictionary spells it."""

    raw: str
    label: str

    @property
    def code(self) -> int | str:
        """The code of an instrument: a figure where it is spelt as one."""
        return int(self.raw) if _WHOLE.fullmatch(self.raw) and self.raw != "-0" else self.raw


def read_choices(text: str, say: Say) -> list[Choice] | None:
    """The choices of a cell.

    Returns:
        None where one of them cannot be read, or two have one code: an item that lacks one of
        its choices would be another item. What is wrong was said.
    """
    found, sound = list[Choice](), True
    for place, part in enumerate(text.split("|"), start=1):
        raw, comma, label = (piece.strip() for piece in part.partition(","))
        fault = _fault(raw, comma, label, {choice.raw for choice in found})
        if fault and sound:
            say(Weight.KEPT, CHOICES, fault, place=str(place), text=short(part))
        sound = sound and not fault
        found.append(Choice(raw, label))
        if len(found) > MOST:
            say(Weight.KEPT, CHOICES, N_("There are more than %(most)s choices."), most=str(MOST))
            return None
    if len(found) < 2 and sound:
        say(Weight.KEPT, CHOICES, N_("There is one choice only, which leaves nothing to rate."))
        return None
    return found if sound else None


def _fault(raw: str, comma: str, label: str, known: Iterable[str]) -> str:
    if not raw and not label:
        return N_("Choice %(place)s is empty. Take a | away or write code, label.")
    if not comma:
        return N_("Choice %(place)s has no code: %(text)s. Write code, label.")
    if not raw or not label:
        return N_("Choice %(place)s lacks its code or its label: %(text)s.")
    if raw in known:
        return N_("Choice %(place)s has a code that another has: %(text)s.")
    if raw.upper() in ("NA", "NONE"):
        return N_("Choice %(place)s has a code that is reserved for not assessed: %(text)s.")
    if not _CODE.fullmatch(raw):
        return N_(
            "Choice %(place)s has a code that no item can have: %(text)s. A code is 1 to 20 "
            "letters, digits, - or _."
        )
    if len(label) > 2000:
        return N_("Choice %(place)s has a label of more than 2000 characters.")
    return ""


def part_key(code: str) -> str | None:
    """The key of a checkbox's part: the code itself, or code_1 for 1 and code_m1 for -1.

    Returns:
        None where the code cannot be told back from a key.
    """
    if _WHOLE.fullmatch(code) and code != "-0":
        return "code_" + code.replace("-", "m")
    return code if _KEY.fullmatch(code) and not _COUNTED.fullmatch(code) else None


def part_code(key: str) -> str:
    """The code that a part has in REDCap; `part_key` makes its key again."""
    counted = _COUNTED.fullmatch(key)
    if counted and (counted[2] != "0" or not counted[1]):
        return ("-" if counted[1] else "") + counted[2]
    return key


def choices_cell(pairs: Iterable[tuple[str, str]]) -> str:
    """The cell of these codes and labels. A label loses the signs that would cut it."""
    return " | ".join(f"{code}, {one_line(label)}" for code, label in pairs)


def one_line(text: str) -> str:
    return " ".join(text.replace("|", "/").split())
