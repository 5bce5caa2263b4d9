"""A code or a file to a verdict: what the register says, and for files what their bytes say."""

from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256

from lms.certificates import authority, queries
from lms.certificates.badges import own, register
from lms.certificates.badges.credential import code_in, repeats
from lms.certificates.domain import (
    FileFinding,
    IssuedCertificate,
    ShownAs,
    State,
    Verdict,
    is_family_name,
    parse_code,
    suspension_on,
)
from lms.certificates.domain.badging import BadgeFinding
from lms.certificates.inspection import inspect, inspect_badge


def verdict_for_code(text: str, *, on: date) -> Verdict:
    """Answer for a code as somebody typed it. Unknown and mistyped codes get the same answer."""
    return verdicts_for_codes([text], on=on)[0]


def verdicts_for_codes(texts: Sequence[str], *, on: date) -> list[Verdict]:
    """Answer for many codes, in their order, with few statements."""
    codes = [parse_code(text) for text in texts]
    known = queries.by_codes(sorted({code or "" for code in codes}))
    return [_of_register(known.get(code or ""), on) for code in codes]


def family_name_fits(text: str, family_name: str) -> bool:
    """Tell whether a family name is the holder's; never for one whose data were erased."""
    code = parse_code(text)
    issued = queries.find_by_code(code) if code else None
    if issued is None or issued.erased:
        return False
    return is_family_name(family_name, issued.facts.name)


def verdict_for_file(data: bytes, *, on: date, now: datetime) -> Verdict:
    """Answer for the bytes of a file; they are read, answered and forgotten.

    An exact copy of what was issued needs no further look. Anything else is judged by its
    signature in a process of its own; and since every file that was ever handed out is known by
    its digest, one that differs from it is altered even where its signature holds.
    """
    digest = sha256(data).hexdigest()
    if issued := queries.find_by_digest(digest):
        return _of_register(issued, on, FileFinding.EXACT_COPY)
    if not data.startswith(b"%PDF-"):
        return _verdict_for_badge(data, digest, on, now)
    found = inspect(data, authority.trust(), now=now)
    if found.finding is not FileFinding.INTACT or found.code is None:
        return Verdict(on=on, finding=found.finding)
    issued = queries.find_by_code(found.code)
    if issued is None:
        return Verdict(on=on, state=State.NOT_FOUND, finding=FileFinding.INTACT)
    if issued.file is not None or issued.facts != found.facts:
        return Verdict(on=on, finding=FileFinding.ALTERED)
    return _of_register(issued, on, FileFinding.INTACT)


def verdict_for_found(finding: FileFinding, code: str | None, *, on: date) -> Verdict:
    """Answer again, from the register as it is now, about a file that was examined before."""
    if not finding.trusted:
        return Verdict(on=on, finding=finding)
    return _of_register(queries.find_by_code(code or ""), on, finding)


def _verdict_for_badge(data: bytes, digest: str, on: date, now: datetime) -> Verdict:
    """Answer for a badge; a wallet may have written it anew, so its signature is what counts."""
    if number := register.certificate_with_badge(digest):
        return _of_register(queries.certificate(number), on, FileFinding.EXACT_COPY)
    found = inspect_badge(data, own.all_keys(), now=now)
    if found.finding is not BadgeFinding.INTACT or found.credential is None:
        return Verdict(on=on, finding=_OF_BADGES[found.finding])
    issued = queries.find_by_code(code_in(found.credential) or "")
    if issued is not None and not issued.erased and not repeats(found.credential, issued.facts):
        return Verdict(on=on, finding=FileFinding.ALTERED)
    return _of_register(issued, on, FileFinding.INTACT)


_OF_BADGES = {
    BadgeFinding.TAMPERED: FileFinding.ALTERED,
    BadgeFinding.UNKNOWN_TERMS: FileFinding.ALTERED,
    BadgeFinding.UNKNOWN_SIGNER: FileFinding.UNKNOWN_SIGNER,
    BadgeFinding.SIGNER_REVOKED: FileFinding.SIGNER_REVOKED,
    BadgeFinding.KEY_NOT_IN_USE: FileFinding.SIGNER_REVOKED,
    BadgeFinding.NOT_SIGNED: FileFinding.NOT_SIGNED,
    BadgeFinding.UNREADABLE: FileFinding.UNREADABLE,
}


def _of_register(
    issued: IssuedCertificate | None, on: date, finding: FileFinding | None = None
) -> Verdict:
    if issued is None:
        return Verdict(on=on, state=State.NOT_FOUND, finding=finding)
    # whoever has the very file has the name in it; a code alone shows what the holder lets it show
    facts = issued.public_facts if finding is None else issued.facts
    return Verdict(
        on=on,
        state=issued.state_on(on),
        finding=finding,
        code=issued.code,
        facts=None if issued.erased else facts,
        revocation=issued.revocation,
        development=issued.file is not None and issued.file.development,
        signed_at=issued.file.sealed_at if issued.file else None,
        ends_on=issued.ends_on,
        suspension=suspension_on(issued.later.suspensions, on),
        succession=issued.later.succession,
        erased=issued.erased,
        initials=finding is None and issued.shown is ShownAs.INITIALS,
    )
