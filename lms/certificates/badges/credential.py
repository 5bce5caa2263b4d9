"""From the frozen facts of a certificate to an Open Badges 3.0 credential, not yet signed."""

import base64
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from lms.certificates.badges import vocabulary
from lms.certificates.badges.keyring import DEVELOPMENT
from lms.certificates.domain import Facts, parse_code, shown_code
from lms.certificates.domain.badging import Purpose

CONTEXT: Final = [vocabulary.CREDENTIALS, vocabulary.OPEN_BADGES]
DEVELOPMENT_TAG: Final = "untrusted-development-key"
DEMONSTRATION_TAG: Final = "demonstration"
DEVELOPMENT_NOTE: Final = (
    "Signed with a development key. Anybody can make one like it: it proves nothing to a stranger."
)
DEMONSTRATION_NOTE: Final = "A demonstration: not valid for a trial."


@dataclass(frozen=True)
class Issuer:
    """Who signs: the did:web, the address under which all of it is published, and a key's kind."""

    did: str
    base_url: str
    development: bool


@dataclass(frozen=True)
class StatusEntry:
    """The place of a certificate in the status lists: the same in both."""

    number: int
    place: int


def credential(facts: Facts, code: str, *, issuer: Issuer, status: StatusEntry) -> dict[str, Any]:
    """Return the credential of a certificate.

    It names the person as the certificate does, so whoever may hold the one may hold the other.
    """
    achievement = _achievement(facts, issuer)
    made: dict[str, Any] = {
        "@context": CONTEXT,
        "id": f"{issuer.base_url}/v/{code}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": facts.title,
        "issuer": _profile(facts, issuer),
        "validFrom": f"{facts.issued_on}T00:00:00Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityHash": facts.name,
                    "identityType": "name",
                }
            ],
            "licenseNumber": shown_code(code),
            "achievement": achievement,
            **_results(facts, achievement),
        },
        "credentialStatus": status_of(status, Purpose.REVOCATION, issuer.base_url),
        "evidence": [
            {
                "id": _named(facts.digest()),
                "type": ["Evidence"],
                "name": "The frozen facts of the certificate, by their SHA-256",
            }
        ],
    }
    if facts.expires_on is not None:
        made["validUntil"] = f"{facts.expires_on}T23:59:59Z"
    return made


def code_in(document: Mapping[str, Any]) -> str | None:
    """Return the code, 17 symbols, of the certificate that a credential of ours repeats."""
    try:
        return parse_code(str(document["credentialSubject"]["licenseNumber"]))
    except (KeyError, TypeError):
        return None


def repeats(document: Mapping[str, Any], facts: Facts) -> bool:
    """Tell whether a credential of ours was made from these facts."""
    try:
        return bool(document["evidence"][0]["id"] == _named(facts.digest()))
    except (KeyError, TypeError, IndexError):
        return False


def status_of(entry: StatusEntry, purpose: Purpose, base_url: str) -> dict[str, str]:
    """Return where a list says whether the credential holds."""
    address = list_address(base_url, purpose, entry.number)
    return {
        "id": f"{address}#{entry.place}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose.value,
        "statusListIndex": str(entry.place),
        "statusListCredential": address,
    }


def list_address(base_url: str, purpose: Purpose, number: int) -> str:
    return f"{base_url}/status/{purpose}/{number}"


def _profile(facts: Facts, issuer: Issuer) -> dict[str, Any]:
    profile = {"id": issuer.did, "type": ["Profile"], "name": facts.issuer, "url": issuer.base_url}
    if issuer.development:
        profile["name"] = f"{DEVELOPMENT}: {facts.issuer}"
        profile["description"] = DEVELOPMENT_NOTE
    return profile


def _achievement(facts: Facts, issuer: Issuer) -> dict[str, Any]:
    """Return what was achieved: the same, name for name, for all who reached it with a release."""
    name = _achievement_id(facts, issuer)
    made: dict[str, Any] = {
        "id": name,
        "type": ["Achievement"],
        "achievementType": "Certification",
        "name": facts.title,
        "description": _description(facts),
        "criteria": {
            "narrative": f"Completed the training module {facts.module_title or facts.module_slug} "
            f"and met the criteria of its release {facts.release_version or '1'}."
        },
        "otherIdentifier": _identifiers(facts),
        "version": facts.release_version,
        "inLanguage": facts.language,
        "resultDescription": _result_descriptions(facts, name),
        "tag": _tags(facts, issuer),
    }
    return _without_empty(made)


def _description(facts: Facts) -> str:
    which = ", ".join(filter(None, (facts.instrument_ref, facts.instrument_note)))
    parts = [
        f"{facts.title}: {facts.instrument_title}{f' ({which})' if which else ''}.",
        DEMONSTRATION_NOTE if facts.demonstration else "",
        f"{facts.rights}." if facts.rights else "",
    ]
    return " ".join(part for part in parts if part)


def _tags(facts: Facts, issuer: Issuer) -> list[str]:
    marks = ((issuer.development, DEVELOPMENT_TAG), (facts.demonstration, DEMONSTRATION_TAG))
    return [tag for marked, tag in marks if marked]


def _identifiers(facts: Facts) -> list[dict[str, str]]:
    names = (
        ("instrument", facts.instrument_ref),
        ("module", facts.module_slug),
        ("releaseSha256", facts.release_digest),
    )
    return [
        {"type": "IdentifierEntry", "identifier": value, "identifierType": f"ext:{kind}"}
        for kind, value in names
        if value
    ]


def _lines(facts: Facts) -> list[tuple[str, str, str]]:
    """Return the results as kind, label and value, in the order of print."""
    lines = [("PerformanceLevel", "Level", facts.level)] if facts.level else []
    if line := facts.agreement:
        value = f"{line.reached} of {line.of} {line.unit}, {line.required} required"
        lines.append(("Result", "Agreement", value))
    return [*lines, *(("Result", line.label, line.value) for line in facts.score)]


def _result_descriptions(facts: Facts, name: str) -> list[dict[str, Any]]:
    return [
        {
            "id": f"{name}#result-{number}",
            "type": ["ResultDescription"],
            "name": label,
            "resultType": kind,
        }
        for number, (kind, label, _value) in enumerate(_lines(facts), 1)
    ]


def _results(facts: Facts, achievement: dict[str, Any]) -> dict[str, Any]:
    results = [
        {
            "type": ["Result"],
            "resultDescription": f"{achievement['id']}#result-{number}",
            "value": value,
        }
        for number, (_kind, _label, value) in enumerate(_lines(facts), 1)
    ]
    return _without_empty({"result": results})


def _achievement_id(facts: Facts, issuer: Issuer) -> str:
    """Return one name for everything that is the same for all who reach this with one release."""
    parts = (
        *(issuer.did, facts.release_digest, facts.title, facts.level, facts.instrument_ref),
        *(facts.language, facts.issuer, facts.rights, str(facts.demonstration)),
        *(label for _kind, label, _value in _lines(facts)),
    )
    return uuid.uuid5(uuid.NAMESPACE_URL, "\n".join(parts)).urn


def _named(digest: str) -> str:
    """Return the name of bytes by their SHA-256 (RFC 6920)."""
    written = base64.urlsafe_b64encode(bytes.fromhex(digest)).decode().rstrip("=")
    return f"ni:///sha-256;{written}"


def _without_empty(made: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in made.items() if value}
