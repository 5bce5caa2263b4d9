"""The app, made only when a command runs, so that --help stays fast."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def app_context() -> Iterator[None]:
    """Run a block in the app, and leave no connection open behind it."""
    from lms.app import create_app
    from lms.db import db

    with create_app().app_context():
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()
