"""Reads of the register, scoped to who asks; rows leave as frozen values."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.engine import Row
from sqlalchemy.orm import aliased

from lms.certificates import models
from lms.certificates.domain import (
    CertificateNotFound,
    Facts,
    Held,
    IssuedCertificate,
    Later,
    Predecessor,
    Revocation,
    RevocationReason,
    SealedFile,
    ShownAs,
    State,
    Succession,
    SuccessionKind,
    Suspension,
    SuspensionReason,
    facts_from_data,
)
from lms.certificates.domain.terms import earliest
from lms.certificates.models import Certificate, End, Erasure, File, ShownName, Withdrawal
from lms.db import db

MOST_IDS = 500  # in one IN list, below the limits of both databases

After = aliased(Certificate)
Before = aliased(Certificate)
Suspended = models.Suspension


def certificate_of(person_id: int, certificate_id: int) -> IssuedCertificate:
    """Return a person's own certificate.

    Raises:
        CertificateNotFound: if there is none, or it is somebody else's.
    """
    found = _found(_find("id", certificate_id))
    if found.holder_id != person_id:
        raise CertificateNotFound
    return found


def certificate(certificate_id: int) -> IssuedCertificate:
    """Return any certificate, for administrators and for jobs.

    Raises:
        CertificateNotFound: if there is none.
    """
    return _found(_find("id", certificate_id))


def find_by_code(code: str) -> IssuedCertificate | None:
    return _find("code", code)


def find_by_digest(digest: str) -> IssuedCertificate | None:
    return _find("digest", digest)


def find_by_subject(subject: str) -> IssuedCertificate | None:
    return _find("subject", subject)


def by_codes(codes: Sequence[str]) -> dict[str, IssuedCertificate]:
    """Return the certificates with these codes, by code, in a few statements however many."""
    found: dict[str, IssuedCertificate] = {}
    for start in range(0, len(codes), MOST_IDS):
        wanted = Certificate.code.in_(codes[start:][:MOST_IDS])
        found |= {one.code: one for one in _all_issued(wanted)}
    return found


def held_by(person_ids: Sequence[int], *, on: date) -> list[Held]:
    """Return what people hold or held, newest first for each, as of a day."""
    found: list[Held] = []
    for start in range(0, len(person_ids), MOST_IDS):
        rows = db.session.execute(
            _columns()
            .where(Certificate.holder_id.in_(person_ids[start:][:MOST_IDS]))
            .order_by(
                Certificate.holder_id,
                Certificate.issued_on.desc(),
                Certificate.id.desc(),
                Suspended.id,
            )
        )
        found += _all_held(rows, on)
    return found


def held_with(codes: Sequence[str], *, on: date) -> dict[str, Held]:
    """Return the certificates with these codes, by code, as of a day; few statements."""
    found: dict[str, Held] = {}
    for start in range(0, len(codes), MOST_IDS):
        rows = db.session.execute(
            _columns()
            .where(Certificate.code.in_(codes[start:][:MOST_IDS]))
            .order_by(Certificate.id, Suspended.id)
        )
        found |= {one.code: one for one in _all_held(rows, on)}
    return found


def holding_in_module(slug: str, *, on: date, limit: int) -> list[Held]:
    """Return the certificates of a module that hold on a day, oldest first."""
    holding = (
        select(Certificate.id)
        .where(Certificate.module_slug == slug, Certificate.issued_on <= on)
        .where((Certificate.expires_on.is_(None)) | (Certificate.expires_on >= on))
        .where(~exists().where(Withdrawal.certificate_id == Certificate.id))
        .where(~exists().where(After.supersedes_id == Certificate.id))
        .order_by(Certificate.id)
        .limit(limit)
    )
    rows = db.session.execute(
        _columns().where(Certificate.id.in_(holding)).order_by(Certificate.id, Suspended.id)
    )
    return [one for one in _all_held(rows, on) if one.state is State.VALID]


def modules_with_certificates() -> list[str]:
    """Return the modules in which certificates were issued, by name."""
    wanted = select(Certificate.module_slug).distinct().order_by(Certificate.module_slug)
    return list(db.session.scalars(wanted))


def unsealed(limit: int = 1000) -> list[int]:
    """Return the ids of certificates that have no file yet, oldest first."""
    return list(
        db.session.scalars(
            select(Certificate.id)
            .outerjoin(File)
            .outerjoin(Erasure)
            .where(File.id.is_(None), Erasure.id.is_(None))
            .order_by(Certificate.id)
            .limit(limit)
        )
    )


def last_sealed_at() -> datetime | None:
    """Return when the youngest file was sealed."""
    return db.session.scalar(select(func.max(File.sealed_at)))


def count_unsealed() -> int:
    counted = (
        select(func.count(Certificate.id))
        .outerjoin(File)
        .outerjoin(Erasure)
        .where(File.id.is_(None), Erasure.id.is_(None))
    )
    return db.session.scalar(counted) or 0


def any_erased(ids: Sequence[int]) -> bool:
    """Tell whether the holders' data were erased of any of these certificates."""
    for start in range(0, len(ids), MOST_IDS):
        wanted = select(Erasure.id).where(Erasure.certificate_id.in_(ids[start:][:MOST_IDS]))
        if db.session.scalar(wanted.limit(1)) is not None:
            return True
    return False


def line_of(issued: IssuedCertificate) -> list[IssuedCertificate]:
    """Return the certificates that stood one after the other in one place, oldest first."""
    first = select(Certificate.first_id).where(Certificate.id == issued.id)
    first_id = db.session.scalar(first) or issued.id
    return list(_all_issued((Certificate.id == first_id) | (Certificate.first_id == first_id)))


def origin_of(issued: IssuedCertificate) -> str:
    """Return what a certificate was earned by: "enrolment:5".

    One that was corrected, prolonged or issued anew was earned by what the one before it was.
    """
    first = select(Certificate.first_id).where(Certificate.id == issued.id)
    first_id = db.session.scalar(first) or issued.id
    earned = (
        select(Certificate.subject)
        .where(
            (Certificate.id == first_id) | (Certificate.first_id == first_id),
            Certificate.id <= issued.id,
            Certificate.subject.not_like("certificate:%"),
            Certificate.subject.not_like("reissue:%"),
        )
        .order_by(Certificate.id.desc())
        .limit(1)
    )
    return db.session.scalar(earned) or ""


def suspension_words(certificate_id: int) -> list[tuple[Suspension, str, str]]:
    """Return each suspension with the explanations of who began and who lifted it."""
    wanted = (
        select(Suspended).where(Suspended.certificate_id == certificate_id).order_by(Suspended.id)
    )
    return [
        (_suspension(row), row.reason, row.lifted_reason or "")
        for row in db.session.scalars(wanted)
    ]


def find_choice(certificate_id: int) -> tuple[str, int, datetime] | None:
    """Return what the holder chose last: what is shown, who chose it and when."""
    wanted = (
        select(ShownName.shows, ShownName.chosen_by, ShownName.chosen_at)
        .where(ShownName.certificate_id == certificate_id)
        .order_by(ShownName.id.desc())
        .limit(1)
    )
    row = db.session.execute(wanted).one_or_none()
    return (row.shows, row.chosen_by, row.chosen_at) if row else None


def withdrawal_words(certificate_id: int) -> str:
    """Return the explanation of a revocation, which only holder and administrators read."""
    wanted = select(Withdrawal.reason).where(Withdrawal.certificate_id == certificate_id)
    return db.session.scalar(wanted) or ""


_LATER = (
    After.id.label("after_id"),
    After.code.label("after_code"),
    After.succession.label("after_kind"),
    After.issued_on.label("after_on"),
    End.ends_on.label("ended_on"),
    Erasure.erased_at,
    Suspended.id.label("suspension_id"),
    Suspended.suspended_at,
    Suspended.reason_class.label("suspension_reason"),
    Suspended.lifted_at,
)
"""What became of a certificate; one with several suspensions comes in several rows."""


def _with_later(statement: Any) -> Any:
    return (
        statement.outerjoin(File, File.certificate_id == Certificate.id)
        .outerjoin(Withdrawal, Withdrawal.certificate_id == Certificate.id)
        .outerjoin(After, After.supersedes_id == Certificate.id)
        .outerjoin(End, (End.certificate_id == Certificate.id) & End.taken_back_at.is_(None))
        .outerjoin(Erasure, Erasure.certificate_id == Certificate.id)
        .outerjoin(Suspended, Suspended.certificate_id == Certificate.id)
    )


@cache
def _columns() -> Any:
    return _with_later(
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
            Certificate.validity,
            File.id.label("file_id"),
            Withdrawal.revoked_at,
            Withdrawal.reason_class,
            *_LATER,
        )
    )


def _find(by: str, value: Any) -> IssuedCertificate | None:
    return next(_read(db.session.execute(_one(by), {"wanted": value})), None)


@cache
def _one(by: str) -> Any:
    columns = {
        "id": Certificate.id,
        "code": Certificate.code,
        "subject": Certificate.subject,
        "digest": File.digest,
    }
    return _whole().where(columns[by] == bindparam("wanted"))


def _found(one: IssuedCertificate | None) -> IssuedCertificate:
    if one is None:
        raise CertificateNotFound
    return one


def _all_issued(condition: Any) -> Iterator[IssuedCertificate]:
    return _read(db.session.execute(_whole().where(condition)))


def _read(rows: Iterable[Row[Any]]) -> Iterator[IssuedCertificate]:
    return map(_issued, _by_certificate(rows))


@cache
def _whole() -> Any:
    """Return the statement that reads certificates with all that became of them.

    It is put together once: that took longer than to ask with it.
    """
    shows = (
        select(ShownName.shows)
        .where(ShownName.certificate_id == Certificate.id)
        .order_by(ShownName.id.desc())
        .limit(1)
        .correlate(Certificate)
        .scalar_subquery()
    )
    before = Before.code.label("before_code")
    whole = select(Certificate, File, Withdrawal, before, shows.label("shows"), *_LATER)
    return (
        _with_later(whole)
        .outerjoin(Before, Before.id == Certificate.supersedes_id)
        .order_by(Certificate.id, Suspended.id)
    )


def _by_certificate(rows: Iterable[Row[Any]]) -> Iterator[list[Row[Any]]]:
    """Put the rows of one certificate together; they come one after the other."""
    for _key, several in groupby(rows, key=_certificate_id):
        yield list(several)


def _certificate_id(row: Row[Any]) -> int:
    first = row[0]
    return int(first.id if isinstance(first, Certificate) else first)


def _issued(rows: Sequence[Row[Any]]) -> IssuedCertificate:
    made, file, withdrawal, before_code, shows = tuple(rows[0])[:5]
    later = _later(rows)
    return IssuedCertificate(
        id=made.id,
        code=made.code,
        holder_id=made.holder_id,
        facts=_facts(made, erased=later.erased_at is not None),
        issued_at=made.issued_at,
        file=_sealed(file) if file else None,
        revocation=_revocation(withdrawal) if withdrawal else None,
        later=later,
        predecessor=_predecessor(made, before_code),
        validity=made.validity,
        shown=ShownAs(shows or ShownAs.FULL_NAME),
    )


def _later(rows: Sequence[Row[Any]]) -> Later:
    row = rows[0]
    return Later(
        suspensions=tuple(
            Suspension(one.suspended_at, SuspensionReason(one.suspension_reason), one.lifted_at)
            for one in rows
            if one.suspension_id is not None
        ),
        succession=Succession(
            row.after_id, row.after_code, SuccessionKind(row.after_kind), row.after_on
        )
        if row.after_id is not None
        else None,
        ended_on=row.ended_on,
        erased_at=row.erased_at,
    )


def _predecessor(made: Certificate, code: str | None) -> Predecessor | None:
    if made.supersedes_id is None or made.succession is None or code is None:
        return None
    return Predecessor(made.supersedes_id, code, SuccessionKind(made.succession))


def _suspension(row: models.Suspension) -> Suspension:
    return Suspension(row.suspended_at, SuspensionReason(row.reason_class), row.lifted_at)


def _facts(made: Certificate, *, erased: bool) -> Facts:
    """Read the frozen facts; of one that was erased, what is left of them.

    Raises:
        RuntimeError: if they are not the ones that were issued: the register was tampered with.
    """
    facts = facts_from_data(made.facts)
    if not erased and facts.digest() != made.facts_digest:
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


def _all_held(rows: Iterable[Row[Any]], on: date) -> Iterator[Held]:
    return (_held(several, on) for several in _by_certificate(rows))


def _held(rows: Sequence[Row[Any]], on: date) -> Held:
    row = rows[0]
    later = _later(rows)
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
        expires_on=earliest(row.expires_on, later.ended_on),
        revocation=_revocation(row) if row.revoked_at else None,
        sealed=row.file_id is not None,
        on=on,
        later=later,
        validity=row.validity,
    )
