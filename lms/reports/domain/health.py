"""What a healthy installation looks like: pure judgements, each with a remedy in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from lms.errors import N_

LATE: Final = timedelta(minutes=2)
STUCK: Final = timedelta(minutes=15)
SILENT: Final = timedelta(seconds=150)
"""The worker looks once a minute; after this long without a look it does not run."""

GIGABYTE: Final = 10**9
LOW_DISK, FULL_DISK = 2 * GIGABYTE, GIGABYTE // 4


class Level(StrEnum):
    """How well something is."""

    OK = "ok"
    CARE = "care"
    FAIL = "fail"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    Args:
        name, sentence: translation keys; the sentence may hold %(name)s places.
        remedy: what to do, a translation key; "" where nothing has to be done, or where `command`
            says it all.
        command: what to type or to set, as it is.
        values: what goes into the places of sentence and remedy.
    """

    name: str
    level: Level
    sentence: str
    remedy: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    command: str = ""


def worst(checks: Iterable[Check]) -> Level:
    """Return the level of the worst one; OK if there is none."""
    levels = {check.level for check in checks}
    return next((level for level in (Level.FAIL, Level.CARE) if level in levels), Level.OK)


def judge_database(kind: str, *, at: frozenset[str], head: frozenset[str]) -> Check:
    """Judge the database by the migrations that it has had.

    Args:
        at: revisions that the database says it is at; head: those that this program wants.
    """
    name = N_("Database")
    if at == head:
        return Check(
            name, Level.OK, N_("%(kind)s answers, and its tables fit."), "", {"kind": kind}
        )
    return Check(
        name,
        Level.FAIL,
        N_("%(kind)s answers, but its tables are not those of this version."),
        N_("Stop the server, make a backup, and start with ./concord serve, which migrates."),
        {"kind": kind},
    )


def judge_worker(looked_at: datetime | None, *, now: datetime) -> Check:
    """Judge the worker by when it last looked for work; None if it never did."""
    name = N_("Worker")
    remedy = N_("Start it with ./concord serve, or alone with: python -m lms.worker")
    if looked_at is None:
        return Check(name, Level.FAIL, N_("The worker has never run here."), remedy)
    ago = now - looked_at
    values = {"seconds": max(0, round(ago.total_seconds()))}
    if ago > SILENT:
        return Check(
            name,
            Level.FAIL,
            N_("The worker last looked for work %(seconds)s s ago."),
            remedy,
            values,
        )
    return Check(name, Level.OK, N_("The worker looked for work %(seconds)s s ago."), "", values)


def judge_queue(waiting: int, oldest: datetime | None, failed: int, *, now: datetime) -> Check:
    """Judge the work that waits.

    Args:
        waiting: items that are due; oldest: since when the oldest one has been.
        failed: items that were given up.
    """
    name = N_("Work waiting")
    lag = now - oldest if oldest is not None else timedelta(0)
    values = {"waiting": waiting, "minutes": round(lag.total_seconds() / 60), "failed": failed}
    if waiting and lag > LATE:
        return Check(
            name,
            Level.FAIL if lag > STUCK else Level.CARE,
            N_("%(waiting)s pieces of work are due, the oldest for %(minutes)s minutes."),
            N_("See that the worker runs. If it does, look under Jobs at what it is doing."),
            values,
        )
    if failed:
        return Check(
            name,
            Level.CARE,
            N_("%(failed)s pieces of work were given up after several tries."),
            N_("Open Jobs, read what went wrong, and try them again."),
            values,
        )
    return Check(name, Level.OK, N_("%(waiting)s pieces of work are due."), "", values)


def judge_libraries(missing: Sequence[str], command: str) -> Check:
    """Judge the system's libraries that draw certificates."""
    name = N_("Drawing certificates")
    if not missing:
        return Check(name, Level.OK, N_("The libraries that draw certificates are here."))
    return Check(
        name,
        Level.FAIL,
        N_("Libraries are missing: %(missing)s. Certificates are issued and wait for their files."),
        N_("Install them:"),
        {"missing": ", ".join(missing)},
        command,
    )


def judge_disk(free: int, total: int) -> Check:
    """Judge the room on the disk of the data folder, in bytes."""
    name = N_("Disk")
    values = {"free": f"{free / GIGABYTE:.1f}", "total": f"{total / GIGABYTE:.1f}"}
    if free < LOW_DISK:
        return Check(
            name,
            Level.FAIL if free < FULL_DISK else Level.CARE,
            N_("%(free)s GB of %(total)s GB are free."),
            N_("Make room, or move the data folder to a larger disk (CONCORD_DATA)."),
            values,
        )
    return Check(name, Level.OK, N_("%(free)s GB of %(total)s GB are free."), "", values)


def judge_audit(broken: Sequence[int], *, looked_at: int) -> Check:
    """Judge the end of the audit trail: `looked_at` events were checked."""
    name = N_("Audit trail")
    values = {"count": looked_at, "broken": ", ".join(map(str, broken[:5]))}
    if broken:
        return Check(
            name,
            Level.FAIL,
            N_("The chain is broken at event %(broken)s: something was changed behind our back."),
            N_("Run ./concord lms audit verify and compare with a backup."),
            values,
        )
    return Check(name, Level.OK, N_("The last %(count)s events fit together."), "", values)
