"""Keys, certificates and revocation lists as files."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from lms.certificates.keys.errors import KeysUnusable


def passphrase_from(secret: str) -> bytes:
    """Return the passphrase of kept keys where none is set: made from the installation's secret."""
    return sha256(b"concord certificates authority\0" + secret.encode()).hexdigest().encode()


def read_certificate(file: Path) -> x509.Certificate:
    """Read the first certificate of a PEM file.

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


def crls_in(file: Path) -> tuple[x509.CertificateRevocationList, ...]:
    """Read every revocation list of a PEM file that may hold other things, too.

    Raises:
        KeysUnusable: if the file cannot be read, or a list in it is damaged.
    """
    try:
        blocks = re.findall(
            rb"-----BEGIN X509 CRL-----.+?-----END X509 CRL-----", file.read_bytes(), re.S
        )
        return tuple(x509.load_pem_x509_crl(block + b"\n") for block in blocks)
    except OSError as error:
        raise KeysUnusable(f"{file} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise KeysUnusable(f"{file} holds a damaged revocation list.") from error


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def der(thing: x509.Certificate | x509.CertificateRevocationList) -> bytes:
    return thing.public_bytes(serialization.Encoding.DER)


def fingerprint(certificate: x509.Certificate) -> str:
    """Return the SHA-256 of a certificate in pairs, as people compare it by eye."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def write_whole(file: Path, data: bytes) -> None:
    """Replace a file in one step, so that nobody reads half of it."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.write_bytes(data)
    beside.replace(file)


def write_key(file: Path, key: rsa.RSAPrivateKey, passphrase: bytes) -> None:
    """Write a key as encrypted PKCS #8, for the owner alone; never over another one.

    Raises:
        FileExistsError: if there is such a file.
    """
    data = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase),
    )
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(data)


@lru_cache(maxsize=16)
def read_key(file: Path, passphrases: tuple[bytes, ...]) -> rsa.RSAPrivateKey:
    """Open a key, once per process: checking an RSA key costs more than signing with it.

    Args:
        passphrases: tried in this order.

    Raises:
        KeysUnusable: if it cannot be opened, most often because the secret was changed.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise KeysUnusable(f"{file} cannot be read: {error.strerror}.") from error
    for passphrase in passphrases:
        try:
            key = serialization.load_pem_private_key(data, passphrase)
        except ValueError:
            continue
        if not isinstance(key, rsa.RSAPrivateKey):
            raise KeysUnusable(f"{file} is not an RSA key.")
        return key
    raise KeysUnusable(
        f"{file} cannot be opened with the present CONCORD_SECRET_KEY or CONCORD_KEYS_PASSPHRASE. "
        "Put the old one back (an old secret may also stand in CONCORD_OLD_SECRET_KEYS). For a "
        f"development authority you may instead move {file.parent} away to have a new one made; "
        "what the old one signed stays in the register but is then signed by somebody else."
    )


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let one process at a time change what is in the folder."""
    with (folder / ".lock").open("w") as file:
        flock(file, LOCK_EX)
        yield
