"""This installation's own badge keys: opened once per process, and anew when the list changes."""

from contextlib import suppress
from datetime import datetime
from functools import lru_cache

from lms.certificates import authority
from lms.certificates.badges import keyring
from lms.certificates.badges.credential import Issuer
from lms.certificates.badges.keyring import BadgeKey
from lms.certificates.badges.signer import BadgeSigner, Place, open_signer
from lms.certificates.keys import FOLDER, KeysUnusable
from lms.clock import utc_now
from lms.config import Settings


def signer() -> BadgeSigner:
    """Return the signer of badges, made first in development.

    Raises:
        KeysUnusable: with what to do, if there is none or it cannot be opened.
    """
    found = authority.settings()
    return _signer(found, _changed_at(found))


def issuer() -> Issuer:
    """Return who signs at present.

    Raises:
        KeysUnusable: if nobody can.
    """
    public = signer().public
    return Issuer(public.controller, authority.settings().base_url, public.development)


def all_keys() -> tuple[BadgeKey, ...]:
    """Return every key that was ever used here, oldest first."""
    return keyring.read_keys(authority.settings().data / FOLDER)


def place() -> Place:
    return _place(authority.settings())


def age_in_days(*, now: datetime) -> int:
    """Return how long the present key has been in use.

    Raises:
        KeysUnusable: if there is none.
    """
    return (now - signer().public.used_from).days


def _changed_at(found: Settings) -> float:
    file = found.data / FOLDER / keyring.LIST
    return file.stat().st_mtime if file.exists() else 0.0


@lru_cache(maxsize=4)
def _signer(found: Settings, _changed: float) -> BadgeSigner:
    with suppress(KeysUnusable):
        authority.signer()  # makes the authority folder, which must not be there before it
    return open_signer(_place(found), now=utc_now())


def _place(found: Settings) -> Place:
    return Place(
        folder=found.data / FOLDER,
        secret=found.secret_key,
        controller=keyring.did_of(found.base_url),
        production=found.production,
        file=found.badge_key,
        passphrase_file=found.badge_passphrase_file,
    )
