"""How a holder's name stands in public, and whether a family name is theirs."""

import unicodedata
from enum import StrEnum


class ShownAs(StrEnum):
    """What of the holder's name the public page shows; sites must match it, so all by default."""

    FULL_NAME = "full_name"
    INITIALS = "initials"


def initials_of(name: str) -> str:
    """Return the first letter of each part of a name: "Maria van der Berg" is "M. v. d. B."."""
    return " ".join(f"{_first_letter(part)}." for part in name.split())


def is_family_name(typed: str, name: str) -> bool:
    """Tell whether somebody knows the family name of a person whose initials they were shown.

    Capitals, accents, hyphens and blanks do not matter. A family name is the end of the name, of
    one or several parts; also any part that is written in capitals, as names are that begin with
    the family's. The whole name is right, too.
    """
    wanted = _plain(typed)
    parts = name.split()
    ends = {_plain(" ".join(parts[at:])) for at in range(len(parts))}
    capitals = {_plain(part) for part in parts if part.isupper() and len(part) > 1}
    return bool(wanted) and wanted in ends | capitals


def _first_letter(part: str) -> str:
    """Return the first letter with the marks that belong to it, in composed form."""
    letters = unicodedata.normalize("NFC", part)
    end = 1
    while end < len(letters) and unicodedata.combining(letters[end]):
        end += 1
    return letters[:end]


def _plain(text: str) -> str:
    split = unicodedata.normalize("NFKD", text.strip()[:300]).casefold()
    return "".join(
        letter for letter in split if letter.isalnum() and not unicodedata.combining(letter)
    )
