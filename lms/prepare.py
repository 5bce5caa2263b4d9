"""`python -m lms.prepare`: bring the data up to this version; a second run finds nothing to do."""

import logging
import sys
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.exc import DBAPIError

from lms import demo
from lms.app import create_app
from lms.certificates import api as certificates
from lms.clock import utc_now
from lms.db import transaction
from lms.errors import LmsError

ROOT = Path(__file__).resolve().parent.parent


def prepare(app: Flask) -> list[str]:
    """Migrate the database, publish the shipped content, fill an empty development database.

    Returns:
        what a person at the terminal should know: the sign-ins of the demonstration.
    """
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        wake_what_waits()
        now = utc_now()
        if app.config["SETTINGS"].production:
            demo.publish_content(now=now)
            return []
        demo.publish_content(now=now - demo.HISTORY if demo.is_empty() else now)
        demo.seed(now=utc_now())
        return [
            f"  {sign_in.role:<12} {sign_in.email:<36} {sign_in.password}"
            for sign_in in demo.sign_ins()
        ]


def wake_what_waits() -> None:
    """Let certificates that could not be drawn or signed be tried at once: libraries or keys may be
    there by now. The demonstration's own, which wait for those who look around, come after."""
    with transaction():
        certificates.seal_waiting(now=utc_now())


def prepare_and_tell(app: Flask) -> bool:
    """Prepare, say on the terminal what came of it, and tell whether the data is ready."""
    try:
        lines = prepare(app)
    except LmsError as error:
        print(f"concord: {error}", file=sys.stderr, flush=True)
        return False
    except DBAPIError as error:
        said = " ".join(str(error.orig).split())
        print(
            f"concord: The database cannot be used: {said}. Check DATABASE_URL, and that the "
            "server runs and lets this user in; without DATABASE_URL it is a file under "
            "CONCORD_DATA.",
            file=sys.stderr,
            flush=True,
        )
        return False
    if lines:
        heading = "concord: Demonstration people (never made in production):"
        print(heading, *lines, sep="\n", flush=True)
    return True


def main() -> int:
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    return 0 if prepare_and_tell(create_app()) else 1


if __name__ == "__main__":
    sys.exit(main())
