"""Signing in and out, as a person at a browser."""

import re

import pytest
from sqlalchemy import select, update

from lms.accounts.models import Person, SignInSession, SignInTries
from lms.app import create_app
from lms.db import db, transaction
from lms.web.limits import limiter
from tests.conftest import TEST_CONFIG, Client, settings_for_tests
from tests.factories import PASSWORD, make_person

PROBLEM = "Address and password do not belong together"


def without_tokens(html, email):
    """What stays the same for everybody: CSRF tokens and the address itself are left out."""
    return re.sub(r'(value|content)="I[\w.-]+"|"X-CSRFToken": "[^"]+"', "", html).replace(email, "")


def sign_in(client, email, password=PASSWORD, target=""):
    return client.post(f"/sign-in?next={target}", data={"email": email, "password": password})


def test_the_right_password_signs_in_and_leads_on(client):
    person = make_person(name="Robin Hale")

    answer = sign_in(client, person.email, target="/account")

    assert answer.status_code == 303
    assert answer.location == "/account"
    assert "Robin Hale" in client.get("/account").text


def test_the_address_counts_in_any_case(client):
    make_person(email="robin@example.org")

    assert sign_in(client, " Robin@Example.ORG ").status_code == 303


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_led_to_another_site(client, target):
    person = make_person()

    answer = sign_in(client, person.email, target=target)

    assert answer.status_code == 303
    assert "evil" not in answer.location
    assert "javascript" not in answer.location


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(client, new_client):
    person = make_person()

    wrong = sign_in(client, person.email, "not the password")
    unknown = sign_in(new_client(), "nobody@example.org", "not the password")

    assert wrong.status_code == unknown.status_code == 422
    assert PROBLEM in wrong.text
    assert without_tokens(wrong.text, person.email) == without_tokens(
        unknown.text, "nobody@example.org"
    )
    assert "not the password" not in wrong.text


def test_what_was_typed_is_kept_but_for_the_password(client):
    answer = sign_in(client, "robin@example.org", "")

    assert answer.status_code == 422
    assert 'value="robin@example.org"' in answer.text
    assert "Enter your password." in answer.text


def test_after_five_wrong_tries_the_right_one_must_wait_too(client):
    person = make_person()
    for _ in range(5):
        assert sign_in(client, person.email, "wrong").status_code == 422

    answer = sign_in(client, person.email)

    assert answer.status_code == 429
    assert "Try again in 30 seconds" in answer.text or "Try again in 29 seconds" in answer.text
    assert int(answer.headers["Retry-After"]) <= 30


def test_an_unknown_address_waits_just_the_same(client):
    for _ in range(5):
        sign_in(client, "nobody@example.org", "wrong")

    assert sign_in(client, "nobody@example.org", "wrong").status_code == 429


def test_the_right_password_forgets_the_wrong_ones(client):
    person = make_person()
    for _ in range(4):
        sign_in(client, person.email, "wrong")

    assert sign_in(client, person.email).status_code == 303
    assert db.session.scalars(select(SignInTries)).all() == []


def test_a_closed_account_does_not_sign_in(client):
    person = make_person()
    with transaction():
        db.session.execute(
            update(Person).where(Person.id == person.id).values(closed_at=Person.created_at)
        )

    answer = sign_in(client, person.email)

    assert answer.status_code == 422
    assert PROBLEM in answer.text


def test_closing_an_account_ends_what_is_open(client, log_in):
    person = make_person()
    log_in(person)
    with transaction():
        db.session.execute(
            update(Person).where(Person.id == person.id).values(closed_at=Person.created_at)
        )

    assert client.get("/account").location == "/sign-in?next=/account"


def test_each_sign_in_has_a_session_of_its_own_and_sign_out_ends_it(client, new_client):
    person = make_person()
    other = new_client()
    sign_in(client, person.email)
    sign_in(other, person.email)

    assert client.post("/sign-out").location == "/sign-in"

    assert client.get("/account").status_code == 303
    assert other.get("/account").status_code == 200
    ended = [row.ended_at is not None for row in db.session.scalars(select(SignInSession))]
    assert sorted(ended) == [False, True]


def test_a_cookie_from_before_sign_out_is_worth_nothing(client, new_client):
    person = make_person()
    sign_in(client, person.email)
    with client.session_transaction() as cookie:
        stolen = cookie["_user_id"]
    client.post("/sign-out")

    thief = new_client()
    with thief.session_transaction() as cookie:
        cookie["_user_id"] = stolen

    assert thief.get("/account").status_code == 303


def test_signing_in_leaves_nothing_of_the_cookie_before(client):
    person = make_person()
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody"

    sign_in(client, person.email)

    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie.permanent


def test_a_weak_old_hash_is_made_anew(client):
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    person = make_person()
    with transaction():
        db.session.execute(update(Person).where(Person.id == person.id).values(password_hash=old))

    assert sign_in(client, person.email).status_code == 303

    stored = db.session.scalar(select(Person.password_hash).where(Person.id == person.id))
    assert "m=19456,t=2,p=1" in stored


def test_who_is_signed_in_already_goes_on(client, log_in):
    log_in(make_person())

    assert client.get("/sign-in?next=/account").location == "/account"


def test_the_language_of_the_person_comes_back_at_sign_in(client):
    person = make_person()
    with transaction():
        db.session.execute(update(Person).where(Person.id == person.id).values(language="en"))

    answer = sign_in(client, person.email)

    assert "language=en" in "".join(answer.headers.getlist("Set-Cookie"))


@pytest.fixture
def limited_client(app, database, tmp_path):
    """A browser at an app whose rate limits are on, as they are outside the tests."""
    limited = create_app(
        settings_for_tests(tmp_path, database.url),
        **{**TEST_CONFIG, "RATELIMIT_ENABLED": True, "WTF_CSRF_ENABLED": False},
    )
    limited.test_client_class = Client
    with limited.app_context():
        yield limited.test_client()
        db.session.remove()
        db.engine.dispose()
    limiter.reset()
    limiter.enabled = False


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/sign-in", 20),
        ("/register", 10),
        ("/password-reset", 5),
        ("/password-reset/guess", 30),
        ("/invitations/guess", 30),
        ("/address-confirmation/guess", 30),
    ],
)
def test_one_place_may_try_only_so_often_a_minute(limited_client, path, most):
    answers = [limited_client.post(path) for _ in range(most + 1)]

    assert {answer.status_code for answer in answers[:-1]} <= {404, 422}
    assert answers[-1].status_code == 429
    assert "Too many tries" in answers[-1].text


def test_signing_in_asks_few_questions_of_the_database(client, count_queries):
    person = make_person()
    count_queries()

    sign_in(client, person.email, target="/account")

    assert count_queries() <= 10
