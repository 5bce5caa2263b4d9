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


_DERIVING: dict[str, Any] = {
    "id": "deriving",
    "settings": [
        {
            "key": "doubling",
            "label": "Doubling",
            "value": "done",
            "options": [{"code": "done", "label": "done"}, {"code": "left", "label": "left out"}],
        },
        {
            "key": "combining",
            "label": "Pair",
            "value": "highest",
            "options": [
                {"code": "highest", "label": "its highest"},
                {"code": "mean", "label": "its mean"},
            ],
        },
        {"key": "needed", "label": "Items needed", "value": 2},
        {"key": "lighting", "label": "Lamps", "value": 3},
    ],
    "scales": {
        "grade": {
            "kind": "levels",
            "levels": [{"code": code, "anchor": f"Grade {code}"} for code in range(4)],
        }
    },
    "sections": [
        {
            "key": "first",
            "title": "First",
            "rows": [{"key": "arm", "label": "Arm"}, {"key": "leg", "label": "Leg"}],
            "columns": [{"key": "red", "label": "Red"}, {"key": "raised", "label": "Raised"}],
        }
    ],
    "items": [
        {
            "key": f"{row}_{column}",
            "label": f"{row} {column}",
            "section": "first",
            "row": row,
            "column": column,
            "scale": "grade",
            "na": True,
        }
        for row in ("arm", "leg")
        for column in ("red", "raised")
    ]
    + [
        {"key": "papules", "label": "Papules", "kind": "yes_no", "na": True},
        {
            "key": "aids",
            "label": "Aids",
            "kind": "parts",
            "parts": [{"key": "cane", "label": "Cane"}, {"key": "chair", "label": "Chair"}],
            "optional": True,
        },
    ],
    "derived": [
        {
            "key": "doubled",
            "label": "Arm, doubled",
            "items": ["arm_red"],
            "rules": [
                {
                    "items": ["papules"],
                    "times": 2,
                    "when": {"setting": "doubling", "is": "done"},
                }
            ],
        },
        {
            "key": "pair",
            "label": "Leg",
            "items": ["leg_red", "leg_raised"],
            "combine": {"setting": "combining"},
            "at_least": 1,
            "rules": [{"items": ["aids"], "raise_to": 2}],
        },
    ],
    "totals": [
        {
            "key": "sum",
            "label": "Sum",
            "items": ["doubled", "pair", "arm_raised"],
            "range": [0, 12],
            "direction": "higher_worse",
        },
        {
            "key": "mean",
            "label": "Mean",
            "items": ["pair", "arm_raised", "leg_raised"],
            "combine": "mean",
            "na": "prorate",
            "at_least": {"setting": "needed"},
            "range": [0, 3],
            "direction": "higher_worse",
            "places": 3,
        },
        {
            "key": "share",
            "label": "Share",
            "items": ["doubled", "leg_red"],
            "combine": "share",
            "range": [0, 100],
            "direction": "higher_worse",
            "open_ended": True,
        },
    ],
    "consistency": [
        {
            "check": "course",
            "items": {"column": "red"},
            "absent": 0,
            "new": 3,
            "says": "Look again.",
        },
        {"check": "never_falls", "items": ["arm_raised"], "says": "Look again."},
        {
            "check": "explained",
            "items": ["arm_red"],
            "line": "leg_red",
            "absent": 0,
            "says": "Look again.",
        },
    ],
    "left_out": [{"label": "A sum of everything", "why": "It would count the leg twice."}],
}


def deriving(**changes: Any) -> dict[str, Any]:
    """A definition with a grid, settings and derived figures, for tests to bend."""
    return small(**deepcopy(_DERIVING)) | changes
