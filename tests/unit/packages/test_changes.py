"""What a further release changes, found by comparing the two contents."""

from dataclasses import replace

import pytest

from lms.packages.domain import CaseForm, Criteria, ItemCriterion, QuizStep
from lms.packages.domain.changes import (
    Change,
    ChangeClass,
    Policy,
    ReasonMissing,
    check_reason,
    differences,
    digest_of,
    proposed_class,
)
from tests.samples import CERTIFICATION, PRACTICE, QUIZ, STEPS, TEXT, answer, make_content

BEFORE = make_content()


def after(**steps):
    """The sample content with some steps replaced, by key."""
    return make_content(*(steps.get(step.key, step) for step in STEPS))


def classes(content):
    return [one.kind for one in differences(BEFORE, content)]


def with_reference(value):
    form = CERTIFICATION.forms[0]
    case = replace(form.cases[0], reference={**form.cases[0].reference, "a": answer(value)})
    changed = CaseForm("a", (case, *form.cases[1:]))
    return replace(CERTIFICATION, forms=(changed, *CERTIFICATION.forms[1:]))


def test_the_same_content_under_another_version_differs_in_nothing():
    assert differences(BEFORE, replace(BEFORE, version="2.0", files={"a": "b"})) == ()
    assert proposed_class(()) is ChangeClass.WORDING


@pytest.mark.parametrize(
    ("content", "kind", "about"),
    [
        (after(why=replace(TEXT, html="<p>Other.</p>")), ChangeClass.WORDING, ""),
        (replace(BEFORE, summary="Other."), ChangeClass.WORDING, ""),
        (
            after(practice=replace(PRACTICE, cases=(replace(PRACTICE.cases[0], html="<p>x</p>"),
                                                    *PRACTICE.cases[1:]))),
            ChangeClass.WORDING,
            "",
        ),
        (after(quiz=replace(QUIZ, pass_mark=3)), ChangeClass.SCORING, "quiz"),
        (after(quiz=replace(QUIZ, attempts=1)), ChangeClass.SCORING, "quiz"),
        (
            after(cases=replace(CERTIFICATION, criteria=Criteria(
                ItemCriterion("2", 2, {}), None, 1))),
            ChangeClass.SCORING,
            "cases",
        ),
        (make_content(*STEPS[1:]), ChangeClass.SCORING, "why"),
        (replace(BEFORE, certificate=replace(BEFORE.certificate, valid_months=12)),
         ChangeClass.SCORING, ""),
        (after(cases=with_reference(9)), ChangeClass.REFERENCE, "a1"),
        (after(practice=replace(PRACTICE, cases=PRACTICE.cases[1:])), ChangeClass.REFERENCE,
         "practice"),
    ],
)  # fmt: skip
def test_what_differs_has_a_class(content, kind, about):
    (found,) = differences(BEFORE, content)
    assert (found.kind, found.about) == (kind, about)


def test_steps_in_another_order_are_named():
    found = differences(BEFORE, make_content(STEPS[1], STEPS[0], *STEPS[2:]))
    assert [(one.kind, one.about) for one in found] == [
        (ChangeClass.SCORING, "deck"),
        (ChangeClass.SCORING, "why"),
    ]


def test_another_right_option_is_a_change_of_reference():
    pool = QUIZ.pools[0]
    question = pool.questions[0]
    turned = tuple(replace(option, correct=not option.correct) for option in question.options)
    questions = (replace(question, options=turned), *pool.questions[1:])
    quiz = replace(QUIZ, pools=(replace(pool, questions=questions), *QUIZ.pools[1:]))
    assert isinstance(quiz, QuizStep)
    assert classes(after(quiz=quiz)) == [ChangeClass.REFERENCE]


def test_the_gravest_class_is_proposed_and_stands_first():
    content = after(quiz=replace(QUIZ, pass_mark=3), cases=with_reference(9))
    assert classes(content) == [ChangeClass.REFERENCE, ChangeClass.SCORING]
    assert proposed_class(differences(BEFORE, content)) is ChangeClass.REFERENCE


def test_what_is_signed_holds_release_class_policy_and_reason():
    change = Change(ChangeClass.SCORING, Policy.TOP_UP, "Closer.")
    others = [
        replace(change, kind=ChangeClass.SAFETY),
        replace(change, policy=Policy.REDO),
        replace(change, reason="Other."),
    ]
    digests = {digest_of("0" * 64, one) for one in [change, *others]} | {
        digest_of("1" * 64, change)
    }
    assert len(digests) == 5


def test_a_change_needs_a_reason():
    with pytest.raises(ReasonMissing):
        check_reason(Change(ChangeClass.WORDING, Policy.REDO, " "))
