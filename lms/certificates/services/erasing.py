"""What the holder may ask for: initials in public, and the erasure of their data."""

from datetime import datetime

from lms import jobs
from lms.audit import api as audit
from lms.certificates import queries
from lms.certificates.archive import register
from lms.certificates.badges.register import find_badge
from lms.certificates.domain import (
    AlreadyErased,
    CertificateNotFound,
    IssuedCertificate,
    RevocationReason,
    ShownAs,
)
from lms.certificates.models import Certificate, Erasure, ShownName, Withdrawal
from lms.db import db
from lms.errors import N_

REMOVE, PACK = "certificates.remove", "certificates.pack"


def choose_name(person_id: int, certificate_id: int, shown: ShownAs, *, now: datetime) -> None:
    """Let the holder's name stand in public as they wish; the same as before changes nothing.

    Raises:
        CertificateNotFound: if the person holds no such certificate, or it was erased.
    """
    issued = queries.certificate_of(person_id, certificate_id)
    if issued.erased:
        raise CertificateNotFound
    before = issued.shown
    if before is shown:
        return
    db.session.add(
        ShownName(certificate_id=issued.id, shows=shown, chosen_by=person_id, chosen_at=now)
    )
    audit.record(
        "public name chosen",
        actor_id=person_id,
        subject=f"certificate:{issued.id}",
        before={"shows": before},
        after={"shows": shown},
        now=now,
    )


def erase_line(
    certificate_id: int, *, reason: str, erased_by: int, now: datetime
) -> list[IssuedCertificate]:
    """Take the holder's data out of a certificate and of all that stand in one line with it.

    Code, hash, days and state stay; the files, and each ZIP in which one of them was handed out,
    leave the store by a job that is written down here.

    Raises:
        CertificateNotFound: if there is none.
        AlreadyErased: if that was done before.
    """
    line = queries.line_of(queries.certificate(certificate_id))
    left = [one for one in line if not one.erased]
    if not left:
        raise AlreadyErased
    for issued in left:
        _erase(issued, reason, erased_by, now)
    digests = [digest for one in left for digest in _digests(one)]
    codes = {one.code for one in left}
    digests += jobs.take_back_files(PACK, lambda pack: not codes.isdisjoint(pack["codes"]))
    remove_files(digests, now=now, created_by=erased_by)
    db.session.flush()  # so that the answer below reads it
    return queries.line_of(queries.certificate(certificate_id))


def remove_files(
    digests: list[str],
    *,
    now: datetime,
    created_by: int | None = None,
    title: str = N_("Remove erased files"),
) -> None:
    """Write down that files are to leave the store."""
    if digests:
        jobs.enqueue(
            REMOVE,
            [(f"file:{digest[:12]}", {"digest": digest}) for digest in digests],
            created_by=created_by,
            title=title,
            now=now,
        )


def _digests(issued: IssuedCertificate) -> list[str]:
    """Return the files of a certificate that hold the holder's data: PDF, archive copy, badges."""
    found = [issued.file.digest] if issued.file else []
    found += [copy.digest for copy in register.copies_of(issued.id)][-1:]
    if badge := find_badge(issued.id):
        found += [badge.digest, badge.token_digest]
    return found


def _erase(issued: IssuedCertificate, reason: str, erased_by: int, now: datetime) -> None:
    row = db.session.get_one(Certificate, issued.id)
    row.facts = issued.facts.without_person().as_data()
    db.session.add(
        Erasure(certificate_id=issued.id, reason=reason, erased_by=erased_by, erased_at=now)
    )
    if issued.revocation is None:
        db.session.add(
            Withdrawal(
                certificate_id=issued.id,
                reason_class=RevocationReason.HOLDERS_REQUEST,
                reason=reason,
                revoked_by=erased_by,
                revoked_at=now,
            )
        )
    audit.record(
        "certificate erased",
        actor_id=erased_by,
        subject=f"certificate:{issued.id}",
        reason=reason,
        before={"erased": False},
        after={"erased": True, "facts_sha256": row.facts_digest},
        now=now,
    )
