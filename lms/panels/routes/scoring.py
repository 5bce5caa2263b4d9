"""An expert's pages: what they are asked, and each case on the instrument's own form, blind."""

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms.clock import utc_now
from lms.db import transaction
from lms.instruments import api as instruments
from lms.packages.domain import Case
from lms.panels import pages, queries, services
from lms.panels.domain import AlreadyHandedIn, Incomplete, PanelClosed
from lms.panels.queries import TaskFacts
from lms.panels.routes.blueprint import bp, own_address, utc_day
from lms.web.access import SIGNED_IN, allow
from lms.web.filters import clock_time


@bp.get("/panels")
@allow(SIGNED_IN)
def list_tasks() -> ResponseReturnValue:
    email = own_address()
    if email is not None and queries.asked_by_address(email):
        with transaction():
            services.bind_all(current_user.id, email, now=utc_now())
    tasks = queries.tasks_of(current_user.id, email, today=utc_day())
    groups: dict[int, list[TaskFacts]] = {}
    for task in tasks:
        groups.setdefault(task.panel.id, []).append(task)
    return render_template(
        "panels/list_tasks.html",
        groups=list(groups.values()),
        decides=[
            panel
            for panel in queries.adjudicated_by(current_user.id, today=utc_day())
            if panel.state == "closed"
        ],
        confirmed=email is not None,
    )


@bp.get("/panels/tasks/<int:task_id>")
@allow(SIGNED_IN)
def show_task(task_id: int) -> ResponseReturnValue:
    return task_page(own_task(task_id))


@bp.post("/panels/tasks/<int:task_id>/ratings")
@allow(SIGNED_IN)
def save_rating(task_id: int) -> ResponseReturnValue:
    """Keep what the form holds, for the page that saves by itself."""
    now = utc_now()
    keep(own_task(task_id))
    return jsonify(saved_at=clock_time(now))


@bp.post("/panels/tasks/<int:task_id>/submission")
@allow(SIGNED_IN)
def hand_in(task_id: int) -> ResponseReturnValue:
    """Keep the form, and hand the case in where the button says so."""
    task = own_task(task_id)
    try:
        keep(task)
        if request.form.get("to") != "submit":
            return redirect(url_for(".list_tasks"), 303)
        with transaction():
            services.hand_in(task_id, person_id=current_user.id, email=own_address(), now=utc_now())
    except Incomplete:
        return task_page(own_task(task_id), refuse=True)
    except (AlreadyHandedIn, PanelClosed) as error:
        flash(_(error.message), "warning")
        return redirect(url_for(".show_task", task_id=task_id), 303)
    flash(_("The case is handed in."), "ok")
    return redirect(after(task), 303)


def own_task(task_id: int) -> TaskFacts:
    return queries.task_of(current_user.id, own_address(), task_id, today=utc_day())


def keep(task: TaskFacts) -> None:
    before = {item: value for item, (value, _at) in queries.saved_of(task.id).items()}
    changed = instruments.changed_ratings(task.panel.instrument, request.form, before=before)
    with transaction():
        services.save_ratings(task, changed, person_id=current_user.id, now=utc_now())


def after(task: TaskFacts) -> str:
    """Return where to go on: the panel's next open case, or the list."""
    for other in siblings(task):
        if other.open:
            return url_for(".show_task", task_id=other.id)
    return url_for(".list_tasks")


def siblings(task: TaskFacts) -> list[TaskFacts]:
    """Return what the person is asked in the same round of the panel, in order."""
    tasks = queries.tasks_of(current_user.id, own_address(), today=utc_day())
    return [one for one in tasks if (one.panel.id, one.round) == (task.panel.id, task.round)]


def initial_scores(case: Case, tasks: list[TaskFacts]) -> dict[str, str]:
    """Return in words what the expert scored at the initial visit, {} where that is not asked."""
    for other in tasks:
        if other.case_key == case.follows:
            raw = other.ratings
            if raw is None:
                raw = {item: value for item, (value, _at) in queries.saved_of(other.id).items()}
            return pages.scores_in_words(other.panel, raw)
    return {}


def task_page(task: TaskFacts, *, refuse: bool = False) -> ResponseReturnValue:
    """Show a case with the form: open to score, or as it was handed in.

    Only what a trainee may see before a submission goes to the template, never the case's key.
    """
    saved = queries.saved_of(task.id)
    raw: dict[str, Any] = {item: value for item, (value, _at) in saved.items()}
    problems: dict[str, str] = {}
    if refuse:
        rated, refused = instruments.read_ratings(task.panel.instrument, raw)
        problems = instruments.unfinished(task.panel.instrument, rated) | refused
    tasks = siblings(task)
    case = task.panel.case(task.case_key)
    page = render_template(
        "panels/show_task.html",
        task=task,
        tasks=tasks,
        content=task.panel.content,
        instrument=task.panel.instrument,
        case=case,
        initial=pages.initial_title(task.panel, case),
        before=initial_scores(case, tasks),
        raw=task.ratings if task.ratings is not None else raw,
        problems=problems,
        saved_at=max((at for _value, at in saved.values()), default=None),
    )
    return page, 422 if problems else 200
