"""What several of the services do: ask the constraints, and record what was done."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from lms.audit import api as audit
from lms.db import db
from lms.errors import Conflict
from lms.panels.domain import (
    Viewer,
)


def flushed(sentence: str) -> None:
    try:
        db.session.flush()  # asks the unique constraints, which decide even in a race
    except IntegrityError as error:
        raise Conflict(sentence) from error


def note(
    action: str,
    panel_id: int,
    viewer: Viewer,
    now: datetime,
    *,
    reason: str = "",
    after: Mapping[str, Any],
) -> None:
    audit.record(
        action,
        actor_id=viewer.person_id,
        subject=f"panel:{panel_id}",
        reason=reason,
        after=dict(after),
        now=now,
    )
