"""People as an administrator sees them, at a browser."""

import re

import pytest

from lms.accounts import api, queries
from lms.accounts.domain import Role
from lms.audit import api as audit
from tests.factories import make_person
from tests.factories_accounts import empty_outbox, path_in


@pytest.fixture
def boss(client, log_in):
    person = make_person(Role.ADMIN, name="Ada Lang")
    log_in(person)
    return person


@pytest.mark.parametrize("role", [Role.TRAINEE, Role.COORDINATOR, Role.CREATOR])
def test_people_are_for_administrators_only(client, log_in, role):
    person = make_person(role)
    log_in(person)

    assert client.get("/people").status_code == 403
    assert client.get(f"/people/{person.id}").status_code == 403
    assert client.get("/people/invitations").status_code == 403
    answer = client.post(f"/people/{person.id}/roles", data={"roles": ["admin"]})
    assert answer.status_code == 403
    assert queries.roles_in_order(queries.person_of(person.id)) == (role,)


def test_people_are_found_by_words_and_role(client, boss):
    make_person(Role.CREATOR, name="Bo Reed")
    make_person(name="Cy Hale")

    page = client.get("/people?words=reed&role=creator").text

    assert "Bo Reed" in page
    assert "Cy Hale" not in page
    assert 'value="reed"' in page


def test_nobody_found_says_what_to_do(client, boss):
    assert "Nobody fits" in client.get("/people?words=zzz").text


def test_the_list_has_pages_and_keeps_the_words_between_them(client, boss):
    for n in range(60):
        make_person(name=f"Rater {n:02}")

    first, second = client.get("/people?words=rater"), client.get("/people?words=rater&page=2")

    assert "Rater 00" in first.text
    assert "Rater 59" not in first.text
    assert "Rater 59" in second.text
    assert "words=rater&amp;page=2" in first.text


def test_the_list_asks_the_same_few_questions_for_three_people_and_for_forty(
    client, boss, count_queries
):
    def cost():
        client.get("/people")
        count_queries()
        client.get("/people")
        return count_queries()

    make_person(Role.CREATOR)
    few = cost()
    for _ in range(40):
        make_person(Role.TRAINEE, Role.CREATOR)

    assert cost() == few <= 5


def test_several_roles_are_given_at_once(client, boss):
    person = make_person(name="Cy Hale")

    answer = client.post(
        f"/people/{person.id}/roles",
        data={"roles": ["creator", "coordinator"], "reason": "leads site 3"},
    )

    assert answer.location == f"/people/{person.id}"
    assert set(queries.roles_in_order(queries.person_of(person.id))) == {
        Role.CREATOR,
        Role.COORDINATOR,
    }
    page = client.get(f"/people/{person.id}").text
    assert "leads site 3" in page
    assert "Roles changed" in page
    assert "Ada Lang" in page


def test_a_role_that_does_not_exist_is_refused(client, boss):
    person = make_person()

    answer = client.post(f"/people/{person.id}/roles", data={"roles": ["king"]})

    assert answer.status_code == 422
    assert audit.history_of(f"person:{person.id}") == []


def test_the_last_administrator_is_told_why_it_stays(client, boss):
    answer = client.post(f"/people/{boss.id}/roles", data={"roles": ["trainee"]})

    assert answer.status_code == 409
    assert "This is the last administrator." in answer.text
    assert client.get("/people").status_code == 200


def test_an_administrator_may_step_back_when_there_is_another(client, boss):
    make_person(Role.ADMIN)

    answer = client.post(f"/people/{boss.id}/roles", data={"roles": ["trainee"]})

    assert answer.location == "/account"
    assert client.get("/people").status_code == 403


def test_extra_time_is_set_with_a_reason_that_the_history_does_not_show(client, boss):
    person = make_person()
    address = f"/people/{person.id}/extra-time"

    assert client.post(address, data={"factor": "1.5", "why": ""}).status_code == 422
    assert client.post(address, data={"factor": "9", "why": "x"}).status_code == 422
    assert client.post(address, data={"factor": "much", "why": "x"}).status_code == 422
    assert client.post(address, data={"factor": "1.5", "why": "reads slowly"}).status_code == 303

    page = client.get(f"/people/{person.id}").text
    assert page.count("reads slowly") == 1
    assert "1 → 1.5" in page


def test_the_person_sees_the_extra_time_and_not_the_reason(client, boss, new_client, log_in):
    person = make_person()
    client.post(f"/people/{person.id}/extra-time", data={"factor": "1.5", "why": "reads slowly"})
    other = new_client()
    log_in(person, other)

    page = other.get("/account").text

    assert "1.5 times as long" in page
    assert "reads slowly" not in page


def test_an_account_is_closed_with_a_reason_and_opened_again(client, boss, new_client, log_in):
    person = make_person()
    other = new_client()
    log_in(person, other)

    assert client.post(f"/people/{person.id}/closure", data={"grounds": ""}).status_code == 422
    client.post(f"/people/{person.id}/closure", data={"grounds": "left the study"})

    assert other.get("/account").status_code == 303
    assert "Open the account again" in client.get(f"/people/{person.id}").text
    client.post(f"/people/{person.id}/reopening", data={"grounds": "is back"})
    assert not api.person(person.id).closed


def test_a_person_is_signed_out_everywhere(client, boss, new_client, log_in):
    person = make_person()
    other = new_client()
    log_in(person, other)

    client.post(f"/people/{person.id}/sign-out")

    assert other.get("/account").status_code == 303
    assert audit.history_of(f"person:{person.id}")[-1].action == "sessions ended"


def test_nobody_has_no_page(client, boss):
    assert client.get("/people/999").status_code == 404
    assert client.post("/people/999/roles", data={"roles": []}).status_code == 404


def test_an_invitation_is_sent_sent_again_and_withdrawn(client, boss, app, new_client, run_jobs):
    outbox = empty_outbox(app)
    sent = client.post(
        "/people/invitations",
        data={"email": "robin@example.org", "roles": ["coordinator"], "reason": "For site 3"},
    )
    run_jobs()
    assert sent.status_code == 303
    page = client.get("/people/invitations").text
    assert "robin@example.org" in page
    assert "Ada Lang" in page

    client.post("/people/invitations/1/resending")
    run_jobs()
    guest = new_client()
    assert guest.get(path_in(outbox[0])).status_code == 404
    assert guest.get(path_in(outbox[1])).status_code == 200

    client.post("/people/invitations/1/revocation")
    assert guest.get(path_in(outbox[1])).status_code == 404
    assert "Withdrawn" in client.get("/people/invitations").text
    assert client.post("/people/invitations/1/revocation").status_code == 409


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"email": "robin", "roles": ["trainee"]}, "does not look like an email address"),
        ({"email": "robin@example.org", "roles": []}, "Choose at least one role."),
        ({"email": "robin@example.org", "roles": ["king"]}, "king"),
    ],
)
def test_a_wrong_invitation_is_refused_in_words(client, boss, data, words):
    answer = client.post("/people/invitations", data={**data, "name": "Robin Hale"})

    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="Robin Hale"' in answer.text


def test_who_has_the_roles_already_is_not_invited(client, boss):
    make_person(Role.TRAINEE, email="robin@example.org")

    answer = client.post(
        "/people/invitations", data={"email": "robin@example.org", "roles": ["trainee"]}
    )

    assert answer.status_code == 422
    assert "has these roles already" in answer.text


def test_the_browser_asks_for_no_single_role_when_somebody_is_invited(client, log_in):
    log_in(make_person(Role.ADMIN))

    boxes = re.findall(r'<input[^>]*name="roles"[^>]*>', client.get("/people/invitations").text)

    assert len(boxes) == len(Role)
    assert [box for box in boxes if "required" in box] == []
