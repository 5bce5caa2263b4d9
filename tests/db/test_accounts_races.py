"""What two people do at once, on real connections: the database decides, without a fault."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from lms.accounts import api, queries, services
from lms.accounts.domain import AddressTaken, LastAdmin, Role, TooManyTries
from lms.accounts.models import Invitation, Person
from lms.db import db, transaction
from lms.errors import Conflict
from tests.factories import NOW, PASSWORD, make_person

ROBIN = "robin@example.org"


@pytest.fixture
def at_once(app):
    """Call each function on a thread and connection of its own, all in the same moment."""

    def run(*calls):
        gate = Barrier(len(calls))

        def one(call):
            with app.app_context():
                gate.wait()
                try:
                    with transaction():
                        return call()
                except (AddressTaken, Conflict, LastAdmin, TooManyTries) as error:
                    return error
                finally:
                    db.session.remove()

        db.session.rollback()
        with ThreadPoolExecutor(len(calls)) as pool:
            return list(pool.map(one, calls))

    return run


def test_two_administrators_who_remove_each_other_leave_one(at_once):
    one, two = make_person(Role.ADMIN), make_person(Role.ADMIN)

    results = at_once(
        lambda: services.set_roles(one.id, {Role.TRAINEE}, actor_id=two.id, now=NOW),
        lambda: services.close_account(two.id, reason="left", actor_id=one.id, now=NOW),
    )

    assert [type(result) for result in results if result is not None] == [LastAdmin]
    assert queries.other_open_admins(person_id=0) == 1


def test_an_address_that_two_register_at_once_belongs_to_one(at_once):
    def add():
        return api.add_person(email=ROBIN, name="Robin", password=PASSWORD, now=NOW)

    results = at_once(add, add, add)

    assert sum(isinstance(result, int) for result in results) == 1
    assert sum(isinstance(result, AddressTaken) for result in results) == 2
    assert db.session.scalar(select(func.count()).select_from(Person)) == 1


def test_an_address_that_two_invite_at_once_has_one_invitation(at_once):
    def invite():
        return api.invite(ROBIN, invited_by=None, now=NOW)

    results = at_once(invite, invite, invite)

    assert all(isinstance(result, int | Conflict) for result in results)
    assert db.session.scalar(select(func.count()).select_from(Invitation)) == 1


def test_many_tries_at_once_are_counted_one_by_one(at_once):
    results = at_once(*[lambda: services.count_try(ROBIN, now=NOW)] * 12)

    assert sum(result is None for result in results) == 5
    assert sum(isinstance(result, TooManyTries) for result in results) == 7


def test_two_who_grant_the_same_role_at_once_grant_it_once(at_once):
    person = make_person(Role.TRAINEE)

    def grant():
        api.grant_role(person.id, Role.CREATOR, granted_by=None, now=NOW)

    assert at_once(grant, grant, grant) == [None, None, None]
    assert queries.roles_in_order(queries.person_of(person.id)) == (Role.TRAINEE, Role.CREATOR)


def test_two_who_grant_different_roles_at_once_grant_both(at_once):
    person = make_person(Role.TRAINEE)

    at_once(
        lambda: api.grant_role(person.id, Role.CREATOR, granted_by=None, now=NOW),
        lambda: api.grant_role(person.id, Role.COORDINATOR, granted_by=None, now=NOW),
    )

    assert set(queries.roles_in_order(queries.person_of(person.id))) == {
        Role.TRAINEE,
        Role.CREATOR,
        Role.COORDINATOR,
    }
