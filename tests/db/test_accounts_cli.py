"""`lms people …` and `lms audit …`, as a person at a terminal."""

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from lms.accounts import api, passwords, queries
from lms.accounts.cli import group as people
from lms.accounts.domain import Role
from lms.app import create_app
from lms.audit import api as audit
from lms.audit.cli import group as trail
from lms.db import db, transaction
from tests.factories import NOW, PASSWORD, make_person

ROBIN = "robin@example.org"


@pytest.fixture
def run(app, tmp_path, monkeypatch):
    """Run a command as a fresh process would: settings from the environment, an app of its own.

    Where a process would end, the connections of its app are closed.
    """
    monkeypatch.setenv("CONCORD_DATA", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", app.config["SQLALCHEMY_DATABASE_URI"])
    made = []

    def create_and_remember():
        made.append(create_app())
        return made[-1]

    monkeypatch.setattr("lms.app.create_app", create_and_remember)

    def invoke(command, *words, stdin=""):
        db.session.rollback()
        result = CliRunner().invoke(command, words, input=stdin)
        while made:
            with made.pop().app_context():
                db.engine.dispose()
        return result

    return invoke


def roles_of(email):
    return set(queries.roles_in_order(queries.find_person_by_email(email)))


def test_a_person_is_added_with_a_password_from_a_pipe(run):
    result = run(
        people, "add", ROBIN, "--name", "Robin Hale", "--role", "admin", "--role", "creator",
        "--password-stdin", stdin=PASSWORD + "\n",
    )  # fmt: skip

    assert result.exit_code == 0, result.output
    person = api.find_by_email(ROBIN)
    assert (person.name, person.confirmed) == ("Robin Hale", True)
    assert roles_of(ROBIN) == {Role.ADMIN, Role.CREATOR}
    assert passwords.password_fits(queries.password_hash_of(person.id), PASSWORD)


def test_a_person_without_a_named_role_is_a_trainee(run):
    run(people, "add", ROBIN, "--name", "Robin", "--password-stdin", stdin=PASSWORD)

    assert roles_of(ROBIN) == {Role.TRAINEE}


def test_an_invited_person_gets_a_mail_and_no_account_yet(run):
    result = run(people, "add", ROBIN, "--name", "Robin", "--invite")

    assert result.exit_code == 0, result.output
    assert "on its way" in result.output
    assert api.find_by_email(ROBIN) is None
    payloads = db.session.execute(text("SELECT kind FROM jobs_items")).scalars().all()
    assert payloads == ["accounts.mail_invitation"]


@pytest.mark.parametrize(
    ("words", "stdin", "said"),
    [
        (["nonsense", "--name", "R", "--password-stdin"], PASSWORD, "is not an email address"),
        ([ROBIN, "--name", "R"], "", "--password-stdin"),
        ([ROBIN, "--name", "R", "--role", "king", "--invite"], "", "king"),
    ],
)
def test_a_wrong_command_is_refused_in_words(run, words, stdin, said):
    result = run(people, "add", *words, stdin=stdin)

    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output


def test_roles_are_granted_and_withdrawn(run):
    make_person(Role.TRAINEE, email=ROBIN)

    result = run(people, "role", ROBIN, "--grant", "creator", "--withdraw", "trainee")

    assert "is now: creator" in result.output
    assert roles_of(ROBIN) == {Role.CREATOR}


def test_an_unknown_address_is_said_to_be_unknown(run):
    result = run(people, "role", "nobody@example.org", "--grant", "creator")

    assert result.exit_code == 1
    assert "Nobody has the address nobody@example.org" in result.output


def test_people_are_listed_by_line(run):
    person = make_person(Role.CREATOR, Role.TRAINEE, name="Robin Hale", email=ROBIN)
    make_person(Role.ADMIN, name="Ada Lang")

    result = run(people, "list", "--role", "creator")

    assert result.output == f"{person.id}\t{ROBIN}\tRobin Hale\ttrainee,creator\n"


def test_sessions_are_ended(run, client, log_in):
    log_in(make_person(email=ROBIN))

    result = run(people, "sessions", "end", ROBIN)

    assert "Devices: 1." in result.output
    assert client.get("/account").status_code == 303


def record(action="thing made", **values):
    with transaction():
        audit.record(action, actor_id=None, subject="thing:1", now=NOW, **values)


def test_a_whole_trail_is_said_to_be_whole(run):
    record()
    record("thing changed")

    result = run(trail, "verify")

    assert (result.exit_code, result.output) == (0, "The trail is whole: 2 events.\n")


def test_a_changed_event_is_named_and_fails(run, app):
    for _ in range(3):
        record(after={"score": 5})
    change_behind_the_trail("UPDATE audit_events SET reason = 'forged' WHERE id = 2")

    result = run(trail, "verify")

    assert result.exit_code == 1
    assert "broken at 1 of its events: 2." in result.output


def test_an_event_that_was_taken_out_is_missed(run):
    for _ in range(3):
        record()
    change_behind_the_trail("DELETE FROM audit_events WHERE id = 2")

    result = run(trail, "verify")

    assert result.exit_code == 1
    assert "3" in result.output


def test_the_trail_of_a_subject_is_listed(run):
    record("thing changed", reason="it was wrong", before={"score": 4}, after={"score": 5})

    result = run(trail, "list", "thing:1")

    assert "system\tthing changed" in result.output
    assert "reason: it was wrong" in result.output
    assert 'before: {"score": 4}' in result.output


def test_a_subject_without_events_is_said_to_have_none(run):
    result = run(trail, "list", "thing:9")

    assert result.exit_code == 1
    assert "Nothing is recorded about thing:9" in result.output


def change_behind_the_trail(statement):
    """Do what somebody with the database's own password could do: switch the triggers off."""
    db.session.rollback()
    with db.engine.begin() as connection:
        if db.engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            for verb in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER audit_events_no_{verb}"))
        connection.execute(text(statement))
