"""The addresses of the API. Everybody gets the same answers, so a cookie cannot be misused."""

import csv
import json
from collections.abc import Iterator
from datetime import date
from io import StringIO
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from marshmallow import Schema, ValidationError
from sqlalchemy.exc import InterfaceError, OperationalError

from lms.api.archives import codes_of, files_of
from lms.api.domain import COLUMNS, BadQuestion, WrongKind, answer_data, csv_row
from lms.api.openapi import CSV, FILES, JSON, ZIP, openapi
from lms.api.schemas import NOT_A_DAY, BulkQuestion, Day, Question
from lms.cells import harmless
from lms.certificates import api as certificates
from lms.certificates.domain import State, Verdict
from lms.clock import utc_now
from lms.errors import N_
from lms.web.access import ANYONE, allow
from lms.web.errors import answer_out_of_reach
from lms.web.limits import limiter

bp = Blueprint("api", __name__, url_prefix="/api/v1")

MEGABYTE = 1024 * 1024
ROOM = {
    "api.verify": certificates.LARGEST_FILE + 1,
    "api.verify_many": 50 * MEGABYTE,
}
"""How large a request may be; set before anything reads it."""


@bp.url_value_preprocessor
def bound_request(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    if endpoint in ROOM:
        request.max_content_length = ROOM[endpoint]


@bp.after_request
def keep_nowhere(answer: Response) -> Response:
    """Keep names out of caches, search engines and the logs of others."""
    answer.headers.setdefault("Cache-Control", "no-store")
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@bp.errorhandler(OperationalError)
@bp.errorhandler(InterfaceError)
def tell_nothing_now(error: Exception) -> ResponseReturnValue:
    """Answer a question about one certificate while the register is out of reach: never valid."""
    if request.endpoint not in ("api.verify", "api.verify_code"):
        return answer_out_of_reach(error)
    verdict = Verdict(on=day_asked(), state=State.UNVERIFIABLE)
    return jsonify(answer_data(verdict, checked_at=utc_now())), 503


@bp.get("/openapi.json")
@allow(ANYONE)
def show_openapi() -> ResponseReturnValue:
    answer = jsonify(openapi())
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@bp.get("/verify/<string:code>")
@allow(ANYONE)
@limiter.limit("60/minute")
def verify_code(code: str) -> ResponseReturnValue:
    return answered(certificates.verdict_for_code(code, on=day_asked()))


@bp.post("/verify")
@allow(ANYONE)
@limiter.limit("20/minute")
def verify() -> ResponseReturnValue:
    if request.mimetype in FILES:
        data = request.get_data(cache=False)
        now = utc_now()
        return answered(certificates.verdict_for_file(data, on=day_asked(), now=now))
    if request.mimetype == JSON:
        asked = loaded(Question())
        on = asked.get("at") or day_asked()
        return answered(certificates.verdict_for_code(asked["code"], on=on))
    raise WrongKind(kinds=", ".join((*FILES, JSON)))


@bp.post("/verify/bulk")
@allow(ANYONE)
@limiter.limit("6/minute")
def verify_many() -> ResponseReturnValue:
    on, pairs = many_asked()
    moment = utc_now()
    results = [(asked, answer_data(one, checked_at=moment)) for asked, one in pairs]
    if request.accept_mimetypes.best_match([JSON, CSV]) == CSV:
        return as_csv(results)
    return jsonify(
        as_of=on.isoformat(),
        checked_at=moment.replace(microsecond=0).isoformat(),
        asked=len(results),
        good=sum(answer["good"] for _asked, answer in results),
        results=[{"asked": asked, **answer} for asked, answer in results],
    )


def many_asked() -> tuple[date, Iterator[tuple[str, Verdict]]]:
    """Return the day that is asked about, and each thing that is asked with its verdict."""
    if request.mimetype == JSON:
        asked = loaded(BulkQuestion())
        on = asked.get("at") or day_asked()
        return on, of_codes(asked["codes"], on)
    on = day_asked()
    if request.mimetype == CSV:
        return on, of_codes(codes_of(request.get_data(cache=False)), on)
    if request.mimetype == ZIP:
        return on, of_files(request.get_data(cache=False), on)
    raise WrongKind(kinds=f"{JSON}, {CSV}, {ZIP}")


def of_codes(codes: list[str], on: date) -> Iterator[tuple[str, Verdict]]:
    return zip(codes, certificates.verdicts_for_codes(codes, on=on), strict=True)


def of_files(data: bytes, on: date) -> Iterator[tuple[str, Verdict]]:
    now = utc_now()
    for name, content in files_of(data, largest=certificates.LARGEST_FILE):
        yield name, certificates.verdict_for_file(content, on=on, now=now)


def answered(verdict: Verdict) -> ResponseReturnValue:
    status = 404 if verdict.state is State.NOT_FOUND and verdict.finding is None else 200
    return jsonify(answer_data(verdict, checked_at=utc_now())), status


def as_csv(results: list[tuple[str, dict[str, Any]]]) -> Response:
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([cell(value) for value in csv_row(*one)] for one in results)
    answer = Response("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="certificates.csv"'
    return answer


def cell(value: Any) -> str:
    """Write a value so that no spreadsheet takes it for a formula."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return harmless("" if value is None else str(value))


def loaded(schema: Schema) -> dict[str, Any]:
    """Read the question from a JSON body.

    Raises:
        BadQuestion: if it is no JSON, or not of the shape, with the first thing that is wrong.
    """
    try:
        data = json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError) as error:
        raise BadQuestion(N_("The content cannot be read as JSON.")) from error
    try:
        return dict(schema.load(data))
    except ValidationError as error:
        problem = first_problem(error.messages_dict)
        raise BadQuestion(N_("The question cannot be read. %(what)s"), what=problem) from error


def first_problem(messages: dict[Any, Any]) -> str:
    name, found = next(iter(messages.items()))
    while isinstance(found, dict):
        inner, found = next(iter(found.items()))
        name = f"{name}[{inner}]"
    said = found[0] if isinstance(found, list) else str(found)
    return said if name == "_schema" else _("%(place)s: %(what)s", place=name, what=_(said))


def day_asked() -> date:
    """Return the day that ?at= names, today where it is not there.

    Raises:
        BadQuestion: if it names none.
    """
    raw = request.args.get("at")
    if raw is None:
        return utc_now().date()
    try:
        return Day().deserialize(raw)
    except ValidationError as error:
        raise BadQuestion(N_("at: %(what)s"), what=NOT_A_DAY) from error
