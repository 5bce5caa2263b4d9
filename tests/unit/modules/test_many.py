"""Many raters at once against the same raters one by one, and what simulated raters do."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.instruments import api as instruments
from lms.instruments.domain import Answer, answer_to_json, build
from lms.modules.domain import Kind, Standing, mark_rating
from lms.modules.domain.many import Book, judge_many
from lms.modules.domain.panel import judge_panel
from lms.modules.domain.simulation import Model, simulate_step
from lms.packages.domain import (
    Accept,
    BiasCriterion,
    CaseForm,
    ChangeCriterion,
    Criteria,
    FlagCriterion,
    IccCriterion,
    IntervalCriterion,
    ItemCriterion,
    KappaCriterion,
    PanelLimit,
    PanelRater,
    TotalCriterion,
)
from tests.samples import CERTIFICATION, INSTRUMENT_DATA, instrument, make_case

DATA = {
    **INSTRUMENT_DATA,
    "items": [
        *INSTRUMENT_DATA["items"],
        {"key": "c", "label": "Line", "kind": "vas", "left": "none", "right": "most", "na": True},
        {"key": "d", "label": "Kind", "kind": "choice", "options": [
            {"code": "x", "label": "X"}, {"code": "y", "label": "Y"}]},
    ],
    "totals": [
        *INSTRUMENT_DATA["totals"],
        {"key": "share", "label": "Share", "items": ["a", "b", "c"], "combine": "share",
         "na": "prorate", "at_least": 2, "range": [0, 100], "places": 1,
         "direction": "higher_better"},
    ],
    "consistency": [
        {"check": "explained", "line": "b", "items": ["a"], "absent": 0, "says": "b without a"},
        {"check": "never_falls", "items": ["a", "c"], "says": "less than before"},
    ],
}  # fmt: skip
FOUR = build(DATA)
STANDS = {Standing.MET: 1, Standing.NOT_MET: 0, Standing.INFORMS: -1}

grades = st.one_of(st.integers(0, 10), st.just("NA"))
ratings = st.fixed_dictionaries(
    {
        "a": grades,
        "b": grades,
        "c": st.one_of(st.integers(0, 100), st.just("NA")),
        "d": st.sampled_from(["x", "y"]),
    }
)


def read(raw):
    return {key: instruments.read_answer(FOUR.item(key), value) for key, value in raw.items()}


def case_of(number, reference, panel, accept):
    def written(raw):
        return {key: answer_to_json(one) for key, one in read(raw).items()}

    return replace(
        make_case(f"c{number}"),
        reference=written(reference),
        panel=tuple(PanelRater(f"P{n}", written(one)) for n, one in enumerate(panel)),
        accept={"c": Accept(low="20", high="40")} if accept else {},
        follows=f"c{number - 1}" if number % 2 else None,
        cannot_fail=("b",) if accept and number else (),
    )


cases = st.lists(
    st.tuples(ratings, st.lists(ratings, min_size=2, max_size=4), st.booleans()),
    min_size=2,
    max_size=5,
)
criteria = st.builds(
    Criteria,
    item_within=st.sampled_from(
        [
            ItemCriterion("1", 3, {"c": "10"}, accept={"a": Accept(below="2", above="0")}),
            ItemCriterion("2", 0, {}, percent="60", accept={"b": Accept(zero_or_na=True)}),
        ]
    ),
    total_within=st.sampled_from(
        [None, TotalCriterion("total", "2"), TotalCriterion("share", "0", percent="15")]
    ),
    cases=st.integers(1, 2),
    expert_interval=st.sampled_from(
        [None, IntervalCriterion("total", "t_interval"), IntervalCriterion("share", "range")]
    ),
    critical=st.sampled_from([(), ("d",), ("a", "d")]),
    flags=st.sampled_from([None, FlagCriterion(0)]),
    change_within=st.sampled_from(
        [None, ChangeCriterion("total", "3"), ChangeCriterion("share", "10")]
    ),
    bias=st.sampled_from([None, BiasCriterion("total", "1.5", "9"), BiasCriterion("share", "10")]),
    icc=st.sampled_from(
        [
            None,
            IccCriterion("ICC(A,1)", "0.6", "total", decides_from=3),
            IccCriterion("ICC(C,1)", "0.6", None, decides_from=2),
            IccCriterion("ICC(2,1)", "0.6", None, decides_from=9),
        ]
    ),
    weighted_kappa=st.sampled_from(
        [None, KappaCriterion("linear", "0.3", ("a", "b"), decides_from=4)]
    ),
    panel_limit=st.sampled_from([None, PanelLimit(share="0.5", dissent="0.4")]),
)


@given(cases, criteria, st.lists(st.lists(ratings, min_size=5, max_size=5), min_size=1, max_size=4))
@settings(max_examples=120, deadline=None)
def test_many_at_once_is_the_same_as_one_by_one(made, asked, raters):
    form = [case_of(n, *one) for n, one in enumerate(made)]
    rows = [[read(own) for own, _ in zip(rater, form, strict=False)] for rater in raters]
    book = Book(FOUR)
    places = np.array([[book.row(own) for own in rater] for rater in rows])
    found = judge_many(FOUR, form, asked, book=book, places=places)
    for n, rater in enumerate(rows):
        answers = {case.key: own for case, own in zip(form, rater, strict=True)}
        result = mark_rating(FOUR, form, asked, answers=answers)
        assert {kind: one[n] for kind, one in found.standings.items()} == {
            line.kind: STANDS[line.standing] for line in result.verdict.lines
        }
        assert found.passed[n] == result.passed
        assert [case.met for case in result.cases] == found.of_cases[n].tolist()
        for line in result.verdict.lines:
            figure = found.figures[line.kind][n]
            if line.figure is None:
                assert np.isnan(figure)
            else:
                assert figure == pytest.approx(float(line.figure), abs=1e-6)


def test_what_was_not_scored_is_never_near():
    book = Book(FOUR)
    form = [case_of(0, {"a": 5, "b": 5, "c": 50, "d": "x"}, [], False)]
    asked = Criteria(ItemCriterion("10", 1, {"c": "100"}), None, 1)
    found = judge_many(FOUR, form, asked, book=book, places=np.zeros((1, 1, 4), dtype=np.intp))
    assert not found.passed[0]


def with_panel(case, *grades):
    panel = tuple(
        PanelRater(f"P{n}", {key: answer_to_json(Answer(a)) for key in ("a", "b")})
        for n, a in enumerate(grades)
    )
    return replace(case, panel=panel)


FORMS = tuple(
    CaseForm(key, tuple(with_panel(make_case(f"{key}{n}", a=5, b=5), 5, 5, 5, 6, 4)
                        for n in range(3)))
    for key in "ab"
)  # fmt: skip
STEP = replace(
    CERTIFICATION,
    forms=FORMS,
    criteria=Criteria(ItemCriterion("1", 2, {}), TotalCriterion("total", "1"), 2),
)


def test_simulated_raters_do_what_their_models_say():
    (found,) = simulate_step(instrument(), STEP, raters=200, seed=3)
    by_model = {outcome.model: outcome for outcome in found.outcomes}
    assert by_model[Model.PERFECT].passed == 1
    assert by_model[Model.BIASED].passed == 0  # one grade on each of two items is 2 points
    assert by_model[Model.BIASED].wrong == 0
    assert 0 < by_model[Model.TYPICAL].passed < 1
    assert by_model[Model.CARELESS].passed < by_model[Model.TYPICAL].passed
    met, informs = by_model[Model.BIASED].criteria[Kind.ITEMS]
    assert (met, informs) == (1, 0)


def test_the_same_seed_gives_the_same_raters():
    assert simulate_step(instrument(), STEP, raters=50, seed=3) == simulate_step(
        instrument(), STEP, raters=50, seed=3
    )
    assert simulate_step(instrument(), STEP, raters=50, seed=3) != simulate_step(
        instrument(), STEP, raters=50, seed=4
    )


def test_each_expert_is_judged_by_the_others():
    """Panel 5, 5, 5, 6, 4: whoever gave 6 or 4 is two points of the total off the others' 5."""
    found = judge_panel(instrument(), STEP)
    assert (found.passed, found.of) == (6, 10)
    assert [one.rater for one in found.of_form("a").experts if not one.result.passed] == [
        "P3",
        "P4",
    ]


def test_the_reference_of_the_others_leaves_the_expert_out():
    """Of 5, 5, 8, 8, 8 the median is 8; without one of the 8s it is 5, the lower middle."""
    forms = (CaseForm("a", (with_panel(make_case("c", a=8, b=8), 5, 5, 8, 8, 8),)),)
    step = replace(STEP, forms=forms, criteria=Criteria(ItemCriterion("0", 2, {}), None, 1))
    found = judge_panel(instrument(), step)
    assert [one.result.passed for one in found.experts] == [False] * 5
