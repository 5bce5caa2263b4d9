"""A verdict about a badge in words, and as the exit code of commands."""

from collections.abc import Iterator
from typing import Final

from lms.certificates.badges import keyring
from lms.certificates.domain.badging import BadgeFinding, BadgeState, BadgeVerdict

ONLY_DEVELOPMENT: Final = 14
FINDINGS: Final = {
    BadgeFinding.TAMPERED: (8, "altered: what was signed is not what is there"),
    BadgeFinding.UNKNOWN_TERMS: (8, "altered: holds something that no signature covers"),
    BadgeFinding.UNKNOWN_SIGNER: (9, "signed by somebody else"),
    BadgeFinding.SIGNER_REVOKED: (10, "signed with a key that was withdrawn"),
    BadgeFinding.KEY_NOT_IN_USE: (10, "signed with a key outside the time of its use"),
    BadgeFinding.NOT_SIGNED: (11, "not signed"),
    BadgeFinding.UNREADABLE: (12, "not readable as a badge"),
}
STATES: Final = {
    BadgeState.VALID: (0, "valid"),
    BadgeState.EXPIRED: (3, "expired"),
    BadgeState.SUSPENDED: (5, "suspended"),
    BadgeState.REVOKED: (6, "revoked"),
    BadgeState.UNKNOWN: (15, "intact, but the status lists at hand do not say whether it holds"),
    BadgeState.NOT_YET: (16, "not valid yet"),
}


def answer(verdict: BadgeVerdict, *, keys_named: bool) -> tuple[int, str]:
    """Return the exit code and the words of a verdict."""
    if verdict.state is None:
        return FINDINGS[verdict.finding]
    if verdict.good and verdict.development and not keys_named:
        return ONLY_DEVELOPMENT, "good, but only by this machine's own development key"
    return STATES[verdict.state]


def lines(verdict: BadgeVerdict) -> Iterator[str]:
    """Say what an intact badge says; nothing of any other."""
    if (badge := verdict.credential) is None:
        return
    person = badge["credentialSubject"]["identifier"][0]["identityHash"]
    yield f"{person}, {badge['name']}. Code {badge['credentialSubject']['licenseNumber']}"
    until = badge["validUntil"][:10] if "validUntil" in badge else "none"
    yield f"Issued {badge['validFrom'][:10]}, last day {until}, by {badge['issuer']['name']}"
    if verdict.development:
        yield f"Signed with an {keyring.DEVELOPMENT}: it proves nothing to a stranger."
