"""`./concord lms reports …`: figures that leave the house as files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lms.errors import LmsError
from lms.reports.commands import reliability

if TYPE_CHECKING:
    from lms.instruments.api import RedcapRating
    from lms.reports.domain.reliability import ModuleRatings


@click.group("reports")
def group() -> None:
    """Reports as files."""


group.add_command(reliability.command)


@group.command("export-ratings")
@click.argument("slug", metavar="MODULE")
@click.option("--form", default="", metavar="NAME", help="What the form is called in REDCap.")
@click.option("--prefix", default="", metavar="TEXT", help="Stands before each field's name.")
@click.option("--event", default="", metavar="NAME", help="The event's unique name.")
@click.option(
    "--follow-up-event",
    "later",
    default="",
    metavar="NAME",
    help="The event of follow-up visits, which then stand in the record of their initial visit.",
)
@click.option("--na-code", default="NA", show_default=True, help="The missing-data code for NA.")
@click.option(
    "--out",
    metavar="FILE.csv",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write there instead of to standard output.",
)
def export_ratings_command(
    slug: str, form: str, prefix: str, event: str, later: str, na_code: str, out: Path | None
) -> None:
    """Write every rating of a module as REDCap records: raw codes, one row a case and person.

    A record is a case and a rater's number, without a name; a case that was scored again is a
    repeated instance of the form. A follow-up visit is a record of its own, or, with its own event,
    in the record of the initial visit.
    """
    from lms.app import create_app
    from lms.instruments import api as instruments
    from lms.reports.queries.ratings import ratings_of

    if later and (not event or later == event):
        click.echo("Name the event of the initial visit, too, and another one: --event.", err=True)
        sys.exit(2)
    try:
        naming = instruments.RedcapNaming(form, prefix)
        instruments.check_redcap_names(form, prefix)
        with create_app().app_context():
            found = ratings_of(slug)
        records = redcap_records(found, event=event, later=later)
        text = instruments.redcap_records(found.instrument, records, naming, na=na_code)
        if out is None:
            click.echo(text, nl=False)
        else:
            out.write_text(text, encoding="utf-8", newline="")
    except (LmsError, OSError) as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    said = f"{len(records)} ratings on {found.instrument.ref}."
    if found.others:
        said += f" {found.others} on another version are left out."
    click.echo(said, err=True)


def redcap_records(found: ModuleRatings, *, event: str, later: str) -> list[RedcapRating]:
    """Return ratings as records of REDCap.

    Args:
        event: of initial visits and of cases without a further one; "" for none.
        later: of follow-up visits, which then stand in the record of their initial visit; "" =
            they are records of their own.
    """
    from lms.instruments import api as instruments

    records = []
    for rating in found.ratings:
        initial = rating.reference.follows if later else None
        records.append(
            instruments.RedcapRating(
                f"{initial or rating.case}-{rating.person_id}",
                rating.answers,
                later if initial else event,
                rating.time,
                2 if rating.whole else 0,
            )
        )
    return records
