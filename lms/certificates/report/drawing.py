"""Rows of verdicts to PDF bytes: PDF/A-3a and PDF/UA-1, ready to be signed, rows inside as CSV."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flask import current_app

from lms.certificates import pages
from lms.certificates.conformance import Associated
from lms.certificates.pdf import fetcher, print_shop, write_archivable
from lms.web.filters import day

STYLE = Path(__file__).parent / "style.css"
ROWS_NAME = "answers.csv"


@dataclass(frozen=True)
class Report:
    """What was asked, and what the register said.

    Args:
        rows: as `pages.table_row` makes them.
        on: the day that the answers are for.
        made_at: when the register was asked.
        asked_by: name of the person who asked.
        development: signed under a development authority.
    """

    rows: Sequence[dict[str, Any]]
    on: date
    made_at: datetime
    asked_by: str
    address: str
    development: bool


def draw(report: Report, finisher: Callable[[Any, Any], None]) -> bytes:
    """Draw the report in the language of the present request or job.

    Args:
        finisher: of `signing`: it adds the signature field.

    Raises:
        RendererMissing: if WeasyPrint cannot load its native libraries.
    """
    shop = print_shop(STYLE)
    asked = report.made_at.astimezone(UTC)
    # not render_template: what a page's frame needs is not there in a job
    template = current_app.jinja_env.get_template("certificates/_report.html")
    page = template.render(
        report=report,
        good=sum(row["kind"] == "valid" for row in report.rows),
        made_at=f"{day(asked.date())}, {asked:%H:%M} UTC",
        moment=asked.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    rows = Associated(
        name=ROWS_NAME,
        data=pages.rows_as_csv(report.rows),
        media_type="text/csv",
        relationship="Data",
        description="The answers of this report as data",
    )

    return write_archivable(
        shop.html(string=page, url_fetcher=fetcher(STYLE.parent)),
        shop,
        about=page.encode(),
        files=(rows,),
        attached_at=report.made_at,
        finisher=finisher,
    )
