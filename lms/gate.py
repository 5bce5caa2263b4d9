"""Waiting, loaded and ready, until `lms.serve` says that the data is ready."""

import os


def wait() -> None:
    """Return when the gate opens; at once where there is none.

    Raises:
        SystemExit: if it never opens: the preparation failed, and has said why.
    """
    gate = os.environ.pop("CONCORD_GATE", "")
    if not gate:
        return
    with open(int(gate), "rb", buffering=0) as pipe:  # noqa: PTH123 - a number, not a path
        if pipe.read(1) != b"1":
            raise SystemExit(1)
