"""Bytes of a file to a finding: whose signature it carries, and whether anything was changed."""

import logging
import re
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from asn1crypto import algos, cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from lms.certificates import signing
from lms.certificates.domain import RECORD_NAME, Facts, FileFinding, parse_record
from lms.certificates.keys import Trust, is_development

LARGEST = 5 * 1024 * 1024
LARGEST_RECORD = 64 * 1024
# Every refused file would else be logged with a traceback; our finding says all that matters.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

SIGNS_DOCUMENTS = KeyUsageConstraints(
    key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
)


@dataclass(frozen=True)
class Examination:
    """What a file is. Code, facts and moment are there only where the finding is INTACT.

    Args:
        development: the root that the signature leads to is a development authority.
    """

    finding: FileFinding
    code: str | None = None
    facts: Facts | None = None
    signed_at: datetime | None = None
    development: bool = False


def examine(data: bytes, trust: Trust, *, now: datetime) -> Examination:
    """Judge a file by its signature alone, with the named roots only; nothing is fetched.

    The answer INTACT means: exactly one signature; it covers every byte of the file; its container
    is in the one form that a signer writes; it leads to a named root through a signer that is not
    withdrawn; and the file holds the record of a certificate.
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
        return _judge(data, reader, found[0], trust, now)
    except Exception:  # noqa: BLE001 - what cannot be judged is not good
        return Examination(FileFinding.ALTERED)


def _judge(
    data: bytes,
    reader: PdfFileReader,
    signature: EmbeddedPdfSignature,
    trust: Trust,
    now: datetime,
) -> Examination:
    claimed = signature.self_reported_timestamp
    status = _validate(signature, trust, min(claimed, now) if claimed else now)
    if not (status.intact and status.valid):
        return Examination(FileFinding.ALTERED)
    anchor = _anchor(status, trust)
    if anchor is None:
        return Examination(FileFinding.UNKNOWN_SIGNER)
    if status.coverage is SignatureCoverageLevel.ENTIRE_REVISION:
        return Examination(FileFinding.ADDED_TO)
    if not _covers_all(status, data, signature):
        return Examination(FileFinding.ALTERED)
    signer = x509.load_der_x509_certificate(status.signing_cert.dump())
    if trust.revoked(signer):
        return Examination(FileFinding.SIGNER_REVOKED)
    if not status.bottom_line:
        return Examination(FileFinding.ALTERED)
    read = _read_record(reader)
    if read is None:
        return Examination(FileFinding.UNREADABLE)
    code, facts = read
    return Examination(FileFinding.INTACT, code, facts, claimed, is_development(anchor))


def _validate(
    signature: EmbeddedPdfSignature, trust: Trust, moment: datetime
) -> PdfSignatureStatus:
    """Run pyHanko as of the moment of signing, so that a signature outlives its certificate."""
    context = ValidationContext(
        trust_roots=[_asn1(root) for root in trust.roots],
        allow_fetching=False,
        revocation_mode="soft-fail",
        moment=moment,
    )
    return validate_pdf_signature(
        signature, context, key_usage_settings=SIGNS_DOCUMENTS, skip_diff=False
    )


def _anchor(status: PdfSignatureStatus, trust: Trust) -> x509.Certificate | None:
    if not status.trusted or status.validation_path is None:
        return None
    top = status.validation_path.first.dump()
    return next((root for root in trust.roots if root.public_bytes(Encoding.DER) == top), None)


def _covers_all(status: PdfSignatureStatus, data: bytes, signature: EmbeddedPdfSignature) -> bool:
    if status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        return False
    start, first, second, rest = (int(value) for value in signature.byte_range)
    hole = data[first:second]
    return start == 0 and second + rest == len(data) and _one_form(hole, status)


def _one_form(hole: bytes, status: PdfSignatureStatus) -> bool:
    """Tell whether the container is written in the one way that our signer writes it.

    The signature does not cover its own container. Small letters among the hexadecimal digits,
    figures in the padding, or a changed certificate that nobody needs would go unseen, so none of
    them is allowed.
    """
    if not re.fullmatch(rb"<[0-9A-F]+>", hole):
        return False
    raw = bytes.fromhex(hole[1:-1].decode())
    container = cms.ContentInfo.load(raw)
    rebuilt = _rebuilt(container["content"], status)
    return rebuilt is not None and raw.startswith(rebuilt) and not any(raw[len(rebuilt) :])


def _rebuilt(signed: cms.SignedData, status: PdfSignatureStatus) -> bytes | None:
    """Write the container anew from what was checked: signed attributes, signature, path.

    Returns:
        Its bytes, or None where it holds certificates or attributes beyond those.
    """
    info, path = signed["signer_infos"][0], status.validation_path
    assert path is not None
    needed = [status.signing_cert, *path.iter_certs(include_root=False)]
    held = [choice.chosen.dump() for choice in signed["certificates"]]
    if sorted(held) != sorted({certificate.dump() for certificate in needed}):
        return None
    if len(info["unsigned_attrs"]):
        return None
    algorithm = algos.DigestAlgorithm({"algorithm": signing.DIGEST})
    sid = cms.IssuerAndSerialNumber(
        {
            "issuer": status.signing_cert.issuer,
            "serial_number": status.signing_cert.serial_number,
        }
    )
    signer_info = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier({"issuer_and_serial_number": sid}),
            "digest_algorithm": algorithm,
            "signed_attrs": info["signed_attrs"],
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": signing.MECHANISM}),
            "signature": info["signature"],
        }
    )
    content = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": cms.DigestAlgorithms([algorithm]),
            "encap_content_info": {"content_type": "data"},
            "certificates": signed["certificates"],
            "signer_infos": [signer_info],
        }
    )
    return cms.ContentInfo({"content_type": "signed_data", "content": content}).dump()


def _read_record(reader: PdfFileReader) -> tuple[str, Facts] | None:
    """Read the attached record; None where it is missing, too large or not in its one form."""
    try:
        names = list(reader.root["/Names"]["/EmbeddedFiles"]["/Names"])
    except KeyError:
        return None
    for entry in names[1::2]:
        spec = entry.get_object()
        if str(spec.get("/UF", "")) != RECORD_NAME:
            continue
        raw = spec["/EF"]["/F"].data
        if len(raw) > LARGEST_RECORD:
            return None
        return parse_record(raw)
    return None


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
