"""`lms certificates check`: files and evidence packs, with nothing but roots or a trust bundle."""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click

from lms.certificates import keys
from lms.certificates.badges import wording as badges
from lms.certificates.badges.proofs import written
from lms.certificates.domain import FileFinding, State, Verdict, exit_code, shown_code, wording_of
from lms.certificates.domain.badging import BadgeVerdict
from lms.certificates.keys import KeysUnusable, Trust
from lms.clock import utc_now

if TYPE_CHECKING:  # what opens PDF files takes half a second to import
    from lms.certificates.bundle import Bundle
    from lms.certificates.evidence.checking import PackFinding
    from lms.certificates.offline import Grounds

WRONG_QUESTION: Final = 2
LARGEST: Final = 64 * 1024 * 1024
NOT_ASKED_ABOUT: Final = (
    "Whether it was revoked cannot be seen in a file. To know that, name a trust bundle of the "
    "issuer with --trust, or ask the issuer's check page."
)
NOT_IN_LISTS: Final = (
    "Whether a newer one replaced it, or a suspension was lifted before, only the issuer's check "
    "page tells."
)


@dataclass(frozen=True)
class Answer:
    """How one file stands."""

    code: int
    headline: str
    lines: tuple[str, ...]
    data: dict[str, Any]


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--trust",
    "trusted",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="BUNDLE.ZIP|ROOT.PEM",
    help="The issuer's trust bundle, or its root certificate. May be given several times; a "
    "bundle beside a root must be one of that root.",
)
@click.option("--crl", "lists", multiple=True, type=click.Path(path_type=Path), metavar="LIST.CRL")
@click.option("--at", "on", metavar="YYYY-MM-DD", help="Answer for another day.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file, one a line.")
def check(
    files: tuple[str, ...],
    trusted: tuple[Path, ...],
    lists: tuple[Path, ...],
    on: str | None,
    as_json: bool,
) -> None:
    """Check certificates (PDF), badges and evidence packs, without server, database and network.

    With a trust bundle it tells revocations and suspensions as well, as of the bundle's moment;
    without --at that is the day that is asked about. A pack brings its own bundle.

    Exit 0 only if every file is valid under what you named with --trust. Otherwise the code of the
    first file that is not: 3 expired, 4 replaced (packs alone tell it), 5 suspended, 6 revoked, 7
    added to, 8 altered, 9 signed by somebody else, 10 signer withdrawn, 11 not signed, 12
    unreadable, 14 good, but only under this machine's own development root that nobody named, 15
    the bundle does not say whether it holds (it is older than the day, or than the file), 16 not
    issued yet. 2: the question itself was wrong.
    """
    grounds = _grounds(trusted, lists, on)
    answers = [(name, _answer(name, grounds)) for name in files]
    for name, answer in answers:
        if as_json:
            data = {"file_name": name, **answer.data, "exit_code": answer.code}
            click.echo(json.dumps(data, ensure_ascii=False))
            continue
        click.echo(f"{name}: {answer.headline}")
        for line in answer.lines:
            click.echo(f"  {line}")
    sys.exit(next((answer.code for _name, answer in answers if answer.code), 0))


def _answer(name: str, grounds: "Grounds") -> Answer:
    from lms.certificates import offline
    from lms.certificates.bundle import zips
    from lms.certificates.evidence import checking

    data = _read(Path(name), LARGEST)
    if zips.is_zip(data):
        return _of_pack(checking.check_pack(data, grounds), grounds)
    if not _is_badge(data):
        return _of_pdf(offline.check_pdf(data, grounds), grounds)
    if grounds.bundle is None:
        _stop(
            f"{name} is a badge. To check it, name the issuer's trust bundle: --trust bundle.zip, "
            "which is at /trust/bundle.zip of the issuer."
        )
    found = offline.check_badge(data, grounds.bundle, on=grounds.on)
    return _of_badge(found, grounds, grounds.bundle)


def _is_badge(data: bytes) -> bool:
    start = data.lstrip()[:3]
    return start[:1] == b"{" or start == b"eyJ"  # how every token begins


# --- what the check goes by -----------------------------------------------------------------------


def _grounds(trusted: tuple[Path, ...], lists: tuple[Path, ...], on: str | None) -> "Grounds":
    from lms.certificates.offline import Grounds

    roots, bundles = _named(trusted)
    if len(bundles) > 1:
        _stop(f"Name one bundle only, the newest: {bundles[0][0]} or {bundles[1][0]}.")
    try:
        crls = tuple(map(keys.read_crl, lists))
    except KeysUnusable as error:
        _stop(str(error))
    bundle = _agreeing(*bundles[0], roots) if bundles else None
    if bundle is not None:
        crls = (*bundle.crls, *crls)
        roots = tuple(one for one in bundle.roots if not roots or one in roots)
    return Grounds(
        trust=Trust(roots, crls, bundle.stamp_roots if bundle else ()),
        now=utc_now(),
        asked=_day(on) if on else None,
        bundle=bundle,
        named=bool(trusted),
    )


def _named(trusted: tuple[Path, ...]) -> tuple[tuple[Any, ...], list[tuple[Path, "Bundle"]]]:
    """Return the named roots and bundles, or this machine's own root where nothing is named."""
    from lms.certificates.bundle import BadBundle, read_bundle, zips

    if not trusted:
        # not read_settings(): a check must not make a secret or a folder
        own = Path(os.environ.get("CONCORD_DATA") or "var") / "trust-root.pem"
        trusted = (own,) if own.exists() else ()
    roots: list[Any] = []
    bundles = []
    for file in trusted:
        data = _read(file, zips.LARGEST_FILE)
        try:
            if zips.is_zip(data):
                bundles.append((file, read_bundle(data)))
            else:
                roots += keys.read_certificates(file)
        except (BadBundle, KeysUnusable) as error:
            _stop(str(error) if str(file) in str(error) else f"{file}: {error}")
    return tuple(roots), bundles


def _agreeing(file: Path, bundle: "Bundle", roots: tuple[Any, ...]) -> "Bundle":
    """Return the bundle if its issuer signed it, under one of the named roots where there are."""
    if bundle.root is None:
        _stop(
            f"{file} is not signed by the issuer that it names, so somebody may have changed it. "
            f"Get a new one at {bundle.address}/trust/bundle.zip"
        )
    if roots and bundle.root not in roots:
        _stop(
            f"{file} was made under another root than you named: SHA-256 "
            f"{keys.fingerprint(bundle.root)}. Nothing was checked."
        )
    return bundle


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        _stop(f"--at {text} is not a day. Write it like 2026-11-21.")


def _read(file: Path, most: int) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(most + 1)
    except OSError as error:
        _stop(f"{file} cannot be read: {error.strerror}.")


# --- what it says ---------------------------------------------------------------------------------


def _of_pdf(verdict: Verdict, grounds: "Grounds") -> Answer:
    words = wording_of(verdict)
    told = (words.explanation.english(),)
    return Answer(
        code=exit_code(verdict, root_named=grounds.named),
        headline=words.headline.english(),
        lines=told if verdict.facts is None else tuple(_lines(verdict, grounds.bundle)),
        data=verdict.as_data(),
    )


def _lines(verdict: Verdict, bundle: "Bundle | None") -> Iterator[str]:
    facts = verdict.facts
    assert facts is not None
    yield f"{facts.name}, {facts.title}, {facts.instrument_title} ({facts.instrument_ref})"
    ends = f"valid until {facts.expires_on}" if facts.expires_on else "does not end"
    yield f"Issued {facts.issued_on}, {ends}. Code {shown_code(verdict.code or '')}"
    if verdict.state is not State.VALID:
        yield f"On {verdict.on}: {wording_of(verdict).explanation.english()}"
    if facts.demonstration:
        yield "A demonstration: not valid for a trial."
    if verdict.development:
        yield f"Signed under an {keys.DEVELOPMENT}: it proves nothing to a stranger."
    yield from _source(bundle) if bundle else (NOT_ASKED_ABOUT,)


def _source(bundle: "Bundle") -> Iterable[str]:
    yield f"As of {written(bundle.as_of)}, by the bundle of {bundle.issuer}. {NOT_IN_LISTS}"


def _of_badge(found: BadgeVerdict, grounds: "Grounds", bundle: "Bundle") -> Answer:
    code, words = badges.answer(found, keys_named=grounds.named)
    return Answer(
        code=code,
        headline=words,
        lines=(*badges.lines(found), *(_source(bundle) if found.credential else ())),
        data={
            "verdict": found.state or found.finding,
            "good": found.good,
            "as_of": grounds.on.isoformat(),
            "bundle_as_of": bundle.as_of.isoformat(),
            **found.as_data(),
        },
    )


def _of_pack(found: "PackFinding", grounds: "Grounds") -> Answer:
    verdict = found.verdict
    about = verdict or Verdict(on=grounds.on, finding=FileFinding(found.name))
    looked = (f"{'ok ' if one.fine else 'NOT'} {one.what}: {one.words}" for one in found.lines)
    said = _lines(verdict, found.bundle) if verdict else (wording_of(about).explanation.english(),)
    return Answer(
        code=found.code,
        headline=wording_of(about).headline.english(),
        lines=(*looked, *said),
        data={
            "verdict": found.name,
            "good": found.code == 0,
            "as_of": about.on.isoformat(),
            "bundle_as_of": found.bundle.as_of.isoformat() if found.bundle else None,
            "checks": [asdict(one) for one in found.lines],
            "certificate": verdict.as_data() if verdict else None,
        },
    )


def _stop(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(WRONG_QUESTION)
