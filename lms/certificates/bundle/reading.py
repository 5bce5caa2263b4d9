"""From a ZIP that anybody may have made to a bundle."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from cryptography import x509

from lms.certificates.badges import keyring
from lms.certificates.badges.proofs import OpenToken
from lms.certificates.badges.reading import NotReadable
from lms.certificates.bundle import zips
from lms.certificates.bundle.manifests import (
    BadManifest,
    Listed,
    moment_in,
    read_listed,
    root_of,
)
from lms.certificates.bundle.model import FORMAT, BadBundle, Bundle
from lms.certificates.bundle.writing import KEYS, README
from lms.certificates.keys import Trust

Thing = TypeVar("Thing")


def read_bundle(data: bytes) -> Bundle:
    """Read a bundle, with limits, and compare every member with the manifest.

    Whether it is one of an issuer that you trust is another question: see its roots.

    Raises:
        BadBundle: with a sentence that says what is wrong.
    """
    try:
        listed = read_listed(zips.unpack(data))
        return _bundle(listed)
    except (zips.BadZip, BadManifest) as error:
        raise BadBundle(f"This is no trust bundle: it {error}.") from error


def _bundle(listed: Listed) -> Bundle:
    head, members = listed.head, listed.members
    if head.get("format") != FORMAT:
        raise BadBundle(f"This is no trust bundle: its manifest does not say {FORMAT}.")
    if listed.wrong:
        raise BadBundle(
            f"This trust bundle was changed: {listed.wrong[0]} is not what its manifest names. "
            "Get a new one from the issuer."
        )
    as_of = moment_in(head)
    roots = _certificates(members, "roots/")
    trust = Trust(roots, _each(members, "crls/", x509.load_der_x509_crl))
    return Bundle(
        as_of=as_of,
        issuer=_text(head, "issuer"),
        address=_text(head, "address"),
        development=head.get("development") is not False,
        roots=roots,
        stamp_roots=_certificates(members, "stamp-roots/"),
        chain=_certificates(members, "chain/"),
        crls=trust.crls,
        badge_keys=_badge_keys(members),
        lists=_lists(members),
        extras=_extras(members),
        root=root_of(listed, trust, at=as_of),
    )


def _text(head: Mapping[str, Any], name: str) -> str:
    found = head.get(name)
    if not isinstance(found, str) or len(found) > 1000 or not found.isprintable():
        raise BadBundle(f"This is no trust bundle: its manifest names no {name}.")
    return found


def _certificates(members: Mapping[str, bytes], folder: str) -> tuple[x509.Certificate, ...]:
    return _each(members, folder, x509.load_pem_x509_certificate)


def _each(
    members: Mapping[str, bytes], folder: str, read: Callable[[bytes], Thing]
) -> tuple[Thing, ...]:
    return tuple(
        _read(name, members[name], read)
        for name in sorted(members, key=_order)
        if name.startswith(folder)
    )


def _order(name: str) -> tuple[int, str]:
    return len(name), name  # ROOT-10 after ROOT-9


def _read(name: str, data: bytes, read: Callable[[bytes], Thing]) -> Thing:
    try:
        return read(data)
    except ValueError as error:
        raise BadBundle(f"This trust bundle is damaged: {name} cannot be read.") from error


def _badge_keys(members: Mapping[str, bytes]) -> tuple[keyring.BadgeKey, ...]:
    if KEYS not in members:
        raise BadBundle(f"This is no trust bundle: it holds no {KEYS}.")
    return _read(KEYS, members[KEYS], keyring.keys_from_json)


def _lists(members: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the status lists by the address that each claims; a check believes what is signed."""
    return {
        str(_read(name, data, _payload).get("id")): data
        for name, data in sorted(members.items())
        if _is_list(name)
    }


def _payload(data: bytes) -> dict[str, Any]:
    try:
        return OpenToken(data).payload
    except NotReadable as error:
        raise ValueError("not a token") from error


def _is_list(name: str) -> bool:
    return name.startswith("badges/status/") and name.endswith(".jwt")


def _extras(members: Mapping[str, bytes]) -> dict[str, bytes]:
    folders = ("roots/", "stamp-roots/", "chain/", "crls/")
    return {
        name: data
        for name, data in members.items()
        if not name.startswith(folders) and name not in (KEYS, README) and not _is_list(name)
    }
