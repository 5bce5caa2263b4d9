"""This installation's own signer and what its checks trust, opened once per process."""

from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from flask import current_app

from lms.certificates import keys
from lms.certificates.keys import KeysUnusable, Signer, Trust
from lms.clock import utc_now
from lms.config import Settings

ROOTS = "trust-root.pem"


def signer() -> Signer:
    """Return the signer, made first in development.

    Raises:
        KeysUnusable: with what to do, if there is none or it cannot be opened.
    """
    return _signer(settings())


def trust() -> Trust:
    """Return the roots under which this installation has ever signed, and the withdrawn signers.

    In production a development root is not among them, even if it was used before.
    """
    with suppress(KeysUnusable):  # codes and exact copies can be checked all the same
        signer()
    found = settings()
    roots = [root for root in roots_of(found.data) if _may_trust(root, found)]
    lists = keys.read_crls(found.data / keys.FOLDER)
    return Trust(tuple(roots), lists)


def roots_of(data: Path) -> tuple[x509.Certificate, ...]:
    """Return the roots that were noted in the data folder, oldest first."""
    file = data / ROOTS
    return keys.read_certificates(file) if file.exists() else ()


def settings() -> Settings:
    found = current_app.config["SETTINGS"]
    assert isinstance(found, Settings)
    return found


@lru_cache(maxsize=4)
def _signer(found: Settings) -> Signer:
    opened = keys.open_signer(
        found.data,
        secret=found.secret_key,
        base_url=found.base_url,
        production=found.production,
        p12=found.signer_p12,
        passphrase_file=found.signer_passphrase_file,
        now=utc_now(),
    )
    _note_root(found.data, opened.root)
    return opened


def _note_root(data: Path, root: x509.Certificate) -> None:
    """Keep every root that was ever used, so that what it signed can be checked after a change."""
    known = roots_of(data)
    if root not in known:
        keys.write_whole(data / ROOTS, b"".join(keys.pem(one) for one in (*known, root)))


def _may_trust(root: x509.Certificate, found: Settings) -> bool:
    return not (found.production and keys.is_development(root))
