"""Names, waits, devices, invitations: rules without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.accounts.domain import (
    BadName,
    InvitationState,
    clean_email,
    clean_name,
    device_words,
    invitation_state,
    still_to_wait,
    wait_after,
)

NOW = datetime(2026, 11, 21, 10, 42, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("given_name", "cleaned"),
    [
        ("  Robin   Hale ", "Robin Hale"),
        ("Zoe\u0308 Muller", "Zoë Muller"),
        ("محمد العلي", "محمد العلي"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("Δημήτρης", "Δημήτρης"),
    ],
)
def test_a_name_keeps_its_letters_and_loses_stray_spaces(given_name, cleaned):
    assert clean_name(given_name) == cleaned


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "Robin\u202eelaH", "Robin\x00", "\ue000"])
def test_what_cannot_be_printed_is_not_a_name(name):
    with pytest.raises(BadName):
        clean_name(name)


def test_an_address_is_one_whatever_its_case():
    assert clean_email(" Robin@Example.ORG ") == "robin@example.org"


@pytest.mark.parametrize(
    ("tries", "seconds"), [(1, 0), (4, 0), (5, 30), (6, 60), (7, 120), (10, 900), (5000, 900)]
)
def test_each_wrong_password_from_the_fifth_on_waits_twice_as_long(tries, seconds):
    assert wait_after(tries) == timedelta(seconds=seconds)


@given(st.integers(1, 10_000))
def test_waits_never_grow_shorter(tries):
    assert wait_after(tries) <= wait_after(tries + 1)


@pytest.mark.parametrize(
    ("until", "seconds"),
    [
        (None, 0),
        (NOW, 0),
        (NOW - DAY, 0),
        (NOW + timedelta(seconds=29, microseconds=1), 30),
        (NOW + timedelta(seconds=30), 30),
    ],
)
def test_the_rest_of_a_wait_is_rounded_up(until, seconds):
    assert still_to_wait(until, NOW) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox, Linux",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/141.0.0.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        ("", "Unknown device"),
        ("<script>", "Unknown device"),
    ],
)
def test_a_device_is_named_by_browser_and_system(agent, words):
    assert device_words(agent) == words


@pytest.mark.parametrize(
    ("accepted", "revoked", "ends", "state"),
    [
        (None, None, NOW + DAY, InvitationState.OPEN),
        (None, None, NOW, InvitationState.EXPIRED),
        (NOW - DAY, None, NOW - DAY, InvitationState.ACCEPTED),
        (None, NOW - DAY, NOW + DAY, InvitationState.REVOKED),
    ],
)
def test_an_invitation_stands_where_it_was_brought(accepted, revoked, ends, state):
    found = invitation_state(accepted_at=accepted, revoked_at=revoked, expires_at=ends, now=NOW)

    assert found is state
