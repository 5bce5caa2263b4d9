"""`./concord lms packages publish` and `list`, and two who publish at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from click.testing import CliRunner

from lms.app import create_app
from lms.db import db, transaction
from lms.demo import content
from lms.errors import Conflict
from lms.packages import queries, services
from lms.packages.cli import group
from tests.conftest import create_tables
from tests.factories import NOW, make_person
from tests.factories_packages import (
    broken,
    light_files,
    make_draft,
    package_files,
    write_folder,
)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Call the command as a terminal does, on a database of its own."""
    url = f"sqlite:///{tmp_path / 'own.sqlite'}"
    monkeypatch.setenv("CONCORD_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("DATABASE_URL", url)
    create_tables(url)

    def invoke(*arguments):
        return CliRunner().invoke(group, [str(argument) for argument in arguments])

    return invoke


def test_a_folder_is_published_once_and_then_left_alone(run, tmp_path):
    with create_app().app_context():
        owner = make_person()
    folder = write_folder(package_files(), tmp_path / "sample")

    first = run("publish", folder, "--owner", owner.email)
    second = run("publish", folder)

    assert first.exit_code == 0, first.output
    assert "Published sample 1.0, sha256" in first.output
    assert second.output == "sample 1.0 is published already.\n"
    assert "sample\t1.0\t" in run("list").output
    with create_app().app_context():
        assert queries.find_package("sample").owners == {owner.id}


def test_a_further_release_says_what_it_changes(run, tmp_path):
    folder = write_folder(light_files(), tmp_path / "sample")
    run("publish", folder)
    root = folder / "package.yaml"
    root.write_text(root.read_text().replace('"1.0"', '"1.1"').replace("mark: 2", "mark: 1"))

    refused = run("publish", folder, "--policy", "redo")
    done = run("publish", folder, "--class", "wording")

    assert "say why with --reason" in refused.output
    assert "Class wording, policy finish_on_old. Nobody signed it." in done.output
    assert "The comparison with 1.0 finds more: scoring." in done.output
    with create_app().app_context():
        (kept,) = queries.changes_of("sample")
    assert (kept.change.kind, kept.found, kept.said_by) == ("wording", "scoring", None)


def test_a_broken_folder_is_not_published(run, tmp_path):
    files = broken({"package.yaml": ("pass_mark: 2", "pass_mark: 9")}, light_files())

    result = run("publish", write_folder(files, tmp_path / "sample"))

    assert result.exit_code == 1
    assert run("list").output == ""


def test_an_owner_whom_nobody_knows_is_refused(run, tmp_path):
    folder = write_folder(light_files(), tmp_path / "sample")

    result = run("publish", folder, "--owner", "nobody@example.org")

    assert result.exit_code == 1
    assert "nobody with the address nobody@example.org" in result.output


def test_a_double_click_publishes_once(app):
    person = make_person()
    draft_id = make_draft(person.id)
    start = threading.Barrier(4)

    def publish(_number):
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    services.publish_release(
                        draft_id, person_id=person.id, everything=False, now=NOW
                    )
                return "published"
            except Conflict:
                return "conflict"
            finally:
                db.session.remove()

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(publish, range(4)))

    assert outcomes == ["conflict", "conflict", "conflict", "published"]
    assert len(queries.find_package("sample").releases) == 1


def test_shipped_content_follows_its_older_version_and_leaves_a_later_one_alone(
    run, tmp_path, monkeypatch, caplog
):
    shipped, slug = tmp_path / "content", "sample"
    monkeypatch.setattr(content, "CONTENT", shipped)

    def start(version):
        files = broken({"package.yaml": ('version: "1.0"', f'version: "{version}"')}, light_files())
        write_folder(files, shipped / "sample")
        with create_app().app_context():
            content.publish_content(now=NOW)
            return [one.version for one in queries.find_package(slug).releases]

    assert start("1.0") == ["1.0"]
    assert start("1.1") == ["1.1", "1.0"]
    assert start("1.1") == ["1.1", "1.0"]
    assert caplog.messages == []
    assert start("0.9") == ["1.1", "1.0"]
    assert caplog.messages[0].startswith("content/sample is not published: ")
