"""The published JSON Schema of the format, written from the schemas that the check itself uses."""

import json
from decimal import Decimal
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from lms.packages.domain.identity import FORMAT
from lms.packages.schemas import (
    STEPS,
    Anything,
    CaseSchema,
    Day,
    Figure,
    PackageSchema,
    PoolSchema,
    StepField,
)

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ROOTS: dict[str, type[Schema]] = {"Package": PackageSchema, "Pool": PoolSchema, "Case": CaseSchema}


def json_schema() -> dict[str, Any]:
    """Return the schema. Its `$defs` Package, Pool and Case describe the three kinds of file."""
    plugin = MarshmallowPlugin(schema_name_resolver=_name)
    spec = APISpec("", "1", openapi_version="3.1.0", plugins=[plugin])
    converter: Any = plugin.converter
    converter.map_to_openapi_type(Figure, "number", None)
    converter.map_to_openapi_type(Day, "string", "date")
    converter.map_to_openapi_type(Anything, None, None)
    converter.add_attribute_function(_step_reference)
    for name, schema in {**ROOTS, **{_name(step): step for step in STEPS.values()}}.items():
        spec.components.schema(name, schema=schema)
    definitions = _tidied(spec.to_dict()["components"]["schemas"])
    for kind, step in STEPS.items():
        definitions[_name(step)]["properties"]["kind"] = {"const": kind}
    return {
        "$schema": DIALECT,
        "$id": f"urn:{FORMAT.replace('/', ':')}",
        "title": f"Content packages, {FORMAT}",
        "description": (
            "package.yaml is a Package, a file of questions a Pool, a file of a case a Case. "
            "The check says more: it knows what the files must be to one another."
        ),
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in ROOTS],
        "$defs": dict(sorted(definitions.items())),
    }


def json_schema_text() -> str:
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _name(schema: type[Schema] | Schema | str) -> str:
    named = schema if isinstance(schema, type) else type(schema)
    return named.__name__.removesuffix("Schema")


def _step_reference(_converter: Any, field: Any, **_kwargs: Any) -> dict[str, Any]:
    if not isinstance(field, StepField):
        return {}
    return {"oneOf": [{"$ref": f"#/$defs/{_name(step)}"} for step in STEPS.values()]}


def _tidied(node: Any) -> Any:
    """Point references at $defs, make figures plain, drop defaults that are only "left out"."""
    if isinstance(node, dict):
        return {
            key: _tidied(value)
            for key, value in node.items()
            if not (key == "default" and value in (None, "", []))
        }
    if isinstance(node, list):
        return [_tidied(entry) for entry in node]
    if isinstance(node, str):
        return node.replace("#/components/schemas/", "#/$defs/")
    if isinstance(node, Decimal):
        return int(node) if node == node.to_integral_value() else float(node)
    return node
