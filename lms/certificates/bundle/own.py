"""The bundle of this installation, as of now."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509

from lms.certificates import authority, checker, keys, queries
from lms.certificates.badges import own as badges
from lms.certificates.badges import publishing
from lms.certificates.bundle.model import Bundle
from lms.certificates.bundle.writing import list_member, write_bundle

HANDED_OUT_FOR: Final = timedelta(minutes=5)


def bundle(*, now: datetime) -> Bundle:
    """Return what strangers need to check all that was ever signed here, as of now.

    Revocation and status lists are signed anew where they changed or grew old.

    Raises:
        KeysUnusable: if there are no keys to sign with.
    """
    signer = authority.signer()
    lists = publishing.all_lists(now=now)
    for name in ("root", "issuing", "stamping-root", "stamping-issuing"):
        authority.published(name, ".crl", now=now)
    trust = authority.trust()
    documents = {list_member(at, "json"): one.document for at, one in lists.items()}
    return Bundle(
        as_of=now.replace(microsecond=0),
        issuer=_name_of(signer.root),
        address=authority.settings().base_url,
        development=any(map(keys.is_development, trust.roots)),
        roots=trust.roots,
        stamp_roots=tuple(root for root in trust.stamp_roots if root not in trust.roots),
        chain=_issuers(signer.chain[:-1]),
        crls=tuple({keys.der(crl): crl for crl in trust.crls}.values()),
        badge_keys=badges.all_keys(),
        lists={at: one.token for at, one in lists.items()},
        extras={
            "badges/did.json": json.dumps(publishing.did_document(), indent=1).encode(),
            **documents,
        },
    )


def with_page(bundle: Bundle) -> Bundle:
    """Return a bundle with the checker page in it, which carries the same bundle."""
    return replace(bundle, extras={**bundle.extras, checker.NAME: checker.page_for(bundle)})


def file(*, now: datetime) -> bytes:
    """Return the bundle as it is handed out: signed by the present signer.

    Anybody may ask, so one that still says what is true is handed out again for a while instead of
    being signed anew for each; but not when a certificate is younger than it.

    Raises:
        KeysUnusable: if there are no keys to sign with.
    """
    made = bundle(now=now)
    kept = _kept.get(made.address)
    if kept is not None and _still_true(kept[0], made):
        return kept[1]
    data = write_bundle(with_page(made), authority.signer())
    _kept[made.address] = made, data
    return data


_kept: dict[str, tuple[Bundle, bytes]] = {}


def _still_true(kept: Bundle, made: Bundle) -> bool:
    youngest = queries.last_sealed_at()
    return (
        replace(kept, as_of=made.as_of) == made
        and timedelta(0) <= made.as_of - kept.as_of < HANDED_OUT_FOR
        and (youngest is None or youngest <= kept.as_of)
    )


def _issuers(present: tuple[x509.Certificate, ...]) -> tuple[x509.Certificate, ...]:
    """Return every authority's certificate below a root that the register knows, or that signs."""
    known = keys.every_certificate(authority.settings().data / keys.FOLDER)
    issuing = (one for one in known if one.issuer != one.subject and authority.issues(one))
    return tuple(dict.fromkeys((*present, *issuing)))


def _name_of(root: x509.Certificate) -> str:
    names = root.subject.get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME)
    return str(names[0].value) if names else root.subject.rfc4514_string()
