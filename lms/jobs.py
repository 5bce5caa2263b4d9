"""Long work as rows with leases; the queue only says "look", so nothing is lost or done twice."""

import logging
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    cast,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from lms.clock import utc_now
from lms.db import db, end_reading, transaction
from lms.errors import Conflict, Invalid, LmsError, NotAllowed

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
KEPT = timedelta(days=90)
TRIES = 5
LONGEST_WAIT = timedelta(minutes=10)
HOPELESS = (Conflict, Invalid, NotAllowed)
"""What another try in a minute does not make right: such a row is given up at once."""

QUEUED, RUNNING, DONE, FAILED = "queued", "running", "done", "failed"


@dataclass(frozen=True)
class Next:
    """What `work` returns where its row goes on as a row of another kind.

    So that a long thing is done in steps, each in a transaction of its own, and is one row to the
    person who waits for it.

    Args:
        result: what is known so far, for the page.
    """

    kind: str
    payload: dict[str, Any]
    result: dict[str, Any]


class NotNow(LmsError):
    """Something that every row of a kind needs is out of order: a server elsewhere, a key.

    All of them wait then, so that thousands do not knock one after the other, and none is given up.
    """


Before = Callable[..., Any]
Work = Callable[..., dict[str, Any] | Next | None]


class Job(db.Model):  # type: ignore[name-defined,misc]
    """A piece of long work that somebody asked for.

    Personal data: who asked; kept until the job is cleared away, 90 days after its end.
    """

    __tablename__ = "jobs_jobs"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(Text)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts_people.id"))
    created_at: Mapped[datetime]


class JobItem(db.Model):  # type: ignore[name-defined,misc]
    """One row of a job: it is claimed under a lease, tried, and ends done or failed.

    Personal data: what the payload names (an address to write to); kept with its job.
    """

    __tablename__ = "jobs_items"
    __table_args__ = (
        UniqueConstraint("job_id", "subject"),
        Index(None, "state", "ready_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("jobs_jobs.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(200))
    payload: Mapped[Any] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10), default=QUEUED)
    ready_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[Any] = mapped_column(JSON, nullable=True)
    ended_at: Mapped[datetime | None]
    parts_done: Mapped[int] = mapped_column(default=0)
    parts: Mapped[int] = mapped_column(default=0)


@dataclass(frozen=True)
class MadeFile:
    """A file that an item made for whoever asked for the job; it goes into the item's result."""

    digest: str
    name: str
    media_type: str
    size: int

    def as_result(self) -> dict[str, Any]:
        return {"file": asdict(self)}

    @classmethod
    def of(cls, result: Any) -> "MadeFile | None":
        """Read it back from an item's result; None where the item made no file."""
        found = result.get("file") if isinstance(result, dict) else None
        return cls(**found) if found else None


@dataclass(frozen=True)
class Handler:
    """How one kind of item is worked off.

    `before` runs outside any transaction (slow work: render, sign, send) and `work` inside one
    (its result becomes rows), so that no lock is held while something slow goes on.
    """

    work: Work
    before: Before | None


@dataclass(frozen=True)
class Progress:
    """How far a job is: counts of its items."""

    job_id: int
    title: str
    total: int
    done: int
    failed: int
    created_by: int | None

    @property
    def ended(self) -> bool:
        return self.done + self.failed == self.total


_handlers: dict[str, Handler] = {}
_present: ContextVar[int | None] = ContextVar("job_item", default=None)


def handler(kind: str, *, before: Before | None = None) -> Callable[[Work], Work]:
    """Register the function that works off items of a kind.

    The function is called as `work(payload, now=…)`, or `work(payload, now=…, prepared=…)` when
    `before(payload, now=…)` was given. Both must be safe to repeat: a worker may die at any point.
    """

    def register(work: Work) -> Work:
        _handlers[kind] = Handler(work=work, before=before)
        return work

    return register


def enqueue(
    kind: str,
    items: Iterable[tuple[str, dict[str, Any]]],
    *,
    created_by: int | None,
    title: str,
    now: datetime,
) -> int:
    """Write down work to be done, inside the caller's transaction, and return the job's id.

    Args:
        kind: a registered kind, "certificates.seal".
        items: pairs of subject (unique in the job) and JSON payload.
        title: what a person reads on the progress page.
    """
    job = Job(kind=kind, title=title, created_by=created_by, created_at=now)
    db.session.add(job)
    db.session.flush()  # the items need the job's id
    add_items(job.id, kind, items, now=now)
    return job.id


def add_items(
    job_id: int, kind: str, items: Iterable[tuple[str, dict[str, Any]]], *, now: datetime
) -> None:
    """Add rows to a job, inside the transaction in which it was written down."""
    rows = [
        {"job_id": job_id, "kind": kind, "subject": subject, "payload": payload, "ready_at": now}
        for subject, payload in items
    ]
    if rows:
        db.session.execute(insert(JobItem), rows)


def said(sentence: str, **values: Any) -> dict[str, Any]:
    """Return a result that the page shows as one sentence.

    Args:
        sentence: marked with N_, with places for the values.
    """
    return {"said": sentence, "values": values}


def kick() -> None:
    """Tell the worker, after the commit, that there is something to do. Losing this call loses
    nothing: the sweeper looks once a minute."""
    queue = current_app.extensions.get("concord_queue")
    if queue is not None:
        queue.kick()


def note_parts(done: int, of: int) -> None:
    """Say from within `before` how far a long item is, and keep its lease.

    Written on a connection of its own, so that what the item is reading is not disturbed.
    Called outside a job, it does nothing.
    """
    item_id = _present.get()
    if item_id is None:
        return
    with db.engine.begin() as connection:
        connection.execute(
            update(JobItem)
            .where(JobItem.id == item_id)
            .values(parts_done=done, parts=of, lease_until=utc_now() + LEASE)
        )


def progress(job_id: int) -> Progress | None:
    """Return how far a job is, or None if there is no such job."""
    job = db.session.get(Job, job_id)
    if job is None:
        return None
    rows = db.session.execute(
        select(JobItem.state, func.count()).where(JobItem.job_id == job_id).group_by(JobItem.state)
    )
    counts = {state: count for state, count in rows}  # noqa: C416  (a Row is no pair to a checker)
    return Progress(
        job_id=job_id,
        title=job.title,
        total=sum(counts.values()),
        done=counts.get(DONE, 0),
        failed=counts.get(FAILED, 0),
        created_by=job.created_by,
    )


def items_of(job_id: int) -> list[JobItem]:
    """Return the rows of a job in the order in which they were written."""
    return list(
        db.session.scalars(select(JobItem).where(JobItem.job_id == job_id).order_by(JobItem.id))
    )


def retry_failed(job_id: int, *, now: datetime) -> int:
    """Queue the failed rows of a job again and return how many there were."""
    result: Any = db.session.execute(
        update(JobItem)
        .where(JobItem.job_id == job_id, JobItem.state == FAILED)
        .values(state=QUEUED, tries=0, ready_at=now, problem="", ended_at=None)
    )
    return int(result.rowcount)


def waiting_of(kind: str) -> list[dict[str, Any]]:
    """Return the payloads of the rows of a kind that have not ended."""
    wanted = select(JobItem.payload).where(
        JobItem.state.in_((QUEUED, RUNNING)), JobItem.kind == kind
    )
    return list(db.session.scalars(wanted))


def bring_forward(kind: str, *, now: datetime) -> None:
    """Let the rows of a kind that wait for another try be tried at once."""
    later = (JobItem.kind == kind) & (JobItem.state == QUEUED) & (JobItem.ready_at > now)
    db.session.execute(update(JobItem).where(later).values(ready_at=now))


def put_off(*, until: datetime) -> None:
    """Let all that waits wait longer, so that what comes after it is done first."""
    sooner = (JobItem.state == QUEUED) & (JobItem.ready_at < until)
    db.session.execute(update(JobItem).where(sooner).values(ready_at=until))


def take_back_files(kind: str, concerns: Callable[[dict[str, Any]], bool]) -> set[str]:
    """Forget the files that rows of a kind made, where their payloads say that it must be.

    Returns:
        the digests of files that no other row made, to be taken out of the store.
    """
    wanted = select(JobItem).where(JobItem.kind == kind, JobItem.state == DONE)
    rows = [row for row in db.session.scalars(wanted) if concerns(row.payload)]
    made = {file.digest for file in (MadeFile.of(row.result) for row in rows) if file}
    for row in rows:
        row.result = None
    db.session.flush()  # so that what the others made is all that is left
    return made - _files_of(JobItem.kind == kind) if made else set()


def clear_old(*, now: datetime) -> tuple[int, set[str]]:
    """Delete jobs that ended long ago.

    Returns:
        how many, and the digests of the files that only they had made, to be taken out of the
        store after the commit.
    """
    under_way = select(JobItem.job_id).where(
        (JobItem.ended_at.is_(None)) | (JobItem.ended_at >= now - KEPT)
    )
    old = select(Job.id).where(Job.created_at < now - KEPT, Job.id.not_in(under_way))
    ids = list(db.session.scalars(old))
    files = _files_of(JobItem.job_id.in_(ids)) - _files_of(JobItem.job_id.not_in(ids))
    db.session.execute(delete(Job).where(Job.id.in_(ids)))
    return len(ids), files


def _files_of(condition: Any) -> set[str]:
    results = db.session.scalars(
        select(JobItem.result).where(condition, cast(JobItem.result, String).contains('"file"'))
    )
    return {made.digest for made in map(MadeFile.of, results) if made}


def waiting(now: datetime) -> tuple[int, datetime | None]:
    """Return how many items are due and since when the oldest has been."""
    count, oldest = db.session.execute(
        select(func.count(), func.min(JobItem.ready_at)).where(
            JobItem.state.in_((QUEUED, RUNNING)), JobItem.ready_at <= now
        )
    ).one()
    return count, oldest


def run_pending(limit: int = 1000, *, stopping: Callable[[], bool] = bool) -> int:
    """Work off due items until none is left or the limit is reached; return how many were tried.

    Args:
        stopping: asked before each item; the rest is left for the next start.
    """
    for tried in range(limit):
        if stopping():
            return tried
        with transaction():
            item_id = _claim(utc_now())
        if item_id is None:
            return tried
        _work_off(item_id)
    return limit


def _claim(now: datetime) -> int | None:
    """Take a row: first one whose worker died, then the one that has been due longest."""
    item_id = _first((JobItem.state == RUNNING) & (JobItem.lease_until < now))
    if item_id is None:
        item_id = _first((JobItem.state == QUEUED) & (JobItem.ready_at <= now))
    if item_id is not None:
        db.session.execute(
            update(JobItem)
            .where(JobItem.id == item_id)
            .values(state=RUNNING, lease_until=now + LEASE, tries=JobItem.tries + 1)
        )
    return item_id


def _first(condition: Any) -> int | None:
    due = select(JobItem.id).where(condition).order_by(JobItem.ready_at, JobItem.id).limit(1)
    return db.session.scalar(due.with_for_update(skip_locked=True))


def _work_off(item_id: int) -> None:
    kind, payload = db.session.execute(
        select(JobItem.kind, JobItem.payload).where(JobItem.id == item_id)
    ).one()
    end_reading()
    try:
        chosen = _handlers[kind]
        extra = {}
        if chosen.before is not None:
            extra["prepared"] = _prepare(chosen.before, item_id, payload)
            end_reading()
        with transaction():
            result = chosen.work(payload, now=utc_now(), **extra)
            if isinstance(result, Next):
                _go_on(item_id, result)
            else:
                _finish(item_id, state=DONE, result=result, problem="", ended_at=utc_now())
    except NotNow as error:
        _make_wait(item_id, kind, str(error))
    except LmsError as error:
        _note_failure(item_id, str(error), hopeless=isinstance(error, HOPELESS))
    except Exception as error:  # the worker must outlive any one item; the row keeps what happened
        log.exception("job item %s (%s) failed", item_id, kind)
        _note_failure(item_id, f"{type(error).__name__}: {error}")


def _prepare(before: Before, item_id: int, payload: dict[str, Any]) -> Any:
    token = _present.set(item_id)
    try:
        return before(payload, now=utc_now())
    finally:
        _present.reset(token)


def _go_on(item_id: int, following: Next) -> None:
    """Put a row back as one of another kind; its first part is done."""
    _finish(
        item_id,
        kind=following.kind,
        payload=following.payload,
        result=following.result,
        state=QUEUED,
        ready_at=utc_now(),
        tries=0,
        problem="",
        parts_done=1,
        parts=2,
    )


def _make_wait(item_id: int, kind: str, problem: str) -> None:
    """Let a row wait, and with it all of its kind that are due before it is tried again."""
    with transaction():
        ready_at = utc_now() + _wait_after(_tries_of(item_id))
        _finish(item_id, state=QUEUED, problem=problem, ready_at=ready_at)
        others = (JobItem.kind == kind) & (JobItem.state == QUEUED) & (JobItem.ready_at < ready_at)
        db.session.execute(update(JobItem).where(others).values(problem=problem, ready_at=ready_at))


def _note_failure(item_id: int, problem: str, *, hopeless: bool = False) -> None:
    with transaction():
        tries = _tries_of(item_id)
        now = utc_now()
        if hopeless or tries >= TRIES:
            _finish(item_id, state=FAILED, problem=problem, ended_at=now)
        else:
            _finish(item_id, state=QUEUED, problem=problem, ready_at=now + _wait_after(tries))


def _tries_of(item_id: int) -> int:
    return db.session.scalar(select(JobItem.tries).where(JobItem.id == item_id)) or TRIES


def _wait_after(tries: int) -> timedelta:
    return min(timedelta(seconds=4 ** min(tries, 8)), LONGEST_WAIT)


def _finish(item_id: int, **values: Any) -> None:
    db.session.execute(
        update(JobItem).where(JobItem.id == item_id).values(lease_until=None, **values)
    )
