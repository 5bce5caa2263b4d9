"""The badge key in the key ceremony: made, rotated, withdrawn and told with the other keys."""

from datetime import datetime
from typing import Final

from lms.certificates.badges import keyring, own, signer
from lms.certificates.badges.keyring import BadgeKey

ROLE: Final = "badge"


def begin(*, now: datetime) -> str | None:
    """Make the first key; return its name, or None where the operator brings one."""
    place = own.place()
    if place.file is not None:
        return None
    return signer.rotate(place, now=now).public.name


def rotate(*, now: datetime) -> str:
    """Put a new key into use and return its name.

    Raises:
        KeysUnusable: if the key is a file of the operator.
    """
    return signer.rotate(own.place(), now=now).public.name


def is_one(name: str) -> bool:
    """Tell whether a name of the register is that of a badge key."""
    return name.rpartition("#")[2].startswith(f"{ROLE}-")


def withdraw(name: str, *, now: datetime) -> str | None:
    """Declare a key compromised; return the name of the one that is in use instead.

    A badge carries no time stamp, so nothing that the key signed is believed by itself any more,
    from whatever day on somebody else may have had it.

    Raises:
        KeysUnusable: if there is no such key.
    """
    place = own.place()
    keyring.withdraw(place.folder, name, now=now)
    return begin(now=now)


def described() -> list[str]:
    """Return the badge keys in lines for people, oldest first."""
    return [_line(key) for key in own.all_keys()]


def public_files() -> dict[str, bytes]:
    """Return what strangers need to check badges beside the status lists, by file name."""
    keys = own.all_keys()
    return {keyring.LIST: keyring.keys_as_json(keys)} if keys else {}


def _line(key: BadgeKey) -> str:
    state = f"in use since {key.used_from:%Y-%m-%d}"
    if key.used_until:
        state = f"was in use {key.used_from:%Y-%m-%d} to {key.used_until:%Y-%m-%d}"
    if key.withdrawn_at:
        state += f", WITHDRAWN on {key.withdrawn_at:%Y-%m-%d}"
    note = f"; {keyring.DEVELOPMENT}" if key.development else ""
    return f"{key.name}: badges, {state}{note} ({key.controller})"
