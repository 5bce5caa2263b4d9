"""Taking a certificate out of force for a time, and lifting that again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.audit import api as audit
from lms.certificates import queries
from lms.certificates.domain import (
    AlreadySuspended,
    IssuedCertificate,
    NotInForce,
    NotSuspended,
    State,
    SuspensionReason,
)
from lms.certificates.models import Suspension
from lms.db import db


@dataclass(frozen=True)
class Pause:
    """Why a certificate is to be suspended.

    Args:
        reason_class: public, with the date.
        reason: the explanation, for the holder and the record; not public.
    """

    reason_class: SuspensionReason
    reason: str


def suspend_certificate(
    certificate_id: int, pause: Pause, *, suspended_by: int, now: datetime
) -> IssuedCertificate:
    """Take a certificate out of force until it is lifted.

    Raises:
        CertificateNotFound: if there is none.
        AlreadySuspended: if it is.
        NotInForce: if it does not hold today anyway.
    """
    issued = queries.certificate(certificate_id)
    if issued.suspended_now:
        raise AlreadySuspended
    if issued.state_on(now.date()) is not State.VALID:
        raise NotInForce
    row = Suspension(
        certificate_id=certificate_id,
        suspended_at=now,
        reason_class=pause.reason_class,
        reason=pause.reason,
        suspended_by=suspended_by,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        raise AlreadySuspended from error
    audit.record(
        "certificate suspended",
        actor_id=suspended_by,
        subject=f"certificate:{certificate_id}",
        reason=pause.reason,
        before={"suspended": False},
        after={"suspended": True, "reason_class": pause.reason_class},
        now=now,
    )
    return queries.certificate(certificate_id)


def lift_suspension(
    certificate_id: int, *, reason: str, lifted_by: int, now: datetime
) -> IssuedCertificate:
    """Put a suspended certificate in force again, from this day on.

    Raises:
        CertificateNotFound: if there is none.
        NotSuspended: if it is not suspended.
    """
    issued = queries.certificate(certificate_id)
    wanted = select(Suspension).where(
        Suspension.certificate_id == issued.id, Suspension.lifted_at.is_(None)
    )
    row = db.session.scalar(wanted.with_for_update())
    if row is None:
        raise NotSuspended
    row.lifted_at, row.lifted_by, row.lifted_reason = now, lifted_by, reason
    db.session.flush()  # so that the answer below reads it
    audit.record(
        "certificate suspension lifted",
        actor_id=lifted_by,
        subject=f"certificate:{certificate_id}",
        reason=reason,
        before={"suspended": True},
        after={"suspended": False},
        now=now,
    )
    return queries.certificate(certificate_id)
