"""A further release with its class and policy: kept, signed, and people who follow it once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms import jobs
from lms.accounts import api as accounts
from lms.accounts.domain import WrongPassword
from lms.certificates import api as certificates
from lms.db import db, transaction
from lms.jobs import JobItem
from lms.modules import following, queries, services
from lms.packages import api as packages
from lms.packages import services as studio
from lms.packages.domain.changes import (
    Change,
    ChangeClass,
    ChangeMissing,
    Policy,
    ReasonMissing,
    digest_of,
)
from tests.factories import NOW, PASSWORD, make_person
from tests.factories_accounts import empty_outbox
from tests.factories_modules import SLUG, attempt_of, begin, do_all, do_until, right_answers
from tests.factories_packages import broken, light_files, make_draft, make_release

CLOSER = Change(ChangeClass.SCORING, Policy.TOP_UP, "The quiz asks for more.")


def changed_files(version="1.1"):
    """The light package with another text and nothing else."""
    return broken(
        {
            "package.yaml": ('version: "1.0"', f'version: "{version}"'),
            "lessons/why.md": ("same", "very same"),
        },
        light_files(),
    )


def publish(draft_id, person, change, *, password=PASSWORD):
    with transaction():
        accounts.count_password_try(person.id, now=NOW)
    with transaction():
        return studio.publish_release(
            draft_id,
            person_id=person.id,
            everything=False,
            now=NOW,
            change=change,
            password=password,
        )


def test_a_further_release_is_kept_with_its_change_and_signed(session):
    person = make_person()
    first = make_release(light_files(), person_id=person.id)
    draft_id = make_draft(person.id, changed_files())

    release = publish(draft_id, person, CLOSER)

    (kept,) = packages.changes_of(SLUG)
    assert (kept.release_id, kept.before_id, kept.change) == (release.id, first.id, CLOSER)
    assert (kept.found, kept.said_by) == (ChangeClass.WORDING, person.id)
    (signed,) = accounts.signatures_of(f"release:{release.id}")
    assert (signed.digest, signed.meaning) == (digest_of(release.digest, CLOSER), "approval")


@pytest.mark.parametrize(
    ("change", "password", "error"),
    [
        (None, PASSWORD, ChangeMissing),
        (Change(ChangeClass.WORDING, Policy.REDO, " "), PASSWORD, ReasonMissing),
        (CLOSER, "wrong", WrongPassword),
    ],
)
def test_a_further_release_without_change_reason_or_signature_is_none(
    session, change, password, error
):
    person = make_person()
    first = make_release(light_files(), person_id=person.id)
    draft_id = make_draft(person.id, changed_files())

    with pytest.raises(error):
        publish(draft_id, person, change, password=password)

    assert packages.current_release(SLUG).id == first.id
    assert packages.changes_of(SLUG) == []


def test_top_up_takes_over_what_is_the_same_and_redo_nothing(session):
    make_release(light_files())
    under_way, holder, outside = make_person(), make_person(), make_person()
    do_until(under_way, "quiz")
    do_all(holder)
    before = queries.enrolment_of(holder.id, SLUG)

    release = make_release(changed_files(), change=CLOSER)
    jobs.run_pending()

    moved = queries.enrolment_of(under_way.id, SLUG)
    assert (moved.release_id, moved.kind, moved.carried) == (release.id, "top_up", ["practice"])
    again = queries.enrolment_of(holder.id, SLUG)
    assert (again.round, again.reason) == (2, CLOSER.reason)
    assert again.carried == ["practice", "quiz", "certification"]
    assert queries.find_enrolment(outside.id, SLUG) is None
    held = certificates.newest_in_line(before.certificate_id)
    assert held.id == before.certificate_id
    assert held.state_on(NOW.date()) == "valid"

    with transaction():
        services.read_text(holder.id, SLUG, "why", now=NOW)
    assert certificates.newest_in_line(before.certificate_id).id != before.certificate_id


def test_each_is_written_to_once_however_often_the_work_is_done(app):
    make_release(light_files())
    holder = make_person()
    do_all(holder)
    jobs.run_pending()
    outbox = empty_outbox(app)

    make_release(changed_files(), change=Change(ChangeClass.SAFETY, Policy.REDO, "All anew."))
    row = db.session.scalar(select(JobItem).where(JobItem.kind == following.FOLLOW))
    payload = dict(row.payload)
    jobs.run_pending()
    with transaction():
        assert following.follow(payload, now=NOW) == (None, following.THERE)

    assert queries.enrolment_of(holder.id, SLUG).round == 2
    (mail,) = [one for one in outbox if one.to == [holder.email]]
    assert "All anew." in mail.body
    assert "4 steps are to be done" in mail.body


def test_a_holder_for_whom_nothing_is_new_gets_no_round(session):
    make_release(light_files())
    holder = make_person()
    do_all(holder)
    files = broken(
        {
            "package.yaml": ('version: "1.0"', 'version: "1.1"'),
        },
        light_files(),
    )

    make_release(files, change=CLOSER)
    jobs.run_pending()

    assert queries.enrolment_of(holder.id, SLUG).round == 1


def test_nobody_is_moved_who_may_finish_on_the_old_release(session):
    make_release(light_files())
    person = make_person()
    do_until(person, "quiz")

    make_release(changed_files())

    (kept,) = packages.changes_of(SLUG)
    assert kept.change.policy is Policy.FINISH_ON_OLD
    assert db.session.scalar(select(JobItem.id).where(JobItem.kind == following.FOLLOW)) is None


def test_a_try_left_open_by_a_further_round_gives_no_certificate(session):
    make_release(light_files())
    person = make_person()
    do_until(person, "certification")
    attempt_id = begin(person, "certification")
    answers = right_answers(attempt_of(person, attempt_id))

    make_release(changed_files(), change=CLOSER)
    jobs.run_pending()
    with transaction():
        services.save_answers(attempt_of(person, attempt_id), answers, now=NOW)
    with transaction():
        services.submit_attempt(person.id, attempt_id, now=NOW + timedelta(minutes=5))

    assert certificates.certificates_of(person.id, on=NOW.date()) == []
