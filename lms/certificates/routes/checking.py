"""The public check of a code or a file, and the check of many at once for coordinators."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import InterfaceError, OperationalError

from lms import jobs
from lms.accounts.domain import Role
from lms.certificates import checks, pages, services
from lms.certificates.domain import State, TooManyAtOnce, Verdict, parse_code, shown_code
from lms.certificates.forms import CodeForm, FamilyNameForm, FileForm, ManyForm
from lms.certificates.report.making import Asked, AskedFile
from lms.certificates.routes import bp
from lms.certificates.verification import LARGEST
from lms.clock import utc_now
from lms.db import transaction
from lms.web.access import ANYONE, allow
from lms.web.errors import answer_out_of_reach, meet_a_stranger
from lms.web.limits import limiter

MOST_CODES, MOST_FILES = 500, 50
MEGABYTE = 1024 * 1024
LONGEST_NAME = 200
SEPARATORS = re.compile(r"[\r\n,;\t]+")
CHECKS = {"certificates.show_code", "certificates.check_file", "certificates.confirm_name"}
ROOM = {
    "certificates.check_file": LARGEST + MEGABYTE,
    "certificates.check_many": MOST_FILES * LARGEST // 4,
}
"""How large a request may be; set before anything reads it."""


@bp.url_value_preprocessor
def bound_request(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    if endpoint in ROOM:
        request.max_content_length = ROOM[endpoint]


@bp.get("/v")
@allow(ANYONE)
@limiter.limit("60/minute")
def show_check() -> ResponseReturnValue:
    typed = request.args.get("code", "").strip()
    if not typed:
        return answer_page()
    # a mistyped code takes the same way as an unknown one, so that the two look the same
    code = parse_code(typed) or re.sub(r"[^0-9A-Za-z-]+", "-", typed)[:40]
    return redirect(url_for(".show_code", code=code, on=request.args.get("on") or None), 303)


@bp.get("/v/<string:code>")
@allow(ANYONE)
@limiter.limit("60/minute")
def show_code(code: str) -> ResponseReturnValue:
    verdict = checks.verdict_for_code(code, on=day_asked())
    if verdict.state is State.NOT_FOUND:
        return unknown(code)
    return answer_page(verdict, typed=shown_code(verdict.code or ""))


@bp.post("/v/<string:code>/family-name")
@allow(ANYONE)
@limiter.limit("10/minute")
def confirm_name(code: str) -> ResponseReturnValue:
    """Say whether a family name fits, where the holder lets only initials be shown."""
    on = day_asked()
    verdict = checks.verdict_for_code(code, on=on)
    if verdict.state is State.NOT_FOUND:
        return unknown(code)
    form = FamilyNameForm()
    if not form.validate():
        return answer_page(verdict, typed=code, name_form=form, status=422)
    fits = checks.family_name_fits(code, form.family_name.data)
    return answer_page(verdict, typed=code, name_form=form, name_fits=fits)


@bp.post("/v")
@allow(ANYONE)
@limiter.limit("20/minute")
def check_file() -> ResponseReturnValue:
    form = FileForm()
    if not form.validate():
        return answer_page(form=form, status=422)
    data = form.file.data.read(LARGEST + 1)
    now = utc_now()
    return answer_page(checks.verdict_for_file(data, on=now.date(), now=now))


@bp.errorhandler(OperationalError)
@bp.errorhandler(InterfaceError)
def tell_nothing_now(error: Exception) -> ResponseReturnValue:
    """Answer a check while the register is out of reach: never valid, and nothing is shown."""
    if request.endpoint not in CHECKS:
        return answer_out_of_reach(error)
    meet_a_stranger()
    verdict = Verdict(on=day_asked(), state=State.UNVERIFIABLE)
    return answer_page(verdict, typed=(request.view_args or {}).get("code", ""), status=503)


@bp.get("/check-many")
@allow(Role.COORDINATOR, Role.ADMIN)
def show_check_many() -> ResponseReturnValue:
    return many_page(ManyForm())


@bp.post("/check-many")
@allow(Role.COORDINATOR, Role.ADMIN)
@limiter.limit("20/minute")
def check_many() -> ResponseReturnValue:
    form = ManyForm()
    if not form.validate():
        return many_page(form, status=422)
    codes = [code for line in SEPARATORS.split(form.codes.data or "") if (code := line.strip())]
    files = [file for file in form.files.data or [] if file and file.filename]
    if problem := too_many(codes, files):
        return many_page(form, status=422, problem=problem)
    if "report" in request.form:
        return begin_report(codes, files, form.on.data or utc_now().date())
    rows = [*rows_of_codes(codes, form.on.data), *rows_of_files(files, form.on.data)]
    if "csv" in request.form:
        return csv_answer(rows)
    return many_page(form, rows=rows)


def begin_report(codes: list[str], files: list[Any], on: date) -> ResponseReturnValue:
    """Have the answers written into one signed PDF; the files are examined now and not kept."""
    now = utc_now()
    asked = Asked(
        codes=tuple(code[:LONGEST_NAME] for code in codes),
        files=tuple(found_in(file, on, now) for file in files),
        on=on,
        person_id=current_user.id,
        language=str(get_locale()),
    )
    with transaction():
        job_id = services.ask_for_report(asked.as_data(), person_id=current_user.id, now=now)
    jobs.kick()
    return redirect(url_for("reports.show_job", job_id=job_id), 303)


def found_in(file: Any, on: date, now: datetime) -> AskedFile:
    verdict = checks.verdict_for_file(file.read(LARGEST + 1), on=on, now=now)
    assert verdict.finding is not None
    return AskedFile(file.filename[-LONGEST_NAME:], verdict.finding, verdict.code)


def too_many(codes: list[str], files: list[Any]) -> str:
    if not codes and not files:
        return str(_("Enter codes, or choose files."))
    for given, most in ((codes, MOST_CODES), (files, MOST_FILES)):
        if len(given) > most:
            error = TooManyAtOnce(most)
            return str(_(error.message, **error.values))
    return ""


def rows_of_codes(codes: list[str], on: date | None) -> Iterator[dict[str, Any]]:
    verdicts = checks.verdicts_for_codes(codes, on=on or utc_now().date())
    return (pages.table_row(code, one) for code, one in zip(codes, verdicts, strict=True))


def rows_of_files(files: list[Any], on: date | None) -> Iterator[dict[str, Any]]:
    now = utc_now()
    for file in files:
        verdict = checks.verdict_for_file(file.read(LARGEST + 1), on=on or now.date(), now=now)
        yield pages.table_row(file.filename, verdict)


def unknown(typed: str) -> ResponseReturnValue:
    """Answer for a code that is not ours or not well formed: the two look the same."""
    return answer_page(Verdict(on=day_asked(), state=State.NOT_FOUND), typed=typed, status=404)


def answer_page(
    verdict: Verdict | None = None,
    *,
    typed: str = "",
    form: FileForm | None = None,
    name_form: FamilyNameForm | None = None,
    name_fits: bool | None = None,
    status: int = 200,
) -> Response:
    if name_form is None and verdict and verdict.initials:
        name_form = FamilyNameForm(formdata=None)
    page = render_template(
        "certificates/show_check.html",
        name_form=name_form,
        name_fits=name_fits,
        code_form=CodeForm(data={"code": typed[:200]}),
        file_form=form or FileForm(),
        answer=pages.answer_of(verdict) if verdict else None,
        checked_at=utc_now(),
    )
    return closed(make_response(page, status))


def many_page(
    form: ManyForm,
    *,
    rows: list[dict[str, Any]] | None = None,
    status: int = 200,
    problem: str = "",
) -> Response:
    page = render_template(
        "certificates/check_many.html", form=form, rows=rows, problem=problem, most=MOST_FILES
    )
    return closed(make_response(page, status))


def csv_answer(rows: list[dict[str, Any]]) -> Response:
    answer = Response(pages.rows_as_csv(rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="certificates.csv"'
    return closed(answer)


def closed(answer: Response) -> Response:
    """Keep names out of caches, search engines and the logs of others."""
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def day_asked() -> date:
    """Return the day that ?on= (or ?at=, as in the API) names, today where it names none."""
    try:
        return date.fromisoformat(request.args.get("on") or request.args.get("at", ""))
    except ValueError:
        return utc_now().date()
