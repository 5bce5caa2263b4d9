"""An authority of our own: root, issuing authority, yearly document signers, time stamping.

Everything is a file in one folder. In production the root's key is not among them: it is in a
PKCS #12 file that is kept off the server and named for the few acts that need it.
"""

import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from lms.certificates.keys.backends import IN_FILE, FileKey, Secrets, open_key, read_p12
from lms.certificates.keys.certifying import (
    Issuer,
    Role,
    certify,
    certify_root,
    crl_entry,
    make_crl,
    new_key,
    subject,
)
from lms.certificates.keys.errors import KeysUnusable
from lms.certificates.keys.faces import (
    DEVELOPMENT,
    KEY_SIZE,
    Key,
    Signer,
    chain_of,
    is_development,
)
from lms.certificates.keys.files import (
    der,
    locked,
    pem,
    read_certificate,
    read_crl,
    read_key,
    write_key,
    write_whole,
)
from lms.certificates.keys.register import (
    Entry,
    Register,
    certificates_of,
    change_register,
)

FOLDER = "authority"
STAMPING = "stamping-"  # before the names of an authority that only stamps
ROOT_KEY_SIZE = 4096
CRL_DAYS, CRL_RENEW_DAYS = timedelta(days=30), timedelta(days=20)
OFFLINE_CRL_DAYS = timedelta(days=400)  # the yearly rotation signs the next one


@dataclass(frozen=True)
class RootFile:
    """Where the root's key is kept off the server: a PKCS #12 file and its passphrase."""

    file: Path
    passphrase: str


@dataclass(frozen=True)
class Hierarchy:
    """One authority in a folder.

    Args:
        before: stands before the names of its root and issuing files; "" or STAMPING.
    """

    folder: Path
    secrets: Secrets
    base_url: str
    before: str = ""

    @property
    def exists(self) -> bool:
        return self.file(Role.ISSUING, "pem").exists()

    def file(self, role: Role, ending: str) -> Path:
        return self.folder / f"{self.before}{role}.{ending}"

    def certificate(self, role: Role) -> x509.Certificate:
        return read_certificate(self.file(role, "pem"))

    def issuer(self, role: Role, root: RootFile | None = None) -> Issuer:
        """Open the key of the root or of the issuing authority.

        Raises:
            KeysUnusable: if it cannot be opened; for a root off the server, with what to name.
        """
        place = f"{self.base_url}/trust/{self.before}{role}"
        return Issuer(self._authority_key(role, root), self.certificate(role), place)

    def _authority_key(self, role: Role, root: RootFile | None) -> rsa.RSAPrivateKey:
        file = self.file(role, "key")
        if role is not Role.ROOT or file.exists():
            return read_key(file, self.secrets.passphrases)
        if root is None:
            raise KeysUnusable(
                "The root's key is not on this machine, as it should be. "
                "Name its PKCS#12 file with --root-file."
            )
        held = read_p12(root.file, passphrase=root.passphrase)
        if held.certificate != self.certificate(role):
            raise KeysUnusable(f"{root.file} holds another root than that of this installation.")
        key = held.key
        return key.private  # type: ignore[attr-defined]


def make_authority(
    hierarchy: Hierarchy, *, organization: str | None, now: datetime, root: RootFile | None = None
) -> None:
    """Make root and issuing authority with their lists, if there is no authority yet.

    Done beside the place and moved there whole, so that two processes that start at once end with
    one authority.

    Args:
        organization: stands in every name; None for a development authority, whose names all say
            that nobody should trust it.
        root: where the root's key goes; None keeps it in the folder.
    """
    if hierarchy.exists:
        return
    folder = hierarchy.folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".authority-", dir=folder.parent))
    draft = Hierarchy(beside, hierarchy.secrets, hierarchy.base_url, hierarchy.before)
    try:
        _write_authority(draft, organization, now, root)
        _move_in(beside, hierarchy)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _move_in(beside: Path, hierarchy: Hierarchy) -> None:
    folder, last = hierarchy.folder, hierarchy.file(Role.ISSUING, "pem")
    try:
        beside.rename(folder)
        return
    except OSError:
        if not folder.is_dir():
            raise
    with locked(folder):  # the folder is there: for keys from elsewhere, or somebody was faster
        if hierarchy.exists:
            return
        for file in sorted(beside.iterdir(), key=lambda one: one.name == last.name):
            file.rename(folder / file.name)


def add_key(
    hierarchy: Hierarchy,
    role: Role,
    *,
    organization: str | None,
    now: datetime,
    token: str | None = None,
    first: bool = False,
) -> Entry:
    """Make and certify the next key of a role and put it into use instead of the one before.

    Args:
        token: PKCS #11 address of the new key; None for a file.
        first: only if there is none in use.

    Raises:
        KeysUnusable: if the issuing authority's key cannot be opened, or the token refuses.
    """
    folder, issuer = hierarchy.folder, hierarchy.issuer(Role.ISSUING)
    made: list[Entry] = []

    def add(register: Register) -> Register:
        if first and (known := register.current(role)):
            made.append(known)
            return register
        name = register.free_name(role, now.year)
        key = new_file_or_token_key(folder / f"{name}.key", hierarchy.secrets, token)
        number = name.removeprefix(f"{role}-")
        certificate = certify(role, key.public, subject(organization, role, number), issuer, now)
        path = (certificate, issuer.certificate, hierarchy.certificate(Role.ROOT))
        write_whole(folder / f"{name}.pem", b"".join(map(pem, path)))
        made.append(Entry(name, role, token or IN_FILE, now))
        return register.with_new(made[0], now)

    change_register(folder, add)
    return made[0]


def new_file_or_token_key(file: Path, secrets: Secrets, token: str | None) -> Key:
    if token is not None:
        from lms.certificates.keys.pkcs11 import make_token_key

        return make_token_key(token, secrets.pin)
    made = new_key()
    write_key(file, made, secrets.passphrases[0])
    return FileKey(made)


def organization_of(hierarchy: Hierarchy) -> str | None:
    """Return the name of the institution in the authority's names; None for development."""
    root = hierarchy.certificate(Role.ROOT)
    if is_development(root):
        return None
    return str(root.subject.get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME)[0].value)


def open_entry(folder: Path, entry: Entry, secrets: Secrets) -> Signer:
    """Open a key of the register as a signer.

    Raises:
        KeysUnusable: if it cannot be opened.
    """
    certificates = certificates_of(folder, entry)
    others = certificates[1:] or _beside(folder)
    key = open_key(entry.place, folder / f"{entry.name}.key", secrets)
    if key.public != certificates[0].public_key():
        raise KeysUnusable(f"{entry.name}: key and certificate do not belong together.")
    return Signer(key, certificates[0], chain_of(certificates[0], others))


def _beside(folder: Path) -> tuple[x509.Certificate, ...]:
    return tuple(read_certificate(folder / f"{role}.pem") for role in (Role.ISSUING, Role.ROOT))


def current_crl(
    hierarchy: Hierarchy, role: Role, *, now: datetime, root: RootFile | None = None
) -> bytes:
    """Return a revocation list of the authority, signed anew when it grows old.

    A root that is kept off the server signs its list only where its file is named.

    Raises:
        KeysUnusable: if there is no such authority here.
    """
    file = hierarchy.file(role, "crl")
    if not role.authority or not file.exists():
        raise KeysUnusable("There is no authority of this name in the data folder.")
    offline = role is Role.ROOT and not hierarchy.file(role, "key").exists()
    ends = read_crl(file).next_update_utc
    old = ends is None or ends - now < CRL_RENEW_DAYS
    if root is not None or (old and not offline):
        _sign_crl(hierarchy, hierarchy.issuer(role, root), role, now)
    return file.read_bytes()


def withdraw(
    hierarchy: Hierarchy,
    certificate: x509.Certificate,
    *,
    since: datetime,
    reason: x509.ReasonFlags,
    now: datetime,
    root: RootFile | None = None,
) -> None:
    """Put a certificate on the list of the authority that issued it; once, and for good.

    Args:
        since: from this moment on, what it signs does not count.

    Raises:
        KeysUnusable: if this authority did not issue it, or its key cannot be opened.
    """
    role = next(
        (
            one
            for one in (Role.ISSUING, Role.ROOT)
            if hierarchy.certificate(one).subject == certificate.issuer
        ),
        None,
    )
    if role is None:
        raise KeysUnusable(
            "Another authority issued this certificate, so only it can revoke it. When it has, "
            "bring its list: lms certificates keys accept LIST.crl"
        )
    listed = read_crl(hierarchy.file(role, "crl"))
    if listed.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None:
        raise KeysUnusable("This certificate is on the list already. Nothing was changed.")
    entry = crl_entry(certificate, since, reason)
    _sign_crl(hierarchy, hierarchy.issuer(role, root), role, now, (entry,))


def authority_certificate(hierarchy: Hierarchy, role: Role) -> bytes:
    """Return the certificate of the root or of the issuing authority, DER.

    Raises:
        KeysUnusable: if there is no such authority here.
    """
    if not role.authority:
        raise KeysUnusable("There is no authority of this name.")
    return der(hierarchy.certificate(role))


def _write_authority(
    hierarchy: Hierarchy, organization: str | None, now: datetime, root: RootFile | None
) -> None:
    hierarchy.folder.chmod(0o700)
    passphrase = hierarchy.secrets.passphrases[0]
    root_key = new_key(KEY_SIZE if organization is None else ROOT_KEY_SIZE)
    top = certify_root(root_key, subject(organization, Role.ROOT), now)
    above = Issuer(root_key, top, f"{hierarchy.base_url}/trust/{hierarchy.before}{Role.ROOT}")
    issuing_key = new_key()
    issuing = certify(
        Role.ISSUING, issuing_key.public_key(), subject(organization, Role.ISSUING), above, now
    )
    for role, certificate in ((Role.ROOT, top), (Role.ISSUING, issuing)):
        hierarchy.file(role, "pem").write_bytes(pem(certificate))
    write_key(hierarchy.file(Role.ISSUING, "key"), issuing_key, passphrase)
    if root is None:
        write_key(hierarchy.file(Role.ROOT, "key"), root_key, passphrase)
    else:
        _write_root_file(root, root_key, top)
    _sign_crl(hierarchy, above, Role.ROOT, now)
    _sign_crl(hierarchy, hierarchy.issuer(Role.ISSUING), Role.ISSUING, now)
    if organization is None:
        (hierarchy.folder / "README").write_text(
            f"{DEVELOPMENT}\nMade by this installation for trying things out. "
            "Anyone can make one like it: it proves nothing to a stranger.\n"
        )


def _write_root_file(root: RootFile, key: rsa.RSAPrivateKey, certificate: x509.Certificate) -> None:
    data = pkcs12.serialize_key_and_certificates(
        b"root",
        key,
        certificate,
        None,
        serialization.BestAvailableEncryption(root.passphrase.encode()),
    )
    try:
        handle = os.open(root.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise KeysUnusable(f"{root.file} cannot be written: {error.strerror}.") from error
    with os.fdopen(handle, "wb") as out:
        out.write(data)


def _sign_crl(
    hierarchy: Hierarchy,
    issuer: Issuer,
    role: Role,
    now: datetime,
    revoked: tuple[x509.RevokedCertificate, ...] = (),
) -> None:
    file = hierarchy.file(role, "crl")
    offline = role is Role.ROOT and not hierarchy.file(role, "key").exists()
    with locked(hierarchy.folder):
        old = read_crl(file) if file.exists() else None
        life = OFFLINE_CRL_DAYS if offline else CRL_DAYS
        write_whole(file, der(make_crl(issuer, now, life, old, revoked)))
