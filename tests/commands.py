"""`./concord lms …` as a process of its own, without the second that each takes to load.

`lms()` asks one server process, which has loaded the product and answers each question in a fork of
itself: own environment, own folder, own output, as if it had been typed. That the command also
starts cold is seen by the tests of `./concord`, of the start and of the restore drill.
"""

import atexit
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def lms(
    *arguments: object, env: Mapping[str, str], cwd: Path = ROOT
) -> "subprocess.CompletedProcess[str]":
    """Run a command with this environment and nothing else; see `subprocess.run`."""
    told = {"arguments": list(map(str, arguments)), "env": dict(env), "cwd": str(cwd)}
    server = _server()
    assert server.stdin is not None and server.stdout is not None
    server.stdin.write(json.dumps(told) + "\n")
    server.stdin.flush()
    answer = json.loads(server.stdout.readline())
    return subprocess.CompletedProcess(told["arguments"], **answer)


@cache
def _server() -> "subprocess.Popen[str]":
    made = subprocess.Popen(
        [sys.executable, "-m", "tests.commands"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(made.kill)
    return made


def main() -> None:
    _load()
    for line in sys.stdin:
        print(json.dumps(_answer(json.loads(line))), flush=True)


def _load() -> None:
    """Load what the commands load when they need it."""
    import lms.certificates.verification
    import lms.cli
    from lms.app import load_handlers, load_tables

    load_tables()
    load_handlers()
    for name in lms.cli.GROUPS:
        lms.cli.group.get_command(None, name)  # type: ignore[arg-type]


def _answer(told: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            _work(told, out.fileno(), err.fileno())
        _, status = os.waitpid(child, 0)
        said = []
        for file in (out, err):
            file.seek(0)
            said.append(file.read().decode())
    return {
        "returncode": os.waitstatus_to_exitcode(status),
        "stdout": said[0],
        "stderr": said[1],
    }


def _work(told: dict[str, Any], out: int, err: int) -> None:
    """Become the command; never returns."""
    from lms import cli

    code: Any = 1
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(out, 1)
        os.dup2(err, 2)
        os.chdir(told["cwd"])
        os.environ.clear()
        os.environ.update(told["env"])
        sys.argv = ["lms", *told["arguments"]]
        try:
            cli.main()
        except SystemExit as ended:
            code = ended.code
        finally:
            atexit._run_exitfuncs()
            sys.stdout.flush()
            sys.stderr.flush()
    finally:
        os._exit(code if isinstance(code, int) else 0 if code is None else 1)


if __name__ == "__main__":
    main()
