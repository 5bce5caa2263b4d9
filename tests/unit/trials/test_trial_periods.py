"""Days from and to, and cells for spreadsheets."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.trials.domain import BadPeriod, check_period, covers, overlap, safe_cell

START = date(2026, 1, 1)
days = st.integers(0, 30).map(lambda n: START + timedelta(days=n))
ends = st.none() | days


@given(days, ends, days, ends)
def test_two_periods_overlap_exactly_when_some_day_lies_in_both(a, a_to, b, b_to):
    some_day = any(
        covers(a, a_to, START + timedelta(days=n)) and covers(b, b_to, START + timedelta(days=n))
        for n in range(32)
    )

    assert overlap(a, a_to, b, b_to) == some_day


def test_a_period_of_one_day_is_a_period():
    check_period(START, START)
    with pytest.raises(BadPeriod, match="before the first"):
        check_period(START, START - timedelta(days=1))


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0=1"]
)
def test_what_a_spreadsheet_would_run_is_text(text):
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize(
    ("value", "text"),
    [("Ada", "Ada"), ("a=b", "a=b"), (None, ""), (START, "2026-01-01"), (-3, "-3"), ("", "")],
)
def test_what_is_harmless_stays_as_it_is(value, text):
    assert safe_cell(value) == text


@given(st.text())
def test_no_cell_begins_as_a_formula(text):
    assert not safe_cell(text).strip(" \u00a0").startswith(("=", "+", "-", "@", "\t", "\r"))
