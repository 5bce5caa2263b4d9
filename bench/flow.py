"""The trainee's whole flow with eight clients on two workers, beside the bare page."""

import asyncio
import re
import statistics
import tempfile
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

from bench.client import Client, Load, run
from bench.servers import gunicorn
from lms import demo
from lms.accounts import api as accounts
from lms.app import create_app
from lms.clock import utc_now
from lms.config import read_settings
from lms.db import Base, db, transaction
from lms.modules import queries, services

CLIENTS = 8
ROUNDS = 3
SLICE = 4.0
SLUG = "mmt8"
TOKEN = re.compile(rb'name="csrf-token" content="([^"]+)"')
OPTION = re.compile(rb'name="answer" value="([^"]+)"')


@dataclass(frozen=True)
class FlowFigures:
    """Requests a second of the flow and of the bare page, and their ratio, medians of rounds."""

    database: str
    flow: float
    bare: float
    ratio: float
    p50: float
    p95: float
    largest: int


def measure(database_url: str = "") -> FlowFigures:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        environ = {
            "CONCORD_SECRET_KEY": "a secret that is long enough for a bench",
            "CONCORD_ENV": "development",
            "RATELIMIT_ENABLED": "0",
        }
        if database_url:
            environ["DATABASE_URL"] = database_url
        people = prepare(data, environ, CLIENTS * ROUNDS)
        bare_env = {"BARE_DATABASE_URL": database_url.replace("postgresql:", "postgresql+psycopg:")}
        with (
            gunicorn("bench.served:app", data, **environ) as port,
            gunicorn("bench.bare:app()", data, **bare_env if database_url else {}) as bare_port,
        ):
            flows, bares = [], []
            for number in range(ROUNDS):
                bares.append(asyncio.run(bare_load(bare_port)))
                mine = people[number * CLIENTS : (number + 1) * CLIENTS]
                flows.append(asyncio.run(flow_load(port, mine)))
    ratios = [flow.rate / bare.rate for flow, bare in zip(flows, bares, strict=True)]
    return FlowFigures(
        database="PostgreSQL" if database_url else "SQLite",
        flow=statistics.median(flow.rate for flow in flows),
        bare=statistics.median(bare.rate for bare in bares),
        ratio=statistics.median(ratios),
        p50=statistics.median(flow.p50 for flow in flows),
        p95=statistics.median(flow.p95 for flow in flows),
        largest=max(flow.largest for flow in flows),
    )


def prepare(data: Path, environ: dict[str, str], count: int) -> list[str]:
    """Publish the module and bring people to the door of its quiz; return their addresses."""
    settings = read_settings(environ | {"CONCORD_DATA": str(data)})
    app = create_app(settings)
    emails = [f"bench{n}@example.org" for n in range(count)]
    with app.app_context():
        Base.metadata.create_all(db.engine)
        now = utc_now()
        demo.publish_content(now=now)
        for email in emails:
            with transaction():
                person_id = accounts.add_person(
                    email=email, name="Bench Rater", password=demo.PASSWORD, now=now
                )
            advance(person_id, now)
        db.session.remove()
        db.engine.dispose()
    return emails


def advance(person_id: int, now: Any) -> None:
    with transaction():
        services.enrol(person_id, SLUG, now=now)
    while True:
        view = services.current_path(queries.enrolment_of(person_id, SLUG), now=now).next
        if view is None or view.step.kind == "quiz":
            return
        demo.do_step(person_id, SLUG, view, now=now)


async def bare_load(port: int) -> Load:
    async def work(client: Client) -> None:
        end = asyncio.get_running_loop().time() + SLICE
        while asyncio.get_running_loop().time() < end:
            await client.get("/")

    return await run([Client(port) for _ in range(CLIENTS)], work)


async def flow_load(port: int, emails: list[str]) -> Load:
    waiting = list(emails)

    async def work(client: Client) -> None:
        await learn(client, waiting.pop())

    return await run([Client(port) for _ in emails], work)


async def learn(client: Client, email: str) -> None:
    """Sign in, look at a lesson, take the quiz answer by answer, hand in, read the result."""
    token = found(TOKEN, (await client.get("/sign-in")).body)
    reply = await client.post(
        "/sign-in", [("email", email), ("password", demo.PASSWORD), ("csrf_token", token)]
    )
    assert reply.status == 303, reply.status
    await client.get("/")
    await client.get(f"/learning/{SLUG}")
    page = await client.get(f"/learning/{SLUG}/steps/positions")
    token = found(TOKEN, page.body)
    reply = await client.post(f"/learning/{SLUG}/steps/quiz/attempts", [("csrf_token", token)])
    attempt = reply.headers["location"]
    count = 0
    while True:
        count += 1
        page = await client.get(f"{attempt}?n={count}")
        if page.status == 404:
            break
        option = OPTION.search(page.body)
        value = option[1].decode() if option else "1"
        saved = await client.post(
            f"{attempt}/answers?n={count}",
            [("answer", unescape(value))],
            **{"X-CSRFToken": token, "X-Requested-With": "fetch"},
        )
        assert saved.status == 200, saved.body
    page = await client.get(f"{attempt}/submission")
    reply = await client.post(f"{attempt}/submission", [("csrf_token", token)])
    assert reply.status == 303, reply.body
    reply = await client.get(f"{attempt}/result")
    assert reply.status == 200


def found(pattern: "re.Pattern[bytes]", body: bytes) -> str:
    match = pattern.search(body)
    assert match, body[:500]
    return unescape(match[1].decode())
