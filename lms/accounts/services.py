"""Writing people and sessions."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import update

from lms.accounts import passwords, queries
from lms.accounts.domain import SESSION_LENGTH, Role
from lms.accounts.models import Person, PersonRole, SignInSession
from lms.db import db


def add_person(
    *,
    email: str,
    name: str,
    password: str,
    now: datetime,
    roles: Iterable[Role] = (Role.TRAINEE,),
    granted_by: int | None = None,
) -> int:
    """Write down a new person and return their id."""
    person = Person(
        email=email.strip().lower(),
        name=" ".join(name.split()),
        password_hash=passwords.hash_password(password),
        created_at=now,
    )
    person.roles = [
        PersonRole(role=role, granted_at=now, granted_by=granted_by) for role in sorted(set(roles))
    ]
    db.session.add(person)
    db.session.flush()  # the caller needs the id
    return person.id


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
