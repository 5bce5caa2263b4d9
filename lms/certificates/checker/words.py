"""What the checker page says: the words of our own check page, and those that only it needs."""

from datetime import date
from typing import Any, Final

from lms.certificates.domain import FileFinding, State, Verdict, wording_of

STATES: Final = (State.VALID, State.EXPIRED, State.SUSPENDED, State.REVOKED, State.NOT_YET)
FINDINGS: Final = tuple(finding for finding in FileFinding if not finding.trusted)
UNVERIFIABLE: Final = "unverifiable"

# What the words of the check page say of a register, said of a file and a trust bundle.
_INSTEAD: Final[dict[str, dict[str, str]]] = {
    "valid": {
        "explanation": "The issuer named below signed this file, nothing in it was changed since, "
        "and the certificate holds on the day that you asked about.",
    },
    "suspended": {
        "explanation": "The issuer suspended it. Until that is lifted it must not be relied on.",
        "advice": "A suspension can be lifted: ask the issuer's check page, which knows since when "
        "it holds, or come back with a newer trust bundle.",
    },
    "revoked": {
        "explanation": "The issuer withdrew it, and it must not be relied on.",
        "advice": "Since when it is revoked, only the issuer's check page can tell. Ask the holder "
        "whether there is another certificate in its place.",
    },
    "not_yet": {
        "advice": "If the certificate is younger than the trust bundle in use, get a newer bundle "
        "from the issuer.",
    },
    "unknown_signer": {
        "explanation": "The file carries a signature, but it leads to no root that this page "
        "trusts. Nothing in it is shown here.",
    },
    "signer_revoked": {
        "explanation": "The key that signed this file was withdrawn before the signature can be "
        "proven. Nothing in it is shown here.",
    },
    "unreadable": {
        "advice": "Take the PDF as you received it, or check the code that is printed on it.",
    },
}

_UNVERIFIABLE: Final = {
    "tone": "none",
    "headline": "State not known",
    "explanation": "The signature holds, but whether the certificate still does cannot be told.",
    "advice": "Check the code on the issuer's check page, or get a newer trust bundle.",
}

_WHY: Final = {
    "after_bundle": "The signature holds. The day that you asked about is after the moment of the "
    "trust bundle, so its state on that day is not known here.",
    "no_badge": "The signature holds, but the file names no place in a status list.",
    "no_place": "The signature holds, but the place in a status list that the file names is none.",
    "no_list": "The signature holds, but the trust bundle lacks the status list that the file "
    "names.",
    "no_key": "The signature holds, but the status list is signed with no key of the issuer.",
    "bad_list": "The signature holds, but the status list in the trust bundle cannot be read or "
    "was changed.",
    "old_list": "The signature holds, but the status list was out of date when the trust bundle "
    "was made.",
    "no_ed25519": "The signature holds, but this browser cannot check the signature of status "
    "lists (Ed25519). Take a newer browser.",
}


def words() -> dict[str, Any]:
    """Return all sentences as plain JSON values, in English."""
    names: list[tuple[str, Verdict]] = [
        *((str(one), Verdict(on=date.min, state=one)) for one in STATES),
        *((str(one), Verdict(on=date.min, finding=one)) for one in FINDINGS),
    ]
    verdicts = {name: {**_plain(verdict), **_INSTEAD.get(name, {})} for name, verdict in names}
    return {
        "verdicts": {**verdicts, UNVERIFIABLE: _UNVERIFIABLE},
        "why": _WHY,
        "demonstration": "A demonstration, made from synthetic cases and panels: not valid for a "
        "trial.",
        "development": "Signed under an untrusted development authority: the signature proves "
        "nothing to others.",
        "development_short": "untrusted development authority",
        "missing_crypto": "This browser does not let a page check signatures here. Open the file "
        "in a current Firefox, Chrome, Edge or Safari.",
        "bad_bundle": "The trust bundle in this page cannot be read, so it checks nothing. Get the "
        "page from the issuer again.",
        "missing_unpacking": "This browser is too old for this page. Open the file in a current "
        "Firefox, Chrome, Edge or Safari.",
    }


def _plain(verdict: Verdict) -> dict[str, str | None]:
    said = wording_of(verdict)
    return {
        "tone": said.tone,
        "headline": said.headline.english(),
        "explanation": said.explanation.english(),
        "advice": said.advice.english() if said.advice else None,
    }
