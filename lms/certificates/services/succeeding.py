"""Another certificate in the place of one: renewed, with the name corrected, or issued anew."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError

from lms.audit import api as audit
from lms.certificates import queries, statuslists
from lms.certificates.domain import (
    AlreadySuperseded,
    Facts,
    IssuedCertificate,
    NotInForce,
    State,
    SuccessionKind,
    Validity,
)
from lms.certificates.models import Certificate, ShownName
from lms.certificates.services.issuing import enqueue_seal, new_certificate
from lms.db import db

RENEWABLE = (State.VALID, State.EXPIRED)


@dataclass(frozen=True)
class Replacement:
    """What is to be different in the new certificate.

    Args:
        name: the corrected name, None where it stays.
        expires_on: the last day of a renewal, None for no end; other kinds keep the day.
        subject: names this one replacement: asked for again, it answers with what it made. Empty
            where it is never asked for twice.
        facts: what the new one says in whole, where it was earned anew; None where the old one's
            facts stay but for the above.
        validity: the rule by which it ends, with new facts.
    """

    kind: SuccessionKind
    reason: str
    name: str | None = None
    expires_on: date | None = None
    subject: str = ""
    facts: Facts | None = None
    validity: Validity | None = None


def succeed(
    certificate_id: int, replacement: Replacement, *, by: int, now: datetime
) -> IssuedCertificate:
    """Issue a certificate in the place of one, and return the new one.

    The old one is not touched: it stays checkable, and says which one came after it. The file of
    the new one is made by a job that is written down here.

    Raises:
        CertificateNotFound: if there is none.
        AlreadySuperseded: if another one stands in its place.
        NotInForce: if it does not hold today; a renewal may also follow one that has expired.
        BadFacts: if the name cannot be printed, or the last day lies before today.
    """
    made = put_in_place(certificate_id, replacement, by=by, now=now)
    enqueue_seal([made.id], now=now, created_by=by)
    return made


def put_in_place(
    certificate_id: int, replacement: Replacement, *, by: int, now: datetime
) -> IssuedCertificate:
    """Do what `succeed` does, but leave the making of the file to the caller.

    Raises:
        CertificateNotFound, AlreadySuperseded, NotInForce, BadFacts: see `succeed`.
    """
    if replacement.subject and (done := queries.find_by_subject(replacement.subject)):
        return done
    old = queries.certificate(certificate_id)
    _must_be_replaceable(old, replacement.kind, now.date())
    made = _row(old, replacement, now)
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as error:
        if replacement.subject and (done := queries.find_by_subject(replacement.subject)):
            return done
        raise AlreadySuperseded from error
    statuslists.draw_place(made.id)
    _keep_choice(old.id, made.id)
    audit.record(
        "certificate superseded",
        actor_id=by,
        subject=f"certificate:{old.id}",
        reason=replacement.reason,
        before={"superseded": False},
        after={"superseded": True, "by": made.id, "kind": replacement.kind},
        now=now,
    )
    audit.record(
        "certificate issued",
        actor_id=by,
        subject=f"certificate:{made.id}",
        reason=replacement.reason,
        after={"for": made.subject, "facts_sha256": made.facts_digest},
        now=now,
    )
    return queries.certificate(made.id)


def _must_be_replaceable(old: IssuedCertificate, kind: SuccessionKind, today: date) -> None:
    if old.later.succession is not None:
        raise AlreadySuperseded
    allowed = RENEWABLE if kind is SuccessionKind.RENEWAL else (State.VALID,)
    if old.erased or old.state_on(today) not in allowed:
        raise NotInForce


def _row(old: IssuedCertificate, replacement: Replacement, now: datetime) -> Certificate:
    facts = _facts(old, replacement, now.date())
    subject = replacement.subject or f"certificate:{old.id}:successor"
    made = new_certificate(facts, old.holder_id, subject, now)
    made.supersedes_id, made.succession = old.id, replacement.kind
    made.first_id = queries.line_of(old)[0].id
    made.validity = replacement.validity.as_data() if replacement.validity else old.validity
    return made


def _facts(old: IssuedCertificate, replacement: Replacement, today: date) -> Facts:
    if replacement.facts is not None:
        return replacement.facts
    ends_on = old.ends_on
    if replacement.kind is SuccessionKind.RENEWAL:
        ends_on = replacement.expires_on
    name = replacement.name or old.facts.name
    return replace(old.facts, name=name, issued_on=today, expires_on=ends_on)


def _keep_choice(old_id: int, new_id: int) -> None:
    chosen = queries.find_choice(old_id)
    if chosen is None:
        return
    shows, by, at = chosen
    row = ShownName(certificate_id=new_id, shows=shows, chosen_by=by, chosen_at=at)
    db.session.add(row)
