"""The process that keeps web server and worker together."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from lms import serve

ROOT = Path(__file__).parents[3]


@pytest.fixture
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def supervise(code: str) -> "subprocess.Popen[str]":
    """Run code against a real supervisor in a process of its own: it handles signals."""
    program = "from lms.serve import *\nsupervisor = Supervisor()\n" + textwrap.dedent(code)
    return subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_the_next_port_is_taken_when_nobody_chose_one(monkeypatch, taken_port, capsys):
    monkeypatch.setattr(serve, "FIRST_PORT", taken_port)

    with serve.listen("127.0.0.1", None) as listener:
        assert taken_port < listener.getsockname()[1] < taken_port + serve.PORTS_TO_TRY
    assert f"Port {taken_port} is in use" in capsys.readouterr().out


def test_a_chosen_port_that_is_taken_is_refused_with_the_remedy(taken_port):
    with pytest.raises(serve.CannotServe, match=rf"port {taken_port}: .*CONCORD_PORT"):
        serve.listen("127.0.0.1", taken_port)


@pytest.mark.parametrize("given", ["http", "0", "65536", "-1", "8000.5"])
def test_a_port_that_is_no_port_is_refused(monkeypatch, given):
    monkeypatch.setenv("CONCORD_PORT", given)

    with pytest.raises(serve.CannotServe, match="must be a number from 1 to 65535"):
        serve.wanted_port()


def test_the_port_is_free_to_choose_when_none_is_named(monkeypatch):
    monkeypatch.delenv("CONCORD_PORT", raising=False)

    assert serve.wanted_port() is None


@pytest.mark.parametrize(
    ("host", "base", "shown"),
    [
        ("", "", "http://127.0.0.1:8000"),
        ("0.0.0.0", "", "http://localhost:8000"),
        ("::1", "", "http://[::1]:8000"),
        ("", "https://concord.example", "https://concord.example (here: http://127.0.0.1:8000)"),
    ],
)
def test_the_address_is_one_that_a_browser_can_open(monkeypatch, host, base, shown):
    monkeypatch.setenv("CONCORD_HOST", host)
    monkeypatch.setenv("CONCORD_BASE_URL", base)

    assert serve.address(8000) == shown


def test_a_process_that_dies_ends_the_others_and_is_named():
    run = supervise("""
        other = supervisor.start("The web server", "http.server", "0", "--bind", "127.0.0.1")
        print(other.process.pid, flush=True)
        supervisor.start("The worker", "this")
        try:
            supervisor.watch()
        except CannotServe as error:
            print(error)
        finally:
            supervisor.stop()
        """)
    said, _ = run.communicate(timeout=60)

    assert "The worker ended by itself (exit code 0)" in said
    assert not is_running(int(next(line for line in said.splitlines() if line.isdecimal())))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_everything_in_order(number):
    run = supervise("""
        child = supervisor.start("The web server", "http.server", "0", "--bind", "127.0.0.1")
        print(child.process.pid, flush=True)
        supervisor.watch()
        supervisor.stop()
        print("in order")
        """)
    child = int(run.stdout.readline())
    run.send_signal(number)
    said, _ = run.communicate(timeout=60)

    assert said.endswith("in order\n")
    assert run.returncode == 0
    assert not is_running(child)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_a_killed_supervisor_leaves_no_process():
    run = supervise("""
        child = supervisor.start("The web server", "http.server", "0", "--bind", "127.0.0.1")
        print(child.process.pid, flush=True)
        supervisor.watch()
        """)
    child = int(run.stdout.readline())
    run.kill()
    run.communicate()

    deadline = time.monotonic() + 20
    while is_running(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_running(child)


def test_a_missing_secret_in_production_is_one_sentence(tmp_path):
    environ = {k: v for k, v in os.environ.items() if not k.startswith("CONCORD_")}
    run = subprocess.run(
        [sys.executable, "-m", "lms.serve"],
        cwd=ROOT,
        env=environ | {"CONCORD_ENV": "production", "CONCORD_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert run.returncode == 1
    assert run.stdout.startswith("concord: CONCORD_SECRET_KEY is not set.")
    assert "Traceback" not in run.stdout + run.stderr
