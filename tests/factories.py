"""People and things for tests: fixed values and counters, never chance."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from lms.accounts.domain import Role
from lms.accounts.models import Person, PersonRole
from lms.accounts.passwords import hash_password
from lms.db import db, transaction

NOW = datetime(2026, 11, 21, 10, 42, tzinfo=UTC)
PASSWORD = "a tall chair by the window"
PASSWORD_HASH = hash_password(PASSWORD)

_numbers = count(1)


@dataclass(frozen=True)
class MadePerson:
    """What a test needs to know of a person."""

    id: int
    name: str
    email: str
    password: str = PASSWORD


def make_person(
    *roles: Role, name: str = "", email: str = "", extra_time: float = 1.0, confirmed: bool = True
) -> MadePerson:
    """Write down a person; a trainee unless roles are named."""
    n = next(_numbers)
    name = name or f"Person {n}"
    email = email or f"person{n}@example.org"
    chosen: Iterable[Role] = roles or (Role.TRAINEE,)
    with transaction():
        person = Person(
            name=name,
            email=email,
            password_hash=PASSWORD_HASH,
            created_at=NOW,
            confirmed_at=NOW if confirmed else None,
            extra_time=extra_time,
        )
        person.roles = [PersonRole(role=role, granted_at=NOW) for role in chosen]
        db.session.add(person)
        db.session.flush()  # the test needs the id
        return MadePerson(id=person.id, name=name, email=email)
