"""The JSON-LD contexts of badges: carried with us, pinned by digest, never fetched."""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent / "contexts"
CREDENTIALS: Final = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES: Final = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
PINS: Final = {
    CREDENTIALS: (
        "credentials-v2.json",
        "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
    ),
    OPEN_BADGES: (
        "open-badges-3.0.3.json",
        "ef2fa9c7846dce233cc166b43639027278be4ee44f00bb1d45c75de2dd0cd761",
    ),
}


class UnknownContext(Exception):
    """A document names a context that is not one of ours; nothing is fetched for it."""


@cache
def context(address: str) -> Any:
    """Return a pinned context.

    Raises:
        UnknownContext: if it is not pinned.
        RuntimeError: if the file is not the one that was pinned.
    """
    if address not in PINS:
        raise UnknownContext(address)
    name, digest = PINS[address]
    data = (FOLDER / name).read_bytes()
    if sha256(data).hexdigest() != digest:
        raise RuntimeError(f"{FOLDER / name} is not the file that was pinned: install Concord anew")
    return json.loads(data)


def load(address: str, _options: Any = None) -> dict[str, Any]:
    """Answer PyLD's wish for a document from the pinned ones.

    Raises:
        UnknownContext: for anything else.
    """
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": address,
        "document": context(address),
        "tag": "static",  # lets PyLD keep what it made of it; two thirds of the time otherwise
    }
