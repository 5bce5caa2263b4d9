"""One place that answers every error: a page for people, RFC 9457 JSON for programs."""

from typing import Any

from flask import Flask, current_app, g, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from jinja2 import TemplateNotFound
from sqlalchemy.exc import InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException

from lms.db import end_reading
from lms.errors import LmsError
from lms.web.access import wants_json

OUT_OF_REACH = (OperationalError, InterfaceError)
"""What the database raises when it is not there, or busy for too long."""


def register(app: Flask) -> None:
    app.register_error_handler(LmsError, answer_lms_error)
    for kind in OUT_OF_REACH:
        app.register_error_handler(kind, answer_out_of_reach)
    app.register_error_handler(CSRFError, answer_csrf_error)
    app.register_error_handler(HTTPException, answer_http_error)
    app.register_error_handler(Exception, answer_surprise)


def answer_lms_error(error: LmsError) -> ResponseReturnValue:
    return answer(error.status, gettext(error.message, **error.values))


def answer_csrf_error(error: CSRFError) -> ResponseReturnValue:
    sentence = gettext(
        "This form was open for too long, or cookies are off. Go back, reload the page and send it "
        "again."
    )
    return answer(400, sentence)


def answer_http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    body, status = answer(error.code, "")
    kept = ("Allow", "Retry-After")
    return body, status, {k: v for k, v in error.get_response().headers if k in kept}


def answer_out_of_reach(error: Exception) -> ResponseReturnValue:
    """Say that the database does not answer, or not in time; nothing was written then."""
    meet_a_stranger()
    current_app.logger.error("the database is out of reach: %s", error)
    sentence = gettext("The database does not answer at the moment. Try again in a minute.")
    return answer(503, sentence)


def meet_a_stranger() -> None:
    """Forget who is signed in for the rest of this request: the database would be asked for it."""
    end_reading()
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]


def answer_surprise(error: Exception) -> ResponseReturnValue:
    """Log what nobody foresaw and say so plainly; the log line carries the traceback."""
    if current_app.testing or current_app.debug:
        raise error
    current_app.logger.exception("unforeseen error")
    return answer(500, "")


def answer(status: int, sentence: str) -> tuple[Any, int]:
    if wants_json():
        body = jsonify(type="about:blank", title=title_of(status), status=status, detail=sentence)
        body.mimetype = "application/problem+json"
        return body, status
    try:
        return render_template(f"errors/{status}.html", sentence=sentence), status
    except TemplateNotFound:
        return render_template("errors/other.html", status=status, sentence=sentence), status


def title_of(status: int) -> str:
    return {
        400: gettext("The request could not be read"),
        401: gettext("Sign in first"),
        403: gettext("Not for this account"),
        404: gettext("Not found"),
        405: gettext("Not done this way"),
        409: gettext("Something changed meanwhile"),
        413: gettext("Too large"),
        415: gettext("Of a kind that is not read here"),
        422: gettext("Not accepted"),
        429: gettext("Too many requests"),
        503: gettext("Out of reach for a moment"),
    }.get(status, gettext("Something went wrong"))
