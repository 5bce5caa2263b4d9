"""A status list as bits: which of 131,072 places are set, in the form that is published."""

import base64
import binascii
import gzip
import zlib
from collections.abc import Iterable
from typing import Final

SIZE: Final = 131_072
"""Places in a list: the least that the standard allows, so that one among them says nothing."""

LONGEST: Final = 64 * 1024  # letters; a list with every second place set at random needs 22,000


def encode_bits(places: Iterable[int]) -> str:
    """Return the list with these places set: gzip, then base 64 behind the letter u.

    Args:
        places: each in 0..SIZE-1; the first place is the left-most bit.

    Raises:
        ValueError: if a place is outside.

    Source:
        Bitstring Status List 1.0, W3C Recommendation 2025, 3.3.
    """
    bits = bytearray(SIZE // 8)
    for place in places:
        _check(place)
        bits[place >> 3] |= 0x80 >> (place & 7)
    packed = gzip.compress(bytes(bits), 9, mtime=0)
    return "u" + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode_bits(text: str) -> bytes:
    """Read a published list of exactly SIZE places.

    Raises:
        ValueError: if it is not one, or would grow beyond that size when unpacked.
    """
    if not text.startswith("u") or len(text) > LONGEST:
        raise ValueError("not a status list")
    letters = text[1:]
    try:
        packed = base64.b64decode(letters + "=" * (-len(letters) % 4), b"-_", validate=True)
        unpacking = zlib.decompressobj(wbits=31)
        bits = unpacking.decompress(packed, SIZE // 8 + 1)
    except (binascii.Error, zlib.error) as error:
        raise ValueError("not a status list") from error
    if len(bits) != SIZE // 8 or not unpacking.eof or unpacking.unused_data:
        raise ValueError("not a status list of the one size that is published here")
    return bits


def is_set(bits: bytes, place: int) -> bool:
    """Tell whether a place is set.

    Raises:
        ValueError: if the place is outside the list.
    """
    _check(place)
    return bool(bits[place >> 3] & (0x80 >> (place & 7)))


def _check(place: int) -> None:
    if not 0 <= place < SIZE:
        raise ValueError(f"a place is a number from 0 to {SIZE - 1}")
