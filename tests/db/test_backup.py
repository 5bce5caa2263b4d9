"""Backup and restore: equal rows on either database, working sign-in and certificates after."""

import gzip
import json
import tarfile

import pytest
from click.testing import CliRunner
from flask_migrate import upgrade
from sqlalchemy import insert, null, select, text

from lms import jobs
from lms.accounts.domain import Role
from lms.app import create_app
from lms.audit import api as audit
from lms.certificates import api as certificates
from lms.certificates import queries
from lms.certificates.badges import making, own, publishing, verification
from lms.certificates.domain.badging import BadgeState
from lms.certificates.models import Certificate, File
from lms.clock import utc_now
from lms.db import db, make_engine, transaction
from lms.jobs import Job, JobItem
from lms.operations.archive import BadBackup, read_manifest, verify
from lms.operations.backup import MIGRATIONS, backup, restore, write_backup
from lms.storage import get
from tests.conftest import TEST_CONFIG, settings_for_tests
from tests.factories import NOW, PASSWORD, make_person
from tests.factories_modules import do_all
from tests.factories_packages import make_release

ENVIRONMENT = {"CONCORD_SECRET_KEY": "a secret that is long enough for a test"}
WAYS = [("sqlite", "sqlite"), ("sqlite", "postgres"), ("postgres", "sqlite")]


@pytest.fixture
def place(request, tmp_path):
    """Make places for an installation: a data folder and the address of an empty database."""

    def make(engine: str, name: str):
        data = tmp_path / name
        data.mkdir()
        if engine == "sqlite":
            return data, f"sqlite:///{data / 'concord.sqlite'}"
        server = request.getfixturevalue("postgres_server")
        database = f"backup_{tmp_path.name}_{name}".replace("-", "_").lower()[:60]
        return data, server.create_database(database)

    return make


@pytest.fixture
def installed():
    """Make the app of a place; its connections are closed after the test."""
    apps = []

    def make(place):
        data, url = place
        app = create_app(settings_for_tests(data, url), **TEST_CONFIG)
        app.config["WTF_CSRF_ENABLED"] = False
        apps.append(app)
        return app

    yield make
    for app in apps:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def fill_small(app):
    """Put in one of everything: a release, somebody certified with a sealed file, an admin."""
    with app.app_context():
        upgrade(directory=str(MIGRATIONS))
        make_release()
        person = make_person(name="Đặng Thị Hồng", email="hong@example.org")
        make_person(Role.ADMIN, email="boss@example.org")
        do_all(person)
        jobs.run_pending()
        code, digest = db.session.execute(
            select(Certificate.code, File.digest).join(File, File.certificate_id == Certificate.id)
        ).one()
        db.session.remove()
    return code, digest


def fill_people(app):
    """Put in two people and an event about them."""
    with app.app_context():
        upgrade(directory=str(MIGRATIONS))
        make_person(email="one@example.org")
        person = make_person(email="two@example.org")
        with transaction():
            audit.record("thing made", actor_id=person.id, subject="thing:1", now=NOW)
        db.session.remove()


def run(command, place, *arguments):
    """Run a command as from a terminal, and clean up after its app."""
    data, url = place
    environ = ENVIRONMENT | {"CONCORD_DATA": str(data), "DATABASE_URL": url}
    return CliRunner().invoke(command, [str(one) for one in arguments], env=environ)


def contents(manifest):
    return {one.name: (one.rows, one.sha256) for one in manifest.tables}


@pytest.mark.parametrize(("origin", "target"), WAYS)
def test_a_restored_installation_is_the_same(place, installed, tmp_path, origin, target):
    old, new = place(origin, "old"), place(target, "new")
    app = installed(old)
    code, digest = fill_small(app)
    file = tmp_path / "backup.tar.gz"

    written = run(backup, old, file)
    restored = run(restore, new, file)

    assert written.exit_code == 0, written.output
    assert restored.exit_code == 0, restored.output
    assert "audit trail is whole" in restored.output
    again = installed(new)
    with again.app_context():
        manifest = write_backup(tmp_path / "again.tar.gz", now=NOW)
        assert contents(manifest) == contents(read_manifest(file))
        assert manifest.files == read_manifest(file).files
        verdict = certificates.verdict_for_file(get(digest), on=NOW.date(), now=NOW)
        by_code = certificates.verdict_for_code(code, on=NOW.date())
        assert audit.broken_links() == []
        db.session.remove()
    assert verdict.state == by_code.state == "valid"
    signed_in = again.test_client().post(
        "/sign-in", data={"email": "hong@example.org", "password": PASSWORD}
    )
    assert signed_in.status_code == 303


def test_badges_and_their_keys_come_back(place, installed, tmp_path):
    old, new = place("sqlite", "old"), place("sqlite", "new")
    app = installed(old)
    code, _digest = fill_small(app)
    with app.app_context():
        badge = making.credential_bytes(queries.find_by_code(code), now=utc_now())
        keys = own.all_keys()
        db.session.remove()
    run(backup, old, tmp_path / "b.tar.gz")

    assert run(restore, new, tmp_path / "b.tar.gz").exit_code == 0
    with installed(new).app_context():
        issued = queries.find_by_code(code)
        assert own.all_keys() == keys
        assert making.credential_bytes(issued, now=utc_now()) == badge
        assert own.signer().public == keys[-1]
        lists = publishing.all_lists(now=utc_now())
        known = verification.Known(
            own.all_keys(), {name: one.document for name, one in lists.items()}
        )
        found = verification.verify(badge, known, now=utc_now())
        assert found.state is BadgeState.VALID
        db.session.remove()


def test_what_is_written_after_a_restore_gets_new_ids(place, installed, tmp_path):
    old, new = place("sqlite", "old"), place("postgres", "new")
    fill_people(installed(old))
    run(backup, old, tmp_path / "b.tar.gz")
    run(restore, new, tmp_path / "b.tar.gz")

    with installed(new).app_context():
        person = make_person(email="later@example.org")
        with transaction():
            audit.record("thing made", actor_id=person.id, subject="thing:1", now=NOW)
        assert audit.broken_links() == []
        db.session.remove()


def test_json_null_and_no_value_stay_apart(place, installed, tmp_path):
    old, new = place("sqlite", "old"), place("sqlite", "new")
    app = installed(old)
    with app.app_context():
        upgrade(directory=str(MIGRATIONS))
        with transaction():
            db.session.execute(
                insert(Job), [{"id": 1, "kind": "k", "title": "t", "created_at": NOW}]
            )
            for subject, result in (("none", null()), ("null", None), ("value", [1.1, "ü"])):
                db.session.execute(
                    insert(JobItem).values(
                        job_id=1, kind="k", subject=subject, payload={}, ready_at=NOW, result=result
                    )
                )
        db.session.remove()
    run(backup, old, tmp_path / "b.tar.gz")

    run(restore, new, tmp_path / "b.tar.gz")

    engine = make_engine(new[1])
    with engine.connect() as connection:
        stored = dict(connection.execute(text("SELECT subject, result FROM jobs_items")).all())
    engine.dispose()
    assert stored["none"] is None
    assert stored["null"] == "null"
    assert json.loads(stored["value"]) == [1.1, "ü"]


def test_a_database_that_is_not_empty_is_refused(place, installed, tmp_path):
    old, new = place("sqlite", "old"), place("sqlite", "new")
    fill_people(installed(old))
    run(backup, old, tmp_path / "b.tar.gz")
    with installed(new).app_context():
        upgrade(directory=str(MIGRATIONS))
        make_person(email="here@example.org")
        db.session.remove()

    refused = run(restore, new, tmp_path / "b.tar.gz")

    assert refused.exit_code != 0
    assert "not empty" in str(refused.exception)
    with installed(new).app_context():
        assert db.session.execute(text("SELECT email FROM accounts_people")).scalars().all() == [
            "here@example.org"
        ]
        db.session.remove()


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_replacing_keeps_what_was_there_in_a_backup(place, installed, tmp_path, engine):
    old, new = place("sqlite", "old"), place(engine, "new")
    fill_people(installed(old))
    run(backup, old, tmp_path / "b.tar.gz")
    fill_people(installed(new))

    replaced = run(restore, new, tmp_path / "b.tar.gz", "--replace")

    assert replaced.exit_code == 0, replaced.output
    [kept] = new[0].glob("before-restore-*.tar.gz")
    assert contents(read_manifest(kept))["accounts_people"][0] == 2
    assert kept.stat().st_mode & 0o077 == 0
    with installed(new).app_context():
        assert contents(write_backup(tmp_path / "c.tar.gz", now=NOW)) == contents(
            read_manifest(tmp_path / "b.tar.gz")
        )
        db.session.remove()


def test_a_broken_audit_trail_is_told_after_the_restore(place, installed, tmp_path):
    old, new = place("sqlite", "old"), place("sqlite", "new")
    app = installed(old)
    fill_people(app)
    with app.app_context(), transaction():
        db.session.execute(text("DROP TRIGGER audit_events_no_update"))
        db.session.execute(text("UPDATE audit_events SET reason = 'changed' WHERE id = 1"))
    run(backup, old, tmp_path / "b.tar.gz")

    restored = run(restore, new, tmp_path / "b.tar.gz")

    assert restored.exit_code == 1
    assert "broken at the events 1" in restored.output


def test_a_backup_is_for_its_owner_alone(place, installed, tmp_path):
    old = place("sqlite", "old")
    fill_small(installed(old))
    run(backup, old, tmp_path / "b.tar.gz")

    assert (tmp_path / "b.tar.gz").stat().st_mode & 0o077 == 0
    with tarfile.open(tmp_path / "b.tar.gz") as archive:
        names = archive.getnames()
    assert names[0] == "manifest.json"
    assert {"keys/authority/register.json", "keys/authority/signer-2026-1.key"} <= set(names)
    assert "keys/trust-root.pem" in names


@pytest.fixture
def sound(place, installed, tmp_path):
    old = place("sqlite", "old")
    with installed(old).app_context():
        upgrade(directory=str(MIGRATIONS))
        make_person()
        db.session.remove()
    file = tmp_path / "sound.tar.gz"
    run(backup, old, file)
    return file


def changed(file, change):
    """Write the backup again with its uncompressed bytes changed."""
    raw = bytearray(gzip.decompress(file.read_bytes()))
    change(raw)
    other = file.with_name("changed.tar.gz")
    other.write_bytes(gzip.compress(bytes(raw), mtime=0))
    return other


def flip(raw):
    at = raw.index(b"@example.org")
    raw[at] ^= 1


def cut(raw):
    del raw[len(raw) // 2 :]


@pytest.mark.parametrize("change", [flip, cut])
def test_a_damaged_backup_restores_nothing(sound, place, installed, change):
    new = place("sqlite", "new")

    refused = run(restore, new, changed(sound, change))

    assert refused.exit_code != 0
    assert isinstance(refused.exception, BadBackup)
    with installed(new).app_context():
        tables = db.session.execute(text("SELECT count(*) FROM sqlite_master")).scalar()
        db.session.remove()
    assert tables == 0


@pytest.mark.parametrize(
    "content",
    [b"", b"not a tar", gzip.compress(b"still not a tar"), gzip.compress(bytes(10240))],
    ids=["empty", "text", "packed text", "packed zeros"],  # packed bytes hold the time of packing
)
def test_something_else_is_not_a_backup(tmp_path, content):
    file = tmp_path / "other.tar.gz"
    file.write_bytes(content)

    with pytest.raises(BadBackup):
        read_manifest(file)


def test_a_later_format_is_refused(sound):
    other = changed(sound, lambda raw: raw.__setitem__(slice(*spot(raw, b"backup/1")), b"backup/2"))

    with pytest.raises(BadBackup, match="does not know"):
        read_manifest(other)


def spot(raw, what):
    at = raw.index(what)
    return at, at + len(what)


def test_a_later_schema_is_refused_with_its_version(sound, place):
    at_head = read_manifest(sound).revision.encode()
    other = changed(
        sound, lambda raw: raw.__setitem__(slice(*spot(raw, b'"' + at_head + b'"')), b'"9999"')
    )

    refused = run(restore, place("sqlite", "new"), other)

    assert "later than this one" in str(refused.exception)


def test_a_sound_backup_verifies(sound):
    verify(sound, read_manifest(sound))
