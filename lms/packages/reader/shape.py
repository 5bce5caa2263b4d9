"""A document against its schema: every mistake of shape with the place where it is."""

from collections.abc import Iterator
from typing import Any

from marshmallow import Schema, ValidationError

from lms.errors import N_
from lms.packages.reader.findings import Findings
from lms.packages.reader.yaml import Document, Path
from lms.packages.schemas import CHOICES, ENTRIES, FIGURE, LENGTH, REQUIRED, UNKNOWN, made

_BOUNDS = {
    ENTRIES: N_("There should be %(least)s to %(most)s entries here."),
    FIGURE: N_("The figure should be from %(least)s to %(most)s."),
    LENGTH: N_("There should be %(least)s to %(most)s signs here."),
}
_NO_MOST = N_("The figure should be %(least)s or more.")
_AT_SCHEMA = "_schema"
_WRAPS = ("key", "value")


def shaped(document: Document, schema: type[Schema], findings: Findings) -> dict[str, Any] | None:
    """Return the data as the schema loads it; None, with findings, if it does not fit."""
    if not isinstance(document.data, dict):
        findings.error(document.place(), N_("Here should be keys with values."))
        return None
    try:
        loaded: dict[str, Any] = made(schema).load(document.data)
        return loaded
    except ValidationError as error:
        for path, message in _flat(error.messages, (), document.data):
            _report(document, path, message, findings)
        return None


def _report(document: Document, path: Path, message: str, findings: Findings) -> None:
    if message == UNKNOWN:
        findings.error(
            document.place(*path, key=True),
            N_("The key “%(key)s” is not known here."),
            N_("Delete it, or mend its spelling."),
            key=path[-1],
        )
    elif message == REQUIRED:
        findings.error(
            document.place(*path[:-1], key=True),
            N_("The key “%(key)s” is missing here."),
            N_("Add it."),
            key=path[-1],
        )
    elif message.startswith(CHOICES):
        findings.error(
            document.place(*path),
            N_("“%(key)s” should be one of: %(choices)s."),
            key=path[-1],
            choices=message.removeprefix(CHOICES),
        )
    elif message.startswith((ENTRIES, FIGURE, LENGTH)):
        kind, least, most = message.split(":")
        sentence = _NO_MOST if most == "None" else _BOUNDS[f"{kind}:"]
        findings.error(document.place(*path), sentence, least=least, most=most)
    else:
        findings.error(document.place(*path), message)


def _flat(messages: Any, path: Path, data: Any) -> Iterator[tuple[Path, str]]:
    if isinstance(messages, dict):
        for name, inner in messages.items():
            if name == _AT_SCHEMA or (name in _WRAPS and _wrapped(inner, name, data)):
                yield from _flat(inner, path, data)
            else:
                yield from _flat(inner, (*path, name), _inside(data, name))
        return
    for message in messages if isinstance(messages, list) else [messages]:
        yield path, str(message)


def _wrapped(inner: Any, name: str, data: Any) -> bool:
    """Tell whether marshmallow put the name there itself, as it does for the entries of a Dict."""
    return inner != [REQUIRED] and not (isinstance(data, dict) and name in data)


def _inside(data: Any, name: Any) -> Any:
    try:
        return data[name]
    except (KeyError, IndexError, TypeError):
        return None
