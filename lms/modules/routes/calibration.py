"""Calibration: a certified rater's chart, and everybody's for those who own the module."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms import jobs
from lms.accounts import api as accounts
from lms.accounts.domain import Role
from lms.clock import utc_now
from lms.db import transaction
from lms.errors import N_, NotFound
from lms.modules import calibrating, pages, rounds
from lms.modules import calibration_pages as own
from lms.modules.domain import Timing
from lms.modules.material import material_of
from lms.modules.routes.blueprint import bp
from lms.packages import api as packages
from lms.web.access import SIGNED_IN, allow


@bp.get("/learning/<slug>/calibration")
@allow(SIGNED_IN)
def show_calibration(slug: str) -> ResponseReturnValue:
    now = utc_now()
    found = calibrating.held_course(current_user.id, slug)
    material = found.enrolment.material
    titles = {case.key: case.title for case in found.step.cases}
    return render_template(
        "modules/show_calibration.html",
        found=found,
        shown=own.shown(found, material.instrument, titles),
        failing=own.section_titles(material.instrument, found.course.failing),
        timing=own.timing_words(found, now),
        open=found.schedule.timing(now) is not Timing.NOT_YET,
        performance=found.performance(now),
        may_be_renewed=rounds.may_be_renewed(found.enrolment, today=now.date()),
        content=material.content,
        slug=slug,
        to=pages.Addresses(slug),
        total=material.instrument.total(found.step.total).label,
    )


@bp.post("/learning/<slug>/calibration/renewal")
@allow(SIGNED_IN)
def renew_by_performance(slug: str) -> ResponseReturnValue:
    with transaction():
        certificate_id = calibrating.renew_by_performance(current_user.id, slug, now=utc_now())
    jobs.kick()
    flash(_("Renewed. The new certificate is signed in the background and mailed to you."), "ok")
    return redirect(url_for("certificates.show_certificate", certificate_id=certificate_id), 303)


@bp.post("/learning/<slug>/calibration/rounds")
@allow(SIGNED_IN)
def begin_remediation(slug: str) -> ResponseReturnValue:
    with transaction():
        calibrating.begin_remediation(current_user.id, slug, now=utc_now())
    flash(_("Begun. Only what your scores ask for is to be done again."))
    return redirect(url_for(".show_module", slug=slug), 303)


@bp.get("/studio/packages/<slug>/calibration")
@allow(Role.CREATOR, Role.ADMIN)
def list_calibration(slug: str) -> ResponseReturnValue:
    """List how every certified rater stands; names only for administrators."""
    everything = bool(current_user.has_role(Role.ADMIN))
    if not (everything or slug in packages.slugs_of(current_user.id)):
        raise NotFound(N_("You have no package of this name."))
    release = packages.current_release(slug)
    found = calibrating.raters_of(slug)
    names = accounts.names_of(one.enrolment.person_id for one in found) if everything else {}
    return render_template(
        "modules/list_calibration.html",
        rows=[
            {
                "name": names.get(one.enrolment.person_id, ""),
                "number": number,
                "state": one.course.standing[0],
                "words": _(one.course.standing[1]),
                "figure": own.last_figure(one),
                "cases": len(one.course.points),
                "timing": own.timing_words(one, utc_now()),
                "failing": own.section_titles(
                    one.enrolment.material.instrument, one.course.failing
                ),
                "alerts": one.alerts,
            }
            for number, one in enumerate(found, start=1)
        ],
        content=material_of(release.digest).content,
        release=release,
        named=everything,
    )
