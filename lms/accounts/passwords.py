"""Argon2id at OWASP's 19 MiB, two passes, one lane: strong, and a sign-in stays cheap."""

from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lms.accounts.domain import normal_form

_hasher: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(password: str) -> str:
    return _hasher.hash(normal_form(password))


def password_fits(password_hash: str | None, password: str) -> bool:
    """Tell whether the password belongs to the hash.

    Args:
        password_hash: None where there is no such account; the work is done all the same, so that
            the answer takes as long.
    """
    nobody = _nobody()  # by whoever comes first, known or not
    try:
        _hasher.verify(password_hash or nobody, normal_form(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")


def needs_new_hash(password_hash: str) -> bool:
    """Tell whether the hash was made with weaker settings than today's."""
    return _hasher.check_needs_rehash(password_hash)
