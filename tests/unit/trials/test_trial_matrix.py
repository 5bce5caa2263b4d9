"""Who may rate on a day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.trials.domain import (
    Asked,
    Cell,
    CellKind,
    Held,
    OnRoster,
    Show,
    Standing,
    Training,
    cell_on,
    figures_of,
    in_force,
    matrix_rows,
    shown,
    standing_of,
)

DAY = date(2026, 11, 21)
MMT = Asked(1, "mmt8", "MMT-8", "", "", date(2026, 1, 1), None)
CMAS = Asked(2, "cmas", "CMAS", "", "", date(2026, 1, 1), None)


def held(
    code="A",
    *,
    module="mmt8",
    issued=date(2026, 1, 10),
    expires: date | None = date(2028, 1, 10),
    revoked: date | None = None,
    void=False,
    level="",
    instrument="mmt8_80@1.0",
):
    return Held(code, module, level, instrument, issued, expires, revoked, void)


def rater(rater_id=1, person_id: int | None = 10):
    return OnRoster(rater_id, "R", "r@example.org", 1, "", "", person_id, date(2026, 1, 1), None)


def test_a_certificate_counts_from_its_issue_to_its_last_day():
    one = held(issued=date(2026, 1, 10), expires=date(2026, 12, 31))

    kinds = [
        cell_on(day, MMT, [one]).kind
        for day in (date(2026, 1, 9), date(2026, 1, 10), date(2026, 12, 31), date(2027, 1, 1))
    ]

    assert kinds == [CellKind.NOT_BEGUN, CellKind.VALID, CellKind.SOON, CellKind.ENDED]


def test_a_certificate_without_end_never_ends_soon():
    assert cell_on(date(2099, 1, 1), MMT, [held(expires=None)]).kind is CellKind.VALID


def test_sixty_days_before_the_end_it_ends_soon():
    one = held(expires=DAY + timedelta(days=60))

    assert cell_on(DAY, MMT, [one]).kind is CellKind.SOON
    assert cell_on(DAY - timedelta(days=1), MMT, [one]).kind is CellKind.VALID


def test_a_revoked_certificate_held_until_the_day_before():
    one = held(revoked=date(2026, 9, 2))

    assert cell_on(date(2026, 9, 1), MMT, [one]).kind is CellKind.VALID
    cell = cell_on(date(2026, 9, 2), MMT, [one])
    assert (cell.kind, cell.ended_on) == (CellKind.REVOKED, date(2026, 9, 2))


def test_one_issued_in_error_has_never_been_valid():
    one = held(revoked=date(2026, 9, 2), void=True)

    assert cell_on(date(2026, 5, 1), MMT, [one]).kind is CellKind.REVOKED


def test_of_two_valid_certificates_the_one_that_lasts_longest_counts():
    first, second = held("A", expires=date(2027, 5, 1)), held("B", expires=date(2027, 6, 1))

    assert cell_on(DAY, MMT, [second, first]).held == second
    assert cell_on(DAY, MMT, [first, held("C", expires=None), second]).held.code == "C"


def test_a_valid_certificate_weighs_more_than_a_revoked_one():
    cell = cell_on(DAY, MMT, [held("A", revoked=date(2026, 6, 1)), held("B")])

    assert (cell.kind, cell.held.code) == (CellKind.VALID, "B")


def test_where_none_is_valid_the_last_issued_says_why():
    ended = held("A", issued=date(2024, 1, 1), expires=date(2025, 1, 1))
    revoked = held("B", issued=date(2025, 2, 1), revoked=date(2025, 3, 1))

    assert cell_on(DAY, MMT, [revoked, ended]).kind is CellKind.REVOKED


def test_a_revocation_after_the_end_leaves_it_ended_in_between():
    one = held(expires=date(2026, 3, 1), revoked=date(2026, 8, 1))

    assert cell_on(date(2026, 5, 1), MMT, [one]).kind is CellKind.ENDED
    assert cell_on(date(2026, 8, 1), MMT, [one]).kind is CellKind.REVOKED


def test_a_certificate_of_another_module_does_not_count():
    assert cell_on(DAY, MMT, [held(module="cmas")]).kind is CellKind.NOT_BEGUN


@pytest.mark.parametrize(
    ("level", "instrument", "met"),
    [
        ("", "", True),
        ("expert", "", True),
        ("Expert", "", True),
        ("basic", "", False),
        ("", "mmt8_80@1.0", True),
        ("", "mmt8_80@2.0", False),
    ],
)
def test_a_level_or_version_that_is_named_must_be_the_certificates(level, instrument, met):
    asked = Asked(1, "mmt8", "MMT-8", level, instrument, date(2026, 1, 1), None)

    assert cell_on(DAY, asked, [held(level="Expert")]).kind.met is met


def test_training_shows_where_there_is_no_certificate_and_beside_one_that_ended():
    training = Training(date(2026, 11, 3))

    assert cell_on(DAY, MMT, [], training).kind is CellKind.TRAINING
    again = cell_on(DAY, MMT, [held(expires=date(2026, 10, 30))], training)
    assert (again.kind, again.training) == (CellKind.ENDED, training)


@pytest.mark.parametrize(
    ("kinds", "standing"),
    [
        ([], Standing.NOTHING_ASKED),
        ([CellKind.VALID, CellKind.SOON], Standing.MAY),
        ([CellKind.VALID, CellKind.TRAINING], Standing.NOT_YET),
        ([CellKind.VALID, CellKind.NOT_BEGUN], Standing.NOT_YET),
        ([CellKind.VALID, CellKind.ENDED], Standing.MUST_NOT),
        ([CellKind.REVOKED, CellKind.TRAINING], Standing.MUST_NOT),
    ],
)
def test_whoever_meets_everything_may_rate_and_nobody_else(kinds, standing):
    assert standing_of([Cell(kind) for kind in kinds]) is standing


def test_requirements_count_only_in_their_time():
    later = Asked(3, "x", "X", "", "", DAY + timedelta(days=1), None)
    past = Asked(4, "y", "Y", "", "", date(2025, 1, 1), DAY - timedelta(days=1))
    last_day = Asked(5, "z", "Z", "", "", date(2025, 1, 1), DAY)
    taken_back = Asked(6, "q", "Q", "", "", DAY, DAY - timedelta(days=1))

    assert in_force([MMT, later, past, last_day, taken_back], DAY) == (MMT, last_day)


def test_whoever_has_no_account_has_begun_nothing():
    (row,) = matrix_rows(DAY, [rater(person_id=None)], [MMT], {10: [held()]}, {})

    assert row.standing is Standing.NOT_YET
    assert row.cells[0].kind is CellKind.NOT_BEGUN


def test_the_figures_count_raters_and_certificates():
    soon = held("S", expires=DAY + timedelta(days=5))
    rows = matrix_rows(
        DAY,
        [rater(1, 10), rater(2, 11), rater(3, 12), rater(4, None)],
        [MMT, CMAS],
        {
            10: [soon, held("T", module="cmas", expires=DAY + timedelta(days=6))],
            11: [held("U", expires=date(2026, 5, 1))],
            12: [held("V")],
        },
        {},
    )

    figures = figures_of(rows)

    assert (figures.raters, figures.may, figures.not_yet, figures.must_not) == (4, 1, 2, 1)
    assert figures.certificates_end_soon == 2
    assert [row.rater.id for row in rows if shown(row, Show.SOON)] == [1]
    assert [row.rater.id for row in rows if shown(row, Show.MUST_NOT)] == [2]
    assert [row.rater.id for row in rows if shown(row, Show.ALL)] == [1, 2, 3, 4]


days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@given(
    st.lists(
        st.builds(
            lambda issued, lasts, revoked, void: held(
                issued=issued,
                expires=None if lasts is None else issued + timedelta(days=lasts),
                revoked=revoked,
                void=void,
            ),
            days,
            st.none() | st.integers(0, 900),
            st.none() | days,
            st.booleans(),
        ),
        max_size=4,
    ),
    days,
)
def test_a_requirement_is_met_exactly_when_some_certificate_holds_that_day(certificates, on):
    met = cell_on(on, MMT, certificates).kind.met

    assert met == any(
        not one.void
        and one.issued_on <= on
        and (one.expires_on is None or on <= one.expires_on)
        and (one.revoked_on is None or on < one.revoked_on)
        for one in certificates
    )
