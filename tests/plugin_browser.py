"""The browser of a test run, open only while tests that need it follow one another.

Playwright's synchronous face runs a loop of events in the thread of the tests. Beside it nothing
else can run one, and what signs certificates does. So before a test that has nothing to do with
the browser, the browser is closed; the next test that wants it opens it again.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--autoplay-policy=no-user-gesture-required",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass
class Chromium:
    """A browser that is opened when somebody asks for it."""

    playwright: Playwright | None = None
    browser: Browser | None = None

    def open(self) -> Browser:
        """Give the open browser, or open one; without Chromium the test is skipped."""
        if self.browser is None:
            found = os.environ.get("CONCORD_CHROMIUM") or next(
                filter(None, map(shutil.which, NAMES)), None
            )
            if found is None:
                pytest.skip(
                    "There is no Chromium on this machine. On Debian: apt-get install chromium"
                )
            self.playwright = sync_playwright().start()
            self.browser = self.playwright.chromium.launch(executable_path=found, args=FLAGS)
        return self.browser

    def close(self) -> None:
        """End the browser and the loop of events with it."""
        if self.browser is not None and self.playwright is not None:
            self.browser.close()
            self.playwright.stop()
            self.browser = self.playwright = None


_chromium = Chromium()


@pytest.fixture(scope="session")
def chromium() -> Callable[[], Browser]:
    """Ask for the open browser."""
    return _chromium.open


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") is None:
        _chromium.close()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish() -> None:
    _chromium.close()
