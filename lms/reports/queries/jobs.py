"""Jobs and their rows, for the person who asked for them and for administrators."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select

from lms.accounts.models import Person
from lms.db import db
from lms.errors import N_, NotFound
from lms.jobs import DONE, FAILED, QUEUED, RUNNING, Job, JobItem, MadeFile

UNDER_WAY = (QUEUED, RUNNING)


@dataclass(frozen=True)
class JobFacts:
    """A job with the counts of its rows.

    Args:
        asked_by: name of who asked for it, "" for the system itself.
        ended_at: of the row that ended last; None while one has not.
        begun: how much of the rows that go on is done, in rows.
    """

    id: int
    kind: str
    title: str
    created_by: int | None
    asked_by: str
    created_at: datetime
    total: int
    done: int
    failed: int
    running: int
    ended_at: datetime | None
    begun: float

    @property
    def ended(self) -> bool:
        return self.done + self.failed == self.total

    @property
    def over(self) -> int:
        """How many rows have ended, well or not."""
        return self.done + self.failed


@dataclass(frozen=True)
class ItemFacts:
    """One row of a job; its payload may be anybody's and is not shown."""

    id: int
    subject: str
    state: str
    tries: int
    problem: str
    result: Any
    ready_at: datetime
    ended_at: datetime | None
    parts_done: int
    parts: int

    @property
    def file(self) -> MadeFile | None:
        return MadeFile.of(self.result)


def jobs(*, show: str, kind: str, before: int | None, limit: int) -> list[JobFacts]:
    """Return jobs, the newest first, in two queries whatever the number.

    Args:
        show: "under_way", "failed" or "" for all; kind: "" for all.
        before: the id of a job; only older ones are returned.
    """
    statement = select(Job.id).order_by(Job.id.desc()).limit(limit)
    if kind:
        statement = statement.where(Job.kind == kind)
    if before is not None:
        statement = statement.where(Job.id < before)
    states = {"under_way": UNDER_WAY, "failed": (FAILED,)}.get(show)
    if states:
        statement = statement.where(
            Job.id.in_(select(JobItem.job_id).where(JobItem.state.in_(states)))
        )
    return _facts(list(db.session.scalars(statement)))


def kinds() -> list[str]:
    """Return the kinds of jobs that there are."""
    return list(db.session.scalars(select(Job.kind).distinct().order_by(Job.kind)))


def job_of(person_id: int, job_id: int, *, everything: bool) -> JobFacts:
    """Return a job that the person asked for (or any, with `everything`).

    Raises:
        NotFound: if there is none, or somebody else asked for it.
    """
    for job in _facts([job_id]):
        if everything or job.created_by == person_id:
            return job
    raise NotFound(N_("There is no such job."))


def items(job_id: int, *, limit: int, offset: int) -> list[ItemFacts]:
    """Return rows of a job: the failed ones first, then those under way, then the rest in order."""
    order = case({FAILED: 0, RUNNING: 1, QUEUED: 2}, value=JobItem.state, else_=3)
    wanted = _items().where(JobItem.job_id == job_id).order_by(order, JobItem.id)
    return [ItemFacts(*row) for row in db.session.execute(wanted.limit(limit).offset(offset))]


def item_of(person_id: int, job_id: int, item_id: int, *, everything: bool) -> ItemFacts:
    """Return one row of a job that the person asked for (or of any, with `everything`).

    Raises:
        NotFound: if there is none, or somebody else asked for it.
    """
    wanted = (
        _items().join(Job, Job.id == JobItem.job_id).where(Job.id == job_id, JobItem.id == item_id)
    )
    if not everything:
        wanted = wanted.where(Job.created_by == person_id)
    row = db.session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound(N_("There is no such job."))
    return ItemFacts(*row)


def _items() -> Select[Any]:
    return select(
        JobItem.id,
        JobItem.subject,
        JobItem.state,
        JobItem.tries,
        JobItem.problem,
        JobItem.result,
        JobItem.ready_at,
        JobItem.ended_at,
        JobItem.parts_done,
        JobItem.parts,
    )


def failed_items() -> int:
    """Count what was given up, of all jobs."""
    counted = select(func.count()).select_from(JobItem).where(JobItem.state == FAILED)
    return db.session.scalar(counted) or 0


def _facts(ids: Sequence[int]) -> list[JobFacts]:
    def count(state: str) -> Any:
        return func.count(case((JobItem.state == state, 1)))

    part = JobItem.parts_done * 1.0 / func.nullif(JobItem.parts, 0)
    rows = db.session.execute(
        select(
            Job.id,
            Job.kind,
            Job.title,
            Job.created_by,
            func.coalesce(Person.name, ""),
            Job.created_at,
            func.count(JobItem.id),
            count(DONE),
            count(FAILED),
            count(RUNNING),
            func.max(JobItem.ended_at),
            func.coalesce(func.sum(case((JobItem.state.in_(UNDER_WAY), part))), 0.0),
        )
        .outerjoin(JobItem, JobItem.job_id == Job.id)
        .outerjoin(Person, Person.id == Job.created_by)
        .where(Job.id.in_(ids))
        .group_by(Job.id, Person.name)
        .order_by(Job.id.desc())
    )
    return [JobFacts(*row) for row in rows]
