"""Item analysis and distractors."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.agreement.distractors import analyse_options, score_choices
from lms.agreement.icc import IccForm, icc
from lms.agreement.items import Unanswered, analyse_items
from lms.agreement.result import Misuse
from tests.unit.agreement.made import patient, tables
from tests.unit.agreement.published import LSAT_6

FOUND = analyse_items(LSAT_6)


def rounded(figure, digits):
    return [round(getattr(item, figure).value, digits) for item in FOUND.items]


def test_lsat_6_has_the_known_margins():
    totals = np.array(LSAT_6).sum(axis=1)

    assert np.bincount(totals).tolist() == [3, 20, 85, 237, 357, 298]
    assert rounded("facility", 3) == [0.924, 0.709, 0.553, 0.763, 0.870]
    assert (round(FOUND.mean.value, 3), round(FOUND.variance.value, 6)) == (3.819, 1.071310)


def test_lsat_6_has_the_known_alpha():
    assert round(FOUND.alpha.value, 6) == 0.294997
    assert round(FOUND.kr21.value, 6) == 0.196441


def test_lsat_6_has_the_known_correlations():
    assert rounded("item_total", 4) == [0.3620, 0.5668, 0.6184, 0.5344, 0.4354]
    assert rounded("discrimination", 4) == [0.1128, 0.1532, 0.1728, 0.1444, 0.1216]
    assert rounded("alpha_if_deleted", 4) == [0.2754, 0.2376, 0.2168, 0.2459, 0.2663]


def test_effective_weights_add_up_to_one():
    assert sum(item.effective_weight.value for item in FOUND.items) == pytest.approx(1)


def test_a_quiz_by_hand_gives_moodles_figures():
    """Three people, two questions; covariances written out on paper."""
    found = analyse_items([[0, 1], [1, 2], [1, 6]], maximum=[1, 6])
    first, second = found.items

    assert (first.facility.value, second.facility.value) == (pytest.approx(2 / 3), 0.5)
    covariance, own, other = 1.0, 1 / 3, 7.0  # of the marks, over n - 1
    assert first.discrimination.value == pytest.approx(covariance / math.sqrt(own * other))
    assert first.efficiency.value == pytest.approx(1)  # no order of these marks does better
    roots = math.sqrt(own + covariance), math.sqrt(other + covariance)
    assert first.effective_weight.value == pytest.approx(roots[0] / sum(roots))


def test_efficiency_holds_an_item_against_the_best_that_its_scores_allow():
    found = analyse_items([[1, 0], [0, 1], [1, 2], [1, 3]], maximum=[1, 3]).items[0]

    scores, rest = np.array([1, 0, 1, 1]), np.array([0, 1, 2, 3])
    best = np.cov(np.sort(scores), rest)[0, 1]
    assert found.efficiency.value == pytest.approx(np.cov(scores, rest)[0, 1] / best)


def test_an_item_that_goes_against_the_total_has_no_weight():
    found = analyse_items([[0, 3], [1, 0], [0, 2], [1, 0]], maximum=[1, 3])

    assert found.items[0].effective_weight.value is None
    assert "against the total" in found.items[0].effective_weight.reason
    assert found.items[1].effective_weight.value == 1


def test_upper_and_lower_groups_share_the_people_tied_at_their_border():
    scores = [[1, 1], [1, 0], [0, 1], [0, 0]]
    found = analyse_items(scores)

    # 27 % of 4 are 1.08 people: the best one, and 0.08 of the two in the middle.
    upper = (1 + 0.08 / 2) / 1.08
    assert found.items[0].upper_lower.value == pytest.approx(upper - (0.08 / 2) / 1.08)


@patient
@given(tables(high=3))
def test_the_order_of_people_does_not_matter(table):
    one, two = (analyse_items(t, maximum=3) for t in (table, table[::-1]))
    for a, b in zip(one.items, two.items, strict=True):
        for name in ("facility", "upper_lower", "item_total", "discrimination", "efficiency"):
            left, right = getattr(a, name), getattr(b, name)
            assert left.reason == right.reason
            assert left.value is None or left.value == pytest.approx(right.value, abs=1e-9)


@patient
@given(tables(high=3))
def test_alpha_is_the_consistency_of_the_mean(table):
    found, same = analyse_items(table, maximum=3).alpha, icc(table, IccForm.ICC_3_K)
    if found.value is not None and same.value is not None:
        assert found.value == pytest.approx(same.value, abs=1e-9)
        assert (found.interval is None) == (same.interval is None)


@patient
@given(tables(high=1, raters=(2, 5)))
def test_every_figure_stays_within_its_bounds(table):
    for item in analyse_items(table).items:
        assert 0 <= item.facility.value <= 1
        for name in ("upper_lower", "item_total", "discrimination"):
            value = getattr(item, name).value
            assert value is None or -1 <= value <= 1
        assert item.efficiency.value is None or item.efficiency.value <= 1 + 1e-9


@patient
@given(st.lists(st.integers(0, 3), min_size=2, max_size=9).filter(lambda s: len(set(s)) > 1))
def test_items_that_say_the_same_have_alpha_one(scores):
    found = analyse_items([[s, s, s] for s in scores], maximum=3)

    assert found.alpha.value == pytest.approx(1)
    assert all(item.efficiency.value == pytest.approx(1) for item in found.items)


def test_unanswered_items_leave_people_out_or_count_nothing():
    table = [[1, 1], [0, None], [0, 0]]
    left, zero = (analyse_items(table, unanswered=rule) for rule in Unanswered)

    assert (left.alpha.sample.subjects, zero.alpha.sample.subjects) == (2, 3)
    assert (left.items[1].facility.value, zero.items[1].facility.value) == (
        0.5,
        pytest.approx(1 / 3),
    )
    assert left.alpha.sample.rule != zero.alpha.sample.rule


@pytest.mark.parametrize(
    ("table", "figure", "part"),
    [
        ([[1, 1], [1, 0]], "discrimination", "Everybody has the same score"),
        ([[1, 0], [0, 1]], "item_total", "Everybody has the same total"),
        ([[1, 1], [0, 1]], "discrimination", "same total on the other items"),
        ([[1, 0]], "spread", "fewer than two people"),
        ([[1, None]], "facility", "Nobody answered every item"),
        ([[1, 0], [0, 0]], "alpha_if_deleted", "fewer than two"),
    ],
)
def test_where_a_figure_is_undefined_a_sentence_says_why(table, figure, part):
    found = getattr(analyse_items(table).items[0], figure)

    assert found.value is None
    assert part in found.reason


def test_one_item_has_no_alpha():
    assert "fewer than two items" in analyse_items([[1], [0]]).alpha.reason


@pytest.mark.parametrize(
    ("table", "arguments", "part"),
    [
        ([[2, 0]], {}, "Row 1, column 1: 2 is outside 0 to 1"),
        ([[1, 0]], {"maximum": [1, 1, 1]}, "one for each of the 2 items"),
        ([[1, 0]], {"maximum": 0}, "a number above 0"),
        ([[1, 0]], {"names": ["a"]}, "2 items"),
    ],
)
def test_misuse_is_answered_in_a_sentence(table, arguments, part):
    with pytest.raises(Misuse, match=part):
        analyse_items(table, **arguments)


# --- distractors ----------------------------------------------------------------------------------

CHOICES = [["a", "b"], ["a", "b"], ["c", "b"], ["c", "d"], [None, "d"]]


def test_each_option_says_who_chose_it():
    first, _second = analyse_options(CHOICES, ["a", "b"], names=["Q1", "Q2"])

    assert (first.name, [o.option for o in first.options]) == ("Q1", ["a", "c", None])
    assert [o.chosen for o in first.options] == [2, 2, 1]
    key, distractor, none = first.options
    assert key.is_key and not distractor.is_key
    assert (key.share, key.rest_mean.value, distractor.rest_mean.value) == (0.4, 1.0, 0.5)
    assert key.discrimination.value > 0 > none.discrimination.value


def test_an_option_that_nobody_chose_is_shown_as_such():
    first, _second = analyse_options(CHOICES, ["a", "b"], options=["a", "b", "c"])

    unused = next(o for o in first.options if o.option == "b")
    assert (unused.chosen, unused.rest_mean.value) == (0, None)
    assert "Nobody chose" in unused.discrimination.reason


def test_the_shares_of_all_options_add_up_to_one():
    for item in analyse_options(CHOICES, ["a", "b"]):
        for figure in ("share", "upper", "lower"):
            assert sum(getattr(option, figure) for option in item.options) == pytest.approx(1)


def test_choices_are_scored_by_the_key():
    assert score_choices(CHOICES, ["a", "b"])[:4].tolist() == [[1, 1], [1, 1], [0, 1], [0, 0]]
    assert np.isnan(score_choices(CHOICES, ["a", "b"])[4, 0])


@pytest.mark.parametrize(
    ("choices", "key", "part"),
    [([["a"]], ["a", "b"], "Row 1 has 1 answers, but the key has 2"), ([], ["a"], "no answers")],
)
def test_answers_that_do_not_fit_the_key_are_refused(choices, key, part):
    with pytest.raises(Misuse, match=part):
        analyse_options(choices, key)
