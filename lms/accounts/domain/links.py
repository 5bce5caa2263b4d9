"""Links that are sent by mail: once, for a while, for one purpose."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from lms.errors import Conflict, Invalid, NotFound

INVITATION_LENGTH: Final = timedelta(days=14)


class Purpose(StrEnum):
    """What a mailed link lets its holder do."""

    PASSWORD = "password"  # noqa: S105  (a purpose, not a secret)
    ADDRESS = "address"


LENGTHS: Final = {Purpose.PASSWORD: timedelta(hours=1), Purpose.ADDRESS: timedelta(days=3)}


class LinkEnded(NotFound):
    """The link was used, has ended, was withdrawn, or never existed: all look the same."""


class InvitationClosed(Conflict):
    """The invitation was accepted or withdrawn before."""


class NotYours(Invalid):
    """The invitation is for another address than the one that is signed in."""


class InvitationState(StrEnum):
    """Where an invitation stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REVOKED = "revoked"
    EXPIRED = "expired"


def invitation_state(
    *,
    accepted_at: datetime | None,
    revoked_at: datetime | None,
    expires_at: datetime,
    now: datetime,
) -> InvitationState:
    """Say where an invitation stands; what was done to it weighs more than its end."""
    if accepted_at is not None:
        return InvitationState.ACCEPTED
    if revoked_at is not None:
        return InvitationState.REVOKED
    return InvitationState.EXPIRED if expires_at <= now else InvitationState.OPEN
