"""Signing in and out."""

from datetime import timedelta

from flask import current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user, logout_user

from lms.accounts import passwords, queries, services
from lms.accounts.domain import TooManyTries
from lms.accounts.forms import SignInForm
from lms.accounts.routes import bp
from lms.accounts.routes.answers import this_device, welcome
from lms.clock import utc_now
from lms.db import transaction
from lms.web.access import ANYONE, allow
from lms.web.drawing import agreement_line
from lms.web.limits import limiter
from lms.web.routes import safe_target

SPREAD = (2, 3, 4, 5, 6, 7, 8, 9)
TOGETHER = (5, 5, 6, 6, 6, 6, 7, 7)


@bp.route("/sign-in", methods=["GET", "POST"])
@allow(ANYONE)
@limiter.limit("20/minute", methods=["POST"])
def sign_in() -> ResponseReturnValue:
    target = request.args.get("next", "")
    if current_user.is_authenticated:
        return redirect(safe_target(target), 303)
    form = SignInForm()
    if request.method == "GET":
        return page(form)
    if not form.validate():
        return page(form, status=422)
    try:
        token = token_for(form.email.data, form.password.data)
    except TooManyTries as error:
        return page(form, problem=wait_words(error.wait), status=error.status, wait=error.wait)
    if token is None:
        problem = _("Address and password do not belong together. Please try both again.")
        return page(form, problem=problem, status=422)
    return welcome(token, target=target)


@bp.post("/sign-out")
@allow(ANYONE)
def sign_out() -> ResponseReturnValue:
    if current_user.is_authenticated:
        with transaction():
            services.end_session(current_user.id, current_user.session_id, now=utc_now())
    logout_user()
    session.clear()
    return redirect(url_for("accounts.sign_in"), 303)


def token_for(email: str, password: str) -> str | None:
    """Check the password and open a session; None where they do not belong together.

    The slow look at the password lies between two transactions, so that it keeps nobody waiting.

    Raises:
        TooManyTries: if the address must wait.
    """
    with transaction():
        services.count_try(email, now=utc_now())
    person_id, stored = queries.sign_in_hash(email) or (None, None)
    if not passwords.password_fits(stored, password) or person_id is None or stored is None:
        return None
    new_hash = passwords.hash_password(password) if passwords.needs_new_hash(stored) else None
    with transaction():
        return services.sign_in(
            person_id, email=email, device=this_device(), new_hash=new_hash, now=utc_now()
        )


def page(
    form: SignInForm, *, problem: str = "", status: int = 200, wait: timedelta | None = None
) -> ResponseReturnValue:
    headers = {"Retry-After": str(int(wait.total_seconds()))} if wait else {}
    body = render_template(
        "accounts/sign_in.html",
        form=form,
        problem=problem,
        story={
            "before": agreement_line(0, 10, panel=SPREAD, band=(5, 7)),
            "after": agreement_line(0, 10, panel=TOGETHER, band=(5, 7)),
        },
        open_registration=current_app.config["SETTINGS"].open_registration,
    )
    return body, status, headers


def wait_words(wait: timedelta) -> str:
    seconds = int(wait.total_seconds())
    if seconds < 60:
        how_long = ngettext("%(num)s second", "%(num)s seconds", seconds)
    else:
        how_long = ngettext("%(num)s minute", "%(num)s minutes", -(-seconds // 60))
    return _(
        "There were too many tries for this address. Try again in %(wait)s, or set a new password.",
        wait=how_long,
    )
