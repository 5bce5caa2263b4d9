"""People as an administrator sees them."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms.accounts import queries, services
from lms.accounts.api import names_of
from lms.accounts.domain import Role
from lms.accounts.forms import ROLE_NAMES, ExtraTimeForm, ReasonForm, RolesForm, chosen_roles
from lms.accounts.queries import Sought
from lms.accounts.routes import bp
from lms.accounts.routes.answers import put_problem, said
from lms.audit import api as audit
from lms.clock import utc_now
from lms.db import transaction
from lms.errors import Conflict, Invalid
from lms.web.access import allow
from lms.web.paging import Page

ON_A_PAGE = 50


@bp.get("/people")
@allow(Role.ADMIN)
def list_people() -> ResponseReturnValue:
    role = request.args.get("role", "")
    sought = Sought(
        words=request.args.get("words", "")[:100],
        role=role if role in set(Role) else "",
        state=request.args.get("state", ""),
    )
    asked = Page.asked(request.args.get("page"), size=ON_A_PAGE, total=queries.count_people(sought))
    people = queries.people(sought, limit=asked.size, offset=asked.offset)
    return render_template(
        "accounts/list_people.html", people=people, page=asked, sought=sought, role_names=ROLE_NAMES
    )


@bp.get("/people/<int:person_id>")
@allow(Role.ADMIN)
def show_person(person_id: int) -> ResponseReturnValue:
    return page(person_id)


@bp.post("/people/<int:person_id>/roles")
@allow(Role.ADMIN)
def set_roles(person_id: int) -> ResponseReturnValue:
    form = RolesForm()
    if not form.validate():
        return page(person_id, roles=form, status=422)
    try:
        with transaction():
            services.set_roles(
                person_id,
                chosen_roles(form.roles.data or []),
                actor_id=current_user.id,
                reason=form.reason.data or "",
                now=utc_now(),
            )
    except Conflict as error:
        put_problem(form.roles, error)
        return page(person_id, roles=form, status=error.status)
    if person_id == current_user.id and Role.ADMIN not in chosen_roles(form.roles.data or []):
        return said(_("You are not an administrator any more."), "accounts.show_account")
    return said(_("The roles are saved."), "accounts.show_person", person_id=person_id)


@bp.post("/people/<int:person_id>/extra-time")
@allow(Role.ADMIN)
def set_extra_time(person_id: int) -> ResponseReturnValue:
    form = ExtraTimeForm()
    if not form.validate():
        return page(person_id, extra_time=form, status=422)
    try:
        with transaction():
            services.set_extra_time(
                person_id,
                form.factor.data,
                reason=form.why.data or "",
                actor_id=current_user.id,
                now=utc_now(),
            )
    except Invalid as error:
        put_problem(form.why, error)
        return page(person_id, extra_time=form, status=error.status)
    sentence = _("Saved. It counts from the next timed step that the person begins.")
    return said(sentence, "accounts.show_person", person_id=person_id)


@bp.post("/people/<int:person_id>/closure")
@allow(Role.ADMIN)
def close_account(person_id: int) -> ResponseReturnValue:
    form = ReasonForm()
    if not form.validate():
        return page(person_id, closure=form, status=422)
    try:
        with transaction():
            services.close_account(
                person_id, reason=form.grounds.data, actor_id=current_user.id, now=utc_now()
            )
    except Conflict as error:
        put_problem(form.grounds, error)
        return page(person_id, closure=form, status=error.status)
    sentence = _("The account is closed and signed out everywhere.")
    return said(sentence, "accounts.show_person", person_id=person_id)


@bp.post("/people/<int:person_id>/reopening")
@allow(Role.ADMIN)
def reopen_account(person_id: int) -> ResponseReturnValue:
    form = ReasonForm()
    if not form.validate():
        return page(person_id, closure=form, status=422)
    with transaction():
        services.reopen_account(
            person_id, reason=form.grounds.data, actor_id=current_user.id, now=utc_now()
        )
    return said(_("The account is open again."), "accounts.show_person", person_id=person_id)


@bp.post("/people/<int:person_id>/sign-out")
@allow(Role.ADMIN)
def end_sessions(person_id: int) -> ResponseReturnValue:
    with transaction():
        services.end_sessions_of(person_id, actor_id=current_user.id, now=utc_now())
    sentence = _("The person was signed out everywhere.")
    return said(sentence, "accounts.show_person", person_id=person_id)


def page(person_id: int, *, status: int = 200, **forms: Any) -> ResponseReturnValue:
    """Show a person; forms that were wrong stand in for the fresh ones of the same name."""
    person = queries.person_of(person_id)
    roles = queries.roles_in_order(person)
    shown = {
        "roles": RolesForm(formdata=None, roles=list(roles)),
        "extra_time": ExtraTimeForm(
            formdata=None, factor=person.extra_time, why=person.extra_time_reason
        ),
        "closure": ReasonForm(formdata=None),
        **forms,
    }
    history = audit.history_of(f"person:{person_id}")
    return render_template(
        "accounts/show_person.html",
        somebody=person,
        held=roles,
        sessions=queries.open_sessions(person_id, utc_now()),
        history=history,
        names=names_of(event.actor_id for event in history if event.actor_id),
        forms=shown,
        wrong=next(iter(forms.values()), None),
    ), status
