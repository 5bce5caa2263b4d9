"""The worker process: `python -m lms.worker` works off job rows until it is told to stop."""

import logging
import sys

from lms import gate, tidying
from lms.app import create_app
from lms.certificates import api as certificates
from lms.clock import utc_now
from lms.db import transaction
from lms.prepare import prepare_and_tell, wake_what_waits
from lms.queue import Queue
from lms.review import api as review

THREADS = 2


def main() -> None:
    """Work until told to stop.

    Under `lms.serve` this process prepares the data first, since it has the app loaded: another one
    would load it only to end.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s worker %(levelname)s %(message)s")
    for chatty in ("alembic", "fontTools", "huey", "weasyprint", "weasyprint.progress"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    app = create_app()
    queue = app.extensions["concord_queue"]
    assert isinstance(queue, Queue)
    queue.app = app
    queue.nightly = lambda: work_at_night(queue)
    if gate.is_ours():
        if not prepare_and_tell(app):
            sys.exit(gate.NOT_PREPARED)
        gate.open_it()
    else:
        with app.app_context():
            wake_what_waits()
    queue.kick()  # what was left from before is taken up at once
    consumer = queue.huey.create_consumer(
        workers=THREADS, periodic=True, initial_delay=0.1, backoff=1.15, max_delay=1.0
    )
    queue.stopping = consumer.stop_flag.is_set  # a long job ends at its next row, not at its last
    consumer.run()


def work_at_night(queue: Queue) -> None:
    """Do what is done once a day: the archive and a look at references are written down as jobs,
    then the old is cleared."""
    with transaction():
        certificates.archive_tonight(now=utc_now())
    with transaction():
        review.look_tonight(now=utc_now())
    queue.kick()
    tidying.clear_old(now=utc_now())


if __name__ == "__main__":
    main()
