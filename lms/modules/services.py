"""Every write of training: enrol, see, begin, answer, hand in."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.accounts import api as accounts
from lms.audit import api as audit
from lms.db import db, upsert
from lms.errors import N_, Invalid, NotFound
from lms.modules import calibrating, marked, queries
from lms.modules.domain import (
    AttemptClosed,
    BadEvidence,
    Drawn,
    Incomplete,
    NoFurtherTry,
    Path,
    RatingResult,
    StepClosed,
    StepState,
    StepView,
    credible_ranges,
    draw_case,
    draw_form,
    draw_quiz,
    due,
    merge_ranges,
    path_of,
    time_is_up,
    watched_share,
)
from lms.modules.models import (
    Answer,
    Attempt,
    Enrolment,
    Evidence,
    FurtherTry,
    Result,
    Submission,
)
from lms.modules.qualification import qualify
from lms.modules.queries import AttemptFacts, EnrolmentFacts
from lms.packages import api as packages
from lms.packages.domain import (
    CalibrationStep,
    CertificationStep,
    PracticeStep,
    QuizStep,
    SlidesStep,
    TextStep,
    VideoStep,
)


def enrol(person_id: int, slug: str, *, now: datetime) -> int:
    """Put a person on the current release of a module and return the enrolment's id.

    Who is on a release already stays on it.

    Raises:
        NotFound: if no module of that name is published.
    """
    existing = queries.find_enrolment(person_id, slug)
    if existing is not None:
        return existing.id
    release = packages.current_release(slug)
    enrolment = Enrolment(
        person_id=person_id, package_slug=slug, release_id=release.id, round=1, enrolled_at=now
    )
    try:
        with db.session.begin_nested():
            db.session.add(enrolment)
    except IntegrityError:
        return queries.enrolment_of(person_id, slug).id  # another tab was faster
    return enrolment.id


# --- lessons --------------------------------------------------------------------------------------


def see_slide(person_id: int, slug: str, step_key: str, number: int, *, now: datetime) -> None:
    """Note that a slide was seen; the step is done when all were.

    Raises:
        NotFound: if the module has no such step or slide.
        StepClosed: if steps before it are missing.
    """
    see_slides(person_id, slug, step_key, [number], now=now)


def see_slides(
    person_id: int, slug: str, step_key: str, numbers: Sequence[int], *, now: datetime
) -> None:
    """Note that slides were seen, the last one last.

    Args:
        numbers: at least one, in the order in which they were seen.

    Raises:
        NotFound, StepClosed: as for one slide.
    """
    enrolment, view = open_step(person_id, slug, step_key, now=now)
    step = view.step
    if not isinstance(step, SlidesStep) or not all(1 <= n <= len(step.slides) for n in numbers):
        raise NotFound(N_("There is no such slide."))

    def add(row: Evidence) -> bool:
        seen = sorted({*row.seen.get("slides", ()), *numbers})
        row.seen = {"slides": seen}
        row.position = numbers[-1]
        return len(seen) == len(step.slides)

    _note(enrolment, view, add, now=now)


def see_ranges(
    person_id: int,
    slug: str,
    step_key: str,
    ranges: list[Any],
    *,
    position: float,
    now: datetime,
) -> None:
    """Note which parts of a film were watched; the step is done at the share that it asks for.

    Raises:
        NotFound, StepClosed: as for slides.
        BadEvidence: if the ranges are malformed, or more was reported than time has passed for.
    """
    enrolment, view = open_step(person_id, slug, step_key, now=now)
    step = view.step
    if not isinstance(step, VideoStep):
        raise NotFound(N_("There is no such film."))
    seconds = step.film.seconds or 0.0

    def add(row: Evidence) -> bool:
        before = [tuple(pair) for pair in row.seen.get("ranges", ())]
        merged = merge_ranges([*before, *ranges], seconds=seconds)
        elapsed = (now - row.first_at).total_seconds()
        if not credible_ranges(merged, elapsed=elapsed):
            raise BadEvidence(N_("More of the film was reported than there was time to watch."))
        row.seen = {"ranges": [list(pair) for pair in merged]}
        row.position = max(0.0, min(position, seconds))
        return watched_share(merged, seconds=seconds) >= step.required_share

    _note(enrolment, view, add, now=now)


def open_lesson(person_id: int, slug: str, step_key: str, *, now: datetime) -> None:
    """Note when a film was first opened, which later reports are measured against."""
    enrolment, view = open_step(person_id, slug, step_key, now=now)
    _note(enrolment, view, lambda row: False, now=now)


def watch_whole_film(person_id: int, slug: str, step_key: str, *, now: datetime) -> None:
    """Take the person's word that a film was watched, once its length has passed since opening.

    For pages without script, where nothing else can tell.
    """
    _enrolment, view = open_step(person_id, slug, step_key, now=now)
    if not isinstance(view.step, VideoStep):
        raise NotFound(N_("There is no such film."))
    seconds = view.step.film.seconds or 0.0
    opened = view.evidence.first_at
    if opened is None or (now - opened).total_seconds() < seconds / 2:
        raise BadEvidence(N_("The film takes longer than that. Watch it to its end first."))
    see_ranges(person_id, slug, step_key, [[0, seconds]], position=seconds, now=now)


def read_text(person_id: int, slug: str, step_key: str, *, now: datetime) -> None:
    """Note that a text was read, on the person's word.

    Raises:
        NotFound, StepClosed: as for slides.
    """
    enrolment, view = open_step(person_id, slug, step_key, now=now)
    if not isinstance(view.step, TextStep):
        raise NotFound(N_("There is no such text."))
    _note(enrolment, view, lambda row: True, now=now)


def _note(
    enrolment: EnrolmentFacts,
    view: StepView,
    add: Callable[[Evidence], bool],
    *,
    now: datetime,
) -> None:
    row = queries.evidence_row(enrolment.id, view.step.key, view.cycle)
    if row is None:
        row = Evidence(
            enrolment_id=enrolment.id,
            step_key=view.step.key,
            cycle=view.cycle,
            seen={},
            position=0.0,
            first_at=now,
            last_at=now,
        )
        db.session.add(row)
    done = add(row)
    row.last_at = now
    if done and row.done_at is None:
        row.done_at = now
        db.session.flush()  # the path below must see it
        qualify(enrolment, now=now)


def open_step(
    person_id: int, slug: str, step_key: str, *, now: datetime
) -> tuple[EnrolmentFacts, StepView]:
    """Return a step that the person may work on.

    Raises:
        NotFound: if the person is not enrolled, or there is no such step.
        StepClosed: if steps before it are missing.
    """
    enrolment = queries.enrolment_of(person_id, slug)
    view = find_step(current_path(enrolment, now=now), step_key)
    if view.state is StepState.LATER:
        raise StepClosed(
            N_("This step opens later. Still missing: %(steps)s."), steps=", ".join(view.missing)
        )
    return enrolment, view


def current_path(enrolment: EnrolmentFacts, *, now: datetime) -> Path:
    return path_of(enrolment.material.content, queries.facts_of(enrolment), now=now)


def find_step(path: Path, key: str) -> StepView:
    try:
        return path.step(key)
    except KeyError:
        raise NotFound(N_("The module has no such step.")) from None


# --- attempts -------------------------------------------------------------------------------------


def begin_attempt(
    person_id: int, slug: str, step_key: str, *, seed: int, extra_time: float, now: datetime
) -> int:
    """Begin a try at a step and return its id; one that is under way is taken up again.

    Args:
        seed: what everything is drawn from; kept with the attempt.
        extra_time: the person's factor on time limits, 1.0 for none.

    Raises:
        NotFound: if the person is not enrolled, or there is no such step.
        StepClosed: if steps before it are missing.
        NoFurtherTry: if the tries are used up, or the waiting time is not over.
    """
    enrolment, view = open_step(person_id, slug, step_key, now=now)
    if view.open_try is not None and not time_is_up(view.open_try.due_at, now):
        return view.open_try.id
    _refuse_if_none_left(view)
    if isinstance(view.step, CalibrationStep):
        calibrating.refuse_before_time(enrolment, now=now)
    drawn = _draw(enrolment, view, seed)
    minutes = view.step.time_limit_minutes if isinstance(view.step, QuizStep) else None
    attempt = Attempt(
        enrolment_id=enrolment.id,
        step_key=step_key,
        number=len(view.tries) + 1,
        seed=seed,
        drawn=drawn.content,
        form=drawn.form,
        started_at=now,
        due_at=due(now, minutes=minutes, extra_time=extra_time),
    )
    db.session.add(attempt)
    try:
        db.session.flush()  # asks the unique constraint, which decides even in a race
    except IntegrityError as error:
        raise AttemptClosed(N_("Another tab has just begun this try. Reload the page.")) from error
    return attempt.id


def _refuse_if_none_left(view: StepView) -> None:
    if view.next is None or view.next.allowed:
        return
    if view.next.left == 0:
        raise NoFurtherTry(N_("You have used all tries. Ask an administrator for one more."))
    if view.next.opens_at is not None:
        raise NoFurtherTry(
            N_("The next try opens at %(moment)s UTC."),
            moment=view.next.opens_at.strftime("%Y-%m-%d %H:%M"),
        )


def _draw(enrolment: EnrolmentFacts, view: StepView, seed: int) -> Drawn:
    earlier = queries.earlier_draws(enrolment.id, view.step.key)
    if isinstance(view.step, QuizStep):
        seen = {entry["question"] for _form, drawn in earlier for entry in drawn}
        return draw_quiz(view.step, seed=seed, seen=seen)
    if isinstance(view.step, PracticeStep):
        return draw_case(view.step, seen=[drawn[0] for _form, drawn in earlier])
    if isinstance(view.step, CertificationStep):
        return draw_form(view.step, seed=seed, used=[form for form, _drawn in earlier])
    raise NotFound(N_("This step is a lesson; there is nothing to begin."))


def save_answers(attempt: AttemptFacts, values: Mapping[str, Any], *, now: datetime) -> None:
    """Keep answers as they are given; the same again does no harm.

    Args:
        attempt: from queries.attempt_of, so that it is the person's own.
        values: by question key, or by "case/item".

    Raises:
        AttemptClosed: if it was handed in, or its time is up.
        Invalid: if a key was not drawn, or a value is larger than any answer.
    """
    _refuse_if_closed(attempt, now)
    allowed = marked.answer_keys(attempt)
    for key, value in values.items():
        if key not in allowed:
            raise Invalid(N_("This attempt does not ask that question."))
        if len(str(value)) > 2000:
            raise Invalid(N_("This answer is too long."))
        upsert(
            Answer,
            key=("attempt_id", "key"),
            values={
                "attempt_id": attempt.id,
                "key": key,
                "value": value,
                "first_at": now,
                "saved_at": now,
            },
        )


def _refuse_if_closed(attempt: AttemptFacts, now: datetime) -> None:
    if not attempt.open:
        raise AttemptClosed(N_("This attempt was already handed in."))
    if time_is_up(attempt.due_at, now):
        raise AttemptClosed(N_("The time for this attempt is up; it counts as it stood."))


def submit_attempt(person_id: int, attempt_id: int, *, now: datetime) -> None:
    """Take the saved answers as final, mark them, and issue the certificate after the last step.

    Raises:
        NotFound: if the person has no such attempt.
        AttemptClosed: if the attempt was handed in before, or its time is up.
        Incomplete: if something drawn has no answer.
    """
    attempt = queries.attempt_of(person_id, attempt_id)
    _refuse_if_closed(attempt, now)
    answers = {key: saved.value for key, saved in queries.answers_of(attempt.id).items()}
    lacking = marked.lacking(attempt, answers)
    if lacking:
        raise Incomplete(N_("%(count)s of the answers are still missing."), count=len(lacking))
    _close(attempt, answers, late=False, now=now)


def close_overdue(person_id: int, attempt_id: int, *, now: datetime) -> None:
    """Hand in an attempt whose time is up, with the answers as they stood. Does nothing twice."""
    attempt = queries.attempt_of(person_id, attempt_id)
    if not attempt.open or not time_is_up(attempt.due_at, now):
        return
    answers = {key: saved.value for key, saved in queries.answers_of(attempt.id).items()}
    _close(attempt, answers, late=True, now=attempt.due_at or now)


def _close(attempt: AttemptFacts, answers: Mapping[str, Any], *, late: bool, now: datetime) -> None:
    db.session.add(
        Submission(attempt_id=attempt.id, answers=dict(answers), late=late, submitted_at=now)
    )
    try:
        db.session.flush()  # asks the unique constraint, which decides even in a race
    except IntegrityError as error:
        raise AttemptClosed(N_("This attempt was already handed in.")) from error
    result = marked.mark(attempt, answers)
    db.session.add(
        Result(
            attempt_id=attempt.id,
            version=1,
            passed=result.passed,
            reached=result.reached,
            required=result.required,
            of=result.of,
            detail=marked.detail(result),
            marked_at=now,
        )
    )
    audit.record(
        "attempt marked",
        actor_id=attempt.enrolment.person_id,
        subject=f"attempt:{attempt.id}",
        after={"passed": result.passed, "reached": result.reached, "of": result.of},
        now=now,
    )
    step = attempt.material.step(attempt.step_key)
    if isinstance(step, CalibrationStep) and isinstance(result, RatingResult):
        calibrating.note_case(attempt, result, now=now)
    elif result.passed:
        db.session.flush()  # the path must see the result
        qualify(attempt.enrolment, now=now)


def allow_further_try(
    enrolment_id: int, step_key: str, *, allowed_by: int, reason: str, now: datetime
) -> None:
    """Allow one more try after the last one.

    Raises:
        NotFound: if there is no such enrolment.
        Invalid: if no reason is given.
    """
    person_id = db.session.scalar(select(Enrolment.person_id).where(Enrolment.id == enrolment_id))
    if person_id is None:
        raise NotFound(N_("There is no such enrolment."))
    if not reason.strip():
        raise Invalid(N_("Say why one more try is allowed."))
    accounts.person(allowed_by)
    db.session.add(
        FurtherTry(
            enrolment_id=enrolment_id,
            step_key=step_key,
            allowed_by=allowed_by,
            reason=reason.strip(),
            allowed_at=now,
        )
    )
    audit.record(
        "further try allowed",
        actor_id=allowed_by,
        subject=f"enrolment:{enrolment_id}",
        reason=reason.strip(),
        after={"step": step_key},
        now=now,
    )
