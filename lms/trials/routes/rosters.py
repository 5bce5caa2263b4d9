"""A roster as a file: sent, looked at row by row, applied."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms import jobs
from lms.clock import utc_now
from lms.db import transaction
from lms.errors import LmsError
from lms.trials import queries, services
from lms.trials.domain import BadRosterFile, Verdict
from lms.trials.domain.roster_file import MOST_BYTES
from lms.trials.forms import RosterForm
from lms.trials.routes import bp
from lms.trials.routes.answers import OFFICE, put_problem, said, viewer
from lms.web.access import allow
from lms.web.filters import today

EXAMPLE = (
    "email,name,site,site name,country,role,language,from\r\n"
    "robin@example.org,Robin Marsh,01,North Hospital,Norway,Sub-investigator,en,2026-12-01\r\n"
)


@bp.get("/trials/<int:trial_id>/rosters/new")
@allow(*OFFICE)
def new_roster(trial_id: int) -> ResponseReturnValue:
    return page(trial_id, RosterForm(formdata=None))


@bp.post("/trials/<int:trial_id>/rosters")
@allow(*OFFICE)
def check_roster(trial_id: int) -> ResponseReturnValue:
    form = RosterForm()
    if not form.validate():
        return page(trial_id, form, status=422)
    with form.file.data.stream as stream:
        data = stream.read(MOST_BYTES + 1)
    name = form.file.data.filename or _("roster")
    sent = services.SentFile(name=name, data=data, adds_sites=form.adds_sites.data)
    try:
        with transaction():
            upload_id = services.keep_roster(viewer(), trial_id, sent, now=utc_now())
    except BadRosterFile as error:
        put_problem(form.file, translated(error))
        return page(trial_id, form, status=error.status)
    sentence = _("Nothing is changed yet. Look at the rows and apply them.")
    return said(sentence, ".show_roster", trial_id=trial_id, upload_id=upload_id)


@bp.get("/trials/<int:trial_id>/rosters/<int:upload_id>")
@allow(*OFFICE)
def show_roster(trial_id: int, upload_id: int) -> ResponseReturnValue:
    trial = queries.trial_of(viewer(), trial_id)
    judgement = queries.judgement_of(trial, upload_id, today=today())
    progress = jobs.progress(judgement.job_id) if judgement.job_id else None
    return render_template(
        "trials/show_roster.html",
        trial=trial,
        upload_id=upload_id,
        judgement=judgement,
        progress=progress,
        Verdict=Verdict,
    )


@bp.post("/trials/<int:trial_id>/rosters/<int:upload_id>/application")
@allow(*OFFICE)
def apply_roster(trial_id: int, upload_id: int) -> ResponseReturnValue:
    with transaction():
        services.apply_roster(viewer(), trial_id, upload_id, today=today(), now=utc_now())
    jobs.kick()
    sentence = _("The file is being applied.")
    return said(sentence, ".show_roster", trial_id=trial_id, upload_id=upload_id)


@bp.get("/trials/roster-example.csv")
@allow(*OFFICE)
def export_example() -> ResponseReturnValue:
    return Response(
        "\ufeff" + EXAMPLE,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": "attachment; filename=roster-example.csv"},
    )


def translated(error: LmsError) -> LmsError:
    """Return the same error with the sentence inside its sentence translated as well."""
    values = dict(error.values)
    if "what" in values:
        values["what"] = _(values["what"])
    return type(error)(error.message, **values)


def page(trial_id: int, form: RosterForm, *, status: int = 200) -> ResponseReturnValue:
    trial = queries.trial_of(viewer(), trial_id)
    return render_template("trials/new_roster.html", trial=trial, form=form), status
