"""Real worker processes that a test can kill, forked off one that has loaded the code."""

import multiprocessing
import os
import sys
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess

from flask import Flask


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
