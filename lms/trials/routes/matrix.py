"""Who may rate on a day: as a page and as a file."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms import jobs
from lms.certificates import api as certificates
from lms.clock import utc_now
from lms.db import transaction
from lms.trials import queries
from lms.trials.domain import Asked, Cell, Row, Show, SiteFacts, TrialFacts, safe_cell
from lms.trials.forms import EARLIEST, LATEST
from lms.trials.queries import Group, Matrix, Sought
from lms.trials.routes import bp
from lms.trials.routes.answers import OFFICE, viewer
from lms.web.access import allow
from lms.web.filters import today
from lms.web.paging import Page

ON_A_PAGE = 100


@bp.get("/trials/<int:trial_id>")
@allow(*OFFICE)
def show_trial(trial_id: int) -> ResponseReturnValue:
    trial = queries.trial_of(viewer(), trial_id)
    on, problem = day_asked()
    matrix = queries.matrix_of(trial, on, sought())
    whole = request.args.get("rows") == "all"  # to print it
    size = max(1, matrix.shown) if whole else ON_A_PAGE
    page = Page.asked(request.args.get("page"), size=size, total=matrix.shown)
    return render_template(
        "trials/show_trial.html",
        trial=trial,
        matrix=matrix,
        groups=cut(matrix, page),
        page=page,
        on=on,
        sites=queries.sites_of(trial),
        sought=sought(),
        problem=problem,
    ), 422 if problem else 200


@bp.get("/trials/<int:trial_id>/matrix.csv")
@allow(*OFFICE)
def export_matrix(trial_id: int) -> ResponseReturnValue:
    trial = queries.trial_of(viewer(), trial_id)
    on, problem = day_asked()
    if problem:
        return Response(problem, 422, content_type="text/plain; charset=utf-8")
    matrix = queries.matrix_of(trial, on, sought())
    name = f"trial-{trial.id}-{on.isoformat()}.csv"
    return Response(
        lines(trial, matrix),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )


@bp.post("/trials/<int:trial_id>/certificate-files")
@allow(*OFFICE)
def pack_certificates(trial_id: int) -> ResponseReturnValue:
    """Begin the making of one ZIP with the certificates that the matrix speaks of."""
    trial = queries.trial_of(viewer(), trial_id)
    on, problem = day_asked()
    if problem:
        return Response(problem, 422, content_type="text/plain; charset=utf-8")
    codes = codes_of(queries.matrix_of(trial, on, sought()))
    if not codes:
        flash(_("Nobody in this list holds a certificate that the trial asks for."), "care")
        filters = {name: request.args.get(name) for name in ("on", "site", "show")}
        return redirect(url_for(".show_trial", trial_id=trial_id, _external=False, **filters), 303)
    with transaction():
        job_id = certificates.ask_for_files(codes, asked_by=current_user.id, now=utc_now())
    jobs.kick()
    return redirect(url_for("reports.show_job", job_id=job_id), 303)


def codes_of(matrix: Matrix) -> list[str]:
    """Return the codes of the certificates in a matrix, each once, in its order."""
    rows = (row for group in matrix.groups for row in group.rows)
    held = (cell.held for row in rows for cell in row.cells)
    return list(dict.fromkeys(one.code for one in held if one is not None))


def day_asked() -> tuple[date, str]:
    """Return the day that the address asks for, and what is wrong with it; then it is today."""
    raw = request.args.get("on", "").strip()
    if not raw:
        return today(), ""
    try:
        on = date.fromisoformat(raw)
    except ValueError:
        return today(), _("“%(day)s” is not a date. Write it as 2026-11-21.", day=raw[:40])
    if not EARLIEST <= on <= LATEST:
        return today(), _("Choose a day between 1990 and 2100.")
    return on, ""


def sought() -> Sought:
    site, show = request.args.get("site", ""), request.args.get("show", "")
    known = site.isascii() and site.isdigit() and len(site) < 10
    return Sought(
        site_id=int(site) if known else None, show=Show(show) if show in set(Show) else Show.ALL
    )


def cut(matrix: Matrix, page: Page) -> list[Group]:
    """Return the groups with those of their rows that stand on a page of the matrix.

    Sites without rows are named on the last page.
    """
    groups, at = [], 0
    for group in matrix.groups:
        first, at = at, at + len(group.rows)
        rows = group.rows[max(0, page.offset - first) : max(0, page.offset + page.size - first)]
        if rows or (not group.rows and page.number == page.last):
            groups.append(replace(group, rows=rows))
    return groups


def lines(trial: TrialFacts, matrix: Matrix) -> Iterator[str]:
    """Yield the file line by line, with the mark by which spreadsheets know UTF-8."""
    yield "\ufeff" + line(heading(matrix))
    for group in matrix.groups:
        for row in group.rows:
            yield line(cells(trial, matrix.on, group.site, row))


def heading(matrix: Matrix) -> list[str | date | None]:
    fixed = ["protocol", "on", "site", "site_name", "country", "rater", "email", "role"]
    fixed += ["language", "from", "to", "may_rate"]
    return [*fixed, *(name for one in matrix.asked for name in names(one))]


def names(asked: Asked) -> list[str]:
    """Return the headings of one requirement."""
    return [
        f"{asked.module_slug}_{what}"
        for what in ("state", "issued", "expires", "code", "demonstration")
    ]


def cells(trial: TrialFacts, on: date, site: SiteFacts, row: Row) -> list[str | date | None]:
    rater = row.rater
    fixed: list[str | date | None] = [trial.protocol_code, on, site.number, site.name, site.country]
    fixed += [rater.name, rater.email, rater.role, rater.language, rater.from_on, rater.to_on]
    return [*fixed, row.standing.value, *(part for cell in row.cells for part in parts(cell))]


def parts(cell: Cell) -> list[str | date | None]:
    held = cell.held
    if held is None:
        return [cell.kind.value, None, None, None, None]
    shown = "yes" if held.demonstration else "no"
    return [cell.kind.value, held.issued_on, cell.ended_on or held.expires_on, held.code, shown]


def line(values: list[str | date | None]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([safe_cell(value) for value in values])
    return out.getvalue()
