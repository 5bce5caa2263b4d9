"""Where keys are kept: in a file (PKCS #8 or PKCS #12), or in a token behind PKCS #11."""

from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from lms.certificates.keys.errors import KeysUnusable
from lms.certificates.keys.faces import KEY_SIZE, Key, Signer, chain_of
from lms.certificates.keys.files import read_certificates, read_key

IN_FILE = "file"


@dataclass(frozen=True, eq=False)
class FileKey:
    """A key that is held in memory."""

    private: rsa.RSAPrivateKey

    @property
    def public(self) -> rsa.RSAPublicKey:
        return self.private.public_key()

    def sign(self, data: bytes) -> bytes:
        return self.private.sign(data, padding.PKCS1v15(), hashes.SHA256())


@dataclass(frozen=True)
class Secrets:
    """What opens keys.

    Args:
        passphrases: of key files; the first also locks new ones.
        pin: of PKCS #11 tokens.
    """

    passphrases: tuple[bytes, ...]
    pin: str | None = None


def open_key(place: str, file: Path, secrets: Secrets) -> Key:
    """Open a key where the register says that it is.

    Raises:
        KeysUnusable: if it cannot be opened, with what to do.
    """
    if place == IN_FILE:
        return FileKey(read_key(file, secrets.passphrases))
    if place.startswith("pkcs11:"):
        from lms.certificates.keys.pkcs11 import token_key

        return token_key(place, secrets.pin)
    raise KeysUnusable(f"No key can be opened at {place}.")


def read_p12(
    file: Path, passphrase_file: Path | None = None, *, passphrase: str | None = None
) -> Signer:
    """Read key, certificate and issuers from a PKCS #12 file.

    Raises:
        KeysUnusable: with a sentence on what is wrong with it.
    """
    try:
        told = passphrase_file.read_bytes().strip() if passphrase_file else None
        told = told or (passphrase.encode() if passphrase else None)
        parts = pkcs12.load_pkcs12(file.read_bytes(), told)
    except OSError as error:
        raise KeysUnusable(f"{error.filename} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise KeysUnusable(
            f"{file} cannot be opened. Is it PKCS#12, and is the passphrase (for a signer: in "
            "CONCORD_SIGNER_P12_PASSPHRASE_FILE or CONCORD_SIGNER_P12_PASSPHRASE) the right one?"
        ) from error
    if parts.cert is None or not isinstance(parts.key, rsa.RSAPrivateKey):
        raise KeysUnusable(f"{file} must hold an RSA key and its certificate; it does not.")
    if parts.key.key_size < KEY_SIZE:
        raise KeysUnusable(f"The key in {file} has fewer than {KEY_SIZE} bits. Use a longer one.")
    others = tuple(extra.certificate for extra in parts.additional_certs)
    leaf = parts.cert.certificate
    return Signer(FileKey(parts.key), leaf, chain_of(leaf, others))


def signer_in_token(address: str, chain_file: Path | None, pin: str | None) -> Signer:
    """Return the signer whose key a token holds.

    Args:
        chain_file: its certificate and issuers up to the root, PEM.

    Raises:
        KeysUnusable: if the token or the file does not do, with what to do.
    """
    if chain_file is None:
        raise KeysUnusable(
            "CONCORD_SIGNER_PKCS11 names a key. Set CONCORD_SIGNER_CHAIN to a PEM file with its "
            "certificate and the issuers up to the root."
        )
    key = open_key(address, chain_file, Secrets((), pin))
    certificates = read_certificates(chain_file)
    own = next((one for one in certificates if one.public_key() == key.public), None)
    if own is None:
        raise KeysUnusable(f"{chain_file} holds no certificate of the key at {address}.")
    return Signer(key, own, chain_of(own, certificates))
