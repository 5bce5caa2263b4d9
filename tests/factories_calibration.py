"""A module that calibrates its raters, and raters who score its cases well or badly."""

from datetime import datetime, timedelta
from typing import Any

from lms.db import transaction
from lms.modules import calibrating, queries, services
from tests.factories import NOW, MadePerson
from tests.factories_modules import SLUG, answer_and_submit, attempt_of, do_all, right_answers
from tests.factories_packages import broken, case_yaml, light_files, make_release

WEEK = timedelta(weeks=1)
CALIBRATION = """\
calibration: {cases: cases/calibration, count: 1, every_weeks: 4, total: total, spread: 7}
"""


def calibrated_files(block: str = CALIBRATION, *, slug: str = SLUG) -> dict[str, bytes]:
    files = light_files()
    files["cases/calibration/k1.yaml"] = _case("k1", "Walks on the heels.", 6)
    files["cases/calibration/k2.yaml"] = _case("k2", "Walks on the toes.", 7)
    files = broken({"package.yaml": ("steps:\n", block + "steps:\n")}, files)
    if slug == SLUG:
        return files
    files = broken({"package.yaml": (f"slug: {SLUG}", f"slug: {slug}")}, files)
    return broken({"package.yaml": ("title: A sample", f"title: A {slug}")}, files)


def _case(key: str, text: str, grade: int) -> bytes:
    return case_yaml(key, text, grade).replace("{step: deck, slide: 1}", "{step: why}").encode()


def make_calibrated(person: MadePerson, *, now: datetime = NOW) -> None:
    """Publish the module, and certify a person in it."""
    make_release(calibrated_files())
    do_all(person, now=now)


def calibrate(person: MadePerson, *, at: datetime, off: int = 0, slug: str = SLUG) -> int:
    """Let a person score the next calibration case, each item so many grades off the panel."""
    with transaction():
        attempt_id = services.begin_attempt(
            person.id, slug, "calibration", seed=7, extra_time=1.0, now=at
        )
    attempt = attempt_of(person, attempt_id)
    answer_and_submit(person, attempt_id, shifted(right_answers(attempt), off), now=at)
    return attempt_id


def shifted(answers: dict[str, Any], off: int) -> dict[str, Any]:
    return {
        key: {**given, "value": max(0, min(10, int(given["value"]) + off))}
        for key, given in answers.items()
    }


def let_drift(person: MadePerson, *, since: datetime = NOW, slug: str = SLUG) -> datetime:
    """Let a certified person score two grades too high until an alarm is raised; return when."""
    at = since
    for _ in range(6):
        at += 4 * WEEK
        calibrate(person, at=at, off=2, slug=slug)
        if "alarm" in alerts_of(person, slug):
            return at
    raise AssertionError("no alarm was raised")


def alerts_of(person: MadePerson, slug: str = SLUG) -> dict[str, datetime]:
    found = calibrating.course_for(queries.enrolment_of(person.id, slug))
    assert found is not None
    return dict(found.alerts)
