"""Questions of what if: the list, the form, and the page of an answer."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms import jobs
from lms.clock import utc_now
from lms.db import transaction
from lms.modules.domain.changed_quiz import AnyRules
from lms.packages import api as packages
from lms.packages.domain import CertificationStep, Content, QuizStep
from lms.packages.domain.releases import PackageFacts
from lms.review import asking, pages, queries, quiz_asking, services
from lms.review.forms import (
    FIGURES,
    REFERENCE,
    WRITTEN,
    QuizWhatIfForm,
    RegradeForm,
    WhatIfForm,
)
from lms.review.routes.blueprint import CREATORS, bp, own_package, sees_everything
from lms.web.access import allow
from lms.web.limits import limiter


@bp.get("/studio/packages/<slug>/what-ifs")
@allow(*CREATORS)
def list_what_ifs(slug: str) -> ResponseReturnValue:
    package = own_package(slug)
    return render_template(
        "review/list_what_ifs.html",
        package=package,
        asked=[pages.listed(one) for one in queries.what_ifs_of(slug)],
    )


@bp.get("/studio/packages/<slug>/what-ifs/new")
@allow(*CREATORS)
def new_what_if(slug: str) -> ResponseReturnValue:
    package = own_package(slug)
    content = packages.content_of(package.releases[0].digest)
    step = asking.step_of(content, request.args.get("step", ""))
    if isinstance(step, QuizStep):
        question = quiz_asking.question_asked(step, request.args)
        form = quiz_asking.new_form(step, question, request.args)
        return quiz_page(package, content, step, form)
    figures = asking.usual_figures(step)
    chosen = request.args.get("way", "") or (FIGURES if figures else WRITTEN)
    form = WhatIfForm(
        **figures,
        way=chosen,
        case=request.args.get("case", ""),
        item=request.args.get("item", ""),
        value=request.args.get("value", "")[:80],
        written=packages.rules_as_text(step),
    )
    return form_page(package, content, step, form)


@bp.post("/studio/packages/<slug>/what-ifs")
@allow(*CREATORS)
@limiter.limit("60 per hour")
def ask_what_if(slug: str) -> ResponseReturnValue:
    package = own_package(slug)
    content = packages.content_of(package.releases[0].digest)
    step = asking.step_of(content, request.form.get("step", ""))
    if isinstance(step, QuizStep):
        return ask_of_quiz(package, content, step)
    form = WhatIfForm()
    if not form.validate():
        return form_page(package, content, step, form, status=422)
    written = asking.written_of(form, step)
    rules, problems = asking.rules_of(written, content, step)
    if rules is None or rules.changes_nothing:
        field = {FIGURES: form.way, REFERENCE: form.value}.get(form.way.data, form.written)
        field.errors = [pages.told(one) for one in problems] or [
            _("Say what is to be otherwise: criteria, levels or a reference.")
        ]
        return form_page(package, content, step, form, status=422)
    return asked(slug, rules, written)


def ask_of_quiz(package: PackageFacts, content: Content, step: QuizStep) -> ResponseReturnValue:
    question = quiz_asking.question_asked(step, request.form)
    form = quiz_asking.sent_form(question)
    if not form.validate():
        return quiz_page(package, content, step, form, status=422)
    written = quiz_asking.written_of(form, question)
    rules, problems = asking.rules_of(written, content, step) if written else (None, ())
    if rules is None or rules.changes_nothing:
        quiz_asking.faulty_field(form, question).errors = [pages.told(one) for one in problems] or [
            _("Say what is to be otherwise: the required mark, or what is right of a question.")
        ]
        return quiz_page(package, content, step, form, status=422)
    return asked(package.slug, rules, written)


def asked(slug: str, rules: AnyRules, written: str) -> ResponseReturnValue:
    with transaction():
        what_if_id = services.ask(slug, rules, written, person_id=current_user.id, now=utc_now())
    jobs.kick()
    return redirect(url_for(".show_what_if", what_if_id=what_if_id), 303)


def form_page(
    package: PackageFacts,
    content: Content,
    step: CertificationStep,
    form: WhatIfForm,
    *,
    status: int = 200,
) -> ResponseReturnValue:
    material = pages.choices_of(content, step)
    form.case.choices, form.item.choices = material.cases, material.items
    return render_template(
        "review/new_what_if.html",
        package=package,
        content=content,
        step=step,
        steps=asking.steps_of(content),
        form=form,
        figures=asking.usual_figures(step),
    ), status


def quiz_page(
    package: PackageFacts,
    content: Content,
    step: QuizStep,
    form: QuizWhatIfForm,
    *,
    status: int = 200,
) -> ResponseReturnValue:
    questions = step.questions
    return render_template(
        "review/new_quiz_what_if.html",
        package=package,
        content=content,
        step=step,
        steps=asking.steps_of(content),
        form=form,
        questions=questions.values(),
        question=questions.get(form.question.data or ""),
    ), status


@bp.get("/studio/what-ifs/<int:what_if_id>")
@allow(*CREATORS)
def show_what_if(what_if_id: int) -> ResponseReturnValue:
    return what_if_page(what_if_id)


def what_if_page(
    what_if_id: int, *, form: RegradeForm | None = None, status: int = 200
) -> ResponseReturnValue:
    everything = sees_everything()
    asked = queries.what_if_of(current_user.id, what_if_id, everything=everything)
    shown: dict[str, Any] = {
        "asked": asked,
        "release": packages.release(asked.release_id),
        "content": packages.content_of(packages.release(asked.release_id).digest),
    }
    if asked.result is None:
        progress = queries.progress_of(asked.job_id)
        return render_template("review/show_what_if.html", **shown, result=None, progress=progress)
    regrade = queries.find_regrade(asked.id)
    return render_template(
        "review/show_what_if.html",
        **shown,
        **pages.answer_of(asked, names=everything),
        change=queries.published_as(asked),
        regrade=regrade,
        form=form or (RegradeForm() if regrade is None else None),
    ), status
