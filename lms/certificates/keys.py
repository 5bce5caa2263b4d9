"""The keys that sign: a PKCS#12 file in production, a generated development authority otherwise."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

DEVELOPMENT = "UNTRUSTED DEVELOPMENT AUTHORITY"
FOLDER = "authority"
ROOT, ISSUING, SIGNER = "root", "issuing", "signer"
KEY_SIZE = 3072
DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
ADOBE_AUTHENTIC_DOCUMENTS = x509.ObjectIdentifier("1.2.840.113583.1.1.5")
YEAR = timedelta(days=365)
BACKDATED = timedelta(days=1)  # clocks differ
CRL_DAYS, CRL_RENEW_DAYS = timedelta(days=30), timedelta(days=20)


class KeysUnusable(RuntimeError):
    """The signing keys are missing or cannot be opened; the message says what to do."""


@dataclass(frozen=True)
class Signer:
    """What signs certificates: the parsed key, its certificate, and the way up to the root.

    Args:
        chain: the issuing certificates, from the signer's own issuer up to the root.
    """

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    @property
    def root(self) -> x509.Certificate:
        return self.chain[-1] if self.chain else self.certificate

    @property
    def development(self) -> bool:
        return is_development(self.root)


@dataclass(frozen=True)
class Trust:
    """What a check trusts: the roots that were named, and lists of withdrawn signers."""

    roots: tuple[x509.Certificate, ...]
    crls: tuple[x509.CertificateRevocationList, ...] = ()

    def revoked(self, certificate: x509.Certificate) -> bool:
        return any(
            crl.issuer == certificate.issuer
            and crl.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None
            for crl in self.crls
        )


def is_development(root: x509.Certificate) -> bool:
    """Tell whether a root says of itself that it is a development authority."""
    return any(DEVELOPMENT in str(attribute.value) for attribute in root.subject)


def open_signer(
    data: Path,
    *,
    secret: str,
    base_url: str,
    production: bool,
    p12: Path | None,
    passphrase_file: Path | None,
    now: datetime,
) -> Signer:
    """Return the configured signer; in development make an authority first if there is none.

    Raises:
        KeysUnusable: in production without a PKCS#12 file, or if the keys cannot be opened.
    """
    if p12 is not None:
        signer = read_p12(p12, passphrase_file)
        if production and signer.development:
            raise KeysUnusable(
                f"{p12} holds a development authority, which production refuses. "
                "Set CONCORD_SIGNER_P12 to the key of a real one."
            )
        return signer
    if production:
        raise KeysUnusable(
            "There is no key to sign certificates with. Set CONCORD_SIGNER_P12 to a PKCS#12 file "
            "that holds the key, its certificate and the issuers up to the root, and "
            "CONCORD_SIGNER_P12_PASSPHRASE_FILE to a file with its passphrase."
        )
    make_development_authority(data / FOLDER, secret=secret, base_url=base_url, now=now)
    return read_development_authority(data / FOLDER, secret=secret)


def read_p12(file: Path, passphrase_file: Path | None) -> Signer:
    """Read key, certificate and issuers from a PKCS#12 file.

    Raises:
        KeysUnusable: with a sentence on what is wrong with it.
    """
    try:
        passphrase = passphrase_file.read_bytes().strip() if passphrase_file else None
        parts = pkcs12.load_pkcs12(file.read_bytes(), passphrase or None)
    except OSError as error:
        raise KeysUnusable(f"{error.filename} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise KeysUnusable(
            f"{file} cannot be opened. Is it PKCS#12, and is the passphrase in "
            "CONCORD_SIGNER_P12_PASSPHRASE_FILE the right one?"
        ) from error
    if parts.cert is None or not isinstance(parts.key, rsa.RSAPrivateKey):
        raise KeysUnusable(f"{file} must hold an RSA key and its certificate; it does not.")
    if parts.key.key_size < KEY_SIZE:
        raise KeysUnusable(f"The key in {file} has fewer than {KEY_SIZE} bits. Use a longer one.")
    others = [extra.certificate for extra in parts.additional_certs]
    return Signer(parts.key, parts.cert.certificate, _chain(parts.cert.certificate, others))


def make_development_authority(folder: Path, *, secret: str, base_url: str, now: datetime) -> None:
    """Make root, issuing authority and signer, all saying that nobody should trust them.

    Done beside the place and moved there whole, so that two processes that start at once end with
    one authority.
    """
    if (folder / f"{SIGNER}.pem").exists():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".authority-", dir=folder.parent))
    try:
        _write_authority(beside, secret, base_url, now)
        beside.rename(folder)
    except OSError:
        shutil.rmtree(beside, ignore_errors=True)
        if not (folder / f"{SIGNER}.pem").exists():
            raise


def read_development_authority(folder: Path, *, secret: str) -> Signer:
    """Open the signer of a generated authority.

    Raises:
        KeysUnusable: if it cannot be opened, most often because the secret was changed.
    """
    chain = tuple(read_certificate(folder / f"{name}.pem") for name in (ISSUING, ROOT))
    return Signer(
        _read_key(folder, SIGNER, secret), read_certificate(folder / f"{SIGNER}.pem"), chain
    )


def read_crls(folder: Path) -> tuple[x509.CertificateRevocationList, ...]:
    """Return the revocation lists of a development authority; none where there is no such."""
    files = [folder / f"{name}.crl" for name in (ROOT, ISSUING)]
    return tuple(read_crl(file) for file in files if file.exists())


def current_crl(folder: Path, name: str, *, secret: str, now: datetime) -> bytes:
    """Return a revocation list of the development authority, signed anew when it grows old.

    Args:
        name: ROOT or ISSUING.

    Raises:
        KeysUnusable: if there is no such authority here.
    """
    file = folder / f"{name}.crl"
    if name not in (ROOT, ISSUING) or not file.exists():
        raise KeysUnusable("There is no development authority in the data folder.")
    old = x509.load_der_x509_crl(file.read_bytes())
    ends = old.next_update_utc
    if ends is None or ends - now < CRL_RENEW_DAYS:
        issuer = read_certificate(folder / f"{name}.pem")
        _write_crl(folder, name, issuer, _read_key(folder, name, secret), now, old)
    return file.read_bytes()


def authority_certificate(folder: Path, name: str) -> bytes:
    """Return the certificate of the development authority's root or issuing key, DER.

    Raises:
        KeysUnusable: if there is no such authority here.
    """
    if name not in (ROOT, ISSUING):
        raise KeysUnusable("There is no authority of this name.")
    return read_certificate(folder / f"{name}.pem").public_bytes(serialization.Encoding.DER)


def revoke_signer(
    folder: Path, certificate: x509.Certificate, *, secret: str, now: datetime
) -> None:
    """Put a signer's certificate on the list of the development authority's issuing key."""
    issuer = read_certificate(folder / f"{ISSUING}.pem")
    old = x509.load_der_x509_crl((folder / f"{ISSUING}.crl").read_bytes())
    _write_crl(
        folder, ISSUING, issuer, _read_key(folder, ISSUING, secret), now, old, (certificate,)
    )


def read_certificate(file: Path) -> x509.Certificate:
    """Read one PEM certificate.

    Raises:
        KeysUnusable: if the file is missing or holds none.
    """
    return read_certificates(file)[0]


def read_certificates(file: Path) -> tuple[x509.Certificate, ...]:
    """Read every certificate of a PEM file.

    Raises:
        KeysUnusable: if the file is missing or holds none.
    """
    try:
        return tuple(x509.load_pem_x509_certificates(file.read_bytes()))
    except OSError as error:
        raise KeysUnusable(f"{file} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise KeysUnusable(f"{file} holds no certificate in PEM form.") from error


def read_crl(file: Path) -> x509.CertificateRevocationList:
    """Read a revocation list, DER or PEM.

    Raises:
        KeysUnusable: if the file is missing or holds none.
    """
    try:
        data = file.read_bytes()
        pem_form = data.lstrip().startswith(b"-----BEGIN")
        return x509.load_pem_x509_crl(data) if pem_form else x509.load_der_x509_crl(data)
    except OSError as error:
        raise KeysUnusable(f"{file} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise KeysUnusable(f"{file} holds no revocation list.") from error


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def fingerprint(certificate: x509.Certificate) -> str:
    """Return the SHA-256 of a certificate in pairs, as people compare it by eye."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def _chain(
    leaf: x509.Certificate, others: Sequence[x509.Certificate]
) -> tuple[x509.Certificate, ...]:
    chain: list[x509.Certificate] = []
    at = leaf
    while at.issuer != at.subject:
        above = next((one for one in others if _issued(one, at)), None)
        if above is None or above in chain:
            break
        chain.append(above)
        at = above
    return tuple(chain)


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _write_authority(folder: Path, secret: str, base_url: str, now: datetime) -> None:
    folder.chmod(0o700)
    keys = {name: _new_key() for name in (ROOT, ISSUING, SIGNER)}
    root = _certify(ROOT, keys[ROOT], None, now, base_url)
    issuing = _certify(ISSUING, keys[ISSUING], (root, keys[ROOT]), now, base_url)
    signer = _certify(SIGNER, keys[SIGNER], (issuing, keys[ISSUING]), now, base_url)
    for name, certificate in ((ROOT, root), (ISSUING, issuing), (SIGNER, signer)):
        _write_key(folder / f"{name}.key", keys[name], secret)
        (folder / f"{name}.pem").write_bytes(pem(certificate))
    _write_crl(folder, ROOT, root, keys[ROOT], now)
    _write_crl(folder, ISSUING, issuing, keys[ISSUING], now)
    (folder / "README").write_text(
        f"{DEVELOPMENT}\nMade by this installation for trying things out. "
        "Anyone can make one like it: it proves nothing to a stranger.\n"
    )


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=KEY_SIZE)


_LIVES = {ROOT: 30 * YEAR, ISSUING: 30 * YEAR, SIGNER: 3 * YEAR}
_ROLES = {ROOT: "root", ISSUING: "issuing authority", SIGNER: "document signer"}


def _certify(
    name: str,
    key: rsa.RSAPrivateKey,
    issuer: tuple[x509.Certificate, rsa.RSAPrivateKey] | None,
    now: datetime,
    base_url: str,
) -> x509.Certificate:
    subject = _subject(name)
    authority = name != SIGNER
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[0].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now - BACKDATED + _LIVES[name])
        .add_extension(x509.BasicConstraints(authority, 0 if name == ISSUING else None), True)
        .add_extension(_key_usage(authority), True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    )
    if not authority:
        # NSS (pdfsig, Okular) judges document signatures as mail: without emailProtection it says
        # "unknown issue".
        purposes = [
            DOCUMENT_SIGNING,
            ADOBE_AUTHENTIC_DOCUMENTS,
            ExtendedKeyUsageOID.EMAIL_PROTECTION,
        ]
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), False)
    if issuer:
        builder = _point_at_issuer(
            builder, issuer[0], ROOT if name == ISSUING else ISSUING, base_url
        )
    return builder.sign(issuer[1] if issuer else key, hashes.SHA256())


def _point_at_issuer(
    builder: x509.CertificateBuilder, issuer: x509.Certificate, name: str, base_url: str
) -> x509.CertificateBuilder:
    """Name the issuer's key, and where its certificate and its revocation list are published."""
    key = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    lists = x509.UniformResourceIdentifier(f"{base_url}/trust/{name}.crl")
    above = x509.UniformResourceIdentifier(f"{base_url}/trust/{name}.cer")
    described = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, above)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(key)
    return (
        builder.add_extension(identifier, False)
        .add_extension(
            x509.CRLDistributionPoints([x509.DistributionPoint([lists], None, None, None)]), False
        )
        .add_extension(x509.AuthorityInformationAccess([described]), False)
    )


def _subject(name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, f"Concord {DEVELOPMENT}"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{DEVELOPMENT} {_ROLES[name]}"),
        ]
    )


def _key_usage(authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _write_crl(
    folder: Path,
    name: str,
    issuer: x509.Certificate,
    key: rsa.RSAPrivateKey,
    now: datetime,
    old: x509.CertificateRevocationList | None = None,
    revoked: Sequence[x509.Certificate] = (),
) -> None:
    """Sign the list: what stood on the old one, and what is withdrawn now."""
    number = 1
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuer.subject)
    if old is not None:
        number += old.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
        for entry in old:
            builder = builder.add_revoked_certificate(entry)
    for certificate in revoked:
        entry = x509.RevokedCertificateBuilder(certificate.serial_number, now).build()
        builder = builder.add_revoked_certificate(entry)
    signed = (
        builder.last_update(now)
        .next_update(now + CRL_DAYS)
        .add_extension(x509.CRLNumber(number), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), False)
        .sign(key, hashes.SHA256())
    )
    write_whole(folder / f"{name}.crl", signed.public_bytes(serialization.Encoding.DER))


def write_whole(file: Path, data: bytes) -> None:
    """Replace a file in one step, so that nobody reads half of it."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.write_bytes(data)
    beside.replace(file)


def _write_key(file: Path, key: rsa.RSAPrivateKey, secret: str) -> None:
    data = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(_passphrase(secret)),
    )
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(data)


@cache
def _read_key(folder: Path, name: str, secret: str) -> rsa.RSAPrivateKey:
    """Open a key, once per process: checking an RSA key costs more than signing with it."""
    file = folder / f"{name}.key"
    try:
        key = serialization.load_pem_private_key(file.read_bytes(), _passphrase(secret))
    except OSError as error:
        raise KeysUnusable(f"{file} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise KeysUnusable(
            f"{file} cannot be opened with the present CONCORD_SECRET_KEY. Put the old secret "
            f"back, or move {folder} away to have a new development authority made; what the old "
            "one signed stays in the register but is then signed by somebody else."
        ) from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise KeysUnusable(f"{file} is not an RSA key.")
    return key


def _passphrase(secret: str) -> bytes:
    return (
        hashlib.sha256(b"concord certificates authority\0" + secret.encode()).hexdigest().encode()
    )
