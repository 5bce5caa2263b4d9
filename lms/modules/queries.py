"""Reading what people did, always through the person who asks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select

from lms.db import db
from lms.errors import N_, NotFound
from lms.modules.domain import GRACE, Facts, LessonEvidence, Try
from lms.modules.material import Material, material_of
from lms.modules.models import (
    Answer,
    Attempt,
    Enrolment,
    Evidence,
    FurtherTry,
    Qualification,
    Result,
    Submission,
)
from lms.packages import api as packages


@dataclass(frozen=True)
class EnrolmentFacts:
    """One person on one release.

    Args:
        kind: why the round began, a RoundKind.
        carried: keys of steps that count as done from an earlier round.
        reason: what the person is told about why.
    """

    id: int
    person_id: int
    slug: str
    release_id: int
    round: int
    kind: str
    carried: list[str]
    reason: str
    enrolled_at: datetime
    certificate_id: int | None

    @property
    def material(self) -> Material:
        return material_of(packages.release(self.release_id).digest)


@dataclass(frozen=True)
class AttemptFacts:
    """One attempt with what was handed in, if it was."""

    id: int
    enrolment: EnrolmentFacts
    step_key: str
    number: int
    form: str
    drawn: list[Any]
    started_at: datetime
    due_at: datetime | None
    submitted_at: datetime | None
    submitted: dict[str, Any] | None

    @property
    def material(self) -> Material:
        return self.enrolment.material

    @property
    def open(self) -> bool:
        return self.submitted_at is None


_ENROLMENT = (
    Enrolment.id,
    Enrolment.person_id,
    Enrolment.package_slug,
    Enrolment.release_id,
    Enrolment.round,
    Enrolment.kind,
    Enrolment.carried,
    Enrolment.reason,
    Enrolment.enrolled_at,
    Qualification.certificate_id,
)


# Statements of the hot pages are built once; building them anew costs more than running them.
_LATEST_ENROLMENT = (
    select(*_ENROLMENT)
    .outerjoin(Qualification, Qualification.enrolment_id == Enrolment.id)
    .where(
        Enrolment.person_id == bindparam("person_id"), Enrolment.package_slug == bindparam("slug")
    )
    .order_by(Enrolment.round.desc())
    .limit(1)
)
_ENROLMENTS = (
    select(*_ENROLMENT)
    .outerjoin(Qualification, Qualification.enrolment_id == Enrolment.id)
    .where(Enrolment.person_id == bindparam("person_id"))
    .order_by(Enrolment.enrolled_at.desc(), Enrolment.id.desc())
)
_EVIDENCE = select(Evidence).where(Evidence.enrolment_id.in_(bindparam("ids", expanding=True)))
_FURTHER = (
    select(func.count())
    .where(FurtherTry.enrolment_id == Attempt.enrolment_id, FurtherTry.step_key == Attempt.step_key)
    .correlate(Attempt)
    .scalar_subquery()
)
_TRIES = (
    select(
        Attempt.enrolment_id,
        Attempt.step_key,
        _FURTHER,
        Attempt.id,
        Attempt.number,
        Attempt.started_at,
        Attempt.due_at,
        Submission.submitted_at,
        Result.passed,
    )
    .outerjoin(Submission, Submission.attempt_id == Attempt.id)
    .outerjoin(Result, Result.attempt_id == Attempt.id)
    .where(Attempt.enrolment_id.in_(bindparam("ids", expanding=True)))
    .order_by(Attempt.enrolment_id, Attempt.step_key, Attempt.number, Result.version)
)
_ATTEMPT = (
    select(
        Attempt.step_key,
        Attempt.number,
        Attempt.form,
        Attempt.drawn,
        Attempt.started_at,
        Attempt.due_at,
        Submission.submitted_at,
        Submission.answers,
        *_ENROLMENT,
    )
    .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    .outerjoin(Submission, Submission.attempt_id == Attempt.id)
    .outerjoin(Qualification, Qualification.enrolment_id == Enrolment.id)
    .where(Attempt.id == bindparam("attempt_id"), Enrolment.person_id == bindparam("person_id"))
)
_ANSWERS = select(Answer.key, Answer.value, Answer.saved_at).where(
    Answer.attempt_id == bindparam("attempt_id")
)

MOST_PRACTICE = 200
"""How many tries at a step a person's practice is summed up from, the last ones."""
_PRACTICE = (
    select(Attempt.id, Attempt.number, Attempt.drawn, Submission.answers, Submission.submitted_at)
    .join(Submission, Submission.attempt_id == Attempt.id)
    .where(
        Attempt.enrolment_id == bindparam("enrolment_id"),
        Attempt.step_key == bindparam("step_key"),
    )
    .order_by(Attempt.number.desc())
    .limit(MOST_PRACTICE)
)
_HANDED_IN_BEFORE = (
    select(Submission.answers)
    .join(Attempt, Attempt.id == Submission.attempt_id)
    .where(
        Attempt.enrolment_id == bindparam("enrolment_id"),
        Attempt.step_key == bindparam("step_key"),
        Attempt.number == bindparam("number"),
    )
)


def find_enrolment(person_id: int, slug: str) -> EnrolmentFacts | None:
    """Return the person's latest enrolment in a module, or None."""
    row = db.session.execute(_LATEST_ENROLMENT, {"person_id": person_id, "slug": slug}).first()
    return EnrolmentFacts(*row) if row else None


def enrolment_of(person_id: int, slug: str) -> EnrolmentFacts:
    """Return the person's latest enrolment in a module.

    Raises:
        NotFound: if the person is not enrolled.
    """
    enrolment = find_enrolment(person_id, slug)
    if enrolment is None:
        raise NotFound(N_("You are not enrolled in this module."))
    return enrolment


def enrolments_of(person_id: int) -> list[EnrolmentFacts]:
    """Return all enrolments of a person, the latest first."""
    rows = db.session.execute(_ENROLMENTS, {"person_id": person_id})
    return [EnrolmentFacts(*row) for row in rows]


def certified_in(slug: str) -> list[EnrolmentFacts]:
    """Return everybody's latest enrolment in a module that ended in a certificate."""
    return _latest_certified(Enrolment.package_slug == slug)


def enrolments_for(person_ids: Sequence[int], slugs: Sequence[str]) -> list[EnrolmentFacts]:
    """Return each person's latest certified enrolment in each module."""
    return _latest_certified(Enrolment.person_id.in_(person_ids), Enrolment.package_slug.in_(slugs))


def _latest_certified(*conditions: ColumnElement[bool]) -> list[EnrolmentFacts]:
    wanted = (
        select(*_ENROLMENT)
        .join(Qualification, Qualification.enrolment_id == Enrolment.id)
        .where(*conditions)
        .order_by(Enrolment.round, Enrolment.id)
    )
    latest = {}
    for row in db.session.execute(wanted):
        found = EnrolmentFacts(*row)
        latest[found.person_id, found.slug] = found
    return list(latest.values())


def find_by_id(enrolment_id: int) -> EnrolmentFacts | None:
    """Return any enrolment, for records and not for people."""
    wanted = (
        select(*_ENROLMENT)
        .outerjoin(Qualification, Qualification.enrolment_id == Enrolment.id)
        .where(Enrolment.id == enrolment_id)
    )
    row = db.session.execute(wanted).first()
    return EnrolmentFacts(*row) if row else None


def has_later_round(enrolment: EnrolmentFacts, *, certified: bool = False) -> bool:
    """Tell whether the person goes through the module once more since.

    Args:
        certified: count only rounds that ended in a certificate.
    """
    later = select(Enrolment.id).where(
        Enrolment.person_id == enrolment.person_id,
        Enrolment.package_slug == enrolment.slug,
        Enrolment.round > enrolment.round,
    )
    if certified:
        later = later.join(Qualification, Qualification.enrolment_id == Enrolment.id)
    return db.session.scalar(later.limit(1)) is not None


def earlier_certificate(enrolment: EnrolmentFacts) -> int | None:
    """Return the certificate of the latest round before this one that ended in one."""
    if enrolment.round == 1:
        return None
    return db.session.scalar(
        select(Qualification.certificate_id)
        .join(Enrolment, Enrolment.id == Qualification.enrolment_id)
        .where(
            Enrolment.person_id == enrolment.person_id,
            Enrolment.package_slug == enrolment.slug,
            Enrolment.round < enrolment.round,
        )
        .order_by(Enrolment.round.desc())
        .limit(1)
    )


def earlier_passes(enrolment: EnrolmentFacts, step_keys: Sequence[str]) -> dict[str, Result]:
    """Return by step the latest result of earlier rounds that passed."""
    if enrolment.round == 1 or not step_keys:
        return {}
    rows = db.session.execute(
        select(Attempt.step_key, Result)
        .join(Result, Result.attempt_id == Attempt.id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(
            Enrolment.person_id == enrolment.person_id,
            Enrolment.package_slug == enrolment.slug,
            Enrolment.round < enrolment.round,
            Attempt.step_key.in_(step_keys),
            Result.passed,
        )
        .order_by(Enrolment.round, Attempt.number, Result.version)
    )
    return {step_key: result for step_key, result in rows}  # noqa: C416  (a Row is no pair)


def qualified_at(enrolment_id: int) -> datetime | None:
    return db.session.scalar(
        select(Qualification.qualified_at).where(Qualification.enrolment_id == enrolment_id)
    )


def facts_of(enrolment: EnrolmentFacts) -> Facts:
    """Return everything that an enrolment's path is worked out from."""
    return facts_of_many([enrolment])[enrolment.id]


def facts_of_many(enrolments: Sequence[EnrolmentFacts]) -> dict[int, Facts]:
    """Return the facts of several enrolments by their ids, in two queries."""
    enrolment_ids = [one.id for one in enrolments]
    evidence: dict[int, dict[tuple[str, int], LessonEvidence]] = {i: {} for i in enrolment_ids}
    for row in db.session.scalars(_EVIDENCE, {"ids": list(enrolment_ids)}):
        evidence[row.enrolment_id][row.step_key, row.cycle] = _evidence(row)
    tries: dict[int, dict[str, list[Try]]] = {i: {} for i in enrolment_ids}
    further: dict[int, dict[str, int]] = {i: {} for i in enrolment_ids}
    for enrolment_id, step_key, allowed, attempt in _tries(enrolment_ids):
        tries[enrolment_id].setdefault(step_key, []).append(attempt)
        further[enrolment_id][step_key] = allowed
    return {
        one.id: Facts(
            evidence=evidence[one.id],
            tries=tries[one.id],
            further=further[one.id],
            carried=frozenset(one.carried),
            begun_at=one.enrolled_at,
        )
        for one in enrolments
    }


def _tries(enrolment_ids: Sequence[int]) -> Iterable[tuple[int, str, int, Try]]:
    rows = db.session.execute(_TRIES, {"ids": list(enrolment_ids)})
    latest: dict[int, tuple[int, str, int, Try]] = {}
    for enrolment_id, step_key, further, *parts in rows:
        attempt = Try(*parts)
        latest[attempt.id] = (enrolment_id, step_key, further, attempt)
    return latest.values()


def _evidence(row: Evidence) -> LessonEvidence:
    return LessonEvidence(
        slides=frozenset(row.seen.get("slides", ())),
        ranges=tuple((start, end) for start, end in row.seen.get("ranges", ())),
        position=row.position,
        first_at=row.first_at,
        done_at=row.done_at,
    )


def evidence_row(enrolment_id: int, step_key: str, cycle: int) -> Evidence | None:
    return db.session.scalar(
        select(Evidence).where(
            Evidence.enrolment_id == enrolment_id,
            Evidence.step_key == step_key,
            Evidence.cycle == cycle,
        )
    )


def evidence_rows(enrolment_id: int) -> list[Evidence]:
    """Return what was seen of every lesson, in the order in which it was begun."""
    wanted = select(Evidence).where(Evidence.enrolment_id == enrolment_id)
    return list(db.session.scalars(wanted.order_by(Evidence.first_at, Evidence.id)))


def further_tries(enrolment_id: int) -> list[tuple[str, datetime]]:
    """Return for which steps one more try was allowed, and when."""
    rows = db.session.execute(
        select(FurtherTry.step_key, FurtherTry.allowed_at)
        .where(FurtherTry.enrolment_id == enrolment_id)
        .order_by(FurtherTry.id)
    )
    return [(step_key, at) for step_key, at in rows]


def attempt_of(person_id: int, attempt_id: int) -> AttemptFacts:
    """Return one of the person's own attempts.

    Raises:
        NotFound: if the person has no such attempt.
    """
    row = db.session.execute(_ATTEMPT, {"attempt_id": attempt_id, "person_id": person_id}).first()
    if row is None:
        raise NotFound(N_("There is no such attempt."))
    return AttemptFacts(
        id=attempt_id,
        step_key=row[0],
        number=row[1],
        form=row[2],
        drawn=row[3],
        started_at=row[4],
        due_at=row[5],
        submitted_at=row[6],
        submitted=row[7],
        enrolment=EnrolmentFacts(*row[8:]),
    )


def handed_in_before(attempt: AttemptFacts) -> dict[str, Any]:
    """Return the answers of the try before this one at the same step, {} where there is none."""
    found = db.session.scalar(
        _HANDED_IN_BEFORE,
        {
            "enrolment_id": attempt.enrolment.id,
            "step_key": attempt.step_key,
            "number": attempt.number - 1,
        },
    )
    return dict(found or {})


@dataclass(frozen=True)
class PracticeTry:
    """One practice case that was handed in: what was drawn, and the answers as they stood."""

    attempt_id: int
    number: int
    drawn: list[Any]
    answers: dict[str, Any]
    submitted_at: datetime


def practice_tries(enrolment_id: int, step_key: str) -> list[PracticeTry]:
    """Return what was handed in at a practice step, oldest first, of very many the last ones."""
    rows = db.session.execute(_PRACTICE, {"enrolment_id": enrolment_id, "step_key": step_key})
    return [PracticeTry(*row) for row in reversed(rows.all())]


@dataclass(frozen=True)
class SavedAnswer:
    """An answer as it stands, as it was given."""

    value: Any
    saved_at: datetime


def answers_of(attempt_id: int) -> dict[str, SavedAnswer]:
    """Return the saved answers of an attempt by key; ask attempt_of first whose it is."""
    rows = db.session.execute(_ANSWERS, {"attempt_id": attempt_id})
    return {key: SavedAnswer(value, saved_at) for key, value, saved_at in rows}


def earlier_draws(enrolment_id: int, step_key: str) -> list[tuple[str, list[Any]]]:
    """Return (form, drawn) of earlier attempts at a step, oldest first."""
    rows = db.session.execute(
        select(Attempt.form, Attempt.drawn)
        .where(Attempt.enrolment_id == enrolment_id, Attempt.step_key == step_key)
        .order_by(Attempt.number)
    )
    return [(form, drawn) for form, drawn in rows]


def results_of(enrolment_id: int) -> dict[int, Result]:
    """Return the latest result by attempt id."""
    rows = db.session.scalars(
        select(Result)
        .join(Attempt, Attempt.id == Result.attempt_id)
        .where(Attempt.enrolment_id == enrolment_id)
        .order_by(Result.version)
    )
    return {row.attempt_id: row for row in rows}


def latest_saved_at(attempt_ids: Sequence[int]) -> dict[int, tuple[int, datetime]]:
    """Return, by attempt, how many answers are saved and when the last one was."""
    rows = db.session.execute(
        select(Answer.attempt_id, func.count(), func.max(Answer.saved_at))
        .where(Answer.attempt_id.in_(attempt_ids))
        .group_by(Answer.attempt_id)
    )
    return {attempt_id: (count, at) for attempt_id, count, at in rows}


def overdue_attempts(enrolment_id: int, now: datetime) -> list[int]:
    """Return ids of attempts whose time, with its grace, is up and that nobody handed in."""
    return list(
        db.session.scalars(
            select(Attempt.id)
            .outerjoin(Submission, Submission.attempt_id == Attempt.id)
            .where(
                Attempt.enrolment_id == enrolment_id,
                Attempt.due_at < now - GRACE,
                Submission.id.is_(None),
            )
        )
    )


def may_see_media(person_id: int, builds: frozenset[str]) -> bool:
    """Tell whether a person is enrolled in a release made from one of the builds."""
    release_ids = db.session.scalars(
        select(Enrolment.release_id).where(Enrolment.person_id == person_id)
    )
    return any(packages.release(release_id).digest in builds for release_id in release_ids)


@dataclass(frozen=True)
class HandedIn:
    """An attempt that was handed in, with everything that is kept of it.

    Args:
        answers: as they stood then, by key.
        saved: when each was given.
        result: of the latest marking.
        earlier: of the markings before it, oldest first.
    """

    id: int
    step_key: str
    number: int
    seed: int
    form: str
    drawn: list[Any]
    started_at: datetime
    due_at: datetime | None
    submitted_at: datetime
    late: bool
    answers: dict[str, Any]
    saved: tuple[Answer, ...]
    result: Result | None
    earlier: tuple[Result, ...]


def handed_in(enrolment_id: int) -> list[HandedIn]:
    """Return the attempts of an enrolment that were handed in, in that order."""
    rows = db.session.execute(
        select(Attempt, Submission)
        .join(Submission, Submission.attempt_id == Attempt.id)
        .where(Attempt.enrolment_id == enrolment_id)
        .order_by(Submission.submitted_at, Attempt.id)
    ).all()
    results = _every_result(enrolment_id)
    saved = _saved_in([attempt.id for attempt, _submission in rows])
    return [
        HandedIn(
            id=attempt.id,
            step_key=attempt.step_key,
            number=attempt.number,
            seed=attempt.seed,
            form=attempt.form,
            drawn=attempt.drawn,
            started_at=attempt.started_at,
            due_at=attempt.due_at,
            submitted_at=submission.submitted_at,
            late=submission.late,
            answers=submission.answers,
            saved=tuple(saved.get(attempt.id, ())),
            result=results.get(attempt.id, [None])[-1],
            earlier=tuple(results.get(attempt.id, ())[:-1]),
        )
        for attempt, submission in rows
    ]


def _every_result(enrolment_id: int) -> dict[int, list[Result]]:
    found: dict[int, list[Result]] = {}
    wanted = (
        select(Result)
        .join(Attempt, Attempt.id == Result.attempt_id)
        .where(Attempt.enrolment_id == enrolment_id)
        .order_by(Result.version)
    )
    for row in db.session.scalars(wanted):
        found.setdefault(row.attempt_id, []).append(row)
    return found


def _saved_in(attempt_ids: Sequence[int]) -> dict[int, list[Answer]]:
    found: dict[int, list[Answer]] = {}
    wanted = select(Answer).where(Answer.attempt_id.in_(attempt_ids)).order_by(Answer.id)
    for row in db.session.scalars(wanted):
        found.setdefault(row.attempt_id, []).append(row)
    return found
