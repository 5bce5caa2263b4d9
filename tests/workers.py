"""Real worker processes that a test can kill, forked off one that has loaded the code."""

import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from multiprocessing.context import ForkServerProcess

from flask import Flask
from sqlalchemy import update

from lms import jobs
from lms.clock import utc_now
from lms.db import db, transaction


def start_worker(app: Flask) -> ForkServerProcess:
    """Start `lms jobs run` on the data and the database of an app."""
    settings = app.config["SETTINGS"]
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.workers_loaded"])
    environment = {
        "CONCORD_DATA": str(settings.data),
        "CONCORD_SECRET_KEY": settings.secret_key,
        "DATABASE_URL": settings.database_url,
        "CONCORD_BASE_URL": settings.base_url,
    }
    process = context.Process(target=work, args=(environment,), daemon=True)
    process.start()
    return process


def work(environment: Mapping[str, str]) -> None:
    """Be that worker."""
    from lms.cli import main

    os.environ.update(environment)
    sys.argv = ["lms", "jobs", "run"]
    main()


def wait_for(reached: Callable[[], bool]) -> None:
    """Return when something is so; fail after a minute."""
    ends = time.monotonic() + 60
    while not reached():
        assert time.monotonic() < ends
        time.sleep(0.005)


def let_leases_end() -> None:
    """Move the leases of rows that are under way back, as if five minutes had gone by."""
    with transaction():
        db.session.execute(
            update(jobs.JobItem)
            .where(jobs.JobItem.state == jobs.RUNNING)
            .values(lease_until=utc_now() - timedelta(seconds=1))
        )
