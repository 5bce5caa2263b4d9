"""A definition's data without what is said by default, so that remarks and drafts stay short."""

from collections.abc import Mapping
from typing import Any

_DEFAULTS: Mapping[str, Any] = {"weights": {}, "unit": "", "places": 0, "na": "undefined"}


def lean(data: Mapping[str, Any]) -> dict[str, Any]:
    """The same definition: what is left out is what a reader of it would take for granted."""
    return dict(data) | {
        "items": [_scale(item) for item in data["items"]],
        "totals": [_without(total, _DEFAULTS) for total in data["totals"]],
        "sections": [_without(section, {"hint": ""}) for section in data["sections"]],
    }


def _without(row: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value for key, value in row.items() if key not in defaults or value != defaults[key]
    }


def _scale(item: Mapping[str, Any]) -> dict[str, Any]:
    """The item with a lean scale; one of a kind that is not named here stays as it is."""
    if item.get("kind") == "levels":
        return dict(item) | {"levels": [_level(level) for level in item["levels"]]}
    if item.get("kind") == "choice":
        options = [_without(option, {"points": None}) for option in item["options"]]
        return dict(item) | {"options": options}
    if item.get("kind") == "parts":
        return dict(item) | {"parts": [_without(part, {"points": 1}) for part in item["parts"]]}
    if item.get("kind") == "yes_no":
        return _without(item, {"points": {"yes": 1, "no": 0}})
    return _without(item, {"step": 1, "unit": ""}) if item.get("kind") == "number" else dict(item)


def _level(level: Mapping[str, Any]) -> dict[str, Any]:
    code = level["code"]
    return _without(level, {"value": code if isinstance(code, int) else None})
