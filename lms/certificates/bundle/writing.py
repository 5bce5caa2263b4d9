"""From a bundle to its ZIP: the same bytes for the same content."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography import x509

from lms.certificates import keys
from lms.certificates.badges import keyring
from lms.certificates.badges.proofs import written
from lms.certificates.bundle import zips
from lms.certificates.bundle.manifests import with_manifest
from lms.certificates.bundle.model import FORMAT, Bundle
from lms.certificates.keys import Signer

README: Final = "README.txt"
KEYS: Final = "badges/badge-keys.json"


def write_bundle(bundle: Bundle, signer: Signer | None = None) -> bytes:
    """Write a bundle.

    Args:
        signer: signs the manifest. A bundle that nobody signed is not taken by `check`.

    Raises:
        KeysUnusable: if the key does not sign.
    """
    members = {
        **bundle.extras,
        **_certificates("roots/ROOT", bundle.roots),
        **_certificates("stamp-roots/ROOT", bundle.stamp_roots),
        **_certificates("chain/ISSUER", bundle.chain),
        **{f"crls/LIST-{n}.crl": keys.der(crl) for n, crl in enumerate(bundle.crls, 1)},
        KEYS: keyring.keys_as_json(bundle.badge_keys),
        **{list_member(address): token for address, token in bundle.lists.items()},
        README: readme(bundle).encode(),
    }
    head = {
        "format": FORMAT,
        "issuer": bundle.issuer,
        "address": bundle.address,
        "as_of": written(bundle.as_of),
        "development": bundle.development,
    }
    return zips.pack(with_manifest(members, head, signer))


def list_member(address: str, ending: str = "jwt") -> str:
    """Return the member that holds a status list: badges/status/revocation-1.jwt."""
    purpose, number = urlsplit(address).path.split("/")[-2:]
    return f"badges/status/{purpose}-{number}.{ending}"


def _certificates(stem: str, several: Iterable[x509.Certificate]) -> Mapping[str, bytes]:
    return {f"{stem}-{n}.pem": keys.pem(one) for n, one in enumerate(several, 1)}


def readme(bundle: Bundle) -> str:
    """Say what the bundle is, and how to check with it and with tools of others."""
    values: dict[str, Any] = {
        "issuer": bundle.issuer,
        "address": bundle.address,
        "as_of": written(bundle.as_of),
        "seconds": int(bundle.as_of.timestamp()),
        "roots": "\n".join(_line(root) for root in bundle.roots) or "    none",
        "stamps": "\n".join(_line(root) for root in bundle.stamp_roots) or "    the same",
        "warning": WARNING if bundle.development else "",
    }
    return README_TEXT % values


def _line(root: x509.Certificate) -> str:
    return f"    {root.subject.rfc4514_string()}\n    SHA-256 {keys.fingerprint(root)}"


WARNING: Final = f"""
{keys.DEVELOPMENT}
Anybody can make one like it: what is signed under it proves nothing to a stranger.
"""

README_TEXT: Final = """Trust bundle of %(issuer)s
%(address)s
As of %(as_of)s
%(warning)s
What this is
    All that is needed to check certificates and badges of this issuer without network and without
    its server. It answers as of the moment above, and for no day after it: what was revoked later
    cannot be in it. For a later answer get a newer bundle at %(address)s/trust/bundle.zip

Compare this first
    Whoever gave you this file could have given you another root. Compare the fingerprint with one
    that the issuer told you on another way (a letter, the telephone, an earlier file):

%(roots)s

    Time stamps may lead to:

%(stamps)s

How to check a certificate
    lms certificates check CERTIFICATE.pdf --trust bundle.zip
    lms certificates check CERTIFICATE.pdf --trust bundle.zip --at 2026-11-21

    With a root that you have already, so that the bundle itself is checked as well:
    lms certificates check CERTIFICATE.pdf --trust trust-root.pem --trust bundle.zip

    Without installing anything: open checker.html in a browser and give it the certificate.

    With other tools: import roots/ROOT-1.pem as a trusted root in Acrobat, or in the NSS store
    that poppler's pdfsig reads. They judge the signature; only the status lists tell a revocation.

What is in it
    manifest.json     every other member by its SHA-256, and the moment
    manifest.p7s      the issuer's signature over manifest.json. By hand:
                      openssl cms -verify -binary -inform DER -in manifest.p7s
                        -content manifest.json -CAfile roots/ROOT-1.pem -purpose any
                        -attime %(seconds)s
    checker.html      a page that checks without network; it carries all of this in itself
    roots, chain      certificates of the issuer; stamp-roots: of its time-stamping authorities
    crls              keys that were withdrawn
    badges            the keys of badges, and the signed status lists (Bitstring Status List 1.0)
"""
