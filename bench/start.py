"""What starting costs: the import of the app, a worker's memory, a second `./concord serve`."""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.servers import ROOT, free_port, gunicorn, wait_for


@dataclass(frozen=True)
class StartFigures:
    """Seconds and megabytes; memory is each worker's own share (PSS)."""

    import_seconds: float
    bare_import_seconds: float
    worker_mb: float
    bare_worker_mb: float
    second_serve_seconds: float


def measure() -> StartFigures:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        env = os.environ | {"CONCORD_DATA": str(data), "PYTHONPATH": str(ROOT)}
        make = "from lms.app import create_app; create_app()"
        ours = best_of(3, lambda: timed(make, env))
        bare = best_of(3, lambda: timed("import flask, sqlalchemy.orm, jinja2", env))
        with gunicorn("bench.served:app", data) as port:
            memory = worker_memory(port)
        with gunicorn("bench.bare:app()", data) as port:
            bare_memory = worker_memory(port)
        serve_once(data / "serve")
        second = serve_once(data / "serve")
    return StartFigures(ours, bare, memory, bare_memory, second)


def best_of(count: int, work: "object") -> float:
    assert callable(work)
    return min(work() for _ in range(count))


def timed(code: str, env: dict[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, check=True)
    return time.perf_counter() - started


def worker_memory(port: int) -> float:
    """Return the mean proportional memory of the processes that listen on a port, in MB."""
    found = subprocess.run(
        ["pgrep", "-f", "--", f"--bind 127.0.0.1:{port}"],
        capture_output=True,
        text=True,
        check=True,
    )
    sizes = [pss(int(pid)) for pid in found.stdout.split()]
    return sum(sizes) / len(sizes) / 1024


def pss(pid: int) -> int:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))


def serve_once(data: Path) -> float:
    """Run `./concord serve` until it answers; return the seconds that took."""
    port = free_port()
    env = os.environ | {"CONCORD_DATA": str(data), "CONCORD_PORT": str(port)}
    started = time.perf_counter()
    process = subprocess.Popen(
        [str(ROOT / "concord"), "serve"], env=env, stdout=subprocess.DEVNULL, cwd=ROOT
    )
    try:
        wait_for(port, process, seconds=300)
        return time.perf_counter() - started
    finally:
        process.terminate()
        process.wait(30)
