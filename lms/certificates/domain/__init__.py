"""The rules of certificates: codes, facts, terms, verdicts. Pure."""

from lms.certificates.domain.codes import new_code, parse_code, shown_code
from lms.certificates.domain.errors import (
    AlreadyRevoked,
    CertificateNotFound,
    NotSealedYet,
    TooManyAtOnce,
)
from lms.certificates.domain.facts import (
    RECORD_NAME,
    AgreementLine,
    BadFacts,
    Facts,
    ScoreLine,
    facts_from_data,
    parse_record,
    record_bytes,
)
from lms.certificates.domain.records import Held, IssuedCertificate, SealedFile
from lms.certificates.domain.terms import (
    Revocation,
    RevocationReason,
    State,
    ends_soon,
    expiry_of,
    state_on,
)
from lms.certificates.domain.verdicts import (
    EXIT_CODES,
    FileFinding,
    Sentence,
    Verdict,
    Wording,
    exit_code,
    wording_of,
)

__all__ = [
    "EXIT_CODES",
    "RECORD_NAME",
    "AgreementLine",
    "AlreadyRevoked",
    "BadFacts",
    "CertificateNotFound",
    "Facts",
    "FileFinding",
    "Held",
    "IssuedCertificate",
    "NotSealedYet",
    "Revocation",
    "RevocationReason",
    "ScoreLine",
    "SealedFile",
    "Sentence",
    "State",
    "TooManyAtOnce",
    "Verdict",
    "Wording",
    "ends_soon",
    "exit_code",
    "expiry_of",
    "facts_from_data",
    "new_code",
    "parse_code",
    "parse_record",
    "record_bytes",
    "shown_code",
    "state_on",
    "wording_of",
]
