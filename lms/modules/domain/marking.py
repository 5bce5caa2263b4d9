"""Marking a quiz: which answers are right, and whether they are enough."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from lms.modules.domain.judging import quiz_line
from lms.modules.domain.verdict import Verdict
from lms.packages.domain import Question, QuizStep


@dataclass(frozen=True)
class QuestionMark:
    """One question of a quiz as it was answered."""

    key: str
    right: bool
    answered: bool


@dataclass(frozen=True)
class QuizResult:
    """How a quiz ended: `reached` right answers of `of`, `required` needed."""

    questions: tuple[QuestionMark, ...]
    required: int

    @property
    def reached(self) -> int:
        return sum(mark.right for mark in self.questions)

    @property
    def of(self) -> int:
        return len(self.questions)

    @property
    def verdict(self) -> Verdict:
        return Verdict((quiz_line(self.reached, of=self.of, required=self.required),))

    @property
    def passed(self) -> bool:
        return self.verdict.passed


def mark_quiz(
    step: QuizStep, *, drawn: Sequence[Mapping[str, Any]], answers: Mapping[str, Any]
) -> QuizResult:
    """Mark the drawn questions; one without an answer is not right.

    Args:
        drawn: as drawing.draw_quiz wrote it.
        answers: by question key: an option key, a list of option keys, or a number as text.
    """
    questions = step.questions
    marks = tuple(
        QuestionMark(
            key=entry["question"],
            right=is_right(questions[entry["question"]], answers.get(entry["question"])),
            answered=is_given(answers.get(entry["question"])),
        )
        for entry in drawn
    )
    return QuizResult(questions=marks, required=step.pass_mark)


def is_given(answer: Any) -> bool:
    """Tell whether there is an answer to a question."""
    return answer not in (None, "", [])


def is_right(question: Question, given: Any) -> bool:
    """Tell whether an answer is the right one; several choices count only all together."""
    if not is_given(given):
        return False
    if question.kind == "number":
        return _number_is_right(question, given)
    right = {option.key for option in question.options if option.correct}
    return {given} == right if question.kind == "one" else set(given) == right


def _number_is_right(question: Question, given: Any) -> bool:
    assert question.answer is not None
    number = read_number(given)
    if number is None:
        return False
    return abs(number - Decimal(question.answer.value)) <= Decimal(question.answer.tolerance)


def read_number(given: Any) -> Decimal | None:
    """Read a number as people write it, with a point or a comma; None if it is none."""
    try:
        number = Decimal(str(given).strip().replace(",", ".").replace("−", "-"))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
