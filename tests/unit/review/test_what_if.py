"""Counting what other rules would have done."""

import json

from lms.review.domain.what_if import (
    ChangedTry,
    Outcomes,
    Tally,
    TouchedCertificate,
    TouchedTrial,
    WhatIfResult,
    result_from_data,
    tallies,
    tally,
)

OUTCOMES = Outcomes(
    ids=[1, 2, 3, 4],
    enrolments=[10, 10, 11, 12],
    people=[7, 7, 8, 9],
    releases=[1, 1, 1, 1],
    forms=["a", "b", "a", "a"],
    before=[False, True, True, False],
    after=[True, False, False, False],
)


def test_tries_are_counted_before_and_after():
    assert tally("x", OUTCOMES.before, OUTCOMES.after) == Tally("x", 4, 2, 1, 1, 2)
    assert tally("x", [], []).share_before is None


def test_groups_are_counted_by_name():
    assert tallies(OUTCOMES.forms, OUTCOMES.before, OUTCOMES.after) == (
        Tally("a", 3, 1, 1, 1, 1),
        Tally("b", 1, 1, 0, 0, 1),
    )
    assert tallies([], [], []) == ()


def test_a_round_is_passed_if_one_of_its_tries_is():
    rounds = OUTCOMES.rounds()
    assert rounds.before.tolist() == [True, True, False]
    assert rounds.after.tolist() == [True, False, False]
    assert (rounds.lost, rounds.people_lost, rounds.people_gained) == ({11}, {8}, set())


def test_an_answer_comes_back_from_json_as_it_was():
    one = Tally("a", 3, 1, 1, 1, 1)
    result = WhatIfResult(
        tries=one,
        people=one,
        left_out=2,
        forms=(one,),
        releases=(one,),
        sites=(),
        languages=(one,),
        levels=(("A", 3),),
        changed=(ChangedTry(4, 12, True), *OUTCOMES.changed),
        certificates=(TouchedCertificate("CODE", 1, 8, 11),),
        trials=(TouchedTrial(1, "T", "T-1", 0, 1),),
    )
    assert result_from_data(json.loads(json.dumps(result.as_data()))) == result
