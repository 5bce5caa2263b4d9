"""The offline checker as a command of its own process, and the commands that need the app."""

import json

import pytest

from lms.certificates import keys, pdf, signing
from tests import commands
from tests.factories_certificates import CODE, make_facts
from tests.unit.certificates.conftest import NOW, make_signer, seal


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A folder with files as a site may get them, and the root that the site trusts."""
    folder = tmp_path_factory.mktemp("desk")
    signer, stranger = make_signer(folder / "ours"), make_signer(folder / "theirs")
    good = seal(signer)
    drawn = pdf.render(
        make_facts(), CODE, base_url="https://c.example", sealed_at=NOW, development=True
    )
    assert signing.FIELD
    changed = bytearray(good)
    changed[len(good) // 3] ^= 2
    for name, data in {
        "good.pdf": good,
        "altered.pdf": bytes(changed),
        "added.pdf": good + b"\n",
        "foreign.pdf": seal(stranger),
        "unsigned.pdf": drawn,
        "letter.pdf": b"Dear all,",
        "root.pem": keys.pem(signer.root),
    }.items():
        (folder / name).write_bytes(data)
    (folder / "data").mkdir()
    return folder


def check(folder, *arguments):
    """Run the command with nothing but a folder of its own; no app, no database, no network."""
    return commands.lms(
        *("certificates", "check", *arguments),
        env={"CONCORD_DATA": str(folder / "data"), "PATH": "/usr/bin:/bin"},
    )


@pytest.mark.parametrize(
    ("name", "at", "code", "said"),
    [
        ("good.pdf", "2026-11-21", 0, "Valid"),
        ("good.pdf", "2028-06-15", 3, "Expired"),
        ("good.pdf", "2026-06-13", 16, "Not issued yet"),
        ("added.pdf", "2026-11-21", 7, "Altered"),
        ("altered.pdf", "2026-11-21", 8, "Altered"),
        ("foreign.pdf", "2026-11-21", 9, "Signed by somebody else"),
        ("unsigned.pdf", "2026-11-21", 11, "Not signed"),
        ("letter.pdf", "2026-11-21", 12, "Not readable"),
    ],
)
def test_each_verdict_has_its_exit_code(desk, name, at, code, said):
    done = check(desk, desk / name, "--trust", desk / "root.pem", "--at", at)
    assert (done.returncode, done.stderr) == (code, "")
    assert said in done.stdout
    assert ("Robin Hale" in done.stdout) is (name == "good.pdf")
    assert not list((desk / "data").iterdir()), "a check writes nothing"


def test_a_good_file_says_that_the_root_is_a_development_one(desk):
    done = check(desk, desk / "good.pdf", "--trust", desk / "root.pem", "--at", "2026-11-21")
    assert keys.DEVELOPMENT in done.stdout
    assert "demonstration" in done.stdout


def test_without_a_named_root_nothing_is_good(desk):
    assert check(desk, desk / "good.pdf", "--at", "2026-11-21").returncode == 9


def test_the_machines_own_development_root_is_not_good_enough_unless_it_is_named(desk, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "trust-root.pem").write_bytes((desk / "root.pem").read_bytes())
    assert check(tmp_path, desk / "good.pdf", "--at", "2026-11-21").returncode == 14


def test_several_files_are_good_only_together(desk):
    files = [desk / "good.pdf", desk / "unsigned.pdf", desk / "altered.pdf"]
    done = check(desk, *files, "--trust", desk / "root.pem", "--json", "--at", "2026-11-21")
    assert done.returncode == 11
    verdicts = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["verdict"] for one in verdicts] == ["valid", "not_signed", "altered"]
    assert [one["good"] for one in verdicts] == [True, False, False]
    assert verdicts[0]["facts"]["name"] == "Robin Hale"
    assert verdicts[2]["facts"] is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["good.pdf", "--trust", "nowhere.pem"], "cannot be read"),
        (["good.pdf", "--trust", "good.pdf"], "no certificate in PEM form"),
        (["nowhere.pdf", "--trust", "root.pem"], "cannot be read"),
        (["good.pdf", "--trust", "root.pem", "--at", "soon"], "Write it like"),
    ],
)
def test_a_wrong_question_is_told_in_one_sentence(desk, arguments, said):
    named = [str(desk / one) if "." in one else one for one in arguments]
    done = check(desk, *named)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_what_waits_is_sealed_and_the_root_is_printed(app, session, tmp_path, monkeypatch):
    from click.testing import CliRunner

    from lms.certificates import queries
    from lms.certificates.cli import group
    from tests.factories import make_person
    from tests.factories_certificates import issue

    issued = issue(make_person().id)
    monkeypatch.setattr("lms.app.create_app", lambda: app)
    runner = CliRunner()
    done = runner.invoke(group, ["seal-pending"])
    assert (done.exit_code, done.output) == (0, "1 of 1 sealed.\n")
    assert queries.certificate(issued.id).file is not None
    shown = runner.invoke(group, ["trust-root"])
    assert shown.output.startswith("-----BEGIN CERTIFICATE-----")
    assert keys.DEVELOPMENT in shown.output
