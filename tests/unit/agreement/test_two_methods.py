"""Lin's concordance correlation and Bland and Altman's limits."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.agreement.bland_altman import bland_altman
from lms.agreement.concordance import concordance
from lms.agreement.error import measurement_error
from lms.agreement.kappa import Weights, kappa
from lms.agreement.result import Misuse
from tests.unit.agreement.made import pairs, patient
from tests.unit.agreement.published import MINI, WRIGHT


def test_the_peak_flow_data_give_the_known_concordance():
    over_n, over_less = concordance(WRIGHT, MINI), concordance(WRIGHT, MINI, ddof=1)

    assert round(over_n.value, 6) == 0.942742
    assert [
        round(x, 6)
        for x in (
            over_less.value,
            over_less.correlation,
            over_less.bias_correction,
            over_less.scale_shift,
            over_less.location_shift,
        )
    ] == [0.942752, 0.943279, 0.999441, 1.028268, -0.018462]


def test_the_peak_flow_interval_is_the_known_one():
    interval = concordance(WRIGHT, MINI, ddof=1).interval

    assert interval.low == pytest.approx(0.8505, abs=1e-3)
    assert interval.high == pytest.approx(0.9787, abs=1e-3)


@patient
@given(pairs())
def test_lin_over_n_is_quadratically_weighted_kappa(rows):
    """Krippendorff (1970) and Fleiss and Cohen (1973) knew it: two programs that must agree."""
    first, second = zip(*rows, strict=True)
    lin = concordance(first, second).value
    if lin is not None:
        assert lin == pytest.approx(kappa(first, second, weights=Weights.QUADRATIC).value)


@patient
@given(pairs(), st.integers(-50, 50), st.integers(1, 9))
def test_order_common_shift_and_common_scale_do_not_matter(rows, shift, scale):
    x = np.array(rows, dtype=float)
    one = concordance(*x.T).value
    other = concordance(*(x[::-1, ::-1] * scale + shift).T).value
    assert (one is None and other is None) or math.isclose(one, other, abs_tol=1e-9)


@patient
@given(pairs())
def test_concordance_lies_in_bounds_below_the_correlation_and_in_its_interval(rows):
    found = concordance(*zip(*rows, strict=True))
    if found.value is not None:
        assert -1 <= found.value <= 1
    if found.correlation is not None:
        assert abs(found.value) <= abs(found.correlation) + 1e-12
    if found.interval:
        assert found.interval.low <= found.value <= found.interval.high


def test_full_and_reversed_agreement_are_one_and_minus_one():
    assert concordance([1, 2, 3], [1, 2, 3]).value == pytest.approx(1)
    assert concordance([1, 2, 3], [3, 2, 1]).value == pytest.approx(-1)


@pytest.mark.parametrize(
    ("first", "second", "part"),
    [
        ([1, 1], [1, 1], "are the same"),
        ([1, None], [1, 2], "fewer than two subjects"),
    ],
)
def test_where_concordance_is_undefined_a_sentence_says_why(first, second, part):
    found = concordance(first, second)

    assert found.value is None
    assert part in found.reason


def test_a_rater_with_one_figure_throughout_has_nought_and_no_parts():
    found = concordance([1, 2, 3], [2, 2, 2])

    assert found.value == 0
    assert found.correlation is None
    assert found.no_interval


# --- Bland and Altman -----------------------------------------------------------------------------


def test_the_peak_flow_limits_are_those_of_the_paper():
    found = bland_altman(WRIGHT, MINI, multiplier=2)

    assert (round(found.bias.value, 4), round(found.sd.value, 4)) == (-2.1176, 38.7651)
    assert (round(found.bias.value, 1), round(found.sd.value, 1)) == (-2.1, 38.8)
    assert [round(x, 2) for x in (found.lower.value, found.upper.value)] == [-79.65, 75.41]
    assert round(found.bias.standard_error, 3) == 9.402
    assert round(found.upper.standard_error, 3) == 16.285


def test_with_1_96_the_limits_are_these():
    found = bland_altman(WRIGHT, MINI)

    assert [round(x, 3) for x in (found.lower.value, found.upper.value)] == [-78.097, 73.862]


def test_the_intervals_are_those_of_the_paper():
    """Printed there, from rounded figures: bias -22.0 to 17.8, upper limit 40.9 to 110.1."""
    found = bland_altman(WRIGHT, MINI, multiplier=2)

    assert [round(x, 1) for x in (found.bias.interval.low, found.bias.interval.high)] == [
        -22.0, 17.8,
    ]  # fmt: skip
    assert found.upper.interval.low == pytest.approx(40.9, abs=0.15)
    assert found.upper.interval.high == pytest.approx(110.1, abs=0.25)


@patient
@given(pairs(), st.integers(-50, 50))
def test_a_common_shift_changes_nothing_and_a_swap_turns_the_sign(rows, shift):
    first, second = np.array(rows, dtype=float).T
    one, other = bland_altman(first, second), bland_altman(second + shift, first + shift)

    assert one.bias.value == pytest.approx(-other.bias.value)
    if one.lower.value is not None:
        assert one.lower.value == pytest.approx(-other.upper.value)


@patient
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=9))
def test_the_spread_is_the_error_of_measurement_times_the_root_of_two(rows):
    first, second = zip(*rows, strict=True)
    sem = measurement_error(rows).sem_consistency.value
    assert bland_altman(first, second).sd.value == pytest.approx(sem * math.sqrt(2), abs=1e-9)


def test_one_pair_has_a_bias_and_no_limits():
    found = bland_altman([3], [1])

    assert found.bias.value == 2
    assert "One pair" in found.lower.reason
    assert "One pair" in found.bias.no_interval


def test_no_pair_has_neither():
    assert "No subject" in bland_altman([None], [1]).bias.reason


def test_equal_differences_have_limits_and_no_interval():
    found = bland_altman([0.3, 0.4, 0.5], [0.2, 0.3, 0.4])

    assert found.upper.value == pytest.approx(0.1)
    found = bland_altman([3, 4, 5], [1, 2, 3])
    assert (found.lower.value, found.upper.value, found.lower.interval) == (2, 2, None)
    assert "All differences are the same" in found.lower.no_interval


@pytest.mark.parametrize("multiplier", [0, -1, math.inf, math.nan])
def test_a_multiplier_that_is_none_is_refused(multiplier):
    with pytest.raises(Misuse, match="above 0"):
        bland_altman([1, 2], [1, 3], multiplier=multiplier)
