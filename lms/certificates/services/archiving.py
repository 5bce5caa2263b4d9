"""Writes of the archive: what is due at night, a copy that was made, the root of a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.exc import IntegrityError

from lms import jobs
from lms.audit import api as audit
from lms.certificates import queries
from lms.certificates.archive import register
from lms.certificates.domain.archiving import Renewing
from lms.certificates.models import ArchiveCopy, Day, DayLeaf
from lms.certificates.services.erasing import remove_files
from lms.db import db
from lms.errors import N_

COPY, STAMP_DAY = "certificates.archive", "certificates.day"


@dataclass(frozen=True)
class MadeCopy:
    """An archive copy in the store; number counts from 1."""

    number: int
    digest: str
    size: int
    stamped_at: datetime
    stamp_ends_at: datetime


@dataclass(frozen=True)
class MadeDay:
    """A tree with its stamp; files in the order of its leaves, token as base64 of DER."""

    day: date
    root: str
    files: Sequence[int]
    token: str
    stamped_at: datetime


def archive_due(how: Renewing, *, now: datetime) -> int:
    """Write down what the archive needs tonight; return how many rows. Safe to repeat."""
    queued = {payload["certificate_id"] for payload in jobs.waiting_of(COPY)}
    copies = [one for one in register.due(how, now=now) if one not in queued]
    if copies:
        jobs.enqueue(
            COPY,
            [(f"certificate:{one}", {"certificate_id": one}) for one in copies],
            created_by=None,
            title=N_("Stamp archive copies"),
            now=now,
        )
    midnight = datetime.combine(now.date(), time(), now.tzinfo)
    days = {payload["until"] for payload in jobs.waiting_of(STAMP_DAY)}
    if midnight.isoformat() in days or not register.without_day(until=midnight):
        return len(copies)
    day = midnight.date() - timedelta(days=1)
    jobs.enqueue(
        STAMP_DAY,
        [(f"day:{day}", {"until": midnight.isoformat()})],
        created_by=None,
        title=N_("Stamp the root of a day"),
        now=now,
    )
    return len(copies) + 1


def record_copy(certificate_id: int, made: MadeCopy, *, now: datetime) -> None:
    """Note an archive copy and let the one before leave the store; done before, do nothing."""
    issued = queries.certificate(certificate_id)
    before = register.copies_of(certificate_id)
    if issued.erased or made.number <= len(before):
        if made.digest not in {one.digest for one in before}:
            remove_files([made.digest], now=now)
        return
    db.session.add(
        ArchiveCopy(
            certificate_id=certificate_id,
            number=made.number,
            digest=made.digest,
            size=made.size,
            stamped_at=made.stamped_at,
            stamp_ends_at=made.stamp_ends_at,
        )
    )
    audit.record(
        "archive copy stamped",
        actor_id=None,
        subject=f"certificate:{certificate_id}",
        after={"number": made.number, "file_sha256": made.digest},
        now=now,
    )
    if before:
        replaced = N_("Remove archive copies that younger ones replace")
        remove_files([before[-1].digest], now=now, title=replaced)


def record_day(made: MadeDay, *, now: datetime) -> bool:
    """Note the root of a day; False where another worker was first and nothing was noted."""
    day = Day(
        day=made.day,
        root=made.root,
        leaves=len(made.files),
        token=made.token,
        stamped_at=made.stamped_at,
    )
    try:
        with db.session.begin_nested():
            db.session.add(day)
            db.session.flush()  # the leaves need its id
            db.session.add_all(
                DayLeaf(day_id=day.id, file_id=one, place=place)
                for place, one in enumerate(made.files)
            )
    except IntegrityError:
        return False
    audit.record(
        "archive day stamped",
        actor_id=None,
        subject=f"archive-day:{made.day.isoformat()}",
        after={
            "root": made.root,
            "files": len(made.files),
            "stamped_at": made.stamped_at.isoformat(),
        },
        now=now,
    )
    return True
