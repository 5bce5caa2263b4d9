"""Reading people and sessions."""

import hashlib
from datetime import datetime

from sqlalchemy import select

from lms.accounts.domain import Role, SignedIn
from lms.accounts.models import Person, PersonRole, SignInSession
from lms.db import db


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def signed_in(token: str, now: datetime) -> SignedIn | None:
    """Return the person whose open session has this token, in one query."""
    rows = db.session.execute(
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
            SignInSession.token_hash == token_hash(token),
            SignInSession.ended_at.is_(None),
            SignInSession.ends_at > now,
            Person.closed_at.is_(None),
        )
    ).all()
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


def find_person_by_email(email: str) -> Person | None:
    return db.session.scalar(select(Person).where(Person.email == email.strip().lower()))
