"""What is kept for a while only goes when its while is over, and nothing else does."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, update

from lms import storage
from lms.accounts import services as accounts
from lms.accounts.models import Invitation, MailedLink, SignInSession, SignInTries
from lms.accounts.services import Invitee
from lms.db import db, transaction
from lms.jobs import Job, JobItem, MadeFile
from lms.operations.tidy import tidy
from lms.packages import services as packages
from lms.packages.models import Draft
from lms.tidying import clear_old
from tests.factories import NOW, make_person
from tests.factories_packages import make_draft
from tests.factories_reports import make_job

LATER = NOW + timedelta(days=91)


def count(table):
    return db.session.scalar(select(func.count()).select_from(table))


def test_sign_ins_tries_and_links_go_after_their_time(app):
    person = make_person()
    with transaction():
        accounts.open_session(person.id, device="old", now=NOW)
        accounts.request_reset(person.email, now=NOW)
        db.session.add(SignInTries(address_hash="0" * 64, tries=3, last_at=NOW))
    assert clear_old(now=NOW + timedelta(hours=1))["sign-ins, invitations and links"] == 0

    # a session ends after 14 days at the latest, and is kept 90 more
    assert clear_old(now=LATER)["sign-ins, invitations and links"] == 2
    assert (count(MailedLink), count(SignInTries), count(SignInSession)) == (0, 0, 1)
    clear_old(now=LATER + timedelta(days=30))
    assert count(SignInSession) == 0


@pytest.mark.parametrize("accepted", [True, False])
def test_an_invitation_goes_unless_somebody_accepted_it(app, accepted):
    with transaction():
        accounts.invite(Invitee("new@example.net"), invited_by=None, now=NOW)
        if accepted:
            db.session.execute(update(Invitation).values(accepted_at=NOW))
    clear_old(now=LATER + timedelta(days=60))

    assert count(Invitation) == int(accepted)


def test_a_withdrawn_draft_goes_and_an_open_one_stays(app):
    person = make_person()
    gone, stays = make_draft(person.id), make_draft(person.id)
    with transaction():
        packages.withdraw_draft(gone, person_id=person.id, everything=False, now=NOW)
    clear_old(now=LATER)

    assert list(db.session.scalars(select(Draft.id))) == [stays]


def test_ended_jobs_go_with_the_files_that_only_they_made(app):
    old, shared, open_one = (
        make_job(done=1),
        make_job(done=1),
        make_job(queued=1),
    )
    recent = make_job(done=1)
    with transaction():
        own = keep_file(old, b"only the old one made this")
        both = keep_file(shared, b"two made this")
        keep_file(recent, b"two made this")
        db.session.execute(update(JobItem).where(JobItem.job_id == recent).values(ended_at=LATER))
    gone = clear_old(now=LATER)

    assert gone["jobs"] == 2
    assert set(db.session.scalars(select(Job.id))) == {open_one, recent}
    assert not storage.exists(own)
    assert storage.exists(both)


def keep_file(job_id, data):
    made = MadeFile(storage.put(data), "made.txt", "text/plain", len(data))
    db.session.execute(
        update(JobItem).where(JobItem.job_id == job_id).values(result=made.as_result())
    )
    return made.digest


def test_the_command_says_what_went(app, monkeypatch):
    make_job(done=1)
    with transaction():
        db.session.execute(update(Job).values(created_at=NOW - timedelta(days=2000)))
        db.session.execute(update(JobItem).values(ended_at=NOW - timedelta(days=2000)))
    monkeypatch.setattr("lms.app.create_app", lambda: app)
    said = CliRunner().invoke(tidy, [])

    assert (said.exit_code, said.output.splitlines()[-1]) == (0, "1\tjobs")
