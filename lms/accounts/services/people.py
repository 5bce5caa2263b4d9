"""Adding people, and what they change about themselves."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from lms.accounts import passwords, queries
from lms.accounts.domain import (
    AddressTaken,
    Choices,
    Purpose,
    Role,
    check_password,
    clean_email,
    clean_name,
)
from lms.accounts.models import Person, PersonRole
from lms.accounts.services.links import request_link
from lms.accounts.services.sessions import end_sessions
from lms.audit import api as audit
from lms.db import db
from lms.errors import N_

TAKEN = N_("There is an account with this address. Sign in, or set a new password.")


def add_person(
    *,
    email: str,
    name: str,
    password: str,
    now: datetime,
    roles: Iterable[Role] = (Role.TRAINEE,),
    granted_by: int | None = None,
) -> int:
    """Write down a person whose address somebody vouches for, and return their id.

    Raises:
        AddressTaken: if there is an account with the address.
        BadName: if the name cannot stand on a certificate.
        WeakPassword: if the password would be guessed.
    """
    person = new_person(email, Choices(name=name), password=password, now=now)
    person.confirmed_at = now
    grant(person, roles, granted_by=granted_by, now=now)
    note_new(person, N_("person added"), actor_id=granted_by, now=now)
    return person.id


def register(email: str, choices: Choices, *, password: str, now: datetime) -> int:
    """Open an account for a stranger, as a trainee, and mail a link that confirms the address.

    Raises:
        AddressTaken: if there is an account with the address.
        BadName: if the name cannot stand on a certificate.
        WeakPassword: if the password would be guessed.
    """
    person = new_person(email, choices, password=password, now=now)
    grant(person, [Role.TRAINEE], granted_by=None, now=now)
    note_new(person, N_("person registered"), actor_id=person.id, now=now)
    request_link(person, Purpose.ADDRESS, now=now)
    return person.id


def new_person(email: str, choices: Choices, *, password: str, now: datetime) -> Person:
    """Add a person without roles; the services that open accounts call this."""
    name, address = clean_name(choices.name), clean_email(email)
    check_password(password, name=name, email=address)
    if queries.find_person_by_email(address) is not None:
        raise AddressTaken(TAKEN)
    person = Person(
        email=address,
        name=name,
        password_hash=passwords.hash_password(password),
        time_zone=choices.time_zone,
        language=choices.language,
        created_at=now,
    )
    db.session.add(person)
    try:
        db.session.flush()  # asks the unique constraint, which decides even in a race
    except IntegrityError as error:
        raise AddressTaken(TAKEN) from error
    return person


def grant(person: Person, roles: Iterable[Role], *, granted_by: int | None, now: datetime) -> None:
    """Give a person the roles that they do not have yet."""
    held = {row.role for row in person.roles}
    for role in sorted(set(roles) - held):
        person.roles.append(PersonRole(role=role, granted_at=now, granted_by=granted_by))


def note_new(person: Person, action: str, *, actor_id: int | None, now: datetime) -> None:
    """Record a new account in the audit trail."""
    audit.record(
        action,
        actor_id=actor_id,
        subject=f"person:{person.id}",
        after={
            "name": person.name,
            "email": person.email,
            "roles": list(queries.roles_in_order(person)),
        },
        now=now,
    )


def change_choices(person_id: int, choices: Choices, *, now: datetime) -> None:
    """Change what a person chooses about themselves; certificates keep the name they bear.

    Raises:
        BadName: if the name cannot stand on a certificate.
    """
    person = queries.locked_person(person_id)
    name = clean_name(choices.name)
    if name != person.name:
        audit.record(
            N_("name changed"),
            actor_id=person_id,
            subject=f"person:{person_id}",
            before={"name": person.name},
            after={"name": name},
            now=now,
        )
    person.name = name
    person.time_zone = choices.time_zone
    person.language = choices.language


def change_password(person_id: int, password: str, *, keep_session: int, now: datetime) -> None:
    """Set a new password and end every other session of the person.

    Args:
        keep_session: the session in which the person does this.

    Raises:
        WeakPassword: if the password would be guessed.
    """
    person = queries.locked_person(person_id)
    check_password(password, name=person.name, email=person.email)
    person.password_hash = passwords.hash_password(password)
    ended = end_sessions(person_id, but=keep_session, now=now)
    audit.record(
        N_("password changed"),
        actor_id=person_id,
        subject=f"person:{person_id}",
        after={"other_sessions_ended": ended},
        now=now,
    )
