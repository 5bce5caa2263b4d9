"""The small face of whatever signs, and what a check trusts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import rsa

DEVELOPMENT = "UNTRUSTED DEVELOPMENT AUTHORITY"
KEY_SIZE = 3072


class Key(Protocol):
    """A private RSA key, wherever it is kept: a file, a token, a key service.

    A further kind of keeping is one class with these two, and its word in `backends.open_key`.
    """

    @property
    def public(self) -> rsa.RSAPublicKey: ...

    def sign(self, data: bytes) -> bytes:
        """Return the PKCS #1 v1.5 signature over the SHA-256 of the data."""
        ...


@dataclass(frozen=True)
class Signer:
    """What signs: a key, its certificate, and the way up to the root.

    Args:
        chain: the issuing certificates, from the signer's own issuer up to the root.
    """

    key: Key
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    def sign(self, data: bytes) -> bytes:
        """Return the PKCS #1 v1.5 signature over the SHA-256 of the data."""
        return self.key.sign(data)

    @property
    def root(self) -> x509.Certificate:
        return self.chain[-1] if self.chain else self.certificate

    @property
    def development(self) -> bool:
        return is_development(self.root)


@dataclass(frozen=True)
class Withdrawn:
    """A certificate's place on a revocation list.

    Args:
        since: from this moment on, what it signs does not count.
        compromised: somebody else may have the key, so that the moments that it states itself
            prove nothing. True where the list gives no reason.
    """

    since: datetime
    compromised: bool


@dataclass(frozen=True)
class Trust:
    """What a check trusts: the roots that were named, and lists of withdrawn certificates.

    Args:
        stamp_roots: roots of time-stamping authorities, beside the roots, which count there too.
    """

    roots: tuple[x509.Certificate, ...]
    crls: tuple[x509.CertificateRevocationList, ...] = ()
    stamp_roots: tuple[x509.Certificate, ...] = ()

    def withdrawn(self, certificate: x509.Certificate) -> Withdrawn | None:
        """Return since when a certificate is withdrawn by its issuer's lists, or None."""
        found = [
            _withdrawn(entry)
            for crl in self.crls
            if crl.issuer == certificate.issuer
            and (entry := crl.get_revoked_certificate_by_serial_number(certificate.serial_number))
        ]
        return min(found, key=lambda one: one.since, default=None)

    def revoked(self, certificate: x509.Certificate) -> bool:
        return self.withdrawn(certificate) is not None


_NOT_COMPROMISED = {
    x509.ReasonFlags.superseded,
    x509.ReasonFlags.cessation_of_operation,
    x509.ReasonFlags.affiliation_changed,
}


def _withdrawn(entry: x509.RevokedCertificate) -> Withdrawn:
    try:
        reason = entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except x509.ExtensionNotFound:
        reason = x509.ReasonFlags.unspecified
    return Withdrawn(entry.revocation_date_utc, reason not in _NOT_COMPROMISED)


def is_development(root: x509.Certificate) -> bool:
    """Tell whether a root says of itself that it is a development authority."""
    return any(DEVELOPMENT in str(attribute.value) for attribute in root.subject)


def chain_of(
    leaf: x509.Certificate, others: tuple[x509.Certificate, ...]
) -> tuple[x509.Certificate, ...]:
    """Return the issuers of a certificate among others, upwards as far as they lead."""
    chain: list[x509.Certificate] = []
    at = leaf
    while at.issuer != at.subject:
        above = next((one for one in others if issued(one, at)), None)
        if above is None or above in chain:
            break
        chain.append(above)
        at = above
    return tuple(chain)


def issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    """Tell whether the one signed the other."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
