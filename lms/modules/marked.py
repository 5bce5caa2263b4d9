"""Between the answers as they were given and the rules that mark them."""

from collections.abc import Mapping
from typing import Any

from lms.errors import N_
from lms.instruments import api as instruments
from lms.instruments.domain import Answer
from lms.modules import queries
from lms.modules.domain import (
    QuestionMark,
    QuizResult,
    RatingResult,
    counted,
    is_given,
    mark_quiz,
    mark_rating,
    mark_step,
    read_number,
    verdict_to_json,
)
from lms.modules.material import Material
from lms.modules.models import Result
from lms.modules.queries import AttemptFacts
from lms.packages.domain import Case, CertificationStep, Question, QuizStep


def answer_keys(attempt: AttemptFacts) -> list[str]:
    """Return the keys that the attempt asks for, in order: questions, or "case/item"."""
    material = attempt.material
    if isinstance(material.step(attempt.step_key), QuizStep):
        return [entry["question"] for entry in attempt.drawn]
    return [f"{case}/{item.key}" for case in attempt.drawn for item in material.instrument.items]


def lacking(attempt: AttemptFacts, answers: Mapping[str, Any]) -> dict[str, str]:
    """Return what still hinders handing in: answer key to a sentence."""
    material = attempt.material
    if isinstance(material.step(attempt.step_key), QuizStep):
        return _lacking_in_quiz(attempt, material, answers)
    return {
        f"{case}/{item}": sentence
        for case in attempt.drawn
        for item, sentence in lacking_in_case(material, case, answers).items()
    }


def lacking_in_case(material: Material, case: str, answers: Mapping[str, Any]) -> dict[str, str]:
    """Return what a case's ratings lack or what is wrong with them: item key to a sentence."""
    rated, refused = read_ratings(material, case, answers)
    return instruments.unfinished(material.instrument, rated) | refused


def _lacking_in_quiz(
    attempt: AttemptFacts, material: Material, answers: Mapping[str, Any]
) -> dict[str, str]:
    problems = {}
    for entry in attempt.drawn:
        key = entry["question"]
        given = answers.get(key)
        if not is_given(given):
            problems[key] = N_("This question has no answer yet.")
        elif sentence := question_problem(material.questions[key], given):
            problems[key] = sentence
    return problems


def question_problem(question: Question, given: Any) -> str | None:
    """Return what is wrong with the shape of an answer to a question, None if nothing is."""
    if question.kind == "number":
        return None if read_number(given) is not None else N_("Write a number, for example 12.5.")
    keys = {option.key for option in question.options}
    chosen = given if isinstance(given, list) else [given]
    return None if set(chosen) <= keys else N_("This is not one of the choices.")


def read_ratings(
    material: Material, case: str, answers: Mapping[str, Any]
) -> tuple[dict[str, Answer], dict[str, str]]:
    """Return what can be read of a case's ratings, and sentences for what cannot."""
    return instruments.read_ratings(
        material.instrument,
        {item.key: answers.get(f"{case}/{item.key}") for item in material.instrument.items},
    )


def mark(attempt: AttemptFacts, answers: Mapping[str, Any]) -> QuizResult | RatingResult:
    """Mark an attempt with the answers as they stand."""
    material = attempt.material
    step = material.step(attempt.step_key)
    if isinstance(step, QuizStep):
        return mark_quiz(step, drawn=attempt.drawn, answers=answers)
    cases = [material.cases[key] for key in counted(attempt.drawn)]
    if isinstance(step, CertificationStep):
        return mark_certification(material, step, cases, answers)
    return mark_cases(material, cases, with_initial_visit(attempt, answers))


def as_kept(attempt: AttemptFacts, row: Result) -> QuizResult:
    """Return a quiz's result as a marking left it, which may stand on other rules than its release.

    Args:
        row: the result of the attempt, with the detail that `detail` wrote.
    """
    right, given = row.detail["right"], attempt.submitted or {}
    keys = [entry["question"] for entry in attempt.drawn]
    questions = (QuestionMark(key, right[key], is_given(given.get(key))) for key in keys)
    return QuizResult(tuple(questions), row.required)


def with_initial_visit(attempt: AttemptFacts, answers: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the answers with those to the initial visit, if that was the practice try before.

    Answers that hold them already come back as they are.
    """
    cases = attempt.material.cases
    follows = [cases[entry].follows for entry in attempt.drawn if isinstance(entry, str)]
    there = {*attempt.drawn, *(key.partition("/")[0] for key in answers)} if any(follows) else ()
    if all(initial is None or initial in there for initial in follows):
        return answers
    return {**queries.handed_in_before(attempt), **answers}


def mark_certification(
    material: Material, step: CertificationStep, cases: list[Case], answers: Mapping[str, Any]
) -> RatingResult:
    """Judge the answers to a form by everything that the step asks for."""
    return mark_step(material.instrument, cases, step, answers=_rated(material, cases, answers))


def mark_cases(material: Material, cases: list[Case], answers: Mapping[str, Any]) -> RatingResult:
    """Compare the answers to some cases with their references, by what is asked of a case.

    Args:
        answers: of a follow-up visit, those to the initial visit among them.
    """
    keys = {case.key for case in cases}
    initials = [
        material.cases[case.follows]
        for case in cases
        if case.follows is not None and case.follows not in keys
    ]
    return mark_rating(
        material.instrument,
        cases,
        material.criteria.without_form(),
        answers=_rated(material, [*cases, *initials], answers),
        initials=initials,
    )


def _rated(
    material: Material, cases: list[Case], answers: Mapping[str, Any]
) -> dict[str, dict[str, Answer]]:
    return {case.key: read_ratings(material, case.key, answers)[0] for case in cases}


def detail(result: QuizResult | RatingResult) -> dict[str, Any]:
    """Return what is kept of a result for reports: right and wrong, inside and outside; no key."""
    if isinstance(result, QuizResult):
        return {
            "right": {mark.key: mark.right for mark in result.questions},
            "verdict": verdict_to_json(result.verdict),
        }
    gap = result.largest_gap
    told = {
        "items_within": result.items_within,
        "items_of": result.items_of,
        "items_required": result.items_required,
        "largest_gap": None if gap is None else str(gap),
        "cases": {
            case.case: {
                "met": case.met,
                "outside": [mark.item for mark in case.items if mark.counted and not mark.within],
            }
            for case in result.cases
        },
        "verdict": verdict_to_json(result.verdict),
    }
    if not result.levels:
        return told
    return {
        **told,
        "level": result.level,
        "level_title": result.level_title,
        "levels": [
            {"key": one.key, "title": one.title, "passed": one.verdict.passed}
            for one in result.levels
        ],
    }
