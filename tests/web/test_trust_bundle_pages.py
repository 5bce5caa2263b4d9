"""The trust bundle of this installation: what a stranger downloads, and the command."""

import json
import re
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

from click.testing import CliRunner

from lms import jobs
from lms.certificates import authority, checker, keys, queries, services
from lms.certificates.badges import making
from lms.certificates.badges.verification import verify
from lms.certificates.bundle import own, read_bundle
from lms.certificates.cli import group
from lms.certificates.domain import RevocationReason
from lms.certificates.domain.badging import BadgeState
from lms.clock import utc_now
from lms.db import transaction
from tests.factories import make_person
from tests.factories_certificates import issue


def test_a_stranger_downloads_a_bundle_that_knows_every_badge(client):
    issued = issue(make_person(name="Robin Hale").id)
    badge = making.credential_bytes(issued, now=utc_now())

    answer = client.get("/trust/bundle.zip")

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    bundle = read_bundle(answer.data)
    assert bundle.root == authority.signer().root
    assert bundle.development
    assert bundle.address == "http://localhost"
    assert set(bundle.lists) == {
        "http://localhost/status/revocation/1",
        "http://localhost/status/suspension/1",
    }
    assert verify(badge, bundle.known, now=bundle.as_of).good


def test_the_checker_page_is_there_and_in_the_bundle_and_carries_what_the_bundle_holds(client):
    issue(make_person(name="Robin Hale").id)
    answer = client.get("/trust/checker.html")
    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"] == checker.content_policy()
    carried = re.search(r'<script type="application/json" id="bundle">(.*?)</script>', answer.text)
    data = json.loads(carried[1])

    with ZipFile(BytesIO(client.get("/trust/bundle.zip").data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    assert data["roots"] == [members["roots/ROOT-1.pem"].decode()]
    assert (
        data["lists"]["http://localhost/status/revocation/1"].encode()
        == (members["badges/status/revocation-1.jwt"])
    )
    assert data["badge_keys"] == json.loads(members["badges/badge-keys.json"])
    assert b'id="bundle"' in members["checker.html"]
    assert "Download the checker page" in client.get("/v").text


def test_the_same_bundle_is_handed_out_until_something_is_new(app, session):
    holder, now = make_person(), utc_now()
    first = own.file(now=now)
    assert own.file(now=now + timedelta(minutes=4)) == first
    later = own.file(now=now + timedelta(minutes=5))
    assert read_bundle(later).as_of > read_bundle(first).as_of

    issued = issue(holder.id)
    jobs.run_pending()
    sealed = own.file(now=utc_now() + timedelta(minutes=6))
    assert read_bundle(sealed).as_of >= queries.certificate(issued.id).file.sealed_at


def test_a_revocation_is_in_the_next_bundle(app, session):
    person = make_person()
    issued, now = issue(person.id), utc_now()
    before = read_bundle(own.file(now=now))
    with transaction():
        services.revoke_certificate(
            issued.id,
            reason_class=RevocationReason.MISCONDUCT,
            reason="answers were shared",
            revoked_by=person.id,
            now=now,
        )
    after = read_bundle(own.file(now=now))
    badge = making.credential_bytes(issued, now=now)
    states = [verify(badge, one.known, now=one.as_of).state for one in (before, after)]
    assert states == [BadgeState.VALID, BadgeState.REVOKED]


def test_without_keys_the_answer_says_so(client, monkeypatch):
    def none():
        raise authority.KeysUnusable("no key")

    monkeypatch.setattr(authority, "signer", none)
    for path in ("/trust/bundle.zip", "/trust/checker.html"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert "no key" not in answer.text


def test_the_command_writes_it_and_says_the_fingerprint(app, session, tmp_path, monkeypatch):
    monkeypatch.setattr("lms.app.create_app", lambda: app)
    done = CliRunner().invoke(group, ["trust-bundle", str(tmp_path / "bundle.zip")])
    assert done.exit_code == 0
    assert keys.fingerprint(authority.signer().root) in done.output
    bundle = read_bundle((tmp_path / "bundle.zip").read_bytes())
    assert bundle.root == authority.signer().root
    assert bundle.badge_keys == own.bundle(now=bundle.as_of).badge_keys

    nowhere = CliRunner().invoke(group, ["trust-bundle", str(tmp_path / "no" / "bundle.zip")])
    assert nowhere.exit_code == 2
    assert "cannot be written" in nowhere.output
