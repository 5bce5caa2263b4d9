"""`lms certificates check PACK.zip`: each member, the whole, and what nobody may change."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from lms.audit.domain import FIRST, event_hash
from lms.certificates import keys
from lms.certificates.badges import keyring
from lms.certificates.badges.signer import rotate
from lms.certificates.bundle import write_bundle, zips
from lms.certificates.cli import group
from lms.certificates.evidence import pack
from lms.certificates.evidence.checking import check_pack
from lms.certificates.keys import Trust
from lms.certificates.offline import Grounds
from tests.factories_badges import ENTRY, NOW, make_house, place_of
from tests.factories_bundles import make_bundle
from tests.factories_certificates import CODE, make_facts
from tests.unit.certificates import conftest
from tests.unit.certificates.test_trust_bundle import changed, resigned_by_nobody


def event(number, action, **given):
    body = {"at": "2026-06-14T15:02:00.000000+00:00", "actor_id": None, "action": action}
    told = {"id": number, "body": body, "previous_hash": FIRST}
    return {**told, "hash": event_hash(FIRST, body), **given}


def record(**given):
    standing = {
        "code": CODE,
        "facts_sha256": make_facts().digest(),
        "valid_until": "2028-06-14",
        "superseded": None,
        **given,
    }
    return json.dumps({"certificate": standing}).encode()


def events(*several):
    return json.dumps({"events": several}).encode()


class Desk:
    """A folder with packs; makes one with whatever a test puts in the place of a member."""

    def __init__(self, folder, signer, data_folder, house):
        self.folder, self.signer, self.data, self.house = folder, signer, data_folder, house
        proved, token = house.badge()
        self.members = {
            "certificate.pdf": conftest.seal_in(data_folder, signer=signer, badge=proved),
            "credential.json": proved,
            "credential.jwt": token,
            "record.json": record(),
            "events.json": events(event(1, "certificate issued"), {"id": 2, "hash": "ab"}),
            "trust-bundle.zip": self.bundle(),
            "README.txt": b"read me",
        }

    def bundle(self, *, at=NOW, **places):
        self.house.lists = {}
        self.house.publish(now=at, token=True, **places)
        lists = dict(self.house.lists)
        made = make_bundle(self.signer, self.data, self.house, as_of=at, lists=lists)
        return write_bundle(made, self.signer)

    def pack(self, members=(), *, signer=None):
        held = {**self.members, **dict(members)}
        return pack.write_pack(held, code=CODE, as_of=NOW, signer=signer or self.signer)

    def check(self, data, *more):
        file = self.folder / "pack.zip"
        file.write_bytes(data)
        return CliRunner().invoke(
            group, ["check", str(file), "--trust", str(self.folder / "root.pem"), *map(str, more)]
        )


@pytest.fixture(scope="module")
def desk(tmp_path_factory, data_folder, signer, stranger):
    house = make_house(tmp_path_factory.mktemp("badges"))
    folder = tmp_path_factory.mktemp("desk")
    (folder / "root.pem").write_bytes(keys.pem(signer.root))
    (folder / "stranger.pem").write_bytes(keys.pem(stranger.root))
    return Desk(folder, signer, data_folder, house)


def test_a_whole_pack_is_good_and_each_member_has_its_line(desk):
    done = desk.check(desk.pack())
    assert (done.exit_code, done.stderr) == (0, "")
    for name in (*desk.members, "manifest.p7s"):
        assert f"ok  {name}: " in done.stdout
    assert "NOT" not in done.stdout
    assert "Robin Hale" in done.stdout
    assert "As of 2026-11-21T10:00:00Z, by the bundle of Example Institute." in done.stdout


def test_the_same_content_is_the_same_bytes(desk):
    assert desk.pack() == desk.pack()


@pytest.mark.parametrize("name", [*pack.NEEDED, "extra.txt"])
def test_a_changed_member_is_named_and_nothing_else_is_shown(desk, name):
    done = desk.check(changed(desk.pack(), **{name: b"changed"}))
    assert done.exit_code == 8
    assert f"NOT {name}: It is not what the manifest names." in done.stdout
    assert "Robin Hale" not in done.stdout


@pytest.mark.parametrize("name", [*pack.NEEDED, "manifest.p7s"])
def test_a_missing_member_is_seen(desk, name):
    assert desk.check(changed(desk.pack(), **{name: None})).exit_code == 8


@pytest.mark.parametrize("name", ["record.json", "events.json", "README.txt"])
def test_a_manifest_that_was_made_to_fit_is_seen(desk, name):
    done = desk.check(resigned_by_nobody(desk.pack(), **{name: record(valid_until="2099-01-01")}))
    assert done.exit_code == 8
    assert "NOT manifest.p7s: The issuer's signature does not hold." in done.stdout


@pytest.mark.parametrize(
    ("members", "code", "said"),
    [
        ({"record.json": record(code="0" * 17)}, 8, "the record of another certificate"),
        ({"record.json": b"[]"}, 8, "cannot be read"),
        ({"record.json": b"{}"}, 8, "does not say how it stood"),
        ({"events.json": b"{}"}, 8, "no list of events"),
        ({"events.json": events(event(3, "x", hash="0" * 64))}, 8, "Event 3 is not what its hash"),
        ({"credential.json": b"{}"}, 8, "The badge is not signed"),
        ({"certificate.pdf": b"Dear all,"}, 12, "Not readable"),
        ({"trust-bundle.zip": b"PK\x03\x04"}, 8, "no trust bundle"),
        ({"record.json": record(valid_until="2026-10-01")}, 3, "Expired"),
        ({"record.json": record(superseded={"on": "2026-11-01"})}, 4, "Replaced"),
        ({"record.json": record(superseded={"on": "2026-11-22"})}, 0, "Valid"),
    ],
)
def test_what_the_issuer_put_in_is_compared(desk, members, code, said):
    done = desk.check(desk.pack(members))
    assert done.exit_code == code
    assert said in done.stdout


@pytest.mark.parametrize(("purpose", "code"), [("revocation", 6), ("suspension", 5)])
def test_the_bundle_inside_tells_how_it_stands(desk, purpose, code):
    done = desk.check(desk.pack({"trust-bundle.zip": desk.bundle(**{purpose: ENTRY.place})}))
    assert done.exit_code == code
    assert "NOT credential.json" in done.stdout


def test_a_newer_bundle_beside_the_pack_tells_instead(desk):
    newer = desk.folder / "newer.zip"
    newer.write_bytes(desk.bundle(at=NOW + timedelta(days=40), revocation=ENTRY.place))
    assert desk.check(desk.pack(), "--trust", newer).exit_code == 6
    assert desk.check(desk.pack(), "--at", "2026-12-24").exit_code == 15


def test_a_day_before_can_be_asked_about(desk):
    assert desk.check(desk.pack(), "--at", "2026-06-13").exit_code == 16
    assert desk.check(desk.pack(), "--at", "2026-06-14").exit_code == 0


def test_a_pack_of_another_issuer_is_signed_by_somebody_else(desk, stranger):
    theirs = Desk(desk.folder, stranger, desk.data, desk.house)
    assert desk.check(theirs.pack()).exit_code == 9


def test_a_pack_with_the_bundle_of_another_issuer_is_seen(desk, stranger):
    theirs = Desk(desk.folder, stranger, desk.data, desk.house)
    done = desk.check(desk.pack({"trust-bundle.zip": theirs.bundle()}))
    assert done.exit_code == 9
    assert "NOT trust-bundle.zip: It leads to another root than you trust." in done.stdout


def test_an_unsigned_bundle_inside_is_seen(desk):
    bare = write_bundle(make_bundle(desk.signer, desk.data, desk.house))
    assert desk.check(desk.pack({"trust-bundle.zip": bare})).exit_code == 8


def test_the_badge_of_another_certificate_is_seen(desk):
    document = desk.house.document()
    document["credentialSubject"]["licenseNumber"] = "0000-0000-0000-0000-0"
    other = desk.house.signer.sign(document, created=desk.house.signed_at)[1]
    done = desk.check(desk.pack({"credential.jwt": other}))
    assert done.exit_code == 8
    assert "the badge of another certificate" in done.stdout


def test_no_changed_byte_of_a_pack_is_called_good(desk, signer):
    data = desk.pack()
    grounds = Grounds(Trust((signer.root,)), now=NOW)
    for place in range(5, len(data), len(data) // 150):
        attacked = bytearray(data)
        attacked[place] ^= 0x11
        found = check_pack(bytes(attacked), grounds)
        assert found.code != 0 or zips.unpack(bytes(attacked)) == zips.unpack(data), place


def test_a_withdrawn_badge_key_is_said_and_the_certificate_stays_good(desk, tmp_path):
    house = make_house(tmp_path)
    mine = Desk(tmp_path, desk.signer, desk.data, house)
    place, old = place_of(tmp_path), house.signer.public
    keyring.withdraw(tmp_path, old.name, now=NOW)
    house.signer = rotate(place, now=NOW)
    house.lists = {}
    house.publish(now=NOW, token=True)
    made = make_bundle(
        desk.signer, desk.data, house, badge_keys=keyring.read_keys(tmp_path), lists=house.lists
    )
    done = desk.check(mine.pack({"trust-bundle.zip": write_bundle(made, desk.signer)}))
    assert "NOT credential.json: The badge is signed with a key that was withdrawn." in done.stdout
    assert done.exit_code == 0


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"PK\x03\x04" + bytes(500)])
def test_what_is_no_pack_is_not_readable(desk, data):
    done = desk.check(data)
    assert done.exit_code == 12
    assert "This is no evidence pack" in done.stdout


def test_a_trust_bundle_is_no_pack(desk):
    done = desk.check(desk.bundle())
    assert done.exit_code == 12
    assert "does not say concord-evidence-pack/1" in done.stdout


def test_the_data_names_each_thing_and_the_certificate(desk):
    done = desk.check(desk.pack(), "--json")
    told = json.loads(done.stdout)
    assert (told["verdict"], told["good"], told["exit_code"]) == ("valid", True, 0)
    assert told["as_of"] == "2026-11-21"
    assert told["certificate"]["facts"]["name"] == "Robin Hale"
    assert all(one["fine"] for one in told["checks"])


def test_without_a_named_root_no_pack_is_good(desk, monkeypatch):
    monkeypatch.setenv("CONCORD_DATA", str(desk.folder / "nowhere"))
    file = desk.folder / "alone.zip"
    file.write_bytes(desk.pack())
    assert CliRunner().invoke(group, ["check", str(file)]).exit_code == 9


def test_the_machines_own_development_root_is_not_enough_unless_it_is_named(
    desk, tmp_path, monkeypatch
):
    (tmp_path / "trust-root.pem").write_bytes((desk.folder / "root.pem").read_bytes())
    monkeypatch.setenv("CONCORD_DATA", str(tmp_path))
    file = tmp_path / "pack.zip"
    file.write_bytes(desk.pack())
    assert CliRunner().invoke(group, ["check", str(file)]).exit_code == 14
