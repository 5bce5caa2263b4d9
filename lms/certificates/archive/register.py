"""Reads of the archive: what is due, what stands where, what a day holds."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from lms.certificates.domain.archiving import LastStamp, Renewing, is_due
from lms.certificates.models import ArchiveCopy, Certificate, Day, DayLeaf, Erasure, File
from lms.db import db

AT_A_TIME = 500


@dataclass(frozen=True)
class Kept:
    """A file of the register: its certificate, and what must be in the store.

    Args:
        facts: as stored; facts_digest is of those that were issued.
        copies: (digest, size) of its archive copies, oldest first.
    """

    certificate_id: int
    code: str
    digest: str
    size: int
    erased: bool
    facts: dict[str, object]
    facts_digest: str
    copies: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class StampedDay:
    """A day of the archive; token is base64 of DER."""

    id: int
    day: date
    root: str
    leaves: int
    token: str
    stamped_at: datetime


def due(how: Renewing, *, now: datetime) -> list[int]:
    """Return the certificates whose files are to be stamped anew, oldest first."""
    later = aliased(ArchiveCopy)
    wanted = (
        select(
            File.certificate_id,
            File.sealed_at,
            ArchiveCopy.number,
            ArchiveCopy.stamped_at,
            ArchiveCopy.stamp_ends_at,
        )
        .outerjoin(ArchiveCopy, ArchiveCopy.certificate_id == File.certificate_id)
        .outerjoin(
            later,
            (later.certificate_id == ArchiveCopy.certificate_id)
            & (later.number > ArchiveCopy.number),
        )
        .outerjoin(Erasure, Erasure.certificate_id == File.certificate_id)
        .where(later.id.is_(None), Erasure.id.is_(None))
        .order_by(File.id)
    )
    return [
        certificate_id
        for certificate_id, sealed_at, number, stamped_at, ends_at in db.session.execute(wanted)
        if is_due(LastStamp(number or 0, stamped_at or sealed_at, ends_at), how, now=now)
    ]


def copies_of(certificate_id: int) -> list[ArchiveCopy]:
    """Return the rows of a file's archive copies, oldest first."""
    wanted = select(ArchiveCopy).where(ArchiveCopy.certificate_id == certificate_id)
    return list(db.session.scalars(wanted.order_by(ArchiveCopy.number)))


def files() -> Iterator[Kept]:
    """Yield every file of the register, few in memory at a time."""
    after = 0
    while rows := _files(after):
        copies: dict[int, list[tuple[str, int]]] = {}
        wanted = select(ArchiveCopy).where(
            ArchiveCopy.certificate_id.in_([row.certificate_id for row in rows])
        )
        for one in db.session.scalars(wanted.order_by(ArchiveCopy.number)):
            copies.setdefault(one.certificate_id, []).append((one.digest, one.size))
        for row in rows:
            found = tuple(copies.get(row.certificate_id, ()))
            yield replace(Kept(*row[1:]), copies=found)
        after = rows[-1].id


def _files(after: int) -> list[Any]:
    wanted = (
        select(
            File.id,
            File.certificate_id,
            Certificate.code,
            File.digest,
            File.size,
            Erasure.id.is_not(None),
            Certificate.facts,
            Certificate.facts_digest,
        )
        .join(Certificate, Certificate.id == File.certificate_id)
        .outerjoin(Erasure, Erasure.certificate_id == File.certificate_id)
        .where(File.id > after)
        .order_by(File.id)
        .limit(AT_A_TIME)
    )
    return list(db.session.execute(wanted))


def days() -> list[StampedDay]:
    return [_stamped(row) for row in db.session.scalars(select(Day).order_by(Day.day))]


def find_day(day: date) -> StampedDay | None:
    row = db.session.scalar(select(Day).where(Day.day == day))
    return _stamped(row) if row else None


def find_place(certificate_id: int) -> tuple[StampedDay, int] | None:
    """Return the day in whose tree a certificate's file stands, and its place; None before."""
    wanted = (
        select(Day, DayLeaf.place)
        .join(DayLeaf, DayLeaf.day_id == Day.id)
        .join(File, File.id == DayLeaf.file_id)
        .where(File.certificate_id == certificate_id)
    )
    row = db.session.execute(wanted).one_or_none()
    return (_stamped(row[0]), row[1]) if row else None


def leaves_of(day_id: int) -> list[tuple[int, bytes]]:
    """Return place and digest of each file in the tree of a day, in order."""
    wanted = (
        select(DayLeaf.place, File.digest)
        .join(File, File.id == DayLeaf.file_id)
        .where(DayLeaf.day_id == day_id)
        .order_by(DayLeaf.place)
    )
    return [(place, bytes.fromhex(digest)) for place, digest in db.session.execute(wanted)]


def without_day(*, until: datetime) -> list[tuple[int, bytes]]:
    """Return id and digest of the files that were sealed before a moment and are in no tree."""
    wanted = (
        select(File.id, File.digest)
        .outerjoin(DayLeaf, DayLeaf.file_id == File.id)
        .where(DayLeaf.id.is_(None), File.sealed_at < until)
        .order_by(File.id)
    )
    return [(one, bytes.fromhex(digest)) for one, digest in db.session.execute(wanted)]


def count_without_day(*, until: datetime) -> int:
    """Return how many files were sealed before a moment and are in no tree."""
    counted = (
        select(func.count(File.id))
        .outerjoin(DayLeaf, DayLeaf.file_id == File.id)
        .where(DayLeaf.id.is_(None), File.sealed_at < until)
    )
    return db.session.scalar(counted) or 0


def _stamped(row: Day) -> StampedDay:
    return StampedDay(row.id, row.day, row.root, row.leaves, row.token, row.stamped_at)
