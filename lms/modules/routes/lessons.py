"""Lessons: slides, films, texts, and the evidence that they were seen."""

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms.clock import utc_now
from lms.db import transaction
from lms.errors import N_, Invalid, NotFound
from lms.modules import pages, practice, practice_pages, queries, services
from lms.modules.domain import BadEvidence, StepView, unseen_ranges
from lms.modules.queries import EnrolmentFacts
from lms.modules.routes.blueprint import bp
from lms.packages.domain import CalibrationStep, PracticeStep, SlidesStep, TextStep, VideoStep
from lms.web.access import SIGNED_IN, allow


@bp.get("/learning/<slug>/steps/<step_key>")
@allow(SIGNED_IN)
def show_step(slug: str, step_key: str) -> ResponseReturnValue:
    enrolment, view = services.open_step(current_user.id, slug, step_key, now=utc_now())
    match view.step:
        case CalibrationStep():
            return redirect(url_for(".show_calibration", slug=slug), 303)
        case SlidesStep():
            return show_slide(enrolment, view)
        case VideoStep():
            return show_film(enrolment, view)
        case TextStep():
            return render_template("modules/show_text.html", **frame(enrolment, view))
        case _:
            return show_tries(enrolment, view)


def frame(enrolment: EnrolmentFacts | None, view: StepView, **more: object) -> dict[str, object]:
    """Return what every lesson page needs: the module, the step and where it stands."""
    assert enrolment is not None
    return {
        "slug": enrolment.slug,
        "to": pages.Addresses(enrolment.slug),
        "content": enrolment.material.content,
        "view": view,
        "step": view.step,
        "preview": False,
        "pages": pages,
        **more,
    }


def show_slide(enrolment: EnrolmentFacts, view: StepView) -> ResponseReturnValue:
    assert isinstance(view.step, SlidesStep)
    wanted = request.args.get("slide", default=0, type=int)
    if not wanted:
        unseen = [s.number for s in view.step.slides if s.number not in view.evidence.slides]
        wanted = unseen[0] if unseen else 1
    if not 1 <= wanted <= len(view.step.slides):
        raise NotFound(N_("There is no such slide."))
    return render_template(
        "modules/show_slides.html",
        **frame(enrolment, view, slide=view.step.slides[wanted - 1]),
    )


def show_film(enrolment: EnrolmentFacts, view: StepView) -> ResponseReturnValue:
    assert isinstance(view.step, VideoStep)
    seconds = view.step.film.seconds or 1.0
    return render_template(
        "modules/show_film.html",
        **frame(
            enrolment,
            view,
            seconds=seconds,
            unseen=unseen_ranges(view.evidence.ranges, seconds=seconds),
        ),
    )


@bp.get("/learning/<slug>/steps/<step_key>/practice")
@allow(SIGNED_IN)
def show_practice(slug: str, step_key: str) -> ResponseReturnValue:
    """Sum up what the person scored at a practice step."""
    enrolment, view = services.open_step(current_user.id, slug, step_key, now=utc_now())
    if not isinstance(view.step, PracticeStep):
        raise NotFound(N_("This step has no practice cases."))
    material = enrolment.material
    done = practice.practice_of(material, queries.practice_tries(enrolment.id, step_key))
    summary = practice_pages.practice_page(material, done, to=pages.Addresses(slug))
    return render_template("modules/show_practice.html", **frame(enrolment, view, practice=summary))


def show_tries(enrolment: EnrolmentFacts, view: StepView) -> ResponseReturnValue:
    results = queries.results_of(enrolment.id)
    return render_template("modules/show_tries.html", **frame(enrolment, view, results=results))


@bp.post("/learning/<slug>/steps/<step_key>/slides/<int:number>")
@allow(SIGNED_IN)
def see_slide(slug: str, step_key: str, number: int) -> ResponseReturnValue:
    """Note that a slide was seen and go on: to the next one, or back to the path after the last."""
    with transaction():
        services.see_slide(current_user.id, slug, step_key, number, now=utc_now())
    go_to = request.form.get("to", default=0, type=int)
    if go_to:
        return redirect(url_for(".show_step", slug=slug, step_key=step_key, slide=go_to), 303)
    return redirect(url_for(".show_module", slug=slug), 303)


@bp.post("/learning/<slug>/steps/<step_key>/ranges")
@allow(SIGNED_IN)
def see_ranges(slug: str, step_key: str) -> ResponseReturnValue:
    """Take the player's report of what was watched: JSON {"ranges": [[a, b], …], "position": s}."""
    sent = request.get_json(silent=True)
    ranges = sent.get("ranges") if isinstance(sent, dict) else sent
    if not isinstance(ranges, list) or len(ranges) > 500:
        raise Invalid(N_("What the player reported is not a list of times."))
    position = sent.get("position") if isinstance(sent, dict) else None
    now = utc_now()
    try:
        with transaction():
            services.see_ranges(
                current_user.id,
                slug,
                step_key,
                ranges,
                position=float(position) if isinstance(position, int | float) else 0.0,
                now=now,
            )
    except BadEvidence:
        with transaction():  # the clock starts, so that a later report can be believed
            services.open_lesson(current_user.id, slug, step_key, now=now)
        raise
    _enrolment, view = services.open_step(current_user.id, slug, step_key, now=now)
    seconds = getattr(view.step, "film").seconds or 1.0  # noqa: B009
    return jsonify(
        ranges=[list(pair) for pair in view.evidence.ranges],
        unseen=[list(pair) for pair in unseen_ranges(view.evidence.ranges, seconds=seconds)],
        done=view.evidence.done_at is not None,
        words=film_words(view, seconds),
    )


def film_words(view: StepView, seconds: float) -> str:
    if view.evidence.done_at is not None:
        return _("Seen. This step is done.")
    return _(
        "Still to see: %(parts)s.",
        parts=pages.ranges_words(unseen_ranges(view.evidence.ranges, seconds=seconds)),
    )


@bp.post("/learning/<slug>/steps/<step_key>/reading")
@allow(SIGNED_IN)
def read_text(slug: str, step_key: str) -> ResponseReturnValue:
    with transaction():
        services.read_text(current_user.id, slug, step_key, now=utc_now())
    return redirect(url_for(".show_module", slug=slug), 303)


@bp.post("/learning/<slug>/steps/<step_key>/viewing")
@allow(SIGNED_IN)
def view_film(slug: str, step_key: str) -> ResponseReturnValue:
    """Without script: the first press notes the start, the second that the film was watched."""
    now = utc_now()
    with transaction():
        if request.form.get("seen"):
            services.watch_whole_film(current_user.id, slug, step_key, now=now)
        else:
            services.open_lesson(current_user.id, slug, step_key, now=now)
    return redirect(url_for(".show_step", slug=slug, step_key=step_key), 303)
