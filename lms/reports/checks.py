"""Looking at this installation: asks the machine, lets the domain judge."""

import shutil
import socket
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from obstore.exceptions import BaseError
from sqlalchemy.exc import SQLAlchemyError

from lms import jobs, native
from lms.audit import api as audit
from lms.certificates import api as certificates
from lms.config import Settings
from lms.db import db
from lms.errors import N_
from lms.queue import Queue
from lms.reports.domain.health import (
    Check,
    Level,
    judge_audit,
    judge_database,
    judge_disk,
    judge_libraries,
    judge_queue,
    judge_worker,
)
from lms.reports.queries.jobs import failed_items
from lms.storage import Store

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
EVENTS = 1000
PROBE = "health-probe"
PATIENCE = 3.0  # seconds that a mail server has to answer
ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def all_checks(*, now: datetime) -> list[Check]:
    """Look at everything that an installation needs; with foreign tables, at what needs none."""
    database = database_check()
    tables_fit = database.level is not Level.FAIL
    return [
        database,
        storage_check(),
        judge_worker(queue().looked_at(), now=now),
        *(table_checks(now=now) if tables_fit else ()),
        libraries_check(),
        *(signing_checks(now=now) if tables_fit else ()),
        mail_check(),
        disk_check(),
    ]


def table_checks(*, now: datetime) -> Iterator[Check]:
    waiting, oldest = jobs.waiting(now)
    yield judge_queue(waiting, oldest, failed_items(), now=now)
    looked_at = min(EVENTS, audit.count_events())
    yield judge_audit(audit.broken_links(last=EVENTS), looked_at=looked_at)


def is_ready() -> bool:
    """Tell whether requests can be answered: the database answers, and its tables fit."""
    return database_check().level is Level.OK


def database_check() -> Check:
    kind = ENGINES[db.engine.dialect.name]
    try:
        at = frozenset(MigrationContext.configure(db.session.connection()).get_current_heads())
    except SQLAlchemyError as error:
        return Check(
            N_("Database"),
            Level.FAIL,
            N_("%(kind)s does not answer: %(problem)s"),
            N_("See that it runs and that DATABASE_URL names it."),
            {"kind": kind, "problem": str(getattr(error, "orig", error)).strip().split("\n")[0]},
        )
    return judge_database(kind, at=at, head=wanted_revisions())


@cache
def wanted_revisions() -> frozenset[str]:
    """Return the revisions that the tables of this version are at."""
    return frozenset(ScriptDirectory(str(MIGRATIONS)).get_heads())


def storage_check() -> Check:
    """Write a file, read it back, take it away."""
    name = N_("Files")
    try:
        engine = store().engine
        engine.put(PROBE, b"concord")
        whole = bytes(engine.get(PROBE).bytes()) == b"concord"
        engine.delete(PROBE)
    except (BaseError, OSError) as error:
        whole, problem = False, str(error).strip().split("\n")[0]
    else:
        problem = "what was written came back changed"
    if not whole:
        return Check(
            name,
            Level.FAIL,
            N_("Files cannot be kept: %(problem)s"),
            N_("Let the server write to the store (CONCORD_STORE_URL, by default CONCORD_DATA)."),
            {"problem": problem},
        )
    return Check(name, Level.OK, N_("Files can be written and read."))


def libraries_check() -> Check:
    missing = native.missing_libraries()
    return judge_libraries(missing, native.remedy() if missing else "")


def signing_checks(*, now: datetime) -> Iterator[Check]:
    name = N_("Signing certificates")
    command = native.remedy() if native.missing_libraries() else None
    for one in certificates.health(now=now):
        if one.remedy != command:  # the libraries have a check of their own, which names them
            level = Level.FAIL if one.serious else Level.CARE
            yield Check(name, level, one.sentence, command=one.remedy)
    ends_on = certificates.signer_ends_on()
    if ends_on is not None:
        sentence = N_("The signing key is there; its certificate holds until %(day)s.")
        yield Check(name, Level.OK, sentence, "", {"day": ends_on})


def mail_check() -> Check:
    """Say where mail goes; with a mail server, see that it answers."""
    name, found = N_("Mail"), settings()
    if not found.smtp_url:
        outbox = found.data / "outbox"
        count = len(list(outbox.glob("*.log"))) if outbox.is_dir() else 0
        return Check(
            name,
            Level.CARE if found.production else Level.OK,
            N_("Mail is written to files in %(folder)s and not sent; %(count)s are there."),
            N_("Name a mail server in CONCORD_SMTP_URL.") if found.production else "",
            {"folder": str(outbox), "count": count},
        )
    parts = urlsplit(found.smtp_url)
    host, port = parts.hostname or "", parts.port or (465 if parts.scheme == "smtps" else 25)
    values = {"host": host, "port": port}
    try:
        socket.create_connection((host, port), PATIENCE).close()
    except OSError as error:
        return Check(
            name,
            Level.FAIL,
            N_("The mail server %(host)s does not answer on port %(port)s: %(problem)s"),
            N_("See that it runs and that CONCORD_SMTP_URL names it. Mail waits and is not lost."),
            values | {"problem": error.strerror or str(error)},
        )
    return Check(name, Level.OK, N_("The mail server %(host)s answers."), "", values)


def disk_check() -> Check:
    usage = shutil.disk_usage(settings().data)
    return judge_disk(usage.free, usage.total)


def settings() -> Settings:
    found = current_app.config["SETTINGS"]
    assert isinstance(found, Settings)
    return found


def store() -> Store:
    found = current_app.extensions["concord_store"]
    assert isinstance(found, Store)
    return found


def queue() -> Queue:
    found = current_app.extensions["concord_queue"]
    assert isinstance(found, Queue)
    return found
