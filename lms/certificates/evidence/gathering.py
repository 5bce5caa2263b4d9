"""From the register, the store and the trail to the pack of one certificate."""

import json
from datetime import datetime
from typing import Any

from lms import storage
from lms.audit import api as audit
from lms.audit.domain import Link
from lms.certificates import authority, checker, keys, queries
from lms.certificates.badges import making
from lms.certificates.badges.proofs import written
from lms.certificates.bundle import own, write_bundle
from lms.certificates.domain import (
    EvidenceRecord,
    FileErased,
    IssuedCertificate,
    NotSealedYet,
    shown_code,
)
from lms.certificates.evidence import pack, records


def pack_of(issued: IssuedCertificate, *, whole: bool, now: datetime) -> bytes:
    """Return the evidence pack of a certificate, as of now.

    It signs badges and status lists where they are missing or old, in transactions of their own,
    so it must not be asked inside one.

    Args:
        whole: for administrators: with what the holder may not see.

    Raises:
        FileErased: if the holder's data were taken out of it.
        NotSealedYet: if it has no file yet.
        KeysUnusable: if there is no key to sign with.
    """
    if issued.erased:
        raise FileErased
    if issued.file is None:
        raise NotSealedYet
    signer, bundle = authority.signer(), own.with_page(own.bundle(now=now))
    subject = queries.origin_of(issued)
    record = records.record_of(subject, whole=whole)
    members = {
        pack.PDF: storage.get(issued.file.digest),
        pack.BADGES[0]: making.credential_bytes(issued, now=now),
        pack.BADGES[1]: making.token_bytes(issued, now=now),
        pack.RECORD: _record(issued, subject, record, whole=whole, now=now),
        pack.EVENTS: _events(issued, record, whole=whole, now=now),
        pack.BUNDLE: write_bundle(bundle, signer),
        pack.README: pack.readme(
            code=shown_code(issued.code),
            as_of=now,
            fingerprint=keys.fingerprint(signer.root),
            address=bundle.address,
        ),
        checker.NAME: bundle.extras[checker.NAME],
    }
    return pack.write_pack(members, code=issued.code, as_of=now, signer=signer)


def file_name(issued: IssuedCertificate) -> str:
    return f"evidence-{issued.facts.module_slug}-{shown_code(issued.code)}.zip"


def _record(
    issued: IssuedCertificate,
    subject: str,
    record: EvidenceRecord | None,
    *,
    whole: bool,
    now: datetime,
) -> bytes:
    return _written(
        {
            "format": pack.RECORD_FORMAT,
            "as_of": written(now),
            "told_to": "administrator" if whole else "holder",
            "certificate": _standing(issued, now),
            "issued_for": subject,
            "training": record.data if record else None,
        }
    )


def _standing(issued: IssuedCertificate, now: datetime) -> dict[str, Any]:
    """Return how a certificate stands in the register."""
    after, revoked = issued.later.succession, issued.revocation
    assert issued.file is not None
    return {
        "code": issued.code,
        "facts_sha256": issued.facts.digest(),
        "file_sha256": issued.file.digest,
        "issued_at": issued.issued_at.isoformat(),
        "sealed_at": issued.file.sealed_at.isoformat(),
        "state": issued.state_on(now.date()),
        "valid_until": issued.ends_on.isoformat() if issued.ends_on else None,
        "validity_rule": issued.validity,
        "revocation": {"on": revoked.on.isoformat(), "reason": revoked.reason} if revoked else None,
        "suspensions": [
            {
                "on": one.on.isoformat(),
                "lifted_on": one.lifted_on.isoformat() if one.lifted_on else None,
                "reason": one.reason,
            }
            for one in issued.later.suspensions
        ],
        "superseded": {"on": after.on.isoformat(), "by": after.code, "kind": after.kind}
        if after
        else None,
        "supersedes": {"code": issued.predecessor.code, "kind": issued.predecessor.kind}
        if issued.predecessor
        else None,
    }


def _events(
    issued: IssuedCertificate, record: EvidenceRecord | None, *, whole: bool, now: datetime
) -> bytes:
    line = [f"certificate:{one.id}" for one in queries.line_of(issued)]
    links = audit.links_of([*line, *(record.subjects if record else ())])
    events = [_event(link, whole=whole, holder_id=issued.holder_id) for link in links]
    return _written({"format": pack.EVENTS_FORMAT, "as_of": written(now), "events": events})


def _event(link: Link, *, whole: bool, holder_id: int) -> dict[str, Any]:
    """Return an event; what somebody else did and why stands in a holder's pack by its hash."""
    told = {
        "id": link.id,
        "at": link.body["at"],
        "action": link.body["action"],
        "subject": link.body["subject"],
        "previous_hash": link.previous_hash,
        "hash": link.hash,
    }
    if whole or link.body["actor_id"] in (None, holder_id):
        told["body"] = link.body
    return told


def _written(data: dict[str, Any]) -> bytes:
    return json.dumps(data, indent=1, ensure_ascii=False, sort_keys=True).encode() + b"\n"
