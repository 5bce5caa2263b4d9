"""Doing a whole module as a person would: by the reference, or with a hand of one's own."""

import random
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from lms.db import transaction
from lms.demo.people import Hand
from lms.modules import queries, services
from lms.modules.domain import Path, StepView
from lms.modules.domain.drawing import shown_case
from lms.packages.domain import (
    CertificationStep,
    PracticeStep,
    Question,
    QuizStep,
    SlidesStep,
    TextStep,
    VideoStep,
)

FEW: Final = 6
"""Levels of a scale on which nobody is off by two."""


def complete(person_id: int, slug: str, *, now: datetime, hand: Hand | None = None) -> None:
    """Do a whole module, up to a try that is not passed.

    Args:
        hand: how cases are rated; without one, as somebody who agrees with the panel in
            everything.

    Raises:
        LmsError: if a step cannot be done; nothing is forced.
    """
    with transaction():
        services.enrol(person_id, slug, now=now)
    while True:
        path = services.current_path(queries.enrolment_of(person_id, slug), now=now)
        if path.next is None or _has_failed(path):
            return
        do_step(person_id, slug, path.next, now=now, hand=hand)


def _has_failed(path: Path) -> bool:
    """Tell whether a try at a certification was handed in and the path goes on all the same."""
    return any(isinstance(one.step, CertificationStep) and one.tries for one in path.steps)


def do_step(
    person_id: int, slug: str, view: StepView, *, now: datetime, hand: Hand | None = None
) -> None:
    key = view.step.key
    match view.step:
        case TextStep():
            with transaction():
                services.read_text(person_id, slug, key, now=now)
        case SlidesStep(slides=slides):
            with transaction():
                numbers = [slide.number for slide in slides]
                services.see_slides(person_id, slug, key, numbers, now=now)
        case VideoStep(film=film):
            _watch(person_id, slug, key, film.seconds or 0.0, now=now)
        case PracticeStep() | QuizStep() | CertificationStep():
            _answer(person_id, slug, key, now=now, hand=hand)


def _watch(person_id: int, slug: str, key: str, seconds: float, *, now: datetime) -> None:
    with transaction():
        services.open_lesson(person_id, slug, key, now=now - timedelta(seconds=seconds))
    with transaction():
        services.see_ranges(person_id, slug, key, [[0, seconds]], position=seconds, now=now)


def _answer(person_id: int, slug: str, key: str, *, now: datetime, hand: Hand | None) -> None:
    with transaction():
        attempt = _begun(person_id, slug, key, seed=hand.seed if hand else 1, now=now)
        answers = dict(reference_answers(attempt))
        if hand is not None:
            answers |= slipped(attempt, answers, hand)
        _hand_in(attempt, answers, now=now)


def _begun(
    person_id: int, slug: str, key: str, *, seed: int, now: datetime
) -> queries.AttemptFacts:
    attempt_id = services.begin_attempt(person_id, slug, key, seed=seed, extra_time=1.0, now=now)
    return queries.attempt_of(person_id, attempt_id)


def _hand_in(attempt: queries.AttemptFacts, answers: Mapping[str, Any], *, now: datetime) -> None:
    services.save_answers(attempt, answers, now=now)
    services.submit_attempt(attempt.enrolment.person_id, attempt.id, now=now)


def practise(person_id: int, slug: str, *, cases: int, now: datetime, hand: Hand) -> None:
    """Go through a module up to its practice, and score so many cases there, a day apart."""
    with transaction():
        services.enrol(person_id, slug, now=now)
    while True:
        path = services.current_path(queries.enrolment_of(person_id, slug), now=now)
        if path.next is None or isinstance(path.next.step, PracticeStep):
            break
        do_step(person_id, slug, path.next, now=now, hand=hand)
    if path.next is not None:
        for day in range(cases):
            at = now + timedelta(days=day)
            _answer(person_id, slug, path.next.step.key, now=at, hand=hand)


def calibrate(person_id: int, slug: str, by: int, *, now: datetime) -> None:
    """Score the next calibration case of a module of lines, so many millimetres off the panel."""
    with transaction():
        attempt = _begun(person_id, slug, "calibration", seed=1, now=now)
        answers = {
            key: _moved(attempt, key, given, by) for key, given in reference_answers(attempt)
        }
        _hand_in(attempt, answers, now=now)


def _moved(attempt: queries.AttemptFacts, key: str, given: Any, by: int) -> Any:
    kind = attempt.material.instrument.item(key.partition("/")[2]).kind
    return {**given, "value": _on_line(given["value"] + by)} if kind == "vas" else given


def reference_answers(attempt: queries.AttemptFacts) -> Iterator[tuple[str, Any]]:
    """Give (answer key, right answer) for everything that an attempt asks."""
    material = attempt.material
    for entry in attempt.drawn:
        if isinstance(entry, dict):
            question = material.questions[entry["question"]]
            yield question.key, right_answer(question)
        else:
            for item, answer in material.cases[shown_case(entry)[0]].reference.items():
                reason = material.instrument.na_reasons
                given = dict(answer)
                if given["na"] and not given["reason"] and reason:
                    given["reason"] = reason[-1].code
                yield f"{entry}/{item}", given


def slipped(
    attempt: queries.AttemptFacts, answers: Mapping[str, Any], hand: Hand
) -> dict[str, Any]:
    """Give the ratings that a hand makes otherwise than the reference: some a grade beside it,
    and every mark on a line a few millimetres."""
    chance = random.Random(f"{hand.seed}/{attempt.step_key}/{attempt.number}")  # noqa: S311
    changed = {}
    for key, given in answers.items():
        item = key.partition("/")[2]
        off, up = chance.random() < hand.slips, chance.random() < hand.high
        far = 2 if chance.random() < 1 / 6 else 1
        if item and given["value"] is not None:
            scale = attempt.material.instrument.item(item).scale
            by = (far if up else -far) if off else 0
            if scale.kind == "vas":
                grade = _on_line(given["value"] + 4 * by + chance.randint(-3, 3))
            else:
                grade = _beside(scale, given["value"], by)
            changed[key] = {**given, "value": grade}
    return changed


def _on_line(millimetres: int) -> int:
    return min(max(millimetres, 0), 100)


def _beside(scale: Any, value: Any, by: int) -> Any:
    """So many grades further, one where there are few; the same at a scale's end."""
    if isinstance(value, int | float) and scale.kind == "levels":
        codes = [level.code for level in scale.levels if level.value is not None]
        step = by if len(codes) > FEW else min(max(by, -1), 1)
        return value + step if value + step in codes else value
    return value


def right_answer(question: Question) -> Any:
    if question.answer is not None:
        return question.answer.value
    right = [option.key for option in question.options if option.correct]
    return right if question.kind == "several" else right[0]
