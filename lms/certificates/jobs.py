"""Drawing and signing as a job: slow work outside the transaction, the row inside it."""

from datetime import datetime
from typing import Any

from lms import jobs
from lms.certificates import queries, services
from lms.certificates.domain import SealedFile
from lms.certificates.letters import letter_for
from lms.certificates.sealing import seal


def make_file(payload: dict[str, Any], *, now: datetime) -> SealedFile | None:
    """Make the file, unless there is one: it is never drawn a second time."""
    issued = queries.certificate(payload["certificate_id"])
    return seal(issued, now=now) if issued.file is None else None


@jobs.handler(services.SEAL, before=make_file)
def keep_file(
    payload: dict[str, Any], *, now: datetime, prepared: SealedFile | None
) -> dict[str, Any]:
    issued = queries.certificate(payload["certificate_id"])
    if prepared is not None:
        letter = letter_for(issued)
        issued = services.record_seal(issued.id, prepared, letter=letter, now=now)
    return {"file_sha256": issued.file.digest if issued.file else None}
