"""The form of an evidence pack: its members, and what its manifest says."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from lms.certificates.badges.proofs import written
from lms.certificates.bundle import zips
from lms.certificates.bundle.manifests import with_manifest
from lms.certificates.keys import Signer

FORMAT: Final = "concord-evidence-pack/1"
RECORD_FORMAT: Final = "concord-evidence-record/1"
EVENTS_FORMAT: Final = "concord-audit-slice/1"
PDF: Final = "certificate.pdf"
BADGES: Final = ("credential.json", "credential.jwt")
RECORD: Final = "record.json"
EVENTS: Final = "events.json"
BUNDLE: Final = "trust-bundle.zip"
README: Final = "README.txt"
NEEDED: Final = (PDF, *BADGES, RECORD, EVENTS, BUNDLE, README)


def write_pack(
    members: Mapping[str, bytes], *, code: str, as_of: datetime, signer: Signer
) -> bytes:
    """Write the members with a signed manifest; the same bytes for the same content.

    Raises:
        KeysUnusable: if the key does not sign.
    """
    head = {"format": FORMAT, "code": code, "as_of": written(as_of)}
    return zips.pack(with_manifest(members, head, signer))


def readme(*, code: str, as_of: datetime, fingerprint: str, address: str) -> bytes:
    """Say what the pack is and how to check it."""
    values = {
        "code": code,
        "as_of": written(as_of),
        "seconds": int(as_of.timestamp()),
        "fingerprint": fingerprint,
        "address": address,
    }
    return (README_TEXT % values).encode()


README_TEXT: Final = """Evidence pack of certificate %(code)s
Made at %(address)s
As of %(as_of)s

What this is
    Everything about one certificate, so that it can be checked when network and issuer are gone.

    certificate.pdf    the signed certificate, as it was issued; never changed
    credential.json    the same as a signed badge (Open Badges 3.0); credential.jwt: as a token
    record.json        what it rests on: release, what was shown by SHA-256, what was drawn, every
                       answer with its time, the result; and how it stood at the moment above
    events.json        what the audit trail says about it, each event with the hash that seals it
    trust-bundle.zip   roots, withdrawn keys, badge keys and status lists of the issuer
    manifest.json      every member by its SHA-256; manifest.p7s: the issuer's signature over it

How to check it
    Compare this fingerprint of the root (SHA-256) with one that the issuer told you another way:

    %(fingerprint)s

    With Concord, without network, database or server, and with the issuer's root in a file:

    lms certificates check PACK.zip --trust trust-root.pem

    It compares every member with the manifest, the manifest with the issuer's signature, the
    certificate and the badge with the bundle inside, and says each in a line. Exit 0 is good, 8 a
    changed member, 6 a revoked certificate; docs/verification.md has the others.

    With nothing but a browser, without network: open checker.html and give it certificate.pdf.

    With tools of others (openssl and sha256sum; poppler's pdfsig for the certificate):

    openssl cms -verify -binary -inform DER -in manifest.p7s -content manifest.json \\
      -CAfile trust-root.pem -purpose any -attime %(seconds)s
    sha256sum certificate.pdf credential.json record.json events.json

    Each event: SHA-256 of its previous_hash, a line feed, and its body as JSON with sorted keys and
    without blanks. An event without a body was of somebody else's doing; its hash still holds its
    place in the chain.

What it cannot tell
    Anything that happened after the moment above. Ask %(address)s/v, or get a newer bundle at
    %(address)s/trust/bundle.zip and name it: --trust bundle.zip
"""
