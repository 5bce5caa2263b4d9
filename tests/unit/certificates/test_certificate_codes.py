"""Codes survive being typed by people, and a slip of the pen is found."""

import secrets
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.certificates.domain import new_code, parse_code, shown_code
from lms.certificates.domain.codes import ALPHABET


def code_of(number: int) -> str:
    return new_code(lambda count: number.to_bytes(count))


codes = st.integers(0, 2**80 - 1).map(code_of)


def test_a_code_holds_eighty_bits_and_a_check_symbol():
    assert code_of(0) == "0" * 17
    assert code_of(2**80 - 1)[:16] == "Z" * 16
    assert code_of(1)[:16] == "0" * 15 + "1"


def test_a_code_is_drawn_from_ten_bytes_of_chance():
    asked = []

    def bytes_of(count: int) -> bytes:
        asked.append(count)
        return secrets.token_bytes(count)

    assert len(new_code(bytes_of)) == 17
    assert asked == [10]


def test_a_code_is_shown_in_groups_of_four():
    assert shown_code("7Q4KM2XD9H3TRB6WD") == "7Q4K-M2XD-9H3T-RB6W-D"


@given(codes)
def test_what_is_shown_is_read_back(code):
    assert parse_code(shown_code(code)) == code


@pytest.mark.parametrize(
    "typed",
    [
        "{}",
        "  {} ",
        "https://concord.example/v/{}",
        "http://127.0.0.1:8000/v/{}/",
    ],
)
def test_blanks_and_the_address_of_the_qr_code_do_not_matter(typed):
    code = code_of(12345678901234567890)
    assert parse_code(typed.format(code)) == code
    assert parse_code(typed.format(shown_code(code).lower())) == code


def test_letters_that_look_like_figures_count_as_figures():
    code = code_of(0x00043210FFFFFFFF0001)
    assert "0" in code and "1" in code
    assert parse_code(code.replace("0", "O").replace("1", "l")) == code
    assert parse_code(code.replace("0", "o").replace("1", "I")) == code


def test_dashes_of_every_kind_and_blanks_between_are_overlooked():
    code = code_of(77)
    assert parse_code("\u2013".join(shown_code(code).split("-"))) == code
    assert parse_code(" ".join(code)) == code


@given(codes, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_wrong_symbol_is_found(code, place, symbol):
    wrong = code[:place] + symbol + code[place + 1 :]
    assert parse_code(wrong) == (code if symbol == code[place] else None)


@given(codes)
def test_two_exchanged_symbols_are_found(code):
    for one, other in combinations(range(16), 2):
        if code[one] != code[other]:
            swapped = list(code)
            swapped[one], swapped[other] = code[other], code[one]
            assert parse_code("".join(swapped)) is None


@pytest.mark.parametrize(
    "text", ["", "-", "7Q4K", "U" * 17, "0" * 16, "0" * 18, "é" * 17, "0" * 9999]
)
def test_what_is_no_code_is_none(text):
    assert parse_code(text) is None
