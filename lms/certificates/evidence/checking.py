"""A pack that anybody may have made to a finding: member by member, then the certificate."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from cryptography import x509

from lms.audit.domain import Link
from lms.certificates.badges.wording import answer
from lms.certificates.bundle import BadBundle, Bundle, read_bundle, zips
from lms.certificates.bundle.manifests import BadManifest, Listed, moment_in, read_listed, root_of
from lms.certificates.domain import EXIT_CODES, State, Verdict, exit_code, parse_code
from lms.certificates.domain.badging import BadgeFinding, BadgeVerdict
from lms.certificates.evidence import pack
from lms.certificates.keys import Trust
from lms.certificates.offline import Grounds, check_badge, check_pdf

NEVER_OURS: Final = (
    BadgeFinding.TAMPERED,
    BadgeFinding.UNKNOWN_TERMS,
    BadgeFinding.UNKNOWN_SIGNER,
    BadgeFinding.NOT_SIGNED,
    BadgeFinding.UNREADABLE,
)


@dataclass(frozen=True)
class Checked:
    """One thing that was looked at, and a sentence."""

    what: str
    fine: bool
    words: str


@dataclass(frozen=True)
class PackFinding:
    """How a pack stands.

    Args:
        name: one word for it: that of the certificate, or why nothing can be said of that.
        lines: everything that was looked at, in that order; it ends where something is wrong.
        verdict: about the certificate; None where the check ended before.
        bundle: that told the state.
    """

    name: str
    code: int
    lines: tuple[Checked, ...]
    verdict: Verdict | None = None
    bundle: Bundle | None = None


class _Ended(Exception):
    """The check ends here: nothing further in the pack can be believed."""

    def __init__(self, name: str, what: str, words: str) -> None:
        super().__init__(words)
        self.name, self.line = name, Checked(what, False, words)


def check_pack(data: bytes, grounds: Grounds) -> PackFinding:
    """Check a pack by the roots that were named; never raises, whatever the bytes are.

    The bundle inside tells the state, unless a newer one was named.
    """
    lines: list[Checked] = []
    try:
        listed, inner = _opened(data, grounds, lines)
        bundle = grounds.bundle or inner
        roots = tuple(one for one in bundle.roots if one in grounds.trust.roots)
        crls = (*bundle.crls, *grounds.trust.crls)
        by = replace(grounds, bundle=bundle, trust=Trust(roots, crls, bundle.stamp_roots))
        verdict = _certificate(listed.members, by, lines)
        _compare_record(listed.members[pack.RECORD], verdict, lines)
        lines.extend(_badge(name, listed.members[name], verdict, by) for name in pack.BADGES)
        _compare_events(listed.members[pack.EVENTS], lines)
    except _Ended as ended:
        return PackFinding(ended.name, EXIT_CODES[ended.name], (*lines, ended.line))
    code = exit_code(verdict, root_named=grounds.named)
    name = next(word for word, number in EXIT_CODES.items() if number == code)
    return PackFinding(name, code, tuple(lines), verdict, bundle)


def _opened(data: bytes, grounds: Grounds, lines: list[Checked]) -> tuple[Listed, Bundle]:
    """Compare members, manifest, signature and bundle, in this order.

    Raises:
        _Ended: if one of them is not what it must be.
    """
    try:
        listed = read_listed(zips.unpack(data))
        as_of = moment_in(listed.head)
    except (zips.BadZip, BadManifest) as error:
        raise _Ended("unreadable", "pack", f"This is no evidence pack: it {error}.") from error
    if listed.head.get("format") != pack.FORMAT:
        raise _Ended("unreadable", "pack", f"The manifest does not say {pack.FORMAT}.")
    lines.extend(_members(listed))
    if listed.wrong:
        raise _Ended("altered", "pack", f"Changed after it was made: {', '.join(listed.wrong)}.")
    try:
        inner = read_bundle(listed.members[pack.BUNDLE])
    except BadBundle as error:
        raise _Ended("altered", pack.BUNDLE, str(error)) from error
    trust = Trust(grounds.trust.roots, (*inner.crls, *grounds.trust.crls))
    _whose(root_of(listed, trust, at=as_of), root_of(listed, inner.trust, at=as_of), "manifest.p7s")
    known = inner.root if inner.root in trust.roots else None
    _whose(known, inner.root, pack.BUNDLE)
    lines.append(Checked("manifest.p7s", True, "The issuer's signature over the manifest holds."))
    lines.append(Checked(pack.BUNDLE, True, "It leads to the root that you trust."))
    return listed, inner


def _members(listed: Listed) -> Iterator[Checked]:
    names = set(listed.members) | set(listed.wrong) | set(pack.NEEDED)
    if missing := [name for name in pack.NEEDED if name not in listed.members]:
        raise _Ended("altered", missing[0], "It is missing from the pack.")
    for name in sorted(names):
        if name in listed.wrong:
            yield Checked(name, False, "It is not what the manifest names.")
        else:
            yield Checked(name, True, "As the manifest names it.")


def _whose(ours: x509.Certificate | None, anybodys: x509.Certificate | None, what: str) -> None:
    if ours is not None:
        return
    if anybodys is None:
        raise _Ended("altered", what, "The issuer's signature does not hold.")
    raise _Ended("unknown_signer", what, "It leads to another root than you trust.")


def _certificate(members: Mapping[str, bytes], by: Grounds, lines: list[Checked]) -> Verdict:
    verdict = check_pdf(members[pack.PDF], by)
    if verdict.facts is None:
        raise _Ended(str(verdict.finding), pack.PDF, "Its own signature says so.")
    lines.append(Checked(pack.PDF, True, "Its signature holds; see the answer."))
    return _by_register(verdict, _parsed(members[pack.RECORD], pack.RECORD))


def _by_register(verdict: Verdict, record: Mapping[str, Any]) -> Verdict:
    """Add what only the register knew when the pack was made: a successor, an earlier end."""
    standing = record.get("certificate") or {}
    try:
        after = standing["superseded"] and date.fromisoformat(standing["superseded"]["on"])
        ends_on = standing["valid_until"] and date.fromisoformat(standing["valid_until"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _Ended("altered", pack.RECORD, "It does not say how it stood.") from error
    state = verdict.state
    if state is State.VALID and ends_on and verdict.on > ends_on:
        state = State.EXPIRED
    if state in (State.VALID, State.EXPIRED) and after and after <= verdict.on:
        state = State.SUPERSEDED
    return replace(verdict, state=state, ends_on=ends_on or None)


def _compare_record(data: bytes, verdict: Verdict, lines: list[Checked]) -> None:
    standing = _parsed(data, pack.RECORD)["certificate"]
    assert verdict.facts is not None
    same = (verdict.code, verdict.facts.digest())
    if (standing.get("code"), standing.get("facts_sha256")) != same:
        raise _Ended("altered", pack.RECORD, "It is the record of another certificate.")
    lines.append(Checked(pack.RECORD, True, "It is the record of this certificate."))


def _badge(name: str, data: bytes, verdict: Verdict, by: Grounds) -> Checked:
    """Check one form of the badge.

    That its key was withdrawn is said, and is not held against the certificate: the signature of
    the PDF, which carries the badge, is proof enough.
    """
    assert by.bundle is not None
    found = check_badge(data, by.bundle, on=by.on)
    _code, words = answer(found, keys_named=by.named)
    if found.finding in NEVER_OURS:
        raise _Ended("altered", name, f"The badge is {words}.")
    if found.credential is not None and _code_in(found) != verdict.code:
        raise _Ended("altered", name, "It is the badge of another certificate.")
    return Checked(name, found.good, f"The badge is {words}.")


def _code_in(found: BadgeVerdict) -> str | None:
    assert found.credential is not None
    return parse_code(found.credential["credentialSubject"]["licenseNumber"])


def _compare_events(data: bytes, lines: list[Checked]) -> None:
    """Compare every event that is told whole with its hash."""
    try:
        links = [_link(one) for one in _parsed(data, pack.EVENTS)["events"]]
    except (KeyError, TypeError, ValueError) as error:
        raise _Ended("altered", pack.EVENTS, "It is no list of events.") from error
    told = [link for link in links if link is not None]
    if broken := [link.id for link in told if not link.whole]:
        raise _Ended("altered", pack.EVENTS, f"Event {broken[0]} is not what its hash seals.")
    words = f"{len(links)} events; the hashes of all {len(told)} that are told whole hold."
    lines.append(Checked(pack.EVENTS, True, words))


def _link(event: Mapping[str, Any]) -> Link | None:
    if "body" not in event:
        return None
    return Link(int(event["id"]), dict(event["body"]), event["previous_hash"], event["hash"])


def _parsed(data: bytes, name: str) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _Ended("altered", name, "It cannot be read.") from error
    if not isinstance(found, dict):
        raise _Ended("altered", name, "It cannot be read.")
    return found
