"""Says in pytest's own summary that `./concord check` failed before it: it must not be missed."""

import os

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if os.environ.get("CONCORD_CHECK_FAILED") == "1":
        terminalreporter.section("./concord check failed", sep="=", red=True)
        terminalreporter.line("Its findings stand above the suite. The whole counts as failed.")
