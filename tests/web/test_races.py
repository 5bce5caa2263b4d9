"""Two tabs, double clicks, twenty posts at once: what the database settles, on both engines."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.accounts import services as accounts
from lms.accounts.domain import Role
from lms.audit import api as audit
from lms.certificates.models import Certificate
from lms.clock import utc_now
from lms.db import db, transaction
from lms.modules import services
from lms.modules.models import Answer, Attempt, Enrolment, Qualification, Submission
from lms.panels.models import HandedIn
from tests.factories import make_person
from tests.factories_modules import (
    SLUG,
    attempt_of,
    begin,
    do_until,
    enrol,
    right_answers,
)
from tests.factories_packages import make_release
from tests.factories_panels import grades, make_panel, tasks_of

POSTS = 20


@pytest.fixture
def trainee(client):
    make_release()
    return make_person()


@pytest.fixture
def race(app: Flask, trainee) -> Callable[..., Counter[int]]:
    """Send the same post from many devices of one person at the same moment."""

    def run(path: str, data: dict[str, Any] | None = None, count: int = POSTS) -> Counter[int]:
        devices = [signed_in(app, trainee.id) for _ in range(count)]
        db.session.remove()
        start = Barrier(count)

        def post(device: FlaskClient) -> int:
            start.wait()
            return device.post(path, data=data or {}).status_code

        with ThreadPoolExecutor(count) as pool:
            return Counter(pool.map(post, devices))

    return run


def signed_in(app: Flask, person_id: int) -> FlaskClient:
    with transaction():
        token = accounts.open_session(person_id, device="tab", now=utc_now())
    device = FlaskClient(app, app.response_class)
    with device.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return device


def rows(model: Any) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_twenty_posts_enrol_once(race):
    answers = race(f"/learning/{SLUG}/enrolment")
    assert rows(Enrolment) == 1
    assert set(answers) <= {303, 409}


def test_twenty_posts_begin_one_attempt(trainee, race):
    do_until(trainee, "quiz", now=utc_now())
    before = rows(Attempt)
    answers = race(f"/learning/{SLUG}/steps/quiz/attempts")
    assert rows(Attempt) == before + 1
    assert set(answers) <= {303, 409}


def test_the_attempt_limit_holds_under_twenty_racing_posts(trainee, race):
    """The step allows two tries; one was used, so however many race, one more begins."""
    do_until(trainee, "certification", now=utc_now())
    attempt_id = begin(trainee, "certification", now=utc_now())
    with transaction():
        services.save_answers(
            attempt_of(trainee, attempt_id),
            {
                key: {**a, "value": 0}
                for key, a in right_answers(attempt_of(trainee, attempt_id)).items()
            },
            now=utc_now(),
        )
    with transaction():
        services.submit_attempt(trainee.id, attempt_id, now=utc_now())
    do_until(trainee, "certification", now=utc_now())

    race(f"/learning/{SLUG}/steps/certification/attempts")

    numbers = db.session.scalars(
        select(Attempt.number).where(Attempt.step_key == "certification")
    ).all()
    assert sorted(numbers) == [1, 2]


def test_two_tabs_hand_in_once_and_one_certificate_is_issued(trainee, race):
    do_until(trainee, "certification", now=utc_now())
    attempt_id = begin(trainee, "certification", now=utc_now())
    attempt = attempt_of(trainee, attempt_id)
    with transaction():
        services.save_answers(attempt, right_answers(attempt), now=utc_now())
    before = rows(Submission)

    answers = race(f"/attempts/{attempt_id}/submission", count=8)

    assert answers == {303: 8}
    assert rows(Submission) == before + 1
    assert rows(Certificate) == rows(Qualification) == 1


def test_twenty_saves_of_one_answer_are_one_row(trainee, race):
    do_until(trainee, "quiz", now=utc_now())
    attempt_id = begin(trainee, "quiz", now=utc_now())
    before = rows(Answer)

    answers = race(f"/attempts/{attempt_id}/answers?n=1", {"answer": "x"})

    assert answers == {200: POSTS}
    assert rows(Answer) == before + 1


def test_the_audit_chain_is_whole_after_a_race(trainee, race):
    enrol(trainee, now=utc_now())
    do_until(trainee, "practice", now=utc_now())
    for _ in range(3):
        attempt_id = begin(trainee, "practice", now=utc_now())
        attempt = attempt_of(trainee, attempt_id)
        with transaction():
            services.save_answers(attempt, right_answers(attempt), now=utc_now())
        race(f"/attempts/{attempt_id}/submission", count=6)
    db.session.rollback()
    assert audit.broken_links() == []


def test_of_many_ratings_of_a_panel_case_that_are_handed_in_at_once_one_counts(race, trainee):
    admin = make_person(Role.ADMIN)
    make_panel(admin, [trainee], cases=["p1"], everything=True)
    [task] = tasks_of(trainee)
    form = {f"item-{item}": str(rating["value"]) for item, rating in grades(5).items()}

    statuses = race(f"/panels/tasks/{task.id}/submission", {**form, "to": "submit"})

    assert statuses == {303: POSTS}
    assert rows(HandedIn) == 1
    assert audit.broken_links() == []
