"""The published JSON Schema of a definition file, written from the schemas of the check itself."""

from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from lms.instruments.domain import FORMAT
from lms.instruments.schemas import (
    KINDS,
    ByKind,
    Chosen,
    Code,
    CombineOrSetting,
    Day,
    Figure,
    Flag,
    InstrumentShape,
    ItemShape,
    Members,
    Shape,
    Whole,
    WholeOrSetting,
)

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_KEYS = {"type": "array", "items": {"type": "string"}, "minItems": 1}


def _mapping(key: str) -> dict[str, Any]:
    """A mapping of one key to text."""
    return {
        "type": "object",
        "properties": {key: {"type": "string"}},
        "required": [key],
        "additionalProperties": False,
    }


_MEMBERS = {"oneOf": [{"const": "all"}, _KEYS, _mapping("section")]}
_BY_SETTING = _mapping("setting")


def json_schema() -> dict[str, Any]:
    """The schema of an instrument's definition. It holds every key that the check knows.

    The check says more: that the range is what the items reach, for instance.
    """
    plugin = MarshmallowPlugin(schema_name_resolver=_name)
    spec = APISpec("", "1", openapi_version="3.1.0", plugins=[plugin])
    converter: Any = plugin.converter
    converter.map_to_openapi_type(Figure, "number", None)
    converter.map_to_openapi_type(Whole, "integer", None)
    converter.map_to_openapi_type(Flag, "boolean", None)
    converter.map_to_openapi_type(Day, "string", "date")
    converter.map_to_openapi_type(Code, None, None)
    converter.map_to_openapi_type(Members, None, None)
    converter.map_to_openapi_type(Chosen, None, None)
    converter.map_to_openapi_type(WholeOrSetting, None, None)
    converter.map_to_openapi_type(CombineOrSetting, None, None)
    converter.map_to_openapi_type(ByKind, None, None)
    converter.add_attribute_function(_special)
    for name, schema in _schemas().items():
        spec.components.schema(name, schema=schema)
    definitions = _local(spec.to_dict()["components"]["schemas"])
    for kind in KINDS:
        for base in ("Item", "Scale"):
            definitions[f"{base}_{kind}"]["properties"]["kind"] = {"const": kind}
    return {
        "$schema": DIALECT,
        "$id": f"urn:{FORMAT.replace('/', ':')}",
        "title": f"Instrument definitions, {FORMAT}",
        "$ref": "#/$defs/Instrument",
        "$defs": dict(sorted(definitions.items())),
    }


def _schemas() -> dict[str, type[Schema]]:
    items, scales = ByKind(ItemShape, named=True), ByKind(Shape)
    found: dict[str, type[Schema]] = {"Item_scale": items.named_schema()}
    for kind in KINDS:
        found[f"Item_{kind}"] = items.schema_of(kind)
        found[f"Scale_{kind}"] = scales.schema_of(kind)
    return found | {"Instrument": InstrumentShape}


def _name(schema: type[Schema] | Schema | str) -> str:
    named = schema if isinstance(schema, type) else type(schema)
    return named.__name__.removesuffix("Shape")


def _special(_converter: Any, field: Any, **_kwargs: Any) -> dict[str, Any]:
    if isinstance(field, Members):
        return _MEMBERS
    if isinstance(field, Chosen):
        return {"oneOf": [_KEYS, _mapping("column")]}
    if isinstance(field, WholeOrSetting):
        return {"oneOf": [{"type": "integer", "minimum": 0}, _BY_SETTING]}
    if isinstance(field, CombineOrSetting):
        return {"oneOf": [{"enum": ["sum", "highest", "mean"]}, _BY_SETTING]}
    if isinstance(field, Code):
        return {"oneOf": [{"type": "integer"}, {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"}]}
    if isinstance(field, ByKind):
        base = "Item" if issubclass(field.base, ItemShape) else "Scale"
        names = [f"{base}_{kind}" for kind in KINDS] + ["Item_scale"] * (base == "Item")
        return {"oneOf": [{"$ref": f"#/$defs/{name}"} for name in names]}
    return {}


def _local(node: Any) -> Any:
    """References that point into the schema itself."""
    if isinstance(node, dict):
        return {key: _local(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_local(entry) for entry in node]
    return node.replace("#/components/schemas/", "#/$defs/") if isinstance(node, str) else node
