"""A person's own account: name, language, time zone, password, devices."""

from typing import Any

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms.accounts import passwords, queries, services
from lms.accounts.domain import BadName, Choices, TooManyTries, WeakPassword
from lms.accounts.forms import ROLE_NAMES, PasswordForm, ProfileForm
from lms.accounts.routes import bp
from lms.accounts.routes.answers import put_problem, said
from lms.accounts.routes.signing_in import wait_words
from lms.clock import utc_now
from lms.db import transaction
from lms.web.access import SIGNED_IN, allow
from lms.web.limits import limiter
from lms.web.routes import YEAR


@bp.get("/account")
@allow(SIGNED_IN)
def show_account() -> ResponseReturnValue:
    return page()


@bp.post("/account")
@allow(SIGNED_IN)
def change_account() -> ResponseReturnValue:
    form = profile_form()
    if not form.validate():
        return page(profile=form, status=422)
    chosen = Choices(form.name.data, form.time_zone.data, form.language.data)
    try:
        with transaction():
            services.change_choices(current_user.id, chosen, now=utc_now())
    except BadName as error:
        put_problem(form.name, error)
        return page(profile=form, status=422)
    return remember_language(said(_("Saved."), "accounts.show_account"), chosen.language)


@bp.post("/account/password")
@allow(SIGNED_IN)
@limiter.limit("20/minute")
def change_password() -> ResponseReturnValue:
    form = PasswordForm()
    if not form.validate():
        return page(password=form, status=422)
    try:
        fits = present_password_fits(form.present.data)
    except TooManyTries as error:
        form.present.errors = [wait_words(error.wait)]
        return page(password=form, status=error.status)
    if not fits:
        form.present.errors = [_("This is not your present password.")]
        return page(password=form, status=422)
    try:
        with transaction():
            services.change_password(
                current_user.id,
                form.password.data,
                keep_session=current_user.session_id,
                now=utc_now(),
            )
    except WeakPassword as error:
        put_problem(form.password, error)
        return page(password=form, status=422)
    sentence = _("Your new password is set. Every other device was signed out.")
    return said(sentence, "accounts.show_account")


@bp.get("/account/sessions")
@allow(SIGNED_IN)
def list_sessions() -> ResponseReturnValue:
    sessions = queries.open_sessions(current_user.id, utc_now())
    return render_template("accounts/list_sessions.html", sessions=sessions)


@bp.post("/account/sessions/<int:session_id>/sign-out")
@allow(SIGNED_IN)
def end_session(session_id: int) -> ResponseReturnValue:
    with transaction():
        services.end_session(current_user.id, session_id, now=utc_now())
    if session_id == current_user.session_id:
        return redirect(url_for("accounts.sign_in"), 303)
    return said(_("The device was signed out."), "accounts.list_sessions")


@bp.post("/account/sessions/sign-out")
@allow(SIGNED_IN)
def end_other_sessions() -> ResponseReturnValue:
    with transaction():
        services.end_sessions(current_user.id, but=current_user.session_id, now=utc_now())
    return said(_("Every other device was signed out."), "accounts.list_sessions")


def page(
    *, profile: ProfileForm | None = None, password: PasswordForm | None = None, status: int = 200
) -> ResponseReturnValue:
    person = queries.person_of(current_user.id)
    return render_template(
        "accounts/show_account.html",
        account=person,
        roles=queries.roles_in_order(person),
        role_names=ROLE_NAMES,
        profile=profile or profile_form(),
        password=password or PasswordForm(formdata=None),
        wrong=profile or password,
    ), status


def profile_form() -> ProfileForm:
    return ProfileForm(
        current_app.config["CONCORD_LANGUAGES"], obj=queries.person_of(current_user.id)
    )


def present_password_fits(given: str) -> bool:
    """Check the present password as the sign-in does, so that a lost device cannot guess it.

    Raises:
        TooManyTries: if there were too many wrong ones.
    """
    with transaction():
        services.count_try(current_user.email, now=utc_now())
    if not passwords.password_fits(queries.password_hash_of(current_user.id), given):
        return False
    with transaction():
        services.forget_tries(current_user.email, now=utc_now())
    return True


def remember_language(response: Any, language: str) -> ResponseReturnValue:
    if language:
        response.set_cookie("language", language, max_age=YEAR, samesite="Lax", httponly=True)
    else:
        response.delete_cookie("language")
    return response
