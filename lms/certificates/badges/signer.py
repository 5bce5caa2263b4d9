"""The private half of the badge key: a file of the operator, or one that is made here."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lms.certificates.badges import keyring
from lms.certificates.badges.keyring import BadgeKey
from lms.certificates.badges.multibase import multikey
from lms.certificates.badges.proofs import add_proof, token
from lms.certificates.badges.reading import canonical
from lms.certificates.keys import KeysUnusable


@dataclass(frozen=True)
class BadgeSigner:
    """What signs badges and status lists."""

    key: Ed25519PrivateKey
    public: BadgeKey

    def sign(self, document: dict[str, Any], *, created: datetime) -> tuple[bytes, bytes]:
        """Return a document with a proof in it, and as a token."""
        method = self.public.id
        proved = add_proof(document, self.key, method=method, created=created)
        return canonical(proved), token(document, self.key, method=method, created=created)


@dataclass(frozen=True)
class Place:
    """Where the keys of an installation are, and who it is.

    Args:
        folder: the authority folder of the data folder.
        secret: protects keys that are made here.
        controller: the did:web of the installation.
        file: a key that the operator brought, or None.
    """

    folder: Path
    secret: str
    controller: str
    production: bool
    file: Path | None = None
    passphrase_file: Path | None = None


def open_signer(place: Place, *, now: datetime) -> BadgeSigner:
    """Return the signer; in development make a key first if there is none.

    Raises:
        KeysUnusable: with what to do, if there is no key or it cannot be opened.
    """
    if place.file is not None:
        key = read_key(place.file, _passphrase_in(place.passphrase_file))
        public = keyring.begin(place.folder, lambda keys: _public(place, key, keys, now))
        signer = BadgeSigner(key, public)
        if place.production and signer.public.development:
            raise KeysUnusable(
                f"{place.file} was used as a development key, which production refuses. Make "
                "another one: ./concord lms certificates badges rotate --to FILE"
            )
        return signer
    if place.production and not _made_here(place, keyring.read_keys(place.folder)):
        raise KeysUnusable(
            "There is no key to sign badges with. The key ceremony makes one (./concord lms "
            "certificates keys init, or keys rotate badge). Or bring your own: ./concord lms "
            "certificates badges rotate --to FILE --passphrase-file FILE, and set "
            "CONCORD_BADGE_KEY and CONCORD_BADGE_KEY_PASSPHRASE_FILE to the two files."
        )
    return _own_signer(place, now, anew=False)


def rotate(place: Place, *, now: datetime) -> BadgeSigner:
    """Make a new key in the installation's folder; the one before keeps its time in the list.

    Raises:
        KeysUnusable: if the key is the operator's: a new one is another file of theirs.
    """
    if place.file is not None:
        raise KeysUnusable(
            "This installation signs with the key in CONCORD_BADGE_KEY. To rotate it, make a new "
            "file with --to FILE, set CONCORD_BADGE_KEY to it, and restart."
        )
    return _own_signer(place, now, anew=True)


def new_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


def write_key(file: Path, key: Ed25519PrivateKey, passphrase: bytes) -> None:
    """Write a private key as encrypted PKCS#8 that only the owner can read.

    Raises:
        KeysUnusable: if the file is there already, or cannot be written.
    """
    data = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase),
    )
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise KeysUnusable(f"{file} cannot be written: {error.strerror}.") from error
    with os.fdopen(handle, "wb") as out:
        out.write(data)


def read_key(file: Path, passphrase: bytes | None) -> Ed25519PrivateKey:
    """Open a private key.

    Raises:
        KeysUnusable: if it cannot be opened or is none of Ed25519.
    """
    try:
        key = serialization.load_pem_private_key(file.read_bytes(), passphrase)
    except OSError as error:
        raise KeysUnusable(f"{file} cannot be read: {error.strerror}.") from error
    except (ValueError, TypeError) as error:
        raise KeysUnusable(
            f"{file} cannot be opened. Is it PKCS#8 in PEM form, and is the passphrase the right "
            "one? It is in CONCORD_BADGE_KEY_PASSPHRASE_FILE for a key of your own; one made here "
            "needs the CONCORD_SECRET_KEY that it was made with."
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeysUnusable(f"{file} holds a key of another kind; badges are signed with Ed25519.")
    return key


def _own_signer(place: Place, now: datetime, *, anew: bool) -> BadgeSigner:
    """Open the key that was made here, or make one; one of development, unless in production."""
    opened: list[Ed25519PrivateKey] = []

    def make(keys: Sequence[BadgeKey]) -> BadgeKey:
        made_here = _made_here(place, keys)
        if anew or not made_here or made_here[-1].withdrawn_at is not None:
            key = _make_key(place, keyring.next_name(keys, now))
        else:
            key = read_key(_file_of(place, made_here[-1].name), _passphrase(place.secret))
        opened.append(key)
        # the address may have changed since: the same key is then noted for the new one, too
        return _public(place, key, keys, now)

    return BadgeSigner(public=keyring.begin(place.folder, make), key=opened[0])


def _make_key(place: Place, name: str) -> Ed25519PrivateKey:
    key, file = new_key(), _file_of(place, name)
    file.unlink(missing_ok=True)  # left by a start that was ended before the key was noted
    write_key(file, key, _passphrase(place.secret))
    return key


def _public(
    place: Place, key: Ed25519PrivateKey, keys: Sequence[BadgeKey], now: datetime
) -> BadgeKey:
    return BadgeKey(
        name=keyring.next_name(keys, now),
        controller=place.controller,
        multikey=multikey(key.public_key()),
        used_from=now.replace(microsecond=0),
        development=place.file is None and not place.production,
    )


def _made_here(place: Place, keys: Sequence[BadgeKey]) -> list[BadgeKey]:
    """Return the keys whose private half is here and of the kind that may sign, oldest first."""
    development = not place.production
    return [
        key for key in keys if key.development == development and _file_of(place, key.name).exists()
    ]


def _file_of(place: Place, name: str) -> Path:
    return place.folder / f"{name}.key"


def _passphrase_in(file: Path | None) -> bytes | None:
    if file is None:
        return None
    try:
        return file.read_bytes().strip() or None
    except OSError as error:
        raise KeysUnusable(f"{file} cannot be read: {error.strerror}.") from error


def _passphrase(secret: str) -> bytes:
    return hashlib.sha256(b"concord badge key\0" + secret.encode()).hexdigest().encode()
