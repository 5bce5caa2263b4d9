"""The door of looking back: which references may be wrong, as of last night."""

from datetime import datetime
from typing import Any

from lms.modules.domain.doubts import Doubts
from lms.review import queries, services


def look_tonight(*, now: datetime) -> None:
    """Queue a look at the current release of every package, one row each."""
    services.look_tonight(now=now)


def doubts_about(slugs: frozenset[str]) -> list[Doubts]:
    """Return the packages among these of which references may be wrong, in one statement."""
    return queries.doubts_about(slugs)


def forget_doubts(_change: Any, slug: str, *, now: datetime) -> None:
    """Know nothing of a package any more, of which a further release is published."""
    services.forget_doubts(slug)
