"""Marking anew by a real worker that is killed in the middle of it and started again."""

import random
import signal
import time
from collections import Counter

import pytest
from sqlalchemy import func, select, update

from lms import jobs
from lms.accounts import api as accounts
from lms.accounts.domain import Role
from lms.audit import api as audit
from lms.certificates import authority
from lms.certificates.models import Certificate
from lms.db import db, transaction
from lms.modules.models import Result
from lms.packages.domain.changes import Change, ChangeClass, Policy
from lms.review import queries, services
from lms.review.models import RegradedTry
from lms.review.services import Decision
from tests.factories import NOW, PASSWORD, make_person
from tests.factories_packages import light_files, make_release
from tests.factories_review import WIDER, ask, near_miss, question, wider_files
from tests.workers import let_leases_end, start_worker, wait_for

pytestmark = pytest.mark.one_database  # how a row is leased is tested on both with the jobs

SCORING = Change(ChangeClass.SCORING, Policy.FINISH_ON_OLD, "Two points are near enough.")
HOW_MANY, AT = 9, 2


def test_a_worker_that_is_killed_in_the_middle_marks_everybody_anew_once(app):
    owner = make_person(Role.CREATOR)
    make_release(light_files(), person_id=owner.id)
    people = [make_person() for _ in range(HOW_MANY)]
    tries = [near_miss(person) for person in people]
    what_if_id = ask(owner, WIDER)
    make_release(wider_files(), change=SCORING)
    authority.signer()  # the keys are there before a worker looks for them
    nothing_waits()
    job_id = decide(owner, what_if_id)

    worker = start_worker(app)
    try:
        wait_for(lambda: done(job_id) >= AT)
        time.sleep(random.Random(11).random() * 0.05)
    finally:
        worker.kill()
        worker.join()
    assert worker.exitcode == -signal.SIGKILL, "it was still at work"
    assert done(job_id) < HOW_MANY, "it was in the middle"
    let_leases_end()
    worker = start_worker(app)
    try:
        wait_for(lambda: done(job_id) == HOW_MANY)
    finally:
        worker.kill()
        worker.join()

    db.session.rollback()
    assert Counter(row.state for row in jobs.items_of(job_id)) == {"done": HOW_MANY}
    assert queries.find_regrade(what_if_id).outcomes == {"certified": HOW_MANY}
    assert count(RegradedTry) == HOW_MANY
    assert count(Certificate) == HOW_MANY
    assert count(Result, Result.version == 2) == HOW_MANY
    assert count(Result, Result.version > 2) == 0
    for one in tries:
        events = Counter(event.action for event in audit.history_of(f"attempt:{one}"))
        assert events == {"attempt marked": 1, "attempt marked anew": 1}
    assert Counter(mailed()) == dict.fromkeys((person.email for person in people), 1)
    assert audit.broken_links() == []


def decide(owner, what_if_id):
    with transaction():
        accounts.count_password_try(owner.id, now=NOW)
    with transaction():
        services.start_regrade(
            question(owner, what_if_id),
            Decision("The rules were too strict.", suspend=False),
            person_id=owner.id,
            password=PASSWORD,
            now=NOW,
        )
    return queries.find_regrade(what_if_id).job_id


def nothing_waits():
    """Leave aside what the people's way to their tries has queued."""
    with transaction():
        db.session.execute(update(jobs.JobItem).values(state=jobs.DONE, ended_at=NOW))


def mailed():
    """To whom the mails about marking anew go, whether they are sent or wait."""
    wanted = select(jobs.JobItem).where(jobs.JobItem.kind == "mail.send")
    found = [dict(row.payload) for row in db.session.scalars(wanted)]
    return [one["to"] for one in found if "anew" in one["subject"]]


def count(model, *conditions):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions))


def done(job_id):
    db.session.rollback()
    return sum(row.state == jobs.DONE for row in jobs.items_of(job_id))
