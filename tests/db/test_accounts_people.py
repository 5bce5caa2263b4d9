"""Adding people, changing roles, closing accounts: services against a database."""

import pytest
from sqlalchemy import select, update

from lms.accounts import api, queries, services
from lms.accounts.domain import AddressTaken, Choices, LastAdmin, Role, WeakPassword
from lms.accounts.models import MailedLink, Person, SignInSession
from lms.audit import api as audit
from lms.db import db, transaction
from lms.errors import Conflict, Invalid, NotFound
from tests.factories import NOW, PASSWORD, make_person


def actions_of(person_id):
    return [event.action for event in audit.history_of(f"person:{person_id}")]


def roles_of(person_id):
    return set(queries.roles_in_order(queries.person_of(person_id)))


def set_roles(person, roles, **values):
    with transaction():
        services.set_roles(person.id, roles, **{"actor_id": None, "now": NOW, **values})


def test_a_person_who_is_added_is_written_down_with_roles_and_an_event(app):
    with transaction():
        person_id = api.add_person(
            email=" Robin@Example.org",
            name=" Robin  Hale",
            password=PASSWORD,
            roles=[Role.TRAINEE, Role.CREATOR],
            now=NOW,
        )

    facts = api.person(person_id)
    assert (facts.name, facts.email, facts.confirmed) == ("Robin Hale", "robin@example.org", True)
    assert roles_of(person_id) == {Role.TRAINEE, Role.CREATOR}
    assert actions_of(person_id) == ["person added"]


def test_an_address_belongs_to_one_account(app):
    make_person(email="robin@example.org")

    with pytest.raises(AddressTaken), transaction():
        api.add_person(email="ROBIN@example.org", name="R", password=PASSWORD, now=NOW)


def test_whoever_registers_has_yet_to_confirm_the_address(app):
    with transaction():
        person_id = services.register(
            "robin@example.org", Choices("Robin Hale", "Europe/Vienna"), password=PASSWORD, now=NOW
        )

    assert not api.person(person_id).confirmed
    assert roles_of(person_id) == {Role.TRAINEE}
    assert db.session.scalars(select(MailedLink.purpose)).all() == ["address"]


def test_a_refused_registration_leaves_nothing(app):
    with pytest.raises(WeakPassword), transaction():
        services.register("robin@example.org", Choices("Robin"), password="1234567890", now=NOW)

    assert db.session.scalars(select(Person)).all() == []


def test_roles_are_granted_and_withdrawn_at_once_with_one_event(app):
    boss = make_person(Role.ADMIN)
    person = make_person(Role.TRAINEE, Role.CREATOR)

    set_roles(person, {Role.TRAINEE, Role.COORDINATOR}, actor_id=boss.id, reason="runs a site")

    assert roles_of(person.id) == {Role.TRAINEE, Role.COORDINATOR}
    (event,) = audit.history_of(f"person:{person.id}")
    assert event.before == {"roles": ["trainee", "creator"]}
    assert event.after == {"roles": ["trainee", "coordinator"]}
    assert (event.actor_id, event.reason) == (boss.id, "runs a site")


def test_the_same_roles_again_are_no_event(app):
    person = make_person(Role.TRAINEE)

    set_roles(person, {Role.TRAINEE})

    assert actions_of(person.id) == []


def test_a_role_that_is_withdrawn_can_be_granted_again(app):
    person = make_person(Role.CREATOR)
    for roles in (set(), {Role.CREATOR}):
        set_roles(person, roles)

    assert roles_of(person.id) == {Role.CREATOR}


def test_the_last_admin_stays_one(app):
    boss = make_person(Role.ADMIN)

    with pytest.raises(LastAdmin):
        set_roles(boss, {Role.TRAINEE}, actor_id=boss.id)

    assert roles_of(boss.id) == {Role.ADMIN}


def test_an_admin_whose_account_is_closed_does_not_count(app):
    boss, gone = make_person(Role.ADMIN), make_person(Role.ADMIN)
    with transaction():
        services.close_account(gone.id, reason="left", actor_id=boss.id, now=NOW)

    with pytest.raises(LastAdmin):
        set_roles(boss, set())


def test_the_last_admin_cannot_be_closed(app):
    boss = make_person(Role.ADMIN)

    with pytest.raises(LastAdmin), transaction():
        services.close_account(boss.id, reason="left", actor_id=boss.id, now=NOW)


def test_one_of_two_admins_may_go(app):
    boss, other = make_person(Role.ADMIN), make_person(Role.ADMIN)

    set_roles(other, {Role.TRAINEE}, actor_id=boss.id)

    assert roles_of(other.id) == {Role.TRAINEE}


def test_granting_one_role_keeps_the_others(app):
    person = make_person(Role.TRAINEE)

    with transaction():
        api.grant_role(person.id, Role.COORDINATOR, granted_by=None, now=NOW)
        api.grant_role(person.id, Role.COORDINATOR, granted_by=None, now=NOW)

    assert roles_of(person.id) == {Role.TRAINEE, Role.COORDINATOR}
    assert actions_of(person.id) == ["roles changed"]


def test_the_reason_for_extra_time_stays_out_of_the_trail(app):
    boss, person = make_person(Role.ADMIN), make_person()

    with transaction():
        services.set_extra_time(person.id, 1.5, reason="reads slowly", actor_id=boss.id, now=NOW)

    row = queries.person_of(person.id)
    assert (row.extra_time, row.extra_time_reason) == (1.5, "reads slowly")
    (event,) = audit.history_of(f"person:{person.id}")
    assert event.after == {"extra_time": 1.5}
    assert "slowly" not in repr(event)


@pytest.mark.parametrize(("factor", "reason"), [(0.9, "x"), (3.1, "x"), (1.5, "  ")])
def test_extra_time_has_bounds_and_a_reason(app, factor, reason):
    person = make_person()

    with pytest.raises(Invalid), transaction():
        services.set_extra_time(person.id, factor, reason=reason, actor_id=person.id, now=NOW)


def test_taking_extra_time_back_forgets_the_reason(app):
    person = make_person()
    for factor, reason in ((2.0, "for now"), (1.0, "")):
        with transaction():
            services.set_extra_time(person.id, factor, reason=reason, actor_id=person.id, now=NOW)

    assert queries.person_of(person.id).extra_time_reason == ""


def test_closing_ends_every_session_and_cannot_be_done_twice(app):
    boss, person = make_person(Role.ADMIN), make_person()
    with transaction():
        services.open_session(person.id, device="a", now=NOW)
        services.open_session(person.id, device="b", now=NOW)
        services.close_account(person.id, reason="left", actor_id=boss.id, now=NOW)

    assert all(row.ended_at == NOW for row in db.session.scalars(select(SignInSession)))
    with pytest.raises(Conflict), transaction():
        services.close_account(person.id, reason="left", actor_id=boss.id, now=NOW)


def test_a_closed_account_opens_again_with_its_roles(app):
    boss, person = make_person(Role.ADMIN), make_person(Role.CREATOR)
    with transaction():
        services.close_account(person.id, reason="left", actor_id=boss.id, now=NOW)
    with transaction():
        services.reopen_account(person.id, reason="is back", actor_id=boss.id, now=NOW)

    assert not api.person(person.id).closed
    assert roles_of(person.id) == {Role.CREATOR}
    assert actions_of(person.id) == ["account closed", "account opened again"]


def test_a_new_name_is_recorded_with_the_old_one(app):
    person = make_person(name="Robin Hale")

    with transaction():
        services.change_choices(person.id, Choices("Robin Dale", "Asia/Tokyo", "en"), now=NOW)

    (event,) = audit.history_of(f"person:{person.id}")
    assert (event.before, event.after) == ({"name": "Robin Hale"}, {"name": "Robin Dale"})
    assert queries.person_of(person.id).time_zone == "Asia/Tokyo"


def test_people_are_found_by_address_and_the_unknown_left_out(app):
    person = make_person(email="robin@example.org")

    found = api.people_by_email(["Robin@Example.org", "nobody@example.org"])

    assert {address: facts.id for address, facts in found.items()} == {
        "robin@example.org": person.id
    }
    assert api.find_by_email("nobody@example.org") is None
    assert api.names_of([person.id, 999]) == {person.id: person.name}


def test_nobody_is_not_found(app):
    with pytest.raises(NotFound):
        api.person(999)
    with pytest.raises(NotFound), transaction():
        services.set_roles(999, set(), actor_id=None, now=NOW)


@pytest.mark.parametrize(
    ("sought", "names"),
    [
        (queries.Sought(), ["Ada Lang", "Bo Reed", "Cy Hale"]),
        (queries.Sought(words="hale"), ["Cy Hale"]),
        (queries.Sought(words="b reed"), ["Bo Reed"]),
        (queries.Sought(words="%"), []),
        (queries.Sought(role="creator"), ["Bo Reed"]),
        (queries.Sought(state="closed"), ["Di Gone"]),
        (queries.Sought(state="all", words="di"), ["Di Gone"]),
    ],
)
def test_the_list_is_narrowed_by_words_role_and_state(app, sought, names):
    make_person(name="Ada Lang")
    make_person(Role.CREATOR, Role.TRAINEE, name="Bo Reed")
    make_person(name="Cy Hale")
    gone = make_person(name="Di Gone")
    with transaction():
        db.session.execute(update(Person).where(Person.id == gone.id).values(closed_at=NOW))

    found = queries.people(sought, limit=10, offset=0)

    assert [row.name for row in found] == names
    assert queries.count_people(sought) == len(names)
