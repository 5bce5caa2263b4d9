"""How gunicorn serves Concord: the app is loaded once, then shared by two processes."""

import os
import signal
from typing import Any

from lms import gate

wsgi_app = "wsgi:app"
workers = int(os.environ.get("CONCORD_WEB_PROCESSES") or 2)
worker_class = "gthread"
threads = int(os.environ.get("CONCORD_WEB_THREADS") or 4)
preload_app = True
keepalive = 5
timeout = 120  # seconds: a large upload over a slow line
graceful_timeout = 20
max_requests = 20_000  # a process is renewed now and then, and not both at once
max_requests_jitter = 2_000
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
loglevel = os.environ.get("CONCORD_LOG_LEVEL") or "warning"
accesslog = os.environ.get("CONCORD_ACCESS_LOG") or None  # "-" is the terminal


def when_ready(_server: Any) -> None:
    """Wait until `lms.serve` says that the database is ready; the app was loaded meanwhile."""
    gate.wait()


def post_fork(_server: Any, worker: Any) -> None:
    """Let no two processes share a database connection, and a stop during the start be a stop."""
    # Until the worker sets its own, it has its parent's handler, which would swallow the signal.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    from lms.db import db

    with worker.app.wsgi().app_context():
        db.engine.dispose(close=False)
