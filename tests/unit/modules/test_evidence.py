"""What of a film counts as seen."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.modules.domain import (
    BadEvidence,
    credible_ranges,
    merge_ranges,
    unseen_ranges,
    watched_share,
)

pairs = st.lists(
    st.tuples(st.floats(0, 100), st.floats(0, 100)).map(lambda p: (min(p), max(p))), max_size=20
)


@pytest.mark.parametrize(
    ("ranges", "merged"),
    [
        ([], []),
        ([(0, 10), (10, 20)], [(0, 20)]),
        ([(10, 20), (0, 5)], [(0, 5), (10, 20)]),
        ([(0, 10), (10.9, 20)], [(0, 20)]),
        ([(0, 10), (11.1, 20)], [(0, 10), (11.1, 20)]),
        ([(-5, 10), (50, 90)], [(0, 10), (50, 60)]),
        ([(5, 5)], []),
    ],
)
def test_ranges_are_sorted_clipped_and_joined(ranges, merged):
    assert merge_ranges(ranges, seconds=60) == merged


@pytest.mark.parametrize(
    "pair", [(1,), "ab", (1, 2, 3), (None, 2), (5, 1), (0, math.nan), (0, math.inf), (True, 2), 7]
)
def test_anything_but_two_times_in_order_is_refused(pair):
    with pytest.raises(BadEvidence):
        merge_ranges([pair], seconds=60)


@given(pairs)
def test_merging_twice_changes_nothing(ranges):
    once = merge_ranges(ranges, seconds=100)
    assert merge_ranges(once, seconds=100) == once


@given(pairs)
def test_seen_and_unseen_make_the_whole_film(ranges):
    merged = merge_ranges(ranges, seconds=100)
    unseen = unseen_ranges(merged, seconds=100)
    covered = sum(b - a for a, b in merged) + sum(b - a for a, b in unseen)
    assert covered == pytest.approx(100, abs=len(merged) + 1)


def test_the_share_counts_what_was_seen_twice_once():
    merged = merge_ranges([(0, 30), (15, 30)], seconds=60)
    assert watched_share(merged, seconds=60) == 0.5


def test_a_film_has_a_length():
    with pytest.raises(ValueError, match="length"):
        watched_share([], seconds=0)


@pytest.mark.parametrize(("elapsed", "credible"), [(0, False), (10, False), (12, True), (60, True)])
def test_more_than_the_time_that_has_passed_is_not_believed(elapsed, credible):
    assert credible_ranges([(0, 60)], elapsed=elapsed) is credible
