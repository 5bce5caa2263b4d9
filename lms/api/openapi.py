"""The published description of the API, written from the schemas that it uses itself."""

from functools import cache
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from lms import __version__
from lms.api.domain import COLUMNS, MOST_CODES, MOST_FILES
from lms.api.schemas import Answer, BulkAnswer, BulkQuestion, Day, Problem, Question

PDF, ZIP, CSV, JSON = "application/pdf", "application/zip", "text/csv", "application/json"
FILES = (PDF, "application/vc", "application/vc+jwt")
"""A certificate as a file: the PDF, the badge with a proof in it, the badge as a token."""
AT = {
    "in": "query",
    "name": "at",
    "schema": {"type": "string", "format": "date"},
    "description": "The day to answer for; today where it is left out.",
}
CODE = {"in": "path", "name": "code", "required": True, "schema": {"type": "string"}}
BYTES = {"schema": {"type": "string", "format": "binary"}}


@cache
def openapi() -> dict[str, Any]:
    """Return the description as plain JSON values."""
    plugin = MarshmallowPlugin()
    spec = APISpec(
        title="Concord",
        version=__version__,
        openapi_version="3.1.0",
        plugins=[plugin],
        info={
            "description": "Checks of certificates. No sign-in; the code is the key. What is "
            "sent is read, answered and not kept."
        },
    )
    plugin.converter.map_to_openapi_type(Day, "string", "date")  # type: ignore[union-attr]
    for name, schema in (
        ("Question", Question),
        ("BulkQuestion", BulkQuestion),
        ("Answer", Answer),
        ("BulkAnswer", BulkAnswer),
        ("Problem", Problem),
    ):
        spec.components.schema(name, schema=schema)
    spec.path("/api/v1/verify/{code}", operations={"get": _by_code()})
    spec.path("/api/v1/verify", operations={"post": _by_file()})
    spec.path("/api/v1/verify/bulk", operations={"post": _bulk()})
    return dict(spec.to_dict())


def _by_code() -> dict[str, Any]:
    return {
        "operationId": "verifyCode",
        "summary": "Check a certificate by its code.",
        "parameters": [CODE, AT],
        "responses": _answers("Answer", 404, 422, 429, 503),
    }


def _by_file() -> dict[str, Any]:
    content = {**dict.fromkeys(FILES, BYTES), JSON: _of("Question")}
    return {
        "operationId": "verifyFile",
        "summary": "Check a PDF or a badge, or a code that should not stand in an address.",
        "parameters": [AT],
        "requestBody": {"required": True, "content": content},
        "responses": _answers("Answer", 404, 413, 415, 422, 429, 503),
    }


def _bulk() -> dict[str, Any]:
    most = f"{MOST_CODES} codes as JSON or CSV, or {MOST_FILES} PDFs or badges in a ZIP archive"
    answers = _answers("BulkAnswer", 413, 415, 422, 429)
    answers["200"]["content"][CSV] = {
        "schema": {"type": "string", "description": f"Columns: {', '.join(COLUMNS)}."}
    }
    return {
        "operationId": "verifyMany",
        "summary": f"Check many: at most {most}. Accept: text/csv answers as CSV.",
        "parameters": [AT],
        "requestBody": {
            "required": True,
            "content": {
                JSON: _of("BulkQuestion"),
                CSV: {"schema": {"type": "string"}},
                ZIP: BYTES,
            },
        },
        "responses": answers,
    }


def _of(name: str) -> dict[str, Any]:
    return {"schema": {"$ref": f"#/components/schemas/{name}"}}


def _answers(name: str, *problems: int) -> dict[str, Any]:
    answers: dict[str, Any] = {"200": {"description": "Answered.", "content": {JSON: _of(name)}}}
    for status in problems:
        if status in _TOLD:
            said = {"description": _TOLD[status], "content": {JSON: _of("Answer")}}
            answers[str(status)] = said
            continue
        answers[str(status)] = {
            "description": _PROBLEMS[status],
            "content": {"application/problem+json": _of("Problem")},
        }
    return answers


_TOLD = {
    404: "The code is unknown or not well formed; the two look the same.",
    503: "The register is out of reach for a moment: the state is unverifiable, never valid.",
}
_PROBLEMS = {
    413: "Too large.",
    415: "Of a kind that is not read here.",
    422: "The question cannot be read.",
    429: "Too many requests from one address.",
}
