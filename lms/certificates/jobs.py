"""Slow work as jobs, outside the transaction: files, reports, the removal of erased files."""

from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import force_locale

from lms import jobs, storage
from lms.certificates import queries, services
from lms.certificates.domain import SealedFile
from lms.certificates.letters import letter_for
from lms.certificates.report import making as reports
from lms.certificates.sealing import seal
from lms.jobs import MadeFile


def make_file(payload: dict[str, Any], *, now: datetime) -> SealedFile | None:
    """Make the file, unless there is one: it is never drawn a second time."""
    issued = queries.certificate(payload["certificate_id"])
    return seal(issued, now=now) if issued.file is None and not issued.erased else None


@jobs.handler(services.SEAL, before=make_file)
def keep_file(
    payload: dict[str, Any], *, now: datetime, prepared: SealedFile | None
) -> dict[str, Any]:
    issued = queries.certificate(payload["certificate_id"])
    if prepared is not None:
        letter = letter_for(issued)
        issued = services.record_seal(issued.id, prepared, letter=letter, now=now)
    return {"file_sha256": issued.file.digest if issued.file else None}


def remove_file(payload: dict[str, Any], *, now: datetime) -> None:
    """Take an erased file out of the store and its picture out of the cache. Safe to repeat."""
    folder = current_app.config["SETTINGS"].data / "cache" / "certificates"
    (folder / f"{payload['digest']}.webp").unlink(missing_ok=True)
    storage.remove(payload["digest"])


@jobs.handler(services.REMOVE, before=remove_file)
def note_removed(payload: dict[str, Any], *, now: datetime, prepared: None) -> dict[str, Any]:
    return {"removed_at": now.isoformat()}


def make_report(payload: dict[str, Any], *, now: datetime) -> MadeFile:
    """Answer what was asked, and put the signed report into the store."""
    with force_locale(payload["language"]):
        return reports.make_report(reports.Asked.from_data(payload), now=now)


@jobs.handler(services.REPORT, before=make_report)
def keep_report(payload: dict[str, Any], *, now: datetime, prepared: MadeFile) -> dict[str, Any]:
    return prepared.as_result()
