"""The intraclass correlation and the error of measurement."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lms.agreement.error import measurement_error
from lms.agreement.icc import IccForm, all_forms, icc
from lms.agreement.result import Misuse
from lms.agreement.variance import mean_squares
from tests.unit.agreement.made import patient, tables
from tests.unit.agreement.published import SHROUT_FLEISS

ORACLE = {
    IccForm.ICC_1_1: (0.165742, -0.132932, 0.722560),
    IccForm.ICC_2_1: (0.289764, 0.018787, 0.761084),
    IccForm.ICC_3_1: (0.714841, 0.342465, 0.945858),
    IccForm.ICC_1_K: (0.442797, -0.884442, 0.912415),
    IccForm.ICC_2_K: (0.620051, 0.071137, 0.927232),
    IccForm.ICC_3_K: (0.909316, 0.675675, 0.985892),
}


@pytest.mark.parametrize("form", list(IccForm))
def test_shrout_and_fleiss_table_gives_the_known_value_and_interval(form):
    found = icc(SHROUT_FLEISS, form)

    assert found.interval is not None
    assert [
        round(figure, 6) for figure in (found.value, found.interval.low, found.interval.high)
    ] == list(ORACLE[form])


def test_shrout_and_fleiss_printed_these():
    assert [round(found.value, 2) for found in all_forms(SHROUT_FLEISS)] == [
        0.17, 0.29, 0.71, 0.44, 0.62, 0.91,
    ]  # fmt: skip


def test_the_mean_squares_are_those_of_the_paper():
    ms = mean_squares(np.array(SHROUT_FLEISS, dtype=float))

    assert [round(x, 6) for x in (ms.between, ms.within, ms.raters, ms.error)] == [
        11.241667, 6.263889, 32.486111, 1.019444,
    ]  # fmt: skip


def test_the_f_tests_are_those_of_the_paper():
    one_way, two_way = icc(SHROUT_FLEISS, IccForm.ICC_1_1), icc(SHROUT_FLEISS, IccForm.ICC_2_1)

    assert round(one_way.test.value, 6) == 1.794678
    assert one_way.test.df == (5, 18)
    assert round(two_way.test.value, 6) == 11.027248
    assert two_way.test.df == (5, 15)


def test_each_form_bears_both_names():
    assert [found.form for found in all_forms(SHROUT_FLEISS)] == [
        "ICC(1,1) = ICC(1)", "ICC(2,1) = ICC(A,1)", "ICC(3,1) = ICC(C,1)",
        "ICC(1,k) = ICC(k)", "ICC(2,k) = ICC(A,k)", "ICC(3,k) = ICC(C,k)",
    ]  # fmt: skip


def test_a_subject_with_a_gap_is_left_out_and_counted():
    found = icc([*SHROUT_FLEISS, [1, None, 3, 4]], IccForm.ICC_2_1)

    assert round(found.value, 6) == 0.289764
    assert (found.sample.subjects, found.sample.left_out, found.sample.missing) == (6, 1, 1)
    assert "left out" in found.sample.rule


@patient
@given(tables())
def test_the_order_of_subjects_and_raters_does_not_matter(table):
    x = np.array(table, dtype=float)
    for one, other in zip(all_forms(x), all_forms(x[::-1, ::-1]), strict=True):
        assert (one.value is None) == (other.value is None)
        assert one.value is None or math.isclose(one.value, other.value, abs_tol=1e-9)


@patient
@given(tables(), st.integers(-50, 50), st.integers(1, 20))
def test_shift_and_scale_of_the_ratings_do_not_matter(table, shift, scale):
    x = np.array(table, dtype=float)
    for one, other in zip(all_forms(x), all_forms(x * scale + shift), strict=True):
        assert (one.value is None) == (other.value is None)
        assert one.value is None or math.isclose(one.value, other.value, abs_tol=1e-9)


@patient
@given(tables())
def test_a_value_is_never_above_one_and_lies_in_its_interval(table):
    for found in all_forms(table):
        assert found.value is None or found.value <= 1 + 1e-12
        if found.interval:
            assert found.interval.low <= found.value <= found.interval.high


@patient
@given(tables())
def test_there_is_a_value_or_a_reason_and_an_interval_or_a_reason(table):
    for found in all_forms(table):
        assert (found.value is None) == bool(found.reason)
        assert (found.interval is None) == bool(found.no_interval)


@patient
@given(st.lists(st.integers(0, 10), min_size=2, max_size=8), st.integers(2, 4))
def test_raters_who_agree_wholly_reach_one(scores, raters):
    assume(len(set(scores)) > 1)
    for found in all_forms([[score] * raters for score in scores]):
        assert found.value == pytest.approx(1)


@patient
@given(st.lists(st.integers(0, 10), min_size=2, max_size=8), st.integers(1, 5))
def test_a_constant_shift_costs_agreement_but_not_consistency(scores, shift):
    assume(len(set(scores)) > 1)
    table = [[score, score + shift] for score in scores]

    assert icc(table, IccForm.ICC_3_1).value == pytest.approx(1)
    assert icc(table, IccForm.ICC_2_1).value < 1


def test_two_raters_in_reverse_are_at_minus_one():
    assert icc([[0, 2], [1, 1], [2, 0]], IccForm.ICC_3_1).value == pytest.approx(-1)


@pytest.mark.parametrize(
    ("table", "part"),
    [
        ([[3, 3], [3, 3]], "All ratings are the same"),
        ([[0.1, 0.1], [0.1, 0.1], [0.1, 0.1]], "All ratings are the same"),
        ([[1], [2]], "fewer than two raters"),
        ([[1, 2]], "fewer than two subjects"),
        ([[1, None], [None, 2]], "fewer than two subjects"),
        ([[0, 1], [1, 0]], "less than the error"),
        ([[0.1, 0.2], [0.2, 0.1]], "less than the error"),
    ],
)
def test_where_it_is_undefined_a_sentence_says_why(table, part):
    found = icc(table, IccForm.ICC_2_1)

    assert found.value is None
    assert part in found.reason


@pytest.mark.parametrize(
    ("table", "part"),
    [
        ([], "one row for each subject"),
        ([1, 2], "one row for each subject"),
        ([[1, 2], [3]], "rows of one length"),
        ([["a", 1]], "must be numbers"),
        ([[1, math.inf]], "Row 1, column 2 is inf, which is too far"),
        ([[1, 2], [-1e200, 2]], "Row 2, column 1 is -1e\\+200"),
        ([[1, 2], [1e-200, 2]], "Row 2, column 1 is 1e-200"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(table, part):
    with pytest.raises(Misuse, match=part):
        icc(table, IccForm.ICC_2_1)


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_a_confidence_that_is_none_is_refused(confidence):
    with pytest.raises(Misuse, match="between 0 and 1"):
        icc(SHROUT_FLEISS, IccForm.ICC_2_1, confidence=confidence)


def test_the_error_of_measurement_follows_from_the_mean_squares():
    found = measurement_error(SHROUT_FLEISS)

    assert found.sem_consistency.value == pytest.approx(math.sqrt(1.0194444))
    assert found.sem_agreement.value == pytest.approx(
        math.sqrt((32.486111 - 1.0194444) / 6 + 1.0194444)
    )
    assert found.sdc_agreement.value == pytest.approx(
        1.959964 * math.sqrt(2) * found.sem_agreement.value
    )


@patient
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=2, max_size=10))
def test_with_two_raters_consistency_is_the_spread_of_differences(pairs):
    spread = float(np.std([a - b for a, b in pairs], ddof=1))

    found = measurement_error(pairs).sem_consistency
    assert found.value == pytest.approx(spread / math.sqrt(2), abs=1e-9)


@patient
@given(tables())
def test_sem_lies_in_its_interval_or_has_none(table):
    for found in (measurement_error(table).sem_agreement, measurement_error(table).sdc_consistency):
        if found.interval:
            assert found.interval.low <= found.value <= found.interval.high
        else:
            assert found.no_interval


def test_one_rater_has_no_error_of_measurement():
    assert "fewer than two raters" in measurement_error([[1], [2]]).sdc_agreement.reason


@pytest.mark.parametrize("scale", [1, 3, 0.1])
def test_a_denominator_of_nought_is_seen_as_such_in_every_unit(scale):
    table = np.array([[0, 3], [2, 0], [1, 1], [2, 1], [0, 4]]) * scale

    assert icc(table, IccForm.ICC_2_K).value is None
