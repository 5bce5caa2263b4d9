"""Who looks after a trial."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms.clock import utc_now
from lms.db import transaction
from lms.errors import Conflict, Invalid
from lms.trials import queries, services
from lms.trials.domain import AlreadyCoordinator
from lms.trials.forms import CoordinatorForm
from lms.trials.routes import bp
from lms.trials.routes.answers import OFFICE, put_problem, said, viewer
from lms.web.access import allow


@bp.get("/trials/<int:trial_id>/coordinators")
@allow(*OFFICE)
def list_coordinators(trial_id: int) -> ResponseReturnValue:
    return page(trial_id)


@bp.post("/trials/<int:trial_id>/coordinators")
@allow(*OFFICE)
def add_coordinator(trial_id: int) -> ResponseReturnValue:
    form = CoordinatorForm()
    if not form.validate():
        return page(trial_id, form=form, status=422)
    try:
        with transaction():
            services.add_coordinator(viewer(), trial_id, form.email.data, now=utc_now())
    except (Invalid, AlreadyCoordinator) as error:
        put_problem(form.email, error)
        return page(trial_id, form=form, status=error.status)
    return said(_("The coordinator is added."), ".list_coordinators", trial_id=trial_id)


@bp.post("/trials/<int:trial_id>/coordinators/<int:coordinator_id>/ending")
@allow(*OFFICE)
def end_coordinator(trial_id: int, coordinator_id: int) -> ResponseReturnValue:
    trial = queries.trial_of(viewer(), trial_id)
    themselves = queries.coordinator_of(trial, coordinator_id).person_id == current_user.id
    try:
        with transaction():
            services.end_coordinator(viewer(), trial_id, coordinator_id, now=utc_now())
    except Conflict as error:
        return page(trial_id, problem=_(error.message, **error.values), status=error.status)
    if themselves and not viewer().sees_all:
        return redirect(url_for(".list_trials"), 303)
    sentence = _("The person looks after the trial no longer.")
    return said(sentence, ".list_coordinators", trial_id=trial_id)


def page(
    trial_id: int, *, form: CoordinatorForm | None = None, problem: str = "", status: int = 200
) -> ResponseReturnValue:
    trial = queries.trial_of(viewer(), trial_id)
    return render_template(
        "trials/list_coordinators.html",
        trial=trial,
        coordinators=queries.coordinators_of(trial),
        problem=problem,
        form=form or CoordinatorForm(formdata=None),
    ), status
