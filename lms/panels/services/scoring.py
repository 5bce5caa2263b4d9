"""An expert's scores: kept as they are given, and handed in once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from lms.audit import api as audit
from lms.db import db, upsert
from lms.errors import N_, Invalid
from lms.instruments import api as instruments
from lms.panels import queries
from lms.panels.domain import (
    AlreadyHandedIn,
    Incomplete,
    PanelClosed,
    digest_of,
)
from lms.panels.models import (
    Expert,
    HandedIn,
    SavedRating,
)
from lms.panels.queries import TaskFacts

LONGEST = 2000


def save_ratings(
    task: TaskFacts, values: Mapping[str, Any], *, person_id: int, now: datetime
) -> None:
    """Keep scores as they are given; the same again does no harm.

    Args:
        task: from queries.task_of, so that it is the person's own.
        values: by item, in their JSON form or as typed.

    Raises:
        AlreadyHandedIn, PanelClosed: if scores are not taken any more.
        Invalid: if the form has no such item, or a value is longer than any score.
    """
    _refuse_if_closed(task)
    known = {item.key for item in task.panel.instrument.items}
    for item, value in values.items():
        if item not in known:
            raise Invalid(N_("The form has no such item."))
        if len(str(value)) > LONGEST:
            raise Invalid(N_("This score is too long."))
        upsert(
            SavedRating,
            key=("task_id", "item"),
            values={"task_id": task.id, "item": item, "value": value, "saved_at": now},
        )
    _bind(task.expert_id, person_id)


def hand_in(task_id: int, *, person_id: int, email: str | None, now: datetime) -> None:
    """Take a case's saved scores as final.

    Raises:
        NotFound: if the person is not asked that.
        AlreadyHandedIn, PanelClosed: if scores are not taken any more.
        Incomplete: if an item has no score, or one that the form does not take.
    """
    task = queries.task_of(person_id, email, task_id, today=now.date())
    queries.hold(task.panel.id)
    task = queries.task_of(person_id, email, task_id, today=now.date())
    _refuse_if_closed(task)
    saved = {item: value for item, (value, _at) in queries.saved_of(task_id).items()}
    instrument = task.panel.instrument
    rated, refused = instruments.read_ratings(instrument, saved)
    lacking = instruments.unfinished(instrument, rated) | refused
    if lacking:
        raise Incomplete(N_("%(count)s of the items are not scored yet."), count=len(lacking))
    ratings = {item: instruments.answer_to_json(answer) for item, answer in rated.items()}
    db.session.add(HandedIn(task_id=task_id, ratings=ratings, rated_by=person_id, handed_in_at=now))
    try:
        db.session.flush()  # asks the unique constraint, which decides even in a race
    except IntegrityError as error:
        raise AlreadyHandedIn(N_("This case was handed in before; that rating counts.")) from error
    _bind(task.expert_id, person_id)
    audit.record(
        N_("panel rating handed in"),
        actor_id=person_id,
        subject=f"panel:{task.panel.id}",
        after={"case": task.case_key, "round": task.round, "digest": digest_of(ratings)},
        now=now,
    )


def _refuse_if_closed(task: TaskFacts) -> None:
    if task.handed_in_at is not None:
        raise AlreadyHandedIn(N_("This case was handed in before; that rating counts."))
    if not task.open:
        raise PanelClosed(N_("The panel is closed; ratings are not taken any more."))


def bind_all(person_id: int, email: str, *, now: datetime) -> None:
    """Tie a person to every panel that asked their address, which they have shown to be theirs."""
    db.session.execute(
        update(Expert)
        .where(Expert.email == email, Expert.person_id.is_(None), Expert.asked_at <= now)
        .values(person_id=person_id)
    )


def _bind(expert_id: int, person_id: int) -> None:
    """Tie an expert who was asked by address to the account that they came with."""
    db.session.execute(
        update(Expert)
        .where(Expert.id == expert_id, Expert.person_id.is_(None))
        .values(person_id=person_id)
    )
