"""A status list as a signed document: Bitstring Status List 1.0."""

from datetime import datetime, timedelta
from typing import Any, Final

from lms.certificates.badges.proofs import written
from lms.certificates.badges.vocabulary import CREDENTIALS
from lms.certificates.domain.badging import Purpose
from lms.certificates.domain.bits import encode_bits

GOOD_FOR: Final = timedelta(days=7)
MILLISECONDS_TO_KEEP: Final = 300_000


def status_list(
    address: str, purpose: Purpose, places: tuple[int, ...], *, issuer: str, now: datetime
) -> dict[str, Any]:
    """Return a list, not yet signed.

    Source:
        Bitstring Status List 1.0, W3C Recommendation 2025, 2.2.
    """
    return {
        "@context": [CREDENTIALS],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": written(now),
        "validUntil": written(now + GOOD_FOR),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose.value,
            "encodedList": encode_bits(places),
            "ttl": MILLISECONDS_TO_KEEP,
        },
    }
