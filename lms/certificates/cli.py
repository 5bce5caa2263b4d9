"""`lms certificates …`: check files without server or network, seal what waits, show the root."""

import json
import os
import sys
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from lms.certificates import keys
from lms.certificates.badges.cli import badges
from lms.certificates.commands import keys as keycommands
from lms.certificates.commands.preview import preview
from lms.certificates.domain import (
    FileFinding,
    State,
    Verdict,
    exit_code,
    shown_code,
    state_on,
    wording_of,
)
from lms.certificates.keys import KeysUnusable, Trust
from lms.clock import utc_now

NO_TRUST = 2
NOT_ASKED_ABOUT = (
    "Whether it was revoked cannot be seen in a file. To know that, ask the issuer's check page."
)


@click.group()
def group() -> None:
    """Certificates: check files, seal what waits, show the root certificate."""


group.add_command(badges)
group.add_command(keycommands.group)
group.add_command(preview)


@group.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--trust",
    "trusted",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="ROOT.PEM",
    help="The root certificate to trust, as the issuer publishes it. May be given several times.",
)
@click.option("--crl", "lists", multiple=True, type=click.Path(path_type=Path), metavar="LIST.CRL")
@click.option("--at", "on", metavar="YYYY-MM-DD", help="Answer for another day than today.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file, one a line.")
def check(
    files: tuple[str, ...],
    trusted: tuple[Path, ...],
    lists: tuple[Path, ...],
    on: str | None,
    as_json: bool,
) -> None:
    """Check signed certificates. Needs no server, no database and no network.

    Exit 0 only if every file is valid under a root that you named with --trust. Otherwise the code
    of the first file that is not: 3 expired, 7 added to, 8 altered, 9 signed by somebody else,
    10 signer withdrawn, 11 not signed, 12 unreadable, 14 good, but only under this machine's own
    development root that nobody named, 16 not issued yet. 2: the question itself was wrong.
    """
    moment = utc_now()
    try:
        trust = Trust(_roots(trusted), tuple(map(keys.read_crl, lists)))
        day = date.fromisoformat(on) if on else moment.date()
    except KeysUnusable as error:
        _stop(str(error))
    except ValueError:
        _stop(f"--at {on} is not a day. Write it like 2026-11-21.")
    results = [(name, _verdict(name, trust, day, moment)) for name in files]
    for name, verdict in results:
        _print(name, verdict, as_json=as_json)
    codes = (exit_code(verdict, root_named=bool(trusted)) for _name, verdict in results)
    sys.exit(next((code for code in codes if code), 0))


@group.command("seal-pending")
def seal_pending() -> None:
    """Draw and sign every certificate that still waits for its file."""
    from lms import jobs
    from lms.app import create_app
    from lms.certificates import api, queries
    from lms.db import transaction

    with create_app().app_context():
        with transaction():
            waiting = api.seal_waiting(now=utc_now())
        jobs.run_pending()
        left = queries.count_unsealed()
        click.echo(f"{waiting - left} of {waiting} sealed.")
        for finding in api.health(now=utc_now()) if left else ():
            click.echo(f"{finding.sentence} {finding.remedy}", err=True)
    sys.exit(1 if left else 0)


@group.command("trust-root")
def trust_root() -> None:
    """Print the root certificate of this installation; its fingerprint goes to the terminal."""
    from lms.app import create_app
    from lms.certificates import authority

    with create_app().app_context():
        try:
            roots = [authority.signer().root]
        except KeysUnusable as error:
            _stop(str(error))
        roots = list(authority.trust().roots) or roots
    for root in roots:
        click.echo(keys.pem(root).decode(), nl=False)
        warning = f" {keys.DEVELOPMENT}" if keys.is_development(root) else ""
        click.echo(f"SHA-256 {keys.fingerprint(root)}{warning}", err=True)


@group.command("trust-bundle")
@click.argument("file", type=click.Path(path_type=Path))
def trust_bundle(file: Path) -> None:
    """Write all that a check without network needs, as of now: roots, lists, keys of badges."""
    from lms.app import create_app
    from lms.certificates import authority
    from lms.certificates.bundle import own

    with create_app().app_context():
        try:
            data = own.file(now=utc_now())
            roots = authority.trust().roots
        except KeysUnusable as error:
            _stop(str(error))
    _write(file, data)
    for root in roots:
        click.echo(f"SHA-256 {keys.fingerprint(root)}  {root.subject.rfc4514_string()}")


def _write(file: Path, data: bytes) -> None:
    try:
        file.write_bytes(data)
    except OSError as error:
        _stop(f"{file} cannot be written: {error.strerror}.")


def _roots(named: Iterable[Path]) -> tuple[Any, ...]:
    """Return the named roots, or this machine's own where none is named."""
    files = list(named)
    if not files:
        # not read_settings(): a check must not make a secret or a folder
        own = Path(os.environ.get("CONCORD_DATA") or "var") / "trust-root.pem"
        files = [own] if own.exists() else []
    return tuple(root for file in files for root in keys.read_certificates(file))


def _verdict(name: str, trust: Trust, on: date, now: datetime) -> Verdict:
    from lms.certificates.inspection import inspect
    from lms.certificates.verification import LARGEST

    try:
        with Path(name).open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        _stop(f"{name} cannot be read: {error.strerror}.")
    found = inspect(data, trust, now=now)
    if found.finding is not FileFinding.INTACT or found.facts is None:
        return Verdict(on=on, finding=found.finding)
    facts = found.facts
    return Verdict(
        on=on,
        state=state_on(on, issued_on=facts.issued_on, expires_on=facts.expires_on, revocation=None),
        finding=FileFinding.INTACT,
        code=found.code,
        facts=facts,
        development=found.development,
        signed_at=found.signed_at,
    )


def _print(name: str, verdict: Verdict, *, as_json: bool) -> None:
    if as_json:
        data = {"file_name": name, **verdict.as_data()}
        click.echo(json.dumps(data, ensure_ascii=False))
        return
    words = wording_of(verdict)
    click.echo(f"{name}: {words.headline.english()}")
    if verdict.facts is None:
        click.echo(f"  {words.explanation.english()}")
        return
    for line in _lines(verdict):
        click.echo(f"  {line}")


def _lines(verdict: Verdict) -> Iterable[str]:
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
    yield NOT_ASKED_ABOUT


def _stop(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(NO_TRUST)
