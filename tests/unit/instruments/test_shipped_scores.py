"""Worked examples of the shipped instruments: doubling, aids, NA and shares."""

from decimal import Decimal

import pytest

from lms.instruments.api import (
    Answer,
    instrument_from_data,
    instrument_to_data,
    load_library,
    read_answer,
    score,
)
from lms.instruments.domain import Gap

NOT_ASSESSED = Answer(None, na=True)


def rated(instrument, rest=None, **given):
    """Ratings by item; what is not given is `rest`, or left empty where there is none."""
    answers = {}
    for item in instrument.items:
        raw = given.get(item.key, rest)
        if raw is not None and not (item.optional and item.key not in given):
            answers[item.key] = raw if isinstance(raw, Answer) else read_answer(item, raw)
    return answers


CDASI = load_library("cdasi@2.0")
CLEAR = {item.key: Answer(False) if item.kind == "yes_no" else Answer(0) for item in CDASI.items}


def cdasi(**given):
    answers = CLEAR | {key: read_answer(CDASI.item(key), raw) for key, raw in given.items()}
    return score(CDASI, answers).totals


@pytest.mark.parametrize(
    ("given", "activity"),
    [
        ({}, 0),
        ({"hands_erythema": 2}, 2),
        ({"hands_erythema": 2, "hands_papules": "yes"}, 4),
        ({"hands_erythema": 3, "hands_papules": "yes"}, 6),
        ({"hands_erythema": 0, "hands_papules": "yes"}, 0),
        ({"hands_erythema": 1, "hands_papules": "yes", "hands_ulceration": 1}, 3),
        ({"malar_erythema": 3, "malar_scale": 2, "malar_erosion": 1}, 6),
        ({"periungual": 2, "alopecia": 1}, 3),
    ],
)
def test_papules_double_the_erythema_of_the_hands_and_nothing_else(given, activity):
    assert cdasi(**given)["activity"].value == activity
    assert cdasi(**given)["damage"].value == 0


def test_calcinosis_and_scars_are_damage_only():
    totals = cdasi(arm_calcinosis=1, arm_poikiloderma=1, hands_damage=2)

    assert (totals["activity"].value, totals["damage"].value) == (0, 4)


def test_a_site_that_is_not_seen_leaves_its_own_total_open_only():
    totals = cdasi(abdomen_erythema="NA")

    assert (totals["activity"].value, totals["activity"].gap) == (None, Gap.NOT_ASSESSED)
    assert totals["damage"].value == 0


def test_papules_that_were_not_looked_for_leave_the_activity_open():
    assert cdasi(hands_papules="NA")["activity"].gap is Gap.NOT_ASSESSED
    without = {key: answer for key, answer in CLEAR.items() if key != "hands_papules"}
    assert score(CDASI, without).totals["activity"].gap is Gap.UNANSWERED


HAQ = load_library("haq_di@1.0")


def haq(instrument=HAQ, **given):
    return score(instrument, rated(instrument, 0, **given))


def changed(**settings):
    """The same index under other settings, as a study's own version."""
    data = instrument_to_data(HAQ) | {"version": "1.0-trial.1"}
    for row in data["settings"]:
        row["value"] = settings.get(row["key"], row["value"])
    return instrument_from_data(data)


@pytest.mark.parametrize(("own", "with_aid"), [(0, 2), (1, 2), (2, 2), (3, 3)])
def test_an_aid_raises_a_category_to_2_and_never_lowers_it(own, with_aid):
    given = {"walking_1": own, "walking_aids": ["cane"]}

    assert haq(**given).derived["walking"] == with_aid
    assert haq(**given | {"walking_aids": ["help"]}).derived["walking"] == with_aid
    assert haq(**given | {"walking_aids": []}).derived["walking"] == own


def test_an_aid_raises_its_own_category_only_and_an_empty_list_of_aids_is_none():
    scores = haq(walking_aids=["cane", "help"], activities_aids="yes")

    assert [key for key, figure in scores.derived.items() if figure] == ["walking", "activities"]
    assert scores.totals["index"].value == Decimal("0.5")


def test_a_category_is_its_highest_question_and_the_index_the_mean_of_eight():
    scores = haq(dressing_1=1, dressing_2=3, eating_1=1, eating_2=1, eating_3=1)

    assert (scores.derived["dressing"], scores.derived["eating"]) == (3, 1)
    assert scores.totals["index"].value == Decimal("0.5")
    assert haq(grip_3=1).totals["index"].value == Decimal("0.125")


def blank(*categories):
    items = [item for item in HAQ.items if item.section in categories and not item.optional]
    return {item.key: NOT_ASSESSED for item in items}


def test_the_index_divides_by_the_categories_that_were_answered():
    assert haq(grip_1=NOT_ASSESSED, grip_2=2).derived["grip"] == 2
    assert haq(grip_1=3, **blank("eating", "reach")).totals["index"].value == Decimal("0.5")
    seven = haq(grip_1=3, arising_1=3, reach_1=3, walking_1=1, **blank("eating")).totals["index"]
    assert seven.value == Decimal("1.429")
    assert (seven.scored, seven.of) == (7, 8)


def test_below_the_minimum_of_categories_there_is_no_index():
    five = haq(**blank("eating", "reach", "grip")).totals["index"]
    seven_needed = haq(changed(min_categories=7), **blank("eating", "reach")).totals["index"]

    assert (five.value, five.gap, five.scored) == (None, Gap.NOT_ASSESSED, 5)
    assert seven_needed.value is None


def test_a_category_that_was_left_blank_is_not_made_2_by_an_aid():
    assert haq(walking_aids=["cane"], **blank("walking")).derived["walking"] is None


def test_both_alternatives_are_settings_and_shift_the_index():
    given = {"walking_1": 1, "walking_2": 0, "walking_aids": ["cane"], "eating_1": 1}

    assert haq(**given).totals["index"].value == Decimal("0.375")
    assert haq(changed(aids_rule="ignored"), **given).totals["index"].value == Decimal("0.25")
    # mean of 1 and 0, raised to 2; mean of 1, 0 and 0: (2 + 1/3) / 8
    by_mean = haq(changed(aggregation="mean"), **given)
    assert by_mean.totals["index"].value == Decimal("0.292")
    assert by_mean.derived["eating"] == Decimal("0.333")


def test_the_settings_are_named_for_the_print():
    printed = {one.key: one.words for one in HAQ.settings_of(HAQ.total("index"))}

    assert printed == {
        "aids_rule": "raise a category to 2",
        "aggregation": "its highest question",
        "min_categories": "6",
    }


MDAAT = load_library("mdaat@1.0")


def test_myoact_is_a_sum_only_where_all_six_were_assessed():
    half = score(MDAAT, rated(MDAAT, **dict.fromkeys(MDAAT.total("myoact").items, 50))).totals

    assert (half["myoact"].value, half["myoact_share"].value) == (30, Decimal("0.5"))


def test_a_system_that_is_na_leaves_the_possible_total_of_myoact():
    lines = dict.fromkeys(MDAAT.total("myoact").items, 20) | {
        "pulmonary_vas": NOT_ASSESSED,
        "constitutional_vas": 70,
    }
    totals = score(MDAAT, rated(MDAAT, **lines)).totals

    assert (totals["myoact"].value, totals["myoact"].gap) == (None, Gap.NOT_ASSESSED)
    assert totals["myoact_share"].value == Decimal("0.3")  # (7 + 4 x 2) of 50
    assert (totals["myoact_share"].scored, totals["myoact_share"].of) == (5, 6)


def test_the_percentage_of_fi3_is_over_150():
    fi3 = load_library("fi3@1.0")
    counts = {"shoulder_flexion": 60, "neck_flexion": 10, "hip_flexion": 5}
    totals = score(fi3, rated(fi3, **counts)).totals

    assert (totals["total"].value, totals["repetitions"].value) == (50, 75)


def test_stands_with_the_arms_are_no_stands():
    sts = load_library("sit_to_stand_30s@1.0")

    assert score(sts, rated(sts, counted=12, arms="no")).totals["total"].value == 12
    assert score(sts, rated(sts, counted=12, arms="yes")).totals["total"].value == 0


def test_how_a_test_was_done_is_printed_with_its_time():
    tug = load_library("timed_up_and_go@1.0")

    assert [one.words for one in tug.settings_of(tug.total("total"))] == ["on the word go", "none"]
    assert tug.total("total").open_ended
