"""A further release through the browser's eyes: what differs, class, policy, signature."""

import re

import pytest

from lms.accounts.domain import Role
from lms.packages import api
from tests.factories import PASSWORD, make_person
from tests.factories_packages import broken, light_files, make_draft, make_release

STRICTER = {
    "package.yaml": ("pass_mark: 2", "pass_mark: 1"),
    "cases/form-a/a1.yaml": ("Falls when", "Still falls when"),
}
FORM = {
    "kind": "scoring",
    "policy": "top_up",
    "reason": "One right answer is enough.",
    "password": PASSWORD,
}


@pytest.fixture
def draft(client, log_in):
    """The address of a draft that changes scoring, for its signed-in owner."""
    person = make_person(Role.CREATOR)
    log_in(person)
    make_release(light_files(), person_id=person.id)
    files = broken(STRICTER, light_files())
    files = broken({"package.yaml": ('version: "1.0"', 'version: "1.1"')}, files)
    return f"/studio/drafts/{make_draft(person.id, files)}"


def test_what_differs_is_shown_and_the_class_proposed(client, draft):
    page = client.get(draft).text

    assert "What is needed to pass step “quiz” differs." in page
    assert re.search(r'<input[^>]*checked[^>]*value="scoring"', page)
    assert "The reference of case" not in page


def test_publishing_signs_and_shows_it_to_owner_and_trainee(client, draft, log_in, new_client):
    sent = client.post(f"{draft}/publication", data=FORM)

    assert sent.status_code == 303
    page = client.get(sent.location).text
    assert "One right answer is enough." in page
    assert "Signed as approved" in page
    assert api.changes_of("sample")[0].change.policy == "top_up"
    trainee = log_in(make_person(), new_client())
    assert "One right answer is enough." in trainee.get("/learning/sample").text


def test_a_milder_class_must_be_meant(client, draft):
    milder = {**FORM, "kind": "wording"}

    first = client.post(f"{draft}/publication", data=milder)

    assert first.status_code == 422
    assert "This is milder than what differs." in first.text
    assert api.current_release("sample").version == "1.0"
    meant = client.post(f"{draft}/publication", data={**milder, "milder": "y"})
    assert meant.status_code == 303
    assert "The comparison proposed: Scoring." in client.get(meant.location).text


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("password", "wrong", "This is not your password."),
        ("password", "", "Give your password to sign."),
        ("reason", "", "Say what changes and why."),
        ("policy", "", "Choose what becomes of people."),
    ],
)
def test_what_is_missing_or_wrong_is_said_beside_the_field(client, draft, field, value, sentence):
    answer = client.post(f"{draft}/publication", data={**FORM, field: value})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert api.current_release("sample").version == "1.0"
