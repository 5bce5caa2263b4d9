"""Opening an account: by oneself, or by an invitation."""

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from lms import jobs
from lms.accounts import queries, services
from lms.accounts.domain import AddressTaken, BadName, Choices, WeakPassword
from lms.accounts.forms import ROLE_WORDS, AcceptForm, RegisterForm
from lms.accounts.models import Invitation
from lms.accounts.routes import bp
from lms.accounts.routes.answers import put_problem, said, secret_page, this_device, welcome
from lms.clock import utc_now
from lms.db import transaction
from lms.errors import N_, NotFound
from lms.web.access import ANYONE, SIGNED_IN, allow
from lms.web.limits import limiter
from lms.web.routes import safe_target


@bp.route("/register", methods=["GET", "POST"])
@allow(ANYONE)
@limiter.limit("10/minute", methods=["POST"])
def register() -> ResponseReturnValue:
    if not current_app.config["SETTINGS"].open_registration:
        raise NotFound(
            N_("Accounts are opened by invitation here. Ask whoever runs your training.")
        )
    target = request.args.get("next", "")
    if current_user.is_authenticated:
        return redirect(safe_target(target), 303)
    form = RegisterForm()
    if form.validate_on_submit():
        try:
            token = open_account(form)
        except AddressTaken as error:
            put_problem(form.email, error)
        except BadName as error:
            put_problem(form.name, error)
        except WeakPassword as error:
            put_problem(form.password, error)
        else:
            jobs.kick()
            return welcome(token, target=target)
    status = 422 if request.method == "POST" else 200
    return render_template("accounts/register.html", form=form), status


@bp.route("/invitations/<string:token>", methods=["GET", "POST"])
@allow(ANYONE)
@limiter.limit("30/minute")
def accept_invitation(token: str) -> ResponseReturnValue:
    invitation = queries.open_invitation(token, utc_now())
    form = AcceptForm(name=invitation.name)
    known = queries.find_person_by_email(invitation.email) is not None
    if known or current_user.is_authenticated or request.method == "GET":
        return invitation_page(invitation, form, token=token, known=known)
    if form.validate():
        try:
            with transaction():
                session_token = accept(token, form)
        except BadName as error:
            put_problem(form.name, error)
        except WeakPassword as error:
            put_problem(form.password, error)
        else:
            return welcome(session_token)
    invitation = queries.open_invitation(token, utc_now())
    return invitation_page(invitation, form, token=token, known=False, status=422)


@bp.post("/invitations/<string:token>/acceptance")
@allow(SIGNED_IN)
def accept_roles(token: str) -> ResponseReturnValue:
    with transaction():
        services.accept_as(token, current_user.id, now=utc_now())
    return said(_("You have the new roles now."), "accounts.show_account")


def open_account(form: RegisterForm) -> str:
    now = utc_now()
    with transaction():
        person_id = services.register(
            form.email.data, choices_of(form), password=form.password.data, now=now
        )
        return services.open_session(person_id, device=this_device(), now=now)


def accept(token: str, form: AcceptForm) -> str:
    now = utc_now()
    person_id = services.accept_as_new(
        token, choices_of(form), password=form.password.data, now=now
    )
    return services.open_session(person_id, device=this_device(), now=now)


def choices_of(form: AcceptForm | RegisterForm) -> Choices:
    return Choices(
        name=form.name.data, time_zone=form.time_zone.data, language=str(get_locale() or "")
    )


def invitation_page(
    invitation: Invitation, form: AcceptForm, *, token: str, known: bool, status: int = 200
) -> ResponseReturnValue:
    return secret_page(
        "accounts/accept_invitation.html",
        status,
        invitation=invitation,
        form=form,
        role_words=list(ROLE_WORDS.items()),
        token=token,
        known=known,
        back=url_for("accounts.accept_invitation", token=token),
    )
