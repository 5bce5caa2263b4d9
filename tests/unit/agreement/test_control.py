"""Control charts against published run lengths and a published example."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.agreement.control import Cusum, Ewma, Signal, points, run_length
from lms.agreement.result import Misuse

# Montgomery, Introduction to Statistical Quality Control, table of the CUSUM and EWMA examples:
# a process with mean 10 and standard deviation 1, shifted to 11 after the twentieth value.
MONTGOMERY = [
    9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.20, 10.34,
    9.03, 11.47, 10.51, 9.40, 10.08, 9.37, 10.62, 10.31, 8.52, 10.84,
    10.90, 9.33, 12.29, 11.50, 10.60, 11.08, 10.38, 11.62, 11.31, 10.52,
]  # fmt: skip
DIFFERENCES = [value - 10 for value in MONTGOMERY]


@pytest.mark.parametrize(
    ("weight", "width"), [(0.4, 3.054), (0.25, 2.998), (0.2, 2.962), (0.1, 2.814), (0.05, 2.615)]
)
def test_these_ewma_charts_have_one_false_alarm_in_five_hundred(weight, width):
    """Lucas and Saccucci's table of charts with an average run length of 500."""
    assert run_length(Ewma(weight=weight, width=width)) == pytest.approx(500, rel=0.01)


@pytest.mark.parametrize(
    ("weight", "width", "shift", "cases"),
    [
        (0.4, 3.054, 1, 14.3),
        (0.25, 2.998, 1, 11.1),
        (0.1, 2.814, 1, 10.3),
        (0.25, 2.998, 2, 3.6),
    ],
)
def test_how_soon_an_ewma_chart_finds_a_shift(weight, width, shift, cases):
    found = run_length(Ewma(weight=weight, width=width), shift)
    assert found == pytest.approx(cases, abs=0.11)
    assert run_length(Ewma(weight=weight, width=width), -shift) == pytest.approx(found)


@pytest.mark.parametrize(
    ("limit", "shift", "cases"),
    [
        (4, 0, 168),
        (4, 0.5, 26.6),
        (4, 1, 8.38),
        (4, 2, 3.34),
        (5, 0, 465),
        (5, 1, 10.4),
        (5, 2, 4.01),
    ],
)
def test_run_lengths_of_cusum_charts_are_the_published_ones(limit, shift, cases):
    assert run_length(Cusum(slack=0.5, limit=limit), shift) == pytest.approx(cases, rel=0.006)


def test_the_cusum_of_the_example_alarms_where_it_should():
    drawn = points(Cusum(slack=0.5, limit=5), DIFFERENCES)
    assert [point.high for point in drawn[20:30]] == pytest.approx([
        0.74, 0.0, 1.79, 2.79, 2.89, 3.47, 3.35, 4.47, 5.28, 5.30,
    ], abs=0.006)  # fmt: skip
    assert [round(point.low, 2) for point in drawn[:4]] == [-0.05, -1.56, -1.77, 0.0]
    alarms = [n for n, point in enumerate(drawn, 1) if point.signal is Signal.ALARM]
    assert alarms == [29, 30]
    assert drawn[28].direction == 1


def test_the_ewma_of_the_example_alarms_where_it_should():
    drawn = points(Ewma(weight=0.1, width=2.7), DIFFERENCES)
    assert [10 + point.high for point in drawn[:3]] == pytest.approx(
        [9.945, 9.7495, 9.7036], abs=6e-5
    )
    assert [round(point.limit, 2) for point in drawn[:2]] == [0.27, 0.36]
    assert drawn[-1].limit == pytest.approx(0.62, abs=0.005)
    signals = [point.signal for point in drawn]
    assert Signal.ALARM not in signals[:20]  # before the shift
    assert signals[-1] is Signal.ALARM


DIFFERENCE = st.lists(st.floats(-6, 6), min_size=1, max_size=12)
CHART = st.sampled_from([Ewma(), Ewma(weight=0.5, width=3), Cusum(), Cusum(slack=0.25, limit=8)])


@given(DIFFERENCE, CHART)
def test_a_chart_is_the_same_in_both_directions(differences, chart):
    there = points(chart, differences)
    back = points(chart, [-one for one in differences])
    for one, other in zip(there, back, strict=True):
        assert one.high == pytest.approx(-other.low) and one.signal == other.signal


@given(st.integers(1, 40), CHART)
def test_who_agrees_never_raises_an_alarm(count, chart):
    assert {point.signal for point in points(chart, [0.0] * count)} == {Signal.NONE}


@given(CHART)
def test_who_stays_two_spreads_off_raises_one_in_the_end_after_a_warning(chart):
    signals = [point.signal for point in points(chart, [2.0] * 30)]
    assert signals[-1] is Signal.ALARM
    assert run_length(chart, 2) < run_length(chart, 1) < run_length(chart)


def test_what_is_no_chart_or_no_difference_is_refused():
    for wrong in (
        lambda: Ewma(weight=0),
        lambda: Ewma(width=-1),
        lambda: Cusum(limit=0),
        lambda: points(Ewma(), [float("nan")]),
    ):
        with pytest.raises(Misuse):
            wrong()
