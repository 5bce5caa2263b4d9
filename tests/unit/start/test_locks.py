"""The two lock files, which the start script installs from."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
LOCKS = ("requirements.txt", "requirements-dev.txt")


def pins(lock: str) -> dict[str, str]:
    """Name, and version with its markers."""
    lines = re.findall(r"^([A-Za-z0-9_.-]+)==(\S+.*?) \\$", (ROOT / lock).read_text(), re.MULTILINE)
    return {name: rest.strip() for name, rest in lines}


def wanted(requirements: list[str]) -> set[str]:
    names = (re.match(r"[A-Za-z0-9._-]+", requirement) for requirement in requirements)
    return {re.sub(r"[-_.]+", "-", name.group().lower()) for name in names if name}


def test_the_test_lock_holds_every_pin_of_the_run_time_lock():
    run, dev = pins("requirements.txt"), pins("requirements-dev.txt")

    assert len(run) > 50
    assert {name: dev.get(name) for name in run} == run


def test_the_locks_hold_everything_that_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())

    assert wanted(project["project"]["dependencies"]) <= pins("requirements.txt").keys()
    assert wanted(project["dependency-groups"]["dev"]) <= pins("requirements-dev.txt").keys()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes_and_no_address_is_named(lock):
    text = (ROOT / lock).read_text()
    blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]

    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert "://" not in text
