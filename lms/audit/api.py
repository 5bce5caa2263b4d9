"""The door of the audit trail."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text

from lms.audit import queries
from lms.audit.domain import Happened, Link, event_hash
from lms.audit.models import Event
from lms.db import db

CHAIN_LOCK = 0x436F6E63  # any fixed number: the advisory lock that orders writers on PostgreSQL


def record(
    action: str,
    *,
    actor_id: int | None,
    subject: str,
    now: datetime,
    reason: str = "",
    before: Any = None,
    after: Any = None,
) -> None:
    """Add an event to the chain, inside the caller's transaction.

    Args:
        action: noun and verb of the trade, "certificate revoked".
        actor_id: who did it; None for the system itself.
        subject: kind and id, "certificate:17".
        before: JSON-able, what was true until now; None where nothing was.
        after: JSON-able, what is true from now on.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CHAIN_LOCK})
    event = Event(
        at=now,
        actor_id=actor_id,
        action=action,
        subject=subject,
        reason=reason,
        before=before,
        after=after,
        previous_hash=queries.last_hash(),
    )
    event.hash = event_hash(event.previous_hash, queries.body_of(event))
    db.session.add(event)
    db.session.flush()  # so that a second event in this transaction finds this one's hash


def broken_links(*, last: int | None = None) -> list[int]:
    """Return the ids of events that do not fit the chain; empty when the trail is whole.

    Args:
        last: look only at so many events at the end of the trail; None looks at all.
    """
    return list(queries.broken_links(last=last))


def history_of(subject: str) -> list[Happened]:
    """Return what happened to one subject, oldest first."""
    return [
        Happened(
            id=event.id,
            at=event.at,
            actor_id=event.actor_id,
            action=event.action,
            reason=event.reason,
            before=event.before,
            after=event.after,
        )
        for event in queries.events_of(subject)
    ]


def links_of(subjects: Sequence[str]) -> list[Link]:
    """Return what happened to some subjects as the chain holds it, oldest first."""
    return [
        Link(event.id, queries.body_of(event), event.previous_hash, event.hash)
        for event in queries.events_of(*subjects)
    ]


def subjects_of(action: str) -> list[str]:
    """Return what something was done to, each once."""
    return queries.subjects_of(action)


def count_events() -> int:
    """Return how long the trail is."""
    return queries.count_events()
