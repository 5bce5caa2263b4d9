"""What people do with keys: begin, rotate, revoke, publish, bring what other authorities sent."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from lms.certificates.keys.backends import IN_FILE, FileKey, Secrets, open_key
from lms.certificates.keys.certifying import Role, make_request, subject
from lms.certificates.keys.errors import KeysUnusable
from lms.certificates.keys.faces import Key, Trust, chain_of, is_development, issued
from lms.certificates.keys.files import (
    crls_in,
    der,
    fingerprint,
    pem,
    read_certificates,
    read_crl,
    write_whole,
)
from lms.certificates.keys.hierarchy import (
    Hierarchy,
    RootFile,
    add_key,
    current_crl,
    make_authority,
    new_file_or_token_key,
    organization_of,
    withdraw,
)
from lms.certificates.keys.opening import KeySettings, every_certificate, read_crls
from lms.certificates.keys.register import (
    ELSEWHERE,
    Entry,
    Register,
    certificates_of,
    change_register,
    read_register,
)

ROOT_LIST_ENDS_SOON = timedelta(days=30)
ACCEPTED = "accepted-"
_SPOKEN = {Role.SIGNER: "document signer", Role.STAMPER: "time stamping"}
_README = """What strangers need to check certificates of this institution, and nothing secret.

trust-root.pem    the roots to trust; compare their fingerprints with ones you got another way
stamp-roots.pem   the roots of time stamps, where they are others
keys.json         every key that ever signed, with its dates
*.pem             the certificates of these keys, each with its issuers
*.crl             revocation lists
SHA256SUMS        of all these files: sha256sum -c SHA256SUMS
"""


def begin(
    own: KeySettings, *, name: str | None, root: RootFile | None, token: str | None, now: datetime
) -> None:
    """Make an authority, its document signer and its time-stamping key.

    Args:
        name: of the institution; None for a development authority.
        token: PKCS #11 address where the document signer is made; None for a file.
    """
    make_authority(own.own, organization=name, now=now, root=root)
    add_key(own.own, Role.STAMPER, organization=name, now=now)
    add_key(own.own, Role.SIGNER, organization=name, now=now, token=token)


def rotate(
    own: KeySettings, role: Role, *, token: str | None, root: RootFile | None, now: datetime
) -> Entry:
    """Put a new key of a role into use.

    Raises:
        KeysUnusable: if there is no authority here that could certify it.
    """
    hierarchy = own.own
    if role is Role.STAMPER and not hierarchy.exists:
        hierarchy = own.stamping
    if not hierarchy.exists:
        raise KeysUnusable(
            "There is no authority here that could certify a new key. Make one with init, or ask "
            "another authority with request."
        )
    if root is not None:
        current_crl(hierarchy, Role.ROOT, now=now, root=root)
    named = organization_of(hierarchy)
    return add_key(hierarchy, role, organization=named, now=now, token=token)


def revoke(
    own: KeySettings,
    name: str,
    *,
    since: datetime,
    reason: x509.ReasonFlags,
    root: RootFile | None,
    now: datetime,
) -> Entry | None:
    """Revoke a key of the register, or the issuing authority, and replace it if it was in use.

    Returns:
        The key that is in use instead, None where there is none.

    Raises:
        KeysUnusable: if there is no such key, another authority issued it, or it was revoked.
    """
    if name == Role.ISSUING:
        certificate = own.own.certificate(Role.ISSUING)
        withdraw(own.own, certificate, since=since, reason=reason, now=now, root=root)
        return None
    register = read_register(own.folder)
    entry = register.find(name)
    if entry is None or entry.since is None:
        known = ", ".join(one.name for one in register.entries if one.since) or "none"
        raise KeysUnusable(f"There is no key {name} in the register. It knows: {known}.")
    certificate = certificates_of(own.folder, entry)[0]
    hierarchy = _issued_by(own, certificate)
    withdraw(hierarchy, certificate, since=since, reason=reason, now=now)
    change_register(own.folder, lambda found: found.ended(name, now))
    if not entry.in_use:
        return None
    return add_key(hierarchy, entry.role, organization=organization_of(hierarchy), now=now)


def _issued_by(own: KeySettings, certificate: x509.Certificate) -> Hierarchy:
    stamping = own.stamping
    if stamping.exists and issued(stamping.certificate(Role.ISSUING), certificate):
        return stamping
    if not own.own.exists:
        raise KeysUnusable(
            "Another authority issued this certificate, so only it can revoke it. When it has, "
            "bring its list: lms certificates keys accept LIST.crl"
        )
    return own.own


def public_files(own: KeySettings, *, more: Mapping[str, bytes], now: datetime) -> dict[str, bytes]:
    """Return everything that checks need and that is no secret, by file name.

    Args:
        more: what other rooms of the house add; it is summed with the rest.
    """
    for hierarchy in (own.own, own.stamping):
        for role in (Role.ROOT, Role.ISSUING):
            if hierarchy.exists:
                current_crl(hierarchy, role, now=now)
    files = {"README": _README.encode(), **more}
    for place in (own.data / "trust-root.pem", own.folder / "stamp-roots.pem"):
        if place.exists():
            files[place.name] = place.read_bytes()
    register = read_register(own.folder)
    for entry in register.entries:
        if entry.since is not None:
            path = certificates_of(own.folder, entry)
            files[f"{entry.name}.pem"] = b"".join(map(pem, path))
    for file in sorted(own.folder.glob("*.crl")):
        files[file.name] = file.read_bytes()
    told = [_told(own, entry) for entry in register.entries if entry.since is not None]
    files["keys.json"] = json.dumps(told, indent=1).encode() + b"\n"
    sums = (f"{sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()))
    files["SHA256SUMS"] = "".join(sums).encode()
    return files


def _told(own: KeySettings, entry: Entry) -> dict[str, str | None]:
    certificate = certificates_of(own.folder, entry)[0]
    withdrawn = Trust((), read_crls(own.folder)).withdrawn(certificate)
    return {
        "name": entry.name,
        "role": entry.role,
        "in_use_from": entry.since.isoformat() if entry.since else None,
        "in_use_until": entry.until.isoformat() if entry.until else None,
        "revoked_from": withdrawn.since.isoformat() if withdrawn else None,
        "valid_until": certificate.not_valid_after_utc.isoformat(),
        "sha256": fingerprint(certificate),
    }


def described(own: KeySettings) -> list[str]:
    """Return the register in lines for people, oldest key first."""
    lines = []
    for entry in read_register(own.folder).entries:
        if entry.since is None:
            lines.append(f"{entry.name}: waits for its certificate ({_SPOKEN[entry.role]})")
            continue
        told = _told(own, entry)
        state = f"in use since {entry.since:%Y-%m-%d}"
        if entry.until:
            state = f"was in use {entry.since:%Y-%m-%d} to {entry.until:%Y-%m-%d}"
        if told["revoked_from"]:
            state += f", REVOKED from {told['revoked_from']} on"
        where = "in a token" if entry.place.startswith("pkcs11:") else f"({entry.place})"
        until = (told["valid_until"] or "")[:10]
        lines.append(f"{entry.name}: {_SPOKEN[entry.role]}, {state}; valid until {until} {where}")
    return lines or ["No key has signed here yet."]


def problems(own: KeySettings, *, now: datetime) -> list[str]:
    """Return what is wrong with the keys in the folder, in sentences with what to do."""
    found = [
        f"{file} can be read by others. Type: chmod 600 {file}"
        for file in sorted(own.folder.glob("*.key"))
        if file.stat().st_mode & 0o077
    ]
    for hierarchy in (own.own, own.stamping):
        if hierarchy.exists:
            found += _problems_of(hierarchy, own, now)
    for entry in read_register(own.folder).entries:
        if entry.in_use and entry.place != ELSEWHERE:
            found += _unusable(own.folder, entry, own.secrets)
    for file in sorted(own.folder.glob(f"{ACCEPTED}*.crl")):
        ends = read_crl(file).next_update_utc
        if ends is not None and ends < now:
            found.append(
                f"{file.name} ended on {ends:%Y-%m-%d}. Ask its authority for the next one: "
                "lms certificates keys accept LIST.crl"
            )
    return found


def _problems_of(hierarchy: Hierarchy, own: KeySettings, now: datetime) -> list[str]:
    found = []
    real = not is_development(hierarchy.certificate(Role.ROOT)) and not hierarchy.before
    key = hierarchy.file(Role.ROOT, "key")
    if real and key.exists():
        found.append(f"{key} is the root's key. Take it off this server.")
    ends = read_crl(hierarchy.file(Role.ROOT, "crl")).next_update_utc
    if not key.exists() and ends is not None and ends - now < ROOT_LIST_ENDS_SOON:
        found.append(
            f"The root's revocation list ends on {ends:%Y-%m-%d}. Sign the next one together with "
            "a new signer: lms certificates keys rotate --root-file ROOT.P12"
        )
    issuing = hierarchy.certificate(Role.ISSUING)
    if Trust((), read_crls(own.folder)).revoked(issuing):
        found.append(
            "The issuing authority is revoked. Move the folder away and make new keys with init."
        )
    return found


def _unusable(folder: Path, entry: Entry, secrets: Secrets) -> list[str]:
    try:
        key = open_key(entry.place, folder / f"{entry.name}.key", secrets)
    except KeysUnusable as error:
        return [str(error)]
    if key.public != certificates_of(folder, entry)[0].public_key():
        return [f"{entry.name}: key and certificate do not belong together."]
    return []


def request(
    own: KeySettings, *, name: str, token: str | None, now: datetime
) -> tuple[Entry, bytes]:
    """Make a signing key that waits, and what another authority is asked to certify (PEM)."""
    own.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made: list[tuple[Entry, Key]] = []

    def add(register: Register) -> Register:
        called = register.free_name(Role.SIGNER, now.year)
        key = new_file_or_token_key(own.folder / f"{called}.key", own.secrets, token)
        entry = Entry(called, Role.SIGNER, token or IN_FILE, None)
        made.append((entry, key))
        return Register((*register.entries, entry))

    change_register(own.folder, add)
    entry, key = made[0]
    number = entry.name.removeprefix(f"{Role.SIGNER}-")
    asked = make_request(_private(key), subject(name, Role.SIGNER, number))
    return entry, asked.public_bytes(serialization.Encoding.PEM)


def _private(key: Key) -> rsa.RSAPrivateKey:
    if isinstance(key, FileKey):
        return key.private
    from lms.certificates.keys.pkcs11 import Borrowed

    return Borrowed(key)


def accept(own: KeySettings, files: Sequence[Path], *, now: datetime) -> list[str]:
    """Bring certificates for keys that wait, and revocation lists; say what was taken.

    Raises:
        KeysUnusable: if something does not fit, with what and why; nothing is taken then.
    """
    certificates: list[x509.Certificate] = []
    lists: list[x509.CertificateRevocationList] = []
    for file in files:
        found, listed = _read(file)
        certificates += found
        lists += listed
    own.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    taken = _matched(own, tuple(certificates), now) if certificates else None
    authorities = (*certificates, *every_certificate(own.folder))
    for crl in lists:
        _check_list(crl, authorities)
    said = [_take_list(own.folder, crl) for crl in lists]
    return [*([_take_certificate(own.folder, *taken, now)] if taken else []), *said]


def _read(
    file: Path,
) -> tuple[tuple[x509.Certificate, ...], tuple[x509.CertificateRevocationList, ...]]:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise KeysUnusable(f"{file} cannot be read: {error.strerror}.") from error
    if b"-----BEGIN" not in data:
        return (), (read_crl(file),)
    certificates = read_certificates(file) if b"-----BEGIN CERTIFICATE-----" in data else ()
    lists = crls_in(file)
    if not (certificates or lists):
        raise KeysUnusable(f"{file} holds neither certificates nor revocation lists in PEM form.")
    return certificates, lists


def _matched(
    own: KeySettings, certificates: tuple[x509.Certificate, ...], now: datetime
) -> tuple[Entry, tuple[x509.Certificate, ...]]:
    for entry in read_register(own.folder).waiting():
        key = open_key(entry.place, own.folder / f"{entry.name}.key", own.secrets)
        for one in certificates:
            if one.public_key() == key.public:
                return entry, _whole_path(one, certificates, now)
    raise KeysUnusable(
        "None of these certificates belongs to a key that waits here. Make a key and a request "
        "with lms certificates keys request, and bring the answer to that."
    )


def _whole_path(
    own: x509.Certificate, certificates: tuple[x509.Certificate, ...], now: datetime
) -> tuple[x509.Certificate, ...]:
    path = (own, *chain_of(own, certificates))
    if path[-1].issuer != path[-1].subject:
        missing = path[-1].issuer.rfc4514_string()
        raise KeysUnusable(
            f"The way up to the root ends early: the certificate of {missing} lacks."
        )
    for one in path:
        if not one.not_valid_before_utc <= now <= one.not_valid_after_utc:
            name = one.subject.rfc4514_string()
            raise KeysUnusable(f"The certificate of {name} is not valid today.")
    if not _may_sign(own):
        raise KeysUnusable(
            "This certificate may not sign documents: its key usage needs digitalSignature or "
            "nonRepudiation. Ask the authority for another one."
        )
    return path


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment


def _take_certificate(
    folder: Path, entry: Entry, path: tuple[x509.Certificate, ...], now: datetime
) -> str:
    write_whole(folder / f"{entry.name}.pem", b"".join(map(pem, path)))
    change_register(folder, lambda register: register.with_new(replace(entry, since=now), now))
    return f"{entry.name} is in use, certified by {path[0].issuer.rfc4514_string()}."


def _check_list(
    crl: x509.CertificateRevocationList, authorities: Iterable[x509.Certificate]
) -> None:
    named = [one for one in authorities if one.subject == crl.issuer]
    if not any(crl.is_signature_valid(one.public_key()) for one in named):  # type: ignore[arg-type]
        raise KeysUnusable(
            f"The revocation list of {crl.issuer.rfc4514_string()} is signed by no authority that "
            "is known here."
        )


def _take_list(folder: Path, crl: x509.CertificateRevocationList) -> str:
    name = crl.issuer.rfc4514_string()
    file = folder / f"{ACCEPTED}{sha256(crl.issuer.public_bytes()).hexdigest()[:16]}.crl"
    if file.exists() and read_crl(file).last_update_utc > crl.last_update_utc:
        raise KeysUnusable(f"There is a newer revocation list of {name} here already.")
    write_whole(file, der(crl))
    ends = crl.next_update_utc
    return f"Took the revocation list of {name}" + (
        f", good until {ends:%Y-%m-%d}." if ends else "."
    )
