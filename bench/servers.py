"""Servers for the bench: gunicorn with the settings that `./concord serve` uses."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def gunicorn(app: str, data: Path, **environ: str) -> Iterator[int]:
    """Serve an app with two workers of four threads, and give the port."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--workers", "2", "--threads", "4"]
    command += ["--worker-class", "gthread", "--preload", "--bind", f"127.0.0.1:{port}", app]
    command += ["--keep-alive", "75", "--log-level", "warning"]
    env = os.environ | {"CONCORD_DATA": str(data), "PYTHONPATH": str(ROOT)} | environ
    process = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def wait_for(port: int, process: "subprocess.Popen[bytes]", seconds: float = 60) -> None:
    """Return when the port answers HTTP.

    Raises:
        RuntimeError: if the server ends or does not answer in time.
    """
    end = time.monotonic() + seconds
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError("the server ended before it answered")
        try:
            direct.open(f"http://127.0.0.1:{port}/", timeout=2).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError("the server did not answer")
