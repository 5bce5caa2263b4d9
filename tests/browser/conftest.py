"""A real browser, a server to visit, and axe.

`stage` is a small app that shows components and takes what their scripts send; `live` is the
whole product on an empty database of its own. Both listen on a free port in a thread.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from lms import jobs
from lms.accounts import services as accounts
from lms.app import create_app
from lms.clock import utc_now
from lms.db import db, transaction
from lms.packages.domain.releases import ReleaseFacts
from tests.browser.stage import Stage, make_stage
from tests.conftest import TEST_CONFIG, create_tables, settings_for_tests
from tests.factories_packages import make_release

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
Made = TypeVar("Made")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@dataclass
class Visit:
    """Makes pages and remembers what went wrong on them.

    Attributes:
        problems: console errors, script errors and broken content policies, in order.
    """

    browser: Browser
    problems: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def __call__(self, *, width: int = 1280, height: int = 900, **options: Any) -> Page:
        """Open an empty page as a new person: nothing is shared with other pages."""
        options.setdefault("reduced_motion", "reduce")
        context = self.browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(8000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        page.on(
            "console",
            lambda said: said.type == "error" and self.problems.append(f"console: {said.text}"),
        )
        return page


@pytest.fixture
def visit(chromium: Callable[[], Browser]) -> Iterator[Visit]:
    """Open pages; what a browser complains about on any of them fails the test."""
    made = Visit(chromium())
    yield made
    for context in made.contexts:
        context.close()
    assert not made.problems, "\n".join(made.problems)


@pytest.fixture
def page(visit: Visit) -> Page:
    return visit()


@pytest.fixture(scope="session")
def axe() -> Callable[..., None]:
    """Fail with a readable list if axe finds anything on the page as it stands.

    All pages have the same styles; whether these hold a phone upright is asked of one page only,
    because axe reads them whole for that.
    """

    def check(page: Page, *, styles: bool = False) -> None:
        if not page.evaluate("'axe' in window"):
            page.evaluate(Axe().axe_script)
        found = page.evaluate(
            "([tags, preload]) => axe.run({runOnly: {type: 'tag', values: tags}, preload,"
            " resultTypes: ['violations']}).then((told) => told.violations)",
            [RULES, styles],
        )
        told = [
            f"{rule['id']}: {rule['help']}\n    {node['html'][:200]}\n    {node['failureSummary']}"
            for rule in found
            for node in rule["nodes"][:5]
        ]
        assert not told, f"{page.url}\n" + "\n".join(told)

    return check


@pytest.fixture(scope="session")
def fits() -> Callable[[Page], None]:
    """Fail if the page scrolls sideways."""

    def check(page: Page) -> None:
        over = page.evaluate(
            "() => { const wide = document.documentElement.clientWidth + 1;"
            " return [...document.body.querySelectorAll('*')]"
            ".filter((e) => e.getBoundingClientRect().right > wide)"
            ".map((e) => e.outerHTML.slice(0, 120)).slice(0, 5); }"
        )
        scrolls = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert scrolls <= 0, f"{page.url} is {scrolls} px too wide: {over}"

    return check


@pytest.fixture(scope="session")
def looks(axe: Callable[..., None], fits: Callable[[Page], None]) -> Callable[[Page], None]:
    """Fail if axe or the width finds anything: light on a desk, dark on a small phone."""

    def check(page: Page) -> None:
        for width, scheme in ((1280, "light"), (320, "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            # what sticks to the foot of the window covers nothing at the end of the page
            page.evaluate("scrollTo(0, document.body.scrollHeight)")
            fits(page)
            axe(page)

    return check


@pytest.fixture(scope="session")
def until() -> Callable[..., None]:
    """Wait for an expression; Playwright's own wait needs eval, which the policy forbids."""

    def wait(page: Page, expression: str, seconds: float = 8) -> None:
        ends = time.monotonic() + seconds
        while not page.evaluate(f"() => Boolean({expression})"):
            assert time.monotonic() < ends, f"not true after {seconds} s: {expression}"
            page.wait_for_timeout(50)

    return wait


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Run an app in a thread and yield its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def stage_url() -> Iterator[tuple[str, Stage]]:
    app, stage = make_stage()
    with served(app) as url:
        yield url, stage


@pytest.fixture
def stage(stage_url: tuple[str, Stage]) -> Stage:
    """The small app, with an empty memory."""
    url, made = stage_url
    made.reset(url)
    return made


@dataclass(frozen=True)
class Live:
    """The whole product, running."""

    url: str
    app: Flask

    def sign_in(self, page: Page, person: Any) -> None:
        """Sign a person of tests.factories in, as anybody does."""
        page.goto(f"{self.url}/sign-in")
        page.get_by_label("Email address").fill(person.email)
        page.get_by_label("Password", exact=True).fill(person.password)
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)

    def enter(self, page: Page, person: Any) -> None:
        """Give a browser the cookie of a session, where signing in is not what is looked at."""
        with self.app.app_context(), transaction():
            token = accounts.open_session(person.id, device="test", now=utc_now())
        signer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert signer is not None
        value = signer.dumps({"_user_id": token, "_fresh": True})
        name = self.app.config["SESSION_COOKIE_NAME"]
        page.context.add_cookies([{"name": name, "value": str(value), "url": self.url}])

    def do(self, work: Callable[[], Made]) -> Made:
        """Do something in the product's context and in a thread of its own: in the thread of the
        tests Playwright runs a loop of events, beside which others refuse to run theirs."""

        def inside() -> Made:
            with self.app.app_context():
                return work()

        with ThreadPoolExecutor(1) as pool:
            return pool.submit(inside).result()

    def run_jobs(self) -> None:
        """Work off what waits, as the worker does."""
        self.do(jobs.run_pending)


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory, languages: dict[str, Any]) -> Iterator[Live]:
    """The product on a database and a data folder of its own; people are made with factories
    inside `with live.app.app_context():`. A browser that asks for Arabic is answered mirrored."""
    folder = tmp_path_factory.mktemp("live")
    url = f"sqlite:///{folder / 'live.sqlite'}"
    app = create_app(settings_for_tests(folder, url), **TEST_CONFIG, **languages)
    with app.app_context():
        create_tables(url)
    with served(app) as address:
        yield Live(address, app)
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def sample(live: Live) -> ReleaseFacts:
    """The sample module of tests.factories_packages, published in the whole product."""
    with live.app.app_context():
        return make_release(now=utc_now())


@dataclass
class Eyes:
    """A person in a browser who looks at one page after the other as `looks` does.

    Attributes:
        seen: the endpoints of the pages that were looked at and that belong to something.
    """

    live: Live
    page: Page
    looks: Callable[[Page], None]
    seen: set[str] = field(default_factory=set)

    def become(self, person: Any) -> None:
        self.page.context.clear_cookies()
        self.live.enter(self.page, person)

    def at(self, path: str, *, status: int = 200) -> None:
        """Open a page and look at it."""
        self.page.set_viewport_size({"width": 1280, "height": 900})
        answer = self.page.goto(self.live.url + path)
        assert answer is not None
        assert answer.status == status, f"{path} answered {answer.status}"
        self.look()
        endpoint, values = self.live.app.url_map.bind("").match(path.partition("?")[0])
        if status == 200 and values:
            self.seen.add(str(endpoint))

    def sent(self, button: str, shown: str) -> None:
        """Press a button on the open page, wait until something is shown, and look.

        What the browser itself would refuse is sent all the same: the server's answer is looked at.
        """
        self.page.evaluate("for (const form of document.forms) form.noValidate = true")
        self.page.get_by_role("main").get_by_role("button", name=button).first.click()
        self.page.locator(shown).first.wait_for()
        self.look()

    def look(self) -> None:
        assert self.page.locator("h1").count() == 1
        self.looks(self.page)


@pytest.fixture
def eyes(live: Live, page: Page, looks: Callable[[Page], None]) -> Eyes:
    return Eyes(live, page, looks)
