"""Writes of the register: issue, note the sealed file, mail it, revoke."""

import secrets
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.exc import IntegrityError

from lms import jobs, mail
from lms.accounts import api as accounts
from lms.audit import api as audit
from lms.certificates import queries, statuslists
from lms.certificates.domain import (
    AlreadyRevoked,
    Facts,
    FileErased,
    IssuedCertificate,
    NotSealedYet,
    RevocationReason,
    SealedFile,
    new_code,
    shown_code,
)
from lms.certificates.models import Certificate, File, Withdrawal
from lms.certificates.services.erasing import remove_files
from lms.db import db
from lms.errors import N_

SEAL = "certificates.seal"
PDF = "application/pdf"


class Letter(NamedTuple):
    """What goes with a file that is mailed, in the words of the edge."""

    subject: str
    text: str


def issue_certificate(
    facts: Facts,
    *,
    holder_id: int,
    subject: str,
    now: datetime,
    issued_by: int | None = None,
    validity: dict[str, Any] | None = None,
) -> IssuedCertificate:
    """Issue a certificate for a subject, or return the one that was issued for it before.

    Its file is drawn and signed afterwards, by a job that is written down here.

    Args:
        subject: what it is issued for, "enrolment:5"; there is one certificate for each, ever.
        issued_by: who decided it; None where a rule did.
        validity: the rule by which it ends, as data; its renewal goes by the same.
    """
    if before := queries.find_by_subject(subject):
        return before
    made = new_certificate(facts, holder_id, subject, now)
    made.validity = validity
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        # somebody issued for this subject between the look and the writing
        if before := queries.find_by_subject(subject):
            return before
        raise
    statuslists.draw_place(made.id)
    audit.record(
        "certificate issued",
        actor_id=issued_by,
        subject=f"certificate:{made.id}",
        after={"for": subject, "facts_sha256": made.facts_digest},
        now=now,
    )
    enqueue_seal([made.id], now=now, created_by=holder_id)
    return queries.certificate(made.id)


def enqueue_seal(ids: list[int], *, now: datetime, created_by: int | None = None) -> int | None:
    """Write down that certificates are to be drawn and signed; None where there are none."""
    if not ids:
        return None
    return jobs.enqueue(
        SEAL,
        [(f"certificate:{one}", {"certificate_id": one}) for one in ids],
        created_by=created_by,
        title=N_("Sign certificates"),
        now=now,
    )


def record_seal(
    certificate_id: int, file: SealedFile, *, letter: Letter, now: datetime
) -> IssuedCertificate:
    """Note the one file of a certificate and mail it to the holder; done before, do nothing."""
    issued = queries.certificate(certificate_id)
    if issued.erased:
        remove_files([file.digest], now=now)  # it was drawn while the holder's data were erased
        return issued
    if issued.file is not None:
        return issued
    db.session.add(
        File(
            certificate_id=certificate_id,
            digest=file.digest,
            size=file.size,
            development=file.development,
            sealed_at=file.sealed_at,
        )
    )
    audit.record(
        "certificate sealed",
        actor_id=None,
        subject=f"certificate:{certificate_id}",
        after={"file_sha256": file.digest},
        now=now,
    )
    sealed = replace(issued, file=file)
    mail_file(sealed, letter=letter, now=now)
    return sealed


def mail_file(issued: IssuedCertificate, *, letter: Letter, now: datetime) -> None:
    """Queue a mail with the PDF to the holder.

    Raises:
        NotSealedYet: if there is no file yet.
        FileErased: if there is none any more.
    """
    if issued.erased:
        raise FileErased
    if issued.file is None:
        raise NotSealedYet
    holder = accounts.person(issued.holder_id)
    mail.queue(
        holder.email,
        letter.subject,
        letter.text,
        now=now,
        attachments=[(file_name(issued), PDF, issued.file.digest)],
        created_by=issued.holder_id,
    )


def revoke_certificate(
    certificate_id: int,
    *,
    reason_class: RevocationReason,
    reason: str,
    revoked_by: int,
    now: datetime,
) -> IssuedCertificate:
    """Withdraw a certificate for good.

    Args:
        reason_class: public, with the date.
        reason: the explanation, for the holder and the record; not public.

    Raises:
        CertificateNotFound: if there is none.
        AlreadyRevoked: if it was withdrawn before.
    """
    issued = queries.certificate(certificate_id)
    if issued.revocation is not None:
        raise AlreadyRevoked
    try:
        with db.session.begin_nested():
            db.session.add(
                Withdrawal(
                    certificate_id=certificate_id,
                    reason_class=reason_class,
                    reason=reason,
                    revoked_by=revoked_by,
                    revoked_at=now,
                )
            )
    except IntegrityError as error:
        raise AlreadyRevoked from error
    audit.record(
        "certificate revoked",
        actor_id=revoked_by,
        subject=f"certificate:{certificate_id}",
        reason=reason,
        before={"revoked": False},
        after={"revoked": True, "reason_class": reason_class},
        now=now,
    )
    return queries.certificate(certificate_id)


def file_name(issued: IssuedCertificate) -> str:
    """Return the name of the PDF: it says the module and the code, so that two never clash."""
    return f"certificate-{issued.facts.module_slug}-{shown_code(issued.code)}.pdf"


def new_certificate(facts: Facts, holder_id: int, subject: str, now: datetime) -> Certificate:
    return Certificate(
        code=new_code(secrets.token_bytes),
        subject=subject,
        holder_id=holder_id,
        facts=facts.as_data(),
        facts_digest=facts.digest(),
        title=facts.title,
        module_slug=facts.module_slug,
        level=facts.level,
        instrument_ref=facts.instrument_ref,
        language=facts.language,
        demonstration=facts.demonstration,
        issued_on=facts.issued_on,
        expires_on=facts.expires_on,
        issued_at=now,
    )
