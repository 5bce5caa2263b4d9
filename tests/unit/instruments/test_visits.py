"""Two visits: how totals changed, and what does not go together."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.instruments.api import (
    instrument_from_data,
    load_library,
    read_answer,
    score,
    total_changes,
    visit_flags,
)
from lms.instruments.domain import Check, DefinitionError
from tests.unit.instruments.definitions import deriving

MDI, MDAAT = load_library("mdi@1.0"), load_library("mdaat@1.0")


def rated(instrument, **given):
    return {key: read_answer(instrument.item(key), raw) for key, raw in given.items()}


def flagged(instrument, answers, before=None):
    return [(flag.check, flag.item) for flag in visit_flags(instrument, answers, before)]


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        (1, 0, [(Check.NEVER_FALLS, "contractures")]),
        (0, 1, []),
        (1, 1, []),
        (0, 0, []),
        (1, "NA", []),
        ("NA", 0, []),
    ],
)
def test_damage_that_improved_is_flagged(before, now, found):
    initial, later = rated(MDI, contractures=before), rated(MDI, contractures=now)

    assert flagged(MDI, later, initial) == found
    assert flagged(MDI, later) == []


@given(st.lists(st.tuples(st.sampled_from([0, 1]), st.sampled_from([0, 1])), max_size=19))
def test_every_item_that_improved_is_flagged_once_and_no_other(pairs):
    keys = [item.key for item in MDI.items if item.column == "extent"][: len(pairs)]
    initial = rated(MDI, **dict(zip(keys, [first for first, _ in pairs], strict=True)))
    later = rated(MDI, **dict(zip(keys, [second for _, second in pairs], strict=True)))

    assert [item for _check, item in flagged(MDI, later, initial)] == [
        key for key, (first, second) in zip(keys, pairs, strict=True) if second < first
    ]


@pytest.mark.parametrize("before", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("now", [0, 1, 2, 3, 4])
def test_new_is_for_what_was_absent_and_the_others_for_what_was_there(before, now):
    there_now, there_before = now != 0, before != 0
    contradicts = there_now and there_before == (now == 4)

    found = flagged(MDAAT, rated(MDAAT, heliotrope=now), rated(MDAAT, heliotrope=before))

    assert found == ([(Check.COURSE, "heliotrope")] if contradicts else [])


SIGNS = [item.key for item in MDAAT.items if item.section == "constitutional" and item.row]


@pytest.mark.parametrize(
    ("line", "codes", "found"),
    [
        (30, [0, 0, 0], [(Check.EXPLAINED, "constitutional_vas")]),
        (30, [0, 2, 0], []),
        (30, [0, "NA", 0], []),
        (0, [0, 0, 0], []),
        ("NA", [0, 0, 0], []),
    ],
)
def test_a_line_above_0_needs_a_sign(line, codes, found):
    answers = rated(MDAAT, constitutional_vas=line, **dict(zip(SIGNS, codes, strict=True)))

    assert flagged(MDAAT, answers) == found


def test_a_sign_that_is_not_answered_yet_may_still_explain_the_line():
    assert flagged(MDAAT, rated(MDAAT, constitutional_vas=30, pyrexia=0)) == []


def test_a_flag_says_what_to_look_at():
    flag = visit_flags(MDI, rated(MDI, alopecia=0), rated(MDI, alopecia=1))[0]

    assert flag.says == (
        "Damage that was there at the last visit is not there now. Look at both again."
    )


@pytest.mark.parametrize(
    ("ref", "first", "second", "difference", "better"),
    [
        ("ibmfrs@1.0", 3, 2, -10, False),
        ("ibmfrs@1.0", 2, 3, 10, True),
        ("physician_global_activity@1.0", 4, 2, Decimal("-0.2"), True),
        ("physician_global_activity@1.0", 2, 2, 0, None),
    ],
)
def test_which_change_is_better_depends_on_the_direction(ref, first, second, difference, better):
    instrument = load_library(ref)
    visits = [
        {item.key: read_answer(item, value) for item in instrument.items}
        for value in (first, second)
    ]
    change = total_changes(instrument, *visits)["total"]

    assert (change.difference, change.better) == (difference, better)
    assert change.initial == score(instrument, visits[0]).totals["total"].value


def test_a_total_without_a_value_has_no_change():
    change = total_changes(MDAAT, {}, rated(MDAAT, extramuscular_vas=10))["extramuscular"]

    assert (change.initial, change.follow_up, change.difference) == (None, 1, None)


LEVELS = {"check": "course", "items": {"column": "red"}, "absent": 0, "new": 3, "says": "Look."}


@pytest.mark.parametrize(
    ("bend", "path"),
    [
        ({"items": ["nose"]}, ("items",)),
        ({"items": {"column": "nose"}}, ("items",)),
        ({"items": {"row": "arm"}}, ("items",)),
        ({"absent": 7}, ("absent",)),
        ({"absent": True}, ("absent",)),
        ({"items": ["papules"]}, ("new",)),
        ({"line": "papules"}, ("line",)),
        ({"check": "explained", "line": "nose"}, ("line",)),
        ({"check": "explained"}, ("line",)),
        ({"check": "sometimes"}, ("check",)),
    ],
)
def test_a_check_that_cannot_be_made_is_refused(bend, path):
    assert instrument_from_data(deriving(consistency=[LEVELS])).consistency[0].items == (
        "arm_red", "leg_red",
    )  # fmt: skip
    with pytest.raises(DefinitionError) as caught:
        instrument_from_data(deriving(consistency=[LEVELS | bend]))

    assert ("consistency", 0, *path) in [problem.path for problem in caught.value.problems]
