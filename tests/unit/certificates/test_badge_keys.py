"""The keys of badges: made, rotated, withdrawn; the public halves stay."""

import stat
from datetime import timedelta
from threading import Thread

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lms.certificates.badges import keyring, multibase, signer
from lms.certificates.keys import KeysUnusable
from tests.factories_badges import DID, NOW, SIGNED_AT, place_of

LATER = SIGNED_AT + timedelta(days=365)


def own_key(folder, name="own.key", passphrase=b"open sesame, please"):
    folder.mkdir(exist_ok=True)
    file, secret = folder / name, folder / "passphrase"
    signer.write_key(file, signer.new_key(), passphrase)
    secret.write_bytes(b"open sesame, please\n")
    return {"file": file, "passphrase_file": secret}


def test_development_makes_one_key_and_finds_it_again(tmp_path):
    first = signer.open_signer(place_of(tmp_path), now=SIGNED_AT)
    again = signer.open_signer(place_of(tmp_path), now=LATER)

    assert again.public == first.public
    assert first.public.name == "badge-2026-1"
    assert first.public.development
    assert keyring.read_keys(tmp_path) == (first.public,)


def test_the_private_half_is_encrypted_and_only_the_owners(tmp_path):
    signer.open_signer(place_of(tmp_path), now=SIGNED_AT)
    file = tmp_path / "badge-2026-1.key"

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    with pytest.raises(KeysUnusable, match="CONCORD_SECRET_KEY"):
        signer.open_signer(place_of(tmp_path, secret="another secret"), now=NOW)


def test_two_starts_at_once_end_with_one_key(tmp_path):
    opened = []
    threads = [
        Thread(target=lambda: opened.append(signer.open_signer(place_of(tmp_path), now=SIGNED_AT)))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(opened) == 6
    assert {one.public for one in opened} == set(keyring.read_keys(tmp_path))
    assert len(keyring.read_keys(tmp_path)) == 1


def test_a_start_that_was_ended_halfway_does_not_stop_the_next(tmp_path):
    (tmp_path / "badge-2026-1.key").write_bytes(b"half a k")

    assert signer.open_signer(place_of(tmp_path), now=SIGNED_AT).public.name == "badge-2026-1"


def test_rotation_ends_the_time_of_the_key_before_and_keeps_it(tmp_path):
    first = signer.open_signer(place_of(tmp_path), now=SIGNED_AT).public
    second = signer.rotate(place_of(tmp_path), now=NOW).public
    third = signer.rotate(place_of(tmp_path), now=LATER).public

    assert [key.name for key in keyring.read_keys(tmp_path)] == [
        "badge-2026-1",
        "badge-2026-2",
        "badge-2027-1",
    ]
    old = keyring.find(keyring.read_keys(tmp_path), first.id)
    assert (old.used_from, old.used_until) == (SIGNED_AT, NOW)
    assert old.in_use_at(NOW)
    assert not old.in_use_at(NOW + timedelta(seconds=1))
    assert keyring.find(keyring.read_keys(tmp_path), second.id).used_until == LATER
    assert signer.open_signer(place_of(tmp_path), now=LATER).public == third


def test_another_address_signs_with_the_same_key_under_its_own_name(tmp_path):
    here = signer.open_signer(place_of(tmp_path), now=SIGNED_AT).public
    there = signer.open_signer(place_of(tmp_path, controller="did:web:other"), now=NOW).public

    assert there.multikey == here.multikey
    assert there.id != here.id
    assert signer.open_signer(place_of(tmp_path), now=LATER).public == here


def test_a_withdrawn_key_never_signs_again(tmp_path):
    first = signer.open_signer(place_of(tmp_path), now=SIGNED_AT).public
    elsewhere = signer.open_signer(place_of(tmp_path, controller="did:web:other"), now=NOW).public
    withdrawn = keyring.withdraw(tmp_path, "badge-2026-1", now=LATER)

    assert withdrawn.withdrawn_at == LATER
    after = keyring.read_keys(tmp_path)
    assert keyring.find(after, elsewhere.id).withdrawn_at == LATER
    new = signer.open_signer(place_of(tmp_path), now=LATER).public
    assert new.multikey != first.multikey
    with pytest.raises(KeysUnusable, match="no badge key badge-2026-1 that could be withdrawn"):
        keyring.withdraw(tmp_path, "badge-2026-1", now=LATER)


def test_production_asks_for_a_key(tmp_path):
    with pytest.raises(KeysUnusable, match="CONCORD_BADGE_KEY"):
        signer.open_signer(place_of(tmp_path, production=True), now=NOW)
    assert not list(tmp_path.iterdir())


def test_production_signs_with_the_key_of_the_ceremony_and_not_with_a_development_one(tmp_path):
    signer.open_signer(place_of(tmp_path), now=SIGNED_AT)
    place = place_of(tmp_path, production=True)
    with pytest.raises(KeysUnusable, match="keys init"):
        signer.open_signer(place, now=NOW)

    made = signer.rotate(place, now=NOW)
    assert not made.public.development
    assert signer.open_signer(place, now=LATER).public == made.public
    assert [key.development for key in keyring.read_keys(tmp_path)] == [True, False]


def test_production_signs_with_the_operators_key(tmp_path):
    given = own_key(tmp_path / "safe")
    place = place_of(tmp_path / "authority", production=True, **given)
    opened = signer.open_signer(place, now=SIGNED_AT)

    assert not opened.public.development
    assert keyring.read_keys(tmp_path / "authority") == (opened.public,)
    assert signer.open_signer(place, now=NOW).public == opened.public


def test_another_file_is_a_rotation_and_the_old_one_cannot_come_back(tmp_path):
    first, second = own_key(tmp_path / "a"), own_key(tmp_path / "b")
    folder = tmp_path / "authority"
    signer.open_signer(place_of(folder, production=True, **first), now=SIGNED_AT)
    signer.open_signer(place_of(folder, production=True, **second), now=NOW)

    assert [key.used_until for key in keyring.read_keys(folder)] == [NOW, None]
    with pytest.raises(KeysUnusable, match="must not sign again"):
        signer.open_signer(place_of(folder, production=True, **first), now=LATER)


def test_the_operators_key_is_not_rotated_behind_their_back(tmp_path):
    place = place_of(tmp_path / "authority", **own_key(tmp_path / "safe"))
    with pytest.raises(KeysUnusable, match="--to FILE"):
        signer.rotate(place, now=NOW)


def test_production_refuses_a_key_that_development_made(tmp_path):
    made = signer.open_signer(place_of(tmp_path), now=SIGNED_AT)
    file, secret = tmp_path / "copied.key", tmp_path / "passphrase"
    signer.write_key(file, made.key, b"open sesame, please")
    secret.write_bytes(b"open sesame, please")
    place = place_of(tmp_path, production=True, file=file, passphrase_file=secret)

    with pytest.raises(KeysUnusable, match="production refuses"):
        signer.open_signer(place, now=NOW)


def test_what_is_wrong_with_a_key_file_is_said(tmp_path):
    given = own_key(tmp_path / "safe")
    wrong = tmp_path / "wrong"
    wrong.write_bytes(b"not it, not it")
    foreign = tmp_path / "rsa.key"
    foreign.write_bytes(
        rsa.generate_private_key(65537, 2048).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    for change, said in (
        ({"passphrase_file": wrong}, "passphrase the right one"),
        ({"passphrase_file": None}, "passphrase the right one"),
        ({"passphrase_file": tmp_path / "none"}, "cannot be read"),
        ({"file": tmp_path / "none"}, "cannot be read"),
        ({"file": foreign, "passphrase_file": None}, "Ed25519"),
    ):
        with pytest.raises(KeysUnusable, match=said):
            signer.open_signer(place_of(tmp_path / "x", **{**given, **change}), now=NOW)


def test_a_key_file_is_never_written_over(tmp_path):
    given = own_key(tmp_path)
    before = given["file"].read_bytes()

    with pytest.raises(KeysUnusable, match="cannot be written"):
        signer.write_key(given["file"], signer.new_key(), b"open sesame, please")
    assert given["file"].read_bytes() == before


def test_a_broken_list_is_not_replaced_by_an_empty_one(tmp_path):
    signer.open_signer(place_of(tmp_path), now=SIGNED_AT)
    (tmp_path / keyring.LIST).write_text('{"keys": [{"name": "x"}]}')

    with pytest.raises(KeysUnusable, match="backup"):
        signer.open_signer(place_of(tmp_path), now=NOW)


@pytest.mark.parametrize(
    ("address", "did"),
    [
        ("https://concord.example", DID),
        ("http://127.0.0.1:8000", "did:web:127.0.0.1%3A8000"),
        ("https://trials.example/concord/eu", "did:web:trials.example:concord:eu"),
    ],
)
def test_the_name_of_the_issuer_leads_to_its_address(address, did):
    assert keyring.did_of(address) == did


def test_a_key_is_written_as_a_multikey():
    # Data Integrity EdDSA Cryptosuites 1.0, appendix B.1: the key pair of its examples
    private = Ed25519PrivateKey.from_private_bytes(
        bytes.fromhex("c96ef9ea10c5e414c471723aff9de72c35fa5b70fae97e8832ecac7d2e2b8ed6")
    )
    public = multibase.multikey(private.public_key())

    assert public == "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
    assert (
        multibase.public_key(public).public_bytes_raw() == private.public_key().public_bytes_raw()
    )


@pytest.mark.parametrize("text", ["", "z", "zO", "f00", "z" + "1" * 200, "z6Mk"])
def test_what_is_no_key_is_refused(text):
    with pytest.raises(ValueError):
        multibase.public_key(text)
