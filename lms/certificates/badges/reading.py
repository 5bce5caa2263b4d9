"""A stranger's bytes to JSON, with limits; whatever is odd is refused instead of understood."""

import json
from typing import Any, Final, NoReturn

LARGEST: Final = 256 * 1024


class NotReadable(Exception):
    """The bytes are not one JSON object in the plain form that badges have."""


def read_object(data: bytes) -> dict[str, Any]:
    """Read one JSON object.

    Raises:
        NotReadable: if it is too large or too deep, not JSON, or names something twice.
    """
    if len(data) > LARGEST:
        raise NotReadable("too large")
    try:
        found = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_once_each,
            parse_constant=_refuse,
            parse_float=_refuse,
        )
        written = canonical(found)
    except (ValueError, RecursionError) as error:
        raise NotReadable("not JSON, or too deep") from error
    if not isinstance(found, dict) or not written:
        raise NotReadable("not an object")
    return found


def canonical(document: Any) -> bytes:
    """Return the one form in which documents leave this house: sorted, without blanks, UTF-8.

    Raises:
        ValueError: if it holds what cannot be written so, like half of a surrogate pair.
    """
    return json.dumps(
        document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _refuse(_text: str) -> NoReturn:
    raise ValueError("a number that no badge holds")
