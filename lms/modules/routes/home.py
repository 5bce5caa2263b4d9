"""Home, the catalogue, and the path of a module."""

from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms.accounts.domain import Role
from lms.certificates import api as certificates
from lms.clock import utc_now
from lms.db import transaction
from lms.modules import calibrating, pages, queries, rounds, services
from lms.modules.calibration_pages import timing_words
from lms.modules.domain import Path, Timing, path_of
from lms.modules.domain.doubts import Doubts
from lms.modules.material import material_of
from lms.modules.queries import EnrolmentFacts
from lms.modules.routes.blueprint import bp
from lms.modules.waiting import doubts_about
from lms.modules.what_changed import what_changed
from lms.packages import api as packages
from lms.packages.domain.releases import WaitingDraft
from lms.panels import api as panels
from lms.panels.domain import WaitingPanel
from lms.web.access import ANYONE, SIGNED_IN, allow


@bp.get("/")
@allow(SIGNED_IN)
def show_home() -> ResponseReturnValue:
    now = utc_now()
    enrolments = queries.enrolments_of(current_user.id)
    paths = paths_of(enrolments)
    here = next((e for e in enrolments if not paths[e.id].finished), None)
    saved = None
    if here is not None:
        step = paths[here.id].next
        if step is not None and step.open_try is not None:
            saved = queries.latest_saved_at([step.open_try.id]).get(step.open_try.id)
    held = certificates.certificates_of(current_user.id, on=now.date())
    panel_cases, studio = what_waits(now.date())
    return render_template(
        "modules/show_home.html",
        enrolment=here,
        path=paths[here.id] if here else None,
        saved=saved,
        others=[(e, paths[e.id]) for e in enrolments if e is not here and not paths[e.id].finished],
        certificates=held,
        renewable=rounds.renewable(enrolments, held, today=now.date()),
        calibrations=[
            (one, timing_words(one, now))
            for one in calibrating.courses_for(latest_of_each(enrolments)).values()
            if one.schedule.timing(now) is not Timing.NOT_YET
        ],
        panel_cases=panel_cases,
        studio=studio,
        pages=pages,
    )


@dataclass(frozen=True)
class StudioWaits:
    """What waits for a creator; empty where nothing does. Doubts stand with the module's title."""

    drafts: tuple[WaitingDraft, ...]
    panels: list[WaitingPanel]
    doubts: list[tuple[str, Doubts]]

    def __bool__(self) -> bool:
        return bool(self.drafts or self.panels or self.doubts)


def what_waits(today: date) -> tuple[int, StudioWaits | None]:
    """Return how many cases wait for the person as an expert, and what waits in the studio."""
    person_id = current_user.id
    if not any(current_user.has_role(role) for role in (Role.CREATOR, Role.ADMIN)):
        return panels.count_open(person_id, today=today), None
    cases, waiting = panels.waiting_of(person_id, today=today)
    studio = packages.studio_of(person_id)
    doubts = [(studio.titles[one.slug], one) for one in doubts_about(frozenset(studio.titles))]
    return cases, StudioWaits(studio.drafts, waiting, doubts)


def latest_of_each(enrolments: list[EnrolmentFacts]) -> list[EnrolmentFacts]:
    """Return the latest round of each module, of enrolments that stand the latest first."""
    return list({one.slug: one for one in reversed(enrolments)}.values())


def paths_of(enrolments: list[EnrolmentFacts]) -> dict[int, Path]:
    facts = queries.facts_of_many(enrolments) if enrolments else {}
    now = utc_now()
    return {e.id: path_of(e.material.content, facts[e.id], now=now) for e in enrolments}


@bp.get("/learning")
@allow(ANYONE)
def list_modules() -> ResponseReturnValue:
    enrolments = queries.enrolments_of(current_user.id) if current_user.is_authenticated else []
    paths = paths_of(enrolments)
    return render_template(
        "modules/list_modules.html",
        releases=packages.catalogue(),
        contents={r.slug: material_of(r.digest).content for r in packages.catalogue()},
        mine={e.slug: (e, paths[e.id]) for e in reversed(enrolments)},
        pages=pages,
    )


@bp.get("/learning/<slug>")
@allow(ANYONE)
def show_module(slug: str) -> ResponseReturnValue:
    enrolment = None
    if current_user.is_authenticated:
        enrolment = queries.find_enrolment(current_user.id, slug)
    if enrolment is None:
        release = packages.current_release(slug)
        return render_template(
            "modules/show_module.html",
            enrolment=None,
            release=release,
            material=material_of(release.digest),
            path=None,
            changes=what_changed(slug),
            pages=pages,
            to=pages.Addresses(slug),
        )
    if close_overdue(enrolment):
        return redirect(url_for(".show_module", slug=slug), 303)
    now = utc_now()
    return render_template(
        "modules/show_module.html",
        enrolment=enrolment,
        may_be_renewed=rounds.may_be_renewed(enrolment, today=now.date()),
        release=packages.release(enrolment.release_id),
        material=enrolment.material,
        path=services.current_path(enrolment, now=now),
        changes=what_changed(slug),
        pages=pages,
        to=pages.Addresses(slug),
    )


def close_overdue(enrolment: EnrolmentFacts) -> bool:
    """Hand in an attempt whose time ran out unseen, so that no page shows it as open."""
    now = utc_now()
    overdue = queries.overdue_attempts(enrolment.id, now)
    for attempt_id in overdue:
        with transaction():
            services.close_overdue(enrolment.person_id, attempt_id, now=now)
        flash(_("The time of a try was up. It counts with the answers as they stood."))
    return bool(overdue)


@bp.post("/learning/<slug>/enrolment")
@allow(SIGNED_IN)
def enrol(slug: str) -> ResponseReturnValue:
    with transaction():
        services.enrol(current_user.id, slug, now=utc_now())
    return redirect(url_for(".show_module", slug=slug), 303)


@bp.post("/learning/<slug>/rounds")
@allow(SIGNED_IN)
def renew(slug: str) -> ResponseReturnValue:
    with transaction():
        rounds.renew(current_user.id, slug, now=utc_now())
    flash(_("The renewal has begun. What you hold stays as it is until you have passed."))
    return redirect(url_for(".show_module", slug=slug), 303)
