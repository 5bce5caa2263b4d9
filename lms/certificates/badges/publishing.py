"""What strangers download: the keys, and the status lists signed anew when they change or age."""

import json
from datetime import datetime
from typing import Any

from lms.certificates import authority, statuslists
from lms.certificates.badges import keyring, own
from lms.certificates.badges.credential import list_address
from lms.certificates.badges.keyring import BadgeKey
from lms.certificates.badges.listing import status_list
from lms.certificates.domain.badging import Purpose
from lms.certificates.statuslists import Published
from lms.db import transaction
from lms.errors import N_, NotFound


class NoSuchList(NotFound):
    def __init__(self) -> None:
        super().__init__(N_("There is no such status list."))


def published_list(purpose: Purpose, number: int, *, now: datetime) -> Published:
    """Return a signed status list that says what is true now.

    It is signed anew, in a transaction of its own, when what it says has changed, when it is a day
    old, and when the key or the address is another one.

    Raises:
        NoSuchList: if no certificate has a place in it.
        KeysUnusable: if it has to be signed and there is no key.
    """
    if not 1 <= number <= statuslists.last_number():
        raise NoSuchList
    signer = own.signer()
    address = list_address(authority.settings().base_url, purpose, number)
    set_now = statuslists.bits_set(number, purpose)
    fresh = statuslists.find_fresh(set_now, address=address, key=signer.public.id, now=now)
    if fresh is not None:
        return fresh
    moment = now.replace(microsecond=0)
    document = status_list(
        address, purpose, set_now.places, issuer=signer.public.controller, now=moment
    )
    proved, token = signer.sign(document, created=moment)
    made = Published(proved, token, moment)
    with transaction():
        statuslists.keep(set_now, made, address=address, key=signer.public.id)
    return made


def all_lists(*, now: datetime) -> dict[str, Published]:
    """Return every status list by its address; see `published_list`."""
    base = authority.settings().base_url
    return {
        list_address(base, purpose, number): published_list(purpose, number, now=now)
        for purpose in Purpose
        for number in range(1, statuslists.last_number() + 1)
    }


def files(*, now: datetime) -> dict[str, bytes]:
    """Return all that a stranger needs to check badges, by the path under our address.

    Raises:
        KeysUnusable: if there is no key.
    """
    base = authority.settings().base_url
    found = {
        ".well-known/did.json": json.dumps(did_document(), indent=1).encode(),
        "trust/badge-keys.json": key_list(),
    }
    for address, published in all_lists(now=now).items():
        path = address.removeprefix(f"{base}/")
        found |= {f"{path}.json": published.document, f"{path}.jwt": published.token}
    return found


def did_document() -> dict[str, Any]:
    """Return who this installation is and what it signs badges with.

    Keys whose time has ended stay in it, since what they signed still holds; one that was
    withdrawn stays by its name only, without the right to sign.

    Raises:
        KeysUnusable: if there has never been a key and none can be made.
    """
    controller = own.signer().public.controller
    keys = own.all_keys()
    mine = [key for key in keys if key.controller == controller]
    document = {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": controller,
        "verificationMethod": [_method(key) for key in mine],
        "assertionMethod": [key.id for key in mine if _may_sign(key)],
    }
    others = sorted({key.controller for key in keys} - {controller})
    return {**document, "alsoKnownAs": others} if others else document


def key_list() -> bytes:
    """Return every public key with its dates, as checkers without a network read it."""
    own.signer()
    return keyring.keys_as_json(own.all_keys())


def _may_sign(key: BadgeKey) -> bool:
    development_only = key.development and authority.settings().production
    return key.withdrawn_at is None and not development_only


def _method(key: BadgeKey) -> dict[str, str]:
    method = {
        "id": key.id,
        "type": "Multikey",
        "controller": key.controller,
        "publicKeyMultibase": key.multikey,
    }
    if key.withdrawn_at is not None:
        method["revoked"] = key.withdrawn_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return method
