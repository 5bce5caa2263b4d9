"""JSON-LD to the bytes that are signed: one order of statements, whatever the order of the JSON."""

import json
from functools import cache, lru_cache
from hashlib import sha256
from threading import Lock
from typing import Any

from lms.certificates.badges import vocabulary
from lms.certificates.badges.reading import canonical

_one_at_a_time = Lock()  # PyLD keeps contexts in caches that threads may not share


class NotLinked(Exception):
    """The document cannot be read as JSON-LD with the contexts that are carried here."""


def hash_data(document: dict[str, Any], options: dict[str, Any]) -> bytes:
    """Return what eddsa-rdfc-2022 signs: the digests of the proof's options and of the document.

    Args:
        document: without its proof.
        options: the proof without its value.

    Raises:
        NotLinked: if either cannot be read.

    Source:
        Data Integrity EdDSA Cryptosuites 1.0, W3C Recommendation 2025, 3.2.
    """
    configured = {"@context": document["@context"], **options}
    return digest(canonical(configured)) + digest(canonical(document))


@lru_cache(maxsize=32)
def digest(written: bytes) -> bytes:
    """Return the SHA-256 of a document's statements in their one order.

    The last few are remembered: what is signed here is checked at once, and one status list is
    asked about many badges.

    Args:
        written: the document in its one written form.

    Raises:
        NotLinked: if it cannot be read.
    """
    # a quarter of a second to import, which a process that signs nothing need not spend
    from pyld.jsonld import JsonLdError

    with _one_at_a_time:
        try:
            statements = _processor().normalize(
                json.loads(written),
                {
                    "algorithm": "URDNA2015",  # what RDFC-1.0 with SHA-256 was called before
                    "format": "application/n-quads",
                    "documentLoader": vocabulary.load,
                },
            )
        except (JsonLdError, vocabulary.UnknownContext) as error:
            raise NotLinked(str(error)) from error
    return sha256(statements.encode()).digest()


@cache
def _processor() -> Any:
    from lms.certificates.badges.contexts import Processor

    return Processor()
