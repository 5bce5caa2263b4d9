"""What can be found out about a badge, and what follows from it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

BADGE_NAME: Final = "credential.json"
"""Inside the PDF, and where a holder downloads it."""
MEDIA_TYPE: Final = "application/vc"


class Purpose(StrEnum):
    """What a status list tells: a revocation is for good, a suspension may end."""

    REVOCATION = "revocation"
    SUSPENSION = "suspension"


class BadgeFinding(StrEnum):
    """What the bytes of a badge say, without any register."""

    INTACT = "intact"
    TAMPERED = "tampered"
    UNKNOWN_TERMS = "unknown_terms"
    UNKNOWN_SIGNER = "unknown_signer"
    SIGNER_REVOKED = "signer_revoked"
    KEY_NOT_IN_USE = "key_not_in_use"
    NOT_SIGNED = "not_signed"
    UNREADABLE = "unreadable"


class BadgeState(StrEnum):
    """How an intact badge stands at a moment."""

    VALID = "valid"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    UNKNOWN = "status_unknown"


@dataclass(frozen=True)
class BadgeVerdict:
    """The answer about a badge. Without an intact badge nothing from it is repeated.

    Attributes:
        state: None unless the finding is intact.
        development: signed with a key that proves nothing to a stranger.
        key: the full name of the signing key, "did:web:host#badge-2026-1".
    """

    finding: BadgeFinding
    state: BadgeState | None = None
    credential: dict[str, Any] | None = None
    development: bool = False
    key: str = ""
    signed_at: datetime | None = None

    @property
    def good(self) -> bool:
        return self.finding is BadgeFinding.INTACT and self.state is BadgeState.VALID

    def as_data(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "finding": self.finding,
            "state": self.state,
            "development": self.development,
            "key": self.key or None,
            "signed_at": self.signed_at.isoformat() if self.signed_at else None,
            "credential": self.credential,
        }
