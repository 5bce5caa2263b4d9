"""An archive copy: the file as it was handed out, and behind it fresh lists and a time stamp.

This is level B-LTA (ETSI EN 319 142-1). The file that people hold is never changed: some readers
call anything behind its signature a change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.validation import validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.status import SignatureCoverageLevel

from lms.certificates.archive.stamps import Stamped, context_of, was_withdrawn
from lms.certificates.keys import Trust
from lms.certificates.oneform import DIGEST
from lms.certificates.signing import Evidence, Stamper

FIELD = "ArchiveStamp"


@dataclass(frozen=True)
class Judged:
    """What a copy is; problem is "" where all is well, else a sentence.

    Args:
        stamps: those behind the signature, oldest first.
    """

    problem: str
    stamps: tuple[Stamped, ...] = ()


def certificates_in(data: bytes) -> tuple[x509.Certificate, ...]:
    """Return the certificates that a file carries as evidence."""
    reader = PdfFileReader(BytesIO(data))
    packed = reader.root["/DSS"].get("/Certs", ()) if "/DSS" in reader.root else ()
    return tuple(
        x509.load_der_x509_certificate(reference.get_object().data) for reference in packed
    )


def renewed(data: bytes, evidence: Evidence, stamper: Stamper) -> bytes:
    """Return a file with evidence and a time stamp over all of it behind it.

    Raises:
        CannotStamp: if the time-stamping authority does not do its part.
    """
    writer = IncrementalPdfFileWriter(BytesIO(data))
    writer._update_meta = lambda: None  # type: ignore[method-assign]  # it would break PDF/A
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        certs=[asn1_x509.Certificate.load(one) for one in evidence.certificates],
        crls=[asn1_crl.CertificateList.load(one) for one in evidence.crls],
    )
    number = sum(1 for _ in PdfFileReader(BytesIO(data)).embedded_timestamp_signatures) + 1
    maker = PdfTimeStamper(stamper, field_name=f"{FIELD}{number}")
    out = maker.timestamp_pdf(writer, DIGEST, bytes_reserved=2 * stamper.room)
    return bytes(out.getvalue())


def judge(copy: bytes, original: bytes, trust: Trust) -> Judged:
    """Check that a copy begins with the original and that each stamp behind it holds.

    Each stamp is judged as of its own moment; a later one vouches for it from then on.
    """
    if not copy.startswith(original):
        return Judged("it does not begin with the file that was handed out")
    try:
        found = list(PdfFileReader(BytesIO(copy)).embedded_timestamp_signatures)
        if not found:
            return Judged("it has no time stamp")
        return _judged(found, copy, trust)
    except Exception:  # noqa: BLE001 - what is damaged can raise anything
        return Judged("it cannot be read")


def _judged(found: Sequence[object], copy: bytes, trust: Trust) -> Judged:
    stamps: list[Stamped] = []
    for at, one in enumerate(found):
        moment = _moment_of(one)
        status = validate_pdf_timestamp(one, context_of(trust, moment), skip_diff=True)  # type: ignore[arg-type]
        if not (status.intact and status.valid):
            return Judged("a time stamp does not fit the bytes before it", tuple(stamps))
        if not status.trusted:
            return Judged("a time stamp leads to no root that is trusted", tuple(stamps))
        signer = x509.load_der_x509_certificate(status.signing_cert.dump())
        if was_withdrawn(signer, moment, trust):
            return Judged("a time stamp was made with a withdrawn key", tuple(stamps))
        whole = status.coverage is SignatureCoverageLevel.ENTIRE_FILE
        if at == len(found) - 1 and not (whole and _to_the_end(one, copy)):
            return Judged("something stands behind the last time stamp", tuple(stamps))
        stamps.append(Stamped(moment, signer.not_valid_after_utc))
    return Judged("", tuple(stamps))


def _moment_of(stamp: object) -> datetime:
    told = stamp.signed_data["encap_content_info"]["content"].parsed  # type: ignore[attr-defined]
    moment = told["gen_time"].native
    assert isinstance(moment, datetime)
    return moment


def _to_the_end(stamp: object, copy: bytes) -> bool:
    start, first, second, rest = (int(value) for value in stamp.byte_range)  # type: ignore[attr-defined]
    return start == 0 and first < second and second + rest == len(copy)
