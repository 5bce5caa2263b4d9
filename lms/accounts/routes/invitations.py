"""Inviting people, as an administrator."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from lms import jobs
from lms.accounts import queries, services
from lms.accounts.domain import Role
from lms.accounts.forms import ROLE_NAMES, InviteForm, chosen_roles
from lms.accounts.routes import bp
from lms.accounts.routes.answers import said
from lms.accounts.services import Invitee
from lms.clock import utc_now
from lms.db import transaction
from lms.web.access import allow

LATEST = 100


@bp.get("/people/invitations")
@allow(Role.ADMIN)
def list_invitations() -> ResponseReturnValue:
    return page(InviteForm())


@bp.post("/people/invitations")
@allow(Role.ADMIN)
def invite_person() -> ResponseReturnValue:
    form = InviteForm()
    if not form.validate():
        return page(form, status=422)
    with transaction():
        invitation_id = services.invite(invitee_of(form), invited_by=current_user.id, now=utc_now())
    if invitation_id is None:
        form.email.errors = [
            _("Somebody with this address has these roles already, or had the account closed.")
        ]
        return page(form, status=422)
    jobs.kick()
    sentence = _("An invitation is on its way to %(email)s.", email=form.email.data)
    return said(sentence, "accounts.list_invitations")


@bp.post("/people/invitations/<int:invitation_id>/resending")
@allow(Role.ADMIN)
def resend_invitation(invitation_id: int) -> ResponseReturnValue:
    with transaction():
        services.resend(invitation_id, actor_id=current_user.id, now=utc_now())
    jobs.kick()
    return said(_("The invitation is sent again, with a new link."), "accounts.list_invitations")


@bp.post("/people/invitations/<int:invitation_id>/revocation")
@allow(Role.ADMIN)
def revoke_invitation(invitation_id: int) -> ResponseReturnValue:
    with transaction():
        services.revoke(invitation_id, actor_id=current_user.id, now=utc_now())
    return said(_("The invitation is withdrawn."), "accounts.list_invitations")


def invitee_of(form: InviteForm) -> Invitee:
    return Invitee(
        email=form.email.data,
        name=form.name.data or "",
        roles=chosen_roles(form.roles.data),
        reason=form.reason.data or "",
        language=str(get_locale() or ""),
    )


def page(form: InviteForm, *, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "accounts/list_invitations.html",
        form=form,
        invitations=queries.latest_invitations(utc_now(), limit=LATEST),
        role_names=ROLE_NAMES,
    ), status
