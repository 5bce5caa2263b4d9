"""Jobs in every state, for tests of the pages that show them."""

from sqlalchemy import update

from lms import jobs
from lms.db import db, transaction
from lms.jobs import JobItem
from tests.factories import NOW, MadePerson


def make_job(
    *,
    done: int = 0,
    failed: int = 0,
    queued: int = 0,
    asked_by: MadePerson | None = None,
    title: str = "Apply a roster",
    kind: str = "tests.rows",
) -> int:
    """Write down a job whose rows are in the states that are named, and return its id."""
    states = ["done"] * done + ["failed"] * failed + ["queued"] * queued
    with transaction():
        job_id = jobs.enqueue(
            kind,
            [(f"row:{number}", {"secret": "payload"}) for number in range(len(states))],
            created_by=asked_by.id if asked_by else None,
            title=title,
            now=NOW,
        )
        db.session.flush()
        for item, state in zip(jobs.items_of(job_id), states, strict=True):
            over = state in ("done", "failed")
            db.session.execute(
                update(JobItem)
                .where(JobItem.id == item.id)
                .values(
                    state=state,
                    tries=1 if over else 0,
                    ended_at=NOW if over else None,
                    problem="The site 07 is not one of this trial." if state == "failed" else "",
                    result={"verdict": "added"} if state == "done" else None,
                )
            )
    return job_id
