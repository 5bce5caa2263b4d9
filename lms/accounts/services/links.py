"""One-time links: asked for here, made and mailed by a job, used up here."""

from datetime import datetime

from sqlalchemy import update

from lms import jobs
from lms.accounts import passwords, queries
from lms.accounts.domain import LENGTHS, Purpose, check_password
from lms.accounts.models import MailedLink, Person
from lms.accounts.services.sessions import end_sessions
from lms.accounts.services.tries import forget_tries
from lms.audit import api as audit
from lms.db import db
from lms.errors import N_

MAIL_KIND = "accounts.mail_link"


def request_link(person: Person, purpose: Purpose, *, now: datetime) -> None:
    """Write down that a link is to be mailed; the links of this purpose before it end."""
    db.session.execute(
        update(MailedLink)
        .where(
            MailedLink.person_id == person.id,
            MailedLink.purpose == purpose,
            MailedLink.used_at.is_(None),
            MailedLink.expires_at > now,
        )
        .values(expires_at=now)
    )
    link = MailedLink(
        purpose=purpose,
        person_id=person.id,
        email=person.email,
        created_at=now,
        expires_at=now + LENGTHS[purpose],
    )
    db.session.add(link)
    db.session.flush()  # the job names the link by its id
    jobs.enqueue(
        MAIL_KIND,
        [(f"link:{link.id}", {"link_id": link.id})],
        created_by=None,
        title="Mail a link",
        now=now,
    )


def request_reset(email: str, *, now: datetime) -> None:
    """Mail a link for a new password, if there is an open account with the address."""
    person = queries.find_person_by_email(email)
    if person is not None and person.closed_at is None:
        request_link(person, Purpose.PASSWORD, now=now)


def request_confirmation(person_id: int, *, now: datetime) -> None:
    """Mail the link that confirms the address once more."""
    person = queries.locked_person(person_id)
    if person.confirmed_at is None:
        request_link(person, Purpose.ADDRESS, now=now)


def note_mailed(link_id: int, token: str) -> None:
    """Keep the hash of the token that was mailed."""
    link = db.session.get_one(MailedLink, link_id)
    link.token_hash = queries.token_hash(token)


def reset_password(token: str, password: str, *, now: datetime) -> None:
    """Set a new password by a mailed link, which also shows that the address is the person's.

    Raises:
        LinkEnded: if the link cannot be used.
        WeakPassword: if the password would be guessed; the link stays good.
    """
    link = queries.open_link(token, Purpose.PASSWORD, now)
    person = queries.locked_person(link.person_id)
    check_password(password, name=person.name, email=person.email)
    person.password_hash = passwords.hash_password(password)
    person.confirmed_at = person.confirmed_at or now
    link.used_at = now
    forget_tries(person.email, now=now)
    ended = end_sessions(person.id, now=now)
    audit.record(
        N_("password reset"),
        actor_id=person.id,
        subject=f"person:{person.id}",
        after={"sessions_ended": ended},
        now=now,
    )


def confirm_address(token: str, *, now: datetime) -> None:
    """Note that mail to the person's address arrives.

    Raises:
        LinkEnded: if the link cannot be used.
    """
    link = queries.open_link(token, Purpose.ADDRESS, now)
    person = queries.locked_person(link.person_id)
    link.used_at = now
    if person.confirmed_at is None and person.email == link.email:
        person.confirmed_at = now
        audit.record(
            N_("address confirmed"),
            actor_id=person.id,
            subject=f"person:{person.id}",
            after={"email": person.email},
            now=now,
        )
