"""The door of training: how far people are, for rooms above."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select

from lms.certificates.domain import EvidenceRecord
from lms.db import db
from lms.errors import N_, NotFound
from lms.modules import calibrating, queries, record, services
from lms.modules.calibrating import Alert as Alert
from lms.modules.calibrating import Listener, RaterCourse
from lms.modules.domain import Path
from lms.modules.following import follow_release
from lms.modules.material import Material, material_of
from lms.modules.models import Enrolment, Qualification
from lms.modules.past import PastTry, count_past_tries, past_quiz_tries, past_tries, tries_on
from lms.modules.regrading import NewMarking, Remarked, regrade
from lms.modules.waiting import doubted_by

__all__ = [
    "Material",
    "ModuleState",
    "NewMarking",
    "PastTry",
    "Progress",
    "Remarked",
    "TrainingState",
    "TryResult",
    "allow_further_try",
    "count_past_tries",
    "doubted_by",
    "evidence_for",
    "follow_release",
    "material_of",
    "past_quiz_tries",
    "past_tries",
    "progress_of",
    "regrade",
    "states_of",
    "tries_on",
]


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


@dataclass(frozen=True)
class TryResult:
    """How a try was marked: `reached` of `of`, `required` needed."""

    passed: bool
    reached: int
    required: int
    of: int


@dataclass(frozen=True)
class Progress:
    """One enrolment with its path, for those who look after the person.

    Args:
        results: by attempt id, of every attempt that was marked.
    """

    enrolment_id: int
    person_id: int
    slug: str
    release_id: int
    round: int
    enrolled_at: datetime
    certificate_id: int | None
    path: Path
    results: Mapping[int, TryResult]


def progress_of(enrolment_id: int, *, now: datetime) -> Progress:
    """Return how far an enrolment is, step by step.

    Raises:
        NotFound: if there is no such enrolment.
    """
    person_id = db.session.scalar(select(Enrolment.person_id).where(Enrolment.id == enrolment_id))
    for found in queries.enrolments_of(person_id) if person_id is not None else ():
        if found.id == enrolment_id:
            results = queries.results_of(enrolment_id)
            return Progress(
                enrolment_id=found.id,
                person_id=found.person_id,
                slug=found.slug,
                release_id=found.release_id,
                round=found.round,
                enrolled_at=found.enrolled_at,
                certificate_id=found.certificate_id,
                path=services.current_path(found, now=now),
                results={
                    attempt_id: TryResult(row.passed, row.reached, row.required, row.of)
                    for attempt_id, row in results.items()
                },
            )
    raise NotFound(N_("There is no such enrolment."))


def allow_further_try(
    enrolment_id: int, step_key: str, *, allowed_by: int, reason: str, now: datetime
) -> None:
    """Allow one more try after the last one, inside the caller's transaction.

    Raises:
        NotFound: if there is no such enrolment.
        Invalid: if no reason is given.
    """
    services.allow_further_try(
        enrolment_id, step_key, allowed_by=allowed_by, reason=reason, now=now
    )


def states_of(
    person_ids: Sequence[int], slugs: Sequence[str], *, on: date
) -> dict[tuple[int, str], ModuleState]:
    """Return by (person, module) who had begun or qualified by the end of a day (UTC).

    Who had not begun is not in the answer. Who goes through a module once more is as far as they
    were before: a renewal that has begun takes nothing away. One query, however many people.
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
        before = states.get((person_id, slug))
        if before is not None and before.state is TrainingState.QUALIFIED and not qualified:
            continue
        states[person_id, slug] = ModuleState(
            state=TrainingState.QUALIFIED if qualified else TrainingState.IN_TRAINING,
            enrolled_at=enrolled_at,
            qualified_at=qualified_at if qualified else None,
            certificate_id=certificate_id if qualified else None,
        )
    return states


def evidence_for(subject: str, *, whole: bool) -> EvidenceRecord:
    """Return what a certificate rests on: what was shown, answered and marked.

    Args:
        subject: what it was issued for, "enrolment:5".
        whole: with what the holder may not see; see `lms.modules.record`.

    Raises:
        NotFound: if there is no such enrolment.
    """
    return record.evidence_for(subject, whole=whole)


def tell_of_drift(listener: Listener) -> Listener:
    """Name who else is told of drift.

    Args:
        listener: called with the alert, the module's title and the moment, inside the transaction
            in which the mails are written.
    """
    calibrating.listeners.append(listener)
    return listener


def calibration_of(
    person_ids: Sequence[int], slugs: Sequence[str]
) -> dict[tuple[int, str], RaterCourse]:
    """Return by (person, module) how certified raters stand in modules that calibrate them.

    Four queries, however many people.
    """
    return calibrating.standings(person_ids, slugs)
