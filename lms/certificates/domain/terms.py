"""How long a certificate holds, and in which state it is on a given day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from lms.certificates.domain.validity import months_later

ENDS_SOON = timedelta(days=60)


class State(StrEnum):
    """The state of a certificate in the register on a given day."""

    VALID = "valid"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    NOT_YET = "not_yet"
    NOT_FOUND = "not_found"
    UNVERIFIABLE = "unverifiable"  # what is at hand does not tell


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


class SuspensionReason(StrEnum):
    """Why a certificate does not hold for a time; the class is public, the explanation is not."""

    UNDER_REVIEW = "under_review"
    TRAINING_DUE = "training_due"
    INSTRUMENT_UNDER_REVIEW = "instrument_under_review"
    HOLDERS_REQUEST = "holders_request"


@dataclass(frozen=True)
class Suspension:
    """That a certificate does not hold for a time; lifted_at is None while it is open."""

    suspended_at: datetime
    reason: SuspensionReason
    lifted_at: datetime | None = None

    @property
    def on(self) -> date:
        return self.suspended_at.date()

    @property
    def lifted_on(self) -> date | None:
        return self.lifted_at.date() if self.lifted_at else None

    def covers(self, on: date) -> bool:
        """Tell whether it was in force on a day: its first day counts, that of lifting does not."""
        return self.on <= on and (self.lifted_on is None or on < self.lifted_on)


class SuccessionKind(StrEnum):
    """Why a certificate was issued in another one's place."""

    RENEWAL = "renewal"
    CORRECTION = "correction"
    REISSUE = "reissue"


@dataclass(frozen=True)
class Succession:
    """That another certificate stands in one's place, from the day of its issue on.

    Args:
        id, code: of the certificate that came after.
    """

    id: int
    code: str
    kind: SuccessionKind
    on: date


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
    return months_later(issued_on, months)


def state_on(
    on: date,
    *,
    issued_on: date,
    expires_on: date | None,
    revocation: Revocation | None,
    suspensions: Iterable[Suspension] = (),
    superseded_on: date | None = None,
) -> State:
    """Return the state on a day: of several that fit, the gravest.

    The last day of validity counts; the days of revocation, of suspension and of a successor's
    issue do not. A certificate that was issued in error has never been valid, whatever the day.

    Args:
        expires_on: the last day of validity, None where it has no end or none yet.
        superseded_on: the day on which another certificate took its place.
    """
    if revocation and revocation.reason is RevocationReason.ISSUED_IN_ERROR:
        return State.REVOKED
    if on < issued_on:
        return State.NOT_YET
    if revocation and revocation.on <= on:
        return State.REVOKED
    if any(one.covers(on) for one in suspensions):
        return State.SUSPENDED
    if superseded_on is not None and superseded_on <= on:
        return State.SUPERSEDED
    if expires_on is not None and on > expires_on:
        return State.EXPIRED
    return State.VALID


def suspension_on(suspensions: Iterable[Suspension], on: date) -> Suspension | None:
    """Return the suspension that is in force on a day."""
    return next((one for one in suspensions if one.covers(on)), None)


def open_suspension(suspensions: Iterable[Suspension]) -> Suspension | None:
    """Return the one that nobody lifted yet."""
    return next((one for one in suspensions if one.lifted_at is None), None)


def earliest(*days: date | None) -> date | None:
    """Return the first of the days that are there, None where there is none."""
    return min((day for day in days if day is not None), default=None)


def ends_soon(expires_on: date | None, on: date) -> bool:
    """Tell whether the end is near enough to say so: 60 days or fewer are left."""
    return expires_on is not None and on <= expires_on <= on + ENDS_SOON
