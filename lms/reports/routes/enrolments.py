"""One person's way through one module, for administrators."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms.accounts import api as accounts
from lms.accounts.domain import Role
from lms.audit import api as audit
from lms.clock import utc_now
from lms.db import transaction
from lms.modules import api as modules
from lms.modules.api import Progress
from lms.modules.domain import StepView
from lms.packages import api as packages
from lms.reports.forms import FurtherTryForm
from lms.reports.routes.blueprint import bp
from lms.web.access import allow


@bp.get("/reports/enrolments/<int:enrolment_id>")
@allow(Role.ADMIN)
def show_enrolment(enrolment_id: int) -> ResponseReturnValue:
    progress = modules.progress_of(enrolment_id, now=utc_now())
    return page(progress, form_for(progress, fresh=True))


@bp.post("/reports/enrolments/<int:enrolment_id>/further-tries")
@allow(Role.ADMIN)
def allow_further_try(enrolment_id: int) -> ResponseReturnValue:
    progress = modules.progress_of(enrolment_id, now=utc_now())
    form = form_for(progress)
    if not form.validate():
        return page(progress, form, status=422)
    with transaction():
        modules.allow_further_try(
            enrolment_id,
            form.step.data,
            allowed_by=current_user.id,
            reason=form.reason.data,
            now=utc_now(),
        )
    flash(_("One more try is allowed."), "ok")
    return redirect(url_for(".show_enrolment", enrolment_id=enrolment_id), 303)


def form_for(progress: Progress, *, fresh: bool = False) -> FurtherTryForm:
    form = FurtherTryForm(formdata=None) if fresh else FurtherTryForm()
    form.step.choices = [(view.step.key, view.step.title) for view in used_up(progress)]
    return form


def used_up(progress: Progress) -> list[StepView]:
    """Return the steps at which the person has no try left."""
    return [
        view
        for view in progress.path.steps
        if view.done_at is None and view.next is not None and view.next.left == 0
        if view.open_try is None
    ]


def page(progress: Progress, form: FurtherTryForm, *, status: int = 200) -> ResponseReturnValue:
    history = audit.history_of(f"enrolment:{progress.enrolment_id}")
    return render_template(
        "reports/show_enrolment.html",
        progress=progress,
        somebody=accounts.person(progress.person_id),
        release=packages.release(progress.release_id),
        form=form,
        history=history,
        names=accounts.names_of(event.actor_id for event in history if event.actor_id),
    ), status
