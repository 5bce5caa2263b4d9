"""From an instrument back to the data of its definition."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from lms.instruments.domain.definition import Instrument, Item, Total
from lms.instruments.domain.figures import as_json
from lms.instruments.domain.scales import (
    ONE,
    Choice,
    Levels,
    Number,
    Parts,
    Scale,
    Seconds,
    Vas,
    YesNo,
)

FORMAT = "concord-instrument/1"


def to_data(instrument: Instrument) -> dict[str, Any]:
    """The definition as JSON-able data, from which `build` makes an equal instrument."""
    return {
        "format": FORMAT,
        "id": instrument.id,
        "version": instrument.version,
        "title": instrument.title,
        "short_title": instrument.short_title,
        "language": instrument.language,
        "assessment": instrument.assessment.value,
        "summary": instrument.summary,
        "rules": list(instrument.rules),
        "na_reasons": [
            {"code": reason.code, "label": reason.label} for reason in instrument.na_reasons
        ],
        "scales": {name: _scale_data(scale) for name, scale in instrument.scales.items()},
        "sections": [
            {"key": section.key, "title": section.title, "hint": section.hint}
            for section in instrument.sections
        ],
        "items": [_item_data(item) for item in instrument.items],
        "totals": [_total_data(total) for total in instrument.totals],
        "rights": {
            "status": instrument.rights.status.value,
            "holder": instrument.rights.holder,
            "source": instrument.rights.source,
            "date": instrument.rights.date.isoformat(),
            "note": instrument.rights.note,
        },
    }


def _item_data(item: Item) -> dict[str, Any]:
    often_empty = {
        "section": item.section,
        "hint": item.hint,
        "side": item.side.value if item.side else "",
        "other_side": item.other_side,
        "na": item.na,
        "na_reason_required": item.na_reason_required,
        "optional": item.optional,
    }
    scale = {"scale": item.scale_name} if item.scale_name else _scale_data(item.scale)
    told = {key: value for key, value in often_empty.items() if value}
    return {"key": item.key, "label": item.label} | scale | told


def _total_data(total: Total) -> dict[str, Any]:
    data: dict[str, Any] = {
        "key": total.key,
        "label": total.label,
        "items": list(total.items),
        "weights": {
            key: as_json(weight)
            for key, weight in zip(total.items, total.weights, strict=True)
            if weight != ONE
        },
        "range": [as_json(total.minimum), as_json(total.maximum)],
        "direction": total.direction.value,
        "unit": total.unit,
        "places": total.places,
        "na": total.na.value,
    }
    return data | ({"at_least": total.at_least} if total.at_least else {})


def _scale_data(scale: Scale) -> dict[str, Any]:
    return {"kind": scale.kind} | _WRITERS[type(scale)](scale)


def _json(figure: Decimal | None) -> int | float | None:
    return None if figure is None else as_json(figure)


_WRITERS: dict[type, Callable[[Any], dict[str, Any]]] = {
    Levels: lambda scale: {
        "levels": [
            {"code": level.code, "anchor": level.anchor, "value": _json(level.value)}
            for level in scale.levels
        ]
    },
    Number: lambda scale: {
        "minimum": as_json(scale.minimum),
        "maximum": as_json(scale.maximum),
        "step": as_json(scale.step),
        "unit": scale.unit,
    },
    Vas: lambda scale: {"left": scale.left, "right": scale.right},
    Seconds: lambda scale: {
        "bands": [{"from": as_json(band.start), "code": band.code} for band in scale.bands],
        "maximum": as_json(scale.maximum),
        "step": as_json(scale.step),
    },
    YesNo: lambda scale: {"points": {"yes": _json(scale.yes), "no": _json(scale.no)}},
    Choice: lambda scale: {
        "options": [
            {"code": option.code, "label": option.label, "points": _json(option.points)}
            for option in scale.options
        ]
    },
    Parts: lambda scale: {
        "parts": [
            {"key": part.key, "label": part.label, "points": as_json(part.points)}
            for part in scale.parts
        ]
    },
}
