"""Calibration as rows: cases, alerts once, mails, remediation, renewal by performance."""

import pytest
from sqlalchemy import func, select

from lms import jobs
from lms.certificates import api as certificates
from lms.clock import utc_now
from lms.db import db, transaction
from lms.modules import calibrating, queries, rounds, services
from lms.modules.domain import NoFurtherTry, StepClosed
from lms.modules.models import Calibrated, DriftAlert
from tests.factories import make_person
from tests.factories_accounts import empty_outbox
from tests.factories_calibration import (
    WEEK,
    alerts_of,
    calibrate,
    calibrated_files,
    let_drift,
    make_calibrated,
)
from tests.factories_modules import SLUG, do_all, do_until
from tests.factories_packages import make_release
from tests.factories_trials import make_confirmed_person, make_rater, make_requirement, make_trial

START = utc_now() - 120 * WEEK


@pytest.fixture
def rater(app):
    person = make_confirmed_person(name="Robin Hale")
    make_calibrated(person, now=START)
    return person


def count(model):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def course(person):
    return calibrating.course_for(queries.enrolment_of(person.id, SLUG))


def newest(person):
    return certificates.newest_in_line(queries.enrolment_of(person.id, SLUG).certificate_id)


def test_nobody_is_calibrated_before_they_are_certified(app):
    make_release(calibrated_files())
    person = make_person()
    do_until(person, "certification", now=START)
    with pytest.raises(StepClosed), transaction():
        services.begin_attempt(person.id, SLUG, "calibration", seed=1, extra_time=1.0, now=START)
    assert course(person) is None


def test_cases_open_when_they_are_due_and_not_before(rater):
    with pytest.raises(NoFurtherTry):
        calibrate(rater, at=START + WEEK)
    calibrate(rater, at=START + 4 * WEEK)
    with pytest.raises(NoFurtherTry):
        calibrate(rater, at=START + 5 * WEEK)
    assert count(Calibrated) == 1
    assert course(rater).schedule.sessions == 1


def test_a_drifting_rater_is_warned_then_alarmed_once_and_told_with_the_coordinators(rater, app):
    made = make_trial()
    make_rater(made, rater.email, name="Robin Hale", account=False)
    make_requirement(made, SLUG)
    jobs.run_pending()
    empty_outbox(app)
    at = let_drift(rater, since=START)
    calibrate(rater, at=at + 4 * WEEK, off=2)

    assert set(alerts_of(rater)) == {"warning", "alarm"}
    assert count(DriftAlert) == 2
    mails = empty_outbox(app)
    jobs.run_pending()
    own = [one for one in mails if one.to == [rater.email]]
    assert len(own) == 2 and "/learning/sample/calibration" in own[-1].body
    others = [one for one in mails if one.to != [rater.email]]
    assert len(others) == 2 and "Robin Hale" in others[-1].body


def test_who_agrees_is_never_alerted(rater):
    for n in range(1, 7):
        calibrate(rater, at=START + 4 * n * WEEK)
    assert not alerts_of(rater)
    assert len(course(rater).course.points) == 6


def test_remediation_asks_only_for_what_drifted_and_begins_the_chart_anew(rater):
    before = newest(rater)
    with pytest.raises(rounds.NoNewRound), transaction():
        calibrating.begin_remediation(rater.id, SLUG, now=START)
    at = let_drift(rater, since=START)
    with transaction():
        calibrating.begin_remediation(rater.id, SLUG, now=at)

    last = queries.enrolment_of(rater.id, SLUG)
    assert last.kind == "drift" and "quiz" in last.carried
    assert "practice" not in last.carried and "certification" not in last.carried
    do_all(rater, now=at)
    assert course(rater).course.points == ()
    after = newest(rater)
    assert after.predecessor.id == before.id
    assert after.facts.score[0] == before.facts.score[0]  # the quiz was taken over


def test_staying_in_band_renews_without_a_course(rater):
    before = newest(rater)
    at = START
    for _ in range(26):
        at += 4 * WEEK
        if at.date() >= before.ends_on:
            break
        calibrate(rater, at=at)
    with transaction():
        made = calibrating.renew_by_performance(rater.id, SLUG, now=at)

    after = newest(rater)
    assert after.id == made and after.predecessor.id == before.id
    assert after.facts.score[-1].label == "Calibration"
    assert after.ends_on > before.ends_on
    with pytest.raises(rounds.NoNewRound), transaction():
        calibrating.renew_by_performance(rater.id, SLUG, now=at)


def test_a_rater_who_drifts_or_is_late_does_not_renew_that_way(rater):
    late = START + 100 * WEEK
    with pytest.raises(rounds.NoNewRound, match="go through the module"), transaction():
        calibrating.renew_by_performance(rater.id, SLUG, now=late)


def test_many_raters_take_as_many_statements_as_one(rater, count_queries):
    calibrate(rater, at=START + 4 * WEEK)
    count_queries()
    assert len(calibrating.raters_of(SLUG)) == 1
    one = count_queries()
    for _ in range(3):
        person = make_person()
        do_all(person, now=START)
        calibrate(person, at=START + 4 * WEEK, off=1)
    count_queries()
    assert len(calibrating.raters_of(SLUG)) == 4
    assert count_queries() == one
