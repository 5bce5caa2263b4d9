"""What an administrator changes about a person."""

from collections.abc import Iterable
from datetime import datetime

from lms.accounts import queries
from lms.accounts.domain import MOST_EXTRA_TIME, LastAdmin, Role
from lms.accounts.models import Person
from lms.accounts.services.people import grant
from lms.accounts.services.sessions import end_sessions
from lms.audit import api as audit
from lms.db import db
from lms.errors import N_, Conflict, Invalid


def set_roles(
    person_id: int, roles: Iterable[Role], *, actor_id: int | None, reason: str = "", now: datetime
) -> None:
    """Give a person exactly these roles: what is missing is granted, the others are withdrawn.

    Raises:
        NotFound: if there is nobody with this id.
        LastAdmin: if nobody with an open account would be an administrator any more.
    """
    queries.hold_admins()
    person = queries.locked_person(person_id)
    _replace(person, set(roles), actor_id=actor_id, reason=reason, now=now)


def grant_role(
    person_id: int, role: Role, *, actor_id: int | None, reason: str = "", now: datetime
) -> None:
    """Give a person one more role; nothing happens if they have it.

    Raises:
        NotFound: if there is nobody with this id.
    """
    person = queries.locked_person(person_id)
    wanted = {*queries.roles_in_order(person), role}
    _replace(person, wanted, actor_id=actor_id, reason=reason, now=now)


def withdraw_role(
    person_id: int, role: Role, *, actor_id: int | None, reason: str = "", now: datetime
) -> None:
    """Take one role from a person; nothing happens if they do not have it.

    Raises:
        NotFound: if there is nobody with this id.
        LastAdmin: if nobody with an open account would be an administrator any more.
    """
    queries.hold_admins()
    person = queries.locked_person(person_id)
    wanted = {*queries.roles_in_order(person)} - {role}
    _replace(person, wanted, actor_id=actor_id, reason=reason, now=now)


def set_extra_time(
    person_id: int, factor: float, *, reason: str, actor_id: int, now: datetime
) -> None:
    """Lengthen the time limits of a person.

    Args:
        factor: 1.0 to 3.0; 1.5 makes 20 minutes 30.
        reason: kept with the person and not in the audit trail, since it may speak of health and
            the trail cannot be erased.

    Raises:
        NotFound: if there is nobody with this id.
        Invalid: if the factor is out of range, or a longer time has no reason.
    """
    if not 1.0 <= factor <= MOST_EXTRA_TIME:
        raise Invalid(N_("Extra time is a factor from 1 to %(most)s."), most=MOST_EXTRA_TIME)
    if factor > 1.0 and not reason.strip():
        raise Invalid(N_("Say why, so that it can be explained later."))
    person = queries.locked_person(person_id)
    before = person.extra_time
    person.extra_time = factor
    person.extra_time_reason = reason.strip() if factor > 1.0 else ""
    audit.record(
        N_("extra time changed"),
        actor_id=actor_id,
        subject=f"person:{person_id}",
        before={"extra_time": before},
        after={"extra_time": factor},
        now=now,
    )


def close_account(person_id: int, *, reason: str, actor_id: int | None, now: datetime) -> None:
    """Close an account and sign it out everywhere; what the person earned stays.

    Raises:
        NotFound: if there is nobody with this id.
        LastAdmin: if nobody with an open account would be an administrator any more.
        Conflict: if it is closed already.
    """
    queries.hold_admins()
    person = queries.locked_person(person_id)
    if person.closed_at is not None:
        raise Conflict(N_("This account was closed before."))
    if Role.ADMIN in queries.roles_in_order(person):
        _keep_an_admin(person)
    person.closed_at = now
    ended = end_sessions(person_id, now=now)
    audit.record(
        N_("account closed"),
        actor_id=actor_id,
        subject=f"person:{person_id}",
        reason=reason,
        after={"sessions_ended": ended},
        now=now,
    )


def reopen_account(person_id: int, *, reason: str, actor_id: int | None, now: datetime) -> None:
    """Open a closed account again, with the roles that it had.

    Raises:
        NotFound: if there is nobody with this id.
        Conflict: if it is not closed.
    """
    person = queries.locked_person(person_id)
    if person.closed_at is None:
        raise Conflict(N_("This account is open already."))
    person.closed_at = None
    audit.record(
        N_("account opened again"),
        actor_id=actor_id,
        subject=f"person:{person_id}",
        reason=reason,
        now=now,
    )


def _replace(
    person: Person, wanted: set[Role], *, actor_id: int | None, reason: str, now: datetime
) -> None:
    before = queries.roles_in_order(person)
    if set(before) == wanted:
        return
    if Role.ADMIN in before and Role.ADMIN not in wanted:
        _keep_an_admin(person)
    for row in [row for row in person.roles if row.role not in wanted]:
        person.roles.remove(row)
    grant(person, wanted, granted_by=actor_id, now=now)
    audit.record(
        N_("roles changed"),
        actor_id=actor_id,
        subject=f"person:{person.id}",
        reason=reason,
        before={"roles": list(before)},
        after={"roles": list(queries.roles_in_order(person))},
        now=now,
    )


def _keep_an_admin(person: Person) -> None:
    db.session.flush()  # the count below must see what this transaction changed
    if queries.other_open_admins(person.id) == 0:
        raise LastAdmin(
            N_("This is the last administrator. Make somebody else an administrator first.")
        )
