"""Trials, sites, requirements, coordinators and the roster as rows."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from lms.accounts.domain import Role
from lms.audit.models import Event
from lms.db import db, transaction
from lms.errors import Conflict, Invalid, NotFound
from lms.trials import api, queries, services
from lms.trials.domain import (
    AlreadyCoordinator,
    AlreadyEnded,
    AlreadyRequired,
    BadPeriod,
    CellKind,
    CodeTaken,
    Entry,
    LastCoordinator,
    NewSite,
    OnTheRoster,
    Show,
    SiteTaken,
    Standing,
    State,
    TrialClosed,
    Verdict,
    Viewer,
)
from lms.trials.models import Rater
from lms.trials.queries import Sought
from tests.factories import NOW, make_person
from tests.factories_trials import (
    TODAY,
    begin_training,
    days,
    make_certificate,
    make_confirmed_person,
    make_module,
    make_rater,
    make_requirement,
    make_trial,
)

pytestmark = pytest.mark.usefixtures("session")


def add(trial, entry, today=TODAY):
    with transaction():
        return services.add_rater(trial.viewer, trial.id, entry, today=today, now=NOW)


def events(action):
    return db.session.scalar(select(func.count()).where(Event.action == action))


def test_another_coordinators_trial_is_not_found():
    trial = make_trial()
    other = make_trial()

    with pytest.raises(NotFound):
        queries.trial_of(other.viewer, trial.id)
    assert [one.trial.id for one in queries.trials_of(other.viewer, TODAY)] == [other.id]


def test_an_administrator_sees_every_trial():
    made = {make_trial().id, make_trial().id}

    assert {one.trial.id for one in queries.trials_of(Viewer(0, sees_all=True), TODAY)} == made


def test_a_protocol_code_names_one_trial():
    trial = make_trial()
    facts = services.NewTrial("Another", trial.facts.protocol_code)

    with pytest.raises(CodeTaken), transaction():
        services.add_trial(facts, added_by=trial.coordinator.id, now=NOW)


def test_whoever_is_removed_sees_the_trial_no_more_and_may_come_back():
    trial = make_trial()
    other = make_person(Role.COORDINATOR)
    for _round in range(2):
        with transaction():
            row = services.add_coordinator(trial.viewer, trial.id, other.email, now=NOW)
        assert queries.trial_of(Viewer(other.id), trial.id).id == trial.id
        with transaction():
            services.end_coordinator(trial.viewer, trial.id, row, now=NOW)
        with pytest.raises(NotFound):
            queries.trial_of(Viewer(other.id), trial.id)
    with pytest.raises(AlreadyEnded), transaction():
        services.end_coordinator(trial.viewer, trial.id, row, now=NOW)


def test_a_trial_keeps_a_coordinator():
    trial = make_trial()
    (only,) = queries.coordinators_of(trial.facts)

    with pytest.raises(LastCoordinator), transaction():
        services.end_coordinator(trial.viewer, trial.id, only.id, now=NOW)


def test_a_coordinator_is_added_once_and_must_have_the_role():
    trial, trainee = make_trial(), make_person()
    with pytest.raises(AlreadyCoordinator), transaction():
        services.add_coordinator(trial.viewer, trial.id, trial.coordinator.email, now=NOW)
    with pytest.raises(Invalid, match="does not have the role"), transaction():
        services.add_coordinator(trial.viewer, trial.id, trainee.email, now=NOW)
    with pytest.raises(Invalid, match="Nobody has an account"), transaction():
        services.add_coordinator(trial.viewer, trial.id, "no@example.org", now=NOW)


def test_in_a_closed_trial_nothing_changes_until_it_is_opened_again():
    trial = make_trial()
    with transaction():
        services.set_state(trial.viewer, trial.id, State.CLOSED, reason="Last visit", now=NOW)

    with pytest.raises(TrialClosed):
        add(trial, Entry("a@example.org", "A", "01"))
    with pytest.raises(TrialClosed), transaction():
        services.add_site(trial.viewer, trial.id, NewSite("9", "", ""), now=NOW)

    with transaction():
        services.set_state(trial.viewer, trial.id, State.OPEN, reason="One more", now=NOW)
    assert add(trial, Entry("a@example.org", "A", "01")) is Verdict.NEW
    assert (events("trial closed"), events("trial opened again")) == (1, 1)


def test_a_site_number_is_taken_whatever_its_zeros():
    trial = make_trial(sites=("01",))

    with pytest.raises(SiteTaken), transaction():
        services.add_site(trial.viewer, trial.id, NewSite("1", "", ""), now=NOW)


def test_sites_are_sorted_by_value():
    trial = make_trial(sites=("10", "2", "B", "1"))

    assert [site.number for site in queries.sites_of(trial.facts)] == ["1", "2", "10", "B"]


def test_a_module_is_required_once_at_a_time():
    make_module()
    trial = make_trial()
    first = make_requirement(trial)
    with pytest.raises(AlreadyRequired):
        make_requirement(trial, from_on=days(0))
    with transaction():
        services.end_requirement(trial.viewer, trial.id, first, until_on=days(-1), now=NOW)

    make_requirement(trial, from_on=days(0), level="Expert")

    assert len(queries.requirements_of(trial.facts)) == 2


def test_a_requirement_names_a_published_module():
    with pytest.raises(Invalid, match="no published module"):
        make_requirement(make_trial(), "nowhere")


def test_a_requirement_that_is_taken_back_was_never_in_force():
    make_module()
    trial = make_trial()
    asked = make_requirement(trial, from_on=days(0))
    with pytest.raises(BadPeriod), transaction():
        services.end_requirement(trial.viewer, trial.id, asked, until_on=days(-2), now=NOW)
    with transaction():
        services.end_requirement(trial.viewer, trial.id, asked, until_on=days(-1), now=NOW)

    assert queries.matrix_of(trial.facts, days(0)).asked == ()
    make_requirement(trial, from_on=days(0))


def test_who_moves_gets_a_further_entry_and_keeps_the_old_one():
    trial = make_trial(sites=("01", "02"))
    add(trial, Entry("Ada@example.org".lower(), "Ada", "01", "Nurse", "", date(2026, 3, 1)))

    assert add(trial, Entry("ada@example.org", "Ada", "2", "", "", days(0))) is Verdict.MOVED

    new, old = queries.stays_of(trial.facts, "ada@example.org")
    assert (old.site_number, old.to_on, old.end_reason) == ("01", days(-1), "moved")
    assert (new.site_number, new.from_on, new.to_on, new.role) == ("02", days(0), None, "Nurse")
    assert (events("rater added"), events("rater moved")) == (1, 1)


def test_moving_on_the_day_of_arrival_takes_the_first_entry_back():
    trial = make_trial(sites=("01", "02"))
    add(trial, Entry("a@example.org", "A", "01"))
    add(trial, Entry("a@example.org", "A", "02"))

    groups = queries.matrix_of(trial.facts, TODAY).groups
    assert [len(group.rows) for group in groups] == [0, 1]


def test_adding_the_same_again_says_so_and_writes_nothing():
    trial = make_trial()
    add(trial, Entry("a@example.org", "A", "01"))

    with pytest.raises(OnTheRoster):
        add(trial, Entry("a@example.org", "A", "1"))
    assert db.session.scalar(select(func.count(Rater.id))) == 1


def test_an_entry_may_not_reach_into_the_one_before():
    trial = make_trial(sites=("01", "02"))
    add(trial, Entry("a@example.org", "A", "01", "", "", days(-10)))

    with pytest.raises(Invalid, match="cannot begin before"):
        add(trial, Entry("a@example.org", "A", "02", "", "", days(-11)))


def test_an_end_that_is_planned_gives_way_to_a_move():
    trial = make_trial(sites=("01", "02"))
    rater_id, _ = make_rater(trial, "a@example.org", name="A")
    with transaction():
        services.end_rater(
            trial.viewer, trial.id, rater_id, to_on=days(30), reason="Leave", now=NOW
        )

    assert add(trial, Entry("a@example.org", "A", "02")) is Verdict.MOVED
    assert [stay.to_on for stay in queries.stays_of(trial.facts, "a@example.org")] == [
        None,
        days(-1),
    ]


def test_whoever_left_is_on_the_roster_of_the_days_before():
    trial = make_trial()
    rater_id, _ = make_rater(trial, from_on=days(-30))
    with transaction():
        services.end_rater(
            trial.viewer, trial.id, rater_id, to_on=days(-10), reason="Left", now=NOW
        )

    counts = [
        queries.matrix_of(trial.facts, days(n)).figures.raters for n in (-31, -30, -10, -9, 0)
    ]
    assert counts == [0, 1, 1, 0, 0]
    with pytest.raises(AlreadyEnded), transaction():
        services.end_rater(trial.viewer, trial.id, rater_id, to_on=TODAY, reason="x", now=NOW)


def test_two_entries_without_end_for_one_address_cannot_be():
    trial = make_trial()
    rater_id, _ = make_rater(trial, "a@example.org")
    old = db.session.get_one(Rater, rater_id)
    again = Rater(
        trial_id=trial.id,
        site_id=old.site_id,
        email=old.email,
        name="B",
        from_on=TODAY,
        added_by=trial.coordinator.id,
        added_at=NOW,
    )

    with pytest.raises(IntegrityError), transaction():
        db.session.add(again)


def test_the_matrix_says_who_may_rate_and_why_not():
    release = make_module()
    make_module("cmas", "CMAS")
    trial = make_trial(sites=("01", "02"))
    make_requirement(trial)
    make_requirement(trial, "cmas")
    _, ready = make_rater(trial, name="A ready")
    _, soon = make_rater(trial, name="B soon")
    _, ended = make_rater(trial, name="C ended")
    _, revoked = make_rater(trial, name="D revoked")
    _, training = make_rater(trial, name="E training", site="02")
    make_rater(trial, name="F nobody", site="02", account=False)
    for person in (ready, soon, ended, revoked):
        make_certificate(person, "cmas")
    make_certificate(ready)
    make_certificate(soon, expires=days(30))
    make_certificate(ended, expires=days(-3))
    make_certificate(revoked, revoked=days(-5))
    begin_training(training, "mmt8", release, on=days(-8))

    matrix = queries.matrix_of(trial.facts, TODAY)

    first = {row.rater.name: row.cells[0].kind for group in matrix.groups for row in group.rows}
    assert first == {
        "A ready": CellKind.VALID,
        "B soon": CellKind.SOON,
        "C ended": CellKind.ENDED,
        "D revoked": CellKind.REVOKED,
        "E training": CellKind.TRAINING,
        "F nobody": CellKind.NOT_BEGUN,
    }
    assert [row.standing for row in matrix.groups[1].rows] == [Standing.NOT_YET] * 2
    figures = matrix.figures
    assert (figures.raters, figures.may, figures.not_yet, figures.must_not) == (6, 2, 2, 2)
    assert figures.certificates_end_soon == 1


def test_the_matrix_answers_for_a_day_that_is_past():
    release = make_module()
    trial = make_trial()
    make_requirement(trial)
    _, person = make_rater(trial, from_on=date(2026, 1, 1))
    begin_training(person, "mmt8", release, on=date(2026, 2, 1))
    make_certificate(person, issued=date(2026, 3, 1), expires=date(2026, 9, 1))
    make_certificate(
        person, issued=date(2026, 9, 15), expires=date(2027, 9, 15), revoked=date(2026, 11, 1)
    )

    kinds = [
        queries.matrix_of(trial.facts, on).groups[0].rows[0].cells[0].kind.value
        for on in (
            date(2026, 1, 15),
            date(2026, 2, 1),
            date(2026, 3, 1),
            date(2026, 9, 1),
            date(2026, 9, 2),
            date(2026, 9, 15),
            date(2026, 11, 1),
        )
    ]

    assert kinds == ["none", "training", "valid", "soon", "ended", "valid", "revoked"]


def test_the_matrix_answers_for_a_day_to_come():
    make_module()
    trial = make_trial()
    make_requirement(trial)
    _, person = make_rater(trial)
    make_certificate(person, expires=days(20))

    assert queries.matrix_of(trial.facts, days(21)).figures.must_not == 1


def test_the_matrix_is_narrowed_and_its_figures_stay_whole():
    make_module()
    trial = make_trial(sites=("01", "02"))
    make_requirement(trial)
    _, person = make_rater(trial)
    make_rater(trial)
    make_rater(trial, site="02")
    make_certificate(person)

    only = queries.matrix_of(trial.facts, TODAY, Sought(trial.site_ids["01"], Show.MAY))

    assert (only.shown, len(only.groups), only.figures.raters) == (1, 1, 3)
    assert only.groups[0].figures.raters == 2


def test_an_account_counts_as_the_raters_once_its_address_is_confirmed():
    make_module()
    trial = make_trial()
    make_requirement(trial)
    make_rater(trial, "eve@example.org", account=False)
    stranger = make_person(email="eve@example.org", confirmed=False)
    make_certificate(stranger.id)
    assert queries.matrix_of(trial.facts, TODAY).figures.may == 0

    from lms.accounts.models import Person

    with transaction():
        db.session.get_one(Person, stranger.id).confirmed_at = NOW

    assert queries.matrix_of(trial.facts, TODAY).figures.may == 1


@pytest.mark.parametrize("raters", [2, 40])
def test_the_matrix_takes_as_many_queries_for_many_raters(count_queries, raters):
    release = make_module()
    make_module("cmas", "CMAS")
    trial = make_trial(sites=("01", "02", "03"))
    make_requirement(trial)
    make_requirement(trial, "cmas")
    for n in range(raters):
        _, person = make_rater(trial, site=f"0{n % 3 + 1}", account=n % 2 == 0)
        if person:
            make_certificate(person)
            begin_training(person, "cmas", release, on=days(-5))
    facts = trial.facts
    count_queries()

    queries.matrix_of(facts, TODAY)

    assert count_queries() <= 8


def test_a_rater_reads_what_trials_ask_of_them():
    make_module()
    first, second, other = make_trial("First"), make_trial("Second"), make_trial("Other")
    for trial in (first, second, other):
        make_requirement(trial, from_on=date(2026, 2, 1))
    make_rater(first, "ada@example.org", account=False)
    make_rater(second, "ada@example.org", account=False)
    make_rater(other)
    ada = make_confirmed_person(email="ada@example.org")
    unconfirmed = make_person(email="bo@example.org", confirmed=False)
    make_rater(other, "bo@example.org", account=False)

    assert api.requirements_for(ada.id, TODAY) == [
        ("First", "mmt8", date(2026, 2, 1)),
        ("Second", "mmt8", date(2026, 2, 1)),
    ]
    assert api.requirements_for(unconfirmed.id, TODAY) == []


def test_a_refused_change_leaves_no_event():
    trial = make_trial()
    before = db.session.scalar(select(func.count(Event.id)))

    with pytest.raises(Conflict), transaction():
        services.add_site(trial.viewer, trial.id, NewSite("01", "", ""), now=NOW)

    assert db.session.scalar(select(func.count(Event.id))) == before


def test_the_door_says_who_may_rate():
    make_module()
    trial = make_trial()
    make_requirement(trial)
    _, ready = make_rater(trial, "ready@example.org")
    make_rater(trial, "new@example.org")
    make_certificate(ready)

    assert api.raters_of(trial.viewer, trial.id, TODAY) == {
        "ready@example.org": Standing.MAY,
        "new@example.org": Standing.NOT_YET,
    }
