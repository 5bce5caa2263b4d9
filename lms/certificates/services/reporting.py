"""Asking for a signed report of many answers; the worker makes it."""

from datetime import datetime
from typing import Any

from lms import jobs
from lms.audit import api as audit
from lms.errors import N_

REPORT = "certificates.report"


def ask_for_report(asked: dict[str, Any], *, person_id: int, now: datetime) -> int:
    """Write down that somebody wants answers as a signed report; return the job's id.

    Args:
        asked: as `report.making.Asked.as_data` gives it.
    """
    job_id = jobs.enqueue(
        REPORT,
        [(f"certificates-{now:%Y-%m-%d}.pdf", asked)],
        created_by=person_id,
        title=N_("Signed report of checked certificates"),
        now=now,
    )
    audit.record(
        "report of checked certificates asked for",
        actor_id=person_id,
        subject=f"job:{job_id}",
        after={"asked": len(asked["codes"]) + len(asked["files"]), "on": asked["on"]},
        now=now,
    )
    return job_id
