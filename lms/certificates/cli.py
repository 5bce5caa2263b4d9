"""`lms certificates …`: check files without server or network, seal what waits, show the root."""

import sys
from pathlib import Path
from typing import NoReturn

import click

from lms.certificates import keys
from lms.certificates.badges.cli import badges
from lms.certificates.commands import archive
from lms.certificates.commands import keys as keycommands
from lms.certificates.commands.check import WRONG_QUESTION, check
from lms.certificates.commands.preview import preview
from lms.certificates.domain import parse_code, shown_code
from lms.certificates.keys import KeysUnusable
from lms.clock import utc_now


@click.group()
def group() -> None:
    """Certificates: check files, seal what waits, show the root certificate."""


group.add_command(archive.group)
group.add_command(badges)
group.add_command(check)
group.add_command(keycommands.group)
group.add_command(preview)


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


@group.command("evidence")
@click.argument("code")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--for-holder", is_flag=True, help="Only what the holder may see of the record.")
def evidence(code: str, file: Path, for_holder: bool) -> None:
    """Write the evidence pack of the certificate with CODE: all that is needed to check it."""
    from lms.app import create_app
    from lms.certificates import queries
    from lms.certificates.evidence import gathering

    with create_app().app_context():
        issued = queries.find_by_code(parse_code(code) or "")
        if issued is None:
            _stop(f"There is no certificate with the code {code}.")
        try:
            data = gathering.pack_of(issued, whole=not for_holder, now=utc_now())
        except KeysUnusable as error:
            _stop(str(error))
    _write(file, data)
    click.echo(f"{file}: the evidence pack of {shown_code(issued.code)}")


def _write(file: Path, data: bytes) -> None:
    try:
        file.write_bytes(data)
    except OSError as error:
        _stop(f"{file} cannot be written: {error.strerror}.")


def _stop(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(WRONG_QUESTION)
