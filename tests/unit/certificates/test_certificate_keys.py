"""Keys: a development authority that says what it is, and a real key in production."""

import stat
from datetime import timedelta
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID

from lms.certificates import keys
from lms.certificates.keys import KeysUnusable, Trust
from tests.unit.certificates.conftest import NOW, SECRET, make_signer, run

SETTINGS = {"secret": SECRET, "base_url": "https://concord.example", "now": NOW}


def test_production_without_a_key_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(KeysUnusable, match="CONCORD_SIGNER_P12"):
        keys.open_signer(tmp_path, production=True, p12=None, passphrase_file=None, **SETTINGS)
    assert not list(tmp_path.iterdir())


def write_p12(signer, folder, passphrase=b"open sesame"):
    file, secret = folder / "signer.p12", folder / "passphrase"
    file.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"signer",
            signer.key,
            signer.certificate,
            signer.chain,
            BestAvailableEncryption(passphrase),
        )
    )
    secret.write_bytes(b"open sesame\n")
    return file, secret


def test_a_key_file_gives_key_certificate_and_the_way_to_the_root(signer, tmp_path):
    file, secret = write_p12(signer, tmp_path)
    read = keys.read_p12(file, secret)
    assert read.certificate == signer.certificate
    assert read.chain == signer.chain
    assert read.root == signer.root


def test_production_refuses_a_development_key_in_a_file(signer, tmp_path):
    file, secret = write_p12(signer, tmp_path)
    with pytest.raises(KeysUnusable, match="production refuses"):
        keys.open_signer(tmp_path, production=True, p12=file, passphrase_file=secret, **SETTINGS)


def test_a_wrong_passphrase_is_told_in_a_sentence(signer, tmp_path):
    file, secret = write_p12(signer, tmp_path, b"another")
    with pytest.raises(KeysUnusable, match="cannot be opened"):
        keys.read_p12(file, secret)


def test_a_missing_file_is_told_in_a_sentence(tmp_path):
    with pytest.raises(KeysUnusable, match="cannot be read"):
        keys.read_p12(tmp_path / "none.p12", None)


def test_every_name_of_the_development_authority_warns(signer):
    for certificate in (signer.certificate, *signer.chain):
        assert keys.DEVELOPMENT in certificate.subject.rfc4514_string()
    assert signer.development


def test_private_keys_are_encrypted_and_for_the_owner_alone(signer, data_folder):
    files = list((data_folder / keys.FOLDER).glob("*.key"))
    assert len(files) == 3
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert b"ENCRYPTED" in file.read_bytes()


def test_another_secret_does_not_open_them(signer, data_folder):
    with pytest.raises(KeysUnusable, match="CONCORD_SECRET_KEY"):
        keys.read_development_authority(data_folder / keys.FOLDER, secret="another")


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


def test_the_signer_may_sign_documents_and_nothing_else(signer):
    extensions = signer.certificate.extensions
    usage = extensions.get_extension_for_class(x509.KeyUsage).value
    purposes = list(extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
    assert usage.digital_signature and usage.content_commitment and not usage.key_cert_sign
    assert purposes == [
        keys.DOCUMENT_SIGNING,
        keys.ADOBE_AUTHENTIC_DOCUMENTS,
        ExtendedKeyUsageOID.EMAIL_PROTECTION,
    ]
    assert signer.key.key_size == 3072


def test_openssl_agrees_with_the_chain(signer, tmp_path):
    for name, one in zip(
        ("signer", "issuing", "root"), (signer.certificate, *signer.chain), strict=True
    ):
        (tmp_path / f"{name}.pem").write_bytes(keys.pem(one))
    said = run(
        "openssl",
        "verify",
        "-attime",
        int(NOW.timestamp()),
        "-x509_strict",
        "-CAfile",
        tmp_path / "root.pem",
        "-untrusted",
        tmp_path / "issuing.pem",
        tmp_path / "signer.pem",
    )
    assert said.strip().endswith("OK")


def test_a_list_is_signed_anew_when_it_grows_old(tmp_path):
    make_signer(tmp_path)
    folder = tmp_path / keys.FOLDER
    first = keys.current_crl(folder, keys.ISSUING, secret=SECRET, now=NOW + timedelta(days=1))
    later = keys.current_crl(folder, keys.ISSUING, secret=SECRET, now=NOW + timedelta(days=25))
    assert first != later
    read = x509.load_der_x509_crl(later)
    assert read.next_update_utc > NOW + timedelta(days=50)
    assert read.is_signature_valid(keys.read_certificate(folder / "issuing.pem").public_key())


def test_a_withdrawn_signer_stays_on_the_list(tmp_path):
    signer = make_signer(tmp_path)
    folder = tmp_path / keys.FOLDER
    keys.revoke_signer(folder, signer.certificate, secret=SECRET, now=NOW)
    keys.current_crl(folder, keys.ISSUING, secret=SECRET, now=NOW + timedelta(days=300))
    assert Trust((), keys.read_crls(folder)).revoked(signer.certificate)
    assert not Trust((signer.root,)).revoked(signer.certificate)


def test_there_is_no_list_but_of_the_two_authorities(data_folder, signer):
    with pytest.raises(KeysUnusable):
        keys.current_crl(data_folder / keys.FOLDER, "../secret", secret=SECRET, now=NOW)
