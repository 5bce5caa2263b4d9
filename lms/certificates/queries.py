"""Reads of the register, scoped to who asks; rows leave as frozen values."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.engine import Row

from lms.certificates.domain import (
    CertificateNotFound,
    Facts,
    Held,
    IssuedCertificate,
    Revocation,
    RevocationReason,
    SealedFile,
    facts_from_data,
)
from lms.certificates.models import Certificate, File, Withdrawal
from lms.db import db

MOST_IDS = 500  # in one IN list, below the limits of both databases


def certificate_of(person_id: int, certificate_id: int) -> IssuedCertificate:
    """Return a person's own certificate.

    Raises:
        CertificateNotFound: if there is none, or it is somebody else's.
    """
    wanted = (Certificate.id == certificate_id) & (Certificate.holder_id == person_id)
    return _found(_find(wanted))


def certificate(certificate_id: int) -> IssuedCertificate:
    """Return any certificate, for administrators and for jobs.

    Raises:
        CertificateNotFound: if there is none.
    """
    return _found(_find(Certificate.id == certificate_id))


def find_by_code(code: str) -> IssuedCertificate | None:
    return _find(Certificate.code == code)


def find_by_digest(digest: str) -> IssuedCertificate | None:
    return _find(File.digest == digest)


def find_by_subject(subject: str) -> IssuedCertificate | None:
    return _find(Certificate.subject == subject)


def by_codes(codes: Sequence[str]) -> dict[str, IssuedCertificate]:
    """Return the certificates with these codes, by code, in a few statements however many."""
    found: dict[str, IssuedCertificate] = {}
    for start in range(0, len(codes), MOST_IDS):
        rows = db.session.execute(_whole().where(Certificate.code.in_(codes[start:][:MOST_IDS])))
        found |= {one.code: one for one in map(_issued, rows)}
    return found


def held_by(person_ids: Sequence[int], *, on: date) -> list[Held]:
    """Return what people hold or held, newest first for each, as of a day."""
    found: list[Held] = []
    for start in range(0, len(person_ids), MOST_IDS):
        rows = db.session.execute(
            _columns()
            .where(Certificate.holder_id.in_(person_ids[start:][:MOST_IDS]))
            .order_by(Certificate.holder_id, Certificate.issued_on.desc(), Certificate.id.desc())
        )
        found += [_held(row, on) for row in rows]
    return found


def unsealed(limit: int = 1000) -> list[int]:
    """Return the ids of certificates that have no file yet, oldest first."""
    return list(
        db.session.scalars(
            select(Certificate.id)
            .outerjoin(File)
            .where(File.id.is_(None))
            .order_by(Certificate.id)
            .limit(limit)
        )
    )


def count_unsealed() -> int:
    counted = select(func.count(Certificate.id)).outerjoin(File).where(File.id.is_(None))
    return db.session.scalar(counted) or 0


def withdrawal_words(certificate_id: int) -> str:
    """Return the explanation of a revocation, which only holder and administrators read."""
    wanted = select(Withdrawal.reason).where(Withdrawal.certificate_id == certificate_id)
    return db.session.scalar(wanted) or ""


def _whole() -> Select[Certificate, File, Withdrawal]:
    return (
        select(Certificate, File, Withdrawal)
        .outerjoin(File, File.certificate_id == Certificate.id)
        .outerjoin(Withdrawal, Withdrawal.certificate_id == Certificate.id)
    )


def _columns() -> Any:
    return (
        select(
            Certificate.id,
            Certificate.holder_id,
            Certificate.code,
            Certificate.title,
            Certificate.module_slug,
            Certificate.level,
            Certificate.instrument_ref,
            Certificate.language,
            Certificate.demonstration,
            Certificate.issued_on,
            Certificate.expires_on,
            File.id.label("file_id"),
            Withdrawal.revoked_at,
            Withdrawal.reason_class,
        )
        .outerjoin(File, File.certificate_id == Certificate.id)
        .outerjoin(Withdrawal, Withdrawal.certificate_id == Certificate.id)
    )


def _find(condition: Any) -> IssuedCertificate | None:
    row = db.session.execute(_whole().where(condition)).one_or_none()
    return None if row is None else _issued(row)


def _found(one: IssuedCertificate | None) -> IssuedCertificate:
    if one is None:
        raise CertificateNotFound
    return one


def _issued(row: Any) -> IssuedCertificate:
    made, file, withdrawal = row
    return IssuedCertificate(
        id=made.id,
        code=made.code,
        holder_id=made.holder_id,
        facts=_facts(made),
        issued_at=made.issued_at,
        file=_sealed(file) if file else None,
        revocation=_revocation(withdrawal) if withdrawal else None,
    )


def _facts(made: Certificate) -> Facts:
    """Read the frozen facts.

    Raises:
        RuntimeError: if they are not the ones that were issued: the register was tampered with.
    """
    facts = facts_from_data(made.facts)
    if facts.digest() != made.facts_digest:
        raise RuntimeError(f"the facts of certificate {made.id} differ from those issued")
    return facts


def _sealed(file: File) -> SealedFile:
    return SealedFile(
        digest=file.digest,
        size=file.size,
        sealed_at=file.sealed_at,
        development=file.development,
    )


def _revocation(withdrawal: Withdrawal | Row[Any]) -> Revocation:
    return Revocation(withdrawal.revoked_at, RevocationReason(withdrawal.reason_class))


def _held(row: Row[Any], on: date) -> Held:
    return Held(
        id=row.id,
        holder_id=row.holder_id,
        code=row.code,
        title=row.title,
        module_slug=row.module_slug,
        level=row.level,
        instrument_ref=row.instrument_ref,
        language=row.language,
        demonstration=row.demonstration,
        issued_on=row.issued_on,
        expires_on=row.expires_on,
        revocation=_revocation(row) if row.revoked_at else None,
        sealed=row.file_id is not None,
        on=on,
    )
