"""The interval of a share, against published figures."""

import pytest

from lms.agreement.shares import share_interval


@pytest.mark.parametrize(
    ("n", "of", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe (1998), Statistics in Medicine 17, table I, method 3
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_published_intervals_come_out(n, of, low, high):
    found = share_interval(n, of)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_all_of_them_reach_one_and_nobody_gives_none():
    assert share_interval(5, 5).high == 1.0
    assert share_interval(0, 0) is None


def test_more_than_all_is_a_mistake():
    with pytest.raises(ValueError):
        share_interval(3, 2)
