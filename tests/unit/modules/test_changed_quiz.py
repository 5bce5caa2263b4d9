"""Other rules of a quiz: the verdicts of marking, where they apply, and when they are published."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.modules.domain import draw_quiz, mark_quiz
from lms.modules.domain.changed import ChangedRules
from lms.modules.domain.changed_quiz import (
    ChangedQuiz,
    KeyChange,
    QuizBook,
    rules_from_data,
)
from lms.packages.domain import NumberAnswer
from tests.samples import QUIZ, make_content

CHOICE = st.sampled_from(["x", "y", "z", None, ""])
SEVERAL = st.lists(st.sampled_from(["x", "y", "z"]), unique=True)
FIGURE = st.sampled_from(["52", "52.4", "52,5", "9", "many", "", None])
OTHER = NumberAnswer("9", "0")


def given_to(question):
    return {"one": CHOICE, "several": SEVERAL, "number": FIGURE}[question.kind]


answers = st.fixed_dictionaries({key: given_to(one) for key, one in QUIZ.questions.items()})
rules = st.builds(
    ChangedQuiz,
    st.just("quiz"),
    st.none() | st.integers(1, 3),
    st.lists(
        st.builds(KeyChange, st.sampled_from(["one-0", "one-1"]), st.sampled_from([("x",), ("y",)]))
        | st.builds(KeyChange, st.just("two-1"), SEVERAL.filter(bool).map(tuple))
        | st.just(KeyChange("two-0", answer=OTHER)),
        unique_by=lambda one: one.question,
        max_size=3,
    ).map(tuple),
)


@given(rules, st.lists(st.tuples(answers, st.integers(0, 99)), min_size=1, max_size=6))
@settings(max_examples=120, deadline=None)
def test_many_tries_are_judged_as_marking_judges_each(asked, tries):
    assert rules_from_data(json.loads(json.dumps(asked.as_data()))) == asked
    step = asked.over(QUIZ)
    book = QuizBook(step)

    for own, seed in tries:
        drawn = draw_quiz(QUIZ, seed=seed, seen=()).content
        keys = {one["question"] for one in drawn}
        taken = {key: value for key, value in own.items() if key in keys}
        assert book.passed(taken) == mark_quiz(step, drawn=drawn, answers=taken).passed


def test_another_key_turns_right_and_wrong_about():
    drawn = [{"question": key, "options": []} for key in ("one-0", "two-0")]
    asked = ChangedQuiz("quiz", 1, (KeyChange("one-0", ("y",)), KeyChange("two-0", answer=OTHER)))

    result = mark_quiz(asked.over(QUIZ), drawn=drawn, answers={"one-0": "y", "two-0": "52"})

    assert [mark.right for mark in result.questions] == [True, False]
    assert (result.required, result.passed) == (1, True)
    assert not mark_quiz(QUIZ, drawn=drawn, answers={"one-0": "y", "two-0": "52"}).passed


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        (ChangedQuiz("quiz", 3), True),
        (ChangedQuiz("quiz", 4), False),  # three are drawn
        (ChangedQuiz("quiz", None, (KeyChange("one-0", ("y",)),)), True),
        (ChangedQuiz("quiz", None, (KeyChange("one-0", ("other words",)),)), False),
        (ChangedQuiz("quiz", None, (KeyChange("one-0", answer=OTHER),)), False),
        (ChangedQuiz("quiz", None, (KeyChange("two-0", ("x",)),)), False),
        (ChangedQuiz("quiz", None, (KeyChange("gone", ("x",)),)), True),  # nothing to change there
    ],
)
def test_rules_apply_to_a_quiz_that_has_what_they_name(asked, fits):
    assert asked.fits(QUIZ) is fits


def test_rules_stand_in_a_content_that_says_all_of_them():
    asked = ChangedQuiz("quiz", 1, (KeyChange("one-0", ("y",)), KeyChange("two-0", answer=OTHER)))
    published = make_content(asked.over(QUIZ))

    assert asked.stand_in(published)
    dotted = KeyChange("two-0", answer=NumberAnswer("9.0", "0.0"))
    assert replace(asked, keys=(dotted,)).stand_in(published)
    assert not asked.stand_in(make_content(QUIZ))
    assert not replace(asked, pass_mark=3).stand_in(published)
    assert not replace(asked, keys=(KeyChange("gone", ("y",)),)).stand_in(published)
    assert not ChangedQuiz("quiz").stand_in(published)
    assert not replace(asked, step="deck").stand_in(published)


def test_older_questions_are_of_cases():
    asked = ChangedRules("certification")
    assert rules_from_data(json.loads(json.dumps(asked.as_data()))) == asked
