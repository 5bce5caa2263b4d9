"""Who a person is to the rest of the system, and what a name and an address must look like."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from lms.errors import N_, Conflict, Invalid


class Role(StrEnum):
    """What a person may do; one person may have several."""

    TRAINEE = "trainee"
    COORDINATOR = "coordinator"
    CREATOR = "creator"
    ADMIN = "admin"


SESSION_LENGTH: Final = timedelta(days=14)
SEEN_EVERY: Final = timedelta(minutes=5)
NAME_LENGTH: Final = 200
EMAIL_LENGTH: Final = 254
MOST_EXTRA_TIME: Final = 3.0


class BadName(Invalid):
    """The name cannot stand on a certificate."""


class AddressTaken(Conflict):
    """Somebody has an account with this address."""


class LastAdmin(Conflict):
    """Without this person nobody could give roles any more."""


@dataclass(frozen=True)
class SignedIn:
    """The person of the present request, as Flask-Login wants them: a value, not a row.

    extra_time is the factor by which time limits are longer for this person, 1.0 for most.
    """

    id: int
    name: str
    email: str
    roles: frozenset[Role]
    time_zone: str
    extra_time: float
    session_id: int
    session_token: str
    seen_at: datetime

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return self.session_token

    def has_role(self, role: StrEnum) -> bool:
        return role in self.roles


@dataclass(frozen=True)
class PersonFacts:
    """What other rooms may know of a person.

    confirmed: whether the person has shown that mail to the address reaches them. Do not treat
    somebody as the owner of an address (a place on a roster) before that.
    """

    id: int
    name: str
    email: str
    confirmed: bool
    closed: bool


@dataclass(frozen=True)
class Choices:
    """What a person chooses about themselves. language is "" for what the browser asks for."""

    name: str
    time_zone: str = "UTC"
    language: str = ""


def clean_name(name: str) -> str:
    """Return the name with single spaces and composed letters, as a certificate prints it.

    Raises:
        BadName: if it is empty, too long or holds characters that cannot be printed.
    """
    cleaned = " ".join(unicodedata.normalize("NFC", name).split())
    if not cleaned:
        raise BadName(N_("Enter your name as it should stand on a certificate."))
    if len(cleaned) > NAME_LENGTH:
        raise BadName(N_("The name is too long: at most %(most)s characters."), most=NAME_LENGTH)
    if any(_unprintable(letter) for letter in cleaned):
        raise BadName(
            N_("The name holds a character that cannot be printed. Type it again by hand.")
        )
    return cleaned


def clean_email(email: str) -> str:
    """Return the address as it is stored: one account an address, whatever its case."""
    return unicodedata.normalize("NFC", email).strip().lower()


def _unprintable(letter: str) -> bool:
    # joiners (Cf) belong to names in Persian and in Indian scripts; direction overrides do not
    if letter in "\u200c\u200d":
        return False
    return unicodedata.category(letter) in ("Cc", "Cf", "Co", "Cs", "Cn")
