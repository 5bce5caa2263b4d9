"""This installation's own signer and what its checks trust, opened once per process."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from flask import current_app

from lms.certificates import keys
from lms.certificates.keys import KeySettings, KeysUnusable, Signer, Trust
from lms.certificates.signing import Evidence
from lms.certificates.stamping import anchors
from lms.clock import utc_now
from lms.config import Settings

ROOTS = "trust-root.pem"
STAMP_ROOTS = "stamp-roots.pem"  # in the folder of the keys


def signer() -> Signer:
    """Return the signer, made first in development.

    Raises:
        KeysUnusable: with what to do, if there is none or it cannot be opened.
    """
    found = settings()
    return _signer(found, _state(found))


def stamper() -> Signer:
    """Return the local time-stamping key, made first where there is none.

    Raises:
        KeysUnusable: with what to do, if it cannot be opened.
    """
    found = settings()
    return _stamper(found, _state(found))


def trust() -> Trust:
    """Return the roots under which this installation has ever signed, and the withdrawn signers.

    In production a development root is not among them, even if it was used before.
    """
    with suppress(KeysUnusable):  # codes and exact copies can be checked all the same
        signer()
    found = settings()
    stamp_roots = read_all(found.data / keys.FOLDER / STAMP_ROOTS)
    return Trust(
        _trusted(roots_of(found.data), found),
        known_crls(found),
        _trusted((*stamp_roots, *anchors(pinned_stamp_roots(found))), found),
    )


def published(name: str, ending: str, *, now: datetime) -> bytes | None:
    """Return what verifiers download of an authority of ours, or None where there is no such.

    Args:
        name: "root", "issuing", or the same after "stamping-".
        ending: ".crl" for the list, ".cer" for the certificate.
    """
    own = key_settings(settings())
    hierarchy = own.stamping if name.startswith(keys.STAMPING) else own.own
    try:
        role = keys.Role(name.removeprefix(hierarchy.before))
        if ending == ".crl":
            return keys.current_crl(hierarchy, role, now=now)
        return keys.authority_certificate(hierarchy, role)
    except (ValueError, KeysUnusable):
        return None


def roots_of(data: Path) -> tuple[x509.Certificate, ...]:
    """Return the roots that were noted in the data folder, oldest first."""
    return read_all(data / ROOTS)


def pinned_stamp_roots(found: Settings) -> tuple[x509.Certificate, ...]:
    """Return the certificates that settings name for a time-stamping authority elsewhere."""
    return keys.read_certificates(found.tsa_roots) if found.tsa_roots else ()


def evidence(
    paths: Iterable[tuple[x509.Certificate, ...]], *, now: datetime
) -> tuple[Evidence, list[str]]:
    """Gather certificates and revocation lists for a file, and name whose lists are missing.

    Our own authorities' lists are signed anew here when they grow old.

    Args:
        paths: certificates from the signing one upwards.
    """
    found = settings()
    own = key_settings(found)
    for hierarchy in (own.own, own.stamping):
        if hierarchy.exists:
            for role in (keys.Role.ROOT, keys.Role.ISSUING):
                keys.current_crl(hierarchy, role, now=now)
    needed = [one for path in paths for one in path if one.issuer != one.subject]
    issuers = {one.issuer for one in needed} | {one.subject for one in needed if issues(one)}
    lists = [crl for crl in known_crls(found) if crl.issuer in issuers]
    gathered = Evidence(
        tuple(dict.fromkeys(map(keys.der, needed))), tuple(dict.fromkeys(map(keys.der, lists)))
    )
    missing = issuers - {crl.issuer for crl in lists}
    return gathered, sorted(one.rfc4514_string() for one in missing)


def stamping_path() -> tuple[x509.Certificate, ...]:
    """Return what is known of the certificates that stamps lead through, lowest first.

    Raises:
        KeysUnusable: if the local key cannot be opened, or the pinned file cannot be read.
    """
    found = settings()
    if found.tsa != "local":
        return pinned_stamp_roots(found)
    local = stamper()
    return (local.certificate, *local.chain)


def missing_lists(*, now: datetime) -> list[str]:
    """Return the names of authorities on our paths whose revocation lists nobody brought.

    Raises:
        KeysUnusable: if a key cannot be opened.
    """
    own = signer()
    return evidence(((own.certificate, *own.chain), stamping_path()), now=now)[1]


def in_use_since() -> datetime:
    """Return since when the present signer is in use.

    Raises:
        KeysUnusable: if there is none.
    """
    opened = signer()
    entry = keys.read_register(settings().data / keys.FOLDER).current(keys.Role.SIGNER)
    since = entry.since if entry else None
    return since or opened.certificate.not_valid_before_utc


def renewal() -> str:
    """Return what to do when the signer grows old."""
    found = settings()
    if found.signer_p12 or found.signer_pkcs11:
        return "CONCORD_SIGNER_P12" if found.signer_p12 else "CONCORD_SIGNER_CHAIN"
    return "./concord lms certificates keys rotate"


def known_crls(found: Settings) -> tuple[x509.CertificateRevocationList, ...]:
    """Return our own lists, those that were brought, and those beside the pinned stamp roots."""
    pinned = keys.crls_in(found.tsa_roots) if found.tsa_roots else ()
    return (*keys.read_crls(found.data / keys.FOLDER), *pinned)


def settings() -> Settings:
    found = current_app.config["SETTINGS"]
    assert isinstance(found, Settings)
    return found


def key_settings(found: Settings) -> KeySettings:
    """Return where keys are and what opens them."""
    words = (found.secret_key, *found.old_secret_keys)
    chosen = (found.keys_passphrase.encode(),) if found.keys_passphrase else ()
    passphrases = (*chosen, *map(keys.passphrase_from, words))
    return KeySettings(
        data=found.data,
        secrets=keys.Secrets(passphrases, found.pkcs11_pin),
        base_url=found.base_url,
        production=found.production,
        p12=found.signer_p12,
        passphrase_file=found.signer_passphrase_file,
        passphrase=found.signer_passphrase,
        token=found.signer_pkcs11,
        chain=found.signer_chain,
    )


def note_root(file: Path, root: x509.Certificate) -> None:
    """Keep every root that was ever used, so that what it signed can be checked after a change."""
    known = read_all(file)
    if root not in known:
        keys.write_whole(file, b"".join(keys.pem(one) for one in (*known, root)))


def read_all(file: Path) -> tuple[x509.Certificate, ...]:
    return keys.read_certificates(file) if file.exists() else ()


def _state(found: Settings) -> tuple[object, ...]:
    """Return what changes when keys are rotated, revoked or brought, by whichever process."""
    folder = found.data / keys.FOLDER
    try:
        return tuple(
            sorted(
                (file.name, file.stat().st_mtime_ns, file.stat().st_size)
                for file in folder.iterdir()
                if file.suffix in (".json", ".crl")
            )
        )
    except OSError:
        return ()


@lru_cache(maxsize=4)
def _signer(found: Settings, _state_of_keys: tuple[object, ...]) -> Signer:
    opened = keys.open_signer(key_settings(found), now=utc_now())
    note_root(found.data / ROOTS, opened.root)
    return opened


@lru_cache(maxsize=4)
def _stamper(found: Settings, _state_of_keys: tuple[object, ...]) -> Signer:
    opened = keys.open_stamper(key_settings(found), now=utc_now())
    note_root(found.data / keys.FOLDER / STAMP_ROOTS, opened.root)
    return opened


def issues(certificate: x509.Certificate) -> bool:
    """Tell whether a certificate is an authority's."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    except x509.ExtensionNotFound:
        return False
    return found.value.ca


def _trusted(roots: Iterable[x509.Certificate], found: Settings) -> tuple[x509.Certificate, ...]:
    return tuple(root for root in roots if not (found.production and keys.is_development(root)))
