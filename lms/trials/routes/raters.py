"""One rater: coming, standing, moving, leaving."""

from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms import jobs
from lms.certificates.domain import shown_code
from lms.clock import utc_now
from lms.db import transaction
from lms.errors import Conflict, Invalid, LmsError
from lms.modules import api as training
from lms.trials import queries, services
from lms.trials.domain import Asked, BadPeriod, Entry, OnRoster, Verdict
from lms.trials.forms import LastDayForm, RaterForm
from lms.trials.routes import bp
from lms.trials.routes.answers import OFFICE, put_problem, said, viewer
from lms.web.access import allow
from lms.web.filters import today


@bp.get("/trials/<int:trial_id>/raters/new")
@allow(*OFFICE)
def new_rater(trial_id: int) -> ResponseReturnValue:
    trial = queries.trial_of(viewer(), trial_id)
    chosen = known_rater(trial_id, request.args.get("of", ""))
    form = RaterForm(formdata=None, from_on=today(), site=request.args.get("site", ""))
    if chosen is not None:
        sites = {site.id: site.number for site in queries.sites_of(trial)}
        form.process(formdata=None, obj=chosen, site=sites[chosen.site_id], from_on=today())
    return page(trial_id, form, changes=chosen is not None)


@bp.post("/trials/<int:trial_id>/raters")
@allow(*OFFICE)
def add_rater(trial_id: int) -> ResponseReturnValue:
    trial = queries.trial_of(viewer(), trial_id)
    form = RaterForm().offer(queries.sites_of(trial))
    if not form.validate():
        return page(trial_id, form, status=422)
    try:
        entry = entry_in(form)
        with transaction():
            verdict = services.add_rater(viewer(), trial_id, entry, today=today(), now=utc_now())
    except (Conflict, Invalid) as error:
        put_problem(field_of(form, error), error)
        return page(trial_id, form, status=error.status)
    jobs.kick()
    return said(sentence_for(verdict, entry.name), ".show_trial", trial_id=trial_id)


@bp.get("/trials/<int:trial_id>/raters/<int:rater_id>")
@allow(*OFFICE)
def show_rater(trial_id: int, rater_id: int) -> ResponseReturnValue:
    return rater_page(trial_id, rater_id)


@bp.post("/trials/<int:trial_id>/raters/<int:rater_id>/ending")
@allow(*OFFICE)
def end_rater(trial_id: int, rater_id: int) -> ResponseReturnValue:
    form = LastDayForm()
    if not form.validate():
        return rater_page(trial_id, rater_id, form=form, status=422)
    try:
        with transaction():
            services.end_rater(
                viewer(),
                trial_id,
                rater_id,
                to_on=form.to_on.data,
                reason=form.reason.data,
                now=utc_now(),
            )
    except BadPeriod as error:
        put_problem(form.to_on, error)
        return rater_page(trial_id, rater_id, form=form, status=error.status)
    sentence = _("The entry has an end now.")
    return said(sentence, ".show_rater", trial_id=trial_id, rater_id=rater_id)


class BadAddress(Invalid):
    """The address on the form cannot be written to."""


class BadPersonName(Invalid):
    """The name on the form cannot be printed."""


def entry_in(form: RaterForm) -> Entry:
    """Return the form's entry, address and name cleaned.

    Raises:
        BadAddress: if mail could not be sent to the address.
        BadPersonName: if the name cannot be printed.
    """
    try:
        email = queries.read_email(form.email.data)
    except LmsError as error:
        raise BadAddress(error.message, **error.values) from error
    try:
        name = queries.read_name(form.name.data)
    except LmsError as error:
        raise BadPersonName(error.message, **error.values) from error
    return Entry(
        email=email,
        name=name,
        site=form.site.data,
        role=form.role.data or "",
        language=form.language.data or "",
        from_on=form.from_on.data,
    )


def field_of(form: RaterForm, error: LmsError) -> object:
    """Return the field that a refusal is about: the address, the name, or else the day."""
    if isinstance(error, BadPersonName):
        return form.name
    return form.email if isinstance(error, Conflict | BadAddress) else form.from_on


def sentence_for(verdict: Verdict, name: str) -> str:
    if verdict is Verdict.NEW:
        return _("%(name)s is on the roster and is invited by mail.", name=name)
    if verdict is Verdict.KNOWN:
        return _("%(name)s is on the roster and is told by mail.", name=name)
    if verdict is Verdict.MOVED:
        return _("%(name)s is moved to the other site.", name=name)
    return _("The entry of %(name)s is changed.", name=name)


def known_rater(trial_id: int, asked: str) -> OnRoster | None:
    """Return the entry that the form is to begin with, None where the address names none."""
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        return None
    return queries.rater_facts(queries.trial_of(viewer(), trial_id), int(asked))


def page(
    trial_id: int, form: RaterForm, *, changes: bool = False, status: int = 200
) -> ResponseReturnValue:
    trial = queries.trial_of(viewer(), trial_id)
    sites = queries.sites_of(trial)
    return render_template(
        "trials/new_rater.html", trial=trial, sites=sites, form=form.offer(sites), changes=changes
    ), status


def rater_page(
    trial_id: int, rater_id: int, *, form: LastDayForm | None = None, status: int = 200
) -> ResponseReturnValue:
    trial = queries.trial_of(viewer(), trial_id)
    asked, row = queries.row_of(trial, rater_id, today())
    return render_template(
        "trials/show_rater.html",
        trial=trial,
        asked=asked,
        row=row,
        on=today(),
        shown_code=shown_code,
        stays=queries.stays_of(trial, row.rater.email),
        calibration=calibration_of(row.rater, asked),
        form=form or LastDayForm(formdata=None, to_on=today()),
    ), status


def calibration_of(rater: OnRoster, asked: Sequence[Asked]) -> list[tuple[str, str, str]]:
    """Return (title, state, words) of each module that is asked for and calibrates its raters."""
    if rater.person_id is None:
        return []
    slugs = {one.module_slug: one.title for one in asked}
    found = training.calibration_of([rater.person_id], list(slugs))
    standings = [(slugs[slug], *one.course.standing) for (_id, slug), one in found.items()]
    return [(title, state, _(words)) for title, state, words in standings]
