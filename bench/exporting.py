"""The completion report at 200,000 enrolments: CSV and XLSX by the row, the first page."""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from bench.data import fill
from bench.servers import ROOT
from lms import demo, jobs
from lms.accounts import api
from lms.accounts import services as accounts
from lms.accounts.domain import Role
from lms.app import create_app
from lms.clock import utc_now
from lms.config import read_settings
from lms.db import Base, db, transaction
from lms.reports.domain import Sought
from lms.reports.queries import completion

WORKBOOK = "/reports/workbooks"
ROWS = int(os.environ.get("BENCH_ROWS") or 200_000)
PEOPLE = 50_000
SECRET = "a secret that is long enough for a bench"


@dataclass(frozen=True)
class ExportingFigures:
    """CPU microseconds a row, megabytes above the idle process, milliseconds of the first page."""

    rows: int
    csv_us: float
    csv_peak_mb: float
    sqlite_us: float
    xlsx_us: float
    xlsx_peak_mb: float
    first_page_ms: float


def measure() -> ExportingFigures:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        make_data(data)
        csv, xlsx = child(data, "/reports/completion.csv"), child(data, WORKBOOK)
        page = child(data, "/reports")
        return ExportingFigures(
            rows=ROWS,
            csv_us=csv["cpu"] / ROWS * 1e6,
            csv_peak_mb=csv["peak_mb"],
            sqlite_us=sqlite_cpu(data) / ROWS * 1e6,
            xlsx_us=xlsx["cpu"] / ROWS * 1e6,
            xlsx_peak_mb=xlsx["peak_mb"],
            first_page_ms=page["wall"] * 1000,
        )


def settings_of(data: Path) -> Any:
    return read_settings({"CONCORD_DATA": str(data), "CONCORD_SECRET_KEY": SECRET})


def make_data(data: Path) -> None:
    app = create_app(settings_of(data))
    with app.app_context():
        Base.metadata.create_all(db.engine)
        demo.publish_content(now=utc_now())
        with transaction():
            accounts.add_person(
                email="admin@example.org",
                name="Ada Okafor",
                password=demo.PASSWORD,
                now=utc_now(),
                roles={Role.ADMIN},
            )
        fill(PEOPLE, ROWS)
        db.session.remove()
        db.engine.dispose()


def child(data: Path, path: str) -> dict[str, float]:
    """Fetch a page in a process of its own, so that its memory is its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.exporting", str(data), path],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def fetch(data: Path, path: str) -> dict[str, float]:
    app = create_app(settings_of(data), WTF_CSRF_ENABLED=False)
    client = app.test_client()
    with app.app_context():
        person = api.find_by_email("admin@example.org")
        assert person is not None
        with transaction():
            token = accounts.open_session(person.id, device="bench", now=utc_now())
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    client.get("/words")
    if path == WORKBOOK:
        return work_off(app, client)
    times = []
    for _ in range(3 if path == "/reports" else 1):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started, cpu = time.perf_counter(), time.process_time()
        with client.get(path, buffered=False) as response:
            assert response.status_code == 200, response.status_code
            size = sum(len(chunk) for chunk in response.iter_encoded())
        times.append(time.perf_counter() - started)
        used = time.process_time() - cpu
        peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return {"cpu": used, "peak_mb": peak, "wall": statistics.median(times), "bytes": size}


def work_off(app: Flask, client: FlaskClient) -> dict[str, float]:
    """Ask for the spreadsheet, and make it as the worker does."""
    assert client.post(WORKBOOK).status_code == 303
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started, cpu = time.perf_counter(), time.process_time()
    with app.app_context():
        jobs.run_pending()
        made = jobs.MadeFile.of(jobs.items_of(1)[0].result)
    assert made is not None
    return {
        "cpu": time.process_time() - cpu,
        "peak_mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024,
        "wall": time.perf_counter() - started,
        "bytes": made.size,
    }


def sqlite_cpu(data: Path) -> float:
    """Return the CPU seconds of `sqlite3 -csv` for the very query that the report sends."""
    file = data / "query.sql"
    file.write_text(query(data))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        ["sqlite3", "-csv", str(data / "concord.sqlite"), f".read {file}"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)


def query(data: Path) -> str:
    """Return what the report sends to the database, with its values written into it."""
    sent: list[str] = []

    def note(_c: Any, cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        parts = statement.split("?")
        assert len(parts) == len(values) + 1, statement
        written = [*map(literal, values), ""]
        sent.append("".join(part + value for part, value in zip(parts, written, strict=True)))

    app = create_app(settings_of(data))
    with app.app_context():
        known = completion.releases()
        event.listen(db.engine, "before_cursor_execute", note)
        rows = completion.stream(Sought(), known, today=utc_now().date())
        next(iter(rows))
        rows.close()
        db.session.remove()
        db.engine.dispose()
    return sent[-1] + ";"


def literal(value: Any) -> str:
    if value is None:
        return "NULL"
    return (
        str(value) if isinstance(value, int | float) else "'" + str(value).replace("'", "''") + "'"
    )


if __name__ == "__main__":
    print(json.dumps(fetch(Path(sys.argv[1]), sys.argv[2])))
