"""The files of a package with some keys of some files written anew, and nothing else touched."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from lms.errors import N_, Conflict
from lms.packages.reader.findings import Findings
from lms.packages.reader.source import ROOT_FILE, Source, as_zip, read_source
from lms.packages.reader.yaml import Document, read_yaml

Keys = Mapping[str, Any]
"""Top-level keys of a file with the values that they get, as plain data."""


class CannotAmend(Conflict):
    """A file is written in a way that leaves no room for the change."""


def amended(packed: bytes, *, version: str, cases: Mapping[str, Keys]) -> bytes:
    """Return the zip of a package under another version, with keys of some cases written anew.

    Comments, order and everything else in the files stay as the author wrote them.

    Args:
        packed: the zip of a package that was checked before.
        cases: by case key.

    Raises:
        CannotAmend: if a case is not there, or a file does not have its keys on lines of their
            own.
    """
    files = dict(read_source(packed, Findings()).files)
    files[ROOT_FILE] = with_keys(ROOT_FILE, files[ROOT_FILE], {"version": version})
    for key, keys in cases.items():
        path = _path_of(files, key)
        files[path] = with_keys(path, files[path], keys)
    return as_zip(Source(files))


def with_keys(path: str, data: bytes, keys: Keys) -> bytes:
    """Return a file's bytes with top-level keys written anew; a key that is not there comes last.

    Raises:
        CannotAmend: if the file does not have its keys on lines of their own.
    """
    before = read_yaml(path, data, Findings())
    if before is None or not isinstance(before.data, dict):
        raise _cannot(path)
    text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.rstrip("\n").split("\n")
    last_first = sorted(keys, key=lambda key: _line(before, key, lines), reverse=True)
    for key in last_first:
        start, end = _block(before, key, lines)
        lines[start:end] = _written(key, keys[key])
    text = "\n".join(lines) + "\n"
    after = read_yaml(path, text.encode(), Findings())
    if after is None or _rest(after.data, keys) != _rest(before.data, keys):
        raise _cannot(path)
    return text.encode()


def _path_of(files: Mapping[str, bytes], key: str) -> str:
    """Return where a case stands; only files that name the key are read."""
    named = re.compile(rb"""^["']?key["']?\s*:\s*["']?""" + re.escape(key.encode()), re.MULTILINE)
    for path in sorted(files):
        if (
            path == ROOT_FILE
            or not path.endswith((".yaml", ".yml"))
            or not named.search(files[path])
        ):
            continue
        document = read_yaml(path, files[path], Findings())
        data = document.data if document is not None else None
        if isinstance(data, dict) and data.get("key") == key and "rationale" in data:
            return path
    raise CannotAmend(N_("The package has no case “%(case)s” any more."), case=key)


def _line(document: Document, key: str, lines: Sequence[str]) -> int:
    return document.keys[(key,)][0] - 1 if (key,) in document.keys else len(lines)


def _block(document: Document, key: str, lines: Sequence[str]) -> tuple[int, int]:
    """Return the lines of a key: from its own up to what belongs to the next one."""
    start = _line(document, key, lines)
    if start == len(lines):
        return start, start
    tops = sorted(place for path, place in document.keys.items() if len(path) == 1)
    if any(column != 1 for _line_, column in tops):
        raise _cannot(document.file)
    end = next((line - 1 for line, _column in tops if line - 1 > start), len(lines))
    while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1
    return start, end


def _written(key: str, value: Any) -> list[str]:
    """Write a key as lines of YAML; what is inside it stands as JSON, which is YAML too."""
    if isinstance(value, dict):
        return [f"{key}:", *(f"  {name}: {_flow(inner)}" for name, inner in value.items())]
    if isinstance(value, list):
        return [f"{key}:", *(f"  - {_flow(entry)}" for entry in value)]
    return [f"{key}: {_flow(value)}"]


def _flow(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _rest(data: Any, keys: Keys) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in keys}


def _cannot(path: str) -> CannotAmend:
    return CannotAmend(
        N_(
            "%(file)s cannot be changed by itself. Write each of its keys at the beginning of a "
            "line, as the content format shows, and upload the package again."
        ),
        file=path,
    )
