"""What a trial asks of its raters."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.clock import utc_now
from lms.db import transaction
from lms.trials import queries, services
from lms.trials.domain import AlreadyRequired, BadPeriod
from lms.trials.forms import RequirementEndForm, RequirementForm
from lms.trials.routes import bp
from lms.trials.routes.answers import OFFICE, put_problem, said, viewer
from lms.web.access import allow
from lms.web.filters import today


@bp.get("/trials/<int:trial_id>/requirements")
@allow(*OFFICE)
def list_requirements(trial_id: int) -> ResponseReturnValue:
    return page(trial_id)


@bp.post("/trials/<int:trial_id>/requirements")
@allow(*OFFICE)
def add_requirement(trial_id: int) -> ResponseReturnValue:
    trial = queries.trial_of(viewer(), trial_id)
    form = RequirementForm().offer(queries.module_titles(), queries.requirements_of(trial))
    if not form.validate():
        return page(trial_id, form=form, status=422)
    asked = services.NewRequirement(
        module_slug=form.module_slug.data,
        from_on=form.from_on.data,
        until_on=form.until_on.data,
        level=form.level.data or "",
        instrument=form.instrument.data or "",
    )
    try:
        with transaction():
            services.add_requirement(viewer(), trial_id, asked, now=utc_now())
    except (AlreadyRequired, BadPeriod) as error:
        put_problem(form.until_on if isinstance(error, BadPeriod) else form.module_slug, error)
        return page(trial_id, form=form, status=error.status)
    return said(_("The requirement is added."), ".list_requirements", trial_id=trial_id)


@bp.get("/trials/<int:trial_id>/requirements/<int:requirement_id>")
@allow(*OFFICE)
def edit_requirement(trial_id: int, requirement_id: int) -> ResponseReturnValue:
    return end_page(trial_id, requirement_id)


@bp.post("/trials/<int:trial_id>/requirements/<int:requirement_id>/ending")
@allow(*OFFICE)
def end_requirement(trial_id: int, requirement_id: int) -> ResponseReturnValue:
    form = RequirementEndForm()
    if not form.validate():
        return end_page(trial_id, requirement_id, form=form, status=422)
    try:
        with transaction():
            services.end_requirement(
                viewer(), trial_id, requirement_id, until_on=form.until_on.data, now=utc_now()
            )
    except BadPeriod as error:
        put_problem(form.until_on, error)
        return end_page(trial_id, requirement_id, form=form, status=error.status)
    return said(_("The requirement has an end now."), ".list_requirements", trial_id=trial_id)


def page(
    trial_id: int, *, form: RequirementForm | None = None, status: int = 200
) -> ResponseReturnValue:
    trial = queries.trial_of(viewer(), trial_id)
    asked = queries.requirements_of(trial)
    fresh = RequirementForm(formdata=None, from_on=today())
    return render_template(
        "trials/list_requirements.html",
        trial=trial,
        asked=asked,
        on=today(),
        form=form or fresh.offer(queries.module_titles(), asked),
    ), status


def end_page(
    trial_id: int,
    requirement_id: int,
    *,
    form: RequirementEndForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    trial = queries.trial_of(viewer(), trial_id)
    row = queries.requirement_of(trial, requirement_id)
    return render_template(
        "trials/edit_requirement.html",
        trial=trial,
        asked=next(one for one in queries.requirements_of(trial) if one.id == row.id),
        form=form or RequirementEndForm(formdata=None, until_on=today()),
    ), status
