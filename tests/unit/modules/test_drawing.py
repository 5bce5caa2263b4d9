"""What an attempt holds."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lms.modules.domain import counted, draw_case, draw_form, draw_quiz, shown_case
from lms.packages.domain import CaseForm
from tests.samples import CERTIFICATION, PRACTICE, QUIZ, make_case

seeds = st.integers(0, 2**62)


@given(seeds)
def test_the_same_seed_draws_the_same(seed):
    assert draw_quiz(QUIZ, seed=seed, seen=()) == draw_quiz(QUIZ, seed=seed, seen=())
    assert draw_form(CERTIFICATION, seed=seed, used=()) == draw_form(
        CERTIFICATION, seed=seed, used=()
    )


@given(seeds)
def test_a_quiz_takes_from_each_pool_what_it_asks_for(seed):
    keys = [entry["question"] for entry in draw_quiz(QUIZ, seed=seed, seen=()).content]
    assert len(set(keys)) == 3
    assert sum(key.startswith("one-") for key in keys) == 2


@given(seeds)
def test_unseen_questions_come_first(seed):
    seen = {"one-0", "one-1", "one-2"}
    keys = {entry["question"] for entry in draw_quiz(QUIZ, seed=seed, seen=seen).content}
    assert keys >= {"one-3", "one-4"}


def test_different_seeds_shuffle_options():
    orders = {
        tuple(entry["options"])
        for seed in range(30)
        for entry in draw_quiz(QUIZ, seed=seed, seen=()).content
        if entry["question"].startswith("one-")
    }
    assert len(orders) == 6


def test_unseen_practice_cases_come_in_the_authors_order():
    assert draw_case(PRACTICE, seen=[]).content == ["p1"]
    assert draw_case(PRACTICE, seen=["p1"]).content == ["p2"]


def test_when_all_were_seen_the_one_seen_longest_ago_comes():
    assert draw_case(PRACTICE, seen=["p1", "p2", "p3"]).content == ["p1"]
    assert draw_case(PRACTICE, seen=["p1", "p2", "p3", "p1"]).content == ["p2"]


@given(seeds)
def test_the_second_try_has_the_other_form(seed):
    first = draw_form(CERTIFICATION, seed=seed, used=())
    second = draw_form(CERTIFICATION, seed=seed, used=[first.form])
    assert {first.form, second.form} == {"a", "b"}
    assert not set(first.content) & set(second.content)


def test_when_all_forms_were_used_the_oldest_comes_again():
    assert draw_form(CERTIFICATION, seed=1, used=["a", "b"]).form == "a"
    assert draw_form(CERTIFICATION, seed=1, used=["a", "b", "a"]).form == "b"


@given(seeds, st.integers(1, 9))
def test_hidden_repeats_stand_among_the_others_and_never_side_by_side(seed, repeats):
    forms = tuple(replace(form, repeats=repeats) for form in CERTIFICATION.forms)
    drawn = draw_form(replace(CERTIFICATION, forms=forms), seed=seed, used=())
    cases = [case.key for case in next(f for f in forms if f.key == drawn.form).cases]

    shown = [shown_case(entry) for entry in drawn.content]

    assert sorted(counted(drawn.content)) == sorted(cases)
    if len(cases) > 1:
        assert len(shown) == len(cases) + min(repeats, len(cases))
        assert all(one[0] != other[0] for one, other in pairwise(shown))
        assert all(
            shown.index((case, 1)) < place for place, (case, n) in enumerate(shown) if n == 2
        )


def test_without_repeats_a_form_is_drawn_as_it_always_was():
    assert all(
        entry == shown_case(entry)[0] for entry in draw_form(CERTIFICATION, seed=5, used=()).content
    )


def later(key):
    return replace(make_case(f"{key}-later"), follows=key)


patients = st.lists(st.booleans(), min_size=1, max_size=6)
"""Of each patient, whether there is a follow-up."""


def cases_of(visits):
    return tuple(
        case
        for n, again in enumerate(visits)
        for case in (make_case(f"c{n}"), *([later(f"c{n}")] if again else []))
    )


@given(seeds, patients, st.integers(0, 4))
def test_a_follow_up_always_comes_right_after_its_initial_visit(seed, visits, repeats):
    cases = cases_of(visits)
    step = replace(CERTIFICATION, forms=(CaseForm("a", cases, repeats),))

    drawn = draw_form(step, seed=seed, used=()).content
    shown = [shown_case(entry) for entry in drawn]

    assert sorted(counted(drawn)) == sorted(case.key for case in cases)
    for case in cases:
        if case.follows:
            assert drawn[drawn.index(case.key) - 1] == case.follows
            assert (case.key, 2) not in shown and (case.follows, 2) not in shown
    if len(visits) > 1:
        assert len(drawn) - len(cases) == min(repeats, visits.count(False))
    assert all(one[0] != other[0] for one, other in pairwise(shown))


@given(patients, st.integers(1, 30))
def test_in_practice_a_follow_up_comes_right_after_its_initial_visit_and_never_else(visits, tries):
    step = replace(PRACTICE, cases=cases_of(visits))
    seen = []
    for _ in range(tries):
        seen += draw_case(step, seen=seen).content
    follows = {case.key: case.follows for case in step.cases}
    followed = {case.follows for case in step.cases if case.follows}
    for before, case in pairwise([None, *seen]):
        assert follows[case] is None or before == follows[case]
        assert before not in followed or follows[case] == before
    assert len(set(seen)) == min(tries, len(step.cases))
