"""The fixture `postgres_url`: an empty database of its own for each process of a test run."""

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import NoPostgres, Server, start

FOLDER = "concord_postgres_folder"
OWNER = "concord_postgres_owner"


def pytest_configure(config: pytest.Config) -> None:
    """Agree on one folder for the run, in which its processes find the server."""
    if given := getattr(config, "workerinput", None):
        config.stash[_folder] = Path(given[FOLDER])
        config.stash[_owner] = int(given[OWNER])
    else:
        config.stash[_folder] = Path(tempfile.mkdtemp(prefix="concord-run-"))
        config.stash[_owner] = os.getpid()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: pytest.Item) -> None:
    node.workerinput[FOLDER] = str(node.config.stash[_folder])  # type: ignore[attr-defined]
    node.workerinput[OWNER] = os.getpid()  # type: ignore[attr-defined]


def pytest_unconfigure(config: pytest.Config) -> None:
    """The process that began the run ends the server, after all the others."""
    if hasattr(config, "workerinput") or _folder not in config.stash:
        return
    folder = config.stash[_folder]
    if server := _running(folder):
        server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> Server:
    """The one server of this run; started by whichever process needs it first."""
    folder = request.config.stash[_folder]
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if server := _running(folder):
            return server
        try:
            server = start(watch=request.config.stash[_owner])
        except NoPostgres as error:
            pytest.fail(str(error), pytrace=False)
        (folder / "server.json").write_text(server.to_json())
        return server


@pytest.fixture(scope="session")
def postgres_url(request: pytest.FixtureRequest, postgres_server: Server) -> Iterator[str]:
    """The SQLAlchemy URL of an empty database, dropped at the end."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"concord_{request.config.stash[_owner]}_{worker}"
    yield postgres_server.create_database(name)
    postgres_server.drop_database(name)


_folder = pytest.StashKey[Path]()
_owner = pytest.StashKey[int]()


def _running(folder: Path) -> Server | None:
    file = folder / "server.json"
    return Server(**json.loads(file.read_text())) if file.exists() else None
