"""What several of the pages answer with."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_user
from wtforms import Field

from lms.accounts import queries
from lms.accounts.domain import device_words
from lms.clock import utc_now
from lms.errors import LmsError
from lms.web.routes import YEAR, safe_target


def put_problem(field: Field, error: LmsError) -> None:
    """Show a rule's sentence beside the field that it is about."""
    field.errors = [*field.errors, gettext(error.message, **error.values)]


def this_device() -> str:
    return device_words(request.headers.get("User-Agent", ""))


def welcome(token: str, *, target: str = "") -> ResponseReturnValue:
    """Answer a sign-in: a fresh cookie, the person's language, and on to where they wanted.

    Nothing of the old cookie is carried over.
    """
    signed_in = queries.signed_in(token, utc_now())
    session.clear()
    session.permanent = True
    login_user(signed_in)
    response: Any = redirect(safe_target(target), 303)
    language = queries.language_of(token)
    if language in current_app.config["CONCORD_LANGUAGES"]:
        response.set_cookie("language", language, max_age=YEAR, samesite="Lax", httponly=True)
    return response


def secret_page(template: str, status: int = 200, **values: Any) -> ResponseReturnValue:
    """Render a page whose address is a secret, so that no cache keeps it."""
    return render_template(template, **values), status, {"Cache-Control": "no-store"}


def said(sentence: str, endpoint: str, **values: Any) -> ResponseReturnValue:
    """Say in one line what was done, on the page that comes next."""
    flash(sentence, "ok")
    return redirect(url_for(endpoint, **values), 303)
