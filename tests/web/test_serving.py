"""`python -m lms.serve` whole: real processes, a real port, an empty data folder."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


class Serving:
    """A running Concord and what it has said."""

    def __init__(self, data: Path) -> None:
        environ = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("CONCORD_", "DATABASE_URL"))
        }
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "lms.serve"],
            cwd=ROOT,
            env=environ | {"CONCORD_DATA": str(data), "CONCORD_PORT": str(self.port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = ""

    def wait_until_it_answers(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            if "Concord answers at" in line:
                return
        pytest.fail(f"it ended before it answered:\n{self.said}")

    def get(self, path: str) -> str:
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            assert answer.status == 200
            return answer.read().decode()

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        self.said += self.process.communicate(timeout=60)[0]
        return self.process.returncode

    def children(self) -> dict[str, int]:
        """Command line and id of the processes that it started."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if parent == self.process.pid:
                found[line] = int(folder.name)
        return found

    def child(self, module: str) -> int:
        return next(number for line, number in self.children().items() if module in line)


@pytest.fixture
def start():
    started: list[Serving] = []

    def starting(data: Path) -> Serving:
        started.append(Serving(data))
        started[-1].wait_until_it_answers()
        return started[-1]

    yield starting
    for serving in started:
        serving.process.kill()
        serving.process.communicate()


pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """One data folder for the module: prepared by the first start, found ready by the others."""
    return tmp_path_factory.mktemp("serving")


def test_the_first_start_answers_names_the_sign_ins_and_ends_with_ctrl_c(start, data):
    serving = start(data)

    assert "<h1" in serving.get("/words")
    assert f"http://127.0.0.1:{serving.port}" in serving.said
    assert len(re.findall(r"^  \S+ +\S+@\S+ +\S.*$", serving.said, re.MULTILINE)) >= 4
    web, worker = serving.child("gunicorn"), serving.child("lms.worker")

    assert serving.end() == 0
    assert serving.said.endswith("concord: Stopped.\n")
    assert not Path(f"/proc/{web}").exists()
    assert not Path(f"/proc/{worker}").exists()


@pytest.mark.parametrize(
    ("module", "name"), [("gunicorn", "The web server"), ("lms.worker", "The worker")]
)
def test_a_later_start_changes_nothing_and_a_dead_process_ends_the_other_with_its_name(
    start, data, module, name
):
    if not (data / "concord.sqlite").exists():
        start(data).end(signal.SIGTERM)
    before = kept(data)
    serving = start(data)
    assert kept(data) == before
    web, worker = serving.child("gunicorn"), serving.child("lms.worker")
    os.kill(serving.child(module), signal.SIGKILL)

    said, _ = serving.process.communicate(timeout=60)

    assert serving.process.returncode == 1
    assert f"{name} ended by itself (SIGKILL)" in said
    assert not Path(f"/proc/{web}").exists()
    assert not Path(f"/proc/{worker}").exists()


def test_a_database_that_cannot_be_used_is_one_sentence_and_nothing_goes_on(tmp_path):
    (tmp_path / "concord.sqlite").write_bytes(b"This is no database. " * 500)

    serving = Serving(tmp_path)
    said, _ = serving.process.communicate(timeout=60)

    assert serving.process.returncode == 1
    assert "The database cannot be used: file is not a database. Check DATABASE_URL" in said
    assert "concord: The preparation failed; the lines above say why." in said
    assert "Traceback" not in said
    assert "Concord answers at" not in said


def kept(data: Path) -> dict[str, object]:
    """Return what a start would write if it did its set-up work again."""
    with closing(sqlite3.connect(data / "concord.sqlite")) as database:
        rows = {
            table: database.execute(f"SELECT count(*), max(id) FROM {table}").fetchone()
            for table in ("accounts_people", "packages_releases", "trials_trials")
        }
    return {**rows, "secret": (data / "secret-key").read_text()}
