"""Slow work as jobs, outside the transaction: files, packs, reports, removal of erased files."""

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import force_locale

from lms import jobs, storage
from lms.certificates import packing, queries, services
from lms.certificates.archive import nightly  # noqa: F401  (its handlers)
from lms.certificates.domain import SealedFile, shown_code
from lms.certificates.letters import letter_for
from lms.certificates.report import making as reports
from lms.certificates.sealing import seal
from lms.errors import N_
from lms.jobs import MadeFile

ZIP = "application/zip"


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
    code = shown_code(issued.code)
    if issued.file is None:
        return jobs.said(
            N_("%(code)s: the holder's data were erased, so no file was made."), code=code
        )
    if issued.predecessor is None:
        return jobs.said(N_("Issued as %(code)s and signed."), code=code)
    before = shown_code(issued.predecessor.code)
    return jobs.said(
        N_("Issued as %(code)s in the place of %(before)s, and signed."), code=code, before=before
    )


@jobs.handler(services.REISSUE)
def issue_anew(payload: dict[str, Any], *, now: datetime) -> jobs.Next:
    """Issue in the place of one; the row goes on with the signing, so that a dead worker, a key or
    a time stamp that is missing leave it issued, and waiting for its file."""
    made = services.issue_anew(
        payload["certificate_id"],
        subject=payload["subject"],
        reason=payload["reason"],
        by=payload["by"],
        now=now,
    )
    words = jobs.said(N_("Issued as %(code)s; its file waits."), code=shown_code(made.code))
    return jobs.Next(services.SEAL, {"certificate_id": made.id}, result=words)


@dataclass(frozen=True)
class Packed:
    """A ZIP in the store, and whose files it holds."""

    file: MadeFile
    inside: list[int]


def pack_files(payload: dict[str, Any], *, now: datetime) -> Packed:
    """Write the ZIP into a file, and the file into the store."""
    codes, at = payload["codes"], datetime.fromisoformat(payload["at"])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "certificates.zip"
        with path.open("wb") as opened:
            inside = packing.write_zip(
                opened, codes, at=at, said=lambda done: jobs.note_parts(done, len(codes))
            )
        digest, size = storage.put_file(path), path.stat().st_size
    return Packed(MadeFile(digest, f"certificates-{at:%Y-%m-%d}.zip", ZIP, size), inside)


@jobs.handler(services.PACK, before=pack_files)
def keep_pack(
    payload: dict[str, Any], *, now: datetime, prepared: Packed
) -> dict[str, Any] | jobs.Next:
    if not queries.any_erased(prepared.inside):
        return prepared.file.as_result()
    services.remove_files([prepared.file.digest], now=now)
    words = jobs.said(N_("A holder's data were erased meanwhile, so the ZIP is made once more."))
    return jobs.Next(services.PACK, payload, result=words)


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
