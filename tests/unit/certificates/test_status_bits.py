"""A status list as bits, in the published form."""

import base64
import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.certificates.domain.bits import LONGEST, SIZE, decode_bits, encode_bits, is_set

places = st.integers(0, SIZE - 1)


@given(st.sets(places, max_size=300), places)
def test_what_is_set_is_read_back_and_nothing_else(chosen, asked):
    bits = decode_bits(encode_bits(chosen))

    assert all(is_set(bits, place) for place in chosen)
    assert is_set(bits, asked) == (asked in chosen)
    assert sum(byte.bit_count() for byte in bits) == len(chosen)


@given(st.sets(places, max_size=50), st.data())
def test_the_order_of_the_places_does_not_matter(chosen, data):
    again = data.draw(st.permutations(sorted(chosen)))

    assert encode_bits(again) == encode_bits(chosen)


@settings(max_examples=200)
@given(st.text(max_size=300))
def test_any_text_is_a_list_or_refused(text):
    with pytest.raises(ValueError):
        decode_bits("u" + text)


def test_the_first_place_is_the_leftmost_bit():
    assert decode_bits(encode_bits([0]))[0] == 0b1000_0000
    assert decode_bits(encode_bits([SIZE - 1]))[-1] == 0b0000_0001


def test_an_empty_list_is_as_the_standard_writes_it():
    # Bitstring Status List 1.0, example 3: 131,072 zeros, packed by another program
    example = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"

    assert decode_bits(example) == bytes(SIZE // 8)


def test_a_list_half_full_at_random_stays_below_the_limit():
    import random

    chosen = random.Random(1).sample(range(SIZE), SIZE // 2)

    assert len(encode_bits(chosen)) < LONGEST / 2


@pytest.mark.parametrize("place", [-1, SIZE])
def test_a_place_outside_is_refused(place):
    with pytest.raises(ValueError):
        encode_bits([place])
    with pytest.raises(ValueError):
        is_set(bytes(SIZE // 8), place)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(bytes(SIZE // 8 - 1), id="shorter"),
        pytest.param(bytes(SIZE // 8 + 1), id="longer"),
        pytest.param(bytes(300_000_000), id="a bomb"),
    ],
)
def test_a_list_of_another_size_is_refused(data):
    packed = base64.urlsafe_b64encode(gzip.compress(data, 9)).decode().rstrip("=")

    with pytest.raises(ValueError):
        decode_bits("u" + packed)


def test_bytes_behind_the_list_are_refused():
    packed = gzip.compress(bytes(SIZE // 8)) + b"more"

    with pytest.raises(ValueError):
        decode_bits("u" + base64.urlsafe_b64encode(packed).decode().rstrip("="))
