"""What is well, what needs care, what does not work; everything that is not well has a remedy."""

from datetime import UTC, datetime, timedelta

import pytest

from lms.reports.domain import Check, Level, worst
from lms.reports.domain.health import (
    FULL_DISK,
    LATE,
    LOW_DISK,
    SILENT,
    STUCK,
    judge_audit,
    judge_database,
    judge_disk,
    judge_libraries,
    judge_queue,
    judge_worker,
)

NOW = datetime(2026, 11, 21, 10, 42, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def queue(waiting=0, since=None, failed=0):
    return judge_queue(waiting, NOW - since if since else None, failed, now=NOW)


CASES = [
    (judge_database("SQLite", at=frozenset({"2"}), head=frozenset({"2"})), Level.OK),
    (judge_database("SQLite", at=frozenset({"1"}), head=frozenset({"2"})), Level.FAIL),
    (judge_database("SQLite", at=frozenset(), head=frozenset({"2"})), Level.FAIL),
    (judge_worker(None, now=NOW), Level.FAIL),
    (judge_worker(NOW - SILENT, now=NOW), Level.OK),
    (judge_worker(NOW - SILENT - SECOND, now=NOW), Level.FAIL),
    (judge_worker(NOW + SECOND, now=NOW), Level.OK),
    (queue(), Level.OK),
    (queue(5, LATE), Level.OK),
    (queue(5, LATE + SECOND), Level.CARE),
    (queue(5, STUCK + SECOND), Level.FAIL),
    (queue(failed=1), Level.CARE),
    (judge_libraries([], ""), Level.OK),
    (judge_libraries(["libpango-1.0.so.0"], "sudo apt-get install -y pango"), Level.FAIL),
    (judge_disk(LOW_DISK, 10 * LOW_DISK), Level.OK),
    (judge_disk(LOW_DISK - 1, 10 * LOW_DISK), Level.CARE),
    (judge_disk(FULL_DISK - 1, 10 * LOW_DISK), Level.FAIL),
    (judge_audit([], looked_at=1000), Level.OK),
    (judge_audit([17], looked_at=1000), Level.FAIL),
]


@pytest.mark.parametrize(("check", "level"), CASES)
def test_the_level_is(check, level):
    assert check.level is level


@pytest.mark.parametrize("check", [check for check, _ in CASES])
def test_whatever_is_not_well_says_what_to_do_and_only_that(check):
    assert bool(check.remedy or check.command) == (check.level is not Level.OK)


@pytest.mark.parametrize("check", [check for check, _ in CASES])
def test_every_place_in_a_sentence_has_a_value(check):
    assert "%(" not in check.sentence % check.values
    assert "%(" not in check.remedy % check.values


def test_the_worst_one_counts():
    checks = [Check("a", level, "b") for level in (Level.OK, Level.CARE, Level.FAIL)]

    assert worst(checks) is Level.FAIL
    assert worst(checks[:2]) is Level.CARE
    assert worst(checks[:1]) is worst([]) is Level.OK
