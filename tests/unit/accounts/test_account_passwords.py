"""Which passwords are good enough, and that their hashes tell right from wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.accounts import passwords
from lms.accounts.domain import LONGEST, SHORTEST, WeakPassword, check_password, normal_form
from lms.accounts.domain.password_rules import is_common

ROBIN = {"name": "Robin Hale", "email": "robin.hale@example.org"}


@pytest.mark.parametrize(
    "password",
    [
        "a tall chair by the window",
        "Robin walks a red dog",
        "höhenzug im nebel",
        "плавный ход часов",
        "xk2#9vPq!w",
        "twelve paper boats",
        "password of the green heron",
    ],
)
def test_a_few_words_or_many_signs_are_taken(password):
    check_password(password, **ROBIN)


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short", "at least 10"),
        ("ninechars", "at least 10"),
        ("x" * 201, "at most 200"),
        ("1234567890", "first that are tried"),
        ("password123", "first that are tried"),
        ("Password2026!", "first that are tried"),
        ("!!qwertyuiop!!", "first that are tried"),
        ("aaaaaaaaaaaa", "first that are tried"),
        ("abcabcabcabc", "first that are tried"),
        ("zyxwvutsrqpo", "first that are tried"),
        ("Correct Horse Battery Staple", "first that are tried"),
        ("robinhale2026", "your own name"),
        ("Hale.Robin!1", "your own name"),
        ("robin.hale@example.org", "your own name"),
    ],
)
def test_what_would_be_guessed_is_refused_with_the_reason(password, words):
    with pytest.raises(WeakPassword, match=words):
        check_password(password, **ROBIN)


def test_wide_letters_count_as_the_common_ones_that_they_stand_for():
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in "password123")

    with pytest.raises(WeakPassword, match="first that are tried"):
        check_password(wide, **ROBIN)


@given(st.text(max_size=LONGEST + 20))
def test_what_is_taken_is_long_enough_and_uncommon(text):
    try:
        check_password(text, **ROBIN)
    except WeakPassword:
        return
    assert SHORTEST <= len(normal_form(text)) <= LONGEST
    assert not is_common(normal_form(text))


def test_a_hash_fits_its_password_alone():
    stored = passwords.hash_password("a tall chair")

    assert passwords.password_fits(stored, "a tall chair")
    assert not passwords.password_fits(stored, "a tall chair ")


def test_the_same_keys_fit_whether_letters_come_composed_or_not():
    stored = passwords.hash_password("caf\u00e9 in the rain")

    assert passwords.password_fits(stored, "cafe\u0301 in the rain")


def test_no_account_and_a_broken_hash_fit_nothing():
    assert not passwords.password_fits(None, "nobody has this password")
    assert not passwords.password_fits("not a hash", "anything")


def test_a_hash_says_when_it_is_weaker_than_today():
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("x")

    assert passwords.needs_new_hash(old)
    assert not passwords.needs_new_hash(passwords.hash_password("x"))
