"""Signing electronically: the password anew, the printed name, the meaning, and over what."""

import re
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.accounts import passwords, queries
from lms.accounts.domain import FORGOTTEN_AFTER, Meaning, TryNotCounted, WrongPassword
from lms.accounts.models import Person, Signature, SignInTries
from lms.accounts.services.tries import address_hash, count_try, forget_tries
from lms.audit import api as audit
from lms.db import db
from lms.errors import N_, Conflict, NotFound

DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def count_password_try(person_id: int, *, now: datetime) -> None:
    """Count a try at a person's password, the same count as at the sign-in.

    Raises:
        NotFound: if there is nobody with this id.
        TooManyTries: if the person must wait; the try is not counted then.
    """
    count_try(queries.person_of(person_id).email, now=now)


def sign(
    person_id: int, *, password: str, meaning: Meaning, subject: str, digest: str, now: datetime
) -> int:
    """Write down a signature with its event, and return its id; see `lms.accounts.api.sign`."""
    if DIGEST.fullmatch(digest) is None:
        raise ValueError("a signature is over a SHA-256 in 64 small hexadecimal digits")
    person = queries.locked_person(person_id)
    _look_at(person, password, now=now)
    row = Signature(
        person_id=person_id,
        printed_name=person.name,
        meaning=meaning.value,
        subject=subject,
        digest=digest,
        signed_at=now,
    )
    db.session.add(row)
    try:
        db.session.flush()  # asks the constraint: the same twice is a double click
    except IntegrityError as error:
        raise Conflict(N_("You have signed this already.")) from error
    audit.record(
        N_("signed"),
        actor_id=person_id,
        subject=subject,
        after={
            "signature": row.id,
            "name": row.printed_name,
            "meaning": row.meaning,
            "digest": digest,
        },
        now=now,
    )
    return row.id


def _look_at(person: Person, password: str, *, now: datetime) -> None:
    """Let nobody past but who gives the right password after a try that was counted."""
    if person.closed_at is not None:
        raise NotFound(N_("There is no such person."))
    counted = db.session.scalar(
        select(SignInTries).where(
            SignInTries.address_hash == address_hash(person.email),
            SignInTries.tries > 0,
            SignInTries.last_at > now - FORGOTTEN_AFTER,
        )
    )
    if counted is None:
        raise TryNotCounted(
            N_("Your password was looked at somewhere else in the same moment. Send it again.")
        )
    if not passwords.password_fits(person.password_hash, password):
        raise WrongPassword(N_("This is not your password. Nothing was signed; try again."))
    forget_tries(person.email, now=now)
