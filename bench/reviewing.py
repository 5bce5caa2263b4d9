"""What if over 100,000 past attempts, beside marking each of them by itself."""

import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import insert

from bench.exporting import settings_of
from lms.accounts.models import Person
from lms.app import create_app
from lms.clock import utc_now
from lms.db import Base, db, end_reading, transaction
from lms.instruments import api as instruments
from lms.modules import api as modules
from lms.modules.domain import draw_quiz, mark_quiz, mark_step
from lms.modules.domain.changed import ChangedRules
from lms.modules.domain.changed_quiz import (
    AnyRules,
    ChangedQuiz,
    KeyChange,
    QuizBook,
    questions_of,
)
from lms.modules.domain.crowd import Crowd, passed_by
from lms.modules.domain.many import Book
from lms.modules.models import Attempt, Enrolment, Result, Submission
from lms.packages import api as packages
from lms.packages.domain import CertificationStep, Question, QuizStep
from lms.review.reckoning import reckon

TRIES = int(os.environ.get("BENCH_TRIES") or 100_000)
SAMPLE = 400
SLUG = "mmt8"
BATCH = 2000
ERRORS = (-3, -2, -1, 0, 1, 2, 3)
WEIGHTS = (0.02, 0.05, 0.13, 0.6, 0.13, 0.05, 0.02)


@dataclass(frozen=True)
class ReviewingFigures:
    """Seconds of wall clock and CPU for all tries; the loop's scaled up from its sample."""

    tries: int
    sample: int
    seconds: float
    cpu_seconds: float
    loop_seconds: float
    gained: int
    agree: bool

    @property
    def ratio(self) -> float:
        return self.loop_seconds / self.cpu_seconds


def measure() -> list[ReviewingFigures]:
    """Return the figures of tries at cases, and those of tries at a quiz."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings_of(Path(folder)))
        with app.app_context():
            Base.metadata.create_all(db.engine)
            fill()
            figures = [measured(*cases_question()), measured(*quiz_question())]
            db.session.remove()
            db.engine.dispose()
        return figures


Marked = Callable[[modules.PastTry], bool]


def measured(rules: AnyRules, one_by_one: Marked) -> ReviewingFigures:
    today = utc_now().date()
    end_reading()
    wall, cpu = time.perf_counter(), time.process_time()
    result = reckon(SLUG, rules, today=today)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    sample = next(iter(modules.past_tries(SLUG, rules.step)))[:SAMPLE]
    loop = time.process_time()
    passed = [one_by_one(one) for one in sample]
    loop = time.process_time() - loop
    changed = {one.id for one in result.changed}
    return ReviewingFigures(
        tries=result.tries.of,
        sample=SAMPLE,
        seconds=wall,
        cpu_seconds=cpu,
        loop_seconds=loop * TRIES / SAMPLE,
        gained=result.tries.gained,
        agree=all(
            (one.id in changed) == (after != one.passed)
            for one, after in zip(sample, passed, strict=True)
        ),
    )


def cases_question() -> tuple[AnyRules, Marked]:
    rules = changed_rules(certification())
    return rules, lambda one: mark_cases(one, rules)


def quiz_question() -> tuple[AnyRules, Marked]:
    """A mark lower by one, and another right choice of the first question that has choices."""
    step = quiz()
    first = next(one for one in questions_of(step).values() if one.kind == "one")
    wrong = next(option.key for option in first.options if not option.correct)
    rules = ChangedQuiz(step.key, step.pass_mark - 1, (KeyChange(first.key, (wrong,)),))
    return rules, lambda one: mark_one_quiz(one, rules)


def mark_one_quiz(one: modules.PastTry, rules: ChangedQuiz) -> bool:
    """Mark one try as submitting it does."""
    material = modules.material_of(packages.release(one.release_id).digest)
    step = material.step(one.step_key)
    assert isinstance(step, QuizStep)
    return mark_quiz(rules.over(step), drawn=one.drawn, answers=json.loads(one.answers)).passed


def mark_cases(one: modules.PastTry, rules: ChangedRules) -> bool:
    """Mark one try as submitting it does."""
    material = modules.material_of(packages.release(one.release_id).digest)
    step = material.step(one.step_key)
    assert isinstance(step, CertificationStep)
    changed, answers = rules.over(step), json.loads(one.answers)
    cases = {case.key: case for form in changed.forms for case in form.cases}
    rated = {
        key: instruments.read_ratings(
            material.instrument,
            {i.key: answers.get(f"{key}/{i.key}") for i in material.instrument.items},
        )[0]
        for key in one.drawn
    }
    drawn = [cases[key] for key in one.drawn]
    return mark_step(material.instrument, drawn, changed, answers=rated).passed


def certification() -> CertificationStep:
    content = packages.content_of(packages.current_release(SLUG).digest)
    return next(step for step in content.steps if isinstance(step, CertificationStep))


def quiz() -> QuizStep:
    content = packages.content_of(packages.current_release(SLUG).digest)
    return next(step for step in content.steps if isinstance(step, QuizStep))


def changed_rules(step: CertificationStep) -> ChangedRules:
    item = step.criteria.item_within
    assert item is not None
    criteria = replace(step.criteria, item_within=replace(item, tolerance="2"))
    return ChangedRules(step.key, criteria)


def fill() -> None:
    """Write the shipped module and random tries at it, marked by its own rules."""
    checked = packages.check(Path(__file__).parent.parent / "content" / SLUG)
    assert checked.build is not None
    source = packages.keep_files(checked.build)
    now = utc_now()
    with transaction():
        release = packages.publish_build(checked.build, source=source, person_id=None, now=now)
    step, questions = certification(), quiz()
    random = np.random.default_rng(1)
    for first in range(0, TRIES, BATCH):
        numbers = range(first, min(first + BATCH, TRIES))
        with transaction():
            write(release.id, step, numbers, random, now)
            write_quiz(questions, numbers, random, now)


def write(
    release_id: int,
    step: CertificationStep,
    numbers: range,
    random: np.random.Generator,
    now: datetime,
) -> None:
    form = step.forms[(numbers[0] // BATCH) % len(step.forms)]
    material = modules.material_of(packages.release(release_id).digest)
    crowd = Crowd(material.instrument, [case.key for case in form.cases], Book(material.instrument))
    given = [answers_of(form.cases, random) for _ in numbers]
    for one in given:
        crowd.add(json.dumps(one))
    passed = passed_by(material.instrument, form.cases, step, crowd)[0].tolist()
    drawn = [case.key for case in form.cases]
    ids = [number + 1 for number in numbers]
    for table, rows in (
        (Person, [person(n, now) for n in ids]),
        (
            Enrolment,
            [
                {"id": n, "person_id": n, "package_slug": SLUG, "release_id": release_id,
                 "round": 1, "enrolled_at": now - timedelta(days=30)}
                for n in ids
            ],
        ),
        (
            Attempt,
            [
                {"id": n, "enrolment_id": n, "step_key": step.key, "number": 1, "seed": n,
                 "drawn": drawn, "form": form.key, "started_at": now, "due_at": None}
                for n in ids
            ],
        ),
        (
            Submission,
            [
                {"attempt_id": n, "answers": one, "late": False, "submitted_at": now}
                for n, one in zip(ids, given, strict=True)
            ],
        ),
        (
            Result,
            [
                {"attempt_id": n, "version": 1, "passed": one, "reached": 0, "required": 0,
                 "of": len(drawn), "detail": {}, "marked_at": now}
                for n, one in zip(ids, passed, strict=True)
            ],
        ),
    ):  # fmt: skip
        db.session.execute(insert(table), rows)


def write_quiz(step: QuizStep, numbers: range, random: np.random.Generator, now: datetime) -> None:
    """Write a try at the quiz to each enrolment: questions drawn, most of them right."""
    book, known = QuizBook(step), questions_of(step)
    drawn = [draw_quiz(step, seed=n, seen=()).content for n in numbers]
    given = [
        {one["question"]: choice_of(known[one["question"]], random) for one in own} for own in drawn
    ]
    ids = [TRIES + n + 1 for n in numbers]
    attempts = [
        {"id": n, "enrolment_id": n - TRIES, "step_key": step.key, "number": 1, "seed": n,
         "drawn": own, "form": "", "started_at": now, "due_at": None}
        for n, own in zip(ids, drawn, strict=True)
    ]  # fmt: skip
    submissions = [
        {"attempt_id": n, "answers": own, "late": False, "submitted_at": now}
        for n, own in zip(ids, given, strict=True)
    ]
    results = [
        {"attempt_id": n, "version": 1, "passed": book.passed(answers), "reached": 0,
         "required": step.pass_mark, "of": len(own), "detail": {}, "marked_at": now}
        for n, own, answers in zip(ids, drawn, given, strict=True)
    ]  # fmt: skip
    for table, rows in ((Attempt, attempts), (Submission, submissions), (Result, results)):
        db.session.execute(insert(table), rows)


def choice_of(question: Question, random: np.random.Generator) -> Any:
    """Answer a question, three times of four right."""
    right = random.random() < 0.75
    if question.answer is not None:
        return question.answer.value if right else "-999"
    keys = [option.key for option in question.options if option.correct is right]
    return keys if question.kind == "several" else keys[0]


def answers_of(cases: Any, random: np.random.Generator) -> dict[str, Any]:
    """Ratings about the reference, most of them on it."""
    return dict(_answers(cases, random))


def _answers(cases: Any, random: np.random.Generator) -> Iterator[tuple[str, Any]]:
    for case in cases:
        off = random.choice(ERRORS, size=len(case.reference), p=WEIGHTS).tolist()
        for (item, reference), points in zip(case.reference.items(), off, strict=True):
            if reference["na"]:
                yield f"{case.key}/{item}", reference
                continue
            value = min(10, max(0, reference["value"] + points))
            yield f"{case.key}/{item}", {"value": value, "na": False, "reason": None, "side": None}


def person(number: int, now: datetime) -> dict[str, Any]:
    return {
        "id": number,
        "email": f"rater{number}@example.org",
        "name": f"Rater {number}",
        "password_hash": "!nobody signs in with this",
        "created_at": now,
        "confirmed_at": now,
    }
