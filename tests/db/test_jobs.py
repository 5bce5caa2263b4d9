"""Rows of jobs: what waits, what is given up, what goes on as another kind."""

from datetime import timedelta

import pytest

from lms import jobs
from lms.clock import utc_now
from lms.db import db, transaction
from lms.errors import Conflict, LmsError

pytestmark = pytest.mark.usefixtures("app")


def enqueue(kind, count=1):
    with transaction():
        items = ((f"row:{n}", {"n": n}) for n in range(count))
        return jobs.enqueue(kind, items, created_by=None, title="A test", now=utc_now())


def rows(job_id):
    db.session.rollback()
    return jobs.items_of(job_id)


def test_when_what_all_need_is_out_of_order_all_wait_and_none_is_given_up():
    asked, down = [], True

    @jobs.handler("tests.needy")
    def work(payload, *, now):
        asked.append(payload["n"])
        if down:
            raise jobs.NotNow("The authority does not answer.")

    job_id = enqueue("tests.needy", 5)
    for _ in range(jobs.TRIES + 3):
        jobs.run_pending()
        with transaction():
            jobs.bring_forward("tests.needy", now=utc_now())
    assert asked == [0] * (jobs.TRIES + 3)
    assert {(row.state, row.problem) for row in rows(job_id)} == {
        ("queued", "The authority does not answer.")
    }
    assert all(row.ready_at <= utc_now() + jobs.LONGEST_WAIT for row in rows(job_id))

    down = False
    jobs.run_pending()
    assert {(row.state, row.problem) for row in rows(job_id)} == {("done", "")}


def test_other_kinds_do_not_wait_with_it():
    @jobs.handler("tests.needy")
    def work(payload, *, now):
        raise jobs.NotNow("The authority does not answer.")

    @jobs.handler("tests.free")
    def other(payload, *, now):
        return {}

    enqueue("tests.needy", 3)
    free = enqueue("tests.free", 2)
    assert jobs.run_pending() == 3
    assert {row.state for row in rows(free)} == {"done"}


@pytest.mark.parametrize(
    ("error", "state"), [(Conflict("Too late."), "failed"), (LmsError("Not now."), "queued")]
)
def test_what_another_try_cannot_help_is_given_up_at_once(error, state):
    @jobs.handler("tests.refused")
    def work(payload, *, now):
        raise error

    job_id = enqueue("tests.refused")
    jobs.run_pending()
    (row,) = rows(job_id)
    assert (row.state, row.problem, row.tries) == (state, str(error), 1)


def test_a_row_goes_on_as_another_kind_and_stays_one_row():
    @jobs.handler("tests.first")
    def first(payload, *, now):
        return jobs.Next("tests.second", {"m": payload["n"] + 10}, {"seen": 1})

    @jobs.handler("tests.second")
    def second(payload, *, now):
        return payload

    job_id = enqueue("tests.first", 3)
    jobs.run_pending(limit=3)
    assert {(row.kind, row.state, row.parts_done) for row in rows(job_id)} == {
        ("tests.second", "queued", 1)
    }
    jobs.run_pending()
    assert [(row.state, row.result) for row in rows(job_id)] == [
        ("done", {"m": n}) for n in (10, 11, 12)
    ]


def test_a_row_whose_worker_died_is_taken_up_first():
    order = []

    @jobs.handler("tests.died")
    def work(payload, *, now):
        order.append(payload["n"])

    job_id = enqueue("tests.died", 3)
    with transaction():
        row = jobs.items_of(job_id)[2]
        row.state, row.lease_until = jobs.RUNNING, utc_now() - timedelta(seconds=1)
    jobs.run_pending()
    assert order == [2, 0, 1]


def test_a_worker_that_is_told_to_stop_ends_at_its_next_row_and_leaves_the_rest():
    done = []

    @jobs.handler("tests.long")
    def work(payload, *, now):
        done.append(payload["n"])

    job_id = enqueue("tests.long", 3)
    assert jobs.run_pending(stopping=lambda: len(done) == 2) == 2
    assert [row.state for row in rows(job_id)] == ["done", "done", "queued"]
    jobs.run_pending()
    assert done == [0, 1, 2]
