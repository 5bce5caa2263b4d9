"""The reference from the panel: middle values, ties, NA and the side that was tested."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.instruments.api import load_library, read_answer
from lms.instruments.domain import Answer, Item, Side
from lms.instruments.domain.scales import Choice, Number, Option, Part, Parts, YesNo
from lms.packages.domain.reference import Method, Tie, consensus, spread

MMT = load_library("mmt8_80@1.0").item("quadriceps")
VAS = load_library("physician_global_activity@1.0").items[0]
NUMBER = Item("n", "n", Number(Decimal(0), Decimal(10), Decimal("0.5")))
YES = Item("y", "y", YesNo())
CHOICE = Item("c", "c", Choice((Option("a", "A"), Option("b", "B"), Option("c", "C"))))
PARTS = Item("p", "p", Parts((Part("x", "X"), Part("y", "Y"), Part("z", "Z"))))


def of(item, raw, method=Method.MEDIAN, tie=Tie.LOW):
    return consensus(item, [read_answer(item, entry) for entry in raw], method, tie).value


@pytest.mark.parametrize(
    ("item", "raw", "method", "tie", "expected"),
    [
        (MMT, [5, 7, 6, 6, 9], "median", "low", 6),
        (MMT, [5, 5, 5, 6, 6, 6], "median", "low", 5),
        (MMT, [5, 5, 5, 6, 6, 6], "median", "high", 6),
        (MMT, [0, "T", "T", 1, 1], "median", "low", "T"),
        (MMT, [4, 4, 8, 8, 8, 5, 5], "mode", "low", 8),
        (MMT, [4, 4, 5, 6, 8, 8], "mode", "low", 4),
        (MMT, [4, 4, 5, 5, 9], "mode", "low", 5),
        (MMT, [4, 4, 5, 5, 9, 9], "mean", "high", 5),
        (VAS, [10, 20, 31, 40], "median", "low", Decimal("25.5")),
        (VAS, [10, 20, 31, 40, 90], "median", "low", Decimal(31)),
        (VAS, [10, 20, 32], "mean", "low", Decimal(21)),
        (NUMBER, ["0.5", "0.5", "1"], "mean", "low", Decimal("0.5")),
        (NUMBER, ["1", "1.5"], "mean", "low", Decimal("1.5")),
        (VAS, [10, 10, 50, 60, 70], "mode", "low", Decimal(10)),
        (YES, [True, False, True, True, False], "median", "low", True),
        (YES, [True, False], "median", "low", True),
        (YES, [True, False], "median", "high", False),
        (CHOICE, ["b", "c", "b", "c", "a"], "median", "low", "b"),
        (CHOICE, ["b", "c", "b", "c", "a"], "median", "high", "c"),
        (PARTS, [["x", "y"], ["x"], ["x", "z"], ["x", "y"], ["y"]], "median", "low", ("x", "y")),
        (PARTS, [["x"], ["y"]], "median", "low", ()),
        (PARTS, [["x", "y"], 1, 3, 3], "median", "low", 2),
        (PARTS, [["x", "y"], 1, 3, 3], "median", "high", 3),
    ],
)
def test_the_reference_of_a_panel(item, raw, method, tie, expected):
    assert of(item, raw, Method(method), Tie(tie)) == expected


def test_na_holds_only_where_more_than_half_say_so():
    pain = {"na": "pain"}

    assert of(MMT, [pain, pain, pain, 5, 6]) is None
    assert of(MMT, [pain, pain, 5, 6]) == 5
    assert of(MMT, [pain, pain, 5, 6, 7]) == 6
    answers = [read_answer(MMT, entry) for entry in [pain, pain, {"na": "injury"}, 5]]
    assert consensus(MMT, answers, Method.MEDIAN) == Answer(None, na=True, reason="pain")


def test_the_side_is_the_one_that_most_tested():
    left = {"value": 5, "side": "left"}

    answers = [read_answer(MMT, entry) for entry in [left, left, 6]]

    assert consensus(MMT, answers, Method.MEDIAN).side is Side.LEFT


@given(st.lists(st.integers(0, 10), min_size=1, max_size=9), st.sampled_from(list(Method)))
def test_the_reference_of_levels_is_a_level_that_somebody_gave(grades, method):
    value = of(MMT, grades, method)

    assert value in grades
    assert min(grades) <= value <= max(grades)


@given(st.lists(st.integers(0, 100), min_size=1, max_size=9))
def test_half_of_the_panel_is_on_either_side_of_a_median(marks):
    value = of(VAS, marks)

    assert 2 * sum(mark < value for mark in marks) <= len(marks)
    assert 2 * sum(mark > value for mark in marks) <= len(marks)


def test_a_panel_of_nobody_has_no_reference():
    with pytest.raises(ValueError, match="at least one"):
        consensus(MMT, [], Method.MEDIAN)


def test_spread_is_a_share_of_the_range():
    answers = [read_answer(MMT, grade) for grade in (4, 7)]

    assert spread(MMT, answers) == Decimal("0.3")
    assert spread(MMT, answers[:1]) is None
    assert spread(YES, [read_answer(YES, True), read_answer(YES, False)]) is None
