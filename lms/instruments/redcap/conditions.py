"""Branching logic as a rule in words, since an item has no condition of its own."""

from collections.abc import Mapping
from typing import Any

from lms.errors import N_
from lms.instruments.redcap.columns import BRANCHING, LABEL
from lms.instruments.redcap.logic import Field, NotUnderstood
from lms.instruments.redcap.meaning import condition_words
from lms.instruments.redcap.tables import Row

LONGEST = 2000


def rule_of(row: Row, items: Mapping[str, Mapping[str, Any]]) -> str:
    """When the row's item is asked for, as a sentence; "" if always.

    Args:
        items: the data of the form's items by field name, for the labels of their codes.

    Raises:
        NotUnderstood: if the condition is more than comparisons of fields with values.
    """
    condition = row[BRANCHING].strip()
    if not condition:
        return ""

    def value_words(field: Field, value: str) -> str:
        label = _labels(items.get(field.name, {})).get(value, "") if not field.code else ""
        return f"{value} ({label})" if label else value

    rule = f"{row[LABEL].strip()}: only where {condition_words(condition, value_words)}."
    if len(rule) > LONGEST:
        raise NotUnderstood(1, N_("In words it is longer than a rule may be."))
    return rule


def _labels(item: Mapping[str, Any]) -> dict[str, str]:
    """The labels of an item's codes; none where a remark replaced its scale."""
    if item.get("kind") == "yes_no":
        return {"1": "yes", "0": "no"}
    rows = item.get("levels") or item.get("options")
    return {
        str(row.get("code")): str(row.get("anchor") or row.get("label") or "")
        for row in (rows if isinstance(rows, list) else ())
        if isinstance(row, dict)
    }
