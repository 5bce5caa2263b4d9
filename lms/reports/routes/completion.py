"""The completion report: a page of it, and the whole of it as a file."""

from datetime import date
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from lms import jobs
from lms.accounts.domain import Role
from lms.clock import utc_now
from lms.db import transaction
from lms.errors import Invalid
from lms.reports import exports, services
from lms.reports.domain import Cursor, Figures, Show, Sought, next_cursors
from lms.reports.queries import completion as queries
from lms.reports.routes.blueprint import bp
from lms.web.access import allow
from lms.web.drawing import AgreementLine, agreement_line

ON_A_PAGE = 50


@bp.get("/reports")
@allow(Role.ADMIN)
def show_completion() -> ResponseReturnValue:
    sought, problems = asked()
    today, known = utc_now().date(), queries.releases()
    older, newer = place("older"), place("newer")
    rows = queries.rows(
        sought, known, today=today, limit=ON_A_PAGE + 1, older_than=older, newer_than=newer
    )
    return render_template(
        "reports/show_completion.html",
        page=next_cursors(rows, size=ON_A_PAGE, older_than=older, newer_than=newer),
        figures=queries.figures(sought, known, today=today),
        modules=queries.titles(known),
        known=known,
        sought=sought,
        problems=problems,
        query=query_of(sought),
        drawn=drawn,
        Show=Show,
    ), (422 if problems else 200)


@bp.get("/reports/completion.csv")
@allow(Role.ADMIN)
def export_csv() -> ResponseReturnValue:
    sought, _problems = asked()
    known = queries.releases()
    bundles = queries.stream(sought, known, today=utc_now().date())
    return Response(
        exports.csv_chunks(bundles, known),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f"attachment; filename=completion-{utc_now():%Y-%m-%d}.csv"
        },
    )


@bp.post("/reports/workbooks")
@allow(Role.ADMIN)
def make_workbook() -> ResponseReturnValue:
    """Begin the making of a spreadsheet: it takes a while, so the worker makes it."""
    sought, problems = asked()
    if problems:
        raise Invalid(problems[0][1])
    with transaction():
        job_id = services.ask_for_workbook(
            sought, person_id=current_user.id, language=str(get_locale()), now=utc_now()
        )
    jobs.kick()
    return redirect(url_for(".show_job", job_id=job_id), 303)


def drawn(one: Figures) -> AgreementLine:
    """Draw the shares of a module's latest certificates, in per cent."""
    assert one.middle is not None and one.required is not None
    narrow = min((*one.agreement, one.required)) >= 0.5
    return agreement_line(
        50 if narrow else 0,
        100,
        own=round(one.middle * 100, 1),
        panel=[share * 100 for share in one.agreement],
        band=(round(one.required * 100, 1), 100),
        step=10,
    )


def asked() -> tuple[Sought, list[tuple[str, str]]]:
    """Return what the address narrows the report to, and what could not be read of it."""
    show = request.args.get("state", "")
    problems: list[tuple[str, str]] = []
    since = day_asked("since", problems)
    until = day_asked("until", problems)
    if since and until and since > until:
        problems.append(("since", _("The first day is after the last one.")))
    sought = Sought(
        module=text_asked("module", most=80),
        show=Show(show) if show in set(Show) else Show.ALL,
        since=since,
        until=until,
        words=text_asked("words", most=100),
    )
    return sought, problems


def text_asked(name: str, *, most: int) -> str:
    """Return a part of the address as one line."""
    return " ".join(request.args.get(name, "").split())[:most]


def day_asked(name: str, problems: list[tuple[str, str]]) -> date | None:
    raw = request.args.get(name, "").strip()
    if not raw:
        return None
    try:
        day = date.fromisoformat(raw)
    except ValueError:
        day = None
    if day is None or not 1990 <= day.year <= 2100:
        problems.append((name, _("“%(day)s” is not a date. Write it as 2026-11-21.", day=raw[:40])))
        return None
    return day


def place(name: str) -> Cursor | None:
    return Cursor.read(request.args.get(name, ""))


def query_of(sought: Sought) -> dict[str, Any]:
    """Return the filter as parts of an address."""
    parts = {
        "module": sought.module,
        "state": sought.show.value,
        "since": sought.since and sought.since.isoformat(),
        "until": sought.until and sought.until.isoformat(),
        "words": sought.words,
    }
    return {name: value for name, value in parts.items() if value}
