"""Electronic signatures: the password anew, its count, the event, and what stays."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.accounts import api, services
from lms.accounts.domain import (
    FREE_TRIES,
    Choices,
    Meaning,
    TooManyTries,
    TryNotCounted,
    WrongPassword,
)
from lms.accounts.models import SignInTries
from lms.audit import api as audit
from lms.db import db, transaction
from lms.errors import Conflict
from tests.factories import NOW, PASSWORD, make_person

DIGEST = "ab" * 32
SUBJECT = "panel-case:5"


def sign(person, *, password=PASSWORD, now=NOW, **values):
    with transaction():
        api.count_password_try(person.id, now=now)
    given = {"meaning": Meaning.APPROVAL, "subject": SUBJECT, "digest": DIGEST, **values}
    with transaction():
        return api.sign(person.id, password=password, now=now, **given)


def tries():
    return db.session.scalars(select(SignInTries.tries)).all()


def test_a_signature_keeps_name_moment_meaning_and_what_was_signed(app):
    person = make_person(name="Robin Hale")

    signature_id = sign(person)
    with transaction():
        services.change_choices(person.id, Choices("Robin Dale"), now=NOW)

    [signature] = api.signatures_of(SUBJECT)
    assert (signature.id, signature.person_id) == (signature_id, person.id)
    assert signature.printed_name == "Robin Hale"
    assert (signature.meaning, signature.signed_at) == (Meaning.APPROVAL, NOW)
    assert signature.digest == DIGEST
    assert tries() == []


def test_a_signature_is_in_the_audit_trail_under_what_was_signed(app):
    person = make_person()

    signature_id = sign(person)

    [event] = audit.history_of(SUBJECT)
    assert (event.action, event.actor_id) == ("signed", person.id)
    assert event.after["signature"] == signature_id
    assert event.after["digest"] == DIGEST


def test_a_wrong_password_signs_nothing_and_counts(app):
    person = make_person()

    with pytest.raises(WrongPassword):
        sign(person, password="not the password")

    assert api.signatures_of(SUBJECT) == []
    assert audit.history_of(SUBJECT) == []
    assert tries() == [1]


def test_after_too_many_wrong_ones_the_right_one_must_wait_too(app):
    person = make_person()
    for _try in range(FREE_TRIES):
        with pytest.raises(WrongPassword):
            sign(person, password="not the password")

    with pytest.raises(TooManyTries, match="30 seconds"):
        sign(person)

    assert sign(person, now=NOW + timedelta(minutes=1))


def test_no_password_is_looked_at_that_was_not_counted(app):
    person = make_person()

    with pytest.raises(TryNotCounted), transaction():
        api.sign(
            person.id,
            password=PASSWORD,
            meaning=Meaning.REVIEW,
            subject=SUBJECT,
            digest=DIGEST,
            now=NOW,
        )


def test_the_same_is_signed_once(app):
    person = make_person()
    sign(person)

    with pytest.raises(Conflict):
        sign(person)
    sign(person, meaning=Meaning.REVIEW)

    assert len(api.signatures_of(SUBJECT)) == 2


def test_what_is_signed_is_a_digest(app):
    with pytest.raises(ValueError, match="SHA-256"):
        sign(make_person(), digest="the whole text")
