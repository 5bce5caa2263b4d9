"""The sites of a trial."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.clock import utc_now
from lms.db import transaction
from lms.trials import queries, services
from lms.trials.domain import NewSite, SiteTaken
from lms.trials.forms import SiteFactsForm, SiteForm
from lms.trials.routes import bp
from lms.trials.routes.answers import OFFICE, put_problem, said, viewer
from lms.web.access import allow


@bp.get("/trials/<int:trial_id>/sites")
@allow(*OFFICE)
def list_sites(trial_id: int) -> ResponseReturnValue:
    return page(trial_id)


@bp.post("/trials/<int:trial_id>/sites")
@allow(*OFFICE)
def add_site(trial_id: int) -> ResponseReturnValue:
    form = SiteForm()
    if not form.validate():
        return page(trial_id, form=form, status=422)
    site = NewSite(form.number.data, form.name.data or "", form.country.data or "")
    try:
        with transaction():
            services.add_site(viewer(), trial_id, site, now=utc_now())
    except SiteTaken as error:
        put_problem(form.number, error)
        return page(trial_id, form=form, status=error.status)
    return said(
        _("Site %(number)s is added.", number=site.number), ".list_sites", trial_id=trial_id
    )


@bp.get("/trials/<int:trial_id>/sites/<int:site_id>")
@allow(*OFFICE)
def edit_site(trial_id: int, site_id: int) -> ResponseReturnValue:
    return site_page(trial_id, site_id)


@bp.post("/trials/<int:trial_id>/sites/<int:site_id>")
@allow(*OFFICE)
def correct_site(trial_id: int, site_id: int) -> ResponseReturnValue:
    form = SiteFactsForm()
    if not form.validate():
        return site_page(trial_id, site_id, form=form, status=422)
    with transaction():
        services.correct_site(
            viewer(),
            trial_id,
            site_id,
            name=form.name.data or "",
            country=form.country.data or "",
            now=utc_now(),
        )
    return said(_("Saved."), ".list_sites", trial_id=trial_id)


def page(trial_id: int, *, form: SiteForm | None = None, status: int = 200) -> ResponseReturnValue:
    trial = queries.trial_of(viewer(), trial_id)
    return render_template(
        "trials/list_sites.html",
        trial=trial,
        sites=queries.sites_of(trial),
        form=form or SiteForm(formdata=None),
    ), status


def site_page(
    trial_id: int, site_id: int, *, form: SiteFactsForm | None = None, status: int = 200
) -> ResponseReturnValue:
    trial = queries.trial_of(viewer(), trial_id)
    site = queries.site_of(trial, site_id)
    return render_template(
        "trials/edit_site.html",
        trial=trial,
        site=site,
        form=form or SiteFactsForm(formdata=None, obj=site),
    ), status
