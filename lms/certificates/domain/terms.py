"""How long a certificate holds, and in which state it is on a given day."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

ENDS_SOON = timedelta(days=60)


class State(StrEnum):
    """The state of a certificate in the register on a given day."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    NOT_YET = "not_yet"
    NOT_FOUND = "not_found"


class RevocationReason(StrEnum):
    """Why a certificate was withdrawn; the class is public, the explanation is not."""

    ISSUED_IN_ERROR = "issued_in_error"
    SUPERSEDED = "superseded"
    MISCONDUCT = "misconduct"
    HOLDERS_REQUEST = "holders_request"
    INSTRUMENT_WITHDRAWN = "instrument_withdrawn"


@dataclass(frozen=True)
class Revocation:
    """That a certificate was withdrawn."""

    revoked_at: datetime
    reason: RevocationReason

    @property
    def on(self) -> date:
        return self.revoked_at.date()


def expiry_of(issued_on: date, months: int | None) -> date | None:
    """Return the last day of validity: the same day so many months later, or that month's last.

    Args:
        months: whole months from the day of issue, at least 1; None for no end.

    Raises:
        ValueError: if months is below 1.
    """
    if months is None:
        return None
    if months < 1:
        raise ValueError("a certificate holds for at least one month")
    year, month = divmod(issued_on.year * 12 + issued_on.month - 1 + months, 12)
    day = min(issued_on.day, calendar.monthrange(year, month + 1)[1])
    return date(year, month + 1, day)


def state_on(
    on: date, *, issued_on: date, expires_on: date | None, revocation: Revocation | None
) -> State:
    """Return the state on a day. The last day of validity counts; the day of revocation does not.

    A certificate that was issued in error has never been valid, whatever the day.
    """
    if revocation and revocation.reason is RevocationReason.ISSUED_IN_ERROR:
        return State.REVOKED
    if on < issued_on:
        return State.NOT_YET
    if revocation and revocation.on <= on:
        return State.REVOKED
    if expires_on is not None and on > expires_on:
        return State.EXPIRED
    return State.VALID


def ends_soon(expires_on: date | None, on: date) -> bool:
    """Tell whether the end is near enough to say so: 60 days or fewer are left."""
    return expires_on is not None and on <= expires_on <= on + ENDS_SOON
