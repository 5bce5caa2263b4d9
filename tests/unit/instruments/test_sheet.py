import pytest
from werkzeug.datastructures import MultiDict

from lms.instruments.api import answers_from_form, instrument_from_data
from tests.unit.instruments.definitions import small

SMALL = instrument_from_data(small())


def read(*pairs, prefix=""):
    return answers_from_form(SMALL, MultiDict(pairs), prefix)


def answer(value=None, *, na=False, reason=None, side=None):
    return {"value": value, "na": na, "reason": reason, "side": side}


def test_fields_become_ratings_and_an_empty_item_is_left_out():
    ratings, refused = read(
        ("item-grade", "2"),
        ("item-grade-side", "left"),
        ("item-grade-reason", ""),
        ("item-hold", " 59,5 "),
        ("item-line", ""),
        ("item-sign", "no"),
        ("item-tasks", "one"),
        ("item-tasks", "two"),
        ("item-nose", "9"),
    )

    assert refused == {}
    assert ratings == {
        "grade": answer(2, side="left"),
        "hold": answer(59.5),
        "sign": answer(False),
        "tasks": answer(["one", "two"]),
    }


def test_no_box_ticked_is_not_the_same_as_none_of_them():
    assert read(("item-tasks", ""))[0] == {}
    assert read(("item-tasks", "none"))[0] == {"tasks": answer([])}


def test_na_takes_its_reason_and_leaves_the_hidden_side_out():
    ratings, refused = read(
        ("item-grade", "NA"), ("item-grade-reason", "pain"), ("item-grade-side", "left")
    )

    assert (ratings, refused) == ({"grade": answer(na=True, reason="pain")}, {})


def test_a_reason_without_na_is_left_out():
    assert read(("item-grade", "1"), ("item-grade-reason", "pain"))[0] == {"grade": answer(1)}


@pytest.mark.parametrize(
    "pairs",
    [
        [("item-hold", "ages")],
        [("item-hold", "30"), ("item-hold", "NA")],
        [("item-grade", "1"), ("item-grade", "2")],
        [("item-grade", "NA"), ("item-grade-reason", "boredom")],
        [("item-grade", "1"), ("item-grade-side", "axial")],
        [("item-line", "NA")],
        [("item-tasks", "none"), ("item-tasks", "one")],
        [("item-tasks", "three")],
    ],
)
def test_what_cannot_be_is_refused_and_kept_as_typed(pairs):
    ratings, refused = read(*pairs)
    key = pairs[0][0].removeprefix("item-")

    assert list(refused) == [key]
    assert str(refused[key]).endswith(".")
    assert key in ratings


def test_a_prefix_tells_two_forms_on_one_page_apart():
    assert read(("p1-item-grade", "1"), ("p2-item-grade", "2"), prefix="p2-")[0] == {
        "grade": answer(2)
    }
