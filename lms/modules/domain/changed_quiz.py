"""Rules of a quiz as somebody would have them, laid over what a release says."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any, Final

from lms.modules.domain.changed import ChangedRules, changed_rules_from_data
from lms.modules.domain.marking import is_right
from lms.packages.domain import Content, NumberAnswer, Pool, Question, QuizStep

QUIZ: Final = "quiz"


@dataclass(frozen=True)
class KeyChange:
    """Another right answer to one question: the keys of its right choices, or a figure."""

    question: str
    choices: tuple[str, ...] = ()
    answer: NumberAnswer | None = None

    def fits(self, question: Question) -> bool:
        """Whether the question can be answered so: a figure, or choices that it has."""
        if (self.answer is None) is (question.kind == "number"):
            return False
        return set(self.choices) <= {option.key for option in question.options}

    def over(self, question: Question) -> Question:
        options = tuple(
            replace(option, correct=option.key in self.choices) for option in question.options
        )
        return replace(question, options=options, answer=self.answer)

    def stands_in(self, question: Question) -> bool:
        """Whether a question says this already; 5.0 says what 5 says."""
        if not self.fits(question):
            return False
        if self.answer is not None and question.answer is not None:
            return _figures(self.answer) == _figures(question.answer)
        return {one.key for one in question.options if one.correct} == set(self.choices)


@dataclass(frozen=True)
class ChangedQuiz:
    """What is asked of a quiz: another required mark, other right answers, or both.

    Args:
        pass_mark: None = that of each release.
    """

    step: str
    pass_mark: int | None = None
    keys: tuple[KeyChange, ...] = ()

    @property
    def changes_nothing(self) -> bool:
        return self.pass_mark is None and not self.keys

    def over(self, step: QuizStep) -> QuizStep:
        """Return a release's quiz by these rules; a question that it lacks stays out of it."""
        changes = {one.question: one for one in self.keys}
        pools = tuple(_over(pool, changes) for pool in step.pools) if changes else step.pools
        mark = step.pass_mark if self.pass_mark is None else self.pass_mark
        return replace(step, pools=pools, pass_mark=mark)

    def fits(self, step: QuizStep) -> bool:
        """Whether a quiz draws enough questions, and has the choices that are named."""
        questions = step.questions
        return (self.pass_mark is None or self.pass_mark <= step.drawn) and all(
            one.fits(questions[one.question]) for one in self.keys if one.question in questions
        )

    def stand_in(self, content: Content) -> bool:
        """Whether a content says all of this: then the change is published."""
        found = next((one for one in content.steps if one.key == self.step), None)
        if not isinstance(found, QuizStep) or self.changes_nothing:
            return False
        questions = found.questions
        return self.pass_mark in (None, found.pass_mark) and all(
            one.question in questions and one.stands_in(questions[one.question])
            for one in self.keys
        )

    def as_data(self) -> dict[str, Any]:
        return {"kind": QUIZ, **asdict(self)}


AnyRules = ChangedRules | ChangedQuiz


def rules_from_data(data: Mapping[str, Any]) -> AnyRules:
    """Read what `as_data` of either wrote and JSON kept."""
    if data.get("kind") != QUIZ:
        return changed_rules_from_data(data)
    return ChangedQuiz(
        step=data["step"],
        pass_mark=data["pass_mark"],
        keys=tuple(_key_from_data(one) for one in data["keys"]),
    )


def _key_from_data(data: Mapping[str, Any]) -> KeyChange:
    answer = data["answer"]
    return KeyChange(
        data["question"],
        tuple(data["choices"]),
        None if answer is None else NumberAnswer(**answer),
    )


class QuizBook:
    """Marks many tries at a quiz: the verdict of `mark_quiz`, each different answer judged once."""

    def __init__(self, step: QuizStep) -> None:
        self.required = step.pass_mark
        self.questions = step.questions
        self._known: dict[Any, bool] = {}

    def passed(self, answers: Mapping[str, Any]) -> bool:
        """Say whether a try is passed.

        Args:
            answers: as of `mark_quiz`, to questions that were drawn and to no others.
        """
        reached = 0
        for key, given in answers.items():
            asked = (key, tuple(given) if type(given) is list else given)
            right = self._known.get(asked)
            if right is None:
                right = self._known[asked] = is_right(self.questions[key], given)
            reached += right
        return reached >= self.required


def _over(pool: Pool, changes: Mapping[str, KeyChange]) -> Pool:
    return replace(
        pool,
        questions=tuple(
            changes[one.key].over(one) if one.key in changes else one for one in pool.questions
        ),
    )


def _figures(answer: NumberAnswer) -> tuple[Decimal, Decimal]:
    return Decimal(answer.value), Decimal(answer.tolerance)
