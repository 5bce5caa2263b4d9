"""The reliability report as PDF/A-3a with its figures inside as CSV."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from flask import current_app

from lms.certificates import api as certificates
from lms.errors import N_, NotFound
from lms.reports import longform, pages
from lms.reports.domain.reliability import Wanted
from lms.reports.domain.reliability.figures import Report, reliability
from lms.reports.domain.reliability.rows import COLUMNS
from lms.reports.queries.ratings import ratings_of
from lms.reports.queries.standing import names_of
from lms.web.filters import day

STYLE = Path(__file__).parent / "print" / "style.css"
MOST_RATERS = 200
"""So many raters have a row of their own on paper; figures.csv inside holds all."""


def reliability_pdf(slug: str, wanted: Wanted, *, names: bool, now: datetime) -> bytes:
    """Compute and draw the report in the language of the present job.

    Args:
        names: of the raters, beside their codes.

    Raises:
        NotFound: if there is no such module, or nothing that was handed in is asked for.
        CannotDraw: if nothing can be drawn on this machine now.
    """
    report = reliability(ratings_of(slug), wanted)
    if report is None:
        raise NotFound(N_("Nothing that was handed in fits any more."))
    at = now.replace(microsecond=0)
    listed = replace(report, raters=report.raters[:MOST_RATERS])
    # not render_template: what a page's frame needs is not there in a job
    template = current_app.jinja_env.get_template("reports/_reliability_print.html")
    page = template.render(
        view=pages.view_of(listed, names_of(slug) if names else None),
        report=report,
        blocks=pages.BLOCKS,
        label_of=pages.label_of,
        settings=pages.SETTINGS,
        tries=pages.TRIES,
        listed=len(listed.raters),
        made_at=f"{day(at.astimezone(UTC).date())}, {at.astimezone(UTC):%H:%M} UTC",
        moment=at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    return certificates.archivable_pdf(
        page,
        style=STYLE,
        files={"figures.csv": ("Every figure of this report as data", _figures(report))},
        at=at,
    )


def _figures(report: Report) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(longform.figure_cells(report))
    return out.getvalue().encode("utf-8-sig")
