"""Items and totals of an instrument as rows of a dictionary, by their columns alone."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from lms.instruments.domain.figures import exact, plain
from lms.instruments.redcap.choices import choices_cell, one_line, part_code
from lms.instruments.redcap.columns import (
    CHOICES,
    FIELD,
    FORM,
    LABEL,
    MAXIMUM,
    MINIMUM,
    NOTE,
    REQUIRED,
    TYPE,
    VALIDATION,
)
from lms.instruments.redcap.fields import CALC

Cells = dict[str, str]

PLAIN_TOTAL = frozenset(
    "key label items weights range direction unit places na at_least".split()  # all that is known
)


def item_cells(item: Mapping[str, Any], scale: Mapping[str, Any], name: str, form: str) -> Cells:
    """The row of an item, without section header and remark.

    Args:
        scale: the item's scale, where it names a shared one; else the item itself.
    """
    side = f" ({item['side']})" if item.get("side") else ""
    hint, unit = item.get("hint", ""), scale.get("unit", "")
    cells = {
        FIELD: name,
        FORM: form,
        TYPE: "text",
        LABEL: item["label"] + side,
        NOTE: f"{hint} ({unit})".strip() if unit else hint,
        REQUIRED: "" if item.get("optional") else "y",
    }
    write = _WRITERS.get(str(scale.get("kind")))
    return cells | (write(scale) if write else {})


def total_cells(
    total: Mapping[str, Any], name: str, form: str, expressions: Mapping[str, str | None]
) -> Cells | None:
    """The row of a total; None where no calculation says what it is.

    Args:
        expressions: by item key what an item is worth, as a formula.
    """
    if not set(total) <= PLAIN_TOTAL:
        return None
    terms = []
    for key in total["items"]:
        expression = expressions.get(key)
        if expression is None:
            return None
        terms.append(_term(expression, total.get("weights", {}).get(key, 1)))
    formula = "+".join(terms)
    if total.get("places"):
        formula = f"round({formula},{total['places']})"
    return {FIELD: name, FORM: form, TYPE: CALC, LABEL: total["label"], CHOICES: formula}


def _term(expression: str, weight: Any) -> str:
    figure = _plain(weight)
    if figure == "1":
        return expression
    return f"{expression}*({figure})" if figure.startswith("-") else f"{expression}*{figure}"


def points_formula(scale: Mapping[str, Any], name: str) -> str | None:
    """What a rating is worth, as a formula that is blank where there is none.

    Returns:
        None for a kind of item that is not known here.
    """
    kind = scale.get("kind")
    if kind in ("number", "vas"):
        return f"[{name}]"
    if kind == "levels":
        return _by_code(name, [(row["code"], row.get("value", row["code"])) for row in scale[kind]])
    if kind == "choice":
        return _by_code(name, [(row["code"], row.get("points")) for row in scale["options"]])
    if kind == "yes_no":
        points = scale.get("points", {"yes": 1, "no": 0})
        return _by_code(name, [(1, points["yes"]), (0, points["no"])])
    if kind == "parts":
        return _of_parts(name, scale["parts"])
    return _of_seconds(name, scale["bands"]) if kind == "seconds" else None


def _by_code(name: str, pairs: Sequence[tuple[Any, Any]]) -> str:
    """The field where each code is its own worth, else a choice among the codes.

    A code that has no figure keeps its letter, which makes no sum.
    """
    formula = f"[{name}]"
    for code, worth in reversed(pairs):
        if isinstance(worth, str) or worth is None or _plain(worth) == str(code):
            continue
        formula = f"if([{name}]='{code}',{_plain(worth)},{formula})"
    return formula


def _of_parts(name: str, parts: Sequence[Mapping[str, Any]]) -> str:
    terms = [_term(f"[{name}({part_code(row['key'])})]", row.get("points", 1)) for row in parts]
    return "(" + "+".join(terms) + ")"


def _of_seconds(name: str, bands: Sequence[Mapping[str, Any]]) -> str:
    formula = str(bands[0]["code"])
    for band in bands[1:]:
        formula = f"if([{name}]>={_plain(band['from'])},{band['code']},{formula})"
    return f"if([{name}]='','',{formula})"


def _plain(figure: Any) -> str:
    return plain(exact(figure) or Decimal(0))


def _choices(key: str, label: str) -> Callable[[Mapping[str, Any]], Cells]:
    def write(scale: Mapping[str, Any]) -> Cells:
        pairs = [(str(row["code"]), row[label]) for row in scale[key]]
        return {TYPE: "radio", CHOICES: choices_cell(pairs)}

    return write


def _number(scale: Mapping[str, Any]) -> Cells:
    step = exact(scale.get("step", 1)) or Decimal(1)
    places = max(0, -int(step.normalize().as_tuple().exponent))
    validation = f"number_{places}dp" if places <= 4 else "number"
    return {
        VALIDATION: validation if places else "integer",
        MINIMUM: _plain(scale["minimum"]),
        MAXIMUM: _plain(scale["maximum"]),
    }


def _seconds(scale: Mapping[str, Any]) -> Cells:
    return _number({"minimum": 0, "maximum": scale["maximum"], "step": scale.get("step", 0.1)})


def _vas(scale: Mapping[str, Any]) -> Cells:
    left, right = one_line(scale["left"]), one_line(scale["right"])
    return {TYPE: "slider", CHOICES: f"{left} |  | {right}", MINIMUM: "0", MAXIMUM: "100"}


def _parts(scale: Mapping[str, Any]) -> Cells:
    pairs = [(part_code(row["key"]), row["label"]) for row in scale["parts"]]
    return {TYPE: "checkbox", CHOICES: choices_cell(pairs)}


_WRITERS: Mapping[str, Callable[[Mapping[str, Any]], Cells]] = {
    "levels": _choices("levels", "anchor"),
    "choice": _choices("options", "label"),
    "number": _number,
    "seconds": _seconds,
    "vas": _vas,
    "yes_no": lambda _scale: {TYPE: "yesno"},
    "parts": _parts,
}
