"""The list of trials, writing one down, its state, and what trials ask of a rater."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms.accounts import api as accounts
from lms.audit import api as audit
from lms.clock import utc_now
from lms.db import transaction
from lms.trials import queries, services
from lms.trials.domain import CodeTaken, State
from lms.trials.forms import ReasonForm, TrialForm
from lms.trials.routes import bp
from lms.trials.routes.answers import OFFICE, put_problem, said, viewer
from lms.web.access import SIGNED_IN, allow
from lms.web.filters import today

MOST_EVENTS = 50


@bp.get("/trials")
@allow(*OFFICE)
def list_trials() -> ResponseReturnValue:
    return render_template(
        "trials/list_trials.html", trials=queries.trials_of(viewer(), today()), viewer=viewer()
    )


@bp.get("/trials/mine")
@allow(SIGNED_IN)
def show_mine() -> ResponseReturnValue:
    person = accounts.person(current_user.id)
    email = person.email if person.confirmed else None
    asked = queries.asked_of_person(current_user.id, email, today())
    return render_template("trials/show_mine.html", trials=asked, confirmed=person.confirmed)


@bp.get("/trials/new")
@allow(*OFFICE)
def new_trial() -> ResponseReturnValue:
    return render_template("trials/new_trial.html", form=TrialForm())


@bp.post("/trials")
@allow(*OFFICE)
def add_trial() -> ResponseReturnValue:
    form = TrialForm()
    if not form.validate():
        return render_template("trials/new_trial.html", form=form), 422
    try:
        with transaction():
            trial_id = services.add_trial(trial_in(form), added_by=current_user.id, now=utc_now())
    except CodeTaken as error:
        put_problem(form.protocol_code, error)
        return render_template("trials/new_trial.html", form=form), error.status
    return said(_("The trial is written down."), ".show_trial", trial_id=trial_id)


@bp.get("/trials/<int:trial_id>/facts")
@allow(*OFFICE)
def edit_trial(trial_id: int) -> ResponseReturnValue:
    return page(trial_id)


@bp.post("/trials/<int:trial_id>/facts")
@allow(*OFFICE)
def correct_trial(trial_id: int) -> ResponseReturnValue:
    form = TrialForm()
    if not form.validate():
        return page(trial_id, form=form, status=422)
    try:
        with transaction():
            services.correct_trial(viewer(), trial_id, trial_in(form), now=utc_now())
    except CodeTaken as error:
        put_problem(form.protocol_code, error)
        return page(trial_id, form=form, status=error.status)
    return said(_("Saved."), ".edit_trial", trial_id=trial_id)


@bp.post("/trials/<int:trial_id>/closure")
@allow(*OFFICE)
def close_trial(trial_id: int) -> ResponseReturnValue:
    return set_state(trial_id, State.CLOSED, _("The trial is closed."))


@bp.post("/trials/<int:trial_id>/reopening")
@allow(*OFFICE)
def reopen_trial(trial_id: int) -> ResponseReturnValue:
    return set_state(trial_id, State.OPEN, _("The trial is open again."))


def set_state(trial_id: int, state: State, sentence: str) -> ResponseReturnValue:
    form = ReasonForm()
    if not form.validate():
        return page(trial_id, state=form, status=422)
    with transaction():
        services.set_state(viewer(), trial_id, state, reason=form.reason.data or "", now=utc_now())
    return said(sentence, ".edit_trial", trial_id=trial_id)


def page(
    trial_id: int,
    *,
    form: TrialForm | None = None,
    state: ReasonForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """Show a trial's facts and state; a form that was wrong stands in for the fresh one."""
    trial = queries.trial_of(viewer(), trial_id)
    everything = audit.history_of(f"trial:{trial_id}")
    history = everything[-MOST_EVENTS:]
    return render_template(
        "trials/edit_trial.html",
        trial=trial,
        form=form or TrialForm(formdata=None, obj=trial),
        state_form=state or ReasonForm(formdata=None),
        wrong=form or state,
        history=history,
        older=len(everything) - len(history),
        names=accounts.names_of({event.actor_id for event in history if event.actor_id}),
    ), status


def trial_in(form: TrialForm) -> services.NewTrial:
    return services.NewTrial(
        name=form.name.data, protocol_code=form.protocol_code.data, sponsor=form.sponsor.data or ""
    )
