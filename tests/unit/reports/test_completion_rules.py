"""Places in the list, pages cut from it, and a module's figures."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from lms.cells import harmless
from lms.reports.domain import Cursor, Figures, Row, RowState, Show, Sought, next_cursors

AT = datetime(2026, 11, 21, 10, 42, tzinfo=UTC)


def make_row(number: int) -> Row:
    return Row(
        id=number,
        person_id=1,
        name="Somebody",
        email="somebody@example.org",
        slug="sample",
        release_id=1,
        enrolled_at=AT - timedelta(minutes=number),
        active_at=AT,
        state=RowState.TRAINING,
        quiz=None,
        certification=None,
        quiz_tries=0,
        tries=0,
        certificate_id=None,
        code=None,
        certified_at=None,
        ends_on=None,
        revoked_at=None,
        suspended_at=None,
    )


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=5, minutes=30))])
def test_a_place_survives_the_address(zone):
    place = Cursor(AT.astimezone(zone), 17)

    assert Cursor.read(place.text()) == place
    assert Cursor.read(place.text().replace("+", " ")) == place


@pytest.mark.parametrize(
    "raw",
    ["", "~", "x~1", "2026-11-21T10:42~1", "2026-11-21T10:42+00:00~-1", "2026-11-21~", f"{AT}~٣"],
)
def test_what_is_no_place_is_the_beginning(raw):
    assert Cursor.read(raw) is None


def test_the_first_page_leads_only_to_older_ones():
    page = next_cursors([make_row(n) for n in range(4)], size=3, older_than=None, newer_than=None)

    assert [row.id for row in page.rows] == [0, 1, 2]
    assert page.older == page.rows[-1].cursor
    assert page.newer is None


def test_the_last_page_leads_only_to_newer_ones():
    place = make_row(0).cursor
    page = next_cursors([make_row(1), make_row(2)], size=3, older_than=place, newer_than=None)

    assert page.older is None
    assert page.newer == page.rows[0].cursor


def test_going_to_newer_ones_keeps_those_next_to_the_place():
    rows = [make_row(n) for n in range(4)]
    page = next_cursors(rows, size=3, older_than=None, newer_than=make_row(4).cursor)

    assert [row.id for row in page.rows] == [1, 2, 3]
    assert page.newer == page.rows[0].cursor
    assert page.older == page.rows[-1].cursor


def test_an_empty_page_leads_nowhere():
    place = make_row(0).cursor
    for places in (
        {"older_than": place, "newer_than": None},
        {"older_than": None, "newer_than": place},
    ):
        page = next_cursors([], size=3, **places)
        assert (page.older, page.newer) == (None, None)


@pytest.mark.parametrize(
    ("shares", "middle"), [((), None), ((0.9,), 0.9), ((0.8, 1.0), 0.9), ((1.0, 0.5, 0.75), 0.75)]
)
def test_the_middle_of_the_shares(shares, middle):
    assert Figures("sample", "Sample", 4, 1, shares).middle == pytest.approx(middle)


def test_who_is_not_certified_is_in_training():
    assert Figures("sample", "Sample", enrolled=7, certified=3).training == 4


def test_only_the_module_narrows():
    assert Sought().everything and Sought().only_module
    assert Sought(module="cmas").only_module and not Sought(module="cmas").everything
    assert not Sought(show=Show.VALID).only_module
    assert not Sought(since=date(2026, 1, 1)).only_module


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+49 170", "'+49 170"),
        ("-2", "-2"),
        ("-2+3", "'-2+3"),
        ("＝1", "'＝1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("  =1", "'  =1"),
        ("\u00a0@x", "'\u00a0@x"),
        ("\x00=1", "'=1"),
        ("Ada = Bo", "Ada = Bo"),
        (" Ada", " Ada"),
        ("Ελένη", "Ελένη"),
        ("", ""),
    ],
)
def test_no_cell_is_taken_for_a_formula(text, shown):
    assert harmless(text) == shown
