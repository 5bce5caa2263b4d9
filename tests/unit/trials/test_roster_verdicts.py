"""What applying a roster would do, row by row."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.errors import Invalid
from lms.trials.domain import (
    Present,
    Problem,
    Readers,
    Situation,
    Verdict,
    find_site,
    read_roster,
    verdicts_of,
)

TODAY = date(2026, 11, 21)
ADA = Present("Ada", "01", "Physician", "en", date(2026, 3, 1))


def clean(raw: str) -> str:
    if not raw:
        raise Invalid("This is missing.")
    return raw.lower() if "@" in raw else raw


def judge(body: str, head="email,name,site,role,language,from", **situation):
    values = {
        "sites": ["01", "02"],
        "present": {"ada@x.org": ADA},
        "last_days": {},
        "accounts": frozenset({"ada@x.org", "bo@x.org"}),
        "adds_sites": False,
        "today": TODAY,
    } | situation
    rows = read_roster(f"{head}\n{body}").rows
    return verdicts_of(rows, Situation(**values), Readers(email=clean, name=clean))


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        ("eva@x.org,Eva,01,,,", Verdict.NEW),
        ("bo@x.org,Bo,01,,,", Verdict.KNOWN),
        ("BO@X.ORG,Bo,01,,,", Verdict.KNOWN),
        ("ada@x.org,Ada,01,,,", Verdict.UNCHANGED),
        ("ada@x.org,Ada,1,Physician,en,", Verdict.UNCHANGED),
        ("ADA@x.org,Ada,01,,,2020-01-01", Verdict.UNCHANGED),
        ("ada@x.org,Ada,02,,,", Verdict.MOVED),
        ("ada@x.org,Ada Lovelace,01,,,", Verdict.CHANGED),
        ("ada@x.org,Ada,01,Nurse,,", Verdict.CHANGED),
        ("ada@x.org,Ada,01,,de,", Verdict.CHANGED),
        ("ada@x.org,Ada,02,,,2026-02-01", Verdict.ERROR),
        (",Eva,01,,,", Verdict.ERROR),
        ("eva@x.org,,01,,,", Verdict.ERROR),
        ("eva@x.org,Eva,,,,", Verdict.ERROR),
        ("eva@x.org,Eva,03,,,", Verdict.ERROR),
        ("eva@x.org,Eva,01,,,1.12.2026", Verdict.ERROR),
        (f"eva@x.org,Eva,01,{'r' * 81},,", Verdict.ERROR),
    ],
)
def test_each_row_gets_the_verdict_that_fits(row, verdict):
    (one,) = judge(row)

    assert one.verdict is verdict
    assert one.line == 2
    assert bool(one.problems) == (verdict is Verdict.ERROR)
    assert (one.entry is None) == (verdict is Verdict.ERROR)


def test_every_problem_of_a_row_is_said_at_once():
    (one,) = judge(",,99,,,soon")

    assert len(one.problems) == 4


def test_an_address_that_stands_twice_is_an_error_in_the_later_row():
    first, second = judge("eva@x.org,Eva,01,,,\nEVA@x.org,Eva,02,,,")

    assert first.verdict is Verdict.NEW
    assert second.problems == (
        Problem(
            "The same address stands in line %(line)s. Keep the row that is right.", {"line": "2"}
        ),
    )


def test_a_file_may_add_a_site_once_for_several_rows():
    first, second = judge(
        "eva@x.org,Eva,07,West Clinic,Spain\nbo@x.org,Bo,7,,",
        head="email,name,site,site name,country",
        adds_sites=True,
    )

    assert (first.new_site.number, first.new_site.name, first.new_site.country) == (
        "07",
        "West Clinic",
        "Spain",
    )
    assert (second.new_site, second.entry.site) == (None, "07")


def test_a_row_with_an_error_adds_no_site():
    bad, good = judge(",Eva,07\nbo@x.org,Bo,07", head="email,name,site", adds_sites=True)

    assert bad.verdict is Verdict.ERROR
    assert good.new_site.number == "07"


def test_whoever_left_may_come_back_only_after_their_last_day():
    gone = {"present": {}, "last_days": {"ada@x.org": date(2026, 11, 30)}}

    assert judge("ada@x.org,Ada,01,,,", **gone)[0].verdict is Verdict.ERROR
    assert judge("ada@x.org,Ada,01,,,2026-12-01", **gone)[0].verdict is Verdict.KNOWN


@pytest.mark.parametrize(
    ("asked", "numbers", "found"),
    [
        ("01", ["01", "1"], "01"),
        ("1", ["01"], "01"),
        ("001", ["1"], "1"),
        ("1", ["01", "001"], None),
        ("a1", ["A1"], "A1"),
        ("²", ["2"], None),
        ("9" * 30, ["9"], None),
    ],
)
def test_a_site_is_found_by_its_number_even_where_a_spreadsheet_ate_the_zeros(
    asked, numbers, found
):
    assert find_site(asked, numbers) == found


@given(st.lists(st.lists(st.text(max_size=12), min_size=3, max_size=6), min_size=1, max_size=6))
def test_every_row_has_one_verdict_and_either_an_entry_or_a_problem(table):
    body = "\n".join(
        ",".join('"' + cell.replace('"', '""').replace("\x00", "") + '"' for cell in row)
        for row in table
    )
    try:
        rows = read_roster("email,name,site,role,language,from\n" + body).rows
    except Invalid:
        return
    situation = Situation(["01"], {}, {}, frozenset(), True, TODAY)

    verdicts = verdicts_of(rows, situation, Readers(email=clean, name=clean))

    assert [one.line for one in verdicts] == [row.line for row in rows]
    assert all((one.entry is None) == bool(one.problems) for one in verdicts)
