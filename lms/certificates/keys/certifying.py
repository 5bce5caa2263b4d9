"""Certificates, requests and revocation lists, as NSS, OpenSSL, Acrobat and pyHanko accept them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from lms.certificates.keys.faces import DEVELOPMENT, KEY_SIZE

DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
ADOBE_AUTHENTIC_DOCUMENTS = x509.ObjectIdentifier("1.2.840.113583.1.1.5")
YEAR = timedelta(days=365)
BACKDATED = timedelta(days=1)  # clocks differ
LONGEST_NAME = 40  # with the role behind it a common name may have 64 letters


class Role(StrEnum):
    """What a key is for."""

    ROOT = "root"
    ISSUING = "issuing"
    SIGNER = "signer"
    STAMPER = "stamper"

    @property
    def authority(self) -> bool:
        return self in (Role.ROOT, Role.ISSUING)


LIVES = {
    Role.ROOT: 30 * YEAR,
    Role.ISSUING: 30 * YEAR,
    Role.SIGNER: 3 * YEAR,
    Role.STAMPER: 10 * YEAR,
}
_SPOKEN = {
    Role.ROOT: "root",
    Role.ISSUING: "issuing authority",
    Role.SIGNER: "document signer",
    Role.STAMPER: "time stamping",
}


@dataclass(frozen=True)
class Issuer:
    """An authority that signs: its key, its certificate, and where its things are published.

    Args:
        place: the address before ".crl" and ".cer".
    """

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate
    place: str


def new_key(bits: int = KEY_SIZE) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def subject(organization: str | None, role: Role, number: str = "") -> x509.Name:
    """Return the name in a certificate; without an organization it says DEVELOPMENT."""
    who = organization or DEVELOPMENT
    whole = organization or f"Concord {DEVELOPMENT}"
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, whole),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{who} {_SPOKEN[role]} {number}".strip()),
        ]
    )


def certify_root(key: rsa.RSAPrivateKey, name: x509.Name, now: datetime) -> x509.Certificate:
    builder = _begun(Role.ROOT, key.public_key(), name, name, now)
    return builder.sign(key, hashes.SHA256())


def certify(
    role: Role, public: rsa.RSAPublicKey, name: x509.Name, issuer: Issuer, now: datetime
) -> x509.Certificate:
    """Certify a key for its role, and name where the issuer publishes its own things."""
    builder = _begun(role, public, name, issuer.certificate.subject, now)
    above = issuer.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    lists = x509.UniformResourceIdentifier(f"{issuer.place}.crl")
    described = x509.AccessDescription(
        AuthorityInformationAccessOID.CA_ISSUERS,
        x509.UniformResourceIdentifier(f"{issuer.place}.cer"),
    )
    builder = (
        builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(above), False
        )
        .add_extension(
            x509.CRLDistributionPoints([x509.DistributionPoint([lists], None, None, None)]), False
        )
        .add_extension(x509.AuthorityInformationAccess([described]), False)
    )
    return builder.sign(issuer.key, hashes.SHA256())


def make_request(
    key: rsa.RSAPrivateKey, name: x509.Name, role: Role = Role.SIGNER
) -> x509.CertificateSigningRequest:
    """Return what another authority is asked to certify."""
    builder = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(name)
        .add_extension(x509.BasicConstraints(False, None), True)
        .add_extension(_key_usage(role), True)
        .add_extension(x509.ExtendedKeyUsage(_purposes(role)), role is Role.STAMPER)
    )
    return builder.sign(key, hashes.SHA256())


def make_crl(
    issuer: Issuer,
    now: datetime,
    life: timedelta,
    old: x509.CertificateRevocationList | None = None,
    revoked: Iterable[x509.RevokedCertificate] = (),
) -> x509.CertificateRevocationList:
    """Sign the list: what stood on the old one, and what is withdrawn now."""
    number = 1
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuer.certificate.subject)
    if old is not None:
        number += old.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    for entry in (*(old or ()), *revoked):
        builder = builder.add_revoked_certificate(entry)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
    return (
        builder.last_update(now)
        .next_update(now + life)
        .add_extension(x509.CRLNumber(number), False)
        .add_extension(identifier, False)
        .sign(issuer.key, hashes.SHA256())
    )


def crl_entry(
    certificate: x509.Certificate, since: datetime, reason: x509.ReasonFlags
) -> x509.RevokedCertificate:
    return (
        x509.RevokedCertificateBuilder(certificate.serial_number, since)
        .add_extension(x509.CRLReason(reason), False)
        .build()
    )


def _begun(
    role: Role, public: rsa.RSAPublicKey, name: x509.Name, issuer: x509.Name, now: datetime
) -> x509.CertificateBuilder:
    start = now.replace(microsecond=0) - BACKDATED
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + LIVES[role])
        .add_extension(
            x509.BasicConstraints(role.authority, 0 if role is Role.ISSUING else None), True
        )
        .add_extension(_key_usage(role), True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), False)
    )
    if not role.authority:
        # RFC 3161 asks that the one purpose of a time-stamping certificate is critical
        builder = builder.add_extension(
            x509.ExtendedKeyUsage(_purposes(role)), role is Role.STAMPER
        )
    return builder


def _purposes(role: Role) -> list[x509.ObjectIdentifier]:
    if role is Role.STAMPER:
        return [ExtendedKeyUsageOID.TIME_STAMPING]
    # NSS (pdfsig, Okular) judges document signatures as mail: without emailProtection it says
    # "unknown issue".
    return [DOCUMENT_SIGNING, ADOBE_AUTHENTIC_DOCUMENTS, ExtendedKeyUsageOID.EMAIL_PROTECTION]


def _key_usage(role: Role) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not role.authority,
        content_commitment=role is Role.SIGNER,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=role.authority,
        crl_sign=role.authority,
        encipher_only=False,
        decipher_only=False,
    )
