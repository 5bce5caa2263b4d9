"""`lms certificates archive …`: stamp what is due, verify all of it, prove one file."""

import json
import sys
from datetime import datetime
from pathlib import Path

import click

from lms.certificates import keys
from lms.certificates.keys import KeysUnusable, Trust
from lms.clock import utc_now
from lms.errors import LmsError

SHOWN = 200


@click.group("archive")
def group() -> None:
    """What keeps certificates provable for decades."""


@group.command("run")
def run() -> None:
    """Do now what the worker does every night: stamp copies that are due, and the past days."""
    from lms import jobs
    from lms.app import create_app
    from lms.certificates import api
    from lms.db import transaction

    with create_app().app_context():
        with transaction():
            count = api.archive_tonight(now=utc_now())
        jobs.run_pending()
        left = api.archive_waiting()
    click.echo(f"{count} were due; {left} wait.")
    if left:
        click.echo("./concord lms jobs list --under-way says why.", err=True)
    sys.exit(1 if left else 0)


@group.command("verify")
def verify() -> None:
    """Check every file, archive copy and day against the store, the register and the trail.

    Exit 0 if all are as they were, 1 with what is wrong and where.
    """
    from lms.app import create_app
    from lms.certificates.archive.verifying import verify as look

    with create_app().app_context():
        report = look(now=utc_now())
    for where, what in report.problems[:SHOWN]:
        click.echo(f"{where}: {what}.", err=True)
    looked_at = (
        f"{report.files} files ({report.erased} of them erased), "
        f"{report.copies} archive copies, {report.days} days"
    )
    if report.waiting:
        click.echo(f"{report.waiting} files are in no day's tree yet.")
    if report.problems:
        click.echo(
            f"Looked at {looked_at}: {len(report.problems)} are not as they were. Compare with a "
            "backup, and find out who changed them before you put anything back.",
            err=True,
        )
        sys.exit(1)
    click.echo(f"All is as it was: {looked_at}.")


@group.command("proof")
@click.argument("code")
def proof(code: str) -> None:
    """Print the proof that the file of the certificate CODE was there on its day, as JSON."""
    from lms.app import create_app
    from lms.certificates.archive.proving import proof_of

    with create_app().app_context():
        try:
            made = proof_of(code)
        except LmsError as error:
            raise click.ClickException(str(error)) from error
    click.echo(json.dumps(made, indent=1))


@group.command("check-proof")
@click.argument("proof_file", metavar="PROOF.JSON", type=click.Path(path_type=Path))
@click.argument("file", metavar="FILE.PDF", type=click.Path(path_type=Path))
@click.option(
    "--trust",
    "roots",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    metavar="ROOT.PEM",
    help="The root of the time-stamping authority. May be given several times.",
)
def check_proof(proof_file: Path, file: Path, roots: tuple[Path, ...]) -> None:
    """Check such a proof for a file. Needs no server, no database and no network. Exit 0 or 1."""
    from lms.certificates.archive.proving import LARGEST, check_proof

    try:
        trust = Trust(tuple(one for root in roots for one in keys.read_certificates(root)))
        with proof_file.open("rb") as opened:
            raw = opened.read(LARGEST)
        told, stamped = check_proof(raw, file.read_bytes(), trust)
    except OSError as error:
        raise click.ClickException(f"{error.filename} cannot be read: {error.strerror}.") from error
    except (LmsError, KeysUnusable) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Good: {file} was there on {_said(stamped.at)}, as one of {told['leaves']} files.")


def _said(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
