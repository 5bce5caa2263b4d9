"""Practice at a glance: from try to try, item by case, and the pairs that a chart is made of."""

from decimal import Decimal

import pytest

from lms.instruments.domain import read_answer
from lms.modules.domain import latest_of_cases, mark_case, observe, pairs_of, trend_point
from lms.modules.domain.habits import MOST_CASES
from tests.samples import CERTIFICATION, instrument, make_case

TWO = instrument()


def compare(key="p", **values):
    case = make_case(key)  # the panel gives 5 and 5
    answers = {item: read_answer(TWO.item(item), value) for item, value in values.items()}
    mark = mark_case(TWO, case, CERTIFICATION.criteria, answers=answers)
    return mark, observe(TWO, case, mark)


def test_a_try_is_summed_up_in_points_where_items_share_a_scale():
    point = trend_point(*compare(a=7, b=5), points=True)

    assert (point.within, point.of, point.share, point.apart) == (1, 2, 0.5, 1.0)


def test_a_try_is_summed_up_as_a_share_of_the_scale_where_they_do_not():
    low, high = TWO.item("a").reach

    point = trend_point(*compare(a=7, b=5), points=False)

    assert point.apart == pytest.approx(float(1 / (high - low)))


def test_a_try_without_any_score_has_no_distance():
    point = trend_point(*compare(), points=True)

    assert (point.within, point.share, point.apart) == (0, 0.0, None)


def test_of_each_case_the_last_try_counts_and_of_many_cases_the_last_ones():
    tries = [compare(f"p{n}", a=5, b=5)[0] for n in range(MOST_CASES + 2)]
    again = compare("p0", a=7, b=5)[0]

    kept = latest_of_cases([*tries, again])

    assert len(kept) == MOST_CASES
    assert kept[-1] is again
    assert [mark.case for mark in kept].count("p0") == 1
    assert "p1" not in [mark.case for mark in kept]


def test_few_tries_are_drawn_item_by_item_and_five_by_their_totals():
    few = [compare(a=7, b=5)] * 4
    five = [compare(a=7, b=5)] * 5

    def pairs(tries):
        return pairs_of(TWO, [mark for mark, _ in tries], [one for _, s in tries for one in s])

    assert (pairs(few).total, len(pairs(few).own)) == ("", 8)
    assert pairs(few).own[:2] == (7.0, 5.0)
    assert pairs(few).reference[:2] == (5.0, 5.0)
    assert (pairs(five).total, pairs(five).own) == (TWO.totals[0].key, (12.0,) * 5)
    assert pairs(five).tolerance == float(Decimal(CERTIFICATION.criteria.total_within.tolerance))


def test_nothing_is_drawn_of_nothing():
    assert pairs_of(TWO, [], []) is None
