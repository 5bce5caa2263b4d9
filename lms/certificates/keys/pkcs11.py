"""Keys in a hardware module, a smart card or SoftHSM: PKCS #11, addresses as in RFC 7512."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import RLock
from typing import Any
from urllib.parse import parse_qsl, unquote

import pkcs11
from asn1crypto.keys import PublicKeyInfo
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pkcs11.util.rsa import encode_rsa_public_key

from lms.certificates.keys.errors import KeysUnusable
from lms.certificates.keys.faces import KEY_SIZE, Key

EXAMPLE = "pkcs11:token=concord;object=signer?module-path=/usr/lib/softhsm/libsofthsm2.so"


_LOST = (
    pkcs11.SessionClosed,
    pkcs11.SessionHandleInvalid,
    pkcs11.UserNotLoggedIn,
    pkcs11.DeviceError,
    pkcs11.DeviceRemoved,
)


@dataclass(frozen=True)
class Address:
    """Which key: the library that reaches the token, the token's label, the key's label."""

    module: str
    token: str
    label: str


def parse_address(text: str) -> Address:
    """Read a pkcs11: address.

    Raises:
        KeysUnusable: if it names no module, token or object, or holds the PIN itself.
    """
    path, _, query = text.removeprefix("pkcs11:").partition("?")
    parts = dict(piece.partition("=")[::2] for piece in path.split(";") if piece)
    more = dict(parse_qsl(query))
    if "pin-value" in more:
        raise KeysUnusable("The address of a key must not hold its PIN: set CONCORD_PKCS11_PIN.")
    try:
        return Address(more["module-path"], unquote(parts["token"]), unquote(parts["object"]))
    except KeyError as missing:
        raise KeysUnusable(
            f"The address of a key in a token needs {missing.args[0]}. It looks like {EXAMPLE}"
        ) from None


def token_key(text: str, pin: str | None) -> "TokenKey":
    """Return the key at an address; the token is asked for it at once.

    Raises:
        KeysUnusable: if the token cannot be reached or opened, or has no such key.
    """
    return _token_key(text, pin, os.getpid())


@lru_cache(maxsize=8)
def _token_key(text: str, pin: str | None, _process: int) -> "TokenKey":
    return TokenKey(parse_address(text), pin)


def make_token_key(text: str, pin: str | None, bits: int = KEY_SIZE) -> "TokenKey":
    """Make a new key inside a token, from where it cannot be taken out.

    Raises:
        KeysUnusable: if there is one of this label already, or the token does not do it.
    """
    address = parse_address(text)
    with _told(address):
        session = _session(address, pin, writing=True)
        try:
            if list(session.get_objects({pkcs11.Attribute.LABEL: address.label})):
                raise KeysUnusable(
                    f"The token {address.token} already holds {address.label}. Name another object."
                )
            session.generate_keypair(
                pkcs11.KeyType.RSA, bits, store=True, label=address.label, id=os.urandom(8)
            )
        finally:
            session.close()
    return token_key(text, pin)


class TokenKey:
    """A key that a token holds. A process keeps one session; one thread at a time signs in it."""

    def __init__(self, address: Address, pin: str | None) -> None:
        self._address, self._pin = address, pin
        self._lock = RLock()
        self._session: Any = None
        with self._lock, _told(address):
            self._open()

    @property
    def public(self) -> rsa.RSAPublicKey:
        return self._public

    def sign(self, data: bytes) -> bytes:
        """Sign; a session that the token has dropped is opened once more.

        Raises:
            KeysUnusable: if the token does not sign.
        """
        with self._lock, _told(self._address):
            try:
                return self._signed(data)
            except _LOST:
                self._open()
                return self._signed(data)

    def _signed(self, data: bytes) -> bytes:
        made = self._key.sign(data, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS)
        return bytes(made)

    def _open(self) -> None:
        self._session = _session(self._address, self._pin)
        label = self._address.label
        self._key = self._session.get_key(pkcs11.ObjectClass.PRIVATE_KEY, label=label)
        self._public = _public(self._session.get_key(pkcs11.ObjectClass.PUBLIC_KEY, label=label))


class Borrowed(rsa.RSAPrivateKey):
    """A token's key in the shape that `cryptography` signs requests with; it can only sign."""

    def __init__(self, key: Key) -> None:
        self._key = key

    def sign(self, data: Any, padding: Any, algorithm: Any) -> bytes:
        """Sign as tokens here do; the other two can only be PKCS #1 v1.5 and SHA-256."""
        return self._key.sign(bytes(data))

    @property
    def key_size(self) -> int:
        return self._key.public.key_size

    def public_key(self) -> rsa.RSAPublicKey:
        return self._key.public

    def decrypt(self, ciphertext: Any, padding: Any) -> bytes:
        raise KeysUnusable("A signing key decrypts nothing.")

    def private_numbers(self) -> rsa.RSAPrivateNumbers:
        raise KeysUnusable("The key cannot be taken out of its token.")

    def private_bytes(self, encoding: Any, format: Any, encryption_algorithm: Any) -> bytes:
        raise KeysUnusable("The key cannot be taken out of its token.")

    def __copy__(self) -> "Borrowed":
        return self

    def __deepcopy__(self, memo: Any) -> "Borrowed":
        return self


def _public(key: Any) -> rsa.RSAPublicKey:
    info = PublicKeyInfo.wrap(encode_rsa_public_key(key), "rsa")
    made = load_der_public_key(info.dump())
    if not isinstance(made, rsa.RSAPublicKey) or made.key_size < KEY_SIZE:
        raise KeysUnusable(f"The key in the token must be RSA with at least {KEY_SIZE} bits.")
    return made


def _session(address: Address, pin: str | None, *, writing: bool = False) -> Any:
    library = pkcs11.lib(address.module)
    if _owner.setdefault(address.module, os.getpid()) != os.getpid():
        library.reinitialize()  # what was opened before a fork belongs to the parent
        _owner[address.module] = os.getpid()
    token = library.get_token(token_label=address.token)
    try:
        return token.open(user_pin=pin, rw=writing)
    except pkcs11.UserAlreadyLoggedIn:
        return token.open(rw=writing)


_owner: dict[str, int] = {}


@contextmanager
def _told(address: Address) -> Iterator[None]:
    """Say what a token or its library did not do, in a sentence."""
    try:
        yield
    except KeysUnusable:
        raise
    except RuntimeError as error:  # what the library raises are these
        raise KeysUnusable(_sentence(error, address)) from error


def _sentence(error: BaseException, address: Address) -> str:
    if isinstance(error, pkcs11.NoSuchToken):
        return f"{address.module} knows no token with the label {address.token}."
    if isinstance(error, pkcs11.NoSuchKey):
        return f"The token {address.token} holds no key with the label {address.label}."
    if isinstance(error, pkcs11.PinIncorrect | pkcs11.PinLenRange | pkcs11.PinInvalid):
        return (
            f"The token {address.token} does not take this PIN. Look at CONCORD_PKCS11_PIN and "
            "CONCORD_PKCS11_PIN_FILE before the token locks itself."
        )
    if isinstance(error, pkcs11.PinLocked):
        return f"The token {address.token} has locked itself after wrong PINs; its maker can help."
    if not Path(address.module).is_file() or type(error) in (pkcs11.PKCS11Error, RuntimeError):
        return f"{address.module} cannot be loaded as a PKCS #11 library: {error}."
    return (
        f"The token {address.token} answers {type(error).__name__}. Is it there, and is "
        "CONCORD_PKCS11_PIN or CONCORD_PKCS11_PIN_FILE set?"
    )
