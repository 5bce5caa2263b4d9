"""Migrations: one head, up and down, and nothing that the models say otherwise."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

from lms.app import create_app
from lms.db import Base, UtcDateTime, db
from tests.conftest import settings_for_tests

FOLDER = str(Path(__file__).resolve().parent.parent.parent / "migrations")


@pytest.fixture(params=["sqlite", "postgres"])
def empty_app(request, tmp_path):
    """An app on a database without tables."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    else:
        server = request.getfixturevalue("postgres_server")
        name = f"migrations_{tmp_path.name}".replace("-", "_").lower()[:60]
        url = server.create_database(name)
    app = create_app(settings_for_tests(tmp_path, url))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_there_is_one_head():
    assert len(ScriptDirectory(FOLDER).get_heads()) == 1


def test_files_are_numbered_in_their_order():
    scripts = ScriptDirectory(FOLDER)
    for revision in scripts.walk_revisions():
        assert Path(revision.path).name.startswith(f"{revision.revision}_")
        assert revision.revision.isdigit()


def test_the_migrated_tables_are_what_the_models_say(empty_app):
    upgrade(directory=FOLDER)
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": same_type, "target_metadata": Base.metadata}
        )
        assert compare_metadata(context, Base.metadata) == []


def same_type(_context, _inspected, _metadata, _inspected_type, metadata_type):
    """Our moment is a plain timestamp in the database; for the rest Alembic decides."""
    return False if isinstance(metadata_type, UtcDateTime) else None


def test_down_and_up_again_leaves_the_same_tables(empty_app):
    upgrade(directory=FOLDER)
    before = sorted(inspect(db.engine).get_table_names())
    downgrade(directory=FOLDER, revision="base")
    db.engine.dispose()
    assert inspect(db.engine).get_table_names() == ["alembic_version"]
    upgrade(directory=FOLDER)
    db.engine.dispose()
    assert sorted(inspect(db.engine).get_table_names()) == before


def test_certificates_from_before_the_status_lists_get_places(empty_app):
    upgrade(directory=FOLDER, revision="0003")
    db.engine.dispose()
    with db.engine.begin() as connection:
        connection.execute(text(PERSON))
        for number in (1, 2, 3):
            connection.execute(text(CERTIFICATE), {"id": number, "code": f"{number:017}"})
    upgrade(directory=FOLDER)
    db.engine.dispose()

    with db.engine.connect() as connection:
        rows = connection.execute(
            text("SELECT certificate_id, list_number, place FROM certificates_status_entries")
        ).all()
    assert sorted(row.certificate_id for row in rows) == [1, 2, 3]
    assert {row.list_number for row in rows} == {1}
    assert len({row.place for row in rows}) == 3


def test_a_reference_to_nothing_stops_an_upgrade_and_nothing_of_it_is_kept(tmp_path, caplog):
    app = create_app(settings_for_tests(tmp_path, f"sqlite:///{tmp_path / 'broken.sqlite'}"))
    with app.app_context():
        upgrade(directory=FOLDER, revision="0003")
        with db.engine.connect() as connection:
            connection.connection.execute("PRAGMA foreign_keys = OFF")
            connection.execute(text(CERTIFICATE), {"id": 1, "code": f"{1:017}"})
            connection.commit()
        db.engine.dispose()
        with pytest.raises(SystemExit):
            upgrade(directory=FOLDER)

        with db.engine.connect() as connection:
            assert MigrationContext.configure(connection).get_current_revision() == "0003"
            assert connection.scalar(text("PRAGMA foreign_keys")) == 1
        assert "rows refer to nothing in: [.certificates_certificates.]" in caplog.text.replace(
            "'", "."
        )
        db.engine.dispose()


PERSON = """INSERT INTO accounts_people
(id, name, email, password_hash, created_at)
VALUES (1, 'Robin', 'robin@example.org', 'x', '2026-11-21')"""
CERTIFICATE = """INSERT INTO certificates_certificates
(id, code, subject, holder_id, facts, facts_digest, title, module_slug, level, instrument_ref,
language, demonstration, issued_on, issued_at)
VALUES (:id, :code, :code, 1, '{}', 'x', 't', 'm', '', '', 'en', false, '2026-11-21', '2026-11-21')
"""


def test_a_migrated_audit_trail_refuses_change(empty_app):
    upgrade(directory=FOLDER)
    with db.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO audit_events "
                "(at, action, subject, reason, before, after, previous_hash, hash) "
                "VALUES ('2026-11-21', 'made', 'thing:1', '', 'null', 'null', 'a', 'b')"
            )
        )
    with pytest.raises(DatabaseError, match="append-only"), db.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_events"))
