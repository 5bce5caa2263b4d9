"""Whether another try may begin."""

from datetime import timedelta

import pytest

from lms.modules.domain import Try, due, next_try, time_is_up
from tests.factories import NOW

HOUR = timedelta(hours=1)


def tried(number: int, *, ended: timedelta | None = HOUR, passed: bool | None = False) -> Try:
    """A try that was handed in so long ago; None: still open."""
    submitted = None if ended is None else NOW - ended
    return Try(number, number, NOW - 2 * HOUR, None, submitted, passed)


def ask(*tries: Try, limit=3, further=0, wait_hours=0, missing=()):
    return next_try(
        tries, limit=limit, further=further, wait_hours=wait_hours, missing=missing, now=NOW
    )


@pytest.mark.parametrize(
    ("tries", "limit", "further", "left"),
    [(0, 3, 0, 3), (2, 3, 0, 1), (3, 3, 0, 0), (3, 3, 1, 1), (5, 3, 0, 0), (9, None, 0, None)],
)
def test_tries_left(tries, limit, further, left):
    answer = ask(*(tried(n) for n in range(tries)), limit=limit, further=further)
    assert answer.left == left
    assert answer.allowed is (left != 0)


def test_the_next_try_waits_from_the_end_of_the_last_one():
    answer = ask(tried(1, ended=HOUR), wait_hours=24)
    assert answer.opens_at == NOW + 23 * HOUR
    assert not answer.allowed


def test_when_the_wait_is_over_the_try_is_allowed():
    answer = ask(tried(1, ended=24 * HOUR), wait_hours=24)
    assert answer.opens_at is None
    assert answer.allowed


def test_after_the_last_try_nothing_opens():
    answer = ask(tried(1), tried(2), tried(3), wait_hours=24)
    assert answer.opens_at is None
    assert not answer.allowed


def test_an_open_try_is_taken_up_and_no_other_begins():
    answer = ask(tried(1, ended=None, passed=None))
    assert answer.open is not None
    assert not answer.allowed


def test_steps_that_must_be_done_again_come_first():
    assert not ask(tried(1), missing=("deck",)).allowed


@pytest.mark.parametrize(
    ("minutes", "extra", "expected"), [(30, 1.0, 30), (30, 1.25, 37.5), (30, 2.0, 60)]
)
def test_extra_time_makes_the_limit_longer(minutes, extra, expected):
    assert due(NOW, minutes=minutes, extra_time=extra) == NOW + timedelta(minutes=expected)


def test_no_limit_is_never_due():
    assert due(NOW, minutes=None, extra_time=1.0) is None
    assert not time_is_up(None, NOW)


@pytest.mark.parametrize(("seconds", "up"), [(-1, False), (0, False), (20, False), (21, True)])
def test_an_answer_on_its_way_is_still_taken(seconds, up):
    assert time_is_up(NOW, NOW + timedelta(seconds=seconds)) is up
