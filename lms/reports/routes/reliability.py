"""The reliability report: chosen, shown, and taken along as CSV or PDF."""

from io import BytesIO
from typing import Any

from flask import Response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_login import current_user

from lms import jobs
from lms.accounts.domain import Role
from lms.clock import utc_now
from lms.db import transaction
from lms.errors import Invalid
from lms.reports import services
from lms.reports.domain.reliability import Setting, Tries, Wanted, choices_of
from lms.reports.queries import reliability as queries
from lms.reports.queries.ratings import ratings_of
from lms.reports.queries.standing import names_of
from lms.reports.routes.blueprint import bp
from lms.reports.routes.completion import day_asked, text_asked
from lms.web.access import allow
from lms.web.paging import Page

ON_A_PAGE = 50
READERS = (Role.ADMIN, Role.CREATOR)


@bp.get("/reports/reliability")
@allow(*READERS)
def show_reliability() -> ResponseReturnValue:
    """Show one module's report; the first of the person's modules unless one is named."""
    modules = queries.modules_of(current_user.id, everything=sees_all())
    slug = module_asked(modules)
    wanted, problems = asked()
    common: dict[str, Any] = {
        "modules": modules,
        "slug": slug,
        "wanted": wanted,
        "problems": problems,
        "query": query_of(slug, wanted),
        "sees_all": sees_all(),
        "named": named(),
    }
    if slug is None:
        return render_template("reports/show_reliability.html", **common, view=None, choices=None)
    return render_template(
        "reports/show_reliability.html", **common, **report_parts(slug, wanted)
    ), (422 if problems else 200)


def report_parts(slug: str, wanted: Wanted) -> dict[str, Any]:
    from lms.reports import pages  # numpy is loaded where figures are made
    from lms.reports.domain.reliability.figures import reliability

    found = ratings_of(slug)
    raters = queries.count_raters(found.ratings, wanted)
    page = Page.asked(request.args.get("page"), size=ON_A_PAGE, total=raters)
    part = slice(page.offset, page.offset + page.size)
    report = reliability(found, wanted, part=part)
    return {
        "view": report and pages.view_of(report, names_of(slug) if named() else None),
        "report": report,
        "found": found,
        "choices": choices_of(found),
        "page": page,
        "blocks": pages.BLOCKS,
        "label_of": pages.label_of,
        "settings": pages.SETTINGS,
        "tries": pages.TRIES,
    }


@bp.get("/reports/reliability.zip")
@allow(*READERS)
def export_reliability() -> ResponseReturnValue:
    """Hand out ratings, figures and data dictionary; with names only to administrators."""
    from lms.reports.domain.reliability.figures import reliability
    from lms.reports.longform import write_zip

    slug = queries.module_of(current_user.id, text_asked("module", most=80), everything=sees_all())
    wanted, problems = asked()
    report = None if problems else reliability(ratings_of(slug), wanted)
    if report is None:
        return redirect(url_for(".show_reliability", **query_of(slug, wanted)), 303)
    file = BytesIO()
    write_zip(file, report, names=names_of(slug) if named() else None, now=utc_now())
    file.seek(0)
    response: Response = send_file(
        file,
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"reliability-{slug}-{utc_now():%Y-%m-%d}.zip",
    )
    return response


@bp.post("/reports/reliability-files")
@allow(*READERS)
def make_reliability() -> ResponseReturnValue:
    """Begin the making of the PDF, which takes a while, so the worker makes it."""
    slug = queries.module_of(current_user.id, text_asked("module", most=80), everything=sees_all())
    wanted, problems = asked()
    if problems:
        raise Invalid(problems[0][1])
    with transaction():
        job_id = services.ask_for_reliability(
            slug,
            wanted,
            names=named(),
            person_id=current_user.id,
            language=str(get_locale()),
            now=utc_now(),
        )
    jobs.kick()
    return redirect(url_for(".show_job", job_id=job_id), 303)


def module_asked(modules: dict[str, str]) -> str | None:
    """Return the module that is named, if it is the person's to see; else the first of theirs."""
    slug = text_asked("module", most=80)
    if slug:
        return queries.module_of(current_user.id, slug, everything=sees_all())
    return next(iter(modules), None)


def asked() -> tuple[Wanted, list[tuple[str, str]]]:
    """Return what the address asks for, and what could not be read of it."""
    problems: list[tuple[str, str]] = []
    setting, tries = request.args.get("setting", ""), request.args.get("tries", "")
    wanted = Wanted(
        setting=Setting(setting) if setting in set(Setting) else Setting.CERTIFICATION,
        tries=Tries(tries) if tries in set(Tries) else Tries.FIRST,
        since=day_asked("since", problems),
        until=day_asked("until", problems),
        site=text_asked("site", most=200),
        language=text_asked("language", most=35),
        tier=text_asked("tier", most=20),
        total=text_asked("total", most=80),
    )
    return wanted, problems


def query_of(slug: str | None, wanted: Wanted) -> dict[str, Any]:
    """Return what is asked for as parts of an address."""
    parts = {"module": slug, **wanted.as_data(), "names": "1" if named() else ""}
    return {name: value for name, value in parts.items() if value}


def named() -> bool:
    """Whether names of raters are asked for by somebody who may see them."""
    return sees_all() and request.args.get("names") == "1"


def sees_all() -> bool:
    return bool(current_user.has_role(Role.ADMIN))
