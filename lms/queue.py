"""The bell for the worker: Huey on a file beside the data. It carries no work, only "look"."""

from typing import Any

from huey import SqliteHuey, crontab

from lms.config import Settings


class Queue:
    """Rings the worker. The rows in jobs_items are the truth; a lost ring costs a minute."""

    def __init__(self, settings: Settings) -> None:
        settings.data.mkdir(parents=True, exist_ok=True)
        self.huey = SqliteHuey(
            "concord", filename=str(settings.data / "queue.sqlite"), results=False, timeout=15
        )
        self._look = self.huey.task(name="look")(self._work)
        self.huey.periodic_task(crontab(minute="*"), name="sweep")(self._work)
        self.app: Any = None

    def kick(self) -> None:
        self._look()

    def _work(self) -> None:
        from lms import jobs

        with self.app.app_context():
            jobs.run_pending()
