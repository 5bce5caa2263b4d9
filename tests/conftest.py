"""What tests share: an app on a fresh database, a client that is a person, real engines."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from sqlalchemy import create_engine, text
from werkzeug.test import TestResponse

from lms import jobs
from lms.accounts import queries, services
from lms.app import create_app, load_tables
from lms.clock import utc_now
from lms.config import Settings, read_settings
from lms.db import Base, db, make_engine, transaction
from tests import pages, pseudo

# Properties are tried on forty examples unless a test asks for more: enough to run all the time.
settings.register_profile("suite", max_examples=40, deadline=None)
settings.load_profile("suite")

pytest_plugins = [
    "tests.plugin_browser",
    "tests.plugin_order",
    "tests.plugin_postgres",
    "tests.plugin_token",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--databases",
        default="sqlite",
        help="sqlite, postgres or both: what the database and web tests run on",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--databases")
        both = metafunc.definition.get_closest_marker("one_database") is None
        names = (["sqlite", "postgres"] if both else ["sqlite"]) if chosen == "both" else [chosen]
        metafunc.parametrize("database", names, indirect=True, scope="session")


@dataclass
class Database:
    """A database that every test gets empty, with all tables."""

    url: str
    reset: Callable[[], None]


@pytest.fixture(scope="session")
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    load_tables()
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url").replace(
            "postgresql://", "postgresql+psycopg://"
        )
        create_tables(url)
        with create_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text(EMPTY_TABLES))
            yield Database(url, lambda: connection.execute(text("SELECT empty_tables()")).close())
        connection.engine.dispose()
        return
    folder = tmp_path_factory.mktemp("database")
    template, file = folder / "template.sqlite", folder / "test.sqlite"
    create_tables(f"sqlite:///{template}")

    def reset() -> None:
        for leftover in ("test.sqlite-wal", "test.sqlite-shm"):
            (folder / leftover).unlink(missing_ok=True)
        shutil.copyfile(template, file)

    yield Database(f"sqlite:///{file}", reset)


EMPTY_TABLES = """
CREATE FUNCTION empty_tables() RETURNS void LANGUAGE plpgsql
SET session_replication_role = replica AS $$
DECLARE found record;
BEGIN
    FOR found IN SELECT relname, oid FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    LOOP
        IF pg_relation_size(found.oid) > 200000 THEN
            EXECUTE format('TRUNCATE %I CASCADE', found.relname);
        ELSE
            EXECUTE format('DELETE FROM %I', found.relname);
        END IF;
    END LOOP;
    PERFORM setval(oid, 1, false) FROM pg_class
        WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace;
END $$
"""
"""To delete few rows is twenty times as quick as to truncate; the append-only triggers are off."""


def create_tables(url: str) -> None:
    engine = make_engine(url)
    Base.metadata.create_all(engine)
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


@pytest.fixture(scope="session")
def languages(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """Compile the pseudo-languages and return the settings that add them to English."""
    folder = tmp_path_factory.mktemp("translations")
    names = pseudo.write_languages(folder, pseudo.sentences(pytestconfig))
    return {"CONCORD_LANGUAGES": names, "BABEL_TRANSLATION_DIRECTORIES": str(folder)}


@pytest.fixture(scope="session")
def whole_app(
    database: Database,
    tmp_path_factory: pytest.TempPathFactory,
    languages: dict[str, Any],
) -> Iterator[Flask]:
    settings = settings_for_tests(tmp_path_factory.mktemp("data"), database.url)
    app = create_app(settings, **TEST_CONFIG, **languages)
    yield app
    with app.app_context():
        db.engine.dispose()


TEST_CONFIG: dict[str, Any] = {
    "TESTING": True,
    "RATELIMIT_ENABLED": False,
    "MAIL_BACKEND": pseudo.Outbox,
}


def settings_for_tests(data: Path, database_url: str, **environ: str) -> Settings:
    return read_settings(
        {
            "CONCORD_DATA": str(data),
            "CONCORD_SECRET_KEY": "a secret that is long enough for a test",
            "DATABASE_URL": database_url,
            "CONCORD_BASE_URL": "http://localhost",
            **environ,
        }
    )


@pytest.fixture
def app(whole_app: Flask, database: Database) -> Iterator[Flask]:
    with whole_app.app_context():
        db.engine.dispose()  # nothing looks at what is put away; what was remembered is forgotten
        database.reset()
        yield whole_app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Any:
    """The database session of the test's own app context."""
    return db.session


class Client(FlaskClient):
    """A browser without script.

    Each request gets an app context of its own: Flask-Login keeps the first person it saw in a
    context, so a shared one would let the second person see the first one's pages. It asks for the
    pseudo-language, and looks at every page that it gets.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.environ_base["HTTP_ACCEPT_LANGUAGE"] = pseudo.LANGUAGE.replace("_", "-")

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        db.session.rollback()
        with self.application.app_context():
            response = super().open(*args, **kwargs)
            db.session.remove()
        pseudo.settle(response)
        pages.check(response)
        return response


@pytest.fixture
def client(app: Flask) -> Client:
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = Client
    made = app.test_client()
    assert isinstance(made, Client)
    return made


@pytest.fixture
def new_client(client: Client, app: Flask) -> Callable[[], Client]:
    """Make further browsers: another person, or another device."""

    def make() -> Client:
        made = app.test_client()
        assert isinstance(made, Client)
        return made

    return make


@pytest.fixture
def log_in(client: Client) -> Callable[..., Client]:
    """Sign a person in, as the sign-in page does, on the given client or on the first one."""

    def sign_in(person: Any, on: Client | None = None) -> Client:
        on = on or client
        with transaction():
            token = services.open_session(person.id, device="test", now=utc_now())
        with on.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        assert queries.signed_in(token, utc_now()) is not None
        return on

    return sign_in


@pytest.fixture
def run_jobs(app: Flask) -> Callable[[], int]:
    """Work off every due job item, as the worker does."""
    return jobs.run_pending


@pytest.fixture
def count_queries(app: Flask) -> Iterator[Callable[[], int]]:
    """Count the statements sent to the database since the fixture's last reset."""
    from sqlalchemy import event

    seen: list[str] = []

    def note(_c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN", "SAVEPOINT")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)

    def total() -> int:
        count = len(seen)
        seen.clear()
        return count

    yield total
    event.remove(db.engine, "before_cursor_execute", note)
