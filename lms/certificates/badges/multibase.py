"""Base 58 and the written form of an Ed25519 key: "z6Mk…"."""

from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519: Final = b"\xed\x01"  # what a Multikey begins with, from the multicodec table
LONGEST: Final = 100  # a signature takes 88 letters; decoding grows with the square of the length


def encode(data: bytes) -> str:
    """Return the bytes in base 58 behind the letter z, which names that base."""
    number, letters = int.from_bytes(data, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        letters = ALPHABET[rest] + letters
    return "z" + "1" * (len(data) - len(data.lstrip(b"\0"))) + letters


def decode(text: str) -> bytes:
    """Read what `encode` wrote.

    Raises:
        ValueError: if it is something else, or longer than any key or signature.
    """
    if not text.startswith("z") or len(text) > LONGEST:
        raise ValueError("not base 58")
    digits, number = text[1:], 0
    for letter in digits:
        number = number * 58 + ALPHABET.index(letter)
    zeros = len(digits) - len(digits.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def multikey(key: Ed25519PublicKey) -> str:
    return encode(ED25519 + key.public_bytes_raw())


def public_key(written: str) -> Ed25519PublicKey:
    """Read a Multikey.

    Raises:
        ValueError: if it is not one of an Ed25519 key.
    """
    data = decode(written)
    if not data.startswith(ED25519):
        raise ValueError("not an Ed25519 key")
    return Ed25519PublicKey.from_public_bytes(data.removeprefix(ED25519))
