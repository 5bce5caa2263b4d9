"""Marking: right and wrong, inside and outside."""

from dataclasses import replace
from decimal import Decimal

import pytest

from lms.instruments.domain import read_answer
from lms.modules.domain import is_right, mark_quiz, mark_rating, read_number
from tests.samples import CERTIFICATION, QUIZ, instrument, make_case, make_question


def rate(**values):
    two = instrument()
    return {key: read_answer(two.item(key), value) for key, value in values.items()}


def mark(case, **values):
    result = mark_rating(
        instrument(), [case], CERTIFICATION.criteria, answers={case.key: rate(**values)}
    )
    return result.cases[0]


@pytest.mark.parametrize(
    ("given", "right"), [("x", True), ("y", False), ("", False), (None, False), ("nonsense", False)]
)
def test_one_choice(given, right):
    assert is_right(make_question("q"), given) is right


@pytest.mark.parametrize(
    ("given", "right"),
    [(["x", "y"], True), (["y", "x"], True), (["x"], False), (["x", "y", "z"], False), ([], False)],
)
def test_several_choices_count_only_all_together(given, right):
    assert is_right(make_question("q", "several", right=("x", "y")), given) is right


@pytest.mark.parametrize(
    ("given", "right"),
    [
        ("52", True),
        ("52.5", True),
        ("52,5", True),
        ("51.5", True),
        (" 52 ", True),
        ("52.51", False),
        ("51.49", False),
        ("fifty", False),
        ("nan", False),
        ("", False),
    ],
)
def test_a_number_is_right_within_its_tolerance(given, right):
    assert is_right(make_question("q", "number"), given) is right


def test_a_number_may_carry_a_minus_sign_of_any_kind():
    assert read_number("−3,5") == Decimal("-3.5")


def test_a_quiz_without_an_answer_counts_it_as_not_right():
    drawn = [{"question": "one-0", "options": []}, {"question": "two-0", "options": []}]
    result = mark_quiz(QUIZ, drawn=drawn, answers={"one-0": "x"})
    assert (result.reached, result.of, result.required, result.passed) == (1, 2, 2, False)


@pytest.mark.parametrize(
    ("own", "within"), [(5, True), (4, True), (6, True), (3, False), (7, False), ("NA", False)]
)
def test_an_item_is_within_one_point(own, within):
    assert mark(make_case("c", a=5, b=5), a=own, b=5).items[0].within is within


def test_the_difference_has_the_sign_of_too_high():
    assert mark(make_case("c", a=5, b=5), a=8, b=5).items[0].difference == 3
    assert mark(make_case("c", a=5, b=5), a=2, b=5).items[0].difference == -3


def test_na_agrees_with_na_and_with_nothing_else():
    case = make_case("c", a="NA", b=5)
    assert mark(case, a="NA", b=5).met
    assert not mark(case, a=0, b=5).items[0].within


def test_a_total_that_both_lack_agrees_and_one_alone_does_not():
    case = make_case("c", a="NA", b=5)
    assert mark(case, a="NA", b=5).totals[0].within
    assert not mark(case, a=5, b=5).totals[0].within


def test_what_was_not_scored_is_outside():
    marked = mark(make_case("c"), a=5)
    assert [item.within for item in marked.items] == [True, False]


@pytest.mark.parametrize(
    ("a", "b", "met"), [(6, 6, True), (4, 4, True), (6, 4, True), (7, 5, False)]
)
def test_a_case_is_met_when_items_and_total_are(a, b, met):
    assert mark(make_case("c", a=5, b=5), a=a, b=b).met is met


def test_enough_cases_pass():
    cases = [make_case("a1"), make_case("a2")]
    answers = {"a1": rate(a=5, b=5), "a2": rate(a=0, b=0)}
    result = mark_rating(instrument(), cases, CERTIFICATION.criteria, answers=answers)
    assert (result.reached, result.of, result.passed) == (1, 2, True)
    assert (result.items_within, result.items_of) == (2, 4)
    assert result.largest_gap == 10


def test_an_item_on_which_the_panel_disagrees_fails_nobody_by_itself_or_in_the_total():
    case = make_case("c", a=5, b=5)
    spared = replace(case, cannot_fail=("b",))

    failed, met = mark(case, a=5, b=10), mark(spared, a=5, b=10)

    assert not failed.met
    assert met.met
    [item] = [item for item in met.items if item.item == "b"]
    assert (item.counted, item.within, item.difference) == (False, False, Decimal(5))
    [total] = met.totals
    assert (total.own, total.judged, total.difference) == (Decimal(15), Decimal(10), Decimal(5))


def test_other_items_fail_as_before():
    case = replace(make_case("c", a=5, b=5), cannot_fail=("b",))

    assert not mark(case, a=10, b=5).met
