"""What one row of a dictionary is as an item, taken by its columns alone."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from lms.errors import N_
from lms.instruments.domain.figures import as_json, exact, plain
from lms.instruments.redcap.choices import part_key, read_choices
from lms.instruments.redcap.columns import (
    CHOICES,
    FIELD,
    IDENTIFIER,
    LABEL,
    MAXIMUM,
    MINIMUM,
    NOTE,
    RANKING,
    REQUIRED,
    TYPE,
    VALIDATION,
)
from lms.instruments.redcap.findings import Say, Weight, short
from lms.instruments.redcap.tables import Row

LONGEST = 2000
FINEST = Decimal("0.0001")
CALC = "calc"

_LEGACY = {"select": "dropdown", "textarea": "notes"}
_NUMBER = re.compile(r"number(?:_([1-4])dp)?(_comma_decimal)?")
_OTHERS = (
    "date_ymd date_mdy date_dmy datetime_ymd datetime_mdy datetime_dmy datetime_seconds_ymd "
    "datetime_seconds_mdy datetime_seconds_dmy time time_hh_mm_ss time_mm_ss alpha_only email "
    "phone phone_australia zipcode postalcode_australia postalcode_canada postalcode_french "
    "postalcode_germany ssn mrn_10d mrn_generic vmrn signature"
).split()
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")

_NO_ITEM = {
    "descriptive": N_("Descriptive text is nothing to rate. It was kept as it is."),
    "notes": N_("Free text is nothing to score. It was kept as it is."),
    "file": N_("A file is nothing to score. It was kept as it is."),
    "sql": N_("Choices that a database gives are not known here. The field was kept as it is."),
}


def type_of(row: Row) -> str:
    """The field type by its present name."""
    written = row[TYPE].strip().lower()
    return _LEGACY.get(written, written)


def read_item(row: Row, *, summed: bool, say: Say) -> dict[str, Any] | None:
    """The data of the item that a row describes, without its section.

    Args:
        summed: whether a calculation adds it up, so that its codes are points.

    Returns:
        None where it is no item; what stands against it was said.
    """
    kind = type_of(row)
    if kind in _NO_ITEM:
        say(Weight.KEPT, TYPE, _NO_ITEM[kind])
        return None
    if kind not in _READERS:
        say(Weight.BROKEN, TYPE, N_("%(type)s is no field type."), type=short(row[TYPE]) or "—")
        return None
    scale = _READERS[kind](row, summed, say)
    if scale is None or not _texts_fit(row, say):
        return None
    _look_around(row, say)
    data = {"key": row[FIELD].strip(), "label": row[LABEL].strip()} | scale
    if row[NOTE].strip():
        data["hint"] = row[NOTE].strip()
    required = row[REQUIRED].strip().lower()
    if required not in ("", "y"):
        say(Weight.BROKEN, REQUIRED, N_("%(text)s is neither y nor empty."), text=short(required))
    return data if required == "y" else data | {"optional": True}


def _texts_fit(row: Row, say: Say) -> bool:
    for column in (LABEL, NOTE):
        if len(row[column].strip()) > LONGEST:
            say(Weight.KEPT, column, N_("The text is longer than the 2000 characters of an item."))
            return False
    if not row[LABEL].strip():
        say(Weight.KEPT, LABEL, N_("The field has no label, which an item needs. Write one."))
        return False
    return True


def _look_around(row: Row, say: Say) -> None:
    if row[TYPE].strip().lower() in _LEGACY:
        say(Weight.NOTE, TYPE, N_("This is an old name of the field type %(type)s."),
            type=type_of(row))  # fmt: skip
    if _TAG.search(row[LABEL]):
        say(Weight.NOTE, LABEL, N_("The label holds HTML, which an item shows as it is written."))
    if row[RANKING].strip():
        say(Weight.KEPT, RANKING, N_("That no answer may stand twice in a matrix is not checked."))
    if row[IDENTIFIER].strip():
        say(Weight.NOTE, IDENTIFIER, N_("This tells who a person is, which no rating should hold."))


def _text(row: Row, _summed: bool, say: Say) -> dict[str, Any] | None:
    name = row[VALIDATION].strip().lower()
    number = _NUMBER.fullmatch(name)
    if name != "integer" and not number:
        _refuse_text(name, say)
        return None
    low, high = (_bound(row, column, say) for column in (MINIMUM, MAXIMUM))
    if low is None or high is None:
        return None
    if number and number[1]:
        step = Decimal(1).scaleb(-int(number[1]))
    else:
        step = Decimal(1) if name == "integer" else FINEST
    if low >= high or (high - low) % step:
        message = N_("From %(low)s to %(high)s there are no whole steps of %(step)s.")
        say(Weight.KEPT, MAXIMUM, message, low=plain(low), high=plain(high), step=plain(step))
        return None
    if number and not number[1]:
        say(Weight.NOTE, VALIDATION, N_("The field says no decimal places. It is read to four."))
    if number and number[2]:
        say(Weight.NOTE, VALIDATION, N_("A decimal comma is a matter of the form, not of an item."))
    return {"kind": "number", "minimum": as_json(low), "maximum": as_json(high)} | (
        {} if step == 1 else {"step": as_json(step)}
    )


def _refuse_text(name: str, say: Say) -> None:
    if not name:
        say(Weight.KEPT, VALIDATION, N_("Free text is nothing to score. It was kept as it is."))
    elif name in _OTHERS:
        message = N_("No item takes a value of type %(type)s. The field was kept as it is.")
        say(Weight.KEPT, VALIDATION, message, type=name)
    else:
        say(Weight.BROKEN, VALIDATION, N_("%(type)s is no validation type."), type=short(name))


def _bound(row: Row, column: str, say: Say) -> Decimal | None:
    text = row[column].strip()
    figure = exact(text)
    if figure is None and text:
        say(Weight.KEPT, column, N_("%(text)s is no figure."), text=short(text))
    elif figure is None:
        say(Weight.KEPT, column, N_("An item needs a lowest and a highest value. Write them here."))
    return figure


def _radio(row: Row, summed: bool, say: Say) -> dict[str, Any] | None:
    if row[CHOICES].strip().upper().startswith("BIOPORTAL:"):
        say(Weight.KEPT, CHOICES, N_("Choices that an ontology gives are not known here."))
        return None
    choices = read_choices(row[CHOICES], say)
    if choices is None:
        return None
    codes = [choice.code for choice in choices]
    figures = [code for code in codes if isinstance(code, int)]
    if summed and len(figures) == len(codes) and figures == sorted(figures):
        levels = [{"code": choice.code, "anchor": choice.label} for choice in choices]
        return {"kind": "levels", "levels": levels}
    options = [_option(choice.code, choice.label, summed) for choice in choices]
    return {"kind": "choice", "options": options}


def _option(code: int | str, label: str, summed: bool) -> dict[str, Any]:
    data: dict[str, Any] = {"code": code, "label": label}
    return data | ({"points": code} if summed and isinstance(code, int) else {})


def _checkbox(row: Row, _summed: bool, say: Say) -> dict[str, Any] | None:
    choices = read_choices(row[CHOICES], say)
    parts = []
    for choice in choices or ():
        key = part_key(choice.raw)
        if key is None:
            message = N_("%(code)s can be no part's key. Use figures or small letters.")
            say(Weight.KEPT, CHOICES, message, code=choice.raw)
            return None
        parts.append({"key": key, "label": choice.label})
    return {"kind": "parts", "parts": parts} if parts else None


def _yes_no(_row: Row, _summed: bool, _say: Say) -> dict[str, Any]:
    return {"kind": "yes_no"}


def _slider(row: Row, _summed: bool, say: Say) -> dict[str, Any] | None:
    labels = [label.strip() for label in row[CHOICES].split("|")]
    low, high = exact(row[MINIMUM].strip() or "0"), exact(row[MAXIMUM].strip() or "100")
    if low is None or high is None or low >= high or (high - low) % 1:
        say(Weight.KEPT, MINIMUM, N_("The ends of the slider are no two rising figures."))
        return None
    if low != 0 or high != 100:
        message = N_("A line runs from 0 to 100. This one became a number without end labels.")
        say(Weight.NOTE, MINIMUM, message)
        return {"kind": "number", "minimum": as_json(low), "maximum": as_json(high)}
    if len(labels) > 3:
        say(Weight.KEPT, CHOICES, N_("A slider has at most three labels."))
        return None
    middle = labels[1] if len(labels) == 3 else ""
    if middle:
        message = N_("A line has no label in its middle. %(text)s was left out.")
        say(Weight.NOTE, CHOICES, message, text=short(middle))
    right = labels[-1] if len(labels) > 1 else ""
    if max(map(len, labels)) > LONGEST:
        say(Weight.KEPT, CHOICES, N_("The text is longer than the 2000 characters of an item."))
        return None
    return {"kind": "vas", "left": labels[0] or "0", "right": right or "100"}


_READERS: Mapping[str, Callable[[Row, bool, Say], dict[str, Any] | None]] = {
    "text": _text,
    "radio": _radio,
    "dropdown": _radio,
    "yesno": _yes_no,
    "truefalse": _yes_no,
    "slider": _slider,
    "checkbox": _checkbox,
}
