"""What if and marking anew, in the database: the same rules as marking, appended once, signed."""

import pytest
from sqlalchemy import select

from lms import jobs
from lms.accounts import api as accounts
from lms.accounts.domain import Role, WrongPassword
from lms.audit import api as audit
from lms.certificates import api as certificates
from lms.clock import utc_now
from lms.db import db, transaction
from lms.errors import NotFound
from lms.jobs import JobItem
from lms.modules import queries as training
from lms.modules import record
from lms.modules.domain.changed import ChangedRules, ReferenceChange
from lms.modules.models import Result
from lms.packages import api as packages
from lms.packages.domain.changes import Change, ChangeClass, Policy
from lms.review import queries, services
from lms.review.domain.what_if import result_from_data
from lms.review.reckoning import reckon
from lms.review.services import Decision, NothingToRegrade, NotPublished
from tests.factories import NOW, PASSWORD, make_person
from tests.factories_accounts import empty_outbox
from tests.factories_modules import SLUG
from tests.factories_packages import broken, light_files, make_release
from tests.factories_review import (
    STRICTER,
    WIDER,
    ask,
    near_miss,
    near_pass,
    question,
    rate,
    rules_of,
    stricter_files,
    try_quiz,
    version_with,
    wider_files,
)
from tests.factories_trials import make_rater, make_requirement, make_trial

SCORING = Change(ChangeClass.SCORING, Policy.FINISH_ON_OLD, "Two points are near enough.")
SAFETY = Change(ChangeClass.SAFETY, Policy.FINISH_ON_OLD, "Patients were at risk.")
DECIDED = Decision("The rules were too strict.", suspend=False)


@pytest.fixture
def owner(app):
    person = make_person(Role.CREATOR)
    make_release(light_files(), person_id=person.id)
    return person


def decide(owner, what_if_id, decision=DECIDED, *, password=PASSWORD):
    with transaction():
        accounts.count_password_try(owner.id, now=NOW)
    with transaction():
        return services.start_regrade(
            question(owner, what_if_id),
            decision,
            person_id=owner.id,
            password=password,
            now=NOW,
        )


def results(attempt_id):
    wanted = select(Result).where(Result.attempt_id == attempt_id).order_by(Result.version)
    return [(row.version, row.passed) for row in db.session.scalars(wanted)]


def held(person):
    """Jobs run at the real moment, which lies after the tests' NOW."""
    return certificates.certificates_of(person.id, on=utc_now().date())


def test_the_unchanged_rules_give_what_the_rows_say(owner):
    for act in (near_miss, near_pass, lambda one: rate(one, 1, 1, 1, 1, 1)):
        act(make_person())
    reference = packages.content_of(packages.current_release(SLUG).digest).cases[2].reference
    same = ChangedRules(
        "certification", references=(ReferenceChange("a1", "quadriceps", reference["quadriceps"]),)
    )

    for rules in (same, rules_of(WIDER.replace("tolerance: 2", "tolerance: 1"))):
        found = reckon(SLUG, rules, today=NOW.date())
        assert (found.tries.of, found.tries.before, found.changed) == (3, 2, ())


def test_a_question_is_answered_by_a_job_and_kept(owner):
    miss, passing = make_person(), make_person()
    attempt_id = near_miss(miss)
    near_pass(passing)
    trial = make_trial()
    make_requirement(trial, SLUG)
    make_rater(trial, email=passing.email, account=False)

    wider = result_from_data(question(owner, ask(owner, WIDER)).result)
    stricter = result_from_data(question(owner, ask(owner, STRICTER)).result)

    assert [one.id for one in wider.changed] == [attempt_id]
    assert (wider.tries.gained, wider.tries.lost, wider.certificates) == (1, 0, ())
    assert stricter.tries.lost == 1
    (touched,) = stricter.certificates
    assert touched.code == held(passing)[0].code
    ((name, lost),) = [(one.name, one.lost) for one in stricter.trials]
    assert (name, lost) == (trial.name, 1)


def test_an_answer_that_was_kept_stays(owner):
    near_miss(make_person())
    what_if_id = ask(owner, WIDER)
    before = question(owner, what_if_id)
    near_miss(make_person())

    row = db.session.scalar(select(JobItem).where(JobItem.kind == services.RECKON))
    handler = jobs._handlers[services.RECKON]
    assert handler.before(dict(row.payload), now=NOW) is None
    with transaction():
        services.keep_result(what_if_id, {"other": 1}, now=NOW)

    assert question(owner, what_if_id) == before


def test_somebody_elses_question_is_not_found(owner):
    what_if_id = ask(owner, WIDER, work=False)
    with pytest.raises(NotFound):
        queries.what_if_of(make_person(Role.CREATOR).id, what_if_id, everything=False)


def test_nothing_is_marked_anew_before_it_is_published_in_a_grave_enough_class(owner):
    near_miss(make_person())
    what_if_id = ask(owner, WIDER)

    with pytest.raises(NotPublished):
        decide(owner, what_if_id)
    words = Change(ChangeClass.WORDING, Policy.FINISH_ON_OLD, "Only words.")
    make_release(wider_files(), change=words)
    with pytest.raises(NotPublished):
        decide(owner, what_if_id)


def test_who_passes_now_is_certified_once_and_the_old_result_stays(owner, app):
    person, other = make_person(), make_person()
    attempt_id, untouched = near_miss(person), near_pass(other)
    what_if_id = ask(owner, WIDER)
    make_release(wider_files(), change=SCORING)
    jobs.run_pending()
    outbox = empty_outbox(app)

    regrade_id = decide(owner, what_if_id)
    payload = dict(
        db.session.scalar(select(JobItem).where(JobItem.kind == services.REGRADE)).payload
    )
    jobs.run_pending()
    with transaction():
        assert services.regrade_round(payload, now=NOW) is None

    assert results(attempt_id) == [(1, False), (2, True)]
    assert results(untouched) == [(1, True)]
    (certificate,) = held(person)
    told = certificates.newest_in_line(certificate.id).facts
    assert ("Marked anew", "by the rules of release 1.1") in [
        (line.label, line.value) for line in told.score
    ]
    (mail,) = [one for one in outbox if one.to == [person.email] and "anew" in one.subject]
    assert "By the new rules you have passed" in mail.body
    found = queries.find_regrade(what_if_id)
    assert found.outcomes == {"certified": 1}
    (signed,) = found.signatures
    assert (signed.digest, signed.meaning) == (found.digest, "responsibility")
    events = [one.action for one in audit.history_of(f"attempt:{attempt_id}")]
    assert events == ["attempt marked", "attempt marked anew"]
    assert regrade_id == found.id
    with pytest.raises(NothingToRegrade):
        decide(owner, what_if_id)


def test_who_would_fail_keeps_the_certificate(owner, app):
    person = make_person()
    attempt_id = near_pass(person)
    what_if_id = ask(owner, STRICTER)
    make_release(stricter_files(), change=SCORING)
    jobs.run_pending()
    outbox = empty_outbox(app)

    decide(owner, what_if_id)
    jobs.run_pending()

    assert results(attempt_id) == [(1, True), (2, False)]
    assert held(person)[0].state == "valid"
    assert queries.find_regrade(what_if_id).outcomes == {"kept": 1}
    (mail,) = [one for one in outbox if one.to == [person.email]]
    assert "Your certificate stays as it is" in mail.body


def test_for_safety_the_owner_may_suspend(owner, app):
    person = make_person()
    near_pass(person)
    what_if_id = ask(owner, STRICTER)
    make_release(stricter_files(), change=SAFETY)

    decide(owner, what_if_id, Decision("Patients first.", suspend=True))
    jobs.run_pending()

    assert held(person)[0].state == "suspended"
    assert queries.find_regrade(what_if_id).outcomes == {"suspended": 1}


def test_a_wrong_password_marks_nothing(owner):
    near_miss(make_person())
    what_if_id = ask(owner, WIDER)
    make_release(wider_files(), change=SCORING)
    with pytest.raises(WrongPassword):
        decide(owner, what_if_id, password="wrong")
    assert queries.find_regrade(what_if_id) is None


def test_a_record_shows_the_earlier_marking_beside_the_new_one(owner):
    person = make_person()
    near_miss(person)
    what_if_id = ask(owner, WIDER)
    make_release(wider_files(), change=SCORING)
    decide(owner, what_if_id)
    jobs.run_pending()

    enrolment = training.enrolment_of(person.id, SLUG)
    told = record.evidence_for(f"enrolment:{enrolment.id}", whole=False).data
    (attempt,) = [one for one in told["attempts"] if one["step"] == "certification"]
    assert attempt["result"]["marking_version"] == 2
    assert [(one["marking_version"], one["passed"]) for one in attempt["earlier_markings"]] == [
        (1, False)
    ]


# --- a quiz ---------------------------------------------------------------------------------------

OTHER_KEYS = 'answers: {grades-01: "no", grades-03: {value: 9}}'  # a try holds one of them


def files_with_other_keys():
    files = light_files()
    for path, change in (
        ("questions/grades.yaml", ('"10", correct: true', '"10"')),
        ("questions/grades.yaml", ("{text: no}", "{text: no, correct: true}")),
        ("questions/grades.yaml", ("{value: 8}", "{value: 9}")),
        ("package.yaml", ('version: "1.0"', 'version: "1.1"')),
    ):
        files = broken({path: change}, files)
    return files


def test_a_lower_mark_passes_who_failed_the_quiz_and_says_so(owner, app):
    person, other = make_person(), make_person()
    missed, lost = try_quiz(person, wrong=1), try_quiz(other, wrong=2)
    what_if_id = ask(owner, "pass_mark: 1\n", step="quiz")
    found = result_from_data(question(owner, what_if_id).result)

    assert [one.id for one in found.changed] == [missed]
    assert (found.tries.of, found.tries.before, found.tries.after, found.forms) == (2, 0, 1, ())
    make_release(version_with("pass_mark: 2", "pass_mark: 1"), change=SCORING)
    outbox = empty_outbox(app)
    decide(owner, what_if_id)
    jobs.run_pending()

    assert (results(missed), results(lost)) == ([(1, False), (2, True)], [(1, False)])
    assert queries.find_regrade(what_if_id).outcomes == {"passed": 1}
    (mail,) = [one for one in outbox if one.to == [person.email]]
    assert "By the new rules you have passed “Quiz”." in mail.body
    events = [one.action for one in audit.history_of(f"attempt:{missed}")]
    assert events == ["attempt marked", "attempt marked anew"]


def test_another_right_answer_touches_certificates_and_trials(owner, app):
    person = make_person()
    near_pass(person)
    trial = make_trial()
    make_requirement(trial, SLUG)
    make_rater(trial, email=person.email, account=False)
    enrolment = training.enrolment_of(person.id, SLUG)
    what_if_id = ask(owner, OTHER_KEYS, step="quiz")
    found = result_from_data(question(owner, what_if_id).result)
    (changed,) = found.changed

    assert [one.code for one in found.certificates] == [held(person)[0].code]
    assert [(one.name, one.lost) for one in found.trials] == [(trial.name, 1)]
    with pytest.raises(NotPublished):
        decide(owner, what_if_id)
    make_release(files_with_other_keys(), change=SCORING)
    decide(owner, what_if_id)
    jobs.run_pending()

    assert results(changed.id) == [(1, True), (2, False)]
    assert held(person)[0].state == "valid"
    assert queries.find_regrade(what_if_id).outcomes == {"kept": 1}
    told = record.evidence_for(f"enrolment:{enrolment.id}", whole=False).data
    (kept,) = [one for one in told["attempts"] if one["step"] == "quiz"]
    by = kept["result"]["detail"]["regraded"]
    assert set(by) == {"source", "release", "pass_mark", "questions"}, "no key is told"
    assert (by["release"], by["pass_mark"]) == ("1.1", 2)
    assert set(by["questions"]) <= {"grades-01", "grades-03"} and by["questions"]
