"""When a certificate ends: months, their end, the kept anniversary, the trial; the earliest."""

import calendar
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.certificates.domain import Validity, last_day, simulate, validity_from_data

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("rule", "issued", "expected"),
    [
        (Validity(), date(2026, 6, 14), None),
        (Validity(24), date(2026, 6, 14), date(2028, 6, 14)),
        (Validity(1), date(2026, 1, 31), date(2026, 2, 28)),
        (Validity(12), date(2028, 2, 29), date(2029, 2, 28)),
        (Validity(24, end_of_month=True), date(2026, 6, 14), date(2028, 6, 30)),
        (Validity(20, end_of_month=True), date(2026, 6, 14), date(2028, 2, 29)),
        (Validity(while_trial_open=True), date(2026, 6, 14), None),
        (Validity(6, while_trial_open=True), date(2026, 6, 14), date(2026, 12, 14)),
    ],
)
def test_the_last_day_of_a_first_certificate(rule, issued, expected):
    assert last_day(rule, issued) == (expected, False)


@pytest.mark.parametrize(
    ("renewed", "expected", "kept"),
    [
        (date(2028, 3, 13), date(2030, 3, 13), False),
        (date(2028, 3, 14), date(2030, 6, 14), True),
        (date(2028, 6, 14), date(2030, 6, 14), True),
        (date(2028, 6, 15), date(2030, 6, 15), False),
    ],
)
def test_an_early_renewal_keeps_the_anniversary(renewed, expected, kept):
    rule = Validity(24, keep_anniversary_months=3)
    assert last_day(rule, renewed, previous_end=date(2028, 6, 14)) == (expected, kept)


def test_without_that_rule_a_renewal_counts_from_its_own_day():
    found = last_day(Validity(24), date(2028, 6, 1), previous_end=date(2028, 6, 14))
    assert found == (date(2030, 6, 1), False)


@pytest.mark.parametrize(
    "given",
    [
        {"months": 0},
        {"months": 121},
        {"end_of_month": True},
        {"keep_anniversary_months": 1},
        {"months": 2, "keep_anniversary_months": 3},
        {"months": 2, "keep_anniversary_months": -1},
        {"years": 2},
    ],
)
def test_a_rule_that_is_none_is_refused(given):
    with pytest.raises(ValueError):
        validity_from_data(given)


RULES = st.builds(
    Validity,
    months=st.integers(1, 120),
    end_of_month=st.booleans(),
    keep_anniversary_months=st.integers(0, 1),
    while_trial_open=st.booleans(),
)


@given(rule=RULES)
def test_a_rule_is_read_back_as_it_was_written(rule):
    assert validity_from_data(rule.as_data()) == rule


@given(rule=RULES, issued=DAYS)
def test_a_term_is_so_many_months_long_and_ends_in_that_month(rule, issued):
    end, _kept = last_day(rule, issued)
    months = (end.year - issued.year) * 12 + end.month - issued.month
    assert months == rule.months
    assert end.day >= min(issued.day, calendar.monthrange(end.year, end.month)[1])


@given(rule=RULES, issued=DAYS, later=st.lists(st.integers(1, 4000), max_size=4), closes=DAYS)
def test_terms_of_one_line_never_overlap_and_never_outlive_print_or_trial(
    rule, issued, later, closes
):
    renewals = [issued + timedelta(days=one) for one in later]
    terms = simulate(rule, issued, renewals=renewals, trial_closed_on=closes)
    assert [one.first_on for one in terms] == sorted({issued, *renewals})
    for one, following in pairwise(terms):
        assert one.last_on < following.first_on
    for one in terms:
        assert one.first_on <= one.last_on <= one.printed_on
        if rule.while_trial_open and one.first_on <= closes:
            assert one.last_on <= closes


def test_an_endless_certificate_ends_with_its_successor_and_with_the_trial():
    rule = Validity(while_trial_open=True)
    terms = simulate(
        rule, date(2026, 1, 1), renewals=[date(2027, 1, 1)], trial_closed_on=date(2027, 5, 5)
    )
    assert [one.last_on for one in terms] == [date(2026, 12, 31), date(2027, 5, 5)]
    assert [one.printed_on for one in terms] == [None, None]
