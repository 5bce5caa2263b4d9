"""Enrolment, lessons, attempts and their limits, as rows."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.accounts.domain import Role
from lms.certificates import api as certificates
from lms.certificates import queries as registered
from lms.certificates.domain import RevocationReason
from lms.certificates.models import Certificate
from lms.db import db, transaction
from lms.errors import Invalid, NotFound
from lms.modules import api as modules
from lms.modules import queries, rounds, services
from lms.modules.domain import (
    AttemptClosed,
    BadEvidence,
    Incomplete,
    NoFurtherTry,
    RoundKind,
    StepClosed,
    StepState,
)
from lms.modules.models import Answer, Attempt, Enrolment, Qualification, Result, Submission
from lms.modules.rounds import NoNewRound
from tests.factories import NOW, make_person
from tests.factories_modules import (
    HOUR,
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
from tests.factories_packages import broken, make_release, next_version


@pytest.fixture
def release(app):
    return make_release()


@pytest.fixture
def trainee(release):
    return make_person()


def rows(model):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def path(person, now=NOW):
    return services.current_path(queries.enrolment_of(person.id, SLUG), now=now)


# --- enrolment


def test_enrolling_twice_is_one_enrolment(trainee):
    assert enrol(trainee) == enrol(trainee)
    assert rows(Enrolment) == 1


def test_a_new_release_leaves_people_on_the_old_one(trainee):
    enrol(trainee)
    make_release(next_version("1.1"))
    late = make_person()
    enrol(late)

    assert queries.enrolment_of(trainee.id, SLUG).material.content.version == "1.0"
    assert queries.enrolment_of(late.id, SLUG).material.content.version == "1.1"


def test_an_unknown_module_is_not_found(trainee):
    with pytest.raises(NotFound), transaction():
        services.enrol(trainee.id, "nothing", now=NOW)


# --- lessons


def test_a_step_stays_closed_while_something_is_missing(trainee):
    enrol(trainee)
    with pytest.raises(StepClosed, match="Why"), transaction():
        services.see_slide(trainee.id, SLUG, "deck", 1, now=NOW)


def test_a_deck_is_done_when_every_slide_was_seen(trainee):
    do_until(trainee, "deck")
    count = len(path(trainee).step("deck").step.slides)
    for number in range(1, count + 1):
        assert path(trainee).step("deck").state is StepState.NOW
        with transaction():
            services.see_slide(trainee.id, SLUG, "deck", number, now=NOW)
    assert path(trainee).step("deck").state is StepState.DONE


def test_slides_may_be_seen_several_at_once(trainee):
    do_until(trainee, "deck")
    count = len(path(trainee).step("deck").step.slides)
    with transaction():
        services.see_slides(trainee.id, SLUG, "deck", range(2, count + 1), now=NOW)
    assert path(trainee).step("deck").state is StepState.NOW
    with pytest.raises(NotFound), transaction():
        services.see_slides(trainee.id, SLUG, "deck", [1, count + 1], now=NOW)
    with transaction():
        services.see_slides(trainee.id, SLUG, "deck", [1], now=NOW)
    assert path(trainee).step("deck").state is StepState.DONE


def test_a_film_is_not_done_by_its_last_second(trainee):
    do_until(trainee, "film")
    seconds = path(trainee).step("film").step.film.seconds
    with transaction():
        services.see_ranges(
            trainee.id, SLUG, "film", [[seconds - 0.5, seconds]], position=seconds, now=NOW
        )
    assert path(trainee).step("film").state is StepState.NOW


def test_ranges_of_several_sittings_add_up(trainee):
    do_until(trainee, "film")
    seconds = path(trainee).step("film").step.film.seconds
    half = seconds / 2
    for start, end in ((half, seconds), (0, half)):
        with transaction():
            services.see_ranges(
                trainee.id, SLUG, "film", [[start, end]], position=end, now=NOW + HOUR
            )
    assert path(trainee).step("film").state is StepState.DONE


def test_a_malformed_report_changes_nothing(trainee):
    do_until(trainee, "film")
    with pytest.raises(BadEvidence), transaction():
        services.see_ranges(trainee.id, SLUG, "film", [["a", 2]], position=0, now=NOW)
    assert path(trainee).step("film").evidence.ranges == ()


# --- attempts


def test_beginning_again_takes_up_the_open_try(trainee):
    do_until(trainee, "quiz")
    assert begin(trainee, "quiz") == begin(trainee, "quiz")


def test_the_same_answer_saved_again_is_one_row(trainee):
    do_until(trainee, "quiz")
    attempt = attempt_of(trainee, begin(trainee, "quiz"))
    before = rows(Answer)
    key, value = next(iter(right_answers(attempt).items()))
    for _ in range(3):
        with transaction():
            services.save_answers(attempt, {key: value}, now=NOW)
    assert rows(Answer) == before + 1


def test_a_question_that_was_not_drawn_is_refused(trainee):
    do_until(trainee, "quiz")
    attempt = attempt_of(trainee, begin(trainee, "quiz"))
    with pytest.raises(Invalid), transaction():
        services.save_answers(attempt, {"something else": "x"}, now=NOW)


def test_handing_in_needs_every_answer(trainee):
    do_until(trainee, "quiz")
    attempt_id = begin(trainee, "quiz")
    with pytest.raises(Incomplete), transaction():
        services.submit_attempt(trainee.id, attempt_id, now=NOW)


def test_handing_in_twice_is_refused(trainee):
    do_until(trainee, "quiz")
    attempt_id = begin(trainee, "quiz")
    answer_and_submit(trainee, attempt_id, right_answers(attempt_of(trainee, attempt_id)))
    before = rows(Submission)
    with pytest.raises(AttemptClosed), transaction():
        services.submit_attempt(trainee.id, attempt_id, now=NOW)
    assert rows(Submission) == before


def test_an_answer_after_handing_in_is_refused(trainee):
    do_until(trainee, "quiz")
    attempt_id = begin(trainee, "quiz")
    answers = right_answers(attempt_of(trainee, attempt_id))
    answer_and_submit(trainee, attempt_id, answers)
    with pytest.raises(AttemptClosed), transaction():
        services.save_answers(attempt_of(trainee, attempt_id), answers, now=NOW)


def test_somebody_elses_attempt_is_not_found(trainee):
    do_until(trainee, "quiz")
    attempt_id = begin(trainee, "quiz")
    with pytest.raises(NotFound):
        queries.attempt_of(make_person().id, attempt_id)


def test_after_the_time_is_up_no_answer_is_taken_and_the_try_counts_as_it_stood(trainee):
    do_until(trainee, "quiz")
    attempt_id = begin(trainee, "quiz")
    attempt = attempt_of(trainee, attempt_id)
    late = attempt.due_at + HOUR
    with transaction():
        services.save_answers(attempt, right_answers(attempt), now=NOW)

    with pytest.raises(AttemptClosed), transaction():
        services.save_answers(attempt, right_answers(attempt), now=late)
    for _ in range(2):
        with transaction():
            services.close_overdue(trainee.id, attempt_id, now=late)

    closed = attempt_of(trainee, attempt_id)
    assert closed.submitted_at == attempt.due_at
    assert path(trainee, late).step("quiz").state is StepState.DONE


def test_extra_time_moves_the_end(trainee):
    do_until(trainee, "quiz")
    attempt = attempt_of(trainee, begin(trainee, "quiz", extra_time=1.5))
    step = path(trainee).step("quiz").step
    assert (attempt.due_at - attempt.started_at).total_seconds() == step.time_limit_minutes * 90


def test_a_failed_quiz_waits_and_asks_for_the_deck_again(trainee):
    do_until(trainee, "quiz")
    fail(trainee, "quiz")
    assert path(trainee).step("deck").again
    with pytest.raises(StepClosed):
        begin(trainee, "quiz", now=NOW + 2 * HOUR)

    do_until(trainee, "quiz", now=NOW + HOUR / 2)
    with pytest.raises(NoFurtherTry, match="opens at"):
        begin(trainee, "quiz", now=NOW + HOUR / 2)
    assert begin(trainee, "quiz", now=NOW + 2 * HOUR)


def test_after_the_last_try_only_a_person_in_charge_opens_one_more(trainee):
    do_until(trainee, "certification")
    for n in range(2):
        now = NOW + n * HOUR
        do_until(trainee, "certification", now=now)
        fail(trainee, "certification", now=now)
    later = NOW + 5 * HOUR
    do_until(trainee, "certification", now=later)
    with pytest.raises(NoFurtherTry, match="all tries"):
        begin(trainee, "certification", now=later)

    enrolment = queries.enrolment_of(trainee.id, SLUG)
    admin = make_person(Role.ADMIN)
    with transaction():
        services.allow_further_try(
            enrolment.id,
            "certification",
            allowed_by=admin.id,
            reason="The line broke during the second try.",
            now=later,
        )
    assert begin(trainee, "certification", now=later)


def test_the_second_certification_try_has_a_form_that_was_not_seen(trainee):
    do_until(trainee, "certification")
    first = attempt_of(trainee, fail(trainee, "certification"))
    do_until(trainee, "certification", now=NOW + HOUR)
    second = attempt_of(trainee, begin(trainee, "certification", now=NOW + HOUR))
    assert not set(first.drawn) & set(second.drawn)


# --- the end of the path


def test_the_last_pass_issues_one_certificate_in_the_same_transaction(trainee):
    do_all(trainee)
    assert rows(Certificate) == rows(Qualification) == 1
    assert queries.enrolment_of(trainee.id, SLUG).certificate_id is not None


def test_passing_again_what_is_passed_issues_nothing_more(trainee):
    do_all(trainee)
    begin_more = begin(trainee, "practice", now=NOW + HOUR)
    answer_and_submit(
        trainee, begin_more, right_answers(attempt_of(trainee, begin_more)), now=NOW + HOUR
    )
    assert rows(Certificate) == rows(Qualification) == 1


def test_a_failed_try_issues_nothing(trainee):
    do_until(trainee, "certification")
    fail(trainee, "certification")
    assert rows(Certificate) == 0


def test_a_result_keeps_what_was_inside_and_no_key(trainee):
    do_until(trainee, "certification")
    attempt_id = begin(trainee, "certification")
    attempt = attempt_of(trainee, attempt_id)
    answer_and_submit(trainee, attempt_id, wrong_answers(attempt))
    result = db.session.scalar(select(Result).where(Result.attempt_id == attempt_id))
    assert result.passed is False
    assert result.detail["items_within"] == 0
    assert set(result.detail) == {
        "items_within",
        "items_of",
        "items_required",
        "largest_gap",
        "cases",
        "verdict",
    }


def test_seed_and_draw_are_kept_with_the_attempt(trainee):
    do_until(trainee, "quiz")
    attempt = db.session.get(Attempt, begin(trainee, "quiz"))
    assert attempt.seed == 7
    assert len(attempt.drawn) == path(trainee).step("quiz").step.drawn


# --- rounds

LATER = NOW + timedelta(days=680)  # the sample's certificates hold for 24 months


def certificate_of(person):
    return certificates.newest_in_line(queries.enrolment_of(person.id, SLUG).certificate_id)


def test_nothing_is_renewed_long_before_its_end(trainee):
    do_all(trainee)
    with pytest.raises(NoNewRound), transaction():
        rounds.renew(trainee.id, SLUG, now=NOW)


def test_a_renewal_is_a_round_and_its_certificate_takes_the_place_of_the_old_one(trainee):
    do_all(trainee)
    old = certificate_of(trainee)
    with transaction():
        rounds.renew(trainee.id, SLUG, now=LATER)

    assert path(trainee, LATER).done == 0
    state = modules.states_of([trainee.id], [SLUG], on=LATER.date())[trainee.id, SLUG]
    assert state.certificate_id == old.id  # what has begun takes nothing away

    do_all(trainee, now=LATER)
    new = certificate_of(trainee)
    assert (new.predecessor.id, new.facts.issued_on) == (old.id, LATER.date())
    assert registered.origin_of(new) == f"enrolment:{queries.enrolment_of(trainee.id, SLUG).id}"
    assert registered.origin_of(old) == f"enrolment:{enrolments(trainee)[0].id}"
    with pytest.raises(NoNewRound), transaction():
        rounds.renew(trainee.id, SLUG, now=LATER)


def test_what_a_renewal_takes_over_is_done_and_says_on_the_certificate_what_was_reached(app):
    make_release(
        broken({"package.yaml": ("valid_months: 24}", "valid_months: 24, renewal: [quiz]}")})
    )
    person = make_person()
    do_all(person)
    before = certificate_of(person).facts
    with transaction():
        rounds.renew(person.id, SLUG, now=LATER)

    assert path(person, LATER).next.step.key == "quiz"
    do_all(person, now=LATER)
    assert certificate_of(person).facts.score == before.score
    assert certificate_of(person).facts.agreement == before.agreement


def test_after_a_withdrawal_a_round_ends_in_a_certificate_of_its_own(trainee):
    do_all(trainee)
    last = queries.enrolment_of(trainee.id, SLUG)
    with transaction():
        certificates.revoke(
            last.certificate_id,
            reason_class=RevocationReason.MISCONDUCT,
            reason="x",
            revoked_by=trainee.id,
            now=NOW,
        )
    assert not rounds.may_be_renewed(last, today=LATER.date())
    wanted = rounds.NewRound(RoundKind.REDO, last.release_id, (), "Once more.", trainee.id)
    with transaction():
        rounds.begin_round(last, wanted, now=LATER)
    do_all(trainee, now=LATER)
    assert certificate_of(trainee).predecessor is None


def test_two_tabs_begin_one_round(trainee):
    do_all(trainee)
    last = queries.enrolment_of(trainee.id, SLUG)
    wanted = rounds.NewRound(RoundKind.REDO, last.release_id, (), "Once more.", trainee.id)
    with transaction():
        rounds.begin_round(last, wanted, now=NOW)
    with pytest.raises(NoNewRound), transaction():
        rounds.begin_round(last, wanted, now=NOW)
    assert len(enrolments(trainee)) == 2


def enrolments(person):
    return queries.enrolments_of(person.id)[::-1]
