"""Where the marks of a Bland-Altman chart stand."""

from itertools import pairwise

import pytest

from lms.web.charts import BOTTOM, LEFT, RIGHT, TOP, bland_altman


def test_no_difference_stands_on_the_line_of_nought():
    chart = bland_altman([(3, 0), (7, 2)])

    assert {point.y for point in chart.points} == {chart.zero, chart.points[1].y}
    assert chart.points[0].y == chart.zero == (TOP + BOTTOM) / 2


def test_the_panel_runs_from_left_to_right():
    chart = bland_altman([(3, 0), (7, 0), (5, 0)])

    assert [point.x for point in chart.points] == [LEFT, (LEFT + RIGHT) / 2, RIGHT]


def test_equal_points_are_one_larger_point():
    chart = bland_altman([(3, 1), (3, 1), (3, 1), (4, 1)])

    assert [point.count for point in chart.points] == [3, 1]
    assert chart.points[0].radius > chart.points[1].radius


def test_the_band_is_the_tolerance_on_both_sides():
    chart = bland_altman([(3, 2)], tolerance=1)

    assert chart.band is not None
    top, height = chart.band
    assert top < chart.zero < top + height
    assert chart.zero - top == pytest.approx(top + height - chart.zero, abs=0.2)


def test_everything_is_inside_the_frame():
    chart = bland_altman([(3, -7), (9, 4)], tolerance=1, bias=-1.5, limits=(-9.4, 6.4))

    inside = [*chart.points, *(mark for mark in chart.up)]
    assert all(TOP <= getattr(mark, "y", getattr(mark, "at", 0)) <= BOTTOM for mark in inside)
    assert chart.lower is not None
    assert chart.lower.at <= BOTTOM


def test_words_of_close_lines_do_not_overlap():
    chart = bland_altman([(3, 0), (4, 0)], bias=0.0, limits=(-0.05, 0.05))

    heights = [at for at, _ in chart.labels]
    assert all(later - earlier > 12.9 for earlier, later in pairwise(heights))


def test_a_chart_of_nothing_is_refused():
    with pytest.raises(ValueError):
        bland_altman([])
