"""`./concord lms packages …`: check, publish and list packages, write the JSON Schema."""

import sys
import time
from pathlib import Path

import click

from lms.packages.reader.check import check_package


@click.group("packages")
def group() -> None:
    """Content packages."""


@group.command("check")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
def check_command(paths: tuple[Path, ...]) -> None:
    """Report all errors and warnings of packages (folders or zips), each with file, line, column.

    Ends with 1 if any of them holds an error. Needs no database.
    """
    failed = False
    for path in paths:
        started = time.monotonic()
        checked = check_package(path)
        report = checked.report
        for finding in report.findings:
            click.echo(f"{path.name}/{finding.place}: {finding.severity}: {finding.sentence}")
            if finding.advice:
                click.echo(f"    {finding.advice}")
        click.echo(
            f"{path}: {len(report.errors)} errors, {len(report.warnings)} warnings"
            f" ({time.monotonic() - started:.1f} s)"
            + (f", sha256 {checked.build.digest}" if checked.build else "")
        )
        failed = failed or checked.build is None
    sys.exit(1 if failed else 0)
