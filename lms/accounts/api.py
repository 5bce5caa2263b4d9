"""The door of the accounts room."""

from collections.abc import Iterable
from datetime import datetime

from lms.accounts import queries, services
from lms.accounts.domain import Meaning, PersonFacts, Role, SignatureFacts
from lms.accounts.services import Invitee, tidying
from lms.errors import N_, NotFound


def person(person_id: int) -> PersonFacts:
    """Return who somebody is.

    Raises:
        NotFound: if there is nobody with this id.
    """
    for facts in queries.facts_of([person_id]):
        return facts
    raise NotFound(N_("There is no such person."))


def language_of(person_id: int) -> str:
    """Return the language that a person chose for pages and mails, "" if they chose none."""
    return queries.language_of_person(person_id)


def people_by_email(emails: Iterable[str]) -> dict[str, PersonFacts]:
    """Return the people who have these addresses, by address in small letters; others are left out.

    `confirmed` says whether the address was shown to be theirs: before that, give the person
    nothing that belongs to the address.
    """
    return {facts.email: facts for facts in queries.facts_by_email(emails)}


def find_by_email(email: str) -> PersonFacts | None:
    return next(iter(queries.facts_by_email([email])), None)


def roles_of(person_id: int) -> frozenset[Role]:
    """Return the roles that somebody has.

    Raises:
        NotFound: if there is nobody with this id.
    """
    return frozenset(queries.roles_in_order(queries.person_of(person_id)))


def names_of(person_ids: Iterable[int]) -> dict[int, str]:
    """Return names by id; ids that nobody has are left out."""
    return {facts.id: facts.name for facts in queries.facts_of(person_ids)}


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
    return services.add_person(
        email=email, name=name, password=password, now=now, roles=roles, granted_by=granted_by
    )


def invite(
    email: str,
    *,
    name: str = "",
    roles: Iterable[Role] = (Role.TRAINEE,),
    invited_by: int | None,
    now: datetime,
    reason: str = "",
) -> int | None:
    """Invite somebody by mail, inside the caller's transaction.

    Nothing is granted before they accept. The same address twice gives the same open invitation,
    and no second mail. After the commit the edge calls `jobs.kick()`.

    Returns:
        The invitation's id, or None where there is nothing to accept: an account with this address
        has all the roles already, or was closed (see `people_by_email`).

    Raises:
        Conflict: if somebody else invites the same address in the same moment.
    """
    invitee = Invitee(email=email, name=name, roles=frozenset(roles), reason=reason)
    return services.invite(invitee, invited_by=invited_by, now=now)


def grant_role(
    person_id: int, role: Role, *, granted_by: int | None, now: datetime, reason: str = ""
) -> None:
    """Give a person one more role; nothing happens if they have it.

    Raises:
        NotFound: if there is nobody with this id.
    """
    services.grant_role(person_id, role, actor_id=granted_by, reason=reason, now=now)


def count_password_try(person_id: int, *, now: datetime) -> None:
    """Count a try at a person's password; the edge calls this before `sign`, in a transaction of
    its own, so that the count stays when the signature is refused. Whatever else may be wrong
    with the form is found before, so that it does not count as a wrong password.

    Raises:
        NotFound: if there is nobody with this id.
        TooManyTries: if the person must wait; `wait` says how long.
    """
    services.count_password_try(person_id, now=now)


def sign(
    person_id: int, *, password: str, meaning: Meaning, subject: str, digest: str, now: datetime
) -> int:
    """Sign something electronically, inside the transaction that writes what is signed.

    The password is looked at anew, with the counts and waits of the sign-in. The right one takes
    the count away. Signature, audit event and the caller's rows stand or fall together.

    Args:
        subject: kind and id, "panel-case:5".
        digest: SHA-256 of exactly what is signed, 64 hexadecimal digits.

    Returns:
        The signature's id.

    Raises:
        NotFound: if there is nobody with this id, or the account is closed.
        WrongPassword: if it is not the password. Show the sentence beside the field, and keep
            what else was typed.
        TryNotCounted: if `count_password_try` was not called, or another request of the same
            person was faster.
        Conflict: if this person signed just this before, with this meaning.
    """
    return services.sign(
        person_id, password=password, meaning=meaning, subject=subject, digest=digest, now=now
    )


def signatures_of(*subjects: str) -> list[SignatureFacts]:
    """Return the signatures on some subjects, oldest first."""
    return queries.signatures_of(subjects)


def clear_old(*, now: datetime) -> int:
    """Delete what accounts leave behind and whose time is over; return how many rows."""
    return tidying.clear_old(now=now)
