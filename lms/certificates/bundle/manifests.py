"""The manifest of a ZIP: every member by its digest, and the document signer's signature over it.

The signature is what ties a bundle, its moment and the badge keys in it to the root: whoever hands
over a ZIP could else put a key of their own and a friendlier status list into it.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from asn1crypto import cms
from cryptography import x509
from pyhanko.sign.general import as_signing_certificate_v2
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import async_validate_detached_cms
from pyhanko.sign.validation.status import StandardCMSSignatureStatus
from pyhanko_certvalidator import ValidationContext

from lms.certificates import der
from lms.certificates.badges.reading import NotReadable, read_object
from lms.certificates.keys import Signer, Trust
from lms.certificates.keys import der as der_of
from lms.certificates.oneform import document_container
from lms.certificates.stamping import as_asn1
from lms.certificates.verification import SIGNS_DOCUMENTS

MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.p7s"
LARGEST_SIGNATURE: Final = 64 * 1024


class BadManifest(Exception):
    """There is no manifest that can be read; the message ends the sentence "It … "."""


@dataclass(frozen=True)
class Listed:
    """The members of a ZIP beside what its manifest says of them.

    Args:
        head: what the manifest says beside the digests.
        members: every member but manifest and signature.
        wrong: members that are not what the manifest names, are missing, or are not named in it.
    """

    head: Mapping[str, Any]
    members: Mapping[str, bytes]
    wrong: tuple[str, ...]
    manifest: bytes
    signature: bytes | None


def with_manifest(
    members: Mapping[str, bytes], head: Mapping[str, Any], signer: Signer | None
) -> dict[str, bytes]:
    """Return the members with their manifest, and with its signature where there is a signer.

    Raises:
        KeysUnusable: if the key does not sign.
    """
    digests = {name: sha256(members[name]).hexdigest() for name in sorted(members)}
    manifest = json.dumps({**head, "files": digests}, indent=1, ensure_ascii=False).encode() + b"\n"
    signature = {SIGNATURE: _sign(manifest, signer)} if signer else {}
    return {**members, MANIFEST: manifest, **signature}


def read_listed(members: Mapping[str, bytes]) -> Listed:
    """Compare the members of a ZIP with its manifest; whose signature it carries is not asked yet.

    Raises:
        BadManifest: if there is none that can be read.
    """
    if MANIFEST not in members:
        raise BadManifest(f"holds no {MANIFEST}")
    try:
        head = read_object(members[MANIFEST])
    except NotReadable as error:
        raise BadManifest(f"holds a {MANIFEST} that cannot be read") from error
    named = head.pop("files", None)
    if not isinstance(named, dict):
        raise BadManifest(f"holds a {MANIFEST} without a list of files")
    others = {name: data for name, data in members.items() if name not in (MANIFEST, SIGNATURE)}
    wrong = {*named} ^ {*others}
    wrong |= {
        name
        for name, data in others.items()
        if name in named and sha256(data).hexdigest() != named[name]
    }
    return Listed(head, others, tuple(sorted(wrong)), members[MANIFEST], members.get(SIGNATURE))


def moment_in(head: Mapping[str, Any]) -> datetime:
    """Return the moment that a manifest is of.

    Raises:
        BadManifest: if it names none in the one form that is written here.
    """
    text = head.get("as_of")
    try:
        return datetime.strptime(str(text), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise BadManifest(f"holds a {MANIFEST} without the moment that it is of") from error


def root_of(listed: Listed, trust: Trust, *, at: datetime) -> x509.Certificate | None:
    """Return the trusted root that the signature over a manifest leads to, or None.

    Args:
        at: the moment that the manifest is of, at which the signing certificate must have been
            good and not withdrawn.
    """
    if listed.signature is None or len(listed.signature) > LARGEST_SIGNATURE or not trust.roots:
        return None
    try:
        signed = cms.ContentInfo.load(listed.signature, strict=True)
        status = _validate(listed.manifest, signed["content"], trust, at)
    except (SignatureValidationError, ValueError, TypeError, KeyError, AttributeError):
        return None
    if not status.bottom_line or status.validation_path is None:
        return None
    path = [
        x509.load_der_x509_certificate(one.dump())
        for one in status.validation_path.iter_certs(include_root=True)
    ]
    found = [trust.withdrawn(one) for one in path]
    if any(one is not None and at >= one.since for one in found):
        return None
    return next((root for root in trust.roots if der_of(root) == der_of(path[0])), None)


def _validate(
    manifest: bytes, signed: cms.SignedData, trust: Trust, at: datetime
) -> StandardCMSSignatureStatus:
    context = ValidationContext(
        trust_roots=[as_asn1(root) for root in trust.roots],
        allow_fetching=False,
        revocation_mode="soft-fail",
        moment=at,
    )
    return asyncio.run(
        async_validate_detached_cms(manifest, signed, context, key_usage_settings=SIGNS_DOCUMENTS)
    )


def _sign(manifest: bytes, signer: Signer) -> bytes:
    path = [as_asn1(one) for one in (signer.certificate, *signer.chain[:-1])]
    attributes = der.set_of(
        der.attribute("content_type", der.content_type("data")),
        der.attribute("message_digest", der.tagged(der.OCTETS, sha256(manifest).digest())),
        der.attribute("signing_certificate_v2", as_signing_certificate_v2(path[0]).dump()),
    )
    return document_container(attributes, signer.sign(attributes), path, None)
