from decimal import Decimal

import pytest

from lms.instruments.api import (
    Answer,
    RatingRefused,
    answer_from_json,
    answer_to_json,
    code_of,
    distance,
    instrument_from_data,
    load_library,
    points_of,
    read_answer,
    unfinished,
)
from lms.instruments.domain import Side
from tests.unit.instruments.definitions import small

SMALL = instrument_from_data(small())


@pytest.mark.parametrize(
    ("key", "raw", "value"),
    [
        ("grade", 2, 2),
        ("grade", "2", 2),
        ("grade", "T", "T"),
        ("hold", 59.9, Decimal("59.9")),
        ("hold", "119,5", Decimal("119.5")),
        ("line", 100, Decimal(100)),
        ("line", "0", Decimal(0)),
        ("count", "1.5", Decimal("1.5")),
        ("sign", True, True),
        ("sign", "no", False),
        ("type", "b", "b"),
        ("tasks", ["two", "one"], ("one", "two")),
        ("tasks", [], ()),
        ("tasks", 2, 2),
    ],
)
def test_each_kind_takes_its_values(key, raw, value):
    assert read_answer(SMALL.item(key), raw) == Answer(value)


@pytest.mark.parametrize(
    ("key", "raw"),
    [
        ("grade", 3),
        ("grade", 1.5),
        ("grade", True),
        ("grade", "t"),
        ("grade", None),
        ("grade", ""),
        ("grade", {"value": 1, "mood": "x"}),
        ("grade", {"value": 1, "na": True}),
        ("grade", {"value": 1, "reason": "pain"}),
        ("grade", {"value": 1, "side": "axial"}),
        ("grade", {"na": True, "side": "left"}),
        ("grade", {"value": 1, "code": 1}),
        ("hold", -1),
        ("hold", 601),
        ("hold", "long"),
        ("hold", "1:30"),
        ("hold", 59.95),
        ("hold", {"value": 60, "code": 1}),
        ("hold", float("nan")),
        ("hold", float("inf")),
        ("hold", "9" * 60),
        ("line", 101),
        ("line", 43.5),
        ("line", "NA"),
        ("line", {"value": 5, "side": "left"}),
        ("count", 0.25),
        ("sign", "perhaps"),
        ("sign", 1),
        ("type", "c"),
        ("tasks", ["three"]),
        ("tasks", ["one", "one"]),
        ("tasks", 3),
        ("tasks", "one"),
    ],
)
def test_what_an_item_does_not_take_is_refused_in_a_sentence(key, raw):
    with pytest.raises(RatingRefused) as caught:
        read_answer(SMALL.item(key), raw)

    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    "raw", ["NA", "na", {"na": True}, {"value": "NA"}, {"value": None, "na": True}]
)
def test_na_is_read_and_has_no_points(raw):
    answer = read_answer(SMALL.item("grade"), raw)

    assert answer == Answer(None, na=True)
    assert points_of(SMALL.item("grade"), answer) is None


def test_na_may_carry_its_reason():
    assert read_answer(SMALL.item("grade"), {"na": "pain"}).reason == "pain"
    assert read_answer(SMALL.item("grade"), {"na": True, "reason": "pain"}).reason == "pain"


def test_the_other_side_is_kept_and_the_own_side_is_the_usual():
    grade = SMALL.item("grade")

    assert read_answer(grade, {"value": 1, "side": "left"}).side is Side.LEFT
    assert read_answer(grade, {"value": 1, "side": "right"}).side is None


@pytest.mark.parametrize(
    ("item", "seconds", "code"),
    [
        ("head_lift", "0", 0),
        ("head_lift", "0.9", 0),
        ("head_lift", "1", 1),
        ("head_lift", "9.9", 1),
        ("head_lift", "10", 2),
        ("head_lift", "29.9", 2),
        ("head_lift", "30", 3),
        ("head_lift", "59", 3),
        ("head_lift", "60", 4),
        ("head_lift", "119", 4),
        ("head_lift", "119.9", 4),
        ("head_lift", "120", 5),
        ("head_lift", "600", 5),
        ("arm_hold", "59", 3),
        ("arm_hold", "60", 4),
        ("arm_hold", "120", 4),
    ],
)
def test_a_time_on_a_bound_is_in_the_band_that_starts_there(item, seconds, code):
    cmas = load_library("cmas@1.0")
    answer = read_answer(cmas.item(item), seconds)

    assert answer.value == Decimal(seconds)
    assert code_of(cmas.item(item), answer) == str(code)
    assert points_of(cmas.item(item), answer) == code


def test_a_code_that_its_seconds_do_not_make_is_refused():
    with pytest.raises(RatingRefused, match="119 seconds are code 4, not 5"):
        read_answer(load_library("cmas@1.0").item("head_lift"), {"value": 119, "code": 5})


@pytest.mark.parametrize(
    ("key", "a", "b", "expected"),
    [
        ("grade", 0, 2, 2),
        ("grade", "T", "T", 0),
        ("grade", "T", 1, None),
        ("grade", "NA", "NA", 0),
        ("grade", "NA", 0, None),
        ("hold", 2, 59, 0),
        ("hold", 59, 60, 1),
        ("line", 40, 55, 15),
        ("type", "a", "b", 1),
        ("type", "a", "a", 0),
        ("sign", True, False, 1),
        ("tasks", ["one"], ["two"], 0),
        ("tasks", ["one"], 2, 1),
    ],
)
def test_distance_is_in_points_and_symmetric(key, a, b, expected):
    item = SMALL.item(key)
    first, second = read_answer(item, a), read_answer(item, b)

    assert distance(item, first, second) == expected
    assert distance(item, second, first) == expected


def test_a_reference_may_lie_between_two_levels():
    item = SMALL.item("grade")

    assert distance(item, Answer(2), Answer(Decimal("1.5"))) == Decimal("0.5")


@pytest.mark.parametrize(
    ("key", "raw"),
    [
        ("grade", {"value": 1, "side": "left"}),
        ("grade", "T"),
        ("grade", {"na": "pain"}),
        ("hold", 12.5),
        ("line", 43),
        ("sign", False),
        ("tasks", ["one"]),
        ("tasks", 1),
    ],
)
def test_an_answer_survives_json(key, raw):
    answer = read_answer(SMALL.item(key), raw)
    data = answer_to_json(answer)

    assert set(data) == {"value", "na", "reason", "side"}
    assert answer_from_json(data) == answer
    assert read_answer(SMALL.item(key), data) == answer


def test_a_rating_is_finished_when_all_is_scored_and_each_na_that_must_has_a_reason():
    answers = {
        key: read_answer(SMALL.item(key), raw)
        for key, raw in {
            "grade": "NA",
            "hold": "NA",
            "line": 3,
            "count": 1,
            "sign": True,
        }.items()
    }

    assert unfinished(SMALL, answers) == {
        "grade": "Say why this item could not be assessed.",
        "tasks": "This item is not scored yet.",
    }
