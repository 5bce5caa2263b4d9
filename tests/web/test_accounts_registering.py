"""Opening an account, by oneself or invited, and the links that are mailed, at a browser."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from lms.accounts import api
from lms.accounts.domain import Role
from lms.accounts.models import Person
from lms.clock import utc_now
from lms.db import db, transaction
from tests.factories import PASSWORD, make_person
from tests.factories_accounts import empty_outbox, path_in

ROBIN = "robin@example.org"
FILLED = {"name": "Robin Hale", "email": ROBIN, "password": PASSWORD, "time_zone": "Europe/Vienna"}


@pytest.fixture
def outbox(app):
    return empty_outbox(app)


def register(client, **changes):
    return client.post("/register", data={**FILLED, **changes})


def invite(*roles, **values):
    with transaction():
        return api.invite(
            ROBIN, roles=roles or [Role.TRAINEE], invited_by=None, now=utc_now(), **values
        )


def test_whoever_registers_is_signed_in_as_a_trainee(client):
    answer = register(client)

    assert answer.status_code == 303
    page = client.get("/account").text
    assert "Robin Hale" in page
    assert "Trainee" in page
    assert "Not confirmed yet" in page


def test_registering_leads_on_to_where_one_was_going(client):
    answer = client.post("/register?next=/account/sessions", data=FILLED)

    assert answer.location == "/account/sessions"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "  "}, "Enter your name as it should stand on a certificate."),
        ({"name": "Robin\u202eelaH"}, "cannot be printed"),
        ({"email": "robin"}, "This does not look like an email address"),
        ({"password": "short"}, "Use at least 10 characters."),
        ({"password": "Password2026!"}, "among the first that are tried"),
        ({"password": "robinhale1"}, "mostly your own name"),
        ({"time_zone": "Mars/Base"}, "Not a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_else_is_lost(client, changes, words):
    answer = register(client, **changes)

    assert answer.status_code == 422
    assert words in answer.text
    assert 'role="alert"' in answer.text
    kept = {**FILLED, **changes}
    assert f'value="{kept["email"]}"' in answer.text
    assert f'value="{kept["password"]}"' not in answer.text
    assert db.session.scalars(select(Person)).all() == []


def test_an_address_with_an_account_is_told_so(client):
    make_person(email=ROBIN)

    answer = register(client)

    assert answer.status_code == 422
    assert "There is an account with this address." in answer.text


def test_where_registration_is_closed_there_is_no_page(client, app):
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(settings, open_registration=False)
    try:
        assert client.get("/register").status_code == 404
        assert register(client).status_code == 404
        assert "/register" not in client.get("/sign-in").text
    finally:
        app.config["SETTINGS"] = settings


def test_only_the_button_confirms_an_address(client, outbox, run_jobs):
    register(client)
    run_jobs()
    link = path_in(outbox[0])

    assert client.get(link).status_code == 200
    assert not api.find_by_email(ROBIN).confirmed

    assert client.post(link).location == "/account"
    assert api.find_by_email(ROBIN).confirmed
    assert client.get(link).status_code == 404


def test_the_link_is_mailed_again_on_request(client, outbox, run_jobs):
    register(client)
    run_jobs()

    client.post("/account/address-confirmation")
    run_jobs()

    assert [message.to for message in outbox] == [[ROBIN], [ROBIN]]
    assert client.get(path_in(outbox[0])).status_code == 404
    assert client.get(path_in(outbox[1])).status_code == 200


def test_an_invited_person_opens_the_account_from_the_mail(client, outbox, run_jobs):
    invite(Role.COORDINATOR, name="Robin H.", reason="You run site 3.")
    run_jobs()
    link = path_in(outbox[0])

    page = client.get(link)
    assert 'value="Robin H."' in page.text
    assert "You run site 3." in page.text
    assert page.headers["Cache-Control"] == "no-store"
    answer = client.post(link, data={k: v for k, v in FILLED.items() if k != "email"})

    assert answer.status_code == 303
    account = client.get("/account").text
    assert "Robin Hale" in account
    assert "Coordinator" in account
    assert "Confirmed" in account
    assert client.get(link).status_code == 404


def test_a_bad_password_keeps_the_name_that_was_typed(client, outbox, run_jobs):
    invite()
    run_jobs()

    answer = client.post(
        path_in(outbox[0]),
        data={"name": "Robin Q. Hale", "password": "short", "time_zone": "Asia/Tokyo"},
    )

    assert answer.status_code == 422
    assert 'value="Robin Q. Hale"' in answer.text
    assert re.search(r'<option selected value="Asia/Tokyo"', answer.text)


def test_somebody_with_an_account_signs_in_and_accepts(client, outbox, run_jobs):
    make_person(email=ROBIN)
    invite(Role.CREATOR)
    run_jobs()
    link = path_in(outbox[0])
    assert "Sign in with it, then accept." in client.get(link).text

    led = client.post(f"/sign-in?next={link}", data={"email": ROBIN, "password": PASSWORD})
    assert led.location == link
    assert "Accept the invitation" in client.get(link).text
    client.post(f"{link}/acceptance")

    assert "Creator" in client.get("/account").text


def test_somebody_else_cannot_accept(client, log_in, outbox, run_jobs):
    invite(Role.ADMIN)
    run_jobs()
    log_in(make_person())
    link = path_in(outbox[0])

    assert "this invitation is for another address" in client.get(link).text
    assert client.post(f"{link}/acceptance").status_code == 422
    assert "Administrator" not in client.get("/account").text


def test_an_unknown_link_is_not_found(client):
    for path in ("/invitations/guess", "/password-reset/guess", "/address-confirmation/guess"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "This link cannot be used" in answer.text


def test_asking_for_a_reset_is_answered_alike_for_everybody(client, outbox, run_jobs):
    make_person(email=ROBIN)

    known = client.post("/password-reset", data={"email": ROBIN})
    unknown = client.post("/password-reset", data={"email": "nobody@example.org"})
    run_jobs()

    assert known.status_code == unknown.status_code == 200
    assert "If there is an account with the address" in unknown.text
    assert [message.to for message in outbox] == [[ROBIN]]


def test_a_reset_from_the_mail_signs_out_everywhere(client, new_client, log_in, outbox, run_jobs):
    person = make_person(email=ROBIN)
    log_in(person)
    stranger = new_client()
    stranger.post("/password-reset", data={"email": ROBIN})
    run_jobs()
    link = path_in(outbox[0])

    assert stranger.post(link, data={"password": "short"}).status_code == 422
    assert stranger.post(link, data={"password": "eleven green herons"}).location == "/sign-in"

    assert client.get("/account").status_code == 303
    for password, status in ((PASSWORD, 422), ("eleven green herons", 303)):
        answer = stranger.post("/sign-in", data={"email": ROBIN, "password": password})
        assert answer.status_code == status


def test_a_reset_ends_the_wait_after_wrong_tries(client, outbox, run_jobs):
    make_person(email=ROBIN)
    for _ in range(6):
        client.post("/sign-in", data={"email": ROBIN, "password": "wrong"})
    client.post("/password-reset", data={"email": ROBIN})
    run_jobs()
    client.post(path_in(outbox[0]), data={"password": "eleven green herons"})

    answer = client.post("/sign-in", data={"email": ROBIN, "password": "eleven green herons"})

    assert answer.status_code == 303
