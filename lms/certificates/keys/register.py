"""The register of keys: every key that ever signed here, from when to when, and its certificate.

A file beside the keys and not a table, see docs/decisions/0060-keys-and-stamps.md: a check without
database and the key commands need it, and it must be restored together with the keys or not at all.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography import x509

from lms.certificates.keys.certifying import Role
from lms.certificates.keys.errors import KeysUnusable
from lms.certificates.keys.files import locked, pem, read_certificates, write_whole

FILE = "register.json"
FORMAT = "concord-key-register/1"
ELSEWHERE = "elsewhere"  # a key that settings name; it is never in this folder


@dataclass(frozen=True)
class Entry:
    """One key of the register.

    Args:
        name: its files are called so: `name.pem` (certificate, then issuers), `name.key`.
        place: "file", a PKCS #11 address, or ELSEWHERE.
        since: in use from then on; None while its certificate was asked for and has not come.
        until: in use until then; None for one in use.
    """

    name: str
    role: Role
    place: str
    since: datetime | None
    until: datetime | None = None

    @property
    def in_use(self) -> bool:
        return self.since is not None and self.until is None


@dataclass(frozen=True)
class Register:
    """The entries, oldest first."""

    entries: tuple[Entry, ...] = ()

    def current(self, role: Role) -> Entry | None:
        return next(
            (one for one in reversed(self.entries) if one.role is role and one.in_use), None
        )

    def waiting(self) -> tuple[Entry, ...]:
        return tuple(one for one in self.entries if one.since is None)

    def find(self, name: str) -> Entry | None:
        return next((one for one in self.entries if one.name == name), None)

    def free_name(self, role: Role, year: int) -> str:
        """Return the next name of a role in a year, as signer-2026-2."""
        taken = {one.name for one in self.entries}
        number = 1
        while f"{role}-{year}-{number}" in taken:
            number += 1
        return f"{role}-{year}-{number}"

    def with_new(self, entry: Entry, now: datetime) -> "Register":
        """Return the register with an entry in use, which ends the use of the one before it."""
        ended = (
            replace(one, until=now) if one.role is entry.role and one.in_use else one
            for one in self.entries
            if one.name != entry.name
        )
        return Register((*ended, entry))

    def ended(self, name: str, now: datetime) -> "Register":
        return Register(
            tuple(
                replace(one, until=now) if one.name == name and one.in_use else one
                for one in self.entries
            )
        )


def read_register(folder: Path) -> Register:
    """Read the register of a folder; empty where there is none.

    Raises:
        KeysUnusable: if it cannot be read.
    """
    file = folder / FILE
    try:
        return _parsed(file.read_bytes())
    except FileNotFoundError:
        return _before_registers(folder)
    except OSError as error:
        raise KeysUnusable(f"{file} cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeysUnusable(
            f"{file} is no register of keys. Restore it from a backup, together with its folder."
        ) from error


@lru_cache(maxsize=8)
def _parsed(data: bytes) -> Register:
    told = json.loads(data)
    if told["format"] != FORMAT:
        raise ValueError(told["format"])
    return Register(tuple(_entry(one) for one in told["keys"]))


def change_register(folder: Path, change: Callable[[Register], Register]) -> Register:
    """Read, change and write the register while nobody else does."""
    with locked(folder):
        made = change(read_register(folder))
        told = {"format": FORMAT, "keys": [_plain(one) for one in made.entries]}
        write_whole(folder / FILE, json.dumps(told, indent=1).encode() + b"\n")
    return made


def certificates_of(folder: Path, entry: Entry) -> tuple[x509.Certificate, ...]:
    """Return the certificate of an entry, and after it the issuers that were kept with it."""
    return read_certificates(folder / f"{entry.name}.pem")


def note_used(folder: Path, path: tuple[x509.Certificate, ...], role: Role, now: datetime) -> None:
    """Enter a key that settings name, unless it is the one in use.

    Args:
        path: its certificate, then its issuers.
    """
    current = read_register(folder).current(role) if folder.exists() else None
    if current is not None and certificates_of(folder, current)[0] == path[0]:
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def add(register: Register) -> Register:
        known = register.current(role)
        if known is not None and certificates_of(folder, known)[0] == path[0]:
            return register  # somebody else was faster
        name = register.free_name(role, now.year)
        write_whole(folder / f"{name}.pem", b"".join(map(pem, path)))
        return register.with_new(Entry(name, role, ELSEWHERE, now), now)

    change_register(folder, add)


def _before_registers(folder: Path) -> Register:
    """Return what a development authority of the first version had: one signer."""
    if not (folder / "signer.key").exists():
        return Register()
    certificate = read_certificates(folder / "signer.pem")[0]
    return Register((Entry("signer", Role.SIGNER, "file", certificate.not_valid_before_utc),))


def _plain(entry: Entry) -> dict[str, Any]:
    told = asdict(entry)
    for moment in ("since", "until"):
        told[moment] = told[moment].isoformat() if told[moment] else None
    return told


def _entry(told: dict[str, Any]) -> Entry:
    since, until = (
        datetime.fromisoformat(told[moment]) if told[moment] else None
        for moment in ("since", "until")
    )
    return Entry(told["name"], Role(told["role"]), told["place"], since, until)
