"""When calibration is due, what the chart says of cases, and what a drifting rater does again."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from lms.agreement.control import Signal
from lms.instruments.domain import answer_from_json, build
from lms.modules.domain import (
    ScoredCase,
    Timing,
    course_of,
    mark_case,
    schedule_of,
    scored_case,
    standing_of,
    steps_to_redo,
)
from lms.modules.domain.calibration import DomainTally, failing_domains
from lms.packages.domain import CalibrationStep, ChartSpec, Criteria, ItemCriterion, Revisit
from tests.factories import NOW
from tests.samples import INSTRUMENT_DATA, make_case, make_content

WEEK = timedelta(weeks=1)
STEP = CalibrationStep(
    key="calibration",
    title="Calibration",
    minutes=10,
    cases=(make_case("k1"), make_case("k2")),
    required=2,
    every_weeks=12,
    grace_weeks=4,
    total="total",
    spread="2",
)
INSTRUMENT = build(INSTRUMENT_DATA)
CRITERIA = Criteria(item_within=ItemCriterion("1", 2, {}), total_within=None, cases=1)


def scored(*differences, outside=0, at=NOW):
    return [
        ScoredCase(
            "k1",
            at + n * WEEK,
            None if one is None else Decimal(one),
            (DomainTally("", outside, 2, 0),),
        )
        for n, one in enumerate(differences)
    ]


# --- when


def test_the_first_cases_are_due_so_many_weeks_after_the_certificate():
    plan = schedule_of(STEP, since=NOW, scored=[])
    assert (plan.due_at, plan.late_at) == (NOW + 12 * WEEK, NOW + 16 * WEEK)
    assert plan.timing(NOW + 9 * WEEK) is Timing.NOT_YET
    assert plan.timing(NOW + 10 * WEEK) is Timing.OPEN
    assert plan.timing(NOW + 12 * WEEK) is Timing.DUE
    assert plan.timing(NOW + 16 * WEEK) is Timing.LATE


def test_one_of_two_cases_is_no_session_and_keeps_the_next_one_open():
    half = schedule_of(STEP, since=NOW, scored=[NOW + 10 * WEEK])
    assert (half.done, half.of, half.sessions, half.due_at) == (1, 2, 0, NOW + 12 * WEEK)
    assert half.timing(NOW + 11 * WEEK) is Timing.OPEN


def test_the_next_time_counts_from_when_the_last_one_was_completed():
    plan = schedule_of(STEP, since=NOW, scored=[NOW + 10 * WEEK, NOW + 13 * WEEK])
    assert (plan.done, plan.sessions, plan.due_at) == (0, 1, NOW + 25 * WEEK)


def test_with_short_times_they_open_half_way():
    weekly = replace(STEP, every_weeks=1)
    assert schedule_of(weekly, since=NOW, scored=[]).opens_at == NOW + WEEK / 2


# --- what a case shows


def answers(**values):
    return {
        key: answer_from_json({"value": value, "na": False, "reason": None, "side": None})
        for key, value in values.items()
    }


def test_a_case_gives_the_totals_difference_and_the_items_outside():
    mark = mark_case(INSTRUMENT, make_case("k1", a=5, b=5), CRITERIA, answers=answers(a=8, b=4))
    seen = scored_case(INSTRUMENT, STEP, mark, at=NOW)
    assert (seen.case, seen.difference) == ("k1", Decimal(2))
    assert seen.domains == (DomainTally("", outside=1, of=2, higher=1),)


def test_a_case_without_a_total_is_left_out_of_the_chart_and_counted():
    course = course_of(STEP, scored(None, 2))
    assert (len(course.points), course.left_out) == (1, 1)


# --- what the chart says


def test_differences_are_taken_in_spreads():
    [point] = course_of(STEP, scored(4)).points
    assert point.difference == 2.0


def test_a_rater_who_agrees_stays_in_band_and_one_who_is_off_does_not():
    assert course_of(STEP, scored(*[1, -1, 0] * 6)).signal is Signal.NONE
    off = course_of(STEP, scored(*[4] * 8))
    assert (off.signal, off.direction) == (Signal.ALARM, 1)
    assert course_of(STEP, scored(*[-4] * 8)).direction == -1


def test_an_alarm_is_not_taken_back_by_good_cases_after_it():
    assert course_of(STEP, scored(*[4] * 8, *[0] * 20)).signal is Signal.ALARM


def test_a_cusum_is_drawn_where_the_package_says_so():
    summed = replace(STEP, chart=ChartSpec(kind="cusum", slack=0.5, limit=4.0))
    course = course_of(summed, scored(4, 4))
    assert [point.high for point in course.points] == [1.5, 3.0]


@given(st.lists(st.integers(-2, 2), max_size=12))
def test_small_differences_of_either_sign_never_alarm_the_mirror_alone(differences):
    there = course_of(STEP, scored(*differences))
    back = course_of(STEP, scored(*(-one for one in differences)))
    assert there.signal == back.signal


# --- domains


def tally(section, outside, of):
    return DomainTally(section, outside, of, 0)


def test_a_domain_fails_by_more_than_a_third_of_at_least_three_items():
    cases = [
        ScoredCase("k1", NOW, Decimal(0), (tally("arms", 2, 3), tally("legs", 1, 3))),
        ScoredCase("k2", NOW, Decimal(0), (tally("arms", 0, 2), tally("neck", 2, 2))),
    ]
    assert failing_domains(cases) == ("arms",)


def test_what_the_package_names_for_a_domain_is_done_again_and_a_step_that_judges():
    content = make_content()
    named = replace(STEP, redo={"": ("deck",)})
    assert steps_to_redo(content, named, INSTRUMENT, [""]) == ("deck", "cases")


def test_else_the_practice_and_what_the_cases_name():
    case = replace(make_case("k1"), revisit={"a": Revisit("deck", 1)})
    found = steps_to_redo(make_content(), replace(STEP, cases=(case,)), INSTRUMENT, [])
    assert found == ("deck", "practice", "cases")


# --- renewal


def test_who_stays_in_band_and_on_time_renews():
    done = [NOW + 10 * WEEK, NOW + 11 * WEEK]
    plan = schedule_of(STEP, since=NOW, scored=done)
    good, bad = course_of(STEP, scored(0, 1)), course_of(STEP, scored(20, 20))
    soon, late = NOW + 12 * WEEK, NOW + 40 * WEEK
    assert standing_of(good, plan, soon).renews
    assert not standing_of(good, plan, late).on_time
    assert not standing_of(bad, plan, soon).in_band
    assert not standing_of(course_of(STEP, []), schedule_of(STEP, since=NOW, scored=[]), NOW).enough
