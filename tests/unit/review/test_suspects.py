"""References that may be wrong, by the stated rule; and the figures of items and questions."""

import json
from dataclasses import dataclass, field, replace

import pytest

from lms.instruments.domain import Answer
from lms.packages.domain import Criteria, ItemCriterion
from lms.review.domain.figures import CaseFigures, item_figures, of_form, of_practice, of_quiz
from lms.review.domain.suspects import ABOVE, BELOW, suspect_of, suspects
from tests.samples import CERTIFICATION, PRACTICE, QUIZ, answer, instrument, make_case

CASE = make_case("a1", a=5, b=5)
ONE_POINT = Criteria(ItemCriterion("1", 2, {}), None, 1)
A = instrument().item("a")


def figures(*given, case=CASE, criteria=ONE_POINT):
    """Item a of a case as so many gave each grade: (grade, how many)."""
    return item_figures(
        A,
        case,
        criteria,
        [(Answer(None, na=True) if g == "NA" else Answer(g), n) for g, n in given],
    )


def around(item):
    return CaseFigures("cases", "a", CASE, item.n, item.n, None, (item,), True)


def found(*given, **more):
    item = figures(*given, **more)
    return suspect_of(around(item), item)


@pytest.mark.parametrize(
    ("given", "side", "sentence"),
    [
        (((8, 7), (5, 3)), 7, ABOVE),
        (((8, 5), (7, 2), (5, 3)), 7, ABOVE),
        (((2, 8), (6, 2)), 8, BELOW),
    ],
)
def test_many_on_one_side_with_a_wrong_mode_are_listed(given, side, sentence):
    suspect = found(*given)
    assert (suspect.side, suspect.sentence) == (side, sentence)


@pytest.mark.parametrize(
    "given",
    [
        ((8, 7), (5, 2)),  # nine raters are too few
        ((8, 6), (5, 4)),  # six of ten are less than two thirds
        ((6, 9), (5, 1)),  # the most frequent answer is within the tolerance
        ((8, 5), (5, 5), (6, 1)),  # of equals the one nearest the reference counts
        (("NA", 5), (5, 5)),
        (),
    ],
)
def test_what_the_rule_does_not_hold_for_is_not_listed(given):
    assert found(*given) is None


def test_not_assessed_by_most_against_a_value_is_listed():
    assert found(("NA", 8), (5, 2)).mode.na


def test_the_clearest_stands_first():
    weak, strong = figures((8, 7), (5, 3)), figures((9, 20))
    assert [one.share for one in suspects([around(weak), around(strong)])] == [1.0, 0.7]


def test_direction_and_mean_difference_of_an_item():
    item = figures((8, 2), (5, 6), (4, 1), ("NA", 1))
    assert (item.n, item.above, item.below) == (10, 2, 1)
    assert item.within == 0.7  # 5 and 4
    assert item.mean_difference == pytest.approx(5 / 9)
    assert item.mode.value == 5


def test_an_item_that_cannot_fail_is_told():
    assert not figures((5, 1), case=replace(CASE, cannot_fail=("a",))).counted


@dataclass
class Try:
    person_id: int
    answers: str
    form: str = "a"
    drawn: list = field(default_factory=lambda: ["a1", "a2"])
    passed: bool = True


def rated(**grades):
    """One try that gives every case of form a the same grades."""
    given = {f"{case}/{i}": answer(g) for case in ("a1", "a2") for i, g in grades.items()}
    return json.dumps(given)


def test_a_form_counts_tries_people_and_cases_met():
    tries = [
        Try(1, rated(a=5, b=5)),
        Try(1, rated(a=5, b=9), passed=False),
        Try(2, rated(a=4, b=5)),
    ]

    form, cases = of_form(instrument(), CERTIFICATION, "a", tries)

    assert (form.n, form.people, form.passed) == (3, 2, 2)
    assert form.items_within == pytest.approx(5 / 6)
    assert [(one.case.key, round(one.met, 2)) for one in cases] == [("a1", 0.67), ("a2", 0.67)]
    assert cases[0].items[1].above == 1


def test_a_form_that_nobody_tried_has_no_figures():
    form, cases = of_form(instrument(), CERTIFICATION, "b", [])
    assert (form.n, form.share, form.interval, form.items_within) == (0, None, None, None)
    assert cases[0].met is None


def test_practice_is_counted_case_by_case():
    own = Try(1, json.dumps({"p1/a": answer(5), "p1/b": answer(9)}), form="", drawn=["p1"])
    cases = of_practice(instrument(), PRACTICE, CERTIFICATION.criteria, [own])
    assert [one.n for one in cases] == [1, 0, 0]
    assert cases[0].items[1].mean_difference == 4


def quiz_try(person, *right):
    drawn = ["one-0", "one-1", "one-2"]
    given = {key: "x" if key in right else "y" for key in drawn}
    return Try(person, json.dumps(given), drawn=[{"question": key} for key in drawn])


def test_questions_are_held_against_the_rest_of_the_tries_that_drew_them():
    tries = [
        quiz_try(1, "one-0", "one-1", "one-2"),
        quiz_try(2, "one-0", "one-1"),
        quiz_try(3, "one-0"),
        quiz_try(4),
    ]

    first, second, *_rest = of_quiz(QUIZ, tries)

    assert (first.n, first.facility.value) == (4, 0.75)
    # right 1 1 1 0 against the rest 1, 1/2, 0, 0
    assert first.discrimination.value == pytest.approx(0.5222, abs=1e-4)
    assert second.wrong == ("Y", 2)


def test_a_question_that_nobody_drew_has_no_figures():
    found_ = of_quiz(QUIZ, [quiz_try(1, "one-0")])
    assert found_[4].n == 0
    assert found_[4].facility.value is None
