"""A certificate as the register has it, as frozen values that may leave this room."""

from dataclasses import dataclass
from datetime import date, datetime

from lms.certificates.domain.facts import Facts
from lms.certificates.domain.terms import (
    Revocation,
    RevocationReason,
    State,
    ends_soon,
    state_on,
)


@dataclass(frozen=True)
class SealedFile:
    """The one PDF of a certificate; development: signed under a development authority."""

    digest: str
    size: int
    sealed_at: datetime
    development: bool


@dataclass(frozen=True)
class IssuedCertificate:
    """All that the register knows of one certificate; file is None until it is sealed."""

    id: int
    code: str
    holder_id: int
    facts: Facts
    issued_at: datetime
    file: SealedFile | None
    revocation: Revocation | None

    @property
    def title(self) -> str:
        return self.facts.title

    def state_on(self, on: date) -> State:
        return state_on(
            on,
            issued_on=self.facts.issued_on,
            expires_on=self.facts.expires_on,
            revocation=self.revocation,
        )


@dataclass(frozen=True)
class Held:
    """A certificate in a list: what it is for and how it stands on a day.

    Attributes:
        revoked_on: the first day on which it did not hold any more.
        void: issued in error, so that it has never been valid.
        state: on the day that was asked about; not_yet before its issue.
    """

    id: int
    holder_id: int
    code: str
    title: str
    module_slug: str
    level: str
    instrument_ref: str
    language: str
    demonstration: bool
    issued_on: date
    expires_on: date | None
    revocation: Revocation | None
    sealed: bool
    on: date

    @property
    def state(self) -> State:
        return state_on(
            self.on,
            issued_on=self.issued_on,
            expires_on=self.expires_on,
            revocation=self.revocation,
        )

    @property
    def revoked_on(self) -> date | None:
        return self.revocation.on if self.revocation else None

    @property
    def void(self) -> bool:
        return (
            self.revocation is not None
            and self.revocation.reason is RevocationReason.ISSUED_IN_ERROR
        )

    @property
    def ends_soon(self) -> bool:
        return self.state is State.VALID and ends_soon(self.expires_on, self.on)
