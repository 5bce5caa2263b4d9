"""What follows from a panel's ratings: reference, disagreement, what cannot fail, reliability."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.errors import Invalid
from lms.instruments.api import load_library
from lms.instruments.domain import Answer, read_answer
from lms.packages.domain import ReferenceSigned
from lms.panels.domain import (
    Decision,
    PanelMethod,
    PanelState,
    RatedCase,
    Wait,
    beyond,
    digest_of,
    disagreement,
    file_keys,
    item_alphas,
    made_content,
    outcome_of,
    read_experts,
    state_of,
    total_iccs,
    wait_of,
)
from tests.samples import instrument as two_items

MMT = load_library("mmt8_80@1.0")
QUADRICEPS = MMT.item("quadriceps")
LIMIT = Decimal("0.3")


def answers(*raw, item=QUADRICEPS):
    return [read_answer(item, one) for one in raw]


def rated(key, *grades, **others):
    """A case on which expert n gives grade n to every item; others: item = list of grades."""
    return RatedCase(
        key,
        tuple(
            (
                number,
                {
                    item.key: read_answer(item, others.get(item.key, grades)[number - 1])
                    for item in MMT.items
                },
            )
            for number in range(1, len(grades) + 1)
        ),
    )


def outcome(case, method=PanelMethod.MEDIAN, decisions=None):
    return outcome_of(MMT, case, method=method, limit=LIMIT, decisions=decisions or {})


@pytest.mark.parametrize(
    ("raw", "share", "is_beyond"),
    [
        ((5, 5, 5, 5, 5), "0", False),
        ((5, 6, 5, 6, 5), "0.1", False),
        ((4, 5, 6, 7, 5), "0.3", False),
        ((4, 5, 6, 8, 5), "0.4", True),
        ((5, 5, 5, 5, "NA"), "0.2", False),
        ((5, 5, 5, "NA", "NA"), "0.4", True),
        (("NA", "NA", "NA", "NA", "NA"), "0", False),
        ((2, 9, "NA", "NA", "NA"), "0.7", True),
    ],
)
def test_how_far_a_panel_disagrees(raw, share, is_beyond):
    assert disagreement(QUADRICEPS, answers(*raw)) == Decimal(share)
    assert beyond(QUADRICEPS, answers(*raw), LIMIT) is is_beyond


def test_one_step_of_a_coarse_scale_is_not_beyond_unless_they_differ_about_na():
    cmas = load_library("cmas@1.0")
    item = next(one for one in cmas.items if one.kind == "levels" and one.reach[1] <= 3)
    low, high = item.scale.levels[0].code, item.scale.levels[1].code

    assert disagreement(item, answers(low, high, low, high, low, item=item)) > LIMIT
    assert not beyond(item, answers(low, high, low, high, low, item=item), LIMIT)


@given(st.lists(st.integers(0, 10), min_size=1, max_size=9))
def test_disagreement_is_a_share_and_nothing_where_all_agree(marks):
    given_ = answers(*marks)

    assert 0 <= disagreement(QUADRICEPS, given_) <= 1
    assert disagreement(QUADRICEPS, given_[:1] * 5) == 0
    assert disagreement(QUADRICEPS, given_) == disagreement(QUADRICEPS, given_[::-1])


def test_the_reference_keeps_who_was_how_far_off():
    case = outcome(rated("c", 5, 6, 5, 7, 5))

    quadriceps = next(item for item in case.items if item.item == "quadriceps")
    assert quadriceps.reference == Answer(5)
    assert quadriceps.off == {1: 0, 2: 1, 3: 0, 4: 2, 5: 0}
    assert (quadriceps.dissent, quadriceps.farthest) == (2, 2)
    assert case.cannot_fail == case.waiting == ()


def test_a_disputed_item_cannot_fail_and_waits_only_for_an_adjudicator():
    disputed = rated("c", 5, 5, 5, 5, 5, quadriceps=[2, 5, 5, 5, 9])

    assert outcome(disputed).cannot_fail == ("quadriceps",)
    assert outcome(disputed).waiting == ()
    waits = outcome(disputed, PanelMethod.ADJUDICATED)
    assert waits.waiting == waits.cannot_fail == ("quadriceps",)
    decision = Decision(Answer(4), "Seen on the film", "Ada Okafor")
    decided = outcome(disputed, PanelMethod.ADJUDICATED, {"quadriceps": decision})
    item = next(one for one in decided.items if one.item == "quadriceps")
    assert (item.reference, item.dissent, decided.waiting) == (Answer(4), 5, ())
    assert decided.cannot_fail == ("quadriceps",)


def test_a_decision_about_what_is_not_disputed_changes_nothing():
    decision = Decision(Answer(0), "No", "Ada Okafor")

    case = outcome(rated("c", 5, 5, 5, 5, 5), PanelMethod.ADJUDICATED, {"quadriceps": decision})

    assert {item.reference for item in case.items} == {Answer(5)}


def test_what_is_written_into_files_names_nobody_but_who_signed():
    case = outcome(rated("c", 5, 6, 5, 6, 5, quadriceps=[2, 5, "NA", 5, 9]))
    content = made_content([case], method=PanelMethod.MEDIAN, limit=LIMIT, build="b" * 64)
    signed = ReferenceSigned("Robin Hale", "2026-11-21T10:42:00+00:00", "median", 0, 3, "d" * 64)

    keys = file_keys(content, signed=signed)["c"]

    assert [rater["rater"] for rater in keys["panel"]] == [f"Panel {n}" for n in range(1, 6)]
    assert [rater["ratings"]["quadriceps"] for rater in keys["panel"]] == [2, 5, "NA", 5, 9]
    assert keys["reference"]["method"] == "median"
    assert keys["reference"]["cannot_fail"] == ["quadriceps"]
    assert keys["reference"]["signed"]["raters"] == 5
    assert keys["reference"]["signed"]["by"] == "Robin Hale"


def test_the_digest_is_over_everything_that_is_signed():
    contents = [
        made_content([outcome(rated("c", *grades))], method=method, limit=limit, build=build)
        for grades, method, limit, build in (
            ((5, 6, 5), PanelMethod.MEDIAN, LIMIT, "b"),
            ((5, 6, 6), PanelMethod.MEDIAN, LIMIT, "b"),
            ((5, 6, 5), PanelMethod.MODE, LIMIT, "b"),
            ((5, 6, 5), PanelMethod.MEDIAN, Decimal("0.2"), "b"),
            ((5, 6, 5), PanelMethod.MEDIAN, LIMIT, "c"),
        )
    ]

    assert len({digest_of(content) for content in contents}) == 5


def test_reliability_of_totals_and_items():
    cases = [rated("a", 2, 2, 3), rated("b", 5, 6, 5), rated("c", 9, 9, 9)]

    [total] = total_iccs(MMT, cases)
    assert total.icc.form.startswith("ICC(2,1) = ICC(A,1)")
    assert 0.9 < total.icc.value < 1
    assert (total.icc.sample.subjects, total.icc.sample.raters) == (3, 3)
    alphas = {one.item.key: one.alpha for one in item_alphas(MMT, cases)}
    assert set(alphas) == {item.key for item in MMT.items}
    assert 0.8 < alphas["quadriceps"].value < 1


def test_reliability_that_has_no_value_says_why():
    [total] = total_iccs(MMT, [rated("a", 5, 5, 5)])
    one, *_rest = item_alphas(MMT, [rated("a", 5, 5, 5), rated("b", 5, 5, 5)])

    assert (total.icc.value, bool(total.icc.reason)) == (None, True)
    assert (one.alpha.value, bool(one.alpha.reason)) == (None, True)


def test_nobody_has_no_reliability():
    assert total_iccs(two_items(), [RatedCase("a", ())]) == ()
    assert item_alphas(two_items(), []) == ()


@pytest.mark.parametrize(
    ("closed", "last", "state"),
    [
        (False, None, PanelState.OPEN),
        (False, "today", PanelState.OPEN),
        (False, "yesterday", PanelState.OVER),
        (True, "today", PanelState.CLOSED),
    ],
)
def test_when_a_panel_takes_ratings(closed, last, state):
    days = {None: None, "today": date(2026, 11, 21), "yesterday": date(2026, 11, 20)}
    assert state_of(closed=closed, closes_on=days[last], today=date(2026, 11, 21)) is state


def test_experts_are_read_one_a_line():
    text = "Robin Hale <Robin@Example.org>\n\nada@example.org\n <robin@example.org>\n"

    assert read_experts(text) == (("robin@example.org", "Robin Hale"), ("ada@example.org", ""))


@pytest.mark.parametrize("line", ["Robin Hale", "robin@", "a@b.org, c@d.org", "a@b.org; c@d.org"])
def test_a_line_without_one_address_is_named(line):
    with pytest.raises(Invalid, match="Line 2"):
        read_experts(f"ok@example.org\n{line}\n")


@pytest.mark.parametrize(
    ("state", "handed_in", "signed", "wait"),
    [
        (PanelState.OPEN, 3, False, Wait.RATINGS),
        (PanelState.OPEN, 10, False, Wait.CLOSING),
        (PanelState.OVER, 3, False, Wait.CLOSING),
        (PanelState.CLOSED, 3, False, Wait.SIGNATURE),
        (PanelState.CLOSED, 10, True, None),
        (PanelState.OPEN, 3, True, Wait.RATINGS),  # a further round
    ],
)
def test_a_panel_waits_for_ratings_for_its_closing_or_for_a_signature(
    state, handed_in, signed, wait
):
    assert wait_of(state, handed_in=handed_in, asked=10, signed=signed) is wait
