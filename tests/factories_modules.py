"""People on their way through the sample module."""

from datetime import datetime, timedelta
from typing import Any

from lms import demo
from lms.db import transaction
from lms.modules import queries, services
from lms.modules.queries import AttemptFacts
from tests.factories import NOW, MadePerson

SLUG = "sample"


def enrol(person: MadePerson, *, now: datetime = NOW, slug: str = SLUG) -> int:
    with transaction():
        return services.enrol(person.id, slug, now=now)


def do_until(person: MadePerson, step_key: str, *, now: datetime = NOW, slug: str = SLUG) -> None:
    """Do every step before the named one, agreeing with the panel in everything."""
    enrol(person, now=now, slug=slug)
    while True:
        view = services.current_path(queries.enrolment_of(person.id, slug), now=now).next
        if view is None or view.step.key == step_key:
            return
        demo.do_step(person.id, slug, view, now=now)


def do_all(person: MadePerson, *, now: datetime = NOW) -> None:
    do_until(person, "nothing comes after the end", now=now)


def begin(
    person: MadePerson,
    step_key: str,
    *,
    now: datetime = NOW,
    extra_time: float = 1.0,
    slug: str = SLUG,
) -> int:
    with transaction():
        return services.begin_attempt(
            person.id, slug, step_key, seed=7, extra_time=extra_time, now=now
        )


def attempt_of(person: MadePerson, attempt_id: int) -> AttemptFacts:
    return queries.attempt_of(person.id, attempt_id)


def right_answers(attempt: AttemptFacts) -> dict[str, Any]:
    return dict(demo.reference_answers(attempt))


def wrong_answers(attempt: AttemptFacts) -> dict[str, Any]:
    """Answer everything, and as far from right as the form allows."""
    material = attempt.material
    answers: dict[str, Any] = {}
    for key, right in right_answers(attempt).items():
        question = material.questions.get(key)
        if question is None:
            value = 0 if right["value"] not in (0, 1) else 10
            answers[key] = {"value": value, "na": False, "reason": None, "side": None}
        elif question.kind == "number":
            answers[key] = "-999"
        else:
            wrong = [option.key for option in question.options if not option.correct]
            answers[key] = wrong[:1] if question.kind == "several" else wrong[0]
    return answers


def answer_and_submit(
    person: MadePerson, attempt_id: int, answers: dict[str, Any], *, now: datetime = NOW
) -> None:
    with transaction():
        services.save_answers(attempt_of(person, attempt_id), answers, now=now)
    with transaction():
        services.submit_attempt(person.id, attempt_id, now=now)


def fail(person: MadePerson, step_key: str, *, now: datetime = NOW) -> int:
    """Have a person fail a try at a step, and return the attempt's id."""
    attempt_id = begin(person, step_key, now=now)
    answer_and_submit(person, attempt_id, wrong_answers(attempt_of(person, attempt_id)), now=now)
    return attempt_id


HOUR = timedelta(hours=1)
