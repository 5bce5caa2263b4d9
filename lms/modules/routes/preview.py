"""A draft as a trainee will see it: the same pages, every step open, nothing counted or kept."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms.accounts.domain import Role
from lms.clock import utc_now
from lms.errors import N_, NotFound
from lms.instruments import api as instruments
from lms.modules import (
    criteria_words,
    marked,
    pages,
    practice,
    practice_pages,
    visit_pages,
    visits,
)
from lms.modules.domain import (
    Facts,
    LessonEvidence,
    StepState,
    StepView,
    draw_quiz,
    path_of,
)
from lms.modules.forms import DatesForm
from lms.modules.look_again import look_again
from lms.modules.material import Material, material_of
from lms.modules.routes.blueprint import bp
from lms.packages import api as packages
from lms.packages.domain import (
    Case,
    CertificationStep,
    PracticeStep,
    QuizStep,
    SlidesStep,
    TextStep,
    VideoStep,
)
from lms.web.access import allow

CREATORS = (Role.CREATOR, Role.ADMIN)
NOTHING = Facts(evidence={}, tries={}, further={})


def draft_material(draft_id: int) -> Material:
    """Return what a draft holds, if this person may see it."""
    digest = packages.draft_digest(
        draft_id, person_id=current_user.id, everything=current_user.has_role(Role.ADMIN)
    )
    return material_of(digest)


@bp.get("/preview/<int:draft_id>")
@allow(*CREATORS)
def preview_module(draft_id: int) -> ResponseReturnValue:
    material = draft_material(draft_id)
    return render_template(
        "modules/preview_module.html",
        material=material,
        path=[open_view(view) for view in path_of(material.content, NOTHING, now=utc_now()).steps],
        draft_id=draft_id,
        to=pages.PreviewAddresses(draft_id),
        pages=pages,
        preview=True,
        panel=criteria_words.panel_rows(material),
    )


def open_view(view: StepView) -> StepView:
    return StepView(
        step=view.step,
        number=view.number,
        state=StepState.NOW,
        missing=(),
        cycle=0,
        evidence=LessonEvidence(),
        tries=(),
        next=None,
        count=0,
        needed=view.needed,
        done_at=None,
    )


@bp.get("/preview/<int:draft_id>/validity")
@allow(*CREATORS)
def preview_validity(draft_id: int) -> ResponseReturnValue:
    """Try the rule by which the certificates of a draft end with days of one's choice."""
    material = draft_material(draft_id)
    today = utc_now().date()
    asked = bool(request.args)
    form = DatesForm(request.args if asked else None, data={"issued_on": today})
    fine = form.validate() if asked else True
    terms = pages.tried_terms(material.content.certificate, form) if fine else []
    page = render_template(
        "modules/preview_validity.html",
        material=material,
        draft_id=draft_id,
        form=form,
        terms=terms,
        rule=material.content.certificate.rule,
        pages=pages,
    )
    return page, 200 if fine else 422


@bp.get("/preview/<int:draft_id>/steps/<step_key>")
@allow(*CREATORS)
def preview_step(draft_id: int, step_key: str) -> ResponseReturnValue:
    material = draft_material(draft_id)
    common = frame(material, draft_id, step_key)
    match common["step"]:
        case SlidesStep(slides=slides):
            wanted = request.args.get("slide", default=1, type=int)
            if not 1 <= wanted <= len(slides):
                raise NotFound(N_("There is no such slide."))
            return render_template("modules/show_slides.html", **common, slide=slides[wanted - 1])
        case VideoStep(film=film):
            seconds = film.seconds or 1.0
            return render_template(
                "modules/show_film.html", **common, seconds=seconds, unseen=[(0.0, seconds)]
            )
        case TextStep():
            return render_template("modules/show_text.html", **common)
        case QuizStep() as step:
            return preview_question(material, step, common)
        case _:
            return preview_case(material, common, raw={}, problems={})


def frame(material: Material, draft_id: int, step_key: str) -> dict[str, Any]:
    try:
        view = path_of(material.content, NOTHING, now=utc_now()).step(step_key)
    except KeyError:
        raise NotFound(N_("The module has no such step.")) from None
    return {
        "slug": material.content.slug,
        "to": pages.PreviewAddresses(draft_id, step_key),
        "content": material.content,
        "view": open_view(view),
        "step": view.step,
        "draft_id": draft_id,
        "preview": True,
        "pages": pages,
        "attempt": None,
        "saved_at": None,
        "save_url": "",
        "go_url": "",
    }


def preview_question(
    material: Material, step: QuizStep, common: dict[str, Any]
) -> ResponseReturnValue:
    """Show a question of a draw that is always the same, so that links to it hold."""
    drawn = draw_quiz(step, seed=1, seen=()).content
    number = request.args.get("n", default=1, type=int)
    if not 1 <= number <= len(drawn):
        raise NotFound(N_("This attempt has no such part."))
    entry = drawn[number - 1]
    question = material.questions[entry["question"]]
    options = {option.key: option for option in question.options}
    return render_template(
        "modules/show_question.html",
        **common,
        number=number,
        total=len(drawn),
        question=question,
        options=[options[key] for key in entry["options"]],
        given=None,
        answered=[False] * len(drawn),
        answered_count=0,
        problems={},
    )


def cases_of(common: dict[str, Any]) -> list[Case]:
    step = common["step"]
    if isinstance(step, PracticeStep):
        return list(step.cases)
    assert isinstance(step, CertificationStep)
    return [case for form in step.forms for case in form.cases]


def preview_case(
    material: Material, common: dict[str, Any], *, raw: dict[str, Any], problems: dict[str, str]
) -> ResponseReturnValue:
    cases = cases_of(common)
    number = request.args.get("n", default=1, type=int)
    if not 1 <= number <= len(cases):
        raise NotFound(N_("This attempt has no such part."))
    page = render_template(
        "modules/show_case.html",
        **common | {"go_url": common["to"].step(common["step"].key, n=number)},
        number=number,
        total=len(cases),
        case=cases[number - 1],
        follow_up=visit_pages.follow_up_page(
            material, visits_of_draft(material, cases[number - 1], {}), preview=True
        ),
        instrument=material.instrument,
        raw=raw,
        scored=[False] * len(cases),
        problems=problems,
    )
    return page, 422 if problems else 200


def visits_of_draft(
    material: Material, case: Case, answers: Mapping[str, Any]
) -> visits.Visits | None:
    """Return both visits of a follow-up, the initial one as the first rater of its panel scored."""
    if case.follows is None:
        return None
    initial = practice.of_first_rater(material.cases[case.follows])
    return visits.visits_of(material, case, {**initial, **answers})


@bp.post("/preview/<int:draft_id>/steps/<step_key>")
@allow(*CREATORS)
def preview_feedback(draft_id: int, step_key: str) -> ResponseReturnValue:
    """Compare what the creator scored, as practice does; nothing is kept."""
    material = draft_material(draft_id)
    common = frame(material, draft_id, step_key)
    if not isinstance(common["step"], PracticeStep | CertificationStep):
        raise NotFound(N_("This step is a lesson; there is nothing to begin."))
    cases = cases_of(common)
    number = request.args.get("n", default=1, type=int)
    if not 1 <= number <= len(cases):
        raise NotFound(N_("This attempt has no such part."))
    case = cases[number - 1]
    raw = instruments.changed_ratings(material.instrument, request.form, before={})
    answers = {f"{case.key}/{item}": value for item, value in raw.items()}
    lacking = marked.lacking_in_case(material, case.key, answers)
    if lacking:
        return preview_case(material, common, raw=raw, problems=lacking)
    if not case.reference:
        flash(_("This case waits for its panel: there is nothing to compare with yet."), "warning")
        return redirect(common["to"].step(common["step"].key, n=number), 303)
    seen = answers
    if case.follows is not None:
        seen = {**practice.of_first_rater(material.cases[case.follows]), **answers}
    result = marked.mark_cases(material, [case], seen)
    done = practice.practice_of_case(material, case, seen)
    return render_template(
        "modules/show_feedback.html",
        **common,
        result=result,
        case=case,
        feedback=pages.case_feedback(material, case, result.cases[0], to=common["to"]),
        change=visit_pages.change_view(material, visits_of_draft(material, case, answers)),
        patterns=practice_pages.short_patterns(material, done, to=common["to"]),
        compared=1,
        again=look_again(material, common["step"], result, to=common["to"])
        if isinstance(common["step"], CertificationStep)
        else [],
    )


@bp.get("/preview/<int:draft_id>/steps/<step_key>/practice")
@allow(*CREATORS)
def preview_practice(draft_id: int, step_key: str) -> ResponseReturnValue:
    """Show the summary as it is for somebody who scores as the first rater of each panel."""
    material = draft_material(draft_id)
    common = frame(material, draft_id, step_key)
    if not isinstance(common["step"], PracticeStep):
        raise NotFound(N_("This step has no practice cases."))
    done = practice.practice_of_panel(material, cases_of(common))
    summary = practice_pages.practice_page(material, done, to=common["to"])
    return render_template("modules/show_practice.html", **common, practice=summary)
