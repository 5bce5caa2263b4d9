"""Files of ratings, as people keep them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.agreement.reading import (
    UnreadableTable,
    letters,
    read_cells,
    read_figures,
    read_levels,
    read_maxima,
    read_table,
)
from lms.agreement.result import Misuse
from tests.unit.agreement.made import patient


def table_of(text, levels=None, **layout):
    scale = read_levels(levels) if levels else None
    return read_table(read_cells(text, levels=scale, **layout), scale)


@pytest.mark.parametrize(
    ("text", "subjects", "raters", "rows"),
    [
        ("subject,A,B\n7,1,2\n8,3,4\n", ("7", "8"), ("A", "B"), ((1, 2), (3, 4))),
        (",A,B\n7,1,2\n", ("7",), ("A", "B"), ((1, 2),)),
        ("A,B\n1,2\n3,4\n", ("1", "2"), ("A", "B"), ((1, 2), (3, 4))),
        ("1,2\n3,4\n", ("1", "2"), ("A", "B"), ((1, 2), (3, 4))),
        ("anna,1,2\nbo,3,4\n", ("anna", "bo"), ("B", "C"), ((1, 2), (3, 4))),
        ("case,A,B\nx,1,\ny,,4\n", ("x", "y"), ("A", "B"), ((1, None), (None, 4))),
        ("\ufeffcase;A;B\r\nx;1,5;2\r\n\r\n", ("x",), ("A", "B"), ((1.5, 2),)),
        ("case\tA\tB\nx\t1e1\t-.5\n", ("x",), ("A", "B"), ((10, -0.5),)),
        ('"case, of us",A,B\n"x\ny",1,2\n', ("x\ny",), ("A", "B"), ((1, 2),)),
        ("case,A,\nx,1,2\n", ("x",), ("A", "C"), ((1, 2),)),
    ],
)
def test_names_gaps_and_separators_are_recognised(text, subjects, raters, rows):
    found = table_of(text)

    assert (found.subjects, found.raters, found.rows) == (subjects, raters, rows)


def test_what_was_said_of_the_layout_goes_before_recognition():
    text = "2024,2025\n1,2\n3,4\n"

    assert len(table_of(text).rows) == 3
    named = table_of(text, header=True, row_names=True)
    assert (named.raters, named.subjects, named.rows) == (("2025",), ("1", "3"), ((2,), (4,)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("case,A,B\nx,1,2\ny,l,4\n", "line 3, column 2 (B): “l” is no number"),
        ("case,A,B\nx,1,NA\n", "line 2, column 3 (C): “NA” is no number. Leave the cell empty"),
        ("case,A,B\n\n\nx,1,nan\n", "line 4, column 3 (C)"),
        ("case,A,B\nx,1\n", "line 2: There are 2 cells, but 3 columns."),
        ("case,A,A\nx,1,2\n", "line 1, column 3 (C): The name “A” stands above two columns."),
        ("case,A,B\nx,1e999,2\n", "“1e999” is no number"),
        ("case,A,B\nx,inf,2\n", "“inf” is no number"),
        ('case,A,B\nx,"1,5",2.5\n', "“1,5” is no number"),
        ("case,A,B\nx,1_0,2\n", "“1_0” is no number"),
        (f"case,A,B\nx,{'9' * 20}x{'9' * 20},2\n", "…”"),
    ],
)
def test_each_cell_that_is_no_rating_is_named_by_line_and_column(text, said):
    with pytest.raises(UnreadableTable) as refusal:
        table_of(text)

    assert said in str(refusal.value.problems[0])


def test_a_misprint_does_not_turn_a_column_of_ratings_into_names():
    with pytest.raises(UnreadableTable) as refusal:
        table_of("A,B\n1,2\nl,3\n")

    assert "line 3, column 1 (A)" in str(refusal.value.problems[0])


def test_many_mistakes_are_counted_and_the_first_twenty_named():
    with pytest.raises(UnreadableTable, match="30 cells or rows") as refusal:
        table_of("case,A\n" + "".join(f"s{n},x{n}\n" for n in range(30)), row_names=True)

    assert len(refusal.value.problems) == 20


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "empty"),
        ("\n , \n", "empty"),
        ("case,A,B\n", "no row below"),
        ("case\nx\n", "no column of ratings|is no number|cells or rows"),
        ('case,A\n"x,1\n', "is no CSV"),
    ],
)
def test_a_file_without_ratings_is_refused_in_a_sentence(text, part):
    with pytest.raises(Misuse, match=part):
        table_of(text)


def test_levels_turn_words_into_numbers():
    found = table_of("case,A,B\nx,none,severe\ny,mild,\n", "none,mild,severe")

    assert found.rows == ((0, 2), (1, None))


def test_a_cell_outside_the_levels_is_named():
    with pytest.raises(UnreadableTable) as refusal:
        table_of("case,A,B\nx,none,sever\n", "none,mild,severe")

    assert "“sever” is none of the levels none, mild, severe." in str(refusal.value.problems[0])


def test_numbers_among_levels_may_be_written_in_another_way():
    assert table_of("case,A,B\nx,1.0,2\n", "0..4").rows == ((1, 2),)


@pytest.mark.parametrize(
    ("text", "values"),
    [("0..2", (0, 1, 2)), ("1,2,5", (1, 2, 5)), ("-1..1", (-1, 0, 1)), ("lo, hi", (0, 1))],
)
def test_levels_are_read(text, values):
    assert read_levels(text).values == values


@pytest.mark.parametrize("text", ["", "1", "a,,b", "a,a", "5,1", "1,1.0", "4..0", "0..99999"])
def test_levels_that_are_none_are_refused(text):
    with pytest.raises(Misuse, match="evels"):
        read_levels(text)


def test_figures_are_read_row_by_row():
    assert read_figures("0 1 3/1 0 6/3,6,0") == [[0, 1, 3], [1, 0, 6], [3, 6, 0]]


@pytest.mark.parametrize("text", ["", "a", "1 2/3", "1 2/x y"])
def test_figures_that_are_none_are_refused(text):
    with pytest.raises(Misuse, match="row by row"):
        read_figures(text)


def test_maxima_are_one_or_one_for_each_item():
    assert (read_maxima("1"), read_maxima("1, 2,5")) == ([1], [1, 2, 5])
    with pytest.raises(Misuse, match="greatest score"):
        read_maxima("1,x")


@pytest.mark.parametrize(("column", "name"), [(1, "A"), (26, "Z"), (27, "AA"), (703, "AAA")])
def test_columns_have_the_letters_of_spreadsheets(column, name):
    assert letters(column) == name


@patient
@given(st.text(max_size=60))
def test_no_text_makes_a_fault(text):
    with suppress(Misuse):
        assert table_of(text).rows


@patient
@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.integers(-99, 99)), min_size=2, max_size=2),
        min_size=1,
        max_size=6,
    )
)
def test_what_is_written_is_read_again(rows):
    lines = [",".join("" if cell is None else str(cell) for cell in row) for row in rows]
    text = "\n".join(f"s{n},{line}" for n, line in enumerate(lines))

    assert table_of(f"subject,A,B\n{text}\n").rows == tuple(tuple(row) for row in rows)
