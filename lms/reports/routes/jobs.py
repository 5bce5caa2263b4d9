"""Long work as it goes on: one job for who asked for it, all of them for administrators."""

from io import BytesIO
from typing import Final

from flask import flash, make_response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from lms import jobs, storage
from lms.accounts.domain import Role
from lms.clock import utc_now
from lms.db import transaction
from lms.errors import N_, NotFound
from lms.reports import services
from lms.reports.queries import jobs as queries
from lms.reports.routes.blueprint import bp
from lms.reports.routes.completion import text_asked
from lms.web.access import SIGNED_IN, allow
from lms.web.addresses import LARGEST
from lms.web.filters import as_is
from lms.web.paging import Page

ON_A_PAGE = 50
ROWS = 100


@bp.get("/jobs")
@allow(Role.ADMIN)
def list_jobs() -> ResponseReturnValue:
    show, kind = request.args.get("state", ""), text_asked("kind", most=80)
    found = queries.jobs(show=show, kind=kind, before=number("before"), limit=ON_A_PAGE + 1)
    return render_template(
        "reports/list_jobs.html",
        jobs=found[:ON_A_PAGE],
        more=len(found) > ON_A_PAGE,
        kinds=queries.kinds(),
        show=show,
        kind=kind,
    )


@bp.get("/jobs/<int:job_id>")
@allow(SIGNED_IN)
def show_job(job_id: int) -> ResponseReturnValue:
    return page(job_id, "reports/show_job.html")


@bp.get("/jobs/<int:job_id>/progress")
@allow(SIGNED_IN)
def show_progress(job_id: int) -> ResponseReturnValue:
    """Answer only what changes, for the page that looks again by itself."""
    response = make_response(page(job_id, "reports/_progress.html"))
    response.headers["X-Fragment"] = "1"
    return response


@bp.get("/jobs/<int:job_id>/files/<int:item_id>")
@allow(SIGNED_IN)
def download_file(job_id: int, item_id: int) -> ResponseReturnValue:
    """Hand out what a row of a job made, to who asked for it."""
    made = queries.item_of(current_user.id, job_id, item_id, everything=sees_all()).file
    if made is None:
        raise NotFound(N_("This row made no file."))
    path = storage.path_of(made.digest)
    return send_file(
        path if path else BytesIO(storage.get(made.digest)),
        mimetype=made.media_type,
        as_attachment=True,
        download_name=made.name,
        etag=made.digest,
    )


@bp.post("/jobs/<int:job_id>/retries")
@allow(SIGNED_IN)
def retry_job(job_id: int) -> ResponseReturnValue:
    with transaction():
        count = services.retry_failed(
            job_id, person_id=current_user.id, everything=sees_all(), now=utc_now()
        )
    jobs.kick()
    flash(ngettext("%(num)s row is tried again.", "%(num)s rows are tried again.", count), "ok")
    return redirect(url_for(".show_job", job_id=job_id), 303)


def page(job_id: int, template: str) -> str:
    job = queries.job_of(current_user.id, job_id, everything=sees_all())
    asked = Page.asked(request.args.get("page"), size=ROWS, total=job.total)
    items = queries.items(job_id, limit=asked.size, offset=asked.offset)
    return render_template(
        template,
        job=job,
        items=items,
        share_begun=round(job.begun, 3) or 0,
        page=asked,
        result_words=result_words,
        subject_words=subject_words,
        sees_all=sees_all(),
    )


SUBJECTS: Final = {
    "alert": N_("Alarm %(number)s"),
    "certificate": N_("Certificate %(number)s"),
    "draft": N_("Draft %(number)s"),
    "mail": N_("Mail"),
    "rater": N_("Rater %(number)s"),
    "what-if": N_("Question %(number)s"),
}


def subject_words(subject: str) -> str:
    """Say what a row is about; what has no word stays as it is written."""
    noun, _sign, key = subject.partition(":")
    if noun in SUBJECTS:
        return str(_(SUBJECTS[noun], number=key))
    return as_is(subject) or ""


def result_words(result: object) -> str:
    """Say what a row came to, as far as it left word of it."""
    if not isinstance(result, dict):
        return ""
    if "said" in result:
        return str(_(result["said"], **result.get("values", {})))
    return ", ".join(
        _("%(what)s: %(value)s", what=str(key).replace("_", " "), value=value)
        for key, value in result.items()
        if value not in (None, "", [], {})
    )


def sees_all() -> bool:
    return bool(current_user.has_role(Role.ADMIN))


def number(name: str) -> int | None:
    raw = request.args.get(name, "")
    known = raw.isascii() and raw.isdigit() and len(raw) < 11
    return min(int(raw), LARGEST) if known else None
