"""The check of an upload, worked off by the worker: parsing is slow and holds no lock."""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lms import jobs, storage
from lms.packages import queries, services
from lms.packages.reader.check import Checked, check_package


@dataclass(frozen=True)
class Prepared:
    """A finished check; `source` is the build's source in the store, where there is a build."""

    checked: Checked
    source: str | None
    seconds: float


def check_draft(payload: dict[str, Any], *, now: datetime) -> Prepared | None:
    """Check a draft's zip and put what it holds into the store; None if the draft has ended."""
    source = queries.draft_source(payload["draft_id"])
    if source is None:
        return None
    data = storage.get(source)
    started = time.monotonic()
    checked = check_package(data)
    seconds = time.monotonic() - started
    kept = services.keep_files(checked.build) if checked.build is not None else None
    return Prepared(checked, kept, seconds)


@jobs.handler(services.CHECK, before=check_draft)
def record_check(
    payload: dict[str, Any], *, now: datetime, prepared: Prepared | None
) -> dict[str, Any] | None:
    if prepared is None:
        return None
    services.record_check(
        payload["draft_id"],
        prepared.checked,
        source=prepared.source,
        seconds=prepared.seconds,
        now=now,
    )
    return {"errors": len(prepared.checked.report.errors)}
