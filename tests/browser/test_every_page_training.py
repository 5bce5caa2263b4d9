"""Every page of a trainee: axe and width, light and dark, on a desk and on a small phone."""

from datetime import timedelta

from lms import jobs
from lms.clock import utc_now
from lms.db import transaction
from lms.modules import queries, services
from lms.modules.domain import draw_quiz
from tests.factories import MadePerson, make_person
from tests.factories_modules import (
    SLUG,
    answer_and_submit,
    attempt_of,
    begin,
    do_all,
    do_until,
    enrol,
    fail,
    right_answers,
    wrong_answers,
)

SEEN = {
    "modules.show_module",
    "modules.show_step",
    "modules.show_attempt",
    "modules.show_submission",
    "modules.show_result",
    "modules.show_practice",
    "modules.show_calibration",  # in test_calibration.py
    "modules.list_calibration",
    "certificates.show_certificate",
}
STEP = f"/learning/{SLUG}/steps"


def stand(step: str) -> MadePerson:
    """Make somebody who has done every step before the named one."""
    person = make_person()
    do_until(person, step, now=utc_now())
    return person


# --- lessons and the way to a try -----------------------------------------------------------------


def test_the_path_and_the_lessons_have_no_barriers(live, sample, visit, eyes):
    eyes.at(f"/learning/{SLUG}")
    eyes.become(live.do(beginner))
    for path in ("/", f"/learning/{SLUG}", f"{STEP}/why"):
        eyes.at(path)
    eyes.at(f"{STEP}/quiz", status=403)
    visit.problems.clear()  # the browser itself notes the 403
    eyes.become(live.do(somebody_who_failed))
    for path in (f"/learning/{SLUG}", f"{STEP}/deck", f"{STEP}/film", f"{STEP}/practice"):
        eyes.at(path)
    eyes.become(live.do(somebody_who_waits))
    eyes.at(f"{STEP}/quiz")

    assert eyes.seen == {"modules.show_module", "modules.show_step"}


def beginner() -> MadePerson:
    person = make_person()
    enrol(person, now=utc_now())
    return person


def somebody_who_failed() -> MadePerson:
    """Make somebody who is to look at the deck again after a failed quiz."""
    person = stand("quiz")
    fail(person, "quiz", now=utc_now() - timedelta(minutes=2))
    return person


def somebody_who_waits() -> MadePerson:
    """Make somebody who has looked again, and whose next try opens in an hour."""
    person = stand("quiz")
    fail(person, "quiz", now=utc_now())
    for number in (1, 2):
        with transaction():
            services.see_slide(person.id, SLUG, "deck", number, now=utc_now())
    return person


# --- questions and cases --------------------------------------------------------------------------


def test_questions_of_every_kind_have_no_barriers(live, sample, eyes):
    for kind in ("one", "several", "number"):
        person, path = live.do(lambda kind=kind: question_of(kind))
        eyes.become(person)
        eyes.at(path)
    eyes.at(path.partition("?")[0] + "/submission")  # with answers missing

    assert eyes.seen == {"modules.show_attempt", "modules.show_submission"}


def question_of(kind: str) -> tuple[MadePerson, str]:
    """Return somebody in a quiz that asks a question of a kind, and that question's page."""
    person = stand("quiz")
    material = queries.enrolment_of(person.id, SLUG).material
    for seed in range(100):
        drawn = draw_quiz(material.step("quiz"), seed=seed, seen=()).content
        kinds = [material.questions[entry["question"]].kind for entry in drawn]
        if kind in kinds:
            break
    with transaction():
        attempt = services.begin_attempt(
            person.id, SLUG, "quiz", seed=seed, extra_time=1.0, now=utc_now()
        )
    return person, f"/attempts/{attempt}?n={kinds.index(kind) + 1}"


def test_cases_and_feedback_have_no_barriers(live, sample, visit, eyes):
    person, half_scored, compared = live.do(scorer)
    eyes.become(person)
    eyes.at(half_scored)
    eyes.sent("Compare with the panel", ".errors")
    visit.problems.clear()  # the browser itself notes the 422
    eyes.at(compared)
    eyes.at(f"{STEP}/practice/practice")  # one try: no trend yet
    eyes.become(live.do(somebody_who_practised))
    eyes.at(f"{STEP}/practice/practice")
    eyes.page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    eyes.look()
    person, whole = live.do(examinee)
    eyes.become(person)
    eyes.at(whole)
    eyes.at(f"{whole}/submission")

    assert eyes.seen == {
        "modules.show_attempt",
        "modules.show_submission",
        "modules.show_result",
        "modules.show_practice",
    }


def somebody_who_practised() -> MadePerson:
    """Make somebody with cases scored near and far, so that everything is drawn."""
    person = stand("practice")
    for moved in (-2, 0, 1, 2):
        attempt = begin(person, "practice", now=utc_now())
        answers = right_answers(attempt_of(person, attempt))
        near = {key: one | {"value": one["value"] + moved} for key, one in answers.items()}
        answer_and_submit(person, attempt, near, now=utc_now())
    return person


def scorer() -> tuple[MadePerson, str, str]:
    """Return somebody with a case that is half scored and one that was compared, all wrong."""
    person = stand("practice")
    compared = fail(person, "practice", now=utc_now())
    attempt = begin(person, "practice", now=utc_now())
    facts = attempt_of(person, attempt)
    with transaction():
        services.save_answers(facts, dict(list(wrong_answers(facts).items())[:2]), now=utc_now())
    return person, f"/attempts/{attempt}", f"/attempts/{compared}/result"


def examinee() -> tuple[MadePerson, str]:
    """Return somebody whose certification case is whole and not handed in."""
    person = stand("certification")
    attempt = begin(person, "certification", now=utc_now())
    facts = attempt_of(person, attempt)
    with transaction():
        services.save_answers(facts, right_answers(facts), now=utc_now())
    return person, f"/attempts/{attempt}"


# --- results --------------------------------------------------------------------------------------


def test_results_and_the_certificate_have_no_barriers(live, sample, eyes):
    for step in ("quiz", "certification"):
        person, path = live.do(lambda step=step: lost(step))
        eyes.become(person)
        eyes.at(path)
    person, paths = live.do(passed)
    eyes.become(person)
    eyes.at(paths[-1])  # the file is still being made
    live.do(jobs.run_pending)
    for path in paths:
        eyes.at(path)

    assert eyes.seen == {
        "modules.show_module",
        "modules.show_step",
        "modules.show_result",
        "certificates.show_certificate",
    }


def lost(step: str) -> tuple[MadePerson, str]:
    person = stand(step)
    return person, f"/attempts/{fail(person, step, now=utc_now())}/result"


def passed() -> tuple[MadePerson, list[str]]:
    """Return somebody with a certificate, and all that is left to look at."""
    person = make_person()
    do_all(person, now=utc_now())
    enrolment = queries.enrolment_of(person.id, SLUG)
    steps = services.current_path(enrolment, now=utc_now()).steps
    results = [f"/attempts/{view.tries[-1].id}/result" for view in steps if view.tries]
    certificate = f"/certificates/{enrolment.certificate_id}"
    return person, ["/", f"/learning/{SLUG}", f"{STEP}/quiz", *results, certificate]
