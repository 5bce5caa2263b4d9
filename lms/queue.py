"""The bell for the worker: Huey on a file beside the data. It carries no work, only "look"."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from huey import SqliteHuey, crontab

from lms.config import Settings


class Queue:
    """Rings the worker. The rows in jobs_items are the truth; a lost ring costs a minute."""

    def __init__(self, settings: Settings) -> None:
        settings.data.mkdir(parents=True, exist_ok=True)
        self._beat = settings.data / "worker-looked"
        self.huey = SqliteHuey(
            "concord", filename=str(settings.data / "queue.sqlite"), results=False, timeout=15
        )
        self._look = self.huey.task(name="look")(self._work)
        self.huey.periodic_task(crontab(minute="*"), name="sweep")(self._work)
        self.huey.periodic_task(crontab(minute="17", hour="3"), name="nightly")(self._night)
        self.app: Any = None
        self.nightly: Callable[[], object] | None = None
        self.stopping: Callable[[], bool] = bool  # no, until a worker says otherwise

    def kick(self) -> None:
        self._look()

    def looked_at(self) -> datetime | None:
        """Return when the worker last looked for work, None if it never did here."""
        try:
            return datetime.fromtimestamp(self._beat.stat().st_mtime, UTC)
        except FileNotFoundError:
            return None

    def _night(self) -> None:
        if self.nightly is not None:
            with self.app.app_context():
                self.nightly()

    def _work(self) -> None:
        from lms import jobs

        self._beat.touch()
        with self.app.app_context():
            jobs.run_pending(stopping=self.stopping)
