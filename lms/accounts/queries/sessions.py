"""Reading sessions: who is signed in, and where."""

import hashlib
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, select

from lms.accounts.domain import Role, SignedIn
from lms.accounts.models import Person, PersonRole, SignInSession
from lms.db import UtcDateTime, db
from lms.errors import N_, NotFound


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# built once: every request of every person asks it
_SIGNED_IN = (
    select(
        Person.id,
        Person.name,
        Person.email,
        Person.time_zone,
        Person.extra_time,
        SignInSession.id,
        SignInSession.seen_at,
        PersonRole.role,
    )
    .join(SignInSession, SignInSession.person_id == Person.id)
    .outerjoin(PersonRole, PersonRole.person_id == Person.id)
    .where(
        SignInSession.token_hash == bindparam("token_hash"),
        SignInSession.ended_at.is_(None),
        SignInSession.ends_at > bindparam("now", type_=UtcDateTime()),
        Person.closed_at.is_(None),
    )
)


def signed_in(token: str, now: datetime) -> SignedIn | None:
    """Return the person whose open session has this token, in one query."""
    rows = db.session.execute(_SIGNED_IN, {"token_hash": token_hash(token), "now": now}).all()
    if not rows:
        return None
    person_id, name, email, time_zone, extra_time, session_id, seen_at, _role = rows[0]
    return SignedIn(
        id=person_id,
        name=name,
        email=email,
        roles=frozenset(Role(row[7]) for row in rows if row[7]),
        time_zone=time_zone,
        extra_time=extra_time,
        session_id=session_id,
        session_token=token,
        seen_at=seen_at,
    )


def language_of(token: str) -> str:
    """Return the language that the person of a session chose, "" if they chose none."""
    return (
        db.session.scalar(
            select(Person.language)
            .join(SignInSession, SignInSession.person_id == Person.id)
            .where(SignInSession.token_hash == token_hash(token))
        )
        or ""
    )


def open_sessions(person_id: int, now: datetime) -> list[SignInSession]:
    """Return where a person is signed in, the latest seen first."""
    return list(
        db.session.scalars(
            select(SignInSession)
            .where(*_open(person_id, now))
            .order_by(SignInSession.seen_at.desc(), SignInSession.id.desc())
        )
    )


def open_session_of(person_id: int, session_id: int, now: datetime) -> SignInSession:
    """Return one of a person's own open sessions.

    Raises:
        NotFound: if it is somebody else's, has ended, or never was.
    """
    row = db.session.scalar(
        select(SignInSession).where(SignInSession.id == session_id, *_open(person_id, now))
    )
    if row is None:
        raise NotFound(N_("This device is not signed in any more."))
    return row


def _open(person_id: int, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        SignInSession.person_id == person_id,
        SignInSession.ended_at.is_(None),
        SignInSession.ends_at > now,
    )
