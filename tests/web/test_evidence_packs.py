"""The evidence pack of a certificate: who gets it, what it tells, and how it is checked."""

import json
import subprocess
import sys
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner

from lms import jobs
from lms.accounts.domain import Role
from lms.audit import api as audit
from lms.certificates import authority, checker, keys, services
from lms.certificates import queries as certificates
from lms.certificates.bundle import zips
from lms.certificates.cli import group
from lms.certificates.domain import RevocationReason, SuccessionKind, shown_code
from lms.certificates.evidence import pack
from lms.clock import utc_now
from lms.db import transaction
from lms.modules import queries
from lms.modules.record import evidence_for
from tests.factories import NOW, make_person
from tests.factories_certificates import issue
from tests.factories_modules import SLUG, do_all
from tests.factories_packages import make_release

ROOT = Path(__file__).parents[2]
NO_NETWORK = """
import runpy, socket, sys
def refuse(*_):
    raise AssertionError("a check asked the network")
socket.socket.connect = socket.getaddrinfo = refuse
sys.argv = ["lms", *sys.argv[1:]]
runpy.run_module("lms.cli", run_name="__main__")
"""


@pytest.fixture
def holder(app):
    make_release()
    return make_person(name="Robin Hale")


@pytest.fixture
def issued(holder):
    """A certificate that was earned: lessons, quiz, practice and certification cases."""
    do_all(holder)
    jobs.run_pending()
    return certificates.certificate(queries.enrolment_of(holder.id, SLUG).certificate_id)


@pytest.fixture
def administrator(app):
    return make_person(Role.ADMIN)


def download(client, issued):
    answer = client.get(f"/certificates/{issued.id}/evidence.zip")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert shown_code(issued.code) in answer.headers["Content-Disposition"]
    return answer.data


def revoke(issued, by):
    with transaction():
        services.revoke_certificate(
            issued.id,
            reason_class=RevocationReason.MISCONDUCT,
            reason="answers were shared",
            revoked_by=by.id,
            now=utc_now(),
        )


def unshared():
    """Return the command that takes the network away, where this machine allows it."""
    command = ["unshare", "-rn"]
    try:
        allowed = subprocess.run([*command, "true"], capture_output=True).returncode == 0
    except OSError:
        return []
    return command if allowed else []


def check(folder, file):
    """Check in a process that has an empty folder, no database and no network."""
    empty = folder / "empty"
    empty.mkdir(exist_ok=True)
    (folder / "trust-root.pem").write_bytes(keys.pem(authority.signer().root))
    done = subprocess.run(
        [
            *(*unshared(), sys.executable, "-c", NO_NETWORK, "certificates", "check", str(file)),
            *("--trust", str(folder / "trust-root.pem")),
        ],
        capture_output=True,
        text=True,
        cwd=empty,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "CONCORD_DATA": str(empty)},
    )
    assert not list(empty.iterdir()), "a check writes nothing"
    return done


def test_the_pack_checks_green_with_nothing_but_itself_and_the_root(
    client, log_in, holder, issued, administrator, tmp_path
):
    log_in(holder)
    good, revoked, changed = (tmp_path / f"{one}.zip" for one in ("good", "revoked", "changed"))
    good.write_bytes(download(client, issued))
    members = zips.unpack(good.read_bytes())
    members["record.json"] = members["record.json"].replace(b'"passed": true', b'"passed": 1')
    changed.write_bytes(zips.pack(members))
    revoke(issued, administrator)
    revoked.write_bytes(download(client, issued))

    done = check(tmp_path, good)
    assert (done.returncode, done.stderr) == (0, "")
    assert "good.zip: Valid" in done.stdout
    assert "Robin Hale" in done.stdout
    assert check(tmp_path, revoked).returncode == 6
    done = check(tmp_path, changed)
    assert done.returncode == 8
    assert "NOT record.json" in done.stdout
    assert "Robin Hale" not in done.stdout


def test_the_record_says_what_was_shown_answered_and_reached(client, log_in, holder, issued):
    log_in(holder)
    members = zips.unpack(download(client, issued))
    record = json.loads(members["record.json"])
    enrolment = queries.enrolment_of(holder.id, SLUG)

    assert sorted(members) == sorted([*pack.NEEDED, checker.NAME, "manifest.json", "manifest.p7s"])
    standing, training = record["certificate"], record["training"]
    assert standing["state"] == "valid"
    assert standing["file_sha256"] == sha256(members["certificate.pdf"]).hexdigest()
    assert training["release"]["sha256"] == enrolment.material.digest
    assert [step["key"] for step in training["steps"]] == [
        step.key for step in enrolment.material.content.steps
    ]
    assert all(one["result"] is not None for one in training["attempts"])
    kept = queries.handed_in(enrolment.id)
    assert [one["id"] for one in training["attempts"]] == [one.id for one in kept]
    for told, one in zip(training["attempts"], kept, strict=True):
        assert {answer["key"]: answer["value"] for answer in told["answers"]} == one.answers
        assert all(answer["saved_at"] for answer in told["answers"])
    film = next(step for step in training["steps"] if step["kind"] == "slides")
    assert all(len(slide["sha256"]) == 64 for slide in film["slides"])


def digests_of_secrets(material):
    """Return digests that would tell a key or a reference to whoever tries the few there are."""
    things = [
        *(asdict(one) for one in (*material.cases.values(), *material.questions.values())),
        *(case.reference for case in material.cases.values()),
    ]
    written = (
        json.dumps(one, sort_keys=True, separators=(",", ":"), ensure_ascii=False) for one in things
    )
    return {sha256(text.encode()).hexdigest() for text in written}


def test_a_holders_pack_tells_no_key_and_no_reference(
    client, log_in, holder, issued, administrator
):
    material = queries.enrolment_of(holder.id, SLUG).material
    log_in(holder)
    theirs = zips.unpack(download(client, issued))["record.json"].decode()
    log_in(administrator)
    whole = zips.unpack(download(client, issued))["record.json"].decode()

    secret = digests_of_secrets(material)
    assert not any(one in theirs for one in secret)
    assert any(one in whole for one in secret)
    words = ('"seed"', '"reference"', '"correct"', '"whole_sha256"', '"outside"', "rationale")
    certification = [
        one
        for one in json.loads(theirs)["training"]["attempts"]
        if next(s for s in material.content.steps if s.key == one["step"]).kind != "practice"
    ]
    assert certification
    assert not any(word in json.dumps(certification) for word in words)
    assert '"seed"' not in theirs
    assert '"seed"' in whole and '"reference"' in whole
    assert json.loads(whole)["told_to"] == "administrator"


def test_an_administrators_own_pack_is_told_like_anybodys(client, log_in, app):
    make_release()
    person = make_person(Role.ADMIN)
    do_all(person)
    jobs.run_pending()
    issued = certificates.certificate(queries.enrolment_of(person.id, SLUG).certificate_id)
    log_in(person)
    record = json.loads(zips.unpack(download(client, issued))["record.json"])
    assert record["told_to"] == "holder"


def test_the_events_are_a_slice_of_the_chain(client, log_in, holder, issued, administrator):
    revoke(issued, administrator)
    log_in(holder)
    theirs = json.loads(zips.unpack(download(client, issued))["events.json"])["events"]
    log_in(administrator)
    whole = json.loads(zips.unpack(download(client, issued))["events.json"])["events"]

    actions = [one["action"] for one in theirs]
    assert actions[-1] == "certificate revoked"
    assert {"certificate issued", "certificate sealed", "attempt marked"} <= set(actions)
    assert [one["hash"] for one in theirs] == [one["hash"] for one in whole]
    assert all("body" in one for one in whole)
    assert [one["action"] for one in theirs if "body" not in one] == ["certificate revoked"]
    assert "answers were shared" not in json.dumps(theirs)
    assert audit.links_of([f"certificate:{issued.id}"])[-1].hash == whole[-1]["hash"]


def test_a_successor_brings_the_record_of_the_first(client, log_in, holder, issued, administrator):
    with transaction():
        after = services.succeed(
            issued.id,
            services.Replacement(
                kind=SuccessionKind.CORRECTION, reason="married", name="Robin Stone"
            ),
            by=administrator.id,
            now=utc_now(),
        )
    jobs.run_pending()
    log_in(holder)
    new = json.loads(zips.unpack(download(client, after))["record.json"])
    old = json.loads(zips.unpack(download(client, issued))["record.json"])
    assert new["issued_for"] == old["issued_for"]
    assert new["training"]["attempts"] == old["training"]["attempts"] != []
    assert new["certificate"]["supersedes"]["code"] == issued.code
    assert old["certificate"]["superseded"]["by"] == after.code


def test_who_may_not_have_it(client, log_in, holder, new_client):
    issued = issue(holder.id)
    address = f"/certificates/{issued.id}/evidence.zip"
    log_in(make_person())
    assert client.get(address).status_code == 404
    log_in(holder)
    assert client.get(address).status_code == 409  # not sealed yet
    assert new_client().get(address).status_code == 303
    assert address not in client.get(f"/certificates/{issued.id}").text


def test_a_certificate_that_nobody_keeps_a_record_of_has_a_pack_all_the_same(
    client, log_in, holder
):
    issued = issue(holder.id, subject="elsewhere:1")
    jobs.run_pending()
    log_in(holder)
    assert (
        f"/certificates/{issued.id}/evidence.zip" in client.get(f"/certificates/{issued.id}").text
    )
    assert json.loads(zips.unpack(download(client, issued))["record.json"])["training"] is None


def test_an_erased_certificate_has_no_pack(client, log_in, holder, administrator):
    issued = issue(holder.id)
    jobs.run_pending()
    with transaction():
        services.erase_line(issued.id, reason="asked", erased_by=administrator.id, now=utc_now())
    log_in(administrator)
    address = f"/certificates/{issued.id}/evidence.zip"
    assert (
        client.get(address).status_code == client.get(f"/certificates/{issued.id}/file").status_code
    )
    assert client.get(address).status_code >= 400
    assert address not in client.get(f"/certificates/{issued.id}").text


def test_without_keys_the_answer_says_so(client, log_in, holder, monkeypatch):
    issued = issue(holder.id, subject="elsewhere:1")
    jobs.run_pending()

    def none():
        raise authority.KeysUnusable("no key")

    monkeypatch.setattr(authority, "signer", none)
    log_in(holder)
    answer = client.get(f"/certificates/{issued.id}/evidence.zip")
    assert answer.status_code == 503
    assert "no key" not in answer.text


def test_the_command_writes_a_pack_that_checks(app, session, holder, tmp_path, monkeypatch):
    issued = issue(holder.id, subject="elsewhere:1")
    jobs.run_pending()
    monkeypatch.setattr("lms.app.create_app", lambda: app)
    file, root = tmp_path / "pack.zip", tmp_path / "root.pem"
    root.write_bytes(keys.pem(authority.signer().root))
    run = CliRunner().invoke
    done = run(group, ["evidence", shown_code(issued.code).lower(), str(file)])
    assert done.exit_code == 0, done.output
    assert run(group, ["check", str(file), "--trust", str(root)]).exit_code == 0
    assert json.loads(zips.unpack(file.read_bytes())["record.json"])["told_to"] == "administrator"
    lost = run(group, ["evidence", "0000", str(file)])
    assert (lost.exit_code, lost.stderr) == (2, "There is no certificate with the code 0000.\n")


@pytest.mark.parametrize("subject", ["enrolment:0", "enrolment:x", "trial:1", "", "enrolment:²"])
def test_a_record_of_nothing_is_not_found(app, session, subject):
    from lms.errors import NotFound

    with pytest.raises(NotFound):
        evidence_for(subject, whole=True)


def test_the_record_does_not_ask_more_for_more(app, session, holder, count_queries):
    do_all(holder, now=NOW)
    subject = f"enrolment:{queries.enrolment_of(holder.id, SLUG).id}"
    count_queries()
    evidence_for(subject, whole=False)
    assert count_queries() <= 9
