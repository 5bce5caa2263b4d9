"""A certificate as the register has it, as frozen values that may leave this room."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from lms.certificates.domain.facts import Facts
from lms.certificates.domain.names import ShownAs, initials_of
from lms.certificates.domain.terms import (
    Revocation,
    RevocationReason,
    State,
    Succession,
    SuccessionKind,
    Suspension,
    earliest,
    ends_soon,
    open_suspension,
    state_on,
    suspension_on,
)


@dataclass(frozen=True)
class SealedFile:
    """The one PDF of a certificate; development: signed under a development authority."""

    digest: str
    size: int
    sealed_at: datetime
    development: bool


@dataclass(frozen=True)
class Predecessor:
    """The certificate in whose place one was issued."""

    id: int
    code: str
    kind: SuccessionKind


@dataclass(frozen=True)
class Later:
    """What became of a certificate after its issue; nothing, as a rule.

    Args:
        suspensions: oldest first, lifted ones too.
        succession: the certificate that came after it.
        ended_on: its last day, where it was issued without one and one was decided.
        erased_at: when the holder's data were taken out of the record.
    """

    suspensions: tuple[Suspension, ...] = ()
    succession: Succession | None = None
    ended_on: date | None = None
    erased_at: datetime | None = None

    @property
    def superseded_on(self) -> date | None:
        return self.succession.on if self.succession else None


NOTHING_LATER = Later()


@dataclass(frozen=True)
class IssuedCertificate:
    """All that the register knows of one certificate; file is None until it is sealed.

    Attributes:
        validity: the rule by which it ends, as data; None where none was written down.
        predecessor: the certificate in whose place it stands.
        shown: how the holder wants their name to stand on the public page.
    """

    id: int
    code: str
    holder_id: int
    facts: Facts
    issued_at: datetime
    file: SealedFile | None
    revocation: Revocation | None
    later: Later = NOTHING_LATER
    predecessor: Predecessor | None = None
    validity: dict[str, Any] | None = None
    shown: ShownAs = ShownAs.FULL_NAME

    @property
    def title(self) -> str:
        return self.facts.title

    @property
    def public_facts(self) -> Facts | None:
        """What a stranger with the code may read; None where the data were erased."""
        if self.erased:
            return None
        if self.shown is ShownAs.INITIALS:
            return replace(self.facts, name=initials_of(self.facts.name))
        return self.facts

    @property
    def ends_on(self) -> date | None:
        """The last day of validity, as printed or as decided since."""
        return earliest(self.facts.expires_on, self.later.ended_on)

    @property
    def erased(self) -> bool:
        return self.later.erased_at is not None

    @property
    def suspended_now(self) -> Suspension | None:
        return open_suspension(self.later.suspensions)

    def state_on(self, on: date) -> State:
        return state_on(
            on,
            issued_on=self.facts.issued_on,
            expires_on=self.ends_on,
            revocation=self.revocation,
            suspensions=self.later.suspensions,
            superseded_on=self.later.superseded_on,
        )


@dataclass(frozen=True)
class Held:
    """A certificate in a list: what it is for and how it stands on a day.

    Attributes:
        expires_on: its last day, as printed or as decided since.
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
    later: Later = NOTHING_LATER
    validity: dict[str, Any] | None = None

    @property
    def state(self) -> State:
        return state_on(
            self.on,
            issued_on=self.issued_on,
            expires_on=self.expires_on,
            revocation=self.revocation,
            suspensions=self.later.suspensions,
            superseded_on=self.later.superseded_on,
        )

    @property
    def revoked_on(self) -> date | None:
        return self.revocation.on if self.revocation else None

    @property
    def superseded_on(self) -> date | None:
        return self.later.superseded_on

    @property
    def suspended_on(self) -> date | None:
        """The first day of the suspension that is in force."""
        found = suspension_on(self.later.suspensions, self.on)
        return found.on if found else None

    @property
    def stopped_on(self) -> date | None:
        """The first day on which it did not hold for another reason than its end."""
        return earliest(self.revoked_on, self.superseded_on)

    @property
    def suspensions(self) -> tuple[Suspension, ...]:
        return self.later.suspensions

    @property
    def void(self) -> bool:
        return (
            self.revocation is not None
            and self.revocation.reason is RevocationReason.ISSUED_IN_ERROR
        )

    @property
    def ends_soon(self) -> bool:
        return self.state is State.VALID and ends_soon(self.expires_on, self.on)
