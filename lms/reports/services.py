"""The few writes of this room: asking for a spreadsheet, trying again what was given up."""

from datetime import datetime

from lms import jobs
from lms.audit import api as audit
from lms.errors import N_, Conflict
from lms.reports.domain import Sought
from lms.reports.domain.reliability import Wanted
from lms.reports.queries.jobs import job_of

WORKBOOK = "reports.workbook"
RELIABILITY = "reports.reliability"


def ask_for_workbook(sought: Sought, *, person_id: int, language: str, now: datetime) -> int:
    """Write down that somebody wants the completion report as a spreadsheet; return the job's id.

    Args:
        language: of the headings, BCP 47 or as Babel writes it.
    """
    job_id = jobs.enqueue(
        WORKBOOK,
        [(f"completion-{now:%Y-%m-%d}.xlsx", {"sought": sought.as_data(), "language": language})],
        created_by=person_id,
        title=N_("Completion report as a spreadsheet"),
        now=now,
    )
    audit.record(
        "completion report exported",
        actor_id=person_id,
        subject=f"job:{job_id}",
        after={key: value for key, value in sought.as_data().items() if value},
        now=now,
    )
    return job_id


def ask_for_reliability(
    slug: str, wanted: Wanted, *, names: bool, person_id: int, language: str, now: datetime
) -> int:
    """Write down that somebody wants the reliability report as PDF; return the job's id.

    Args:
        names: of raters, for administrators only; else codes.
        language: of the report, BCP 47 or as Babel writes it.
    """
    asked = {"slug": slug, "wanted": wanted.as_data(), "names": names, "language": language}
    job_id = jobs.enqueue(
        RELIABILITY,
        [(f"reliability-{slug}-{now:%Y-%m-%d}.pdf", asked)],
        created_by=person_id,
        title=N_("Reliability report as PDF"),
        now=now,
    )
    audit.record(
        "reliability report exported",
        actor_id=person_id,
        subject=f"job:{job_id}",
        after={"module": slug, "names": names},
        now=now,
    )
    return job_id


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
