"""Attempts: begin, answer, hand in, look at the result."""

import secrets
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms import jobs
from lms.clock import utc_now
from lms.db import transaction
from lms.errors import N_, NotFound
from lms.instruments import api as instruments
from lms.modules import (
    criteria_words,
    forms,
    marked,
    pages,
    practice,
    practice_pages,
    queries,
    services,
    visit_pages,
    visits,
)
from lms.modules.domain import AttemptClosed, Incomplete, time_is_up
from lms.modules.look_again import look_again
from lms.modules.queries import AttemptFacts, SavedAnswer
from lms.modules.routes.blueprint import bp
from lms.packages.domain import CertificationStep, PracticeStep, Question, QuizStep
from lms.web.access import SIGNED_IN, allow
from lms.web.filters import clock_time


@bp.post("/learning/<slug>/steps/<step_key>/attempts")
@allow(SIGNED_IN)
def begin_attempt(slug: str, step_key: str) -> ResponseReturnValue:
    now = utc_now()
    enrolment = queries.enrolment_of(current_user.id, slug)
    for overdue in queries.overdue_attempts(enrolment.id, now):
        with transaction():
            services.close_overdue(current_user.id, overdue, now=now)
    with transaction():
        attempt_id = services.begin_attempt(
            current_user.id,
            slug,
            step_key,
            seed=secrets.randbits(62),
            extra_time=current_user.extra_time,
            now=now,
        )
    return redirect(url_for(".show_attempt", attempt_id=attempt_id), 303)


@bp.get("/attempts/<int:attempt_id>")
@allow(SIGNED_IN)
def show_attempt(attempt_id: int) -> ResponseReturnValue:
    """Show one question or case of an open attempt; a closed one leads to its result."""
    attempt = queries.attempt_of(current_user.id, attempt_id)
    if time_is_up(attempt.due_at, utc_now()) and attempt.open:
        with transaction():
            services.close_overdue(current_user.id, attempt_id, now=utc_now())
        flash(_("The time is up. The try counts with the answers as they stood."))
        return redirect(url_for(".show_result", attempt_id=attempt_id), 303)
    if not attempt.open:
        return redirect(url_for(".show_result", attempt_id=attempt_id), 303)
    answers = queries.answers_of(attempt_id)
    number = request.args.get("n", default=0, type=int) or first_open(attempt, answers)
    return show_part(attempt, answers, number)


def show_part(
    attempt: AttemptFacts,
    answers: dict[str, SavedAnswer],
    number: int,
    problems: dict[str, str] | None = None,
) -> ResponseReturnValue:
    """Draw one question, or one case with the instrument's form, of an attempt."""
    if not 1 <= number <= len(attempt.drawn):
        raise NotFound(N_("This attempt has no such part."))
    material = attempt.material
    common: dict[str, Any] = {
        "attempt": attempt,
        "slug": attempt.enrolment.slug,
        "to": pages.Addresses(attempt.enrolment.slug),
        "content": material.content,
        "step": material.step(attempt.step_key),
        "number": number,
        "problems": problems or {},
        "pages": pages,
        "preview": False,
        "saved_at": max((a.saved_at for a in answers.values()), default=None),
        "save_url": url_for(".save_answer", attempt_id=attempt.id, n=number),
        "go_url": url_for(".save_part", attempt_id=attempt.id, n=number),
    }
    if isinstance(common["step"], QuizStep):
        return render_template(
            "modules/show_question.html",
            **common,
            **question_parts(attempt, answers, number),
            answered=[entry["question"] in answers for entry in attempt.drawn],
        )
    page = render_template(
        "modules/show_case.html", **common, **case_parts(attempt, answers, number)
    )
    return page, 422 if problems else 200


def question_parts(
    attempt: AttemptFacts, answers: dict[str, SavedAnswer], number: int
) -> dict[str, Any]:
    entry = attempt.drawn[number - 1]
    question = attempt.material.questions[entry["question"]]
    options = {option.key: option for option in question.options}
    saved = answers.get(question.key)
    return {
        "question": question,
        "options": [options[key] for key in entry["options"]],
        "given": None if saved is None else saved.value,
        "total": len(attempt.drawn),
        "answered_count": len([e for e in attempt.drawn if e["question"] in answers]),
    }


def case_parts(
    attempt: AttemptFacts, answers: dict[str, SavedAnswer], number: int
) -> dict[str, Any]:
    material = attempt.material
    case = material.cases[attempt.drawn[number - 1]]
    given = {key: saved.value for key, saved in answers.items()}
    return {
        "case": case,
        "follow_up": visit_pages.follow_up_page(
            material, visits.visits_in(attempt, case.key, given)
        ),
        "instrument": material.instrument,
        "raw": saved_ratings(answers, case.key),
        "scored": [_scored(attempt, answers, key) for key in attempt.drawn],
        "total": len(attempt.drawn),
    }


def _scored(attempt: AttemptFacts, answers: dict[str, SavedAnswer], case: str) -> bool:
    rated, refused = marked.read_ratings(
        attempt.material, case, {key: saved.value for key, saved in answers.items()}
    )
    return not refused and not instruments.unfinished(attempt.material.instrument, rated)


def first_open(attempt: AttemptFacts, answers: dict[str, SavedAnswer]) -> int:
    """Return the first part without an answer, or the first of all."""
    for number, entry in enumerate(attempt.drawn, start=1):
        if isinstance(entry, dict):
            if entry["question"] not in answers:
                return number
        elif not _scored(attempt, answers, entry):
            return number
    return 1


@bp.post("/attempts/<int:attempt_id>/answers")
@allow(SIGNED_IN)
def save_answer(attempt_id: int) -> ResponseReturnValue:
    """Keep what one field holds, for the page that saves by itself."""
    now = utc_now()
    attempt = queries.attempt_of(current_user.id, attempt_id)
    with transaction():
        services.save_answers(attempt, sent_values(attempt), now=now)
    number = request.args.get("n", default=1, type=int)
    follow_up = follow_up_of_part(attempt, number)
    if follow_up is None:
        return jsonify(saved_at=clock_time(now))
    notes = render_template("modules/_look_notes.html", follow_up=follow_up)
    return jsonify(saved_at=clock_time(now), notes=notes)


def follow_up_of_part(attempt: AttemptFacts, number: int) -> visit_pages.FollowUp | None:
    """Return what is said of a follow-up as its answers stand now, None for any other part."""
    entry = attempt.drawn[number - 1]
    if isinstance(entry, dict) or attempt.material.cases[entry].follows is None:
        return None
    answers = {key: saved.value for key, saved in queries.answers_of(attempt.id).items()}
    return visit_pages.follow_up_page(attempt.material, visits.visits_in(attempt, entry, answers))


def sent_values(attempt: AttemptFacts) -> dict[str, Any]:
    """Return the answers in the form that was sent, by answer key."""
    number = request.args.get("n", default=1, type=int)
    if not 1 <= number <= len(attempt.drawn):
        raise NotFound(N_("This attempt has no such part."))
    entry = attempt.drawn[number - 1]
    if isinstance(entry, dict):
        return forms.question_values(attempt.material.questions[entry["question"]], request.form)
    before = saved_ratings(queries.answers_of(attempt.id), entry)
    changed = instruments.changed_ratings(attempt.material.instrument, request.form, before=before)
    return {f"{entry}/{item}": raw for item, raw in changed.items()}


def saved_ratings(answers: dict[str, SavedAnswer], case: str) -> dict[str, Any]:
    """Return what is saved for a case by item key."""
    prefix = f"{case}/"
    return {
        key.removeprefix(prefix): saved.value
        for key, saved in answers.items()
        if key.startswith(prefix)
    }


@bp.post("/attempts/<int:attempt_id>/parts")
@allow(SIGNED_IN)
def save_part(attempt_id: int) -> ResponseReturnValue:
    """Keep a whole question or case and go where the button says."""
    attempt = queries.attempt_of(current_user.id, attempt_id)
    number = request.args.get("n", default=1, type=int)
    try:
        with transaction():
            services.save_answers(attempt, sent_values(attempt), now=utc_now())
    except AttemptClosed:  # the page of the attempt closes what is overdue and leads to the result
        if not attempt.open:
            flash(_("This try was handed in before. What you sent now was not kept."), "warning")
        return redirect(url_for(".show_attempt", attempt_id=attempt_id), 303)
    go_to = request.form.get("to", "")
    if go_to == "submit" and isinstance(attempt.material.step(attempt.step_key), PracticeStep):
        return look_first(attempt, number) or hand_in(attempt, number)
    if go_to == "submit":
        return redirect(url_for(".show_submission", attempt_id=attempt_id), 303)
    wanted = int(go_to) if go_to.isdigit() else number
    return redirect(url_for(".show_attempt", attempt_id=attempt_id, n=wanted), 303)


def look_first(attempt: AttemptFacts, number: int) -> ResponseReturnValue | None:
    """Lead back to notes that the page had not shown yet, once; None where there are none."""
    follow_up = follow_up_of_part(attempt, number)
    seen = set(request.form.get("noted", "").split())
    if follow_up is None or {note.item for note in follow_up.notes} <= seen:
        return None
    answers = {key: saved.value for key, saved in queries.answers_of(attempt.id).items()}
    if marked.lacking(attempt, answers):
        return None  # what is missing is told first, with these notes below
    url = url_for(".show_attempt", attempt_id=attempt.id, n=number, _anchor="look-again")
    return redirect(url, 303)


@bp.get("/attempts/<int:attempt_id>/submission")
@allow(SIGNED_IN)
def show_submission(attempt_id: int) -> ResponseReturnValue:
    """Ask once before handing in, and say what is still open."""
    attempt = queries.attempt_of(current_user.id, attempt_id)
    if not attempt.open:
        return redirect(url_for(".show_result", attempt_id=attempt_id), 303)
    return submission_page(attempt), 200


def submission_page(attempt: AttemptFacts) -> str:
    answers = {key: saved.value for key, saved in queries.answers_of(attempt.id).items()}
    lacking = marked.lacking(attempt, answers)
    return render_template(
        "modules/show_submission.html",
        attempt=attempt,
        slug=attempt.enrolment.slug,
        to=pages.Addresses(attempt.enrolment.slug),
        content=attempt.material.content,
        step=attempt.material.step(attempt.step_key),
        open_parts=open_parts(attempt, lacking),
        notes=[
            (number, note)
            for number, found in visits.all_visits(attempt, answers)
            for note in visit_pages.look_notes(attempt.material, found.flags(attempt.material))
        ],
        total=len(attempt.drawn),
    )


def open_parts(attempt: AttemptFacts, lacking: dict[str, str]) -> list[tuple[int, int]]:
    """Return (number of the part, how many answers it lacks) for every part that lacks some."""
    parts = []
    for number, entry in enumerate(attempt.drawn, start=1):
        if isinstance(entry, dict):
            count = int(entry["question"] in lacking)
        else:
            count = sum(key.startswith(f"{entry}/") for key in lacking)
        if count:
            parts.append((number, count))
    return parts


@bp.post("/attempts/<int:attempt_id>/submission")
@allow(SIGNED_IN)
def submit_attempt(attempt_id: int) -> ResponseReturnValue:
    return hand_in(queries.attempt_of(current_user.id, attempt_id), 1)


def hand_in(attempt: AttemptFacts, number: int) -> ResponseReturnValue:
    try:
        with transaction():
            services.submit_attempt(current_user.id, attempt.id, now=utc_now())
    except Incomplete:
        if not isinstance(attempt.material.step(attempt.step_key), PracticeStep):
            return submission_page(attempt), 422
        answers = queries.answers_of(attempt.id)
        case = attempt.drawn[number - 1]
        lacking = marked.lacking(attempt, {key: saved.value for key, saved in answers.items()})
        problems = {key.removeprefix(f"{case}/"): sentence for key, sentence in lacking.items()}
        return show_part(attempt, answers, number, problems)
    except AttemptClosed:
        now = utc_now()
        with transaction():
            services.close_overdue(current_user.id, attempt.id, now=now)
    jobs.kick()  # a certificate may wait to be drawn
    return redirect(url_for(".show_result", attempt_id=attempt.id), 303)


@bp.get("/attempts/<int:attempt_id>/result")
@allow(SIGNED_IN)
def show_result(attempt_id: int) -> ResponseReturnValue:
    attempt = queries.attempt_of(current_user.id, attempt_id)
    if attempt.submitted is None:
        return redirect(url_for(".show_attempt", attempt_id=attempt_id), 303)
    material = attempt.material
    step = material.step(attempt.step_key)
    view = services.find_step(
        services.current_path(attempt.enrolment, now=utc_now()), attempt.step_key
    )
    answers = marked.with_initial_visit(attempt, attempt.submitted)
    common: dict[str, Any] = {
        "attempt": attempt,
        "slug": attempt.enrolment.slug,
        "to": pages.Addresses(attempt.enrolment.slug),
        "content": material.content,
        "step": step,
        "view": view,
        "result": marked.mark(attempt, answers),
        "pages": pages,
        "preview": False,
    }
    if isinstance(step, PracticeStep):
        case = material.cases[attempt.drawn[0]]
        tries = queries.practice_tries(attempt.enrolment.id, attempt.step_key)
        done = practice.practice_of(material, tries)
        return render_template(
            "modules/show_feedback.html",
            **common,
            case=case,
            feedback=pages.case_feedback(
                material, case, common["result"].cases[0], to=common["to"]
            ),
            change=visit_pages.change_view(material, visits.visits_in(attempt, case.key, answers)),
            patterns=practice_pages.short_patterns(material, done, to=common["to"]),
            compared=len(done.tries),
        )
    latest = queries.results_of(attempt.enrolment.id).get(attempt.id)
    anew = latest if latest is not None and "regraded" in latest.detail else None
    if isinstance(step, QuizStep):
        if anew is not None:
            common["result"] = marked.as_kept(attempt, anew)
        rows = quiz_rows(attempt, common["result"])
        return render_template("modules/show_quiz_result.html", **common, rows=rows, anew=anew)
    assert isinstance(step, CertificationStep)
    return render_template(
        "modules/show_certification_result.html",
        **common,
        anew=anew,
        criteria=criteria_words.criterion_rows(material, common["result"]),
        again=look_again(material, step, common["result"], to=common["to"]),
        flags=[
            len(found.flags(material))
            for _number, found in visits.all_visits(attempt, attempt.submitted)
        ],
    )


def quiz_rows(attempt: AttemptFacts, result: Any) -> list[dict[str, Any]]:
    """Return what a quiz result says of each question: right or not, what to read; no key."""
    rows = []
    for number, mark in enumerate(result.questions, start=1):
        question: Question = attempt.material.questions[mark.key]
        url, words = pages.revisit_link(
            pages.Addresses(attempt.enrolment.slug), attempt.material.content, question.revisit
        )
        rows.append(
            {
                "number": number,
                "html": question.html,
                "right": mark.right,
                "url": url,
                "words": words,
                "explanation": question.explanation_html if result.passed else "",
            }
        )
    return rows
