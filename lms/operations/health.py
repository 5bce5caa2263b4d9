"""`./concord lms health`: how this installation is, in words and as an exit code."""

import sys

import click

from lms.clock import utc_now
from lms.operations.context import app_context

MARKS = {"ok": "well", "care": "CARE", "fail": "FAIL"}


@click.command("health")
def health() -> None:
    """Look at everything that an installation needs. Exit 1 if something does not work."""
    with app_context():
        from lms.reports import checks
        from lms.reports.domain import Level, worst

        found = checks.all_checks(now=utc_now())
        for check in found:
            sentence = check.sentence % check.values if check.values else check.sentence
            click.echo(f"{MARKS[check.level]:<5} {check.name}: {sentence}")
            remedy = check.remedy % check.values if check.values else check.remedy
            if remedy or check.command:
                click.echo(f"      {' '.join(filter(None, (remedy, check.command)))}")
        sys.exit(1 if worst(found) is Level.FAIL else 0)
