"""Ten thousand issued anew through a kill; then two workers that sign what waits, and their memory.

Nothing is left out: the rows are made by the product's own job in worker processes of its own, and
a file that counts was drawn, carries its badge, is signed, stamped, checked, stored and on its way
by mail.
"""

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select, update

from bench.data import add_people
from bench.sealing import facts
from bench.servers import ROOT
from lms import jobs, storage
from lms.app import create_app
from lms.audit import api as audit
from lms.certificates import api as certificates
from lms.certificates import authority, queries, services
from lms.certificates.domain import new_code
from lms.certificates.models import Certificate, File
from lms.clock import utc_now
from lms.config import read_settings
from lms.db import Base, db, transaction

COUNT, SIGNED, FIRST_LOOK = 10_000, 2_000, 200
EXACT = 200
BATCH = 2_000
WORKERS = 2


@dataclass(frozen=True)
class ReissuingFigures:
    """Seconds from the start of the first worker to the last row, its kill and the wait for its
    successor's start among them; resident megabytes of the larger worker; CPU milliseconds of the
    answer about an exact copy, from its bytes to the verdict."""

    count: int
    seconds: float
    lost: int
    doubled: int
    signed: int
    a_second: float
    memory_first: float
    memory_last: float
    chain_whole: bool
    exact_copy: float


def measure(
    count: int = COUNT, signed: int = SIGNED, first_look: int = FIRST_LOOK
) -> ReissuingFigures:
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "PATH": os.environ["PATH"],
            "CONCORD_DATA": folder,
            "CONCORD_SECRET_KEY": "a secret for the benchmark alone",
            "CONCORD_BASE_URL": "https://concord.example.org",
            "DATABASE_URL": f"sqlite:///{folder}/concord.sqlite",
        }
        app = create_app(read_settings(environment))
        with app.app_context():
            Base.metadata.create_all(db.engine)
            authority.signer()  # the keys are there before the clock runs
            authority.stamper()
            ask_for(count)
            seconds = issue_through_a_kill(environment, count)
            left_over = (lost(count), doubled())
            a_second, first, last = sign_with_two(environment, signed, first_look)
            whole = not audit.broken_links()
            exact = exact_copy()
            db.session.remove()
            db.engine.dispose()
    return ReissuingFigures(count, seconds, *left_over, signed, a_second, first, last, whole, exact)


def ask_for(count: int) -> None:
    """Write down people with a certificate each, and the job that issues all of them anew."""
    first = add_people(count + 1)
    for start in range(0, count, BATCH):
        with transaction():
            db.session.execute(
                insert(Certificate.__table__),
                [row(first + n) for n in range(start, min(start + BATCH, count))],
            )
    with transaction():
        chosen = queries.holding_in_module("mmt8", on=utc_now().date(), limit=count)
        services.reissue_many(chosen, reason="A benchmark", by=first + count, now=utc_now())


def row(holder_id: int) -> dict[str, Any]:
    made = facts(holder_id)
    return {
        "code": new_code(os.urandom),
        "subject": f"bench:{holder_id}",
        "holder_id": holder_id,
        "facts": made.as_data(),
        "facts_digest": made.digest(),
        "title": made.title,
        "module_slug": made.module_slug,
        "level": made.level,
        "instrument_ref": made.instrument_ref,
        "language": made.language,
        "demonstration": made.demonstration,
        "issued_on": made.issued_on,
        "expires_on": made.expires_on,
        "issued_at": utc_now(),
    }


def issue_through_a_kill(environment: dict[str, str], count: int) -> float:
    """Let a worker issue, kill it at two fifths, let another one go on; return the seconds."""
    started = time.perf_counter()
    with workers(environment, 1) as (first,):
        wait_until(lambda: successors() >= count * 2 // 5, [first])
        first.send_signal(signal.SIGKILL)
        first.wait()
    end_leases()
    with workers(environment, 1) as (second,):
        wait_until(lambda: successors() >= count, [second])
        seconds = time.perf_counter() - started
    end_leases()
    return seconds


def sign_with_two(
    environment: dict[str, str], signed: int, first_look: int
) -> tuple[float, float, float]:
    """Return files a second once both workers are warm, and the larger one's memory twice."""
    before = files()
    with workers(environment, WORKERS) as both:
        wait_until(lambda: files() >= before + first_look, both)
        started, begun, first = time.perf_counter(), files(), memory(both)
        wait_until(lambda: files() >= before + signed, both)
        a_second = (files() - begun) / (time.perf_counter() - started)
        return a_second, first, memory(both)


@contextmanager
def workers(environment: dict[str, str], count: int) -> Iterator[list["subprocess.Popen[bytes]"]]:
    """Run workers without end; kill what is left of them."""
    command = [sys.executable, "-m", "lms.cli", "jobs", "run", "--most", "1000000"]
    running = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        for _ in range(count)
    ]
    try:
        yield running
    finally:
        for one in running:
            one.kill()
            one.wait()


def wait_until(reached: Callable[[], bool], running: list["subprocess.Popen[bytes]"]) -> None:
    while not reached():
        if all(one.poll() is not None for one in running):
            raise RuntimeError("the workers ended before the work was done")
        time.sleep(0.25)  # to count costs the workers time as well


def end_leases() -> None:
    """Move the leases of the dead back, as if five minutes had gone by."""
    with transaction():
        db.session.execute(
            update(jobs.JobItem)
            .where(jobs.JobItem.state == jobs.RUNNING)
            .values(lease_until=utc_now() - timedelta(seconds=1))
        )


def exact_copy() -> float:
    data = storage.get(db.session.scalar(select(File.digest).limit(1)) or "")
    now, times = utc_now(), []
    for _ in range(EXACT):
        started = time.process_time()
        verdict = certificates.verdict_for_file(data, on=now.date(), now=now)
        db.session.remove()
        times.append((time.process_time() - started) * 1000)
        assert verdict.good, verdict
    return statistics.median(times)


def successors() -> int:
    return number_of(Certificate, Certificate.supersedes_id.is_not(None))


def files() -> int:
    return number_of(File)


def lost(count: int) -> int:
    """Count those who hold no successor, and the rows that failed."""
    failed = number_of(jobs.JobItem, jobs.JobItem.state == jobs.FAILED)
    return count - distinct_holders() + failed


def doubled() -> int:
    """Count the successors beyond one for each person."""
    return successors() - distinct_holders()


def distinct_holders() -> int:
    db.session.rollback()
    wanted = select(func.count(func.distinct(Certificate.holder_id)))
    return db.session.scalar(wanted.where(Certificate.supersedes_id.is_not(None))) or 0


def number_of(model: Any, *conditions: Any) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def memory(running: list["subprocess.Popen[bytes]"]) -> float:
    return max(resident_mb(one.pid) for one in running)


def resident_mb(pid: int) -> float:
    text = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in text.splitlines() if "VmRSS" in line) / 1024
