"""Reading people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from lms.accounts.domain import PersonFacts, Role, clean_email
from lms.accounts.models import Person, PersonRole
from lms.db import db
from lms.errors import N_, NotFound


@dataclass(frozen=True)
class Listed:
    """One row of the list of people."""

    id: int
    name: str
    email: str
    roles: tuple[Role, ...]
    confirmed: bool
    closed: bool
    created_at: datetime


@dataclass(frozen=True)
class Sought:
    """What the list of people is narrowed to; empty means no narrowing."""

    words: str = ""
    role: str = ""
    state: str = ""


def person_of(person_id: int) -> Person:
    """Return the row of a person.

    Raises:
        NotFound: if there is nobody with this id.
    """
    person = db.session.get(Person, person_id)
    if person is None:
        raise NotFound(N_("There is no such person."))
    return person


def language_of_person(person_id: int) -> str:
    return db.session.scalar(select(Person.language).where(Person.id == person_id)) or ""


def locked_person(person_id: int) -> Person:
    """Return the row of a person, held until the transaction ends, so that changes queue up.

    Raises:
        NotFound: if there is nobody with this id.
    """
    person = db.session.scalar(
        select(Person)
        .where(Person.id == person_id)
        .with_for_update()
        .execution_options(populate_existing=True)  # what was read before the lock may be old
    )
    if person is None:
        raise NotFound(N_("There is no such person."))
    return person


def find_person_by_email(email: str) -> Person | None:
    return db.session.scalar(select(Person).where(Person.email == clean_email(email)))


def sign_in_hash(email: str) -> tuple[int, str] | None:
    """Return id and password hash of the open account with this address."""
    row = db.session.execute(
        select(Person.id, Person.password_hash).where(
            Person.email == clean_email(email), Person.closed_at.is_(None)
        )
    ).first()
    return None if row is None else (row[0], row[1])


def password_hash_of(person_id: int) -> str:
    return person_of(person_id).password_hash


def facts_of(person_ids: Iterable[int]) -> list[PersonFacts]:
    return _facts(Person.id.in_(list(person_ids)))


def facts_by_email(emails: Iterable[str]) -> list[PersonFacts]:
    return _facts(Person.email.in_([clean_email(email) for email in emails]))


def hold_admins() -> None:
    """Make all who take an admin away queue up; in one order, so that none waits for ever."""
    db.session.execute(
        select(PersonRole.id)
        .where(PersonRole.role == Role.ADMIN)
        .order_by(PersonRole.id)
        .with_for_update()
    )


def other_open_admins(person_id: int) -> int:
    """Count who else could give roles. Call hold_admins() before, when a change rests on it."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(PersonRole)
            .join(Person, Person.id == PersonRole.person_id)
            .where(
                PersonRole.role == Role.ADMIN,
                PersonRole.person_id != person_id,
                Person.closed_at.is_(None),
            )
        )
        or 0
    )


def count_people(sought: Sought) -> int:
    return db.session.scalar(select(func.count()).select_from(Person).where(*_where(sought))) or 0


def people(sought: Sought, *, limit: int, offset: int) -> list[Listed]:
    """Return people by name, in two queries whatever the number."""
    rows = db.session.scalars(
        select(Person)
        .where(*_where(sought))
        .order_by(Person.name, Person.id)
        .limit(limit)
        .offset(offset)
    )
    return [
        Listed(
            id=person.id,
            name=person.name,
            email=person.email,
            roles=roles_in_order(person),
            confirmed=person.confirmed_at is not None,
            closed=person.closed_at is not None,
            created_at=person.created_at,
        )
        for person in rows
    ]


def roles_in_order(person: Person) -> tuple[Role, ...]:
    held = {row.role for row in person.roles}
    return tuple(role for role in Role if role in held)


def _facts(condition: ColumnElement[bool]) -> list[PersonFacts]:
    rows = db.session.execute(
        select(
            Person.id,
            Person.name,
            Person.email,
            Person.confirmed_at.is_not(None),
            Person.closed_at.is_not(None),
        ).where(condition)
    )
    return [PersonFacts(*row) for row in rows]


def _where(sought: Sought) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        or_(
            Person.name.icontains(word, autoescape=True),
            Person.email.icontains(word, autoescape=True),
        )
        for word in sought.words.split()
    ]
    if sought.role:
        conditions.append(Person.roles.any(PersonRole.role == sought.role))
    if sought.state == "closed":
        conditions.append(Person.closed_at.is_not(None))
    elif sought.state != "all":
        conditions.append(Person.closed_at.is_(None))
    return conditions
