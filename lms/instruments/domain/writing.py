"""From an instrument back to the data of its definition."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from lms.instruments.domain.definition import Instrument, Item, Section, Total
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
from lms.instruments.domain.terms import Agreeing, Combine, Derived, Rule, Setting

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
        **_extras(instrument),
        "sections": [_section_data(section) for section in instrument.sections],
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


def _extras(instrument: Instrument) -> dict[str, Any]:
    """What few definitions have."""
    data = {
        "settings": [_setting_data(setting) for setting in instrument.settings],
        "derived": [_derived_data(derived) for derived in instrument.derived],
        "left_out": [{"label": one.label, "why": one.why} for one in instrument.left_out],
        "consistency": [_agreeing_data(rule) for rule in instrument.consistency],
    }
    return {key: rows for key, rows in data.items() if rows}


def _agreeing_data(rule: Agreeing) -> dict[str, Any]:
    data: dict[str, Any] = {
        "check": rule.check.value,
        "items": list(rule.items),
        "says": rule.says,
    }
    told = {"absent": rule.absent, "new": rule.new, "line": rule.line}
    return data | {key: value for key, value in told.items() if value != ""}


def _section_data(section: Section) -> dict[str, Any]:
    data: dict[str, Any] = {"key": section.key, "title": section.title, "hint": section.hint}
    for name, lines in (("rows", section.rows), ("columns", section.columns)):
        if lines:
            data[name] = [{"key": line.key, "label": line.label} for line in lines]
    return data


def _setting_data(setting: Setting) -> dict[str, Any]:
    options = [{"code": option.code, "label": option.label} for option in setting.options]
    data: dict[str, Any] = {"key": setting.key, "label": setting.label, "value": setting.value}
    return data | ({"options": options} if options else {})


def _derived_data(derived: Derived) -> dict[str, Any]:
    combine = derived.combine_setting
    data: dict[str, Any] = {
        "key": derived.key,
        "label": derived.label,
        "items": list(derived.items),
        "combine": {"setting": combine} if combine else derived.combine.value,
    }
    if derived.at_least:
        data["at_least"] = derived.at_least
    if derived.rules:
        data["rules"] = [_rule_data(rule) for rule in derived.rules]
    return data


def _rule_data(rule: Rule) -> dict[str, Any]:
    data: dict[str, Any] = {"items": list(rule.items)}
    for name, figure in (("times", rule.times), ("raise_to", rule.raise_to)):
        if figure is not None:
            data[name] = as_json(figure)
    if rule.setting:
        data["when"] = {"setting": rule.setting, "is": rule.value}
    return data


def _item_data(item: Item) -> dict[str, Any]:
    often_empty = {
        "section": item.section,
        "row": item.row,
        "column": item.column,
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
    if total.at_least_setting:
        data["at_least"] = {"setting": total.at_least_setting}
    elif total.at_least:
        data["at_least"] = total.at_least
    if total.combine is not Combine.SUM:
        data["combine"] = total.combine.value
    return data | ({"open_ended": True} if total.open_ended else {})


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
