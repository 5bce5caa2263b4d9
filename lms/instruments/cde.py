"""An instrument as common data elements: one for each item, and the form that holds them.

The keys are those that the NIH repository's files use. It gives each element its own id and
registers its state; what only it can say is null here. `ids`, `rights` and a figure's `minimum` and
`maximum` are our own.
"""

from typing import Any

from lms.instruments.domain import Instrument, Item
from lms.instruments.domain.figures import as_json, plain
from lms.instruments.domain.scales import (
    ZERO,
    Choice,
    Levels,
    Number,
    Parts,
    Seconds,
    Vas,
    YesNo,
)

FORMAT = "concord-cde/1"

Json = dict[str, Any]


def to_cde(instrument: Instrument) -> Json:
    """The instrument's elements and form as JSON-able data."""
    return {
        "format": FORMAT,
        "form": _form(instrument),
        "cdes": [_element(instrument, item) for item in instrument.items],
        "rights": {
            "status": instrument.rights.status.value,
            "holder": instrument.rights.holder,
            "source": instrument.rights.source,
            "note": instrument.rights.note,
        },
    }


def _form(instrument: Instrument) -> Json:
    return {
        "tinyId": None,
        "version": instrument.version,
        "stewardOrg": {"name": instrument.rights.holder},
        "designations": [_designation(instrument.title)],
        "definitions": [{"definition": instrument.summary}],
        "registrationState": _REGISTRATION,
        "formElements": [_question(instrument, item) for item in instrument.items],
    }


def _question(instrument: Instrument, item: Item) -> Json:
    domain = _value_domain(item)
    values = domain["permissibleValues"]
    unit = getattr(item.scale, "unit", "") or ("s" if isinstance(item.scale, Seconds) else "")
    return {
        "label": _label(item),
        "cardinality": {"min": 0 if item.optional else 1, "max": 1},
        "question": {
            "cde": {"tinyId": None, "version": instrument.version, "permissibleValues": values},
            "datatype": domain["datatype"],
            "required": not item.optional,
            "uoms": [unit] if unit else [],
            "answers": values,
        },
    }


def _element(instrument: Instrument, item: Item) -> Json:
    definition = item.hint or _label(item)
    return {
        "tinyId": None,
        "version": instrument.version,
        "steward": instrument.rights.holder,
        "stewardOrg": {"name": instrument.rights.holder},
        "classification": [],
        "designations": [_designation(_label(item))],
        "definitions": [{"definition": definition}],
        "valueDomain": _value_domain(item),
        "registrationState": _REGISTRATION,
        "property": {"concepts": []},
        "ids": [{"source": "Concord", "id": f"{instrument.id}.{item.key}"}],
    }


_REGISTRATION: Json = {"registrationStatus": None, "administrativeStatus": None}


def _designation(text: str) -> Json:
    return {"designation": text, "tags": ["Preferred Question Text"]}


def _label(item: Item) -> str:
    return f"{item.label} ({item.side.value})" if item.side else item.label


def _value_domain(item: Item) -> Json:
    scale = item.scale
    pairs = _pairs(item)
    if pairs:
        values = [_value(code, name) for code, name in pairs]
        return {"datatype": "Value List", "permissibleValues": values}
    figures = scale if isinstance(scale, Number | Vas | Seconds) else None
    low = getattr(figures, "minimum", None)
    high = getattr(figures, "maximum", None)
    if figures is None or high is None:
        return {"datatype": "Text", "permissibleValues": []}
    reach = {"minimum": as_json(low or ZERO), "maximum": as_json(high)}
    return {"datatype": "Number", "permissibleValues": []} | reach


def _pairs(item: Item) -> list[tuple[str, str]]:
    scale = item.scale
    if isinstance(scale, Levels):
        return [(str(level.code), level.anchor) for level in scale.levels]
    if isinstance(scale, Choice):
        return [(str(option.code), option.label) for option in scale.options]
    if isinstance(scale, YesNo):
        return [("1", "Yes"), ("0", "No")]
    if isinstance(scale, Parts):
        return [(part.key, f"{part.label} ({plain(part.points)})") for part in scale.parts]
    return []


def _value(code: str, name: str) -> Json:
    return {
        "permissibleValue": code,
        "valueMeaningName": name,
        "valueMeaningCode": None,
        "valueMeaningDefinition": name,
        "valueMeaningCodeSystem": None,
    }
