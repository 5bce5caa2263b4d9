"""Initials in public, and the family name that confirms them."""

import pytest

from lms.certificates.domain import initials_of, is_family_name
from tests.factories_certificates import NAMES


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Robin Hale", "R. H."),
        ("Maria van der Berg", "M. v. d. B."),
        ("Ẹniọlá Adébáyọ̀", "Ẹ. A."),
        ("Ö̞zge", "Ö̞."),
        ("دوست محمد", "د. م."),
        ("山田 花子", "山. 花."),
    ],
)
def test_initials_are_the_first_letter_of_each_part(name, initials):
    assert initials_of(name) == initials


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Hale", "Robin Hale"),
        ("  hale ", "Robin Hale"),
        ("robin hale", "Robin Hale"),
        ("van der Berg", "Maria van der Berg"),
        ("Berg", "Maria van der Berg"),
        ("Łukasiewicz", "Siobhán O’Brien-Łukasiewicz".replace("O’Brien-", "")),
        ("OBrien Łukasiewicz", "Siobhán O’Brien-Łukasiewicz"),
        ("adebayo", "Ẹniọlá Adébáyọ̀"),
        ("nguyen", "NGUYỄN Thị Hồng Ánh"),
        ("STRASSE", "Anna Straße"),
        ("Παπαδοπουλου", "Ελένη Παπαδοπούλου"),
    ],
)
def test_a_family_name_fits_however_it_is_typed(typed, name):
    assert is_family_name(typed, name)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("", "Robin Hale"),
        ("   ", "Robin Hale"),
        ("-", "Robin Hale"),
        ("R", "Robin Hale"),
        ("Robin", "Robin Hale"),
        ("Hal", "Robin Hale"),
        ("ale", "Robin Hale"),
        ("Hale Robin", "Robin Hale"),
        ("%", "Robin Hale"),
    ],
)
def test_anything_else_does_not_fit(typed, name):
    assert not is_family_name(typed, name)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_names_of_the_world_have_initials_that_do_not_tell_them(name):
    shown = initials_of(name)
    assert shown.count(".") == len(name.split())
    assert len(shown) < len(name) + len(name.split())
    assert not is_family_name(shown, name)
