"""`lms certificates check` with a trust bundle: every state and attack has its exit code."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner

from lms.certificates import keys
from lms.certificates.bundle import write_bundle
from lms.certificates.cli import group
from lms.certificates.domain import FileFinding
from lms.certificates.verification import examine
from tests.factories_badges import ENTRY, NOW, make_house
from tests.factories_bundles import make_bundle
from tests.unit.certificates import conftest
from tests.unit.certificates.test_trust_bundle import changed

AFTER_ITS_END = datetime(2028, 6, 20, 10, 0, tzinfo=UTC)
BEFORE_ITS_ISSUE = datetime(2026, 6, 14, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    return make_house(tmp_path_factory.mktemp("badges"))


@pytest.fixture(scope="module")
def pdf(data_folder, signer, house):
    return conftest.seal_in(data_folder, signer=signer, badge=house.badge()[0])


@pytest.fixture(scope="module")
def desk(tmp_path_factory, data_folder, signer, stranger, sealed, house, pdf):
    """A folder with files as a site may get them, and bundles of several moments."""
    folder = tmp_path_factory.mktemp("desk")
    flipped = bytearray(pdf)
    flipped[len(pdf) // 2] ^= 4
    proved, token = house.badge()
    stolen = json.loads(proved)
    stolen["credentialSubject"]["identifier"][0]["identityHash"] = "Mallory Hale"

    def bundle(*, at=NOW, published=None, **given):
        places = {one: given.pop(one) for one in ("revocation", "suspension") if one in given}
        house.lists = {}
        house.publish(now=published or at, token=True, **places)
        return make_bundle(signer, data_folder, house, as_of=at, lists=house.lists, **given)

    good = bundle()
    files = {
        "good.pdf": pdf,
        "plain.pdf": sealed,
        "flipped.pdf": bytes(flipped),
        "added.pdf": pdf + b"\n",
        "letter.txt": b"Dear all,",
        "good.json": proved,
        "good.jwt": token,
        "stolen.json": json.dumps(stolen).encode(),
        "root.pem": keys.pem(signer.root),
        "stranger.pem": keys.pem(stranger.root),
        "bundle.zip": write_bundle(good, signer),
        "revoked.zip": write_bundle(bundle(revocation=ENTRY.place), signer),
        "suspended.zip": write_bundle(bundle(suspension=ENTRY.place), signer),
        "somebody.zip": write_bundle(bundle(revocation=ENTRY.place - 1), signer),
        "later.zip": write_bundle(bundle(at=AFTER_ITS_END), signer),
        "earlier.zip": write_bundle(bundle(at=BEFORE_ITS_ISSUE), signer),
        "stale.zip": write_bundle(bundle(published=NOW - timedelta(days=8)), signer),
        "without.zip": write_bundle(replace(good, lists={}), signer),
        "stranger.zip": write_bundle(replace(good, roots=(stranger.root,)), stranger),
        "unsigned.zip": write_bundle(good),
        "changed.zip": changed(write_bundle(good, signer), **{"README.txt": b"trust me"}),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def check(folder, *arguments):
    named = [str(folder / one) if "." in one else one for one in arguments]
    return CliRunner().invoke(group, ["check", *named])


@pytest.mark.parametrize(
    ("name", "bundle", "at", "code", "said"),
    [
        ("good.pdf", "bundle.zip", None, 0, "Valid"),
        ("good.pdf", "somebody.zip", None, 0, "Valid"),
        ("good.pdf", "bundle.zip", "2026-06-14", 0, "Valid"),
        ("good.pdf", "later.zip", None, 3, "Expired"),
        ("good.pdf", "later.zip", "2028-06-14", 0, "Valid"),
        ("good.pdf", "suspended.zip", None, 5, "Suspended"),
        ("good.pdf", "revoked.zip", None, 6, "Revoked"),
        ("good.pdf", "revoked.zip", "2026-07-01", 6, "Revoked"),
        ("added.pdf", "bundle.zip", None, 7, "Altered"),
        ("flipped.pdf", "bundle.zip", None, 8, "Altered"),
        ("good.pdf", "stranger.zip", None, 9, "Signed by somebody else"),
        ("letter.txt", "bundle.zip", None, 12, "Not readable"),
        ("good.pdf", "bundle.zip", "2026-11-22", 15, "Cannot be told"),
        ("good.pdf", "revoked.zip", "2026-11-22", 15, "Cannot be told"),
        ("good.pdf", "earlier.zip", None, 15, "Cannot be told"),
        ("good.pdf", "stale.zip", None, 15, "Cannot be told"),
        ("good.pdf", "without.zip", None, 15, "Cannot be told"),
        ("plain.pdf", "bundle.zip", None, 15, "Cannot be told"),
        ("good.pdf", "bundle.zip", "2026-06-13", 16, "Not issued yet"),
        ("good.json", "bundle.zip", None, 0, "valid"),
        ("good.jwt", "bundle.zip", None, 0, "valid"),
        ("good.jwt", "later.zip", None, 3, "expired"),
        ("good.json", "suspended.zip", None, 5, "suspended"),
        ("good.jwt", "revoked.zip", None, 6, "revoked"),
        ("stolen.json", "bundle.zip", None, 8, "altered"),
        ("good.json", "bundle.zip", "2026-11-22", 15, "intact, but"),
        ("good.jwt", "earlier.zip", None, 15, "intact, but"),
    ],
)
def test_each_state_has_its_exit_code(desk, name, bundle, at, code, said):
    done = check(desk, name, "--trust", bundle, *(["--at", at] if at else []))
    assert done.exit_code == code
    assert isinstance(done.exception, SystemExit | None)
    assert f"{name}: {said}" in done.output
    assert ("Robin Hale" in done.output) is (name[:4] in ("good", "plai") and code != 9)


def test_the_answer_says_its_moment_and_what_it_cannot_know(desk):
    done = check(desk, "good.pdf", "--trust", "bundle.zip")
    assert "As of 2026-11-21T10:00:00Z, by the bundle of Example Institute." in done.output
    assert "only the issuer's check page tells" in done.output
    assert keys.DEVELOPMENT in done.output


def test_the_data_says_the_day_and_the_moment_of_the_bundle(desk):
    done = check(desk, "good.pdf", "good.jwt", "--trust", "revoked.zip", "--json")
    assert done.exit_code == 6
    pdf, badge = map(json.loads, done.stdout.splitlines())
    assert pdf["verdict"] == badge["verdict"] == "revoked"
    assert pdf["as_of"] == badge["as_of"] == "2026-11-21"
    assert pdf["bundle_as_of"] == badge["bundle_as_of"] == "2026-11-21T10:00:00+00:00"
    assert pdf["exit_code"] == badge["exit_code"] == 6
    assert (pdf["good"], badge["good"]) == (False, False)


def test_a_root_beside_the_bundle_ties_the_bundle_to_it(desk):
    assert check(desk, "good.pdf", "--trust", "root.pem", "--trust", "bundle.zip").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["good.pdf", "--trust", "stranger.pem", "--trust", "bundle.zip"], "under another root"),
        (["good.pdf", "--trust", "root.pem", "--trust", "stranger.zip"], "under another root"),
        (["good.pdf", "--trust", "unsigned.zip"], "not signed by the issuer that it names"),
        (["good.pdf", "--trust", "changed.zip"], "README.txt is not what its manifest names"),
        (["good.pdf", "--trust", "bundle.zip", "--trust", "later.zip"], "one bundle only"),
        (["good.json", "--trust", "root.pem"], "is a badge"),
        (["good.pdf", "--trust", "letter.txt"], "no certificate in PEM form"),
        (["good.pdf", "--trust", "bundle.zip", "--at", "soon"], "Write it like"),
    ],
)
def test_a_wrong_question_is_told_in_one_sentence(desk, arguments, said):
    done = check(desk, *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_file_that_is_not_intact_hands_out_no_badge(signer, trust, pdf, house):
    assert examine(pdf, trust, now=NOW).badge == house.badge()[0]
    for bad in (pdf + b"\n", pdf[:-200]):
        found = examine(bad, trust, now=NOW)
        assert found.finding is not FileFinding.INTACT
        assert found.badge is None


def test_the_badge_of_another_certificate_inside_tells_nothing(tmp_path, desk, signer, data_folder):
    other = make_house(tmp_path / "badges")
    document = other.document()
    document["credentialSubject"]["licenseNumber"] = "0000-0000-0000-0000-0"
    badge = other.signer.sign(document, created=other.signed_at)[0]
    other.publish(token=True)
    bundle = make_bundle(signer, data_folder, other)
    (tmp_path / "bundle.zip").write_bytes(write_bundle(bundle, signer))
    (tmp_path / "file.pdf").write_bytes(conftest.seal_in(data_folder, signer=signer, badge=badge))
    assert check(tmp_path, "file.pdf", "--trust", "bundle.zip").exit_code == 15


def test_a_badge_inside_that_no_key_of_the_issuer_signed_tells_nothing(
    tmp_path, desk, signer, data_folder
):
    thief = make_house(tmp_path / "badges")
    (tmp_path / "file.pdf").write_bytes(
        conftest.seal_in(data_folder, signer=signer, badge=thief.badge()[0])
    )
    (tmp_path / "bundle.zip").write_bytes((desk / "bundle.zip").read_bytes())
    assert check(tmp_path, "file.pdf", "--trust", "bundle.zip").exit_code == 15


def test_lists_of_another_issuers_key_tell_nothing(tmp_path, desk, signer, data_folder, house):
    thief = make_house(tmp_path / "badges")
    thief.publish(token=True)
    bundle = make_bundle(signer, data_folder, house, lists=thief.lists)
    (tmp_path / "bundle.zip").write_bytes(write_bundle(bundle, signer))
    done = CliRunner().invoke(
        group, ["check", str(desk / "good.pdf"), "--trust", str(tmp_path / "bundle.zip")]
    )
    assert done.exit_code == 15


def test_the_day_of_the_bundle_is_the_last_that_it_answers_for(desk):
    day = date(2026, 11, 21)
    codes = [
        check(desk, "good.pdf", "--trust", "bundle.zip", "--at", str(day + timedelta(days=n)))
        for n in (-1, 0, 1, 3650)
    ]
    assert [one.exit_code for one in codes] == [0, 0, 15, 15]
