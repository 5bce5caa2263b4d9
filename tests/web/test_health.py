"""Health in words for administrators, in one word for machines."""

import os
import re
import time

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from lms import native
from lms.accounts.domain import Role
from lms.audit import api as audit
from lms.db import db, transaction
from lms.operations.health import health
from lms.reports import checks
from lms.reports.domain import Level
from tests.factories import NOW, make_person
from tests.factories_reports import make_job


def stamp(revisions):
    """Say that the tables are at these revisions, as migrations do."""
    with transaction():
        db.session.execute(text("DROP TABLE IF EXISTS alembic_version"))
        db.session.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        for revision in revisions:
            db.session.execute(
                text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision}
            )


@pytest.fixture
def migrated(app):
    stamp(checks.wanted_revisions())
    yield
    with transaction():
        db.session.execute(text("DROP TABLE alembic_version"))


@pytest.fixture
def admin(client, log_in):
    log_in(make_person(Role.ADMIN))


def check_named(name):
    return [check for check in checks.all_checks(now=NOW) if check.name == name]


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)).split())


# --- for machines


def test_live_asks_nothing_of_the_database(client, count_queries):
    count_queries()
    response = client.get("/health/live")

    assert response.json == {"status": "live"}
    assert count_queries() == 0


def test_ready_when_the_tables_fit(client, migrated):
    response = client.get("/health/ready")

    assert (response.status_code, response.json) == (200, {"status": "ready"})
    assert response.headers["Cache-Control"] == "no-store"


def test_not_ready_while_migrations_are_missing(client, migrated):
    stamp(["0001"])
    response = client.get("/health/ready")

    assert (response.status_code, response.json) == (503, {"status": "not ready"})


# --- in words


def test_the_page_says_how_everything_is(client, admin, migrated):
    shown = text_of(client.get("/health"))

    for name in ("Database", "Files", "Worker", "Work waiting", "Audit trail", "Mail", "Disk"):
        assert name in shown
    assert "tables fit" in shown
    assert "%(" not in shown


def test_foreign_tables_are_told_with_a_remedy(client, admin, migrated):
    stamp(["0001"])
    shown = text_of(client.get("/health"))

    assert "its tables are not those of this version" in shown
    assert "Something does not work" in shown
    assert "./concord serve" in shown


def test_the_worker_is_seen_by_its_last_look(app, migrated):
    queue = app.extensions["concord_queue"]
    beat = app.config["SETTINGS"].data / "worker-looked"
    beat.unlink(missing_ok=True)
    assert queue.looked_at() is None
    queue.app = app
    queue._work()
    looked_at = queue.looked_at()

    assert abs(looked_at.timestamp() - time.time()) < 60
    os.utime(beat, (NOW.timestamp() - 3600,) * 2)
    [check] = check_named("Worker")
    assert check.level is Level.FAIL
    assert check.values == {"seconds": 3600}


def test_work_that_was_given_up_needs_care(app, migrated):
    make_job(failed=2)
    [check] = check_named("Work waiting")

    assert check.level is Level.CARE
    assert check.values["failed"] == 2


def test_a_store_that_cannot_be_written_is_told(app, migrated, monkeypatch, tmp_path):
    from lms.storage import Store

    (tmp_path / "taken").write_text("a file where the folder should be")
    monkeypatch.setitem(
        app.extensions, "concord_store", Store((tmp_path / "taken" / "files").as_uri())
    )
    check = checks.storage_check()

    assert check.level is Level.FAIL
    assert check.remedy


def test_the_probe_leaves_nothing_in_the_store(app):
    assert checks.storage_check().level is Level.OK
    folder = app.extensions["concord_store"].folder
    assert not (folder / checks.PROBE).exists()


def test_missing_libraries_are_named_once_with_the_command(app, migrated, monkeypatch):
    monkeypatch.setattr(native, "missing_libraries", lambda: ["libpango-1.0.so.0"])
    monkeypatch.setattr(native, "remedy", lambda: "sudo apt-get install -y libpango-1.0-0")
    found = [c for c in checks.all_checks(now=NOW) if "apt-get" in c.command]

    [check] = found
    assert check.level is Level.FAIL
    assert check.values["missing"] == "libpango-1.0.so.0"


def test_a_mail_server_that_does_not_answer_is_told(app, migrated, monkeypatch):
    from dataclasses import replace

    settings = replace(app.config["SETTINGS"], smtp_url="smtp://127.0.0.1:1")
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    check = checks.mail_check()

    assert check.level is Level.FAIL
    assert check.values["host"] == "127.0.0.1"


def test_the_end_of_the_trail_is_checked(app, migrated):
    for number in range(5):
        with transaction():
            audit.record("thing made", actor_id=None, subject=f"thing:{number}", now=NOW)
    [check] = check_named("Audit trail")
    assert (check.level, check.values["count"]) == (Level.OK, 5)

    change_event(4)
    assert audit.broken_links() == audit.broken_links(last=2) == [4]
    assert audit.broken_links(last=1) == []
    [check] = check_named("Audit trail")
    assert check.level is Level.FAIL


def change_event(number):
    """Change an event behind the triggers' back."""
    quiet = "SET LOCAL session_replication_role = replica"
    dialect = db.engine.dialect.name
    with transaction():
        if dialect == "postgresql":
            db.session.execute(text(quiet))
        else:
            db.session.execute(text("DROP TRIGGER audit_events_no_update"))
        db.session.execute(
            text("UPDATE audit_events SET reason = 'x' WHERE id = :id"), {"id": number}
        )


# --- from a terminal


def test_the_command_prints_and_ends_as_it_found(tmp_path):
    environ = {
        "CONCORD_SECRET_KEY": "a secret that is long enough for a test",
        "CONCORD_DATA": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'concord.sqlite'}",
    }
    result = CliRunner().invoke(health, [], env=environ)

    assert result.exit_code == 1
    assert "FAIL  Database: SQLite answers" in result.output
    assert "FAIL  Worker: The worker has never run here." in result.output
