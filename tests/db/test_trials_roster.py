"""Rosters as files: looked at first, applied once, worked off row by row."""

import pytest
from sqlalchemy import func, select

from lms.accounts.models import Invitation
from lms.audit.models import Event
from lms.db import db, transaction
from lms.jobs import Job, JobItem, progress
from lms.trials import queries, services
from lms.trials.domain import AlreadyApplied, BadRosterFile, State, Verdict
from lms.trials.models import Rater, RosterUpload, Site
from tests.factories import NOW
from tests.factories_trials import TODAY, days, make_confirmed_person, make_rater, make_trial

pytestmark = pytest.mark.usefixtures("session")

BODY = """email,name,site
ada@example.org,Ada,01
BO@example.org,Bo,02
bad,Cy,01
"""


def keep(trial, body=BODY, *, adds_sites=True, now=NOW):
    sent = services.SentFile("roster.csv", body.encode(), adds_sites)
    with transaction():
        return services.keep_roster(trial.viewer, trial.id, sent, now=now)


def apply(trial, upload_id):
    with transaction():
        return services.apply_roster(trial.viewer, trial.id, upload_id, today=TODAY, now=NOW)


def counted(*models):
    return [db.session.scalar(select(func.count()).select_from(model)) for model in models]


def roster(trial):
    return {
        row.rater.email: group.site.number
        for group in queries.matrix_of(trial.facts, TODAY).groups
        for row in group.rows
    }


def test_looking_at_a_file_writes_nothing_of_it():
    trial = make_trial()
    tables = (Rater, Site, Invitation, Event, Job)
    before = counted(*tables)

    upload_id = keep(trial)
    judgement = queries.judgement_of(trial.facts, upload_id, today=TODAY)

    assert [row.verdict for row in judgement.rows] == [Verdict.NEW, Verdict.NEW, Verdict.ERROR]
    assert [row.line for row in judgement.rows] == [2, 3, 4]
    assert judgement.rows[1].new_site == "02"
    assert counted(*tables) == before


def test_applying_writes_the_good_rows_adds_the_sites_and_invites(run_jobs):
    trial = make_trial()
    make_confirmed_person(email="bo@example.org")
    upload_id = keep(trial)

    job_id = apply(trial, upload_id)
    run_jobs()

    assert roster(trial) == {"ada@example.org": "01", "bo@example.org": "02"}
    invited = db.session.scalars(select(Invitation.email)).all()
    assert invited == ["ada@example.org"]
    how = progress(job_id)
    assert (how.total, how.done, how.failed) == (2, 2, 0)


def test_applying_twice_is_refused_and_harmless(run_jobs):
    trial = make_trial()
    upload_id = keep(trial)
    apply(trial, upload_id)

    with pytest.raises(AlreadyApplied):
        apply(trial, upload_id)
    run_jobs()

    assert counted(Rater) == [2]


def test_the_same_file_again_finds_nothing_to_do(run_jobs):
    trial = make_trial()
    apply(trial, keep(trial))
    run_jobs()
    before = counted(Rater, Site, Invitation)

    again = keep(trial)
    judgement = queries.judgement_of(trial.facts, again, today=TODAY)

    assert judgement.writes == 0
    assert judgement.counts[Verdict.UNCHANGED] == 2
    assert apply(trial, again) is None
    run_jobs()
    assert counted(Rater, Site, Invitation) == before


def test_a_row_that_is_worked_off_twice_changes_nothing_the_second_time(run_jobs):
    trial = make_trial()
    job_id = apply(trial, keep(trial))
    payload = db.session.scalars(select(JobItem.payload).where(JobItem.job_id == job_id)).first()

    verdicts = []
    for _time in range(2):
        with transaction():
            verdicts.append(services.apply_row(payload, now=NOW))

    assert verdicts == [Verdict.NEW, Verdict.UNCHANGED]


def test_verdicts_stay_as_they_stood_when_the_file_was_applied(run_jobs):
    trial = make_trial()
    upload_id = keep(trial)
    apply(trial, upload_id)
    run_jobs()

    judgement = queries.judgement_of(trial.facts, upload_id, today=TODAY)

    assert [row.verdict for row in judgement.rows] == [Verdict.NEW, Verdict.NEW, Verdict.ERROR]
    assert judgement.applied_at == NOW


def test_people_are_matched_by_address_whatever_its_case():
    trial = make_trial(sites=("01", "02"))
    make_rater(trial, "ada@example.org", name="Ada")

    (row,) = queries.judgement_of(
        trial.facts, keep(trial, "email,name,site\nADA@Example.ORG,Ada,2\n"), today=TODAY
    ).rows

    assert (row.verdict, row.present_site, row.email) == (Verdict.MOVED, "01", "ada@example.org")


def test_whoever_is_not_in_the_file_stays(run_jobs):
    trial = make_trial()
    make_rater(trial, "stays@example.org")
    apply(trial, keep(trial))
    run_jobs()

    assert roster(trial)["stays@example.org"] == "01"


def test_a_trial_that_closes_meanwhile_lets_no_row_in(run_jobs):
    trial = make_trial()
    job_id = apply(trial, keep(trial))
    with transaction():
        services.set_state(trial.viewer, trial.id, State.CLOSED, reason="Over", now=NOW)
    run_jobs()

    assert counted(Rater) == [0]
    assert progress(job_id).done == 0


def test_a_file_that_is_no_roster_is_not_kept():
    trial = make_trial()

    with pytest.raises(BadRosterFile):
        keep(trial, "nothing,that,fits\n1,2,3\n")
    assert counted(RosterUpload) == [0]


def test_files_that_nobody_applied_go_after_thirty_days(run_jobs):
    from datetime import timedelta

    trial = make_trial()
    old = keep(trial, now=NOW - timedelta(days=31))
    applied = keep(trial, now=NOW - timedelta(days=31))
    apply(trial, applied)
    new = keep(trial)

    assert set(db.session.scalars(select(RosterUpload.id))) == {applied, new}
    assert old not in {applied, new}


@pytest.mark.parametrize("rows", [2, 30])
def test_verdicts_take_as_many_queries_for_many_rows(count_queries, rows):
    trial = make_trial()
    body = "email,name,site\n" + "".join(f"r{n}@example.org,R,01\n" for n in range(rows))
    upload_id = keep(trial, body)
    facts = trial.facts
    count_queries()

    queries.judgement_of(facts, upload_id, today=TODAY)

    assert count_queries() <= 7


def test_a_planned_end_is_said_when_a_row_would_reach_into_it():
    trial = make_trial()
    rater_id, _ = make_rater(trial, "ada@example.org", name="Ada")
    with transaction():
        services.end_rater(trial.viewer, trial.id, rater_id, to_on=days(-1), reason="x", now=NOW)

    (row,) = queries.judgement_of(
        trial.facts,
        keep(trial, f"email,name,site,from\nada@example.org,Ada,01,{days(-1)}\n"),
        today=TODAY,
    ).rows

    assert row.verdict is Verdict.ERROR
    assert "lasted until" in row.problems[0].message
