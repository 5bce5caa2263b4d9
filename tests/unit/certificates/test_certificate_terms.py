"""Terms: months, last days, revocation, and the state on a day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.certificates.domain import (
    Revocation,
    RevocationReason,
    State,
    ends_soon,
    expiry_of,
    state_on,
)

ISSUED = date(2026, 6, 14)
ENDS = date(2028, 6, 14)


@pytest.mark.parametrize(
    ("issued", "months", "ends"),
    [
        (date(2026, 6, 14), 24, date(2028, 6, 14)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 6, 14), None, None),
    ],
)
def test_a_certificate_ends_on_the_same_day_so_many_months_later(issued, months, ends):
    assert expiry_of(issued, months) == ends


def test_a_term_below_a_month_is_a_mistake():
    with pytest.raises(ValueError, match="at least one month"):
        expiry_of(ISSUED, 0)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 400))
def test_the_end_is_in_the_right_month_and_never_on_a_later_day(issued, months):
    ends = expiry_of(issued, months)
    assert (ends.year * 12 + ends.month) - (issued.year * 12 + issued.month) == months
    assert ends.day <= issued.day
    assert ends.day == issued.day or (ends + timedelta(days=1)).day == 1


def revoked(reason: RevocationReason = RevocationReason.MISCONDUCT) -> Revocation:
    return Revocation(datetime(2026, 9, 2, 10, 0, tzinfo=UTC), reason)


@pytest.mark.parametrize(
    ("on", "revocation", "state"),
    [
        (date(2026, 6, 13), None, State.NOT_YET),
        (date(2026, 6, 14), None, State.VALID),
        (date(2028, 6, 14), None, State.VALID),
        (date(2028, 6, 15), None, State.EXPIRED),
        (date(2026, 9, 1), revoked(), State.VALID),
        (date(2026, 9, 2), revoked(), State.REVOKED),
        (date(2029, 1, 1), revoked(), State.REVOKED),
        (date(2026, 9, 1), revoked(RevocationReason.ISSUED_IN_ERROR), State.REVOKED),
    ],
)
def test_the_state_follows_from_the_day(on, revocation, state):
    assert state_on(on, issued_on=ISSUED, expires_on=ENDS, revocation=revocation) is state


def test_without_an_end_it_does_not_expire():
    far = date(2090, 1, 1)
    assert state_on(far, issued_on=ISSUED, expires_on=None, revocation=None) is State.VALID


@pytest.mark.parametrize(("left", "soon"), [(-1, False), (0, True), (60, True), (61, False)])
def test_the_end_is_near_within_sixty_days(left, soon):
    assert ends_soon(ENDS, ENDS - timedelta(days=left)) is soon


def test_what_does_not_end_never_ends_soon():
    assert not ends_soon(None, ISSUED)
