"""Keys: an authority that says what it is, keys from elsewhere, and the register of all of them."""

import json
import stat
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID

from lms.certificates import keys
from lms.certificates.keys import KeysUnusable, Role, Trust
from tests.unit.certificates.conftest import NOW, SECRET, key_settings, make_signer, run, withdraw


def test_production_without_a_key_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(KeysUnusable, match="keys init"):
        keys.open_signer(key_settings(tmp_path, production=True), now=NOW)
    assert not list(tmp_path.iterdir())


def write_p12(signer, folder, passphrase=b"open sesame"):
    file, secret = folder / "signer.p12", folder / "passphrase"
    file.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"signer",
            signer.key.private,
            signer.certificate,
            signer.chain,
            BestAvailableEncryption(passphrase),
        )
    )
    secret.write_bytes(b"open sesame\n")
    return file, secret


def test_a_key_file_gives_key_certificate_and_the_way_to_the_root(signer, tmp_path):
    file, secret = write_p12(signer, tmp_path)
    for read in (keys.read_p12(file, secret), keys.read_p12(file, passphrase="open sesame")):
        assert read.certificate == signer.certificate
        assert read.chain == signer.chain
        assert read.root == signer.root
        assert read.sign(b"x") == signer.sign(b"x")


def test_production_refuses_a_development_key_in_a_file(signer, tmp_path):
    file, secret = write_p12(signer, tmp_path)
    settings = key_settings(tmp_path, production=True, p12=file, passphrase_file=secret)
    with pytest.raises(KeysUnusable, match="production refuses"):
        keys.open_signer(settings, now=NOW)


def test_production_refuses_the_development_authority_in_its_folder(tmp_path):
    make_signer(tmp_path)
    with pytest.raises(KeysUnusable, match="production refuses"):
        keys.open_signer(key_settings(tmp_path, production=True), now=NOW)


def test_a_wrong_passphrase_is_told_in_a_sentence(signer, tmp_path):
    file, secret = write_p12(signer, tmp_path, b"another")
    with pytest.raises(KeysUnusable, match="cannot be opened"):
        keys.read_p12(file, secret)


def test_a_missing_file_is_told_in_a_sentence(tmp_path):
    with pytest.raises(KeysUnusable, match="cannot be read"):
        keys.read_p12(tmp_path / "none.p12", None)


def test_every_name_of_the_development_authority_warns(signer, stamper):
    for certificate in (signer.certificate, stamper.certificate, *signer.chain):
        assert keys.DEVELOPMENT in certificate.subject.rfc4514_string()
    assert signer.development


def test_private_keys_are_encrypted_and_for_the_owner_alone(signer, data_folder):
    files = list((data_folder / keys.FOLDER).glob("*.key"))
    assert len(files) == 4
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert b"ENCRYPTED" in file.read_bytes()


def secrets(*words):
    return keys.Secrets(tuple(map(keys.passphrase_from, words)))


def test_another_secret_does_not_open_them_and_an_old_one_beside_it_does(signer, data_folder):
    changed = key_settings(data_folder, secrets=secrets("another"))
    with pytest.raises(KeysUnusable, match="CONCORD_SECRET_KEY"):
        keys.open_signer(changed, now=NOW)
    both = key_settings(data_folder, secrets=secrets("another", SECRET))
    assert keys.open_signer(both, now=NOW).certificate == signer.certificate


def test_the_authority_is_made_once(signer, data_folder):
    assert make_signer(data_folder).certificate == signer.certificate


def test_two_that_start_at_once_end_with_one_authority(tmp_path):
    made = []
    threads = [Thread(target=lambda: made.append(make_signer(tmp_path))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({one.certificate.serial_number for one in made}) == 1
    assert [path.name for path in tmp_path.iterdir()] == [keys.FOLDER]
    assert len(keys.read_register(tmp_path / keys.FOLDER).entries) == 2


def purposes(certificate):
    return certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)


def test_the_signer_may_sign_documents_and_nothing_else(signer):
    usage = signer.certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature and usage.content_commitment and not usage.key_cert_sign
    assert list(purposes(signer.certificate).value) == [
        keys.DOCUMENT_SIGNING,
        keys.ADOBE_AUTHENTIC_DOCUMENTS,
        ExtendedKeyUsageOID.EMAIL_PROTECTION,
    ]
    assert signer.key.public.key_size == 3072


def test_the_stamping_key_may_stamp_and_nothing_else(stamper):
    found = purposes(stamper.certificate)
    assert found.critical
    assert list(found.value) == [ExtendedKeyUsageOID.TIME_STAMPING]


@pytest.mark.parametrize("purpose", ["any", "timestampsign"])
def test_openssl_agrees_with_the_chain(signer, stamper, tmp_path, purpose):
    leaf = signer if purpose == "any" else stamper
    for name, one in zip(("leaf", "issuing", "root"), (leaf.certificate, *leaf.chain), strict=True):
        (tmp_path / f"{name}.pem").write_bytes(keys.pem(one))
    said = run(
        *("openssl", "verify", "-attime", int(NOW.timestamp()), "-x509_strict"),
        *("-purpose", purpose, "-CAfile", tmp_path / "root.pem"),
        *("-untrusted", tmp_path / "issuing.pem", tmp_path / "leaf.pem"),
    )
    assert said.strip().endswith("OK")


def test_the_issuing_authority_may_make_no_further_authority(signer):
    constraints = signer.chain[0].extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (constraints.ca, constraints.path_length) == (True, 0)


def test_a_list_is_signed_anew_when_it_grows_old(tmp_path):
    make_signer(tmp_path)
    own = key_settings(tmp_path).own
    first = keys.current_crl(own, Role.ISSUING, now=NOW + timedelta(days=1))
    later = keys.current_crl(own, Role.ISSUING, now=NOW + timedelta(days=25))
    assert first != later
    read = x509.load_der_x509_crl(later)
    assert read.next_update_utc > NOW + timedelta(days=50)
    assert read.is_signature_valid(own.certificate(Role.ISSUING).public_key())


def test_a_withdrawn_signer_stays_on_the_list_and_signs_no_more(tmp_path):
    signer = make_signer(tmp_path)
    own = key_settings(tmp_path).own
    withdraw(tmp_path, signer.certificate, since=NOW - timedelta(days=3))
    keys.current_crl(own, Role.ISSUING, now=NOW + timedelta(days=300))
    found = Trust((), keys.read_crls(own.folder)).withdrawn(signer.certificate)
    assert (found.since, found.compromised) == (NOW - timedelta(days=3), True)
    assert not Trust((signer.root,)).revoked(signer.certificate)
    with pytest.raises(KeysUnusable, match="revoked"):
        make_signer(tmp_path)
    with pytest.raises(KeysUnusable, match="on the list already"):
        withdraw(tmp_path, signer.certificate)


def test_the_next_signer_takes_over_and_the_one_before_stays_known(tmp_path):
    first = make_signer(tmp_path)
    later = NOW + timedelta(days=365)
    entry = keys.add_key(key_settings(tmp_path).own, Role.SIGNER, organization=None, now=later)
    second = keys.open_signer(key_settings(tmp_path), now=later)

    assert entry.name == "signer-2027-1"
    assert second.certificate != first.certificate
    assert second.chain == first.chain
    register = keys.read_register(tmp_path / keys.FOLDER)
    signers = [one for one in register.entries if one.role is Role.SIGNER]
    assert [(one.since, one.until) for one in signers] == [(NOW, later), (later, None)]
    known = [keys.certificates_of(tmp_path / keys.FOLDER, one)[0] for one in signers]
    assert known == [first.certificate, second.certificate]


def test_a_signer_from_elsewhere_is_noted_once_and_ends_the_use_of_the_one_before(signer, tmp_path):
    make_signer(tmp_path)
    file, secret = write_p12(signer, tmp_path)
    settings = key_settings(tmp_path, p12=file, passphrase_file=secret)
    for _ in range(2):
        assert keys.open_signer(settings, now=NOW).certificate == signer.certificate
    entries = keys.read_register(tmp_path / keys.FOLDER).entries
    signers = [one for one in entries if one.role is Role.SIGNER]
    assert [one.place for one in signers] == ["file", "elsewhere"]
    assert [one.in_use for one in signers] == [False, True]
    assert signer.certificate in keys.every_certificate(tmp_path / keys.FOLDER)


def test_a_signer_from_elsewhere_gets_a_stamping_authority_of_its_own(signer, tmp_path):
    file, secret = write_p12(signer, tmp_path)
    settings = key_settings(tmp_path, p12=file, passphrase_file=secret)
    keys.open_signer(settings, now=NOW)
    stamper = keys.open_stamper(settings, now=NOW)
    assert "local time stamping" in stamper.root.subject.rfc4514_string()
    assert stamper.root != signer.root
    assert not settings.own.exists
    assert keys.open_stamper(settings, now=NOW).certificate == stamper.certificate


def test_an_authority_of_the_first_version_goes_on(tmp_path):
    """It had one signer without a number, no register and no stamping key."""
    signer = make_signer(tmp_path)
    folder = tmp_path / keys.FOLDER
    for ending in ("pem", "key"):
        (folder / f"signer-2026-1.{ending}").rename(folder / f"signer.{ending}")
        (folder / f"stamper-2026-1.{ending}").unlink()
    (folder / "signer.pem").write_bytes(keys.pem(signer.certificate))
    (folder / "register.json").unlink()

    again = make_signer(tmp_path)
    assert (again.certificate, again.chain) == (signer.certificate, signer.chain)
    assert keys.open_stamper(key_settings(tmp_path), now=NOW).root == signer.root
    assert keys.read_register(folder).find("signer").in_use


def test_a_root_off_the_server_is_in_its_file_alone(tmp_path):
    root = keys.RootFile(tmp_path / "root.p12", "of the safe")
    own = key_settings(tmp_path / "data").own
    keys.make_authority(own, organization="Example Institute", now=NOW, root=root)
    keys.add_key(own, Role.SIGNER, organization="Example Institute", now=NOW)

    assert sorted(file.name for file in own.folder.glob("*.key")) == [
        "issuing.key",
        "signer-2026-1.key",
    ]
    assert own.certificate(Role.ROOT).public_key().key_size == 4096
    signer = keys.open_signer(key_settings(tmp_path / "data", production=True), now=NOW)
    assert not signer.development
    later = NOW + timedelta(days=390)
    before = own.file(Role.ROOT, "crl").read_bytes()
    assert keys.current_crl(own, Role.ROOT, now=later) == before
    with pytest.raises(KeysUnusable, match="--root-file"):
        own.issuer(Role.ROOT)
    with pytest.raises(KeysUnusable, match="cannot be opened"):
        keys.current_crl(own, Role.ROOT, now=later, root=keys.RootFile(root.file, "wrong"))
    assert keys.current_crl(own, Role.ROOT, now=later, root=root) != before


def test_a_register_that_cannot_be_read_is_told_in_a_sentence(tmp_path):
    for text in ("", "[]", json.dumps({"format": "concord-key-register/2", "keys": []})):
        (tmp_path / "register.json").write_text(text)
        with pytest.raises(KeysUnusable, match="backup"):
            keys.read_register(tmp_path)


def test_there_is_no_list_but_of_the_two_authorities(data_folder, signer):
    with pytest.raises(KeysUnusable):
        keys.current_crl(key_settings(data_folder).own, Role.SIGNER, now=NOW)


def test_moments_of_the_register_are_kept_with_their_zone(data_folder, signer):
    entry = keys.read_register(data_folder / keys.FOLDER).current(Role.SIGNER)
    assert entry.since == datetime(2026, 6, 14, 15, 2, tzinfo=UTC)
