"""`./concord serve`: keep the web server and the worker running together.

This process only watches: it starts the others, passes Ctrl-C on, and if one of them dies it ends
the rest and says which, so that a half-running Concord is never taken for a running one.
"""

import contextlib
import ctypes
import os
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from lms import gate
from lms.config import BadSetting, read_settings

ROOT = Path(__file__).resolve().parent.parent
FIRST_PORT = 8000
PORTS_TO_TRY = 50
GRACE = 30.0  # seconds that a process has to finish what it is doing
POLL = 0.05


class CannotServe(Exception):
    """The server cannot start or go on; the message says why and what to do."""


@dataclass
class Child:
    """One of the processes, with the name that a person knows it by."""

    name: str
    process: "subprocess.Popen[bytes]"


class Supervisor:
    """Starts processes and ends them together."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self.signals = 0
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.signals += 1
        if self.signals > 1:  # asked twice: at once
            for child in self.children:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.process.pid, signal.SIGKILL)

    def start(self, name: str, *command: str, keep: tuple[int, ...] = (), **environ: str) -> Child:
        """Start a Python module beside the others; Ctrl-C reaches it only through this process."""
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", *command],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | environ,
            process_group=0,
            pass_fds=keep,
            preexec_fn=end_with_parent,
        )
        child = Child(name, process)
        self.children.append(child)
        return child

    def watch(self) -> None:
        """Return when asked to stop.

        Raises:
            CannotServe: if a process ends by itself.
        """
        while not self.signals:
            self.check()
            time.sleep(POLL)

    def check(self) -> None:
        if self.signals:
            return
        for child in self.children:
            code = child.process.poll()
            if code == gate.NOT_PREPARED:
                raise CannotServe("The preparation failed; the lines above say why.")
            if code is not None:
                raise CannotServe(
                    f"{child.name} ended by itself ({how_it_ended(code)}), so everything was "
                    "stopped. The lines above say more. Start again with: ./concord serve"
                )

    def stop(self) -> None:
        """End all processes in order; those that do not hurry are killed.

        One that died leaves its own children behind, which would keep the port: they end as well.
        """
        for child in self.children:
            if child.process.poll() is None:
                child.process.send_signal(signal.SIGTERM)
            else:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.process.pid, signal.SIGKILL)
        deadline = time.monotonic() + GRACE
        for child in self.children:
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.process.pid, signal.SIGKILL)
                child.process.wait()


def main() -> int:
    supervisor = Supervisor()
    try:
        serve(supervisor)
    except CannotServe as error:
        say(str(error))
        return 1
    finally:
        supervisor.stop()
    say("Stopped.")
    return 0


def serve(supervisor: Supervisor) -> None:
    """Run until a signal.

    Raises:
        CannotServe: if a setting or the port will not do, the preparation fails, or a process dies.
    """
    listener = listen(os.environ.get("CONCORD_HOST") or "127.0.0.1", wanted_port())
    port = listener.getsockname()[1]
    os.environ["CONCORD_PORT"] = str(port)  # the default of CONCORD_BASE_URL follows it
    try:
        read_settings()  # one sentence now, instead of one traceback from each process
    except BadSetting as error:
        raise CannotServe(str(error)) from error
    waits, opens = os.pipe()
    # The worker prepares the data; the web server loads meanwhile, and waits at the gate. The
    # worker is the first to be looked at: if it is gone, the web server follows.
    supervisor.start("The worker", "lms.worker", keep=(opens,), CONCORD_OPENS=str(opens))
    supervisor.start(
        "The web server",
        *("gunicorn", "--config", str(ROOT / "lms" / "gunicorn_conf.py")),
        *("--bind", f"fd://{listener.fileno()}"),
        keep=(waits, listener.fileno()),
        CONCORD_GATE=str(waits),
    )
    listener.close()
    os.close(opens)
    wait_for_data(supervisor, waits)
    wait_for_answer(supervisor, port)
    if not supervisor.signals:
        say(f"Concord answers at {address(port)} (Ctrl-C ends it)")
    supervisor.watch()


def wanted_port() -> int | None:
    """Return the port that CONCORD_PORT names, None if it leaves the choice to us.

    Raises:
        CannotServe: if it is not the number of a port.
    """
    given = os.environ.get("CONCORD_PORT") or ""
    if not given:
        return None
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise CannotServe(f"CONCORD_PORT is {given!r}; it must be a number from 1 to 65535.")
    return int(given)


def listen(host: str, port: int | None) -> socket.socket:
    """Take a port now, so that nobody else can before the web server is loaded.

    Raises:
        CannotServe: if the port is taken, or no free one is near.
    """
    candidates = range(FIRST_PORT, FIRST_PORT + PORTS_TO_TRY) if port is None else [port]
    for candidate in candidates:
        listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
            listener.listen(2048)
        except OSError as error:
            listener.close()
            problem = error.strerror or str(error)
        else:
            if port is None and candidate != FIRST_PORT:
                say(f"Port {FIRST_PORT} is in use, so this is port {candidate}.")
            return listener
    last = f"port {port}" if port else f"any port from {FIRST_PORT} to {candidates[-1]}"
    raise CannotServe(
        f"Cannot listen on {host}, {last}: {problem}. Name another one in CONCORD_PORT."
    )


def address(port: int) -> str:
    host = os.environ.get("CONCORD_HOST") or "127.0.0.1"
    if host in ("0.0.0.0", "::"):  # noqa: S104 - every address of this machine
        host = "localhost"
    local = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    outside = os.environ.get("CONCORD_BASE_URL") or local
    return local if outside == local else f"{outside} (here: {local})"


def wait_for_data(supervisor: Supervisor, gate_end: int) -> None:
    """Return when the worker has prepared the data; the gate has a letter for us, too."""
    with open(gate_end, "rb", buffering=0) as pipe:
        while not supervisor.signals:
            supervisor.check()
            ready, _, _ = select.select([pipe], [], [], POLL)
            if ready and pipe.read(1):
                return
            time.sleep(POLL)


def wait_for_answer(supervisor: Supervisor, port: int) -> None:
    """Return when the web server has answered once, whatever it said."""
    host = os.environ.get("CONCORD_HOST") or "127.0.0.1"
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    request = urllib.request.Request(f"http://{place}/words", method="HEAD")
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while not supervisor.signals:
        supervisor.check()
        try:
            direct.open(request, timeout=1).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(POLL)


def how_it_ended(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def end_with_parent() -> None:
    """Ask Linux to end this process when its parent is gone, however it went."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def say(sentence: str) -> None:
    print(f"concord: {sentence}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
