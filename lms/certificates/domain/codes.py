"""The code of a certificate: 80 random bits in Crockford's base 32, and a check symbol."""

import re
from collections.abc import Callable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SYMBOLS = 16
RANDOM_BYTES = SYMBOLS * 5 // 8

_VALUES = {symbol: value for value, symbol in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_BETWEEN = re.compile(r"[\s\-_.\u2010-\u2015\u2212\u200b-\u200f\u2060\ufeff]+")
_ADDRESS = re.compile(r"^https?://[^?#]*/v/([^/?#]+)/?$", re.IGNORECASE)


def new_code(random_bytes: Callable[[int], bytes]) -> str:
    """Draw a code: 16 symbols and a check symbol, without dashes.

    Args:
        random_bytes: gives n unpredictable bytes, as `secrets.token_bytes` does.
    """
    number = int.from_bytes(random_bytes(RANDOM_BYTES))
    values = [number >> (5 * place) & 31 for place in reversed(range(SYMBOLS))]
    return "".join(ALPHABET[value] for value in [*values, _check(values)])


def parse_code(text: str) -> str | None:
    """Read a code as a person types it, or the address that the QR code holds.

    Capitals, blanks and dashes do not matter; O counts as 0, I and L as 1.

    Returns:
        The 17 symbols without dashes, or None where the text is no code: wrong
        length, a symbol that codes do not use, or a check symbol that does not fit.
    """
    text = text.strip()[:200]
    if address := _ADDRESS.match(text):
        text = address[1]
    symbols = _BETWEEN.sub("", text).upper()
    if len(symbols) != SYMBOLS + 1 or any(symbol not in _VALUES for symbol in symbols):
        return None
    values = [_VALUES[symbol] for symbol in symbols]
    if values[-1] != _check(values[:-1]):
        return None
    return "".join(ALPHABET[value] for value in values)


def shown_code(code: str) -> str:
    """Return the code as it is printed: XXXX-XXXX-XXXX-XXXX-C."""
    return "-".join([*(code[at : at + 4] for at in range(0, SYMBOLS, 4)), code[SYMBOLS:]])


def _check(values: list[int]) -> int:
    """Weighted sum in the field of 32 elements, each place with another power of its generator.

    Finds every single wrong symbol and every exchange of two different symbols, wherever they
    stand, and needs no symbols beyond the alphabet (Crockford's own modulus of 37 needs five).
    """
    total, weight = 0, 1
    for value in values:
        weight = _times(weight, 2)
        total ^= _times(weight, value)
    return total


def _times(left: int, right: int) -> int:
    """Multiply in GF(32) with the primitive polynomial x^5 + x^2 + 1."""
    product = 0
    while right:
        if right & 1:
            product ^= left
        left <<= 1
        if left & 32:
            left ^= 0b100101
        right >>= 1
    return product
