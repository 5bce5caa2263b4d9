"""Which keys sign here: those that the settings name, or those of the register."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography import x509

from lms.certificates.keys.backends import Secrets, read_p12, signer_in_token
from lms.certificates.keys.certifying import Role
from lms.certificates.keys.errors import KeysUnusable
from lms.certificates.keys.faces import Signer, Trust
from lms.certificates.keys.files import read_crl
from lms.certificates.keys.hierarchy import (
    FOLDER,
    STAMPING,
    Hierarchy,
    add_key,
    make_authority,
    open_entry,
    organization_of,
)
from lms.certificates.keys.register import (
    Entry,
    certificates_of,
    change_register,
    note_used,
    read_register,
)

LOCAL_STAMPING = "Concord local time stamping"


@dataclass(frozen=True)
class KeySettings:
    """Where keys are, as the installation's settings tell.

    Args:
        p12: a document signer from elsewhere, PKCS #12, with its passphrase in a file or plain.
        token: PKCS #11 address of a document signer, with its certificate and issuers in `chain`.
    """

    data: Path
    secrets: Secrets = field(repr=False)
    base_url: str
    production: bool
    p12: Path | None = None
    passphrase_file: Path | None = None
    passphrase: str | None = field(default=None, repr=False)
    token: str | None = None
    chain: Path | None = None

    @property
    def folder(self) -> Path:
        return self.data / FOLDER

    @property
    def own(self) -> Hierarchy:
        return Hierarchy(self.folder, self.secrets, self.base_url)

    @property
    def stamping(self) -> Hierarchy:
        """The authority that only stamps, where the document signer comes from elsewhere."""
        return Hierarchy(self.folder, self.secrets, self.base_url, STAMPING)


def open_signer(settings: KeySettings, *, now: datetime) -> Signer:
    """Return the document signer; in development make an authority first if there is none.

    Raises:
        KeysUnusable: in production without keys of its own, if the keys cannot be opened, or if
            the signer was withdrawn.
    """
    signer = _named_signer(settings)
    if signer is not None:
        note_used(settings.folder, (signer.certificate, *signer.chain), Role.SIGNER, now)
    else:
        signer = _registered_signer(settings, now)
    if settings.production and signer.development:
        raise KeysUnusable(
            "The signing key is that of a development authority, which production refuses. Make "
            "real ones (docs/operations.md, key ceremony), or set CONCORD_SIGNER_P12 to a real one."
        )
    known = Trust((), read_crls(settings.folder))
    if any(known.revoked(one) for one in (signer.certificate, *signer.chain)):
        raise KeysUnusable(
            "The signing key (or an authority above it) was revoked, so nothing is signed with it "
            "any more. Put another into use: lms certificates keys rotate"
        )
    return signer


def open_stamper(settings: KeySettings, *, now: datetime) -> Signer:
    """Return the local time-stamping key, made first where there is none.

    Production does not stamp under a development authority that was left in the folder.

    Raises:
        KeysUnusable: if it cannot be opened.
    """
    entry = read_register(settings.folder).current(Role.STAMPER)
    if entry is not None:
        stamper = open_entry(settings.folder, entry, settings.secrets)
        if not (settings.production and stamper.development):
            return stamper
    entry = _new_stamper(settings, now, first=entry is None)
    return open_entry(settings.folder, entry, settings.secrets)


def _new_stamper(settings: KeySettings, now: datetime, *, first: bool) -> Entry:
    hierarchy = settings.own
    if not hierarchy.exists or (settings.production and organization_of(hierarchy) is None):
        hierarchy = settings.stamping
        make_authority(hierarchy, organization=LOCAL_STAMPING, now=now)
    named = organization_of(hierarchy)
    return add_key(hierarchy, Role.STAMPER, organization=named, now=now, first=first)


def end_use(settings: KeySettings, entry: Entry, now: datetime) -> None:
    """Note that a key is not used any more."""
    change_register(settings.folder, lambda register: register.ended(entry.name, now))


def read_crls(folder: Path) -> tuple[x509.CertificateRevocationList, ...]:
    """Return every revocation list in the folder: our own, and those that were brought."""
    return tuple(read_crl(file) for file in sorted(folder.glob("*.crl")))


def every_certificate(folder: Path) -> tuple[x509.Certificate, ...]:
    """Return every certificate that the register knows, each once, signers before issuers."""
    found = [
        certificate
        for entry in read_register(folder).entries
        if entry.since is not None
        for certificate in certificates_of(folder, entry)
    ]
    return tuple(dict.fromkeys(found))


def _named_signer(settings: KeySettings) -> Signer | None:
    if settings.p12 is not None:
        return read_p12(settings.p12, settings.passphrase_file, passphrase=settings.passphrase)
    if settings.token is not None:
        return signer_in_token(settings.token, settings.chain, settings.secrets.pin)
    return None


def _registered_signer(settings: KeySettings, now: datetime) -> Signer:
    entry = read_register(settings.folder).current(Role.SIGNER)
    if entry is None:
        entry = _first_signer(settings, now)
    return open_entry(settings.folder, entry, settings.secrets)


def _first_signer(settings: KeySettings, now: datetime) -> Entry:
    if settings.production:
        raise KeysUnusable(
            "There is no key to sign certificates with. Make keys with lms certificates keys init "
            "(docs/operations.md, key ceremony), or set CONCORD_SIGNER_P12 to a PKCS#12 file that "
            "holds a key, its certificate and the issuers up to the root, and "
            "CONCORD_SIGNER_P12_PASSPHRASE_FILE to a file with its passphrase."
        )
    make_authority(settings.own, organization=None, now=now)
    named = organization_of(settings.own)
    add_key(settings.own, Role.STAMPER, organization=named, now=now, first=True)
    return add_key(settings.own, Role.SIGNER, organization=named, now=now, first=True)
