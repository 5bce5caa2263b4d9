"""`./concord lms reports reliability`: agreement of a module's raters, as text, JSON or files."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lms.errors import N_, Invalid, LmsError
from lms.reports.domain.reliability import Setting, Tier, Tries, Wanted

if TYPE_CHECKING:
    from lms.reports.domain.reliability.figures import Report

DAY = click.DateTime(["%Y-%m-%d"])
FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("reliability")
@click.argument("slug", metavar="MODULE")
@click.option(
    "--setting",
    type=click.Choice([one.value for one in Setting]),
    default=Setting.CERTIFICATION.value,
    show_default=True,
    help="Which ratings.",
)
@click.option(
    "--attempts",
    type=click.Choice([one.value for one in Tries]),
    default=Tries.FIRST.value,
    show_default=True,
    help="Which tries of a rater count.",
)
@click.option("--since", type=DAY, help="First day of handing in, UTC.")
@click.option("--until", type=DAY, help="Last day of handing in, UTC.")
@click.option("--site", default="", metavar="NAME", help="As the report names it, or none.")
@click.option("--language", default="", metavar="CODE", help="As the report names it, or none.")
@click.option("--tier", type=click.Choice([one.value for one in Tier]), help="Which raters.")
@click.option("--total", default="", metavar="KEY", help="Of which total; else of the first.")
@click.option(
    "--resamples",
    type=click.IntRange(0, 20_000),
    default=1000,
    show_default=True,
    help="Of alpha's bootstrap; 0 for no interval.",
)
@click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, help="Of the bootstrap."
)
@click.option("--json", "in_json", is_flag=True, help="Every figure as JSON.")
@click.option(
    "--csv",
    "packed",
    metavar="FILE.zip",
    type=FILE,
    help="Also write ratings, figures and a data dictionary as CSV in a ZIP.",
)
@click.option("--names", is_flag=True, help="With the raters' names in ratings.csv.")
def command(slug: str, in_json: bool, packed: Path | None, **asked: Any) -> None:  # fmt: skip
    """How far a module's raters agree with each other and with the reference.

    Raters have codes; the ZIP of --csv holds their names only with --names.
    """
    from lms.app import create_app
    from lms.clock import utc_now
    from lms.reports.longform import write_zip
    from lms.reports.queries.standing import names_of

    try:
        with create_app().app_context():
            report = _report(slug, asked)
            names = names_of(slug) if asked["names"] else None
        if packed is not None:
            with packed.open("wb") as file:
                write_zip(file, report, names=names, now=utc_now())
    except (LmsError, OSError) as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    click.echo(_as_json(report) if in_json else _as_text(report))


def _report(slug: str, asked: dict[str, Any]) -> "Report":
    from lms.reports.domain.reliability.between import Resampling
    from lms.reports.domain.reliability.figures import reliability
    from lms.reports.queries.ratings import ratings_of

    wanted = Wanted(
        setting=Setting(asked["setting"]),
        tries=Tries(asked["attempts"]),
        since=_day(asked["since"]),
        until=_day(asked["until"]),
        site=asked["site"],
        language=asked["language"],
        tier=asked["tier"] or "",
        total=asked["total"],
    )
    how = Resampling(asked["resamples"], asked["seed"])
    report = reliability(ratings_of(slug), wanted, how)
    if report is None:
        raise Invalid(N_("Nothing that was handed in fits. Ask for less, or for --attempts all."))
    return report


def _day(moment: datetime | None) -> Any:
    return moment and moment.date()


def _as_json(report: "Report") -> str:
    from lms.reports.domain.reliability.methods import methods
    from lms.reports.domain.reliability.rows import as_data

    return json.dumps(as_data(report, methods(report)), ensure_ascii=False, indent=1)


def _as_text(report: "Report") -> str:
    from lms.agreement.report import Named, as_text
    from lms.reports.domain.reliability.methods import methods
    from lms.reports.domain.reliability.rows import figure_rows

    rows = [Named((row.block, row.of), row.estimate) for row in figure_rows(report)]
    return "\n\n".join([as_text(rows), " ".join(str(one) for one in methods(report))])
