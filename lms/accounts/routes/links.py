"""What mailed one-time links lead to: a new password, a confirmed address."""

from flask import render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, logout_user

from lms import jobs
from lms.accounts import queries, services
from lms.accounts.domain import Purpose, WeakPassword
from lms.accounts.forms import AddressForm, NewPasswordForm
from lms.accounts.routes import bp
from lms.accounts.routes.answers import put_problem, said, secret_page
from lms.clock import utc_now
from lms.db import transaction
from lms.web.access import ANYONE, SIGNED_IN, allow
from lms.web.limits import limiter


@bp.route("/password-reset", methods=["GET", "POST"])
@allow(ANYONE)
@limiter.limit("5/minute", methods=["POST"])
def ask_for_reset() -> ResponseReturnValue:
    form = AddressForm()
    if form.validate_on_submit():
        with transaction():
            services.request_reset(form.email.data, now=utc_now())
        jobs.kick()
        # the same answer whether or not there is such an account
        return render_template("accounts/ask_for_reset.html", form=form, asked=form.email.data)
    status = 422 if request.method == "POST" else 200
    return render_template("accounts/ask_for_reset.html", form=form, asked=""), status


@bp.route("/password-reset/<string:token>", methods=["GET", "POST"])
@allow(ANYONE)
@limiter.limit("30/minute")
def set_new_password(token: str) -> ResponseReturnValue:
    queries.open_link(token, Purpose.PASSWORD, utc_now())
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.reset_password(token, form.password.data, now=utc_now())
        except WeakPassword as error:
            put_problem(form.password, error)
        else:
            logout_user()
            session.clear()
            sentence = _(
                "Your new password is set. You are signed out everywhere: sign in with it."
            )
            return said(sentence, "accounts.sign_in")
    status = 422 if request.method == "POST" else 200
    return secret_page("accounts/set_new_password.html", status, form=form, token=token)


@bp.route("/address-confirmation/<string:token>", methods=["GET", "POST"])
@allow(ANYONE)
@limiter.limit("30/minute")
def confirm_address(token: str) -> ResponseReturnValue:
    link = queries.open_link(token, Purpose.ADDRESS, utc_now())
    if request.method == "GET":  # mail programs open links by themselves: only the button confirms
        return secret_page("accounts/confirm_address.html", email=link.email, token=token)
    with transaction():
        services.confirm_address(token, now=utc_now())
    if current_user.is_authenticated:
        return said(_("Your address is confirmed."), "accounts.show_account")
    return said(_("Your address is confirmed. You can sign in now."), "accounts.sign_in")


@bp.post("/account/address-confirmation")
@allow(SIGNED_IN)
@limiter.limit("5/minute")
def send_confirmation() -> ResponseReturnValue:
    with transaction():
        services.request_confirmation(current_user.id, now=utc_now())
    jobs.kick()
    return said(
        _("A link is on its way to %(email)s.", email=current_user.email), "accounts.show_account"
    )
