"""Checks without register, server and network: by named roots, or by a trust bundle."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from lms.certificates.badges.verification import verify, withdrawn
from lms.certificates.bundle import Bundle
from lms.certificates.domain import FileFinding, State, Verdict, state_on
from lms.certificates.domain.badging import BadgeState, BadgeVerdict
from lms.certificates.inspection import inspect
from lms.certificates.keys import Trust
from lms.certificates.verification import Examination


@dataclass(frozen=True)
class Grounds:
    """What a check goes by.

    Args:
        trust: the roots, and the revocation lists of keys.
        now: the present; a bundle answers as of its own moment instead.
        asked: the day that is asked about; None for that of the bundle, or today.
        bundle: tells the state; None leaves it to the dates in the file.
        named: somebody said which root or bundle to trust.
    """

    trust: Trust
    now: datetime
    asked: date | None = None
    bundle: Bundle | None = None
    named: bool = True

    @property
    def moment(self) -> datetime:
        """The moment at which the check stands."""
        return self.bundle.as_of if self.bundle else self.now

    @property
    def on(self) -> date:
        return self.asked or self.moment.date()


def check_pdf(data: bytes, grounds: Grounds) -> Verdict:
    """Judge a certificate's file."""
    found = inspect(data, grounds.trust, now=grounds.moment)
    if found.finding is not FileFinding.INTACT or found.facts is None:
        return Verdict(on=grounds.on, finding=found.finding)
    facts = found.facts
    state = state_on(
        grounds.on, issued_on=facts.issued_on, expires_on=facts.expires_on, revocation=None
    )
    return Verdict(
        on=grounds.on,
        state=_by_bundle(found, grounds.on, grounds.bundle) or state,
        finding=FileFinding.INTACT,
        code=found.code,
        facts=facts,
        development=found.development,
        signed_at=found.signed_at,
        ends_on=facts.expires_on,
        bundle_as_of=grounds.bundle.as_of if grounds.bundle else None,
    )


def check_badge(data: bytes, bundle: Bundle, *, on: date) -> BadgeVerdict:
    """Judge a badge, JSON with a proof or a token, by the keys and lists of a bundle."""
    asked = None if on == bundle.as_of.date() else on
    found = verify(data, bundle.known, now=bundle.as_of, on=asked)
    later = found.signed_at is not None and found.signed_at > bundle.as_of
    if found.state is not None and (later or not bundle.answers_for(on)):
        return replace(found, state=BadgeState.UNKNOWN)
    return found


_STATES = {
    BadgeState.REVOKED: State.REVOKED,
    BadgeState.SUSPENDED: State.SUSPENDED,
    BadgeState.UNKNOWN: State.UNVERIFIABLE,
}


def _by_bundle(found: Examination, on: date, bundle: Bundle | None) -> State | None:
    """Return what a bundle says against a file that is intact; None where it says nothing.

    A list tells its own moment only: what it has withdrawn counts as withdrawn on every day before,
    and of days after it, or of a file that is younger, it knows nothing.
    """
    if bundle is None:
        return None
    signed_at = found.stamped_at or found.signed_at
    if not bundle.answers_for(on) or signed_at is None or signed_at > bundle.as_of:
        return State.UNVERIFIABLE
    if found.badge is None or found.code is None:
        return State.UNVERIFIABLE
    against = withdrawn(found.badge, bundle.known, code=found.code, now=bundle.as_of)
    return _STATES[against] if against else None
