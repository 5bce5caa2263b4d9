"""Calibration of certified raters as rows: what was shown, when drift was found, what follows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, TypeAlias

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms import jobs
from lms.agreement.control import Signal
from lms.audit import api as audit
from lms.certificates import api as certificates
from lms.certificates.domain import ScoreLine, last_day
from lms.db import db
from lms.errors import N_, NotFound
from lms.modules import queries, rounds
from lms.modules.domain import (
    Course,
    DomainTally,
    NoFurtherTry,
    RatingResult,
    RoundKind,
    Schedule,
    ScoredCase,
    Timing,
    course_of,
    schedule_of,
    scored_case,
    standing_of,
    steps_to_redo,
)
from lms.modules.domain.calibration import Performance
from lms.modules.models import Calibrated, DriftAlert, Enrolment, Qualification
from lms.modules.qualification import validity_of
from lms.modules.queries import AttemptFacts, EnrolmentFacts
from lms.packages.domain import CalibrationStep

TELL: Final = "modules.tell_drift"
Listener: TypeAlias = "Callable[[Alert, str, datetime], None]"
listeners: list[Listener] = []
"""Who is told of drift beside the rater; rooms above add themselves at the door."""


class NothingToCalibrate(NotFound):
    """The module has no calibration, or the person holds nothing of it."""


@dataclass(frozen=True)
class RaterCourse:
    """How a certified rater stands with a module.

    Args:
        alerts: what was raised, by signal, with the moment.
    """

    enrolment: EnrolmentFacts
    step: CalibrationStep
    schedule: Schedule
    course: Course
    alerts: Mapping[str, datetime]

    def performance(self, now: datetime) -> Performance:
        return standing_of(self.course, self.schedule, now)


def course_for(enrolment: EnrolmentFacts) -> RaterCourse | None:
    """Return how a rater stands; None where the module calibrates nobody or they do not hold it."""
    return courses_for([enrolment]).get(enrolment.id)


def courses_for(enrolments: Sequence[EnrolmentFacts]) -> dict[int, RaterCourse]:
    """Return by enrolment how certified raters stand, in three queries however many they are."""
    certified = [
        one
        for one in enrolments
        if one.certificate_id is not None and one.material.content.calibration is not None
    ]
    ids = [one.id for one in certified]
    if not ids:
        return {}
    seen: dict[int, list[ScoredCase]] = {one: [] for one in ids}
    rows = select(Calibrated).where(Calibrated.enrolment_id.in_(ids))
    for row in db.session.scalars(rows.order_by(Calibrated.scored_at, Calibrated.id)):
        seen[row.enrolment_id].append(_scored(row))
    alerts: dict[int, dict[str, datetime]] = {one: {} for one in ids}
    for alert in db.session.scalars(select(DriftAlert).where(DriftAlert.enrolment_id.in_(ids))):
        alerts[alert.enrolment_id][alert.signal] = alert.raised_at
    since: dict[int, datetime] = dict(
        db.session.execute(
            select(Qualification.enrolment_id, Qualification.qualified_at).where(
                Qualification.enrolment_id.in_(ids)
            )
        ).all()
    )
    found = {}
    for one in certified:
        step = one.material.content.calibration
        assert step is not None
        scored = [one_case.scored_at for one_case in seen[one.id]]
        found[one.id] = RaterCourse(
            enrolment=one,
            step=step,
            schedule=schedule_of(step, since=since[one.id], scored=scored),
            course=course_of(step, seen[one.id]),
            alerts=alerts[one.id],
        )
    return found


def _scored(row: Calibrated) -> ScoredCase:
    return ScoredCase(
        case=row.case_key,
        scored_at=row.scored_at,
        difference=None if row.difference is None else Decimal(row.difference),
        domains=tuple(DomainTally(*one) for one in row.domains),
    )


def refuse_before_time(enrolment: EnrolmentFacts, *, now: datetime) -> None:
    """Refuse to begin a case before the next ones are open.

    Raises:
        NoFurtherTry: if it is too early.
    """
    found = course_for(enrolment)
    if found is not None and found.schedule.timing(now) is Timing.NOT_YET:
        raise NoFurtherTry(
            N_("The next calibration cases open on %(day)s."),
            day=found.schedule.opens_at.date().isoformat(),
        )


def note_case(attempt: AttemptFacts, result: RatingResult, *, now: datetime) -> None:
    """Write down what a calibration case showed, and raise an alert where the chart asks for it.

    An alert is raised once for each signal of an enrolment; the unique row settles two tabs.
    """
    material = attempt.material
    step = material.step(attempt.step_key)
    assert isinstance(step, CalibrationStep)
    seen = scored_case(material.instrument, step, result.cases[0], at=now)
    db.session.add(
        Calibrated(
            attempt_id=attempt.id,
            enrolment_id=attempt.enrolment.id,
            case_key=seen.case,
            difference=None if seen.difference is None else str(seen.difference),
            domains=[[one.section, one.outside, one.of, one.higher] for one in seen.domains],
            scored_at=now,
        )
    )
    db.session.flush()  # the course is read from the rows
    found = course_for(attempt.enrolment)
    if found is None or not found.course.points:
        return
    latest = found.course.points[-1].signal
    if latest is not Signal.NONE and latest.value not in found.alerts:
        _raise_alert(attempt, found.course, latest, now=now)


def _raise_alert(attempt: AttemptFacts, course: Course, signal: Signal, *, now: datetime) -> None:
    alert = DriftAlert(
        enrolment_id=attempt.enrolment.id,
        attempt_id=attempt.id,
        signal=signal,
        direction=course.direction,
        failing=list(course.failing),
        raised_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(alert)
    except IntegrityError:
        return  # another tab was faster
    audit.record(
        "drift found",
        actor_id=attempt.enrolment.person_id,
        subject=f"enrolment:{attempt.enrolment.id}",
        after={"signal": signal, "direction": course.direction, "failing": list(course.failing)},
        now=now,
    )
    jobs.enqueue(
        TELL,
        [(f"alert:{alert.id}", {"alert_id": alert.id})],
        created_by=None,
        title=N_("Tell of drift"),
        now=now,
    )


# --- what follows ---------------------------------------------------------------------------------


def held_course(person_id: int, slug: str) -> RaterCourse:
    """Return how a person stands with a module that they are certified in.

    Raises:
        NotFound: if they are not enrolled.
        NothingToCalibrate: if they hold nothing of it, or it has no calibration.
    """
    found = course_for(queries.enrolment_of(person_id, slug))
    if found is None:
        raise NothingToCalibrate(N_("There is no calibration for you in this module."))
    return found


def renew_by_performance(person_id: int, slug: str, *, now: datetime) -> int:
    """Renew what a person holds without a course, and return the new certificate's id.

    Raises:
        NotFound: as for held_course.
        NoNewRound: if it is not time, or the chart or the schedule does not allow it.
    """
    found = held_course(person_id, slug)
    enrolment = found.enrolment
    held = rounds.newest_certificate(enrolment)
    if held is None or not rounds.may_be_renewed(enrolment, today=now.date()):
        raise rounds.NoNewRound(N_("Nothing that you hold of this module is to be renewed now."))
    if not found.performance(now).renews:
        raise rounds.NoNewRound(
            N_("Your calibration does not renew the certificate; go through the module instead.")
        )
    validity = validity_of(enrolment.material.content.certificate)
    cases = len(found.course.points)
    facts = replace(
        held.facts,
        issued_on=now.date(),
        expires_on=last_day(validity, now.date(), previous_end=held.ends_on)[0],
        score=_with_calibration(held.facts.score, cases),
    )
    made = certificates.renew(
        held.id,
        facts,
        subject=f"certificate:{held.id}:performance",
        validity=validity,
        reason=f"Calibration: {cases} cases, none beyond the limit of the chart.",
        by=person_id,
        now=now,
    )
    return made.id


CALIBRATION: Final = "Calibration"


def _with_calibration(score: tuple[ScoreLine, ...], cases: int) -> tuple[ScoreLine, ...]:
    kept = tuple(line for line in score if line.label != CALIBRATION)[:3]
    return (*kept, ScoreLine(CALIBRATION, f"{cases} cases, all in band"))


def begin_remediation(person_id: int, slug: str, *, now: datetime) -> int:
    """Let a rater who drifts do the failing domains again; return the new enrolment's id.

    Raises:
        NotFound: as for held_course.
        NoNewRound: if no alarm was raised, or another tab has just begun it.
    """
    found = held_course(person_id, slug)
    if found.course.signal is not Signal.ALARM:
        raise rounds.NoNewRound(N_("Your scores are in band; there is nothing to do again."))
    material = found.enrolment.material
    redo = steps_to_redo(material.content, found.step, material.instrument, found.course.failing)
    carried = tuple(one.key for one in material.content.steps if one.key not in redo)
    wanted = rounds.NewRound(
        RoundKind.DRIFT, found.enrolment.release_id, carried, "", begun_by=person_id
    )
    return rounds.begin_round(found.enrolment, wanted, now=now)


# --- for those who look after raters --------------------------------------------------------------


def raters_of(slug: str) -> list[RaterCourse]:
    """Return the course of everybody who is certified in a module, in few queries."""
    found = courses_for(queries.certified_in(slug))
    return sorted(
        found.values(),
        key=lambda one: -max((p.share for p in one.course.points[-1:]), default=0.0),
    )


def standings(
    person_ids: Sequence[int], slugs: Sequence[str]
) -> dict[tuple[int, str], RaterCourse]:
    """Return by person and module how certified raters stand."""
    found = courses_for(queries.enrolments_for(person_ids, slugs))
    return {(one.enrolment.person_id, one.enrolment.slug): one for one in found.values()}


@dataclass(frozen=True)
class Alert:
    """An alert as those need it who are told."""

    person_id: int
    slug: str
    release_id: int
    signal: str
    direction: int
    raised_at: datetime


def alert_of(alert_id: int) -> Alert:
    row: Any = db.session.execute(
        select(
            Enrolment.person_id,
            Enrolment.package_slug,
            Enrolment.release_id,
            DriftAlert.signal,
            DriftAlert.direction,
            DriftAlert.raised_at,
        )
        .join(Enrolment, Enrolment.id == DriftAlert.enrolment_id)
        .where(DriftAlert.id == alert_id)
    ).one()
    return Alert(*row)
