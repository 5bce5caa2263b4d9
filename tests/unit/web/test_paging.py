"""Which rows are on which page."""

import pytest

from lms.web.paging import Page


def test_the_last_page_ends_with_the_last_row():
    page = Page(number=9, size=50, total=412)

    assert (page.first_row, page.last_row, page.last) == (401, 412, 9)
    assert (page.previous, page.next) == (8, None)


def test_an_empty_list_has_one_page_without_rows():
    page = Page(number=1, size=50, total=0)

    assert (page.first_row, page.last_row, page.last, page.next) == (0, 0, 1, None)


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        (None, 1),
        ("", 1),
        ("2", 2),
        ("99", 3),
        ("0", 1),
        ("-1", 1),
        ("x", 1),
        ("٣", 1),
        ("9" * 99, 1),
    ],
)
def test_a_page_that_does_not_exist_is_mended(raw, number):
    assert Page.asked(raw, size=10, total=25).number == number
