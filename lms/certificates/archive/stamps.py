"""Time stamps that stand alone: made over a digest, and judged."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms
from cryptography import x509
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext

from lms.certificates.keys import Trust
from lms.certificates.oneform import DIGEST
from lms.certificates.signing import Stamper
from lms.certificates.stamping import as_asn1


@dataclass(frozen=True)
class Stamped:
    """When something was stamped, and until when the certificate that did it is good."""

    at: datetime
    ends_at: datetime


class BadStamp(ValueError):
    """A time stamp proves nothing; the message says why."""


def stamp_over(digest: bytes, stamper: Stamper) -> bytes:
    """Have a digest stamped and return the token (RFC 3161, 2.4.2), DER.

    Raises:
        CannotStamp: if the time-stamping authority does not do its part.
    """
    return bytes(asyncio.run(stamper.async_timestamp(digest, DIGEST)).dump())


def read_stamp(token: bytes, digest: bytes, trust: Trust) -> Stamped:
    """Check a token over a digest, as of its own moment.

    Raises:
        BadStamp: if it is broken, for something else, of nobody who is trusted, or of a key that
            was withdrawn.
    """
    try:
        signed = cms.ContentInfo.load(token, strict=True)["content"]
        moment = signed["encap_content_info"]["content"].parsed["gen_time"].native
        checked = validate_tst_signed_data(signed, context_of(trust, moment), lambda _name: digest)
        found = asyncio.run(checked)
    except Exception as error:  # what is damaged can raise anything
        raise BadStamp("the time stamp cannot be read") from error
    if not (found["intact"] and found["valid"]):
        raise BadStamp("the time stamp is for something else")
    if found["validation_path"] is None or found["trust_problem_indic"] is not None:
        raise BadStamp("the time stamp leads to no root that is trusted")
    signer = x509.load_der_x509_certificate(found["signing_cert"].dump())
    if was_withdrawn(signer, moment, trust):
        raise BadStamp("the time stamp was made with a withdrawn key")
    return Stamped(moment, signer.not_valid_after_utc)


def context_of(trust: Trust, moment: datetime) -> ValidationContext:
    """Return what pyHanko judges a stamp by: roots alone, as of a moment, fetching nothing."""
    return ValidationContext(
        trust_roots=[as_asn1(root) for root in (*trust.roots, *trust.stamp_roots)],
        allow_fetching=False,
        revocation_mode="soft-fail",
        moment=moment,
    )


def was_withdrawn(signer: x509.Certificate, moment: datetime, trust: Trust) -> bool:
    """Tell whether a stamping key proves nothing for a moment."""
    found = trust.withdrawn(signer)
    return found is not None and (found.compromised or moment >= found.since)
