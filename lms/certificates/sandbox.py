"""A process beside this one that opens strangers' files, each in a fork with narrow limits.

`python -m lms.certificates.sandbox` reads questions from its standard input until it ends. The
helper has loaded everything before it forks, so that one question costs milliseconds; it opens no
file itself, so that nothing that a file does outlives its own fork.
"""

import atexit
import json
import os
import resource
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO

SECONDS = 20.0
CPU_SECONDS = 10
MEMORY = 1024 * 1024 * 1024
LARGEST_ANSWER = 4 * 1024 * 1024
LENGTH = 8
HOME = Path(__file__).parents[2]  # so that the helper finds this package from anywhere
NOTHING = b"\xff" * LENGTH

Task = Callable[[Mapping[str, Any], bytes], bytes]


class Helper:
    """The asking side: starts the process when it is first needed, and again if it has died."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def ask(
        self, task: str, told: Mapping[str, Any], data: bytes, *, seconds: float = SECONDS
    ) -> bytes | None:
        """Return the task's answer, or None where it failed, took too long or was too large.

        Args:
            task: a key of TASKS.
            told: JSON-able values for the task.
            data: the bytes of the file.
        """
        head = json.dumps({"task": task, "seconds": seconds, **told}).encode()
        with self._lock:
            process = self._running()
            assert process.stdin is not None and process.stdout is not None
            try:
                for part in (head, data):
                    process.stdin.write(len(part).to_bytes(LENGTH) + part)
                process.stdin.flush()
                return _read_answer(process.stdout)
            except (OSError, EOFError):
                self._end()
                return None

    def close(self) -> None:
        with self._lock:
            self._end()

    def _running(self) -> "subprocess.Popen[bytes]":
        """Return the process; one that was started before a fork belongs to the parent."""
        if self._owner != os.getpid():
            self._process, self._owner = None, os.getpid()
        if self._process is not None and self._process.poll() is not None:
            self._end()
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __spec__.name],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=HOME,
            )
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        process.kill()
        process.communicate()


@cache
def helper() -> Helper:
    made = Helper()
    atexit.register(made.close)
    return made


def main() -> None:
    from lms.certificates.sandboxed import TASKS

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends this one
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    while (head := _read_part(questions)) is not None:
        data = _read_part(questions)
        told = json.loads(head)
        answer = _in_a_fork(TASKS[told["task"]], told, data or b"")
        size = NOTHING if answer is None else len(answer).to_bytes(LENGTH)
        answers.write(size + (answer or b""))
        answers.flush()


def _in_a_fork(task: Task, told: Mapping[str, Any], data: bytes) -> bytes | None:
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        _work(task, told, data, theirs)
    os.close(theirs)
    try:
        answer = _collect(ours, until=time.monotonic() + float(told["seconds"]))
    finally:
        os.close(ours)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return answer or None


def _work(task: Task, told: Mapping[str, Any], data: bytes, out: int) -> None:
    """Do the task under limits and end, whatever happens; the fork never returns to the loop."""
    try:
        for what, most in (
            (resource.RLIMIT_CPU, CPU_SECONDS),
            (resource.RLIMIT_AS, MEMORY),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
        ):
            _limit(what, most)
        with os.fdopen(out, "wb") as answer:
            answer.write(task(told, data))
        os._exit(0)
    finally:
        os._exit(1)


def _limit(what: int, most: int) -> None:
    hard = resource.getrlimit(what)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))


def _collect(source: int, *, until: float) -> bytes | None:
    """Read to the end, within the time and the size that are allowed."""
    answer = b""
    while len(answer) <= LARGEST_ANSWER:
        left = until - time.monotonic()
        if left <= 0 or not select.select([source], [], [], left)[0]:
            return None
        part = os.read(source, 65536)
        if not part:
            return answer
        answer += part
    return None


def _read_part(source: BinaryIO) -> bytes | None:
    size = source.read(LENGTH)
    return source.read(int.from_bytes(size)) if len(size) == LENGTH else None


def _read_answer(source: Any) -> bytes | None:
    size = source.read(LENGTH)
    if len(size) < LENGTH:
        raise EOFError
    return None if size == NOTHING else bytes(source.read(int.from_bytes(size)))


if __name__ == "__main__":
    main()
