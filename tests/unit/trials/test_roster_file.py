"""Reading rosters as spreadsheets write them."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.trials.domain import MOST_ROWS, UNCERTAIN, BadRosterFile, read_roster, read_text

PLAIN = "email,name,site\nada@example.org,Ada Lovelace,01\n"


def rows_of(data: bytes) -> list[dict[str, str]]:
    return [row.cells for row in read_roster(read_text(data).content).rows]


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        ("\ufeff" + PLAIN).encode(),
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-le"),
        PLAIN.encode("utf-16-be"),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode(),
        ("sep=;\r\n" + PLAIN.replace(",", ";").replace("\n", "\r\n")).encode(),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        ("\n\n" + PLAIN + "\n,,\n").encode(),
        b'"E-mail";"Full name";"Site number"\n" ada@example.org ";"Ada  Lovelace";01\n',
    ],
)
def test_the_same_roster_is_read_however_it_was_saved(data):
    assert rows_of(data) == [{"email": "ada@example.org", "name": "Ada Lovelace", "site": "01"}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252"])
def test_names_with_accents_survive(encoding):
    text = read_text("email,name,site\nz@example.org,Zoë Ångström,01\n".encode(encoding))

    assert read_roster(text.content).rows[0].cells["name"] == "Zoë Ångström"
    assert text.encoding == encoding


def test_a_guessed_encoding_is_said():
    assert read_text("email,name,site\nz@x,Zoë,1".encode("latin-1")).encoding == UNCERTAIN


def test_rows_keep_the_line_where_they_begin():
    file = read_roster('email,name,site\n\na@x.org,"A\nB",1\nb@x.org,C,1\n')

    assert [row.line for row in file.rows] == [3, 5]
    assert file.rows[0].cells["name"] == "A B"


def test_columns_may_stand_in_any_order_and_unknown_ones_are_named():
    file = read_roster("Shoe size,Site,Name,Mail,Country\n43,1,A,a@x.org,Norway\n")

    assert file.rows[0].cells == {"site": "1", "name": "A", "email": "a@x.org", "country": "Norway"}
    assert file.ignored == ("Shoe size",)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"  \n \n", "empty"),
        (b"PK\x03\x04rest", "Excel workbook"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel"),
        (b"%PDF-1.7", "PDF"),
        (b"\xff\xfea", "damaged"),
        (b"email,name,site\n\x00\x00\x00", "not a text file"),
        (b"x" * (2 * 1024 * 1024 + 1), "larger than 2 MB"),
    ],
)
def test_what_is_no_text_is_refused_with_a_remedy(data, words):
    with pytest.raises(BadRosterFile, match=words):
        read_text(data)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("name,site\nA,1\n", "no column for email"),
        ("a@x.org,A,1\n", "no column for email, name, site"),
        ("email,name,site,E-mail\na@x,A,1,b\n", "two columns say"),
        ("email,name,site\n", "no rows"),
        ("email,name,site\n" + "a@x.org,A,1\n" * (MOST_ROWS + 1), "more than 5000 rows"),
    ],
)
def test_what_is_no_roster_is_refused_with_a_remedy(content, words):
    with pytest.raises(BadRosterFile, match=words):
        read_roster(content)


def test_a_short_row_and_an_endless_cell_are_errors_of_their_row_only():
    file = read_roster(f"email,name,site\na@x.org,A\nb@x.org,{'B' * 600},1\nc@x.org,C,1\n")

    assert [bool(row.problem) for row in file.rows] == [True, True, False]


def test_a_quotation_mark_that_never_closes_does_no_harm():
    file = read_roster('email,name,site\na@x.org,"A,1\nb@x.org,B,1\n' + "x" * 200_000)

    assert all(row.problem for row in file.rows)


@given(st.binary(max_size=400))
def test_no_bytes_whatever_bring_anything_but_rows_or_a_sentence(data):
    try:
        rows = read_roster(read_text(data).content).rows
    except BadRosterFile:
        return
    assert rows


cells = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00\ufeff", exclude_categories=("Cs", "Cc")),
    max_size=30,
)


@given(st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=8), st.sampled_from(",;\t"))
def test_whatever_a_csv_writer_writes_is_read_back(rows, delimiter):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(["email", "name", "site"])
    writer.writerows(rows)
    kept = [tuple(" ".join(cell.split()) for cell in row) for row in rows]
    expected = [row for row in kept if any(row)]

    try:
        file = read_roster(read_text(out.getvalue().encode()).content)
    except BadRosterFile:
        assert not expected
    else:
        assert [(r.cell("email"), r.cell("name"), r.cell("site")) for r in file.rows] == expected
