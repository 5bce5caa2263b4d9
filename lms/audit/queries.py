"""Reading the trail and checking its chain."""

from collections.abc import Iterator

from sqlalchemy import func, select

from lms.audit.domain import FIRST, event_hash, moment_text
from lms.audit.models import Event
from lms.db import db


def events_of(*subjects: str) -> list[Event]:
    """Return what happened to some subjects, oldest first."""
    return list(
        db.session.scalars(select(Event).where(Event.subject.in_(subjects)).order_by(Event.id))
    )


def subjects_of(action: str) -> list[str]:
    wanted = select(Event.subject).where(Event.action == action).distinct()
    return list(db.session.scalars(wanted.order_by(Event.subject)))


def last_hash() -> str:
    return db.session.scalar(select(Event.hash).order_by(Event.id.desc()).limit(1)) or FIRST


def count_events() -> int:
    return db.session.scalar(select(func.count()).select_from(Event)) or 0


def broken_links(*, last: int | None = None) -> Iterator[int]:
    """Give the id of every event whose hash or predecessor is not what it must be.

    Args:
        last: look only at so many events at the end of the trail; None looks at all.
    """
    statement = select(Event).order_by(Event.id).execution_options(yield_per=500)
    previous: str | None = FIRST
    if last is not None:
        beginning = (
            select(Event.id).order_by(Event.id.desc()).offset(last - 1).limit(1).scalar_subquery()
        )
        statement = statement.where(Event.id >= func.coalesce(beginning, 0))
        if count_events() > last:
            previous = None  # the one before is not looked at
    for event in db.session.scalars(statement):
        follows = previous is None or event.previous_hash == previous
        if not follows or event.hash != event_hash(event.previous_hash, body_of(event)):
            yield event.id
        previous = event.hash


def body_of(event: Event) -> dict[str, object]:
    """What the hash of an event covers."""
    return {
        "at": moment_text(event.at),
        "actor_id": event.actor_id,
        "action": event.action,
        "subject": event.subject,
        "reason": event.reason,
        "before": event.before,
        "after": event.after,
    }
