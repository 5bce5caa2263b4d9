"""What an electronic signature says, and how one is refused."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lms.errors import Conflict, Invalid


class Meaning(StrEnum):
    """What a signature stands for.

    Source:
        21 CFR 11.50(a)(3): review, approval, responsibility, authorship.
    """

    AUTHORSHIP = "authorship"
    REVIEW = "review"
    APPROVAL = "approval"
    RESPONSIBILITY = "responsibility"


class WrongPassword(Invalid):
    """Whoever wanted to sign did not give the password of the account."""


class TryNotCounted(Conflict):
    """A password was to be looked at that nobody counted before; see `count_password_try`."""


@dataclass(frozen=True)
class SignatureFacts:
    """A signature as it is shown with the record (21 CFR 11.50).

    Args:
        printed_name: the name at the time of signing, whatever the person is called now.
        subject: kind and id of what was signed, "panel-case:5".
        digest: SHA-256, 64 hexadecimal digits, of exactly what was signed. A page that shows a
            signed record compares it with the digest of what it shows (21 CFR 11.70).
    """

    id: int
    person_id: int
    printed_name: str
    meaning: Meaning
    subject: str
    digest: str
    signed_at: datetime
