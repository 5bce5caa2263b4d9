"""Many at the same moment: one certificate for a subject, one revocation, one file."""

from collections.abc import Callable
from threading import Barrier, Thread

from sqlalchemy import func, select

from lms import jobs
from lms.accounts.domain import Role
from lms.certificates import queries, services
from lms.certificates.domain import AlreadyRevoked, RevocationReason
from lms.certificates.models import Certificate, File, Withdrawal
from lms.db import db, transaction
from tests.factories import NOW, make_person
from tests.factories_certificates import issue, make_facts

AT_ONCE = 6


def all_at_once(app, work: Callable[[], object]) -> list[object]:
    """Call the same thing from several threads, each with a session of its own."""
    start, answers = Barrier(AT_ONCE), []

    def run():
        with app.app_context():
            start.wait()
            try:
                answers.append(work())
            except AlreadyRevoked as error:
                answers.append(error)
            finally:
                db.session.remove()

    threads = [Thread(target=run) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == AT_ONCE
    return answers


def count(model) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def test_a_double_click_issues_once(app):
    holder = make_person()

    def work():
        with transaction():
            issued = services.issue_certificate(
                make_facts(), holder_id=holder.id, subject="enrolment:5", now=NOW
            )
        return issued.code

    assert len(set(all_at_once(app, work))) == 1
    assert count(Certificate) == 1
    assert count(jobs.JobItem) == 1


def test_a_certificate_is_revoked_once(app):
    admin, issued = make_person(Role.ADMIN), issue(make_person().id)

    def work():
        with transaction():
            services.revoke_certificate(
                issued.id,
                reason_class=RevocationReason.MISCONDUCT,
                reason="Ratings were made up.",
                revoked_by=admin.id,
                now=NOW,
            )

    answers = all_at_once(app, work)
    assert sum(answer is None for answer in answers) == 1
    assert count(Withdrawal) == 1


def test_workers_that_seal_at_once_keep_one_file(app):
    issued = issue(make_person().id)
    with transaction():
        for _ in range(3):
            services.enqueue_seal([issued.id], now=NOW)
    all_at_once(app, jobs.run_pending)
    assert count(File) == 1
    assert queries.certificate(issued.id).file is not None
