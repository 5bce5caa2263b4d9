"""The keys of badges: one a year, the public half of each kept for ever with its dates."""

import fcntl
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

from lms.certificates.badges.multibase import public_key
from lms.certificates.keys import KeysUnusable, write_whole

LIST: Final = "badge-keys.json"
LOCK: Final = "badge-keys.lock"
DEVELOPMENT: Final = "UNTRUSTED DEVELOPMENT KEY"


@dataclass(frozen=True)
class BadgeKey:
    """The public half of a key, and when it was used.

    Attributes:
        name: "badge-2026-1": the year, and which one of that year.
        controller: the did:web of the installation that signs with it.
        multikey: the public key, "z6Mk…".
        used_until: None while it signs.
        withdrawn_at: since when it must not be believed any more, whatever it signed before.
        development: anybody can make one like it.
    """

    name: str
    controller: str
    multikey: str
    used_from: datetime
    used_until: datetime | None = None
    withdrawn_at: datetime | None = None
    development: bool = False

    @property
    def id(self) -> str:
        return f"{self.controller}#{self.name}"

    def in_use_at(self, moment: datetime) -> bool:
        return self.used_from <= moment and (self.used_until is None or moment <= self.used_until)

    def as_data(self) -> dict[str, Any]:
        """Return plain JSON values; `key_from_data` reads them back."""
        data = {"id": self.id, **asdict(self)}
        for name in MOMENTS:
            moment = data[name]
            data[name] = moment.isoformat() if moment else None
        return data


MOMENTS: Final = ("used_from", "used_until", "withdrawn_at")


def did_of(base_url: str) -> str:
    """Return the did:web of an address: a name that leads to a document under it.

    Source:
        did:web Method Specification, W3C CCG, 3.1.
    """
    parts = urlsplit(base_url)
    path = [quote(part, safe="") for part in parts.path.split("/") if part]
    return ":".join(["did:web", quote(parts.netloc, safe=""), *path])


def read_keys(folder: Path) -> tuple[BadgeKey, ...]:
    """Return every key that was ever used here, oldest first.

    Raises:
        KeysUnusable: if the list cannot be read.
    """
    file = folder / LIST
    if not file.exists():
        return ()
    try:
        return keys_from_json(file.read_bytes())
    except ValueError as error:
        raise KeysUnusable(
            f"{file} cannot be read: {error}. It names the public keys of all badges that were "
            "ever issued. Bring it back from a backup; do not delete it."
        ) from error
    except OSError as error:
        raise KeysUnusable(f"{file} cannot be read: {error.strerror}.") from error


def keys_from_json(data: bytes) -> tuple[BadgeKey, ...]:
    """Read a list of keys, as an installation publishes it.

    Raises:
        ValueError: if it is not one.
    """
    try:
        return tuple(_key_from_data(one) for one in json.loads(data)["keys"])
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("not a list of badge keys") from error


def keys_as_json(keys: Sequence[BadgeKey]) -> bytes:
    return (json.dumps({"keys": [key.as_data() for key in keys]}, indent=1) + "\n").encode()


def find(keys: Sequence[BadgeKey], name: str) -> BadgeKey | None:
    """Return the key with a full name, or None."""
    return next((key for key in keys if key.id == name), None)


def signing(keys: Sequence[BadgeKey], controller: str) -> BadgeKey | None:
    """Return the key that signs at present for a controller, or None."""
    mine = [key for key in keys if key.controller == controller and key.withdrawn_at is None]
    return next((key for key in reversed(mine) if key.used_until is None), None)


def begin(folder: Path, make: Callable[[Sequence[BadgeKey]], BadgeKey]) -> BadgeKey:
    """Note a new key and end the time of the one before; noted before, change nothing.

    Args:
        make: told the keys so far, names the one that is to sign; nobody else begins meanwhile.

    Raises:
        KeysUnusable: if this key's time has ended, or it was withdrawn.
    """
    with _changing(folder) as keys:
        new = make(keys)
        same = (new.controller, new.multikey)
        known = next((key for key in keys if (key.controller, key.multikey) == same), None)
        if known is None:
            for place, key in enumerate(keys):
                if key.controller == new.controller and key.used_until is None:
                    keys[place] = replace(key, used_until=new.used_from)
            keys.append(new)
            return new
    if known.withdrawn_at is not None or known.used_until is not None:
        raise KeysUnusable(
            f"The badge key {known.id} was used until {known.used_until or known.withdrawn_at} "
            "and must not sign again. Make a new one: ./concord lms certificates badges rotate"
        )
    return known


def next_name(keys: Sequence[BadgeKey], moment: datetime) -> str:
    """Return the name of the next key of that year."""
    stem = f"badge-{moment.year}-"
    used = [int(key.name.removeprefix(stem)) for key in keys if key.name.startswith(stem)]
    return f"{stem}{max(used, default=0) + 1}"


def withdraw(folder: Path, name: str, *, now: datetime) -> BadgeKey:
    """Note that a key must not be believed any more. What it signed needs another proof.

    Args:
        name: with or without its controller.

    Raises:
        KeysUnusable: if there is no such key.
    """
    with _changing(folder) as keys:
        found = next(
            (one for one in keys if name in (one.name, one.id) and one.withdrawn_at is None), None
        )
        if found is None:
            raise KeysUnusable(
                f"There is no badge key {name} that could be withdrawn. "
                "./concord lms certificates badges keys lists all."
            )
        for place, key in enumerate(keys):
            if key.multikey == found.multikey:  # the same key may have signed under two addresses
                ended = key.used_until or now
                keys[place] = replace(key, withdrawn_at=now, used_until=ended)
        return next(key for key in keys if key.id == found.id)


def _key_from_data(data: dict[str, Any]) -> BadgeKey:
    moments = {name: datetime.fromisoformat(data[name]) if data[name] else None for name in MOMENTS}
    key = BadgeKey(
        name=str(data["name"]),
        controller=str(data["controller"]),
        multikey=str(data["multikey"]),
        development=data["development"] is True,
        **moments,  # type: ignore[arg-type]  # used_from is always there, which the next line asks
    )
    public_key(key.multikey)
    if key.used_from is None or any(m is not None and m.tzinfo is None for m in moments.values()):
        raise ValueError("a key without a moment of first use, or a moment without a time zone")
    return key


@contextmanager
def _changing(folder: Path) -> Iterator[list[BadgeKey]]:
    """Change the list with nobody else changing it; written whole, and only if it did change."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        before = read_keys(folder)
        keys = list(before)
        yield keys
        if tuple(keys) != before:
            write_whole(folder / LIST, keys_as_json(keys))
