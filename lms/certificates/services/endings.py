"""The last day of certificates that hold while a trial is open, decided when it closes."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from lms.audit import api as audit
from lms.certificates import queries
from lms.certificates.models import End
from lms.db import db


def end_certificates(
    ids: Sequence[int], *, ends_on: date, decided_for: str, decided_by: int, now: datetime
) -> int:
    """Write down a last day for certificates that have none yet; return for how many.

    Args:
        decided_for: what they end with, "trial:5"; to take it back all at once.
    """
    counted: set[int] = set()
    for start in range(0, len(ids), queries.MOST_IDS):
        some = End.certificate_id.in_(ids[start:][: queries.MOST_IDS])
        counted |= set(
            db.session.scalars(select(End.certificate_id).where(some, End.taken_back_at.is_(None)))
        )
    new = [one for one in dict.fromkeys(ids) if one not in counted]
    for one in new:
        db.session.add(
            End(
                certificate_id=one,
                ends_on=ends_on,
                decided_for=decided_for,
                decided_at=now,
                decided_by=decided_by,
            )
        )
        audit.record(
            "certificate end decided",
            actor_id=decided_by,
            subject=f"certificate:{one}",
            before={"ends_on": None},
            after={"ends_on": ends_on.isoformat(), "for": decided_for},
            now=now,
        )
    return len(new)


def take_back_ends(*, decided_for: str, taken_back_by: int, now: datetime) -> int:
    """Let certificates hold on that ended with something that goes on; return how many."""
    wanted = select(End).where(End.decided_for == decided_for, End.taken_back_at.is_(None))
    rows = list(db.session.scalars(wanted))
    for row in rows:
        row.taken_back_at, row.taken_back_by = now, taken_back_by
        audit.record(
            "certificate end taken back",
            actor_id=taken_back_by,
            subject=f"certificate:{row.certificate_id}",
            before={"ends_on": row.ends_on.isoformat(), "for": decided_for},
            after={"ends_on": None},
            now=now,
        )
    return len(rows)
