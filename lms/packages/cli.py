"""`./concord lms packages …`: check, publish and list packages, write the JSON Schema."""

import sys
import time
from pathlib import Path

import click

from lms.packages.domain.changes import Change, ChangeClass, Policy
from lms.packages.domain.findings import Report
from lms.packages.reader.check import Build, check_package


@click.group("packages")
def group() -> None:
    """Content packages."""


@group.command("check")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
def check_command(paths: tuple[Path, ...]) -> None:
    """Report all errors and warnings of packages (folders or zips), each with file, line, column.

    Ends with 1 if any of them holds an error. Needs no database.
    """
    builds = [_checked(path) for path in paths]
    sys.exit(0 if all(builds) else 1)


@group.command("publish")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--owner", metavar="EMAIL", help="Who owns the package, if it is new.")
@click.option(
    "--class",
    "kind",
    type=click.Choice([one.value for one in ChangeClass]),
    help="What a further release changes; as the comparison finds unless said.",
)
@click.option(
    "--policy",
    type=click.Choice([one.value for one in Policy]),
    default=Policy.FINISH_ON_OLD.value,
    show_default=True,
    help="What becomes of people under way and holders at a further release.",
)
@click.option("--reason", default="", help="What changes and why; people read it.")
def publish_command(
    path: Path, owner: str | None, kind: str | None, policy: str, reason: str
) -> None:
    """Check a package (folder or zip) and make it the current release under its slug.

    Files that are published already are left as they are. What a further release changes is kept
    with it, unsigned: sign one by publishing it in the studio.
    """
    from lms.app import create_app
    from lms.clock import utc_now
    from lms.db import end_reading, transaction
    from lms.packages import api

    with create_app().app_context():
        known = api.published_from(path)
        if known is not None:
            click.echo(f"{known.slug} {known.version} is published already.")
            return
        owner_id = _person_id(owner) if owner else None
        end_reading()
        build = _checked(path)
        if build is None:
            sys.exit(1)
        change, told = _change(build, ChangeClass(kind) if kind else None, Policy(policy), reason)
        end_reading()
        source = api.keep_files(build)
        with transaction():
            release = api.publish_build(
                build, source=source, person_id=owner_id, now=utc_now(), change=change
            )
        click.echo(f"Published {release.slug} {release.version}, sha256 {release.digest}")
        click.echo(told, nl=bool(told))


@group.command("list")
def list_command() -> None:
    """List the current release of every package."""
    from lms.app import create_app
    from lms.packages import api

    with create_app().app_context():
        for release in api.catalogue():
            click.echo(
                f"{release.slug}\t{release.version}\t{release.published_at:%Y-%m-%d}"
                f"\t{release.digest[:16]}\t{release.title}"
            )


@group.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of the files of a package."""
    from lms.packages.json_schema import json_schema_text

    click.echo(json_schema_text(), nl=False)


def _change(
    build: Build, kind: ChangeClass | None, policy: Policy, reason: str
) -> tuple[Change | None, str]:
    """Return what a further release changes, and what to say of it; None for a first release."""
    from lms.packages import api, services

    before = api.find_current_release(build.content.slug)
    if before is None:
        return None, ""
    default = services.default_change(before, build.content)
    if policy.moves_people and not reason.strip():
        raise click.ClickException(
            "This policy moves people: say why with --reason. They read the sentence."
        )
    change = Change(kind or default.kind, policy, reason.strip() or default.reason)
    told = f"Class {change.kind.value}, policy {change.policy.value}. Nobody signed it."
    if change.kind.weight < default.kind.weight:
        told += f" The comparison with {before.version} finds more: {default.kind.value}."
    return change, told


def _checked(path: Path) -> Build | None:
    started = time.monotonic()
    checked = check_package(path)
    _print_report(path, checked.report)
    took = f"{time.monotonic() - started:.1f} s"
    errors, warnings = len(checked.report.errors), len(checked.report.warnings)
    waiting = len(checked.report.waiting)
    waits = f", {waiting} cases wait for their panel" if waiting else ""
    named = f", sha256 {checked.build.digest}" if checked.build else ""
    click.echo(f"{path}: {errors} errors, {warnings} warnings{waits} ({took}){named}")
    return checked.build


def _print_report(path: Path, report: Report) -> None:
    for finding in report.findings:
        place = f"{path.name}/{finding.place}"
        click.echo(f"{place}: {finding.severity}: {finding.sentence}")
        if finding.advice:
            click.echo(f"    {finding.advice}")


def _person_id(email: str) -> int:
    from lms.accounts import api as accounts

    person = accounts.find_by_email(email)
    if person is None:
        raise click.ClickException(f"There is nobody with the address {email}.")
    return person.id
