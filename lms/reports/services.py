"""The few writes of this room: trying again what was given up."""

from datetime import datetime

from lms import jobs
from lms.audit import api as audit
from lms.errors import N_, Conflict
from lms.reports.queries.jobs import job_of


def retry_failed(job_id: int, *, person_id: int | None, everything: bool, now: datetime) -> int:
    """Queue the failed rows of a job again and return how many there were.

    Args:
        person_id: who asks; None for somebody at the terminal, who sees everything.

    Raises:
        NotFound: if the person has no such job.
        Conflict: if none of its rows failed.
    """
    job_of(person_id or 0, job_id, everything=everything)
    count = jobs.retry_failed(job_id, now=now)
    if not count:
        raise Conflict(N_("Nothing of this job failed, or it is being tried again already."))
    audit.record(
        "job tried again",
        actor_id=person_id,
        subject=f"job:{job_id}",
        after={"rows": count},
        now=now,
    )
    return count
