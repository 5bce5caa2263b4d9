"""A small definition with every kind of item, for tests to bend."""

from copy import deepcopy
from typing import Any

_SMALL: dict[str, Any] = {
    "format": "concord-instrument/1",
    "id": "small",
    "version": "1.0",
    "title": "One item of each kind",
    "short_title": "Small",
    "language": "en",
    "assessment": "ClinRO",
    "summary": "Made for tests.",
    "na_reasons": [{"code": "pain", "label": "Pain"}],
    "sections": [{"key": "first", "title": "First"}],
    "items": [
        {
            "key": "grade",
            "label": "Grade",
            "section": "first",
            "kind": "levels",
            "levels": [
                {"code": 0, "anchor": "none"},
                {"code": "T", "anchor": "trace", "value": None},
                {"code": 1, "anchor": "some"},
                {"code": 2, "anchor": "all"},
            ],
            "side": "right",
            "other_side": True,
            "na": True,
            "na_reason_required": True,
        },
        {
            "key": "hold",
            "label": "Hold",
            "kind": "seconds",
            "maximum": 600,
            "bands": [
                {"from": 0, "code": 0},
                {"from": 1, "code": 1},
                {"from": 60, "code": 2},
            ],
            "na": True,
        },
        {"key": "line", "label": "Line", "kind": "vas", "left": "none", "right": "all"},
        {
            "key": "count",
            "label": "Count",
            "kind": "number",
            "minimum": 0,
            "maximum": 3,
            "step": 0.5,
            "unit": "steps",
        },
        {"key": "sign", "label": "Sign", "kind": "yes_no"},
        {
            "key": "type",
            "label": "Type",
            "kind": "choice",
            "options": [{"code": "a", "label": "A"}, {"code": "b", "label": "B"}],
            "optional": True,
        },
        {
            "key": "tasks",
            "label": "Tasks",
            "kind": "parts",
            "parts": [{"key": "one", "label": "One"}, {"key": "two", "label": "Two"}],
            "na": True,
        },
    ],
    "totals": [
        {
            "key": "total",
            "label": "Total",
            "items": ["grade", "hold", "line", "count", "sign", "tasks"],
            "weights": {"line": 0.1},
            "range": [0, 20],
            "direction": "higher_better",
            "places": 1,
        }
    ],
    "rights": {
        "status": "open_reuse",
        "holder": "Nobody",
        "source": "Made for tests",
        "date": "2026-11-21",
    },
}


def small(**changes: Any) -> dict[str, Any]:
    return deepcopy(_SMALL) | changes
