"""Every kind of criterion, judged both ways, by the rules of docs/content-format.md."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.instruments.domain import build, read_answer
from lms.modules.domain import (
    Kind,
    Standing,
    mark_quiz,
    mark_rating,
    mark_step,
    verdict_from_json,
    verdict_to_json,
)
from lms.packages.domain import (
    Accept,
    BiasCriterion,
    ChangeCriterion,
    Criteria,
    FlagCriterion,
    IccCriterion,
    IntervalCriterion,
    ItemCriterion,
    KappaCriterion,
    Level,
    PanelLimit,
    PanelRater,
    TotalCriterion,
    content_from_json,
    content_to_json,
)
from tests.samples import (
    CERTIFICATION,
    INSTRUMENT_DATA,
    QUIZ,
    answer,
    make_case,
    make_content,
)

TWO = build(
    {
        **INSTRUMENT_DATA,
        "consistency": [
            {"check": "explained", "line": "b", "items": ["a"], "absent": 0, "says": "b without a"}
        ],
    }
)
NOTHING = Criteria(item_within=None, total_within=None, cases=1)


def rate(**values):
    return {key: read_answer(TWO.item(key), value) for key, value in values.items()}


def verdict_of(criteria, *cases, severities=None):
    """Judge cases given as (case, ratings)."""
    marked = [replace(case, key=str(n)) for n, (case, _) in enumerate(cases)]
    answers = {str(n): rate(**own) for n, (_, own) in enumerate(cases)}
    return mark_rating(TWO, marked, criteria, answers=answers).verdict


def standing(criteria, kind, *cases):
    return verdict_of(criteria, *cases).line(kind).standing


def five(**own):
    return make_case("c", a=5, b=5), own


def with_panel(*pairs, **reference):
    panel = tuple(
        PanelRater(f"Panel {n}", {"a": answer(a, na=a == "NA"), "b": answer(b)})
        for n, (a, b) in enumerate(pairs)
    )
    return replace(make_case("c", **reference), panel=panel)


@pytest.mark.parametrize(
    ("asked", "kind", "meets", "misses"),
    [
        (
            {"item_within": ItemCriterion("1", 2, {})},
            Kind.ITEMS, {"a": 6, "b": 4}, {"a": 7, "b": 5},
        ),
        (
            {"item_within": ItemCriterion("1", 0, {}, percent="50")},
            Kind.ITEMS, {"a": 0, "b": 4}, {"a": 0, "b": 0},
        ),
        (
            {"item_within": ItemCriterion("1", 2, {"a": "3"})},
            Kind.ITEMS, {"a": 8, "b": 5}, {"a": 5, "b": 8},
        ),
        (
            {"item_within": ItemCriterion("1", 2, {}, accept={"a": Accept(below="2", above="0")})},
            Kind.ITEMS, {"a": 3, "b": 5}, {"a": 6, "b": 5},
        ),
        (
            {"item_within": ItemCriterion("0", 2, {}, accept={"a": Accept(same=((5, 9),))})},
            Kind.ITEMS, {"a": 9, "b": 5}, {"a": 8, "b": 5},
        ),
        (
            {"total_within": TotalCriterion("total", "2")},
            Kind.TOTAL, {"a": 2, "b": 10}, {"a": 5, "b": 8},
        ),
        (
            {"total_within": TotalCriterion("total", "0", percent="10")},
            Kind.TOTAL, {"a": 7, "b": 5}, {"a": 8, "b": 5},
        ),
        ({"critical": ("a",)}, Kind.CRITICAL, {"a": 5, "b": 0}, {"a": 6, "b": 5}),
        ({"flags": FlagCriterion(0)}, Kind.FLAGS, {"a": 1, "b": 5}, {"a": 0, "b": 5}),
    ],
)  # fmt: skip
def test_a_criterion_of_a_case_is_judged_both_ways(asked, kind, meets, misses):
    criteria = replace(NOTHING, **asked)
    assert standing(criteria, kind, five(**meets)) is Standing.MET
    missed = verdict_of(criteria, five(**misses))
    assert missed.line(kind).standing is Standing.NOT_MET
    assert missed.line(Kind.CASES).standing is Standing.NOT_MET
    assert not missed.passed


def test_zero_or_na_counts_both_ways_and_only_where_it_is_said():
    said = ItemCriterion("0", 2, {}, accept={"a": Accept(zero_or_na=True)})
    for own, reference in (("NA", 0), (0, "NA")):
        case = (make_case("c", a=reference, b=5), {"a": own, "b": 5})
        met = standing(replace(NOTHING, item_within=said), Kind.ITEMS, case)
        assert met is Standing.MET
        plain = replace(NOTHING, item_within=ItemCriterion("0", 2, {}))
        assert standing(plain, Kind.ITEMS, case) is Standing.NOT_MET
    beside = (make_case("c", a=1, b=5), {"a": "NA", "b": 5})
    assert standing(replace(NOTHING, item_within=said), Kind.ITEMS, beside) is Standing.NOT_MET


@pytest.mark.parametrize(
    ("accept", "right", "wrong"),
    [
        (Accept(values=(5, 7)), (5, 7), (6, "NA")),
        (Accept(values=(5, "NA")), (5, "NA"), (0, 4)),
        (Accept(low="4", high="8"), (4, 8), (3, 9, "NA")),
        (Accept(values=("NA",), high="5"), (0, 5, "NA"), (6,)),
    ],
)
def test_what_a_case_accepts_takes_the_place_of_the_tolerance(accept, right, wrong):
    criteria = replace(NOTHING, item_within=ItemCriterion("10", 2, {}), critical=("a",))
    case = replace(make_case("c", a=5, b=5), accept={"a": accept})
    for value in right:
        assert verdict_of(criteria, (case, {"a": value, "b": 5})).passed
    for value in wrong:
        assert not verdict_of(criteria, (case, {"a": value, "b": 5})).passed


def test_the_experts_interval_is_the_t_interval_of_their_mean():
    """Totals 8, 9, 10, 11, 12: mean 10, s = 1.5811, t(4) = 2.7764, so 10 ± 1.963."""
    case = with_panel((4, 4), (4, 5), (5, 5), (6, 5), (6, 6), a=5, b=5)
    criteria = replace(NOTHING, expert_interval=IntervalCriterion("total", "t_interval"))
    assert standing(criteria, Kind.INTERVAL, (case, {"a": 5, "b": 6})) is Standing.MET
    assert standing(criteria, Kind.INTERVAL, (case, {"a": 6, "b": 6})) is Standing.NOT_MET


def test_the_experts_range_holds_its_ends():
    case = with_panel((4, 4), (4, 5), (5, 5), (6, 5), (6, 6), a=5, b=5)
    criteria = replace(NOTHING, expert_interval=IntervalCriterion("total", "range"))
    assert standing(criteria, Kind.INTERVAL, (case, {"a": 6, "b": 6})) is Standing.MET
    assert standing(criteria, Kind.INTERVAL, (case, {"a": 6, "b": 7})) is Standing.NOT_MET


def test_criteria_of_a_case_hold_together_in_enough_cases():
    """Each is met in one case of two, but no case meets both."""
    criteria = replace(NOTHING, total_within=TotalCriterion("total", "2"), critical=("a",), cases=1)
    verdict = verdict_of(criteria, five(a=5, b=9), five(a=6, b=5))
    assert verdict.line(Kind.TOTAL).standing is Standing.MET
    assert verdict.line(Kind.CRITICAL).standing is Standing.MET
    assert verdict.line(Kind.CASES).standing is Standing.NOT_MET
    assert not verdict.passed


def test_bias_is_the_exact_mean_difference_with_its_interval():
    criteria = replace(NOTHING, bias=BiasCriterion("total", "1"), cases=0)
    verdict = verdict_of(criteria, five(a=6, b=5), five(a=5, b=5), five(a=6, b=6))
    line = verdict.line(Kind.BIAS)
    assert (line.figure, line.at_most, line.standing) == (1, 1, Standing.MET)
    # differences 1, 0, 2: s = 1, t(2) = 4.3027, so 1 ± 2.4841
    assert line.interval.low == pytest.approx(-1.4841, abs=1e-4)
    assert line.interval.method == "From the t distribution with n - 1 degrees of freedom."
    over = verdict_of(criteria, five(a=6, b=5), five(a=5, b=6), five(a=6, b=6))
    assert over.line(Kind.BIAS).standing is Standing.NOT_MET
    under = verdict_of(criteria, five(a=4, b=5), five(a=5, b=4), five(a=4, b=4))
    assert under.line(Kind.BIAS).standing is Standing.NOT_MET


def test_limits_of_agreement_catch_errors_that_cancel_out():
    criteria = replace(NOTHING, bias=BiasCriterion("total", "1", "4"), cases=0)
    near = verdict_of(criteria, five(a=6, b=5), five(a=4, b=5), five(a=5, b=5))
    assert near.passed
    wild = verdict_of(criteria, five(a=9, b=5), five(a=1, b=5), five(a=5, b=5))
    assert wild.line(Kind.BIAS).standing is Standing.MET
    assert wild.line(Kind.LIMITS).standing is Standing.NOT_MET
    assert wild.line(Kind.LIMITS).figure == pytest.approx(1.96 * 4)


def test_a_total_that_one_alone_has_is_no_way_around_bias():
    criteria = replace(NOTHING, bias=BiasCriterion("total", "1"), cases=0)
    verdict = verdict_of(criteria, five(a="NA", b=5), five(a=5, b=5), five(a=5, b=5))
    assert verdict.line(Kind.BIAS).standing is Standing.NOT_MET
    assert verdict.line(Kind.BIAS).reason is not None


def many(shift):
    """Twelve cases from 0 to 11 or so, each rated by `shift`."""
    return [
        (make_case("c", a=n % 11, b=(n * 3) % 11), {"a": shift(n % 11), "b": shift((n * 3) % 11)})
        for n in range(12)
    ]


@pytest.mark.parametrize("form", ["ICC(A,1)", "ICC(2,1)", "ICC(C,1)", "ICC(1)"])
@pytest.mark.parametrize("total", ["total", None])
def test_a_correlation_decides_from_enough_cases_on(form, total):
    criteria = replace(NOTHING, icc=IccCriterion(form, "0.8", total, decides_from=12), cases=0)
    good = verdict_of(criteria, *many(lambda n: n)).line(Kind.ICC)
    assert (good.standing, good.figure) == (Standing.MET, pytest.approx(1.0))
    bad = verdict_of(criteria, *many(lambda n: 10 - n)).line(Kind.ICC)
    assert bad.standing is Standing.NOT_MET
    few = verdict_of(criteria, *many(lambda n: 10 - n)[:11]).line(Kind.ICC)
    assert few.standing is Standing.INFORMS
    assert few.figure is not None
    assert "from 12 cases on" in str(few.reason)


def test_consistency_forgives_a_constant_shift_and_absolute_agreement_does_not():
    def line(form):
        asked = IccCriterion(form, "0.95", "total", decides_from=12)
        shifted = many(lambda n: min(n + 2, 10))
        return verdict_of(replace(NOTHING, icc=asked, cases=0), *shifted).line(Kind.ICC).figure

    assert line("ICC(C,1)") > line("ICC(A,1)")


def test_weighted_kappa_decides_from_enough_ratings_on():
    asked = KappaCriterion("quadratic", "0.6", ("a", "b"), decides_from=24)
    criteria = replace(NOTHING, weighted_kappa=asked, cases=0)
    good = verdict_of(criteria, *many(lambda n: n)).line(Kind.KAPPA)
    assert (good.standing, good.of) == (Standing.MET, 24)
    bad = verdict_of(criteria, *many(lambda n: 10 - n)).line(Kind.KAPPA)
    assert bad.standing is Standing.NOT_MET
    few = verdict_of(criteria, *many(lambda n: 10 - n)[:11]).line(Kind.KAPPA)
    assert few.standing is Standing.INFORMS


def test_what_has_no_value_informs_and_says_why():
    icc = IccCriterion("ICC(A,1)", "0.8", "total", decides_from=10)
    kappa = KappaCriterion("linear", "0.8", ("a",), decides_from=10)
    criteria = replace(NOTHING, icc=icc, weighted_kappa=kappa, cases=0)
    verdict = verdict_of(criteria, *[five(a=5, b=5)] * 12)
    for kind in (Kind.ICC, Kind.KAPPA):
        line = verdict.line(kind)
        assert (line.figure, line.standing) == (None, Standing.INFORMS)
        assert line.reason is not None


def disputed(**own):
    """A case on which the panel is 6 points apart on a, and agrees on b."""
    return with_panel((2, 5), (2, 5), (5, 5), (8, 5), (8, 5), a=5, b=5), own


@pytest.mark.parametrize("limit", [PanelLimit(share="0.5"), PanelLimit(points="5")])
def test_an_item_on_which_the_panel_disagrees_fails_nobody(limit):
    asked = replace(
        NOTHING,
        item_within=ItemCriterion("1", 2, {}),
        total_within=TotalCriterion("total", "1"),
        critical=("a",),
        bias=BiasCriterion("total", "0"),
    )
    case = disputed(a=10, b=5)
    assert not verdict_of(asked, case).passed
    assert verdict_of(replace(asked, panel_limit=limit), case).passed
    still = verdict_of(replace(asked, panel_limit=limit), disputed(a=10, b=9))
    assert still.line(Kind.ITEMS).standing is Standing.NOT_MET


def test_dissent_about_na_is_measured_in_experts():
    case = with_panel(("NA", 5), ("NA", 5), (5, 5), (5, 5), (5, 5), a=5, b=5)
    asked = replace(NOTHING, critical=("a",), panel_limit=PanelLimit(dissent="0.4"))
    assert not verdict_of(asked, (case, {"a": 9, "b": 5})).passed
    strict = replace(asked, panel_limit=PanelLimit(dissent="0.3"))
    assert verdict_of(strict, (case, {"a": 9, "b": 5})).passed


def test_what_the_form_lacks_fails_nobody():
    criteria = replace(NOTHING, critical=("a",), minimum_cases=2, severities=("mild", "severe"))
    verdict = verdict_of(criteria, five(a=5, b=5))
    assert verdict.passed
    assert verdict.line(Kind.SIZE).standing is Standing.INFORMS
    assert verdict.line(Kind.SEVERITIES).standing is Standing.INFORMS
    mild = replace(make_case("c"), severity="mild"), {"a": 5, "b": 5}
    severe = replace(make_case("c"), severity="severe"), {"a": 5, "b": 5}
    both = verdict_of(criteria, mild, severe)
    assert both.line(Kind.SIZE).standing is Standing.MET
    assert both.line(Kind.SEVERITIES).standing is Standing.MET


LEVELS = (
    Level("a", "Level A", replace(NOTHING, total_within=TotalCriterion("total", "0"))),
    Level("b", "Level B", replace(NOTHING, total_within=TotalCriterion("total", "2"))),
)


@pytest.mark.parametrize(("b", "level"), [(5, "a"), (6, "b"), (9, None)])
def test_the_highest_level_that_is_met_counts(b, level):
    step = replace(CERTIFICATION, levels=LEVELS, criteria=LEVELS[-1].criteria)
    case = make_case("c", a=5, b=5)
    result = mark_step(TWO, [case], step, answers={"c": rate(a=5, b=b)})
    assert (result.level, result.passed) == (level, level is not None)
    assert [one.key for one in result.levels] == ["a", "b"]


EVERYTHING = Criteria(
    item_within=ItemCriterion("1", 2, {}, accept={"a": Accept(below="1", above="0")}),
    total_within=TotalCriterion("total", "2"),
    cases=2,
    expert_interval=IntervalCriterion("total", "range"),
    critical=("b",),
    flags=FlagCriterion(0),
    bias=BiasCriterion("total", "1", "6"),
    icc=IccCriterion("ICC(A,1)", "0.8", "total", decides_from=10),
    weighted_kappa=KappaCriterion("linear", "0.6", ("a", "b"), decides_from=30),
    panel_limit=PanelLimit(share="0.3"),
    minimum_cases=2,
    severities=("mild",),
    change_within=ChangeCriterion("total", "1"),
)
grades = st.integers(1, 10)
sets = st.lists(st.tuples(grades, grades, grades, grades), min_size=3, max_size=16)


@given(sets)
@settings(max_examples=40, deadline=None)
def test_a_perfect_rater_meets_every_criterion(rows):
    cases = [(make_case("c", a=a, b=b), {"a": a, "b": b}) for a, b, _, _ in rows]
    verdict = verdict_of(EVERYTHING, *cases)
    assert verdict.passed
    assert verdict.open == ()


@given(sets, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_cases_changes_nothing(rows, random):
    cases = [(make_case("c", a=a, b=b), {"a": own_a, "b": own_b}) for a, b, own_a, own_b in rows]
    before = verdict_of(EVERYTHING, *cases)
    random.shuffle(cases)
    after = verdict_of(EVERYTHING, *cases)
    assert after.passed == before.passed
    for one, other in zip(before.lines, after.lines, strict=True):
        assert (one.kind, one.standing) == (other.kind, other.standing)
        if one.figure is not None:
            assert float(one.figure) == pytest.approx(float(other.figure))


@given(sets)
@settings(max_examples=20, deadline=None)
def test_a_verdict_is_kept_as_json_and_read_back(rows):
    cases = [(make_case("c", a=a, b=b), {"a": own_a, "b": own_b}) for a, b, own_a, own_b in rows]
    verdict = verdict_of(EVERYTHING, *cases)
    assert verdict_from_json(verdict_to_json(verdict)) == verdict


def test_every_line_says_itself_in_a_sentence():
    cases = [five(a=5, b=5)] * 12
    for line in verdict_of(EVERYTHING, *cases).lines:
        assert "%(" not in str(line.sentence)
        assert str(line.sentence).endswith(".")


def test_lines_stand_in_one_order():
    kinds = [line.kind for line in verdict_of(EVERYTHING, *[five(a=5, b=5)] * 3).lines]
    assert kinds == [kind for kind in Kind if kind is not Kind.QUIZ]


def test_a_figure_on_its_limit_meets_it():
    criteria = replace(NOTHING, bias=BiasCriterion("total", "0.3"), cases=0)
    tenth = [five(a=6, b=5)] * 3 + [five(a=5, b=5)] * 7
    line = verdict_of(criteria, *tenth).line(Kind.BIAS)
    assert (line.figure, line.standing) == (Decimal("0.3"), Standing.MET)


def test_content_that_was_compiled_before_is_read_as_it_was():
    """Old JSON knows item_within, total_within and cases, and cases without accept sets."""
    content = make_content()
    data = content_to_json(content)
    for step in data["steps"]:
        forms = [case for form in step.get("forms", ()) for case in form["cases"]]
        for case in [*step.get("cases", ()), *forms]:
            del case["accept"], case["reference_tie"]
        if "criteria" in step:
            del step["levels"]
            step["criteria"] = {
                key: step["criteria"][key] for key in ("item_within", "total_within", "cases")
            }
            for key in ("percent", "accept"):
                del step["criteria"]["item_within"][key]
            del step["criteria"]["total_within"]["percent"]
    assert content_from_json(data) == content


def test_criteria_survive_their_json_form():
    step = replace(CERTIFICATION, criteria=EVERYTHING, levels=LEVELS)
    content = make_content(step)
    assert content_from_json(json.loads(json.dumps(content_to_json(content)))) == content


def test_a_quiz_has_a_verdict_of_one_line():
    drawn = [{"question": "one-0", "options": []}, {"question": "one-1", "options": []}]
    (line,) = mark_quiz(QUIZ, drawn=drawn, answers={"one-0": "x"}).verdict.lines
    assert (line.kind, line.figure, line.of, line.at_least) == (Kind.QUIZ, 1, 2, 2)
    assert str(line.sentence) == "1 of 2 answers are right; at least 2 are required."
