"""Where the marks of lines stand."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.web import drawing
from lms.web.drawing import agreement_line, criterion_line, progress_line, validity_line

ISSUED = date(2026, 1, 1)
ENDS = date(2028, 1, 1)
TODAY = date(2027, 1, 1)


def test_own_value_stands_at_its_share_of_the_scale():
    line = agreement_line(0, 10, own=4, band=(3, 5))

    assert line.own == 40
    assert line.band == drawing.Span(30, 20)
    assert not line.outside
    assert line.reach is None


def test_a_scale_need_not_begin_at_nought():
    assert agreement_line(20, 120, own=70).own == 50


@pytest.mark.parametrize("own", [3, 5])
def test_the_ends_of_the_band_are_inside(own):
    assert not agreement_line(0, 10, own=own, band=(3, 5)).outside


@pytest.mark.parametrize(("own", "reach"), [(9, drawing.Span(50, 40)), (1, drawing.Span(10, 20))])
def test_outside_the_band_a_reach_leads_back_to_it(own, reach):
    line = agreement_line(0, 10, own=own, band=(3, 5))

    assert line.outside
    assert line.reach == reach


def test_exact_decimals_are_compared_and_not_their_places():
    line = agreement_line(0, 1, own=Decimal("0.3"), band=(Decimal("0.1"), Decimal("0.3")))

    assert not line.outside


def test_a_band_over_the_end_of_the_scale_is_cut():
    assert agreement_line(0, 10, band=(9, 12)).band == drawing.Span(90, 10)


def test_equal_raters_are_stacked_and_unequal_ones_stand_side_by_side():
    line = agreement_line(0, 10, panel=[4, 4, 5])

    assert [dot.x for dot in line.dots] == [40, 40, 50]
    assert line.dots[0].y > line.dots[1].y
    assert line.dots[0].y == line.dots[2].y


def test_raters_that_would_touch_are_stacked_where_they_are():
    line = agreement_line(0, 100, panel=[50, 51])

    assert [dot.x for dot in line.dots] == [50, 51]
    assert line.dots[0].y > line.dots[1].y


@given(st.lists(st.integers(0, 10), max_size=40))
def test_no_dot_leaves_the_drawing_or_hides_another(panel):
    line = agreement_line(0, 10, panel=panel)

    assert len(line.dots) == len(panel)
    assert all(dot.y - line.radius >= 5 for dot in line.dots)
    assert all(dot.y + line.radius < line.axis_y for dot in line.dots)
    assert len({(dot.x, dot.y) for dot in line.dots}) == len(panel)
    assert line.height >= line.word_y


def test_words_at_the_ends_give_way_to_the_own_figure():
    assert [word.value for word in agreement_line(0, 10, own=9).words] == [9, 0]
    assert [word.value for word in agreement_line(0, 10, own=5).words] == [5, 0, 10]


def test_words_near_an_end_turn_inward():
    anchors = {w.value: w.anchor for w in agreement_line(0, 100, own=50).words}

    assert anchors == {50: "middle", 0: "start", 100: "end"}


def test_a_line_without_a_score_has_no_diamond():
    line = agreement_line(0, 10, band=(3, 5))

    assert line.own is None
    assert not line.outside


def test_short_scales_have_a_tick_for_each_level_and_long_ones_ten_parts():
    assert len(agreement_line(0, 10).ticks) == 11
    assert len(agreement_line(0, 150).ticks) == 11
    assert len(agreement_line(0, 80, step=10).ticks) == 9


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: agreement_line(5, 5),
        lambda: agreement_line(0, 10, band=(5, 3)),
        lambda: agreement_line(0, 10**6, step=1),
        lambda: criterion_line(1, maximum=4),
        lambda: criterion_line(1, maximum=4, at_least=1, at_most=2),
        lambda: validity_line(ENDS, ISSUED, TODAY),
    ],
)
def test_what_cannot_be_drawn_is_refused(wrong):
    with pytest.raises(ValueError):
        wrong()


def test_a_criterion_below_its_band_is_outside():
    assert criterion_line(27, maximum=32, at_least=28).outside
    assert not criterion_line(28, maximum=32, at_least=28).outside


def test_a_criterion_at_most_is_met_from_nought_to_its_limit():
    assert not criterion_line(5, maximum=20, at_most=5).outside
    assert criterion_line(6, maximum=20, at_most=5).outside


def test_a_valid_certificate_shows_its_renewal_window_and_today():
    line = validity_line(ISSUED, ENDS, TODAY, renew_from=date(2027, 10, 3))

    assert line.today == 50
    assert line.valid.end == pytest.approx(87.67, abs=0.1)
    assert line.soon is not None
    assert line.soon.end == line.stop == 100
    assert line.past is None


def test_after_its_end_the_time_until_today_is_past():
    line = validity_line(ISSUED, ENDS, date(2029, 1, 1))

    assert line.stop == pytest.approx(66.6, abs=0.1)
    assert line.past == drawing.Span(line.stop, round(100 - line.stop, 2))
    assert line.today == 100


def test_a_revoked_certificate_stops_on_the_day_of_revocation():
    line = validity_line(ISSUED, ENDS, TODAY, revoked=date(2026, 7, 2))

    assert line.stop == pytest.approx(25, abs=0.2)
    assert line.valid.end == line.stop
    assert line.past is not None
    assert line.past.end == line.today == 50


def test_on_its_last_day_it_still_holds():
    assert validity_line(ISSUED, ENDS, ENDS).past is None


def test_without_an_end_all_of_it_holds():
    line = validity_line(ISSUED, None, TODAY)

    assert (line.valid.width, line.stop, line.soon, line.past) == (100, None, None, None)


def test_on_the_day_of_issue_today_is_at_the_start():
    assert validity_line(ISSUED, ENDS, ISSUED).today == 0


def test_progress_has_ticks_where_the_parts_can_be_counted():
    assert progress_line(5, 8).done == (drawing.Span(0, 62.5),)
    assert len(progress_line(5, 8).ticks) == 9
    assert progress_line(6, 20).ticks == ()


def test_nothing_of_nothing_is_an_empty_line():
    assert progress_line(0, 0) == drawing.ProgressLine((), (), None)


def test_watched_ranges_keep_their_gaps_and_join_where_they_overlap():
    line = drawing.watched_line([[60, 90], [0, 20], [10, 30]], 120)

    assert line.done == (drawing.Span(0, 25), drawing.Span(50, 25))
    assert line.here is None


def test_ranges_beyond_the_end_of_the_film_are_cut():
    assert drawing.watched_line([[90, 500]], 120, position=500).done == (drawing.Span(75, 25),)
