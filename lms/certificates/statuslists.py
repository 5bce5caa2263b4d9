"""The status lists: a random place for each certificate, and which places are set."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError

from lms.certificates.badges import credential
from lms.certificates.domain.badging import Purpose
from lms.certificates.domain.bits import SIZE
from lms.certificates.models import StatusEntry, StatusList, Suspension, Withdrawal
from lms.db import db, upsert

FULL: Final = SIZE * 3 // 4
"""Places that are given before a new list is begun: a free one is then found in a few draws."""
TRIES: Final = 200
SIGNED_ANEW_AFTER: Final = timedelta(days=1)

SETS: Final[dict[Purpose, tuple[Callable[[], ColumnElement[bool]], ...]]] = {
    Purpose.REVOCATION: (
        lambda: StatusEntry.certificate_id.in_(select(Withdrawal.certificate_id)),
    ),
    Purpose.SUSPENSION: (
        lambda: StatusEntry.certificate_id.in_(
            select(Suspension.certificate_id).where(Suspension.lifted_at.is_(None))
        ),
    ),
}
"""What sets a place in a list: conditions over entries, any of which is enough."""


@dataclass(frozen=True)
class Published:
    """A signed status list, as it is handed out."""

    document: bytes
    token: bytes
    signed_at: datetime


@dataclass(frozen=True)
class Places:
    """Which places of a list are set now."""

    purpose: Purpose
    number: int
    places: tuple[int, ...]

    @property
    def digest(self) -> str:
        return sha256(",".join(map(str, self.places)).encode()).hexdigest()


def draw_place(certificate_id: int) -> None:
    """Give a new certificate its place.

    Raises:
        RuntimeError: if chance finds no free place, which cannot happen in a list a quarter empty.
    """
    given = db.session.scalar(select(func.max(StatusEntry.id))) or 0
    number = given // FULL + 1  # ids only grow, so no list is ever given more than FULL places
    for _try in range(TRIES):
        entry = StatusEntry(
            certificate_id=certificate_id, list_number=number, place=secrets.randbelow(SIZE)
        )
        try:
            with db.session.begin_nested():
                db.session.add(entry)
        except IntegrityError:
            continue
        return
    raise RuntimeError(f"no free place was found in status list {number}")


def entry_of(certificate_id: int) -> credential.StatusEntry:
    """Return the place of a certificate; every one has one from its issue on."""
    number, place = db.session.execute(
        select(StatusEntry.list_number, StatusEntry.place).where(
            StatusEntry.certificate_id == certificate_id
        )
    ).one()
    return credential.StatusEntry(number, place)


def last_number() -> int:
    """Return how many lists there are of each purpose: at least one."""
    return db.session.scalar(select(func.max(StatusEntry.list_number))) or 1


def bits_set(number: int, purpose: Purpose) -> Places:
    """Return which places of a list are set, by the rows that revoke and suspend."""
    places: set[int] = set()
    for condition in SETS[purpose]:
        wanted = select(StatusEntry.place).where(StatusEntry.list_number == number, condition())
        places.update(db.session.scalars(wanted))
    return Places(purpose, number, tuple(sorted(places)))


def find_fresh(set_now: Places, *, address: str, key: str, now: datetime) -> Published | None:
    """Return the signed list if it still says what is true and was signed within the day.

    Args:
        key: the full name of the key that signs at present.
    """
    kept = db.session.execute(
        select(StatusList).where(
            StatusList.purpose == set_now.purpose, StatusList.number == set_now.number
        )
    ).scalar_one_or_none()
    if kept is None or (kept.places_digest, kept.address, kept.key) != (
        *(set_now.digest, address),
        key,
    ):
        return None
    if not timedelta(0) <= now - kept.signed_at < SIGNED_ANEW_AFTER:
        return None
    return Published(kept.document.encode(), kept.token.encode(), kept.signed_at)


def keep(set_now: Places, made: Published, *, address: str, key: str) -> None:
    """Keep a signed list in place of the one before."""
    values: dict[str, Any] = {
        "purpose": set_now.purpose.value,
        "number": set_now.number,
        "address": address,
        "places_digest": set_now.digest,
        "key": key,
        "document": made.document.decode(),
        "token": made.token.decode(),
        "signed_at": made.signed_at,
    }
    upsert(StatusList, key=("purpose", "number"), values=values)
