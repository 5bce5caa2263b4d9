"""One's own account and devices, at a browser."""

import pytest
from sqlalchemy import select

from lms.accounts import api
from lms.accounts.models import SignInSession
from lms.db import db
from tests.factories import PASSWORD, make_person

NEW_PASSWORD = "eleven green herons"


def change_password(client, present=PASSWORD, new=NEW_PASSWORD):
    return client.post("/account/password", data={"present": present, "password": new})


def test_name_and_time_zone_are_changed(client, log_in):
    person = make_person(name="Robin Hale")
    log_in(person)

    answer = client.post(
        "/account", data={"name": " Robin  Dale ", "time_zone": "Asia/Tokyo", "language": "en"}
    )

    assert answer.location == "/account"
    assert "language=en" in "".join(answer.headers.getlist("Set-Cookie"))
    assert api.person(person.id).name == "Robin Dale"
    assert '<option selected value="Asia/Tokyo"' in client.get("/account").text


def test_the_page_says_that_certificates_keep_their_name(client, log_in):
    log_in(make_person())

    page = client.get("/account").text

    assert "Certificates that you hold keep the name that they were issued to." in page


def test_a_wrong_profile_is_refused_and_kept_on_the_page(client, log_in):
    log_in(make_person(name="Robin Hale"))

    answer = client.post("/account", data={"name": "", "time_zone": "Asia/Tokyo", "language": "xx"})

    assert answer.status_code == 422
    assert '<option selected value="Asia/Tokyo"' in answer.text
    assert "Robin Hale" in client.get("/account").text


def test_a_new_password_keeps_this_device_and_ends_the_others(client, new_client, log_in):
    person = make_person()
    other = new_client()
    log_in(person)
    log_in(person, other)

    assert change_password(client).location == "/account"

    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 303
    signed_in = other.post("/sign-in", data={"email": person.email, "password": NEW_PASSWORD})
    assert signed_in.status_code == 303


@pytest.mark.parametrize(
    ("present", "new", "words"),
    [
        ("not mine at all", NEW_PASSWORD, "This is not your present password."),
        (PASSWORD, "short", "Use at least 10 characters."),
        (PASSWORD, "password123", "among the first that are tried"),
        ("", NEW_PASSWORD, "Enter your password."),
    ],
)
def test_a_password_is_not_changed_without_the_present_one_or_to_a_weak_one(
    client, log_in, present, new, words
):
    person = make_person()
    log_in(person)

    answer = change_password(client, present, new)

    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{new}"' not in answer.text
    assert change_password(client).status_code == 303


def test_the_present_password_cannot_be_guessed_at_leisure(client, log_in):
    log_in(make_person())
    for _ in range(5):
        change_password(client, "wrong")

    answer = change_password(client)

    assert answer.status_code == 429
    assert "Try again in" in answer.text


def test_devices_are_listed_with_the_present_one_marked(client, log_in):
    person = make_person()
    client.post(
        "/sign-in",
        data={"email": person.email, "password": PASSWORD},
        headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Gecko Firefox/140.0"},
    )

    page = client.get("/account/sessions").text

    assert "Firefox, Linux" in page
    assert "This device" in page
    assert "Sign out every other device" not in page


def test_one_device_is_signed_out(client, new_client, log_in):
    person = make_person()
    other = new_client()
    log_in(person)
    log_in(person, other)
    last = db.session.scalars(select(SignInSession.id).order_by(SignInSession.id.desc())).first()

    client.post(f"/account/sessions/{last}/sign-out")

    assert other.get("/account").status_code == 303
    assert client.get("/account").status_code == 200


def test_every_other_device_is_signed_out(client, new_client, log_in):
    person = make_person()
    others = [new_client(), new_client()]
    log_in(person)
    for other in others:
        log_in(person, other)

    client.post("/account/sessions/sign-out")

    assert [other.get("/account").status_code for other in others] == [303, 303]
    assert client.get("/account/sessions").status_code == 200


def test_somebody_elses_device_is_not_found(client, new_client, log_in):
    other = new_client()
    log_in(make_person(), other)
    theirs = db.session.scalars(select(SignInSession.id)).one()
    log_in(make_person())

    assert client.post(f"/account/sessions/{theirs}/sign-out").status_code == 404
    assert other.get("/account").status_code == 200


def test_the_account_page_asks_few_questions_of_the_database(client, log_in, count_queries):
    log_in(make_person())
    client.get("/account")
    count_queries()

    client.get("/account")

    assert count_queries() <= 4
