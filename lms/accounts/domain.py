"""Rules about people and sign-in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a person may do; one person may have several."""

    TRAINEE = "trainee"
    COORDINATOR = "coordinator"
    CREATOR = "creator"
    ADMIN = "admin"


SESSION_LENGTH: Final = timedelta(days=14)
SEEN_EVERY: Final = timedelta(minutes=5)


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
