"""Two visits of one patient judged: the flags of the follow-up rest on the initial visit."""

from dataclasses import replace

import pytest

from lms.instruments.domain import Answer, build
from lms.modules.domain import Kind, mark_rating
from lms.packages.domain import ChangeCriterion, Criteria, FlagCriterion
from tests.samples import INSTRUMENT_DATA, make_case

RULE = {"check": "never_falls", "items": ["a", "b"], "says": "Less than before."}
INSTRUMENT = build({**INSTRUMENT_DATA, "consistency": [RULE]})
FIRST = make_case("one", a=5, b=5)
LATER = replace(make_case("one-later", a=6, b=5), follows="one")
FLAGS = Criteria(None, None, 1, flags=FlagCriterion(0))


def given(**values):
    return {item: Answer(value) for item, value in values.items()}


def met(first, later, *, cases=(FIRST, LATER), initials=()):
    answers = {"one": first, "one-later": later}
    result = mark_rating(INSTRUMENT, cases, FLAGS, answers=answers, initials=initials)
    return [mark.flags_met for mark in result.cases]


@pytest.mark.parametrize(
    ("first", "later", "flags_met"),
    [
        (given(a=5, b=5), given(a=5, b=5), [True, True]),
        (given(a=5, b=5), given(a=4, b=5), [True, False]),
        (given(a=2, b=5), given(a=4, b=5), [True, True]),  # the reference of the first is 5
        (given(b=5), given(a=4, b=5), [True, True]),  # what was not scored contradicts nothing
    ],
)
def test_the_raters_own_initial_visit_is_what_counts(first, later, flags_met):
    assert met(first, later) == flags_met


def test_the_initial_visit_of_an_earlier_try_counts_without_being_judged():
    assert met(given(a=5), given(a=4), cases=(LATER,), initials=(FIRST,)) == [False]


def test_what_does_not_count_at_the_initial_visit_raises_no_flag():
    """Where the panel disagrees on an item of the initial visit, its reference stands there."""
    disputed = replace(make_case("one", a=4, b=5), cannot_fail=("a",))
    assert met(given(a=9, b=5), given(a=4, b=5), cases=(disputed, LATER)) == [True, True]
    assert met(given(a=9, b=5), given(a=4, b=5)) == [True, False]


def test_the_order_of_the_cases_is_of_no_account():
    assert met(given(a=5), given(a=4), cases=(LATER, FIRST)) == [False, True]


@pytest.mark.parametrize(
    ("first", "later", "change_met"),
    [
        (given(a=5, b=5), given(a=6, b=5), True),  # the panel's change is one point
        (given(a=9, b=9), given(a=10, b=9), True),  # all too high, and the change is right
        (given(a=5, b=5), given(a=7, b=5), True),
        (given(a=4, b=5), given(a=7, b=5), False),  # each near, and the change is not
        (given(a=6, b=5), given(a=5, b=4), False),
        (given(a=5), given(a=6, b=5), False),  # no total before, so no change
    ],
)
def test_the_change_is_compared_with_the_panels_change(first, later, change_met):
    asked = Criteria(None, None, 2, change_within=ChangeCriterion("total", "1"))
    answers = {"one": first, "one-later": later}
    result = mark_rating(INSTRUMENT, (FIRST, LATER), asked, answers=answers)
    assert [mark.change_met for mark in result.cases] == [True, change_met]
    (cases, change) = result.verdict.lines
    assert (cases.kind, change.kind) == (Kind.CASES, Kind.CHANGE)
    assert (change.figure, change.of, result.passed) == (1 + change_met, 2, change_met)
