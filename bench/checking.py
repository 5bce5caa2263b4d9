"""Checking a certificate by its code with eight clients, beside the bare page."""

import asyncio
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.client import Client, Load, run
from bench.flow import CLIENTS, ROUNDS, SLICE, bare_load, prepare
from bench.servers import gunicorn
from lms import demo
from lms.accounts import api as accounts
from lms.app import create_app
from lms.certificates import api as certificates
from lms.clock import utc_now
from lms.config import read_settings
from lms.db import db


@dataclass(frozen=True)
class CheckingFigures:
    """Requests a second of the check page and of the bare page, medians of rounds."""

    check: float
    bare: float
    ratio: float


def measure() -> CheckingFigures:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        environ = {"CONCORD_SECRET_KEY": "a secret that is long enough for a bench"}
        email = prepare(data, environ, 1)[0]
        code = certified(data, environ, email)
        with (
            gunicorn("bench.served:app", data, **environ) as port,
            gunicorn("bench.bare:app()", data) as bare_port,
        ):
            pairs = [
                (asyncio.run(load(port, f"/v/{code}")), asyncio.run(bare_load(bare_port)))
                for _ in range(ROUNDS)
            ]
    return CheckingFigures(
        check=statistics.median(ours.rate for ours, _bare in pairs),
        bare=statistics.median(bare.rate for _ours, bare in pairs),
        ratio=statistics.median(ours.rate / bare.rate for ours, bare in pairs),
    )


def certified(data: Path, environ: dict[str, str], email: str) -> str:
    """Bring somebody to a certificate and return its code."""
    app = create_app(read_settings(environ | {"CONCORD_DATA": str(data)}))
    with app.app_context():
        person = accounts.find_by_email(email)
        assert person is not None
        demo.complete(person.id, "mmt8", now=utc_now())
        held = certificates.certificates_of(person.id, on=utc_now().date())
        db.session.remove()
        db.engine.dispose()
    return held[0].code


async def load(port: int, path: str) -> Load:
    async def work(client: Client) -> None:
        end = asyncio.get_running_loop().time() + SLICE
        while asyncio.get_running_loop().time() < end:
            reply = await client.get(path)
            assert reply.status == 200

    return await run([Client(port) for _ in range(CLIENTS)], work)
