"""The trust bundle: written the same every time, and read as if anybody had made it."""

import io
import json
import subprocess
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256

import pytest

from lms.certificates import keys
from lms.certificates.bundle import BadBundle, read_bundle, write_bundle, zips
from lms.certificates.bundle.manifests import MANIFEST, SIGNATURE
from tests.factories_badges import NOW, make_house
from tests.factories_bundles import make_bundle
from tests.unit.certificates.conftest import make_signer, withdraw


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    house = make_house(tmp_path_factory.mktemp("badges"))
    house.publish(token=True)
    return house


@pytest.fixture(scope="module")
def bundle(signer, data_folder, house):
    return make_bundle(signer, data_folder, house)


@pytest.fixture(scope="module")
def written(bundle, signer):
    return write_bundle(bundle, signer)


def changed(data, **members):
    """Return a ZIP with some members put, or left out where they are None."""
    held = zips.unpack(data)
    for name, value in members.items():
        held.pop(name, None)
        if value is not None:
            held[name] = value
    return zips.pack(held)


def resigned_by_nobody(data, **members):
    """Return it with members changed and the manifest's digests made to fit."""
    held = {**zips.unpack(data), **members}
    manifest = json.loads(held[MANIFEST])
    manifest["files"] = {
        name: sha256(value).hexdigest()
        for name, value in held.items()
        if name not in (MANIFEST, SIGNATURE)
    }
    return zips.pack({**held, MANIFEST: json.dumps(manifest).encode()})


def test_what_was_written_is_read_back(bundle, written, signer):
    read = read_bundle(written)
    assert read == replace(bundle, root=signer.root)
    assert read.trust.roots == (signer.root,)


def test_the_same_content_is_the_same_bytes(bundle, written, signer):
    assert write_bundle(bundle, signer) == written


def test_it_answers_for_its_own_day_and_for_none_after_it(bundle):
    assert bundle.answers_for(date(2026, 6, 14))
    assert bundle.answers_for(NOW.date())
    assert not bundle.answers_for(NOW.date() + timedelta(days=1))


def test_the_members_are_those_that_others_rely_on(written):
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        names = set(archive.namelist())
        manifest = json.loads(archive.read(MANIFEST))
        readme = archive.read("README.txt").decode()
    assert {
        *("roots/ROOT-1.pem", "chain/ISSUER-1.pem", "crls/LIST-1.crl", "badges/badge-keys.json"),
        *("badges/status/revocation-1.jwt", "badges/status/suspension-1.jwt"),
    } <= names
    assert manifest["as_of"] == "2026-11-21T10:00:00Z"
    assert set(manifest["files"]) == names - {MANIFEST, SIGNATURE}
    assert keys.DEVELOPMENT in readme


def test_openssl_confirms_the_signature_over_the_manifest(written, tmp_path):
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        archive.extractall(tmp_path)
    done = subprocess.run(
        [
            *("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", SIGNATURE),
            *("-content", MANIFEST, "-CAfile", "roots/ROOT-1.pem", "-purpose", "any"),
            *("-attime", str(int(NOW.timestamp()))),
        ],
        cwd=tmp_path,
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == (tmp_path / MANIFEST).read_bytes()


@pytest.mark.parametrize("name", ["roots/ROOT-1.pem", "badges/badge-keys.json", "README.txt"])
def test_a_changed_member_is_named(written, name):
    with pytest.raises(BadBundle, match=f"was changed: {name}"):
        read_bundle(changed(written, **{name: b"something else"}))


@pytest.mark.parametrize("put", [{"README.txt": None}, {"extra.txt": b"hello"}])
def test_a_member_that_is_missing_or_not_named_is_seen(written, put):
    with pytest.raises(BadBundle, match="was changed"):
        read_bundle(changed(written, **put))


def test_without_its_signature_it_leads_to_no_root(written):
    assert read_bundle(changed(written, **{SIGNATURE: None})).root is None
    assert read_bundle(changed(written, **{SIGNATURE: b"0\x03nonsense"})).root is None


def test_a_manifest_made_to_fit_leads_to_no_root(written):
    assert read_bundle(resigned_by_nobody(written, **{"README.txt": b"other"})).root is None


def test_the_signature_of_another_installation_leads_to_no_root(bundle, stranger):
    assert read_bundle(write_bundle(bundle, stranger)).root is None


def test_a_signer_that_was_withdrawn_before_leads_to_no_root(tmp_path, house):
    thief = make_signer(tmp_path)
    withdraw(tmp_path, thief.certificate)
    made = make_bundle(thief, tmp_path, house)
    assert read_bundle(write_bundle(made, thief)).root is None


def bomb():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", bytes(zips.LARGEST_MEMBER + 1))
    return packed.getvalue()


def odd(name="manifest.json", way=zipfile.ZIP_DEFLATED, data=b"{}"):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", way) as archive:
        archive.writestr(name, data)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no ZIP"),
        (b"PK\x03\x04 and nothing", "no ZIP"),
        (bomb(), "too much"),
        (odd("../manifest.json"), "odd name"),
        (odd("/manifest.json"), "odd name"),
        (odd("letter.txt"), "holds no manifest"),
        (odd(way=zipfile.ZIP_LZMA), "in a way that is not read"),
        (odd(data=b"[" * 100_000), "cannot be read"),
        (odd(data=b'{"a":1,"a":2}'), "cannot be read"),
        (odd(data=b'{"files": 3}'), "without a list of files"),
        (odd(data=b'{"files": {}, "format": "other/1"}'), "does not say concord-trust-bundle/1"),
        (odd(data=b'{"files": {}, "format": "concord-trust-bundle/1"}'), "without the moment"),
    ],
)
def test_what_is_no_bundle_is_refused_with_a_sentence(data, said):
    with pytest.raises(BadBundle, match=said):
        read_bundle(data)


def test_a_truncated_bundle_is_refused(written):
    for size in range(0, len(written), len(written) // 40):
        with pytest.raises(BadBundle):
            read_bundle(written[:size])


def test_no_changed_byte_is_read_as_another_bundle(bundle, written):
    for place in range(0, len(written), len(written) // 300):
        damaged = bytearray(written)
        damaged[place] ^= 0x55
        try:
            read = read_bundle(bytes(damaged))
        except BadBundle:
            continue
        assert replace(read, root=None) == bundle, place


@pytest.mark.parametrize(
    "name",
    ["roots/ROOT-1.pem", "crls/LIST-1.crl", "badges/badge-keys.json", "badges/status/x-1.jwt"],
)
def test_a_member_that_is_not_what_its_name_says_is_refused(written, name):
    with pytest.raises(BadBundle, match="damaged"):
        read_bundle(resigned_by_nobody(written, **{name: b"nonsense"}))
