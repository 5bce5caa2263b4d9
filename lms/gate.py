"""The gate before the web server: it waits there, loaded and ready, until the data is ready.

`lms.serve` gives the web server one end of a pipe and the worker the other.
"""

import os

NOT_PREPARED = 3
"""How the worker ends if the data cannot be prepared; it has said why."""


def wait() -> None:
    """Return when the gate opens; at once where there is none.

    Raises:
        SystemExit: if it never opens: whoever has to open it is gone, and has said why.
    """
    gate = os.environ.pop("CONCORD_GATE", "")
    if not gate:
        return
    with open(int(gate), "rb", buffering=0) as pipe:  # noqa: PTH123 - a number, not a path
        if pipe.read(1) != b"1":
            raise SystemExit(1)


def is_ours() -> bool:
    """Tell whether this process has to prepare the data and to open the gate."""
    return "CONCORD_OPENS" in os.environ


def open_it() -> None:
    """Let in the web server, and tell `lms.serve`: a letter for each."""
    opener = int(os.environ.pop("CONCORD_OPENS"))
    os.write(opener, b"11")
    os.close(opener)
