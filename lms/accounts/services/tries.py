"""Counting wrong passwords, one row an address."""

import hashlib
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from lms.accounts.domain import (
    FORGOTTEN_AFTER,
    TooManyTries,
    clean_email,
    still_to_wait,
    wait_after,
)
from lms.accounts.models import SignInTries
from lms.db import db
from lms.errors import N_


def count_try(email: str, *, now: datetime) -> None:
    """Count a try before its password is looked at, so that many at once are not free.

    A right password takes the count away again (`forget_tries`).

    Raises:
        TooManyTries: if the address must wait; the try is not counted then.
    """
    row = _held_row(address_hash(email), now)
    wait = still_to_wait(row.locked_until, now)
    if wait:
        raise TooManyTries(
            N_("There were too many wrong passwords. Try again in %(seconds)s seconds."), wait=wait
        )
    row.tries = 1 if now - row.last_at > FORGOTTEN_AFTER else row.tries + 1
    row.last_at = now
    row.locked_until = now + wait_after(row.tries)


def forget_tries(email: str, *, now: datetime) -> None:
    """Take away the count of an address, and all that are too old to have an effect."""
    db.session.execute(
        delete(SignInTries).where(
            (SignInTries.address_hash == address_hash(email))
            | (SignInTries.last_at < now - FORGOTTEN_AFTER)
        )
    )


def address_hash(email: str) -> str:
    return hashlib.sha256(clean_email(email).encode()).hexdigest()


def _held_row(key: str, now: datetime) -> SignInTries:
    """Return the row of an address, made if need be, held until the transaction ends."""
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    db.session.execute(
        dialect.insert(SignInTries)
        .values(address_hash=key, tries=0, last_at=now)
        .on_conflict_do_nothing()
    )
    return db.session.scalars(
        select(SignInTries).where(SignInTries.address_hash == key).with_for_update()
    ).one()
