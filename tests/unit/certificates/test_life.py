"""States on any day, of several that fit the gravest; and how they are said and answered."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.certificates.domain import (
    EXIT_CODES,
    Revocation,
    RevocationReason,
    State,
    Succession,
    SuccessionKind,
    Suspension,
    SuspensionReason,
    Verdict,
    exit_code,
    state_on,
    wording_of,
)
from lms.trials.domain.matrix import Asked, CellKind, Held, cell_on

ISSUED, ENDS = date(2026, 6, 14), date(2028, 6, 14)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def pause(first: date, lifted: date | None = None) -> Suspension:
    return Suspension(at(first), SuspensionReason.UNDER_REVIEW, at(lifted) if lifted else None)


def state(on: date, **given):
    values = {"issued_on": ISSUED, "expires_on": ENDS, "revocation": None, **given}
    return state_on(on, **values)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2027, 1, 9), State.VALID),
        (date(2027, 1, 10), State.SUSPENDED),
        (date(2027, 1, 31), State.SUSPENDED),
        (date(2027, 2, 1), State.VALID),
        (date(2027, 5, 5), State.SUSPENDED),
        (date(2028, 6, 15), State.SUSPENDED),
        (ISSUED - timedelta(1), State.NOT_YET),
    ],
)
def test_a_suspension_counts_from_its_day_to_the_day_before_it_is_lifted(on, expected):
    pauses = (pause(date(2027, 1, 10), date(2027, 2, 1)), pause(date(2027, 5, 5)))
    assert state(on, suspensions=pauses) is expected


def test_a_suspension_that_is_lifted_on_its_day_is_none():
    pauses = (pause(date(2027, 1, 10), date(2027, 1, 10)),)
    assert state(date(2027, 1, 10), suspensions=pauses) is State.VALID


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2027, 12, 31), State.VALID),
        (date(2028, 1, 1), State.SUPERSEDED),
        (date(2030, 1, 1), State.SUPERSEDED),
    ],
)
def test_a_certificate_is_superseded_from_the_issue_of_the_next_one_on(on, expected):
    assert state(on, superseded_on=date(2028, 1, 1)) is expected


DAYS = st.dates(date(2026, 1, 1), date(2030, 1, 1))


@given(on=DAYS, revoked=DAYS, paused=DAYS, replaced=DAYS)
def test_of_several_states_the_gravest_counts(on, revoked, paused, replaced):
    found = state(
        on,
        revocation=Revocation(at(revoked), RevocationReason.MISCONDUCT),
        suspensions=(pause(paused),),
        superseded_on=replaced,
    )
    fitting = [
        (on < ISSUED, State.NOT_YET),
        (revoked <= on, State.REVOKED),
        (paused <= on, State.SUSPENDED),
        (replaced <= on, State.SUPERSEDED),
        (on > ENDS, State.EXPIRED),
        (True, State.VALID),
    ]
    assert found is next(one for fits, one in fitting if fits)


@pytest.mark.parametrize(
    ("found", "code", "headline"),
    [(State.SUPERSEDED, 4, "Replaced"), (State.SUSPENDED, 5, "Suspended")],
)
def test_the_new_states_have_words_and_exit_codes(found, code, headline):
    verdict = Verdict(
        on=ISSUED,
        state=found,
        suspension=pause(ISSUED),
        succession=Succession(2, "X" * 17, SuccessionKind.RENEWAL, ISSUED),
    )
    assert wording_of(verdict).headline.english() == headline
    assert exit_code(verdict, root_named=True) == code == EXIT_CODES[found]
    data = verdict.as_data()
    assert data["superseded_by"] == "X" * 17
    assert data["suspended_on"] == "2026-06-14"
    assert not data["good"]


def test_an_erased_certificate_says_so_and_nothing_about_facts():
    verdict = Verdict(on=ISSUED, state=State.REVOKED, erased=True)
    assert "were erased" in wording_of(verdict).explanation.english()
    assert wording_of(verdict).advice is None
    assert verdict.as_data()["facts"] is None


# --- in a trial -----------------------------------------------------------------------------------

ASKED = Asked(1, "mmt8", "MMT-8", "", "", date(2026, 1, 1), None)


def held(code: str, issued: date = ISSUED, ends: date | None = ENDS, **given) -> Held:
    return Held(code, "mmt8", "Rater", "mmt8@1.0", issued, ends, **given)


def test_a_suspended_certificate_does_not_let_rate_and_says_since_when():
    one = held("a", suspensions=((date(2027, 1, 10), date(2027, 2, 1)),))
    cell = cell_on(date(2027, 1, 20), ASKED, [one])
    assert (cell.kind, cell.since, cell.kind.lost) == (
        CellKind.SUSPENDED,
        date(2027, 1, 10),
        True,
    )
    assert cell_on(date(2027, 2, 1), ASKED, [one]).kind is CellKind.VALID


@pytest.mark.parametrize("codes", [("a", "b"), ("b", "a")])
def test_the_successor_counts_and_not_the_one_before(codes):
    old, new = codes
    day = date(2027, 3, 1)
    pair = [held(old, superseded_on=day), held(new, issued=day)]
    assert cell_on(day, ASKED, pair).held.code == new
    assert cell_on(day - timedelta(1), ASKED, pair).held.code == old


@pytest.mark.parametrize("codes", [("a", "b"), ("b", "a")])
def test_a_withdrawn_successor_says_why_and_the_one_before_does_not_come_back(codes):
    old, new = codes
    pair = [held(old, superseded_on=ISSUED), held(new, revoked_on=ISSUED)]
    cell = cell_on(ISSUED, ASKED, pair)
    assert (cell.kind, cell.held.code) == (CellKind.REVOKED, new)
