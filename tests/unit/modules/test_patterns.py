"""Patterns in a rater's scores: found where they are, and none out of noise."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.instruments.api import load_library
from lms.instruments.domain import Direction, Side, read_answer
from lms.modules.domain import Leaning, Observation, PatternKind, find_patterns, mark_case, observe
from lms.modules.domain.observations import unit_of
from lms.modules.domain.patterns import MOST, certainty
from lms.packages.domain import Criteria, ItemCriterion, Revisit
from tests.samples import CERTIFICATION, instrument, make_case

REACH = (Decimal(0), Decimal(10))


def seen(difference, *, item="a", reference=5, **more):
    """Return a score on a scale of 0 to 10 with a tolerance of 1."""
    made = Observation(
        case="c",
        item=item,
        label=item.upper(),
        section="",
        side=None,
        severity="",
        difference=None if difference is None else Decimal(difference),
        reference=Decimal(reference),
        tolerance=Decimal(1),
        unit=Decimal(1),
        reach=REACH,
        own_na=False,
        reference_na=False,
        within=difference is not None and abs(difference) <= 1,
        revisit=None,
    )
    return replace(made, **more)


def only(observations, **more):
    (found,) = find_patterns(observations, **more)
    return found


def test_three_scores_of_an_item_in_one_direction_are_a_pattern_and_two_are_none():
    found = only([seen(1)] * 3)

    assert (found.kind, found.leaning) == (PatternKind.ITEM, Leaning.HIGH)
    assert (found.n, found.same, found.points) == (3, 3, 1)
    assert found.sentence % found.values == "You score “A” high."
    assert find_patterns([seen(1)] * 2) == ()


@pytest.mark.parametrize(
    "differences",
    [
        (1, 1, -1),  # the mean is a third of a unit
        (4, 0, 0),  # one score makes the mean
        (3, 3, -1, -1, 0, 0),  # half of them in one direction
    ],
)
def test_what_does_not_go_one_way_is_no_pattern(differences):
    assert find_patterns([seen(one) for one in differences]) == ()


def test_the_range_is_named_where_the_item_is_high_only_there():
    scores = [seen(2, reference=r) for r in (8, 9, 10)]
    scores += [seen(0, reference=r) for r in (1, 2, 3, 4, 5)]

    found = only(scores)

    assert found.kind is PatternKind.ITEM_RANGE
    words = found.sentence % found.values
    assert words == "You score “A” high where the panel gives 8 to 10."


def test_of_an_item_and_its_ranges_the_weightier_is_told():
    scores = [seen(3, reference=r) for r in (8, 9, 10)] + [seen(1, reference=r) for r in (1, 2, 3)]

    told = [one.kind for one in find_patterns(scores)]

    assert sum(kind in (PatternKind.ITEM, PatternKind.ITEM_RANGE) for kind in told) == 1


def test_a_range_of_one_value_names_that_value():
    scores = [seen(2, reference=9)] * 3 + [seen(0, reference=2)] * 5

    assert only(scores).sentence % {"item": "A", "low": 9, "high": 9} == (
        "You score “A” high where the panel gives 9."
    )


def test_sides_sections_and_severities_are_found_where_the_rest_is_even():
    for field, value, kind in (
        ("side", Side.LEFT, PatternKind.SIDE),
        ("section", "Hip", PatternKind.SECTION),
        ("severity", "severe", PatternKind.SEVERITY),
    ):
        apart = [seen(-1, item=f"i{n}", reference=n, **{field: value}) for n in range(6)]
        even = [seen(0, item=f"i{n}", reference=n) for n in range(6)] * 2
        found = only(apart + even)
        assert (found.kind, found.leaning, found.n) == (kind, Leaning.LOW, 6)


def test_scores_for_na_and_na_for_scores_are_patterns_of_their_own():
    scored = [seen(None, reference_na=True)] * 3
    refused = [seen(None, own_na=True)] * 3

    assert only(scored).leaning is Leaning.SCORED
    assert only(refused).leaning is Leaning.NOT_SCORED
    both = [seen(None, own_na=True, reference_na=True)] * 9
    assert find_patterns(both) == ()


@pytest.mark.parametrize(
    ("direction", "words"),
    [
        (Direction.HIGHER_BETTER, "less affected"),
        (Direction.HIGHER_WORSE, "more affected"),
        (None, "You score high overall."),
    ],
)
def test_leniency_is_said_by_which_end_of_the_total_is_the_good_one(direction, words):
    scores = [seen(1, item=f"i{n}", reference=n) for n in range(6)]

    assert words in only(scores, direction=direction).sentence


def test_one_item_far_beyond_the_rest_is_told_beside_the_whole():
    scores = [seen(1, item=f"i{n}") for n in range(12)] + [seen(4, item="far")] * 4

    kinds = {one.kind for one in find_patterns(scores)}

    assert {PatternKind.OVERALL, PatternKind.ITEM} <= kinds


def test_the_lesson_is_the_one_that_the_cases_name_most_often():
    often, once = Revisit("deck", slide=9), Revisit("deck", slide=2)
    scores = [seen(1, revisit=often), seen(1, revisit=once), seen(1, revisit=often)]
    even = [seen(0, item="b", revisit=once)] * 9

    assert only(scores + even).revisit == often


def test_a_share_is_surer_the_more_scores_it_rests_on():
    assert certainty(3, 3) == pytest.approx(0.4385, abs=1e-4)  # Wilson's lower end, 95 %
    assert certainty(3, 3) < certainty(12, 12) < certainty(120, 120) < 1


def test_what_the_case_itself_accepts_leans_nowhere():
    assert find_patterns([seen(3, within=True)] * 9) == ()


def test_units_are_the_tolerance_or_one_step_of_the_scale():
    grade = load_library("mmt8_80@1.0").items[0]
    line = load_library("physician_global_activity@1.0").items[0]

    assert unit_of(grade, Decimal(0)) == 1
    assert unit_of(grade, Decimal(2)) == 2
    assert unit_of(line, Decimal(10)) == 10


def test_a_compared_case_becomes_its_scores():
    case = replace(make_case("p", a=5, b="NA"), severity="mild")
    two = instrument()
    answers = {key: read_answer(two.item(key), value) for key, value in {"a": 7, "b": 3}.items()}

    first, second = observe(
        two, case, mark_case(two, case, CERTIFICATION.criteria, answers=answers)
    )

    assert (first.difference, first.reference, first.severity) == (2, 5, "mild")
    assert (second.difference, second.reference_na, second.own_na) == (None, True, False)


# --- properties -----------------------------------------------------------------------------------

scores = st.builds(
    seen,
    st.integers(-4, 4),
    item=st.sampled_from("abc"),
    reference=st.integers(0, 10),
    side=st.sampled_from([None, Side.LEFT, Side.RIGHT]),
    severity=st.sampled_from(["", "mild", "severe"]),
    revisit=st.sampled_from([None, Revisit("deck", slide=1), Revisit("deck", slide=2)]),
)


@given(st.lists(scores, max_size=30), st.randoms())
def test_the_order_of_the_scores_plays_no_part(made, chance):
    mixed = list(made)
    chance.shuffle(mixed)

    assert find_patterns(mixed) == find_patterns(made)


@given(st.lists(scores, max_size=30))
def test_who_scores_as_the_panel_has_no_pattern(made):
    assert find_patterns([replace(one, difference=Decimal(0)) for one in made]) == ()


@given(st.lists(scores, min_size=6, max_size=30), st.integers(1, 5))
def test_a_constant_above_the_panel_is_found_as_high(made, constant):
    moved = {"difference": Decimal(constant), "within": constant <= 1}
    told = find_patterns([replace(one, **moved) for one in made])

    assert told[0].kind is PatternKind.OVERALL
    assert told[0].effect == constant
    assert {one.leaning for one in told} == {Leaning.HIGH}


@given(st.lists(scores, max_size=30))
def test_every_pattern_keeps_the_rule_that_is_stated(made):
    told = find_patterns(made)

    assert len(told) <= MOST
    for one in told:
        assert one.n >= (3 if one.kind in (PatternKind.ITEM, PatternKind.ITEM_RANGE) else 6)
        assert one.effect >= Fraction(1, 2)
        assert one.same * 3 >= one.n * 2


@given(st.lists(scores, max_size=30))
def test_below_mirrors_above(made):
    mirrored = [replace(one, difference=-one.difference) for one in made]

    def figures(told):
        return [(one.kind, one.key, one.n, one.same, one.effect) for one in told]

    assert figures(find_patterns(mirrored)) == figures(find_patterns(made))


def test_a_tolerance_of_its_own_measures_an_item():
    criteria = Criteria(ItemCriterion("1", 1, {"b": "4"}), None, 1)
    two = instrument()
    answers = {key: read_answer(two.item(key), 7) for key in "ab"}

    first, second = observe(
        two, make_case("p"), mark_case(two, make_case("p"), criteria, answers=answers)
    )

    assert (first.effect, second.effect) == (2, Fraction(1, 2))
