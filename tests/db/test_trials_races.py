"""Two coordinators, or two clicks, at once."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from lms.accounts.domain import Role
from lms.db import db, transaction
from lms.errors import LmsError
from lms.jobs import Job
from lms.trials import queries, services
from lms.trials.domain import Entry, Viewer
from lms.trials.models import Rater
from tests.factories import NOW, make_person
from tests.factories_trials import TODAY, make_trial

AT_ONCE = 6


def race(app, work: Callable[[int], object]) -> Counter[str]:
    """Do the same in several threads at once and count how it ended."""
    barrier = Barrier(AT_ONCE)

    def runner(number: int) -> str:
        with app.app_context():
            barrier.wait()
            try:
                with transaction():
                    work(number)
                return "done"
            except LmsError as error:
                return type(error).__name__
            finally:
                db.session.remove()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(runner, range(AT_ONCE)))


def test_a_file_is_applied_once_however_often_it_is_clicked(app):
    trial = make_trial()
    sent = services.SentFile("r.csv", b"email,name,site\na@example.org,A,01\n", False)
    with transaction():
        upload_id = services.keep_roster(trial.viewer, trial.id, sent, now=NOW)

    ended = race(
        app,
        lambda _n: services.apply_roster(trial.viewer, trial.id, upload_id, today=TODAY, now=NOW),
    )

    assert ended == {"done": 1, "AlreadyApplied": AT_ONCE - 1}
    assert db.session.scalar(select(func.count(Job.id))) == 1


def test_one_address_gets_one_entry_whoever_adds_it(app):
    trial = make_trial(sites=("01", "02"))
    entry = Entry("a@example.org", "A", "01")

    ended = race(
        app,
        lambda _n: services.add_rater(trial.viewer, trial.id, entry, today=TODAY, now=NOW),
    )

    assert ended == {"done": 1, "OnTheRoster": AT_ONCE - 1}
    assert db.session.scalar(select(func.count(Rater.id))) == 1


def test_a_trial_keeps_a_coordinator_even_if_all_leave_at_once(app):
    trial = make_trial()
    others = [make_person(Role.COORDINATOR).email for _n in range(AT_ONCE - 1)]
    for email in others:
        with transaction():
            services.add_coordinator(trial.viewer, trial.id, email, now=NOW)
    rows = [one.id for one in queries.coordinators_of(trial.facts)]
    office = Viewer(trial.coordinator.id, sees_all=True)

    ended = race(app, lambda n: services.end_coordinator(office, trial.id, rows[n], now=NOW))

    assert ended == {"done": AT_ONCE - 1, "LastCoordinator": 1}
