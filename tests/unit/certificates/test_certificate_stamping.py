"""Time stamps: our own authority, one over HTTP, and what happens when it does not do its part."""

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from lms.certificates import keys, signing
from lms.certificates.domain import FileFinding
from lms.certificates.keys import Trust
from lms.certificates.stamping import POLICY, CannotStamp, LocalStamper, RemoteStamper, anchors
from lms.certificates.verification import examine
from tests.stamping_server import stamping_server
from tests.unit.certificates.conftest import NOW, draw, evidence_of, run

DIGEST = hashlib.sha256(b"a signature").digest()


def clock():
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    with stamping_server(tmp_path_factory.mktemp("tsa")) as server:
        yield server


@pytest.fixture
def server(authority):
    authority.fault, authority.asked = "", 0
    return authority


def remote(server, **given):
    pinned = given.pop("pinned", None) or keys.read_certificates(server.roots)
    values = {"clock": clock, "seconds": 5, "pause": 0.01, **given}
    return RemoteStamper(server.url, pinned, values.pop("clock"), **values)


def stamp(stamper, digest=DIGEST):
    return asyncio.run(stamper.async_timestamp(digest, "sha256"))


def moment_of(token):
    return token["content"]["encap_content_info"]["content"].parsed["gen_time"].native


def openssl_says(token, digest, root, folder):
    (folder / "token.der").write_bytes(token.dump())
    (folder / "root.pem").write_bytes(keys.pem(root))
    return run(
        *("openssl", "ts", "-verify", "-token_in", "-in", folder / "token.der"),
        *("-digest", digest.hex(), "-CAfile", folder / "root.pem"),
        *("-attime", int(moment_of(token).timestamp())),
    )


def test_openssl_accepts_our_own_stamp(stamper, tmp_path):
    token = stamp(LocalStamper(stamper, lambda: NOW))
    assert moment_of(token) == NOW
    assert "Verification: OK" in openssl_says(token, DIGEST, stamper.root, tmp_path)


def test_our_own_stamp_says_whose_it_is(stamper):
    told = stamp(LocalStamper(stamper, lambda: NOW))["content"]["encap_content_info"]["content"]
    assert told.parsed["policy"].native == POLICY
    assert "DEVELOPMENT" in str(told.parsed["tsa"].native)


def test_a_digest_that_is_too_weak_is_refused(stamper):
    with pytest.raises(ValueError, match="sha1"):
        asyncio.run(LocalStamper(stamper, lambda: NOW).async_timestamp(bytes(20), "sha1"))


def test_openssl_accepts_a_foreign_stamp_after_it_was_brought_into_our_form(server, tmp_path):
    token = stamp(remote(server))
    root = keys.read_certificates(server.roots)[0]
    assert "Verification: OK" in openssl_says(token, DIGEST, root, tmp_path)
    assert len(token["content"]["certificates"]) == 2, "the root stays out"
    assert abs(moment_of(token) - clock()) < timedelta(minutes=1)


def test_a_file_with_a_foreign_stamp_is_whole(server, signer, data_folder):
    pinned = keys.read_certificates(server.roots)
    lists = (*keys.read_crls(data_folder / keys.FOLDER), *keys.crls_in(server.roots))
    needed = evidence_of(signer, signer, lists)
    now = clock()
    drawn = draw(needed, at=now)
    data = signing.sign(drawn, signer, signed_at=now, stamper=remote(server))
    trust = Trust((signer.root,), stamp_roots=anchors(pinned))
    found = examine(data, trust, now=now + timedelta(days=1))
    assert (found.finding, found.level) == (FileFinding.INTACT, "B-LT")
    assert abs(found.stamped_at - now) < timedelta(minutes=1)
    assert examine(data, Trust((signer.root,)), now=clock()).finding is FileFinding.ALTERED


@pytest.mark.parametrize(
    ("fault", "said", "asked"),
    [
        ("down", "does not answer", 3),
        ("redirect", "does not answer", 3),
        ("garbage", "not answer as a time-stamping authority", 1),
        ("refuse", "refuses to stamp", 1),
        ("stale", "for another request", 1),
    ],
)
def test_an_authority_that_does_not_do_its_part_gives_no_stamp(server, fault, said, asked):
    if fault == "stale":
        stamp(remote(server))
        server.asked = 0
    server.fault = fault
    with pytest.raises(CannotStamp, match=said):
        stamp(remote(server))
    assert server.asked == asked


def test_nobody_there_is_told_in_a_sentence():
    stamper = RemoteStamper("http://127.0.0.1:9/", (), clock, pause=0)
    with pytest.raises(CannotStamp, match="does not answer"):
        stamp(stamper)


def test_a_stamp_under_another_root_is_refused(server, stamper):
    with pytest.raises(CannotStamp, match="CONCORD_TSA_ROOTS"):
        stamp(remote(server, pinned=(stamper.root,)))


def test_a_stamp_with_another_clock_is_refused(server):
    with pytest.raises(CannotStamp, match="says that it is"):
        stamp(remote(server, clock=lambda: clock() + timedelta(hours=2)))


def test_only_what_nobody_else_issued_is_an_anchor(server):
    root, issuing = keys.read_certificates(server.roots)
    assert anchors((root, issuing)) == (root,)
    assert anchors((issuing,)) == (issuing,)
