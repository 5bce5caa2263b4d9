"""Bytes of a file to a finding: whose signature it carries, and whether anything was changed."""

import logging
import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from io import BytesIO
from itertools import pairwise

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import (
    PdfSignatureStatus,
    SignatureCoverageLevel,
    SignatureStatus,
)
from pyhanko_certvalidator import ValidationContext

from lms.certificates import quicker
from lms.certificates.domain import RECORD_NAME, Facts, FileFinding, parse_record
from lms.certificates.domain.badging import BADGE_NAME
from lms.certificates.keys import Trust, der, is_development
from lms.certificates.oneform import document_container, stamp_container
from lms.certificates.stamping import as_asn1

quicker.install()
LARGEST = 5 * 1024 * 1024
LARGEST_RECORD = 64 * 1024
LARGEST_BADGE = 256 * 1024
LARGEST_KEPT = 16 * 1024
# Every refused file would else be logged with a traceback; our finding says all that matters.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

SIGNS_DOCUMENTS = KeyUsageConstraints(
    key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
)


class Level(StrEnum):
    """PAdES baseline levels (ETSI EN 319 142-1); each holds what the one before it holds."""

    B_B = "B-B"
    B_T = "B-T"
    B_LT = "B-LT"

    def reaches(self, other: "Level") -> bool:
        order = list(Level)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True)
class Examination:
    """What a file is. Code, facts and moment are there only where the finding is INTACT.

    Args:
        signed_at: the moment that the signer states.
        development: the root that the signature leads to is a development authority.
        stamped_at: the moment that a trusted time stamp proves; None where nothing proves one.
        level: how much of what a later check needs is in the file.
        badge: the signed badge that the file carries, None where it carries none. The signature of
            the file vouches for it; what it says is not looked at here.
    """

    finding: FileFinding
    code: str | None = None
    facts: Facts | None = None
    signed_at: datetime | None = None
    development: bool = False
    stamped_at: datetime | None = None
    level: Level | None = None
    badge: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class _Told:
    data: bytes
    trust: Trust
    now: datetime


def examine(data: bytes, trust: Trust, *, now: datetime) -> Examination:
    """Judge a file by its signature alone, with the named roots only; nothing is fetched.

    The answer INTACT means: exactly one signature; it covers every byte of the file; its container
    is in the one form that a signer writes; it leads to a named root through a signer that was not
    withdrawn at the proven moment; the time stamp, which must be there where the file holds
    evidence for later, leads to a named root too; and the file holds the record of a certificate.
    """
    if len(data) > LARGEST or not data.startswith(b"%PDF-"):
        return Examination(FileFinding.UNREADABLE)
    try:
        reader = PdfFileReader(BytesIO(data), strict=True)
        found = [] if reader.encrypted else list(reader.embedded_signatures)
    except Exception:  # noqa: BLE001 - a hostile file can raise anything
        return Examination(FileFinding.UNREADABLE)
    if reader.encrypted:
        return Examination(FileFinding.UNREADABLE)
    if len(found) != 1:
        return Examination(FileFinding.ALTERED if found else FileFinding.NOT_SIGNED)
    try:
        return _judge(reader, found[0], _Told(data, trust, now))
    except Exception:  # noqa: BLE001 - what cannot be judged is not good
        return Examination(FileFinding.ALTERED)


def _judge(reader: PdfFileReader, signature: EmbeddedPdfSignature, told: _Told) -> Examination:
    claimed = signature.self_reported_timestamp
    stamp = _stamp_of(signature)
    moment = _said_by(stamp) if stamp is not None else claimed
    status = _validate(signature, told.trust, min(moment, told.now) if moment else told.now)
    if not (status.intact and status.valid):
        return Examination(FileFinding.ALTERED)
    anchor = _anchor(status, told.trust)
    if anchor is None:
        return Examination(FileFinding.UNKNOWN_SIGNER)
    if status.coverage is SignatureCoverageLevel.ENTIRE_REVISION:
        return Examination(FileFinding.ADDED_TO)
    promised = "/DSS" in reader.root
    if (promised and stamp is None) or (stamp is not None and not _stamped(status)):
        return Examination(FileFinding.ALTERED)
    if not _covers_all(status, told.data, signature, stamp):
        return Examination(FileFinding.ALTERED)
    proven = _proven(status, told.trust)
    if _withdrawn(_path_of(status), told.trust, proven):
        return Examination(FileFinding.SIGNER_REVOKED)
    if not status.bottom_line:
        return Examination(FileFinding.ALTERED)
    record = _attached(reader, RECORD_NAME, LARGEST_RECORD)
    read = parse_record(record) if record is not None else None
    if read is None:
        return Examination(FileFinding.UNREADABLE)
    code, facts = read
    return Examination(
        FileFinding.INTACT,
        code,
        facts,
        claimed,
        development=is_development(anchor),
        stamped_at=proven,
        level=_level(reader, status) if promised else Level.B_T if stamp else Level.B_B,
        badge=_attached(reader, BADGE_NAME, LARGEST_BADGE),
    )


def _stamp_of(signature: EmbeddedPdfSignature) -> cms.ContentInfo | None:
    """Return the time stamp that the container carries; it is not checked yet."""
    for attribute in signature.signer_info["unsigned_attrs"]:
        if attribute["type"].native == "signature_time_stamp_token":
            return attribute["values"][0]
    return None


def _said_by(stamp: cms.ContentInfo) -> datetime:
    moment = stamp["content"]["encap_content_info"]["content"].parsed["gen_time"].native
    assert isinstance(moment, datetime)
    return moment


def _validate(
    signature: EmbeddedPdfSignature, trust: Trust, moment: datetime
) -> PdfSignatureStatus:
    """Run pyHanko as of the moment of signing, so that a signature outlives its certificate."""
    documents, stamps = (
        ValidationContext(
            trust_roots=[as_asn1(root) for root in roots],
            allow_fetching=False,
            revocation_mode="soft-fail",
            moment=moment,
        )
        for roots in (trust.roots, (*trust.roots, *trust.stamp_roots))
    )
    return validate_pdf_signature(
        signature,
        documents,
        stamps,
        key_usage_settings=SIGNS_DOCUMENTS,
        skip_diff=False,
    )


def _anchor(status: PdfSignatureStatus, trust: Trust) -> x509.Certificate | None:
    """Return the named root that the signature leads to; None for a key that may only stamp."""
    if not status.trusted or status.validation_path is None:
        return None
    purposes = status.signing_cert.extended_key_usage_value
    if purposes is not None and set(purposes.native) == {"time_stamping"}:
        return None
    top = status.validation_path.first.dump()
    return next((root for root in trust.roots if der(root) == top), None)


def _stamped(status: PdfSignatureStatus) -> bool:
    stamp = status.timestamp_validity
    return stamp is not None and stamp.intact and stamp.valid and stamp.trusted


def _path_of(status: SignatureStatus) -> tuple[x509.Certificate, ...]:
    """Return the certificates from the signing one up to the root."""
    assert status.validation_path is not None
    upwards = reversed(list(status.validation_path.iter_certs(include_root=True)))
    return tuple(_certificate(one.dump()) for one in upwards)


def _proven(status: PdfSignatureStatus, trust: Trust) -> datetime | None:
    """Return the moment that a time stamp proves, None where nothing proves one.

    A stamping key that somebody else may have proves nothing; one that was only replaced proves
    what it stamped before.
    """
    stamp = status.timestamp_validity
    if stamp is None or not _stamped(status):
        return None
    moment = stamp.timestamp
    for one in _path_of(stamp):
        found = trust.withdrawn(one)
        if found is not None and (found.compromised or moment >= found.since):
            return None
    return moment


def _withdrawn(path: tuple[x509.Certificate, ...], trust: Trust, proven: datetime | None) -> bool:
    """Tell whether a certificate on the way was withdrawn before the signature can be proven."""
    found = (trust.withdrawn(one) for one in path)
    return any(one is not None and (proven is None or proven >= one.since) for one in found)


def _covers_all(
    status: PdfSignatureStatus,
    data: bytes,
    signature: EmbeddedPdfSignature,
    stamp: cms.ContentInfo | None,
) -> bool:
    if status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        return False
    start, first, second, rest = (int(value) for value in signature.byte_range)
    hole = data[first:second]
    return start == 0 and second + rest == len(data) and _one_form(hole, status, stamp)


def _one_form(hole: bytes, status: PdfSignatureStatus, stamp: cms.ContentInfo | None) -> bool:
    """Tell whether the container is written in the one way that our signer writes it.

    The signature does not cover its own container. Small letters among the hexadecimal digits,
    figures in the padding, or a changed certificate that nobody needs would go unseen, so none of
    them is allowed.
    """
    if not re.fullmatch(rb"<[0-9A-F]+>", hole):
        return False
    raw = bytes.fromhex(hole[1:-1].decode())
    written = None
    if stamp is not None:
        assert status.timestamp_validity is not None
        written = stamp_container(stamp, _needed(status.timestamp_validity))
    info = cms.ContentInfo.load(raw)["content"]["signer_infos"][0]
    rebuilt = document_container(
        info["signed_attrs"].dump(), info["signature"].native, _needed(status), written
    )
    return raw.startswith(rebuilt) and not any(raw[len(rebuilt) :])


def _needed(status: SignatureStatus) -> list[asn1_x509.Certificate]:
    """Return the signing certificate, and those on its way up to the root, without it."""
    assert status.validation_path is not None
    return [status.signing_cert, *status.validation_path.iter_certs(include_root=False)]


def _level(reader: PdfFileReader, status: PdfSignatureStatus) -> Level:
    """Return B-LT where the file holds a list of every issuer on both ways up, else B-T."""
    stamp = status.timestamp_validity
    assert stamp is not None
    lists = [
        bytes(reference.get_object().data) for reference in reader.root["/DSS"].get("/CRLs", ())
    ]
    for path in (_path_of(status), _path_of(stamp)):
        for one, issuer in pairwise(path):
            if not any(_lists_of(crl, one, issuer) for crl in lists):
                return Level.B_T
    return Level.B_LT


def _lists_of(crl: bytes, one: x509.Certificate, issuer: x509.Certificate) -> bool:
    if len(crl) > LARGEST_KEPT:
        return _signed_by(crl, one, issuer)
    return _signed_by_kept(crl, one, issuer)


def _signed_by(crl: bytes, one: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Tell whether a list is one of the issuer of a certificate, by name and by signature."""
    read, key = x509.load_der_x509_crl(crl), issuer.public_key()
    return read.issuer == one.issuer and read.is_signature_valid(key)  # type: ignore[arg-type]


# The same few lists and certificates are in every file of a house; what they are depends on their
# bytes alone.
_signed_by_kept = lru_cache(maxsize=128)(_signed_by)
_certificate_kept = lru_cache(maxsize=128)(x509.load_der_x509_certificate)


def _certificate(data: bytes) -> x509.Certificate:
    if len(data) > LARGEST_KEPT:
        return x509.load_der_x509_certificate(data)
    return _certificate_kept(data)


def _attached(reader: PdfFileReader, name: str, most: int) -> bytes | None:
    """Return an attached file by its name; None where there is none, or it is too large."""
    try:
        names = list(reader.root["/Names"]["/EmbeddedFiles"]["/Names"])
    except KeyError:
        return None
    for entry in names[1::2]:
        spec = entry.get_object()
        if str(spec.get("/UF", "")) == name:
            raw = bytes(spec["/EF"]["/F"].data)
            return raw if len(raw) <= most else None
    return None
