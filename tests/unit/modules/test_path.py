"""What is done, what is open, what is missing."""

from datetime import timedelta

from lms.modules.domain import Facts, LessonEvidence, StepState, Try, path_of
from tests.factories import NOW
from tests.samples import make_content

DONE = LessonEvidence(done_at=NOW)
HOUR = timedelta(hours=1)


def tried(number, *, at=NOW, passed=True):
    return Try(number, number, at, None, at, passed)


def look(evidence=None, tries=None, now=NOW):
    facts = Facts(evidence=evidence or {}, tries=tries or {}, further={})
    return path_of(make_content(), facts, now=now)


LESSONS = {("why", 0): DONE, ("deck", 0): DONE, ("film", 0): DONE}
PRACTISED = {"practice": [tried(1), tried(2)]}


def test_at_first_only_the_first_step_is_open():
    states = [view.state for view in look().steps]
    assert states == [StepState.NOW] + [StepState.LATER] * 5


def test_a_closed_step_names_what_is_missing():
    assert look().step("deck").missing == ("Why",)
    assert look({("why", 0): DONE}).step("practice").missing == ("Deck", "Film")


def test_seen_slides_are_counted_before_the_deck_is_done():
    view = look({("why", 0): DONE, ("deck", 0): LessonEvidence(slides=frozenset({1, 3}))}).step(
        "deck"
    )
    assert (view.count, view.needed, view.state) == (2, 3, StepState.NOW)


def test_practice_is_done_after_enough_cases():
    assert look(LESSONS, {"practice": [tried(1)]}).next.step.key == "practice"
    assert look(LESSONS, PRACTISED).next.step.key == "quiz"


def test_the_whole_path_is_finished_after_the_last_pass():
    path = look(LESSONS, {**PRACTISED, "quiz": [tried(1)], "cases": [tried(1)]})
    assert path.finished
    assert path.next is None


def test_a_failed_quiz_asks_for_its_lessons_again():
    tries = {**PRACTISED, "quiz": [tried(1, passed=False)]}
    path = look(LESSONS, tries, now=NOW + 48 * HOUR)

    assert path.next.step.key == "deck"
    assert path.step("deck").again
    assert path.step("quiz").next.missing == ("deck",)


def test_after_the_lessons_were_seen_again_the_quiz_opens():
    tries = {**PRACTISED, "quiz": [tried(1, passed=False)]}
    path = look({**LESSONS, ("deck", 1): DONE}, tries, now=NOW + 48 * HOUR)

    assert path.next.step.key == "quiz"
    assert path.step("quiz").next.allowed


def test_the_waiting_time_counts_besides_the_lessons():
    tries = {**PRACTISED, "quiz": [tried(1, passed=False)]}
    path = look({**LESSONS, ("deck", 1): DONE}, tries, now=NOW + 23 * HOUR)

    assert not path.step("quiz").next.allowed


def test_failed_cases_ask_for_new_practice_and_leave_the_quiz_passed():
    failed = tried(1, at=NOW + HOUR, passed=False)
    path = look(LESSONS, {**PRACTISED, "quiz": [tried(1)], "cases": [failed]})

    assert path.step("quiz").state is StepState.DONE
    assert path.next.step.key == "practice"

    again = [tried(1), tried(2), tried(3, at=NOW + 2 * HOUR), tried(4, at=NOW + 3 * HOUR)]
    path = look(LESSONS, {"practice": again, "quiz": [tried(1)], "cases": [failed]})
    assert path.next.step.key == "cases"
