"""A block that writes rests on what is there now, and a connection that died is replaced."""

from contextlib import suppress

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from lms import db as database
from lms.accounts.models import Person
from lms.db import db, make_engine, transaction
from tests.factories import make_person

RENAME = text("UPDATE accounts_people SET name = 'Renamed'")


@pytest.fixture
def renamed(database):
    """Rename everybody from a connection of its own, as another process does."""

    def rename():
        engine = make_engine(database.url)
        with engine.begin() as connection:
            connection.execute(RENAME)
        engine.dispose()

    return rename


def test_what_was_read_before_a_block_is_read_anew_in_it(app, renamed):
    made = make_person()
    person = db.session.get(Person, made.id)
    assert person.name == made.name
    renamed()

    with transaction():
        assert person.name == "Renamed"


def test_what_was_changed_outside_a_block_is_not_written_by_the_next_one(app):
    made = make_person()
    db.session.get(Person, made.id).name = "Changed in passing"

    with transaction():
        pass

    assert db.session.get(Person, made.id).name == made.name


@pytest.mark.parametrize("how", ["flush", "statement"])
def test_what_was_written_outside_a_block_is_not_committed_by_the_next_one(app, how):
    made = make_person()
    if how == "flush":
        db.session.get(Person, made.id).name = "Flushed in passing"
        db.session.flush()
    else:
        db.session.execute(RENAME)

    with transaction():
        pass

    assert db.session.get(Person, made.id).name == made.name


def test_a_block_works_after_a_statement_that_failed(app):
    made = make_person()
    with suppress(DBAPIError):
        db.session.execute(text("SELECT nothing FROM nowhere"))

    with transaction():
        db.session.get(Person, made.id).name = "Written"

    assert db.session.get(Person, made.id).name == "Written"


@pytest.mark.postgres
@pytest.mark.parametrize("trusted", [0.0, 60.0])
def test_an_idle_connection_that_the_server_ended_is_replaced(monkeypatch, postgres_url, trusted):
    url = postgres_url.replace("postgresql://", "postgresql+psycopg://")
    monkeypatch.setattr(database, "TRUSTED", trusted)
    engine = make_engine(url)
    with engine.connect() as connection:
        backend = connection.scalar(text("SELECT pg_backend_pid()"))
    other = create_engine(url)
    with other.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": backend})
    other.dispose()

    if trusted:  # it was used a moment ago, so the one who uses it finds out
        with engine.connect() as connection, pytest.raises(OperationalError):
            connection.scalar(text("SELECT 1"))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT pg_backend_pid()")) != backend
    engine.dispose()


@pytest.mark.postgres
def test_nothing_is_compiled_before_it_runs(postgres_url):
    engine = make_engine(postgres_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        connection.rollback()
        assert connection.scalar(text("SHOW jit")) == "off"
    engine.dispose()
