"""The one shape of what is signed here: every term, where it stands, and what it may hold.

JSON-LD drops a term that no context defines, so it would travel outside the signature and still be
read by people. Whatever is not in this shape is refused, before anything slow looks at it; that
also bounds how long a hostile document can keep us busy.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lms.certificates.badges.credential import CONTEXT
from lms.certificates.badges.vocabulary import CREDENTIALS

MOST: Final = 64  # entries in one list
TEXT, FLAG, NUMBER = str, bool, int


@dataclass(frozen=True)
class OneOf:
    """These words, in any order and none twice; or a single one of them."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Exactly:
    """This value and no other."""

    value: Any


@dataclass(frozen=True)
class Several:
    """One, or a list of up to MOST, and no two that say the same."""

    of: Any


PROOF: Final[Mapping[str, Any]] = {
    "type": Exactly("DataIntegrityProof"),
    "cryptosuite": Exactly("eddsa-rdfc-2022"),
    "created": TEXT,
    "verificationMethod": TEXT,
    "proofPurpose": Exactly("assertionMethod"),
}

_RESULT: Final = {"type": OneOf(("Result",)), "resultDescription": TEXT, "value": TEXT}
_IDENTITY: Final = {
    "type": OneOf(("IdentityObject",)),
    "hashed": FLAG,
    "identityHash": TEXT,
    "identityType": TEXT,
}
_ACHIEVEMENT: Final = {
    "id": TEXT,
    "type": OneOf(("Achievement",)),
    "achievementType": TEXT,
    "name": TEXT,
    "description": TEXT,
    "criteria": {"narrative": TEXT},
    "otherIdentifier": Several(
        {"type": OneOf(("IdentifierEntry",)), "identifier": TEXT, "identifierType": TEXT}
    ),
    "version": TEXT,
    "inLanguage": TEXT,
    "resultDescription": Several(
        {"id": TEXT, "type": OneOf(("ResultDescription",)), "name": TEXT, "resultType": TEXT}
    ),
    "tag": Several(TEXT),
}

BADGE: Final[Mapping[str, Any]] = {
    "@context": Exactly(CONTEXT),
    "id": TEXT,
    "type": OneOf(("VerifiableCredential", "OpenBadgeCredential")),
    "name": TEXT,
    "issuer": {
        "id": TEXT,
        "type": OneOf(("Profile",)),
        "name": TEXT,
        "url": TEXT,
        "description": TEXT,
    },
    "validFrom": TEXT,
    "validUntil": TEXT,
    "credentialSubject": {
        "type": OneOf(("AchievementSubject",)),
        "identifier": Several(_IDENTITY),
        "licenseNumber": TEXT,
        "achievement": _ACHIEVEMENT,
        "result": Several(_RESULT),
    },
    "credentialStatus": {
        "id": TEXT,
        "type": OneOf(("BitstringStatusListEntry",)),
        "statusPurpose": TEXT,
        "statusListIndex": TEXT,
        "statusListCredential": TEXT,
    },
    "evidence": Several({"id": TEXT, "type": OneOf(("Evidence",)), "name": TEXT}),
}

STATUS_LIST: Final[Mapping[str, Any]] = {
    "@context": Exactly([CREDENTIALS]),
    "id": TEXT,
    "type": OneOf(("VerifiableCredential", "BitstringStatusListCredential")),
    "issuer": TEXT,
    "validFrom": TEXT,
    "validUntil": TEXT,
    "credentialSubject": {
        "id": TEXT,
        "type": OneOf(("BitstringStatusList",)),
        "statusPurpose": TEXT,
        "encodedList": TEXT,
        "ttl": NUMBER,
    },
}


def strange(value: Any, shape: Any, path: str = "") -> Iterator[str]:
    """Yield the place of everything that is not in the shape; terms may be missing."""
    if isinstance(shape, Mapping):
        yield from _strange_in_object(value, shape, path)
    elif isinstance(shape, Several):
        yield from _strange_in_list(value, shape, path)
    elif isinstance(shape, Exactly):
        if value != shape.value:
            yield path
    elif isinstance(shape, OneOf):
        yield from _strange_words(value, shape, path)
    elif type(value) is not shape or value == "":
        yield path


def _strange_in_object(value: Any, shape: Mapping[str, Any], path: str) -> Iterator[str]:
    if not isinstance(value, dict) or not value:
        yield path
        return
    for name, inner in value.items():
        place = f"{path}.{name}" if path else name
        if name in shape:
            yield from strange(inner, shape[name], place)
        else:
            yield place


def _strange_in_list(value: Any, shape: Several, path: str) -> Iterator[str]:
    entries = value if isinstance(value, list) else [value]
    if not 0 < len(entries) <= MOST or len({_texts(one) for one in entries}) < len(entries):
        yield path
        return
    for place, inner in enumerate(entries):
        yield from strange(inner, shape.of, f"{path}[{place}]")


def _strange_words(value: Any, shape: OneOf, path: str) -> Iterator[str]:
    words = value if isinstance(value, list) else [value]
    known = all(isinstance(word, str) and word in shape.words for word in words)
    if not known or not 0 < len(words) <= len(shape.words) or len(set(words)) < len(words):
        yield path


def _texts(entry: Any) -> Any:
    """Return an entry's own texts: what tells it from its neighbours before any canonical order."""
    if isinstance(entry, dict):
        return frozenset((name, text) for name, text in entry.items() if isinstance(text, str))
    return entry if isinstance(entry, str) else None
