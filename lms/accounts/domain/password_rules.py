"""What makes a password good enough: length, and not being one of the first that anybody tries.

Source:
    NIST SP 800-63B-4, section 3.1.1.2: no composition rules, no forced change, a list of values
    that are commonly used, expected or compromised.
"""

import re
import unicodedata
from itertools import pairwise
from typing import Final

from lms.accounts.domain.common_passwords import COMMON, COMMON_WORDS
from lms.errors import N_, Invalid

SHORTEST: Final = 10
LONGEST: Final = 200
OWN_LETTERS: Final = 6


class WeakPassword(Invalid):
    """The password would be guessed."""


def normal_form(password: str) -> str:
    """Return the same characters for the same keys, whichever device typed them."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, *, name: str, email: str) -> None:
    """Refuse a password that would be guessed.

    Raises:
        WeakPassword: if it is too short, too long, common, or little more than the person's own
            name or address.
    """
    password = normal_form(password)
    if len(password) < SHORTEST:
        raise WeakPassword(N_("Use at least %(least)s characters."), least=SHORTEST)
    if len(password) > LONGEST:
        raise WeakPassword(N_("Use at most %(most)s characters."), most=LONGEST)
    if is_common(password):
        raise WeakPassword(
            N_("This password is among the first that are tried. A few words in a row are better.")
        )
    if is_mostly_own(password, name=name, email=email):
        raise WeakPassword(N_("This password is mostly your own name or address. Choose another."))


def is_common(password: str) -> bool:
    """Tell whether it is a common password, a common word with figures round it, or a pattern."""
    lowered = password.lower()
    word = re.sub(r"[\W\d_]+", "", lowered)
    return (
        lowered in COMMON
        or word in COMMON_WORDS
        or len(set(lowered)) <= 3
        or _repeats(lowered)
        or _runs(lowered)
    )


def is_mostly_own(password: str, *, name: str, email: str) -> bool:
    """Tell whether fewer than six letters or figures are left without the person's own words."""
    rest = password.lower()
    own = re.split(r"[\W_]+", f"{name} {email}".lower())
    for word in sorted(
        {word for word in own if len(word) >= 4}, key=lambda word: (-len(word), word)
    ):
        rest = rest.replace(word, "")
    left = [letter for letter in rest if letter.isalnum()]
    return rest != password.lower() and len(left) < OWN_LETTERS


def _repeats(text: str) -> bool:
    """Tell whether it is one short piece over and over: abcabcabcabc."""
    return any(
        len(text) % size == 0 and text == text[:size] * (len(text) // size)
        for size in range(1, min(5, len(text) // 2) + 1)
    )


def _runs(text: str) -> bool:
    """Tell whether each character follows the one before: 1234567890, zyxwvutsrq."""
    steps = {ord(b) - ord(a) for a, b in pairwise(text)}
    return steps in ({1}, {-1})
