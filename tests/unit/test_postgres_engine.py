"""The tests' own PostgreSQL: every engine that is here starts, works and leaves nothing behind."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from tests.postgres import NoPostgres, Server, engines, start

pytestmark = pytest.mark.postgres

ROOT = Path(__file__).parents[2]


def is_running(process: int) -> bool:
    """A zombie has ended, whoever has yet to collect it."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def postmaster_of(server: Server) -> int:
    return int((Path(server.folder or "") / "data" / "postmaster.pid").read_text().split()[0])


@pytest.mark.parametrize("binaries", list(engines()), ids=str)
def test_an_engine_starts_works_and_leaves_nothing(binaries):
    server = start(binaries=binaries)
    try:
        with psycopg.connect(server.dsn) as connection:
            assert connection.execute("SELECT lower('ABC'), 1 + 1").fetchone() == ("abc", 2)
        postmaster = postmaster_of(server)
        assert is_running(postmaster)
    finally:
        server.stop()

    assert not is_running(postmaster)
    assert not Path(server.folder or "").exists()


def test_there_is_an_engine_to_test_on():
    assert list(engines()) or os.environ.get("CONCORD_TEST_POSTGRES")


def test_a_killed_run_leaves_no_server():
    code = (
        "from tests.postgres import start\n"
        "import sys, time\n"
        "print(start().to_json(), flush=True)\n"
        "time.sleep(600)\n"
    )
    environment = {name: value for name, value in os.environ.items() if "POSTGRES" not in name}
    run = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
    )
    with run.stdout:
        server = Server(**json.loads(run.stdout.readline()))
    postmaster = postmaster_of(server)

    run.kill()
    run.wait()

    deadline = time.monotonic() + 30
    while is_running(postmaster) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_running(postmaster)


def test_the_fixture_gives_each_process_of_a_run_a_database_of_its_own(postgres_url):
    engine = create_engine(postgres_url)
    with engine.begin() as connection:
        assert connection.scalar(text("SHOW server_encoding")) == "UTF8"
        name = connection.scalar(text("SELECT current_database()"))
    engine.dispose()
    assert name.endswith(os.environ.get("PYTEST_XDIST_WORKER", "main"))


def test_a_folder_without_programs_is_refused_with_a_sentence(tmp_path):
    with pytest.raises(NoPostgres, match="did not start"):
        start(binaries=tmp_path)


def test_a_server_from_outside_is_used_and_not_ended(monkeypatch):
    monkeypatch.setenv("CONCORD_TEST_POSTGRES", "postgresql+psycopg://me:pw@db.example/postgres")
    server = start()

    assert server.guard is None
    assert server.url_of("other") == "postgresql+psycopg://me:pw@db.example/other"
    server.stop()
