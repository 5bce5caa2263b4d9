"""Opening and ending sessions."""

import secrets
from datetime import datetime

from sqlalchemy import update

from lms.accounts import queries
from lms.accounts.domain import SESSION_LENGTH
from lms.accounts.models import SignInSession
from lms.accounts.services.tries import forget_tries
from lms.audit import api as audit
from lms.db import db
from lms.errors import N_


def sign_in(
    person_id: int, *, email: str, device: str, now: datetime, new_hash: str | None = None
) -> str:
    """Open a session after the right password and return the token for its cookie.

    Args:
        new_hash: the password under today's settings, where the stored hash is weaker.
    """
    forget_tries(email, now=now)
    if new_hash is not None:
        queries.person_of(person_id).password_hash = new_hash
    return open_session(person_id, device=device, now=now)


def open_session(person_id: int, *, device: str, now: datetime) -> str:
    """Sign a person in on a device and return the secret token for its cookie."""
    token = secrets.token_urlsafe(32)
    db.session.add(
        SignInSession(
            token_hash=queries.token_hash(token),
            person_id=person_id,
            device=device[:200],
            created_at=now,
            seen_at=now,
            ends_at=now + SESSION_LENGTH,
        )
    )
    return token


def note_seen(session_id: int, *, now: datetime) -> None:
    db.session.execute(
        update(SignInSession).where(SignInSession.id == session_id).values(seen_at=now)
    )


def end_session(person_id: int, session_id: int, *, now: datetime) -> None:
    """End one of the person's own sessions.

    Raises:
        NotFound: if the person has no such open session.
    """
    queries.open_session_of(person_id, session_id, now).ended_at = now


def end_sessions(person_id: int, *, now: datetime, but: int | None = None) -> int:
    """End every open session of a person, but for one, and return how many there were."""
    ended = db.session.scalars(
        update(SignInSession)
        .where(
            SignInSession.person_id == person_id,
            SignInSession.ended_at.is_(None),
            SignInSession.ends_at > now,
            SignInSession.id != (but or 0),
        )
        .values(ended_at=now)
        .returning(SignInSession.id)
    )
    return len(ended.all())


def end_sessions_of(person_id: int, *, actor_id: int | None, now: datetime) -> int:
    """End every session of a person for somebody else, and record it.

    Raises:
        NotFound: if there is nobody with this id.
    """
    person = queries.person_of(person_id)
    ended = end_sessions(person.id, now=now)
    audit.record(
        N_("sessions ended"),
        actor_id=actor_id,
        subject=f"person:{person_id}",
        after={"sessions_ended": ended},
        now=now,
    )
    return ended
