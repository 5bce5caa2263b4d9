"""Where the marks of a trend and of a heat map stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.web.charts import bland_altman
from lms.web.drawing import HeatValue, heat_map, trend_chart
from lms.web.drawing.heat import LABEL_WIDTH, WIDTH


def test_a_trend_runs_from_left_to_right_and_up():
    chart = trend_chart([0.0, 0.5, 1.0], highest=1.0)

    assert [(dot.x, dot.y) for dot in chart.dots] == [(50, 92), (203, 52), (356, 12)]
    assert chart.lines == ("50,92 203,52 356,12",)
    assert [mark.value for mark in chart.up] == [0, 0.5, 1]
    assert [mark.value for mark in chart.across] == [1, 2, 3]


def test_a_try_without_a_figure_breaks_the_line():
    chart = trend_chart([1, 2, None, 2])

    assert len(chart.lines) == 1
    assert len(chart.dots) == 3


def test_the_scale_ends_at_a_round_figure():
    assert trend_chart([0.3, 1.4]).up[-1].value == 2
    assert trend_chart([35]).up[-1].value == 40
    assert trend_chart([0, 0]).up[-1].value == 1


def test_a_trend_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        trend_chart([None])


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=200))
def test_every_dot_stays_on_the_chart(values):
    chart = trend_chart(values)

    assert all(50 <= dot.x <= 356 and 12 <= dot.y <= 92 for dot in chart.dots)
    assert len(chart.across) <= 8


def cell(shape, size=1.0, *, within=True):
    return heat_map([("Neck", [HeatValue(shape, size, within)])]).rows[0].cells[0]


def test_the_shape_says_the_direction_and_its_size_how_far():
    assert cell("above", 1).path == "M-5 5H5L0 -5Z"
    assert cell("below", 1).path == "M-5 -5H5L0 5Z"
    assert cell("above", 9).path == "M-8.5 8.5H8.5L0 -8.5Z"
    assert cell("none").path == ""


@given(st.integers(1, 10), st.integers(1, 30))
def test_every_cell_stays_on_the_map(cases, items):
    values = [HeatValue("above", 9, within=False)] * cases
    drawn = heat_map([(f"Item {n}", values) for n in range(items)])

    cells = [one for row in drawn.rows for one in row.cells]
    assert all(one.x >= LABEL_WIDTH and one.x + one.width <= WIDTH for one in cells)
    assert all(one.y + one.height <= drawn.height for one in cells)
    assert [number for _, number in drawn.heads] == list(range(1, cases + 1))


def test_a_long_label_is_cut_in_the_drawing_only():
    label = "A muscle with a name that is far too long"
    row = heat_map([(label, [HeatValue("same", 0, within=True)])]).rows[0]

    assert row.label == "A muscle with a name…"


def test_rows_of_different_lengths_are_refused():
    same = HeatValue("same", 0, within=True)
    with pytest.raises(ValueError, match="one length"):
        heat_map([("a", [same]), ("b", [same, same])])


def test_differences_on_a_very_wide_scale_are_drawn():
    assert bland_altman([(0, 20_000), (90_000, 1)]).up
