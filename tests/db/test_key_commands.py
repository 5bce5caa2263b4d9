"""`lms certificates keys …` where something is not as it should be: a sentence, never a trace."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from lms.audit import api as audit
from lms.certificates import authority, keys
from lms.certificates.cli import group
from lms.certificates.keys import Role, ceremony, certifying
from lms.certificates.keys.certifying import Issuer
from tests.unit.certificates.conftest import key_settings

PIN = "1234"
ROOT = ("--root-file", "{}/root.p12", "--root-passphrase-file", "{}/passphrase")


@pytest.fixture
def command(app, tmp_path, monkeypatch):
    """Type a command on an installation whose data folder is empty; {} is a folder outside."""
    monkeypatch.setattr("lms.app.create_app", lambda: app)
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], data=tmp_path))
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "passphrase").write_text("of the safe\n")

    def run(*words: str, fails: bool = False, of: str = "keys") -> str:
        named = [word.format(outside) for word in words]
        done = CliRunner().invoke(group, [of, *named])
        assert done.exit_code == int(fails), done.output
        assert done.exception is None or isinstance(done.exception, SystemExit)
        return done.output

    run.outside = outside
    return run


def own():
    return authority.key_settings(authority.settings())


def test_keys_are_made_noted_in_the_trail_and_not_made_twice(command):
    said = command("init", "--name", "Example Institute", *ROOT)
    assert "signer-" in said and "Take" in said
    assert [event.action for event in audit.history_of("key:authority")] == ["signing keys made"]
    assert "already" in command("init", "--name", "Example Institute", *ROOT, fails=True)
    assert "document signer, in use since" in command("doctor")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["init", "--name", "x" * 41, *ROOT], "1 to 40 letters"),
        (["init", "--name", "Example"], "--root-file"),
        (["init", "--name", "Example", *ROOT[:2]], "--root-passphrase-file"),
        (["init", "--name", "Example", *ROOT[:3], "{}/nothing"], "cannot be read"),
        (["init", "--name", "Example", "--root-file", "{}/no/root.p12", *ROOT[2:]], "be written"),
        (["rotate"], "no authority here"),
        (["revoke", "signer-1"], "It knows: none"),
        (["revoke", "signer-1", "--from", "soon"], "Write it like"),
        (["revoke", "signer-1", "--from", "2999-01-01"], "in the future"),
        (["request", "{}/no/a.csr", "--name", "Example"], "cannot be written"),
        (["accept", "{}/nothing"], "cannot be read"),
        (["accept", "{}/passphrase"], "no revocation list"),
    ],
)
def test_what_does_not_do_is_told_in_a_sentence(command, words, said):
    assert said in command(*words, fails=True)


def test_without_a_name_the_keys_are_of_a_development_authority(command):
    command("init")
    assert authority.signer().development
    said = command("doctor")
    assert "development authority" in said


def test_production_makes_no_development_authority(command, app):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], environment="production")
    assert "--name" in command("init", fails=True)


def test_the_doctor_sees_open_files_and_a_root_that_was_left_here(command):
    command("init", "--name", "Example Institute", *ROOT)
    folder = own().folder
    (folder / "root.key").write_bytes((folder / "issuing.key").read_bytes())
    (folder / "issuing.key").chmod(0o644)
    said = command("doctor", fails=True)
    assert "chmod 600" in said
    assert "Take it off this server" in said


def test_a_revoked_signer_is_replaced_at_once_and_seen_by_a_running_server(command):
    command("init")
    before = authority.signer()
    name = keys.read_register(own().folder).current(Role.SIGNER).name
    said = command("revoke", name)
    assert "is in use instead" in said
    assert authority.signer().certificate != before.certificate
    assert authority.trust().revoked(before.certificate)
    assert "on the list already" in command("revoke", name, fails=True)


def test_a_revoked_issuing_authority_ends_all_signing(command):
    command("init", "--name", "Example Institute", *ROOT)
    assert "--root-file" in command("revoke", "issuing", fails=True)
    command("revoke", "issuing", *ROOT)
    with pytest.raises(keys.KeysUnusable, match="authority above it"):
        authority.signer()
    assert "issuing authority is revoked" in command("doctor", fails=True)


def test_what_is_handed_out_holds_everything_public_and_no_key(command):
    command("init")
    authority.signer()
    authority.stamper()
    command("export", "{}/public")
    files = {file.name: file.read_bytes() for file in (command.outside / "public").iterdir()}
    assert {"trust-root.pem", "stamp-roots.pem", "keys.json", "issuing.crl", "SHA256SUMS"} <= set(
        files
    )
    assert not any(b"PRIVATE KEY" in data for data in files.values())


class Elsewhere:
    """An authority that answers requests, as badly as a test wants it to."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.key = folder, certifying.new_key()
        self.now = datetime.now(UTC)
        name = certifying.subject("Elsewhere", Role.ROOT)
        self.root = certifying.certify_root(self.key, name, self.now)
        self.issuer = Issuer(self.key, self.root, "http://elsewhere.example/root")

    def answers(self, role: Role = Role.SIGNER, when: datetime | None = None) -> bytes:
        asked = x509.load_pem_x509_csr((self.folder / "a.csr").read_bytes())
        assert asked.is_signature_valid
        public = asked.public_key()
        made = certifying.certify(role, public, asked.subject, self.issuer, when or self.now)
        return keys.pem(made)

    def lists(self, when: datetime) -> None:
        made = certifying.make_crl(self.issuer, when, timedelta(days=30))
        (self.folder / "list.crl").write_bytes(made.public_bytes(Encoding.PEM))


@pytest.fixture
def elsewhere(command):
    command("request", "{}/a.csr", "--name", "Example Institute")
    return Elsewhere(command.outside)


def test_an_answer_is_taken_only_whole_and_for_a_key_that_waits(command, elsewhere):
    chain = command.outside / "chain.pem"
    root = keys.pem(elsewhere.root)
    for data, said in (
        (elsewhere.answers(), "ends early"),
        (root, "belongs to a key that waits"),
        (elsewhere.answers(when=elsewhere.now - timedelta(days=9999)) + root, "not valid today"),
        (elsewhere.answers(Role.ISSUING) + root, "may not sign documents"),
        (b"-----BEGIN NOTHING-----", "neither certificates nor"),
    ):
        chain.write_bytes(data)
        assert said in command("accept", str(chain), fails=True)
        assert keys.read_register(own().folder).current(Role.SIGNER) is None

    chain.write_bytes(elsewhere.answers() + root)
    command("accept", str(chain))
    assert authority.signer().root == elsewhere.root
    waiting = command("doctor")
    assert "Elsewhere root" in waiting and "accept LIST.crl" in waiting


def test_a_list_is_taken_only_from_an_authority_that_is_known_and_only_forward(command, elsewhere):
    elsewhere.lists(elsewhere.now)
    assert "known here" in command("accept", "{}/list.crl", fails=True)
    (command.outside / "chain.pem").write_bytes(elsewhere.answers() + keys.pem(elsewhere.root))
    command("accept", "{}/chain.pem", "{}/list.crl")
    elsewhere.lists(elsewhere.now - timedelta(days=5))
    assert "newer" in command("accept", "{}/list.crl", fails=True)
    name = keys.read_register(own().folder).current(Role.SIGNER).name
    assert "Another authority issued" in command("revoke", name, fails=True)


def test_a_request_can_be_for_a_key_in_a_token(token, tmp_path):
    settings = key_settings(tmp_path, secrets=keys.Secrets((b"x" * 32,), PIN))
    place = f"{token};object=asked{token.module}"
    now = datetime.now(UTC)
    _, packed = ceremony.request(settings, name="Example Institute", token=place, now=now)
    (tmp_path / "a.csr").write_bytes(packed)
    other = Elsewhere(tmp_path)
    chain = tmp_path / "chain.pem"
    chain.write_bytes(other.answers() + keys.pem(other.root))
    ceremony.accept(settings, [chain], now=now)
    signer = keys.open_signer(settings, now=now)
    assert signer.certificate.public_key() == signer.key.public
    assert not list((tmp_path / keys.FOLDER).glob("*.key"))
    assert PIN not in (tmp_path / keys.FOLDER / "register.json").read_text()


def test_what_is_done_to_badge_keys_is_noted_in_the_trail(command):
    command("rotate", of="badges")
    name = f"badge-{datetime.now(UTC).year}-2"  # the first one is there before it is rotated

    command("withdraw", name, of="badges")
    assert "no badge key" in CliRunner().invoke(group, ["badges", "withdraw", name]).output

    assert [event.action for event in audit.history_of(f"key:{name}")] == [
        "signing key rotated",
        "badge key withdrawn",
    ]
