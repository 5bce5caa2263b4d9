"""The start script, as far as it can be tried without making an environment."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lms import native

ROOT = Path(__file__).parents[3]
COMMANDS = ("serve", "test", "tour", "check", "bench", "lms")


def concord(*arguments: str, script: Path = ROOT / "concord", **environ: str):
    return subprocess.run(
        [script, *arguments],
        capture_output=True,
        text=True,
        cwd="/",
        env=os.environ | environ,
        check=False,
        timeout=60,
    )


def test_the_help_names_every_command():
    shown = concord("--help")

    assert shown.returncode == 0
    assert [name for name in COMMANDS if f"\n  {name} " not in shown.stdout] == []


def test_an_unknown_command_is_refused_with_the_list():
    refused = concord("sevre")

    assert refused.returncode == 1
    assert "There is no command 'sevre'." in refused.stderr
    assert "./concord COMMAND" in refused.stderr


@pytest.mark.parametrize("shell", ["dash", "bash"])
def test_every_posix_shell_can_read_it(shell):
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not on this machine")
    read = subprocess.run([shell, "-n", ROOT / "concord"], capture_output=True, check=False)

    assert (read.returncode, read.stderr) == (0, b"")


def test_a_folder_that_is_no_environment_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")

    refused = concord("lms", CONCORD_VENV=str(tmp_path))

    assert refused.returncode == 1
    assert "is not a Python environment" in refused.stderr
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
    assert not tmp_path.with_name(tmp_path.name + ".lock").exists()


def test_the_script_runs_through_a_link_and_from_a_path_with_spaces(tmp_path):
    link = tmp_path / "my programs" / "concord"
    link.parent.mkdir()
    link.symlink_to(ROOT / "concord")

    assert concord("--help", script=link).returncode == 0


def test_the_probe_agrees_with_weasyprint():
    """WeasyPrint opens the same libraries when it is imported."""
    imported = subprocess.run(
        [sys.executable, "-c", "import weasyprint"], capture_output=True, check=False
    )

    assert (imported.returncode == 0) == (native.missing_libraries() == [])


def test_a_library_that_is_not_there_is_missing(monkeypatch):
    monkeypatch.setattr(native, "ON_LINUX", ("libc.so.6", "libnowhere.so.0"))
    monkeypatch.setattr(native, "ON_MACOS", ("libSystem.dylib", "libnowhere.so.0"))

    assert native.missing_libraries() == ["libnowhere.so.0"]


@pytest.mark.parametrize(
    ("manager", "command"),
    [
        ("apt-get", "sudo apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"),
        ("dnf", "sudo dnf install -y pango harfbuzz"),
        ("brew", "brew install pango"),
        (None, "install Pango 1.44 or newer (with pangoft2) and HarfBuzz (with harfbuzz-subset)"),
    ],
)
def test_the_remedy_fits_the_package_manager(monkeypatch, manager, command):
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}" if name == manager else None)

    assert native.remedy() == command
