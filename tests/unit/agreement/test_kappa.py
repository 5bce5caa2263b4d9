"""Cohen's and Fleiss's kappa."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.agreement.fleiss import Chance, fleiss, fleiss_of_counts
from lms.agreement.kappa import Weights, kappa, kappa_of_table
from lms.agreement.result import Misuse
from tests.unit.agreement.made import pairs, patient, tables
from tests.unit.agreement.published import (
    COHEN_1968,
    COHEN_1968_WEIGHTS,
    FLEISS_1971,
    FLEISS_WIKIPEDIA,
    SAS_FREQ,
)

KINDS = [Weights.NONE, Weights.LINEAR, Weights.QUADRATIC]


@pytest.mark.parametrize(
    ("weights", "value", "error", "low", "high", "z"),
    [
        (Weights.NONE, 0.4842, 0.1380, 0.2137, 0.7547, 3.2626),
        (Weights.LINEAR, 0.4701, 0.1457, 0.1845, 0.7558, 3.2971),
    ],
)
def test_the_table_of_sas_gives_what_sas_prints(weights, value, error, low, high, z):
    found = kappa_of_table(SAS_FREQ, weights=weights)

    assert [
        round(x, 4)
        for x in (
            found.value,
            found.standard_error,
            found.interval.low,
            found.interval.high,
            found.test.value,
        )
    ] == [value, error, low, high, z]


@pytest.mark.parametrize(
    ("weights", "value"),
    [(Weights.NONE, 0.484163), (Weights.LINEAR, 0.470120), (Weights.QUADRATIC, 0.450162)],
)
def test_the_table_of_sas_to_six_digits(weights, value):
    assert kappa_of_table(SAS_FREQ, weights=weights).value == pytest.approx(value, abs=1.5e-6)


def test_cohens_table_of_1968_gives_his_figures():
    plain = kappa_of_table(COHEN_1968)
    weighted = kappa_of_table(COHEN_1968, weights=COHEN_1968_WEIGHTS)

    assert (round(plain.value, 6), round(plain.value, 3)) == (0.491525, 0.492)
    assert (round(weighted.value, 6), round(weighted.value, 3)) == (0.347826, 0.348)


def test_ratings_and_their_table_give_the_same():
    rows = [(i, j) for i, row in enumerate(SAS_FREQ) for j, n in enumerate(row) for _ in range(n)]
    first, second = zip(*rows, strict=True)

    assert kappa(first, second, weights=Weights.LINEAR).value == pytest.approx(
        kappa_of_table(SAS_FREQ, weights=Weights.LINEAR).value
    )


def test_a_category_that_nobody_used_changes_nothing_where_ratings_are_numbers():
    first, second = [1, 2, 5, 5], [1, 5, 5, 2]
    for weights in KINDS:
        assert kappa(first, second, weights=weights).value == pytest.approx(
            kappa(first, second, weights=weights, levels=[1, 2, 3, 4, 5]).value
        )


def test_a_pair_with_a_gap_is_left_out_and_counted():
    found = kappa([0, 1, None, 1], [0, 1, 1, 0])

    assert found.value == kappa([0, 1, 1], [0, 1, 0]).value
    assert (found.sample.subjects, found.sample.left_out) == (3, 1)


@patient
@given(pairs())
def test_the_order_of_subjects_and_of_the_two_raters_does_not_matter(rows):
    first, second = map(list, zip(*rows, strict=True))
    for weights in KINDS:
        one = kappa(first, second, weights=weights)
        other = kappa(second[::-1], first[::-1], weights=weights)
        assert (one.value is None) == (other.value is None)
        assert one.value is None or math.isclose(one.value, other.value, abs_tol=1e-12)


@patient
@given(pairs(), st.integers(-9, 9), st.integers(1, 9))
def test_linear_and_quadratic_know_no_shift_or_scale(rows, shift, scale):
    first, second = np.array(rows).T
    for weights in KINDS:
        one = kappa(first, second, weights=weights).value
        other = kappa(first * scale + shift, second * scale + shift, weights=weights).value
        assert (one is None and other is None) or math.isclose(one, other, abs_tol=1e-12)


@patient
@given(pairs())
def test_kappa_lies_between_minus_one_and_one_and_in_its_interval(rows):
    first, second = zip(*rows, strict=True)
    for weights in KINDS:
        found = kappa(first, second, weights=weights)
        if found.value is not None:
            assert -1 - 1e-12 <= found.value <= 1 + 1e-12
        if found.interval:
            assert found.interval.low <= found.value + 1e-12
            assert found.value <= found.interval.high + 1e-12


@patient
@given(st.lists(st.integers(0, 4), min_size=2, max_size=10).filter(lambda s: len(set(s)) > 1))
def test_raters_who_agree_wholly_have_one(scores):
    for weights in KINDS:
        assert kappa(scores, scores, weights=weights).value == 1


def test_two_who_always_disagree_in_halves_have_minus_one():
    assert kappa([0, 0, 1, 1], [1, 1, 0, 0]).value == -1


@patient
@given(pairs())
def test_two_categories_leave_nothing_for_weights_to_do(rows):
    first, second = (np.array(rows).T > 2).astype(int)
    values = {kappa(first, second, weights=weights).value for weights in KINDS}
    assert len({None if v is None else round(v, 12) for v in values}) == 1


@pytest.mark.parametrize(
    ("first", "second", "part"),
    [
        ([1, 1], [1, 1], "one and the same category"),
        ([None, 1], [1, None], "No subject"),
    ],
)
def test_where_kappa_is_undefined_a_sentence_says_why(first, second, part):
    found = kappa(first, second)

    assert found.value is None
    assert part in found.reason


def test_no_ratings_at_all_are_refused():
    with pytest.raises(Misuse, match="one row for each subject"):
        kappa([], [])


def test_weights_that_count_nothing_of_what_was_used_leave_it_undefined():
    found = kappa([0, 0, 1], [1, 0, 1], weights=[[0, 0, 1], [0, 0, 1], [1, 1, 0]], levels=[0, 1, 2])

    assert found.value is None
    assert "No disagreement that counts" in found.reason


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ({"levels": [0, 1]}, "2 was rated, but is none of the categories"),
        ({"levels": [0, 1, 2, 2]}, "named once"),
        ({"weights": [[0, 1], [1, 0]]}, "3 rows and 3 columns"),
        ({"weights": [[1, 1, 1]] * 3}, "0 on the diagonal"),
        ({"weights": Weights.CUSTOM}, "given as a table"),
    ],
)
def test_misuse_is_answered_in_a_sentence(arguments, part):
    with pytest.raises(Misuse, match=part):
        kappa([0, 1, 2], [0, 1, 1], **arguments)


def test_raters_of_different_lengths_are_refused():
    with pytest.raises(Misuse, match="same subjects"):
        kappa([1, 2], [1])


def test_a_table_that_is_not_square_is_refused():
    with pytest.raises(Misuse, match="square"):
        kappa_of_table([[1, 2]])


# --- Fleiss ---------------------------------------------------------------------------------------


def test_the_example_of_wikipedia_gives_its_kappa():
    assert round(fleiss_of_counts(FLEISS_WIKIPEDIA).value, 6) == 0.209931


def test_fleiss_1971_gives_his_kappa():
    found = fleiss_of_counts(FLEISS_1971)

    assert (round(found.value, 6), round(found.value, 3)) == (0.430245, 0.430)
    assert [sum(column) for column in zip(*FLEISS_1971, strict=True)] == [26, 26, 30, 55, 43]


def test_fixed_and_uniform_chance_differ_as_they_should():
    counts = [[7, 1], [3, 5]]

    assert round(fleiss_of_counts(counts).value, 6) == 0.161905
    assert round(fleiss_of_counts(counts, chance=Chance.UNIFORM).value, 6) == 0.214286


def test_one_category_is_undefined_by_fixed_margins_and_one_by_uniform_ones():
    counts = [[7, 0], [7, 0]]

    assert fleiss_of_counts(counts).value is None
    assert "one category" in fleiss_of_counts(counts).reason
    assert fleiss_of_counts(counts, chance=Chance.UNIFORM).value == 1


def test_ratings_and_their_counts_give_the_same():
    ratings = [[0, 0, 1], [1, 1, 1], [2, 0, 2], [0, 0, 0]]
    counts = [[2, 1, 0], [0, 3, 0], [1, 0, 2], [3, 0, 0]]

    assert fleiss(ratings).value == pytest.approx(fleiss_of_counts(counts).value)


@patient
@given(tables(high=3))
def test_neither_order_nor_names_of_categories_matter_to_fleiss(table):
    x = np.array(table)
    one, other = fleiss(x).value, fleiss(9 - x[::-1, ::-1]).value
    assert (one is None and other is None) or math.isclose(one, other, abs_tol=1e-12)


@patient
@given(tables(high=3))
def test_fleiss_is_the_mean_of_its_categories_weighted_by_their_variance(table):
    found = fleiss(table)
    if found.value is None:
        return
    x = np.array(table)
    shares = np.array([(x == level).mean() for level, _figure in found.by_category])
    own = np.array([figure.value or 0.0 for _level, figure in found.by_category])
    assert found.value == pytest.approx(float(np.average(own, weights=shares * (1 - shares))))


@patient
@given(tables(high=3, missing=True))
def test_fleiss_leaves_out_subjects_with_gaps(table):
    whole = [row for row in table if None not in row]
    found = fleiss(table)
    assert found.sample.subjects == len(whole)
    if whole:
        assert found.value == fleiss(whole).value


def test_subjects_with_different_numbers_of_ratings_are_refused():
    with pytest.raises(Misuse, match="same number"):
        fleiss_of_counts([[1, 2], [2, 2]])


def test_one_rater_has_no_fleiss_kappa():
    assert "fewer than two raters" in fleiss([[1], [2]]).reason
