"""The start script on machines that lack things: a path with stand-ins for the programs."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TOOLS = ("sh", "env", "dirname", "mkdir", "rm", "ls", "cat", "cksum", "readlink", "uname", "sleep")


class Machine:
    """A machine whose programs are those in one folder; each stand-in notes how it was called."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "calls"
        self.bin = folder / "bin"
        self.bin.mkdir()
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool) or "/missing")
        self.add("id", "echo 1000")

    def add(self, name: str, body: str) -> None:
        program = self.bin / name
        program.write_text(f'#!/bin/sh\necho "{name} $*" >>"{self.log}"\n{body}\n')
        program.chmod(0o755)

    def start(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        self.log.write_text("")
        return subprocess.run(
            [self.bin / "sh", ROOT / "concord", *(arguments or ("lms",))],
            capture_output=True,
            text=True,
            env={
                "PATH": str(self.bin),
                "HOME": str(self.folder),
                "CONCORD_VENV": str(self.folder / "made" / "venv"),
            },
            check=False,
            timeout=60,
        )

    def calls(self) -> list[str]:
        return self.log.read_text().splitlines()


PYTHON_WITHOUT_VENV = 'case "$*" in *ensurepip*) exit 1 ;; *version_info*) exit 0 ;; esac; exit 9'


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def test_without_python_and_without_root_the_command_to_type_is_named(machine):
    machine.add("apt-get", "exit 0")

    refused = machine.start()

    assert refused.returncode == 1
    assert "sudo apt-get install -y python3 python3-venv" in refused.stderr
    assert not [call for call in machine.calls() if call.startswith("apt-get")]


def test_without_python_and_with_root_it_is_installed(machine):
    machine.add("id", "echo 0")
    machine.add(
        "apt-get", f"echo '#!/bin/sh' >{machine.bin}/python3; chmod +x {machine.bin}/python3"
    )
    (machine.bin / "chmod").symlink_to(shutil.which("chmod"))

    machine.start()

    assert any("install" in call and "python3-venv" in call for call in machine.calls())


def test_without_the_venv_module_and_without_root_the_command_to_type_is_named(machine):
    machine.add("python3", PYTHON_WITHOUT_VENV)
    machine.add("apt-get", "exit 0")

    refused = machine.start()

    assert refused.returncode == 1
    assert "sudo apt-get install -y python3-venv" in refused.stderr


def test_without_the_venv_module_a_root_installs_it_with_fresh_lists_if_need_be(machine):
    machine.add("id", "echo 0")
    machine.add("python3", PYTHON_WITHOUT_VENV)
    machine.add("apt-get", 'case "$*" in *update*) exit 0 ;; esac; exit 100')

    refused = machine.start()

    assert refused.returncode == 1
    asked = [call for call in machine.calls() if call.startswith("apt-get")]
    assert ["update" in call for call in asked] == [False, True, False]
    assert asked[0].endswith("install -y --no-install-recommends python3-venv")


def test_sudo_is_used_only_where_it_asks_for_no_password(machine):
    machine.add("python3", PYTHON_WITHOUT_VENV)
    machine.add("apt-get", "exit 0")
    machine.add("sudo", "exit 1")

    assert machine.start().returncode == 1

    assert [call for call in machine.calls() if call.startswith(("sudo", "apt"))] == [
        "sudo -n true"
    ]


def test_an_old_python_is_not_taken(machine):
    machine.add("python3", "exit 1")
    machine.add("dnf", "exit 0")

    refused = machine.start()

    assert "needs Python 3.11 to 3.14" in refused.stderr
    assert "sudo dnf install -y python3" in refused.stderr


def test_where_uv_fails_pip_is_asked(machine):
    machine.add("uv", "exit 2")
    machine.add("python3", PYTHON_WITHOUT_VENV)

    refused = machine.start()

    assert "uv did not manage it; trying pip." in refused.stderr
    assert any(call.startswith("uv venv") for call in machine.calls())


def test_a_refused_start_leaves_no_lock(machine):
    machine.start()

    assert not (machine.folder / "made" / "venv.lock").exists()


def test_a_lock_of_a_process_that_is_gone_is_taken_over(machine):
    machine.add("dnf", "exit 0")
    lock = machine.folder / "made" / "venv.lock"
    lock.mkdir(parents=True)
    gone = subprocess.Popen(["true"])
    gone.wait()
    (lock / "pid").write_text(f"{gone.pid}\n")

    assert "needs Python" in machine.start().stderr


def test_a_lock_of_a_living_process_is_waited_for(machine):
    lock = machine.folder / "made" / "venv.lock"
    lock.mkdir(parents=True)
    (lock / "pid").write_text(f"{os.getpid()}\n")

    with pytest.raises(subprocess.TimeoutExpired) as waited:
        subprocess.run(
            [machine.bin / "sh", ROOT / "concord", "lms"],
            capture_output=True,
            env={
                "PATH": str(machine.bin),
                "HOME": str(machine.folder),
                "CONCORD_VENV": str(machine.folder / "made" / "venv"),
            },
            check=False,
            timeout=3,
        )
    assert b"is preparing; waiting for it" in (waited.value.stderr or b"")
