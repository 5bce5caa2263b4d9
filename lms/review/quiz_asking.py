"""From a form about a quiz to the rules of a question, written as a package would write them."""

from collections.abc import Mapping
from typing import Any

from wtforms import SelectChoice

from lms.packages import api as packages
from lms.packages.domain import NumberAnswer, Question, QuizStep
from lms.review.forms import KEY, MARK, WRITTEN, QuizWhatIfForm


def question_asked(step: QuizStep, given: Mapping[str, str]) -> Question | None:
    """Return the question whose key is to be another, None where none was chosen."""
    return step.questions.get(given.get("question", ""))


def new_form(step: QuizStep, question: Question | None, given: Mapping[str, str]) -> QuizWhatIfForm:
    """Return the form as the current release has the quiz, with the choices of a question."""
    values: dict[str, Any] = {
        "way": given.get("way", "") or (MARK if question is None else KEY),
        "pass_mark": step.pass_mark,
        "question": question.key if question else "",
        "written": packages.quiz_rules_as_text(step),
    }
    if question is not None:
        right = [option.key for option in question.options if option.correct]
        values |= {"choice": right[0] if right else "", "choices": right}
        values["written"] = packages.key_as_text(question, question.answer or right)
        if question.answer is not None:
            values |= {"value": question.answer.value, "tolerance": question.answer.tolerance}
    return with_choices(QuizWhatIfForm(**values), question)


def sent_form(question: Question | None) -> QuizWhatIfForm:
    """Return the form as it was sent."""
    return with_choices(QuizWhatIfForm(), question)


def with_choices(form: QuizWhatIfForm, question: Question | None) -> QuizWhatIfForm:
    names = packages.plain_choices(question) if question else {}
    for field in (form.choice, form.choices):
        field.choices = [SelectChoice(key, name) for key, name in names.items()]
    return form


def written_of(form: QuizWhatIfForm, question: Question | None) -> str:
    """Return what was asked as YAML, whichever way it was said."""
    if form.way.data == WRITTEN:
        return str(form.written.data or "")
    if form.way.data == MARK:
        mark = form.pass_mark.data
        return "" if mark is None else f"pass_mark: {mark}\n"
    return "" if question is None else packages.key_as_text(question, right_of(form, question))


def right_of(form: QuizWhatIfForm, question: Question) -> list[str] | NumberAnswer:
    """Return what is chosen as right of a question."""
    if question.kind == "number":
        return NumberAnswer(
            str(form.value.data or "").strip() or "''", str(form.tolerance.data or "0").strip()
        )
    if question.kind == "one":
        return [form.choice.data] if form.choice.data else []
    return list(form.choices.data or [])


def faulty_field(form: QuizWhatIfForm, question: Question | None) -> Any:
    """Return the field beside which it is said what is wrong with what was asked."""
    if form.way.data == WRITTEN:
        return form.written
    if form.way.data == MARK:
        return form.pass_mark
    if question is None:
        return form.way
    return {"number": form.value, "one": form.choice}.get(question.kind, form.choices)
