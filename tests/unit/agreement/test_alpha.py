"""Krippendorff's alpha and Gwet's coefficients."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.agreement.fleiss import fleiss
from lms.agreement.gwet import gwet
from lms.agreement.kappa import Weights
from lms.agreement.krippendorff import Metric, alpha
from lms.agreement.result import Misuse
from tests.unit.agreement.made import patient, tables
from tests.unit.agreement.published import KRIPPENDORFF_C, KRIPPENDORFF_WIKIPEDIA

KINDS = [Weights.NONE, Weights.LINEAR, Weights.QUADRATIC]


@pytest.mark.parametrize(
    ("metric", "value", "published"),
    [
        (Metric.NOMINAL, 0.743421, 0.743),
        (Metric.ORDINAL, 0.815388, 0.815),
        (Metric.INTERVAL, 0.849107, 0.849),
        (Metric.RATIO, 0.797403, 0.797),
    ],
)
def test_krippendorffs_data_c_give_his_figures(metric, value, published):
    found = alpha(KRIPPENDORFF_C, metric, resamples=0)

    assert (round(found.value, 6), round(found.value, 3)) == (value, published)


@pytest.mark.parametrize(
    ("metric", "value"), [(Metric.NOMINAL, 0.691358), (Metric.INTERVAL, 0.810845)]
)
def test_the_example_of_wikipedia_gives_its_figures(metric, value):
    found = alpha(KRIPPENDORFF_WIKIPEDIA, metric, resamples=0)

    assert round(found.value, 6) == value


def test_units_with_one_rating_are_left_out_and_counted():
    found = alpha(KRIPPENDORFF_C, Metric.NOMINAL, resamples=0)

    assert (found.sample.subjects, found.sample.left_out) == (11, 1)
    assert found.sample.ratings == 40


def plain_alpha(table, distance):
    """The definition, pair by pair."""
    units = [[x for x in row if x is not None] for row in table]
    units = [unit for unit in units if len(unit) > 1]
    values = [x for unit in units for x in unit]
    counts = {v: values.count(v) for v in values}
    if not units:
        return None
    seen = sum(
        distance(a, b, counts) / (len(unit) - 1)
        for unit in units
        for i, a in enumerate(unit)
        for j, b in enumerate(unit)
        if i != j
    ) / len(values)
    expected = sum(
        distance(a, b, counts) for i, a in enumerate(values) for j, b in enumerate(values) if i != j
    ) / (len(values) * (len(values) - 1))
    return 1 - seen / expected if expected else None


def ordinal(a, b, counts):
    low, high = min(a, b), max(a, b)
    between = sum(n for value, n in counts.items() if low <= value <= high)
    return (between - (counts[a] + counts[b]) / 2) ** 2


DISTANCES = {
    Metric.NOMINAL: lambda a, b, _counts: float(a != b),
    Metric.ORDINAL: ordinal,
    Metric.INTERVAL: lambda a, b, _counts: (a - b) ** 2,
    Metric.RATIO: lambda a, b, _counts: ((a - b) / (a + b)) ** 2 if a + b else 0.0,
}


@pytest.mark.parametrize("metric", list(Metric))
@settings(max_examples=60, deadline=None)
@given(table=tables(missing=True))
def test_alpha_is_its_definition_written_out_pair_by_pair(metric, table):
    found = alpha(np.array(table, dtype=float), metric, resamples=0)
    wanted = plain_alpha(table, DISTANCES[metric])

    assert (found.value is None) == (wanted is None)
    assert wanted is None or found.value == pytest.approx(wanted, abs=1e-9)


@patient
@given(tables(missing=True), st.integers(1, 9), st.integers(-9, 9))
def test_each_metric_is_blind_to_what_its_scale_does_not_know(table, scale, shift):
    x = np.array(table, dtype=float)
    for metric, other in (
        (Metric.NOMINAL, 7 - x),
        (Metric.ORDINAL, x**3 + shift),
        (Metric.INTERVAL, x * scale + shift),
        (Metric.RATIO, x * scale),
    ):
        one, two = (alpha(each, metric, resamples=0).value for each in (x, other))
        assert (one is None and two is None) or math.isclose(one, two, abs_tol=1e-9)


@patient
@given(tables(missing=True))
def test_neither_the_order_of_units_nor_of_raters_matters(table):
    x = np.array(table, dtype=float)
    for metric in Metric:
        one, two = (alpha(each, metric, resamples=0).value for each in (x, x[::-1, ::-1]))
        assert (one is None and two is None) or math.isclose(one, two, abs_tol=1e-9)


@patient
@given(st.lists(st.integers(0, 4), min_size=2, max_size=8).filter(lambda s: len(set(s)) > 1))
def test_raters_who_agree_wholly_have_one(scores):
    for metric in Metric:
        assert alpha([[s, s, s] for s in scores], metric, resamples=0).value == pytest.approx(1)


def test_the_same_seed_gives_the_same_interval_and_another_one_another():
    first, again, other = (alpha(KRIPPENDORFF_C, Metric.ORDINAL, seed=s) for s in (7, 7, 8))

    assert first.interval == again.interval
    assert first.interval != other.interval
    assert first.interval.low < first.value < first.interval.high
    assert (first.seed, first.resamples) == (7, 2000)


def test_a_bootstrap_sample_is_alpha_of_the_units_drawn():
    """The interval with all its mass on one resample is that resample's own alpha."""
    x = np.array(KRIPPENDORFF_C)[:11]
    drawn = np.random.default_rng(3).multinomial(11, np.full(11, 1 / 11), size=1)[0]
    by_hand = alpha(np.repeat(x, drawn, axis=0), Metric.ORDINAL, resamples=0)

    interval = alpha(x, Metric.ORDINAL, resamples=1, seed=3).interval
    assert interval.low == interval.high == pytest.approx(by_hand.value)


@pytest.mark.parametrize(
    ("table", "part"),
    [
        ([[1, None], [None, 2]], "No subject has two ratings"),
        ([[2, 2], [2, None]], "are the same"),
    ],
)
def test_where_alpha_is_undefined_a_sentence_says_why(table, part):
    found = alpha(table, Metric.NOMINAL)

    assert found.value is None
    assert part in found.reason


def test_one_unit_has_a_value_and_no_interval():
    found = alpha([[1, 2, 2]], Metric.NOMINAL)

    assert found.value == 0
    assert "One subject" in found.no_interval


def test_the_ratio_metric_refuses_what_is_below_nought():
    with pytest.raises(Misuse, match="from 0 on"):
        alpha([[-1, 2]], Metric.RATIO)


def test_a_negative_number_of_resamples_is_refused():
    with pytest.raises(Misuse, match="0 or more"):
        alpha([[1, 2]], Metric.NOMINAL, resamples=-1)


# --- Gwet -----------------------------------------------------------------------------------------


def test_gwet_of_krippendorffs_data_is_what_the_handbook_prints():
    """Gwet's own example data are the same; table of the irrCAC package's manual."""
    found = gwet(KRIPPENDORFF_C)

    assert [round(x, 5) for x in (found.value, found.standard_error)] == [0.77544, 0.14295]
    assert found.form == "AC1"


def test_ac1_stays_high_where_one_category_rules_and_kappa_collapses():
    table = [[1, 1]] * 95 + [[0, 1]] * 3 + [[1, 0]] * 2

    assert fleiss(table).value < 0
    assert gwet(table).value > 0.94


def test_named_categories_give_a_figure_where_all_agree_on_one():
    assert gwet([[1, 1], [1, 1]]).value is None
    assert "Name all the categories" in gwet([[1, 1], [1, 1]]).reason
    assert gwet([[1, 1], [1, 1]], levels=[0, 1]).value == 1


@patient
@given(tables(missing=True))
def test_neither_order_matters_to_gwet(table):
    x = np.array(table, dtype=float)
    for weights in KINDS:
        one, two = (gwet(each, weights=weights).value for each in (x, x[::-1, ::-1]))
        assert (one is None and two is None) or math.isclose(one, two, abs_tol=1e-9)


@patient
@given(tables(missing=True), st.integers(1, 9), st.integers(-9, 9))
def test_gwet_knows_no_shift_or_scale(table, scale, shift):
    x = np.array(table, dtype=float)
    for weights in KINDS:
        one, two = (gwet(each, weights=weights).value for each in (x, x * scale + shift))
        assert (one is None and two is None) or math.isclose(one, two, abs_tol=1e-9)


@patient
@given(tables(missing=True))
def test_gwet_lies_within_bounds_and_in_its_interval(table):
    for weights in KINDS:
        found = gwet(table, weights=weights)
        if found.value is not None:
            lowest = -found.expected / (1 - found.expected)  # of AC2 it may be below -1
            assert lowest - 1e-9 <= found.value <= 1 + 1e-9
        if found.interval:
            assert found.interval.low - 1e-9 <= found.value <= found.interval.high + 1e-9


@patient
@given(tables(high=1))
def test_two_categories_make_ac2_into_ac1(table):
    values = [gwet(table, weights=weights, levels=[0, 1]).value for weights in KINDS]
    assert values[1] == pytest.approx(values[0])
    assert values[2] == pytest.approx(values[0])


def test_gwet_without_any_pair_is_undefined():
    assert "No subject has two ratings" in gwet([[1, None], [None, 2]]).reason


def test_equal_shares_of_four_categories_make_chance_a_quarter():
    assert gwet([[0, 1], [2, 3], [1, 0], [3, 2]]).expected == pytest.approx(0.25)
