"""The door of training: how far people are, for rooms above."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select

from lms.db import db
from lms.modules.models import Enrolment, Qualification


class TrainingState(StrEnum):
    """How far a person is with a module."""

    NOT_BEGUN = "not_begun"
    IN_TRAINING = "in_training"
    QUALIFIED = "qualified"


@dataclass(frozen=True)
class ModuleState:
    """A person's state in one module as of a day.

    Args:
        certificate_id: of the latest qualification by that day, None if there is none.
    """

    state: TrainingState
    enrolled_at: datetime
    qualified_at: datetime | None
    certificate_id: int | None


def states_of(
    person_ids: Sequence[int], slugs: Sequence[str], *, on: date
) -> dict[tuple[int, str], ModuleState]:
    """Return by (person, module) who had begun or qualified by the end of a day (UTC).

    Who had not begun is not in the answer. One query, however many people.
    """
    rows = db.session.execute(
        select(
            Enrolment.person_id,
            Enrolment.package_slug,
            Enrolment.enrolled_at,
            Qualification.qualified_at,
            Qualification.certificate_id,
        )
        .outerjoin(Qualification, Qualification.enrolment_id == Enrolment.id)
        .where(Enrolment.person_id.in_(person_ids), Enrolment.package_slug.in_(slugs))
        .order_by(Enrolment.round)
    )
    states: dict[tuple[int, str], ModuleState] = {}
    for person_id, slug, enrolled_at, qualified_at, certificate_id in rows:
        if enrolled_at.date() > on:
            continue
        qualified = qualified_at is not None and qualified_at.date() <= on
        states[person_id, slug] = ModuleState(
            state=TrainingState.QUALIFIED if qualified else TrainingState.IN_TRAINING,
            enrolled_at=enrolled_at,
            qualified_at=qualified_at if qualified else None,
            certificate_id=certificate_id if qualified else None,
        )
    return states
