"""What a check answers: a frozen verdict, its words, and the exit code of the command."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from lms.certificates.domain.facts import Facts
from lms.certificates.domain.terms import Revocation, State, Succession, Suspension
from lms.errors import N_


class FileFinding(StrEnum):
    """What the bytes of a file tell."""

    EXACT_COPY = "exact_copy"  # byte for byte what was issued here
    INTACT = "intact"  # the signature holds under our root; not compared with a register
    ADDED_TO = "added_to"  # something was appended after signing
    ALTERED = "altered"  # what was signed is not what is there
    UNKNOWN_SIGNER = "unknown_signer"  # intact, but signed under another root
    SIGNER_REVOKED = "signer_revoked"  # intact, but the signing key was withdrawn
    NOT_SIGNED = "not_signed"
    UNREADABLE = "unreadable"

    @property
    def trusted(self) -> bool:
        """Only from such a file may anything be shown."""
        return self in (FileFinding.EXACT_COPY, FileFinding.INTACT)


@dataclass(frozen=True)
class Verdict:
    """The answer about one code or one file, as of one day.

    Args:
        on: the day that the answer is for.
        state: of the certificate; None where the file settles the matter alone.
        finding: about the file; None where only a code was asked about.
        code: 17 symbols without dashes; never from a file that is not trusted.
        development: signed under a development authority, which proves nothing to a stranger.
        signed_at: the moment of signing that the file states.
        ends_on: the last day of validity, as printed or as decided since.
        suspension: the one that is in force on that day.
        succession: the certificate that stands in its place by now.
        erased: the holder withdrew it and their data were erased, so that no facts are left.
        initials: the holder lets only initials be shown; `facts` name them so.
        bundle_as_of: the moment of the trust bundle whose status lists told the state; None where
            a register told it, or only the file's own dates.
    """

    on: date
    state: State | None = None
    finding: FileFinding | None = None
    code: str | None = None
    facts: Facts | None = field(default=None, repr=False)
    revocation: Revocation | None = None
    development: bool = False
    signed_at: datetime | None = None
    ends_on: date | None = None
    suspension: Suspension | None = None
    succession: Succession | None = None
    erased: bool = False
    initials: bool = False
    bundle_as_of: datetime | None = None

    def __post_init__(self) -> None:
        refused = self.finding is not None and not self.finding.trusted
        if refused and (self.facts, self.code, self.state) != (None, None, None):
            raise ValueError("nothing from a file that is not trusted may leave the check")

    @property
    def good(self) -> bool:
        """Valid on that day, and the file, where there is one, is what was issued."""
        return self.state is State.VALID and (self.finding is None or self.finding.trusted)

    def as_data(self) -> dict[str, Any]:
        """Return plain JSON values."""
        words = wording_of(self)
        return {
            "verdict": verdict_name(self),
            "good": self.good,
            "as_of": self.on.isoformat(),
            "bundle_as_of": self.bundle_as_of.isoformat() if self.bundle_as_of else None,
            "headline": words.headline.english(),
            "explanation": words.explanation.english(),
            "file": self.finding,
            "state": self.state,
            "code": self.code,
            "facts": self.facts.as_data() if self.facts else None,
            "valid_until": self.ends_on.isoformat() if self.ends_on else None,
            "suspended_on": self.suspension.on.isoformat() if self.suspension else None,
            "suspension_reason": self.suspension.reason if self.suspension else None,
            "superseded_on": self.succession.on.isoformat() if self.succession else None,
            "superseded_by": self.succession.code if self.succession else None,
            "succession": self.succession.kind if self.succession else None,
            "erased": self.erased,
            "revoked_on": self.revocation.on.isoformat() if self.revocation else None,
            "revocation_reason": self.revocation.reason if self.revocation else None,
            "development_authority": self.development,
            "signed_at": self.signed_at.isoformat() if self.signed_at else None,
        }


class Sentence(NamedTuple):
    """A sentence to translate, and what goes into its places."""

    message: str
    values: Mapping[str, str] = {}

    def english(self) -> str:
        return self.message % self.values if self.values else self.message


class Wording(NamedTuple):
    """How a verdict is said; tone is one of ok, care, fail, none."""

    tone: str
    headline: Sentence
    explanation: Sentence
    advice: Sentence | None = None


_ASK = N_("Ask the person for the code or for a fresh copy, and check that.")

_OF_STATES: dict[State, tuple[str, str, str, str | None]] = {
    State.VALID: (
        "ok",
        N_("Valid"),
        N_("This certificate was issued here and holds on the day that you asked about."),
        N_(
            "Compare these facts with the paper in front of you. "
            "If one differs, the paper is not our certificate."
        ),
    ),
    State.EXPIRED: (
        "care",
        N_("Expired"),
        N_("Everything is right, but the last day of validity is over. It was valid until then."),
        None,
    ),
    State.SUPERSEDED: (
        "care",
        N_("Replaced"),
        N_("Another certificate stands in its place since the day named below."),
        N_("Ask for the newer certificate and check that one."),
    ),
    State.SUSPENDED: (
        "care",
        N_("Suspended"),
        N_("For the time being it does not hold, and must not be relied on."),
        N_("A suspension can be lifted: check again before the next visit, or ask the issuer."),
    ),
    State.REVOKED: (
        "fail",
        N_("Revoked"),
        N_("It was withdrawn and must not be relied on since the day named below."),
        N_("Ask the holder whether there is another certificate in its place."),
    ),
    State.NOT_YET: (
        "care",
        N_("Not issued yet on that day"),
        N_("This certificate was issued after the day that you asked about."),
        None,
    ),
    State.NOT_FOUND: (
        "none",
        N_("Not found"),
        N_("We know no certificate with this code. It may be mistyped, or it is not ours."),
        N_("Compare it with the paper letter by letter. O counts as 0, I and L as 1."),
    ),
    State.UNVERIFIABLE: (
        "none",
        N_("Cannot be told from here"),
        N_("The file is right, but what is at hand does not say whether it holds on that day."),
        N_("Get a newer trust bundle from the issuer, or ask the issuer's check page."),
    ),
}

_OUT_OF_REACH = (
    N_("Cannot be told now"),
    N_("The register cannot be reached at the moment, so nothing is said about this certificate."),
    N_("Try again in a minute. With a trust bundle it can be checked without us."),
)

_WITHDRAWN_BY_LIST = N_(
    "It was withdrawn and must not be relied on. Since when and why, the issuer's check page tells."
)

_OF_FILES: dict[FileFinding, tuple[str, str, str, str | None]] = {
    FileFinding.ADDED_TO: (
        "fail",
        N_("Altered"),
        N_("Something was added to this file after it was signed. Nothing in it is shown here."),
        _ASK,
    ),
    FileFinding.ALTERED: (
        "fail",
        N_("Altered"),
        N_("This file is not what was signed. Nothing in it is shown here."),
        _ASK,
    ),
    FileFinding.UNKNOWN_SIGNER: (
        "none",
        N_("Signed by somebody else"),
        N_("The file carries a signature, but not one of ours. Nothing in it is shown here."),
        _ASK,
    ),
    FileFinding.SIGNER_REVOKED: (
        "fail",
        N_("Signed with a withdrawn key"),
        N_("The key that signed this file was withdrawn. Nothing in it is shown here."),
        _ASK,
    ),
    FileFinding.NOT_SIGNED: (
        "none",
        N_("Not signed"),
        N_("This file carries no digital signature, so it proves nothing by itself."),
        N_("A print or a scan loses the signature. Check the code that is printed on it."),
    ),
    FileFinding.UNREADABLE: (
        "none",
        N_("Not readable"),
        N_(
            "This is no PDF or badge that can be read: damaged, locked, too large or another thing."
        ),
        N_("Give us the file as you received it, or check the code that is printed on it."),
    ),
}

_ERASED = N_(
    "The holder withdrew it, and the data about the person were erased. "
    "That it was issued here is all that is left."
)

_NOT_HERE = (
    N_("Signed by us, but not in this register"),
    N_("The signature is right, but this register has no such certificate."),
    N_("Ask the institution that issued it; its register may be another one."),
)


def wording_of(verdict: Verdict) -> Wording:
    """Return the words of a verdict, in English, for the edge to translate."""
    if verdict.finding is not None and not verdict.finding.trusted:
        return _wording(*_OF_FILES[verdict.finding])
    if verdict.state is None:
        raise ValueError("a verdict says something about a certificate or about a file")
    if verdict.state is State.NOT_FOUND and verdict.finding is not None:
        return _wording("none", *_NOT_HERE)
    if verdict.state is State.UNVERIFIABLE and verdict.finding is None:
        return _wording("none", *_OUT_OF_REACH)
    words = _wording(*_OF_STATES[verdict.state])
    if verdict.state is State.REVOKED and verdict.bundle_as_of is not None:
        return words._replace(explanation=Sentence(_WITHDRAWN_BY_LIST))
    if verdict.erased:
        return words._replace(explanation=Sentence(_ERASED), advice=None)
    return words


def _wording(tone: str, headline: str, explanation: str, advice: str | None) -> Wording:
    return Wording(
        tone, Sentence(headline), Sentence(explanation), Sentence(advice) if advice else None
    )


EXIT_CODES = {
    "valid": 0,
    "expired": 3,
    "superseded": 4,
    "suspended": 5,
    "revoked": 6,
    "added_to": 7,
    "altered": 8,
    "unknown_signer": 9,
    "signer_revoked": 10,
    "not_signed": 11,
    "unreadable": 12,
    "not_found": 13,
    "development": 14,
    "unverifiable": 15,
    "not_yet": 16,
}


def verdict_name(verdict: Verdict) -> str:
    """Return the one word for a verdict: the finding of a file not trusted, else the state."""
    if verdict.finding is not None and not verdict.finding.trusted:
        return str(verdict.finding)
    return str(verdict.state)


def exit_code(verdict: Verdict, *, root_named: bool) -> int:
    """Return the exit code of the offline command: 0 for a good file under the named root alone.

    Args:
        root_named: the person said which root to trust. A development authority that
            nobody named is not good enough.
    """
    if verdict.good and verdict.development and not root_named:
        return EXIT_CODES["development"]
    return EXIT_CODES[verdict_name(verdict)]
