"""The door of the trials room."""

from datetime import date, datetime

from lms.accounts import api as accounts
from lms.trials import queries, services
from lms.trials.domain import Entry, NewSite, Standing, Verdict, Viewer
from lms.trials.queries.asking import Stay, stays_asking
from lms.trials.services import NewRequirement, NewTrial

__all__ = [
    "Entry",
    "NewRequirement",
    "NewSite",
    "NewTrial",
    "Stay",
    "Viewer",
    "add_rater",
    "add_requirement",
    "add_site",
    "add_trial",
    "clear_old",
    "raters_of",
    "requirements_for",
    "stays_asking",
]


def requirements_for(person_id: int, on: date) -> list[tuple[str, str, date]]:
    """Return what trials ask of a person on a day: trial's name, module's slug, since when.

    Raises:
        NotFound: if there is nobody with this id.
    """
    person = accounts.person(person_id)
    email = person.email if person.confirmed else None
    return [
        (found.trial_name, asked.module_slug, asked.from_on)
        for found in queries.asked_of_person(person_id, email, on)
        for asked in found.asked
    ]


def raters_of(viewer: Viewer, trial_id: int, on: date) -> dict[str, Standing]:
    """Return by address who is on a trial's roster on a day and whether they may rate.

    Raises:
        NotFound: if the trial is not the viewer's.
    """
    matrix = queries.matrix_of(queries.trial_of(viewer, trial_id), on)
    return {row.rater.email: row.standing for group in matrix.groups for row in group.rows}


def add_trial(facts: NewTrial, *, added_by: int, now: datetime) -> int:
    """Write down a trial inside the caller's transaction and return its id.

    Raises:
        CodeTaken: if a trial with this protocol code exists.
    """
    return services.add_trial(facts, added_by=added_by, now=now)


def add_site(viewer: Viewer, trial_id: int, site: NewSite, *, now: datetime) -> int:
    """Add a site inside the caller's transaction and return its id.

    Raises:
        NotFound, TrialClosed, SiteTaken: as the page says them.
    """
    return services.add_site(viewer, trial_id, site, now=now)


def add_requirement(viewer: Viewer, trial_id: int, asked: NewRequirement, *, now: datetime) -> int:
    """Ask raters for a certificate, inside the caller's transaction; return the row's id.

    Raises:
        NotFound, TrialClosed, BadPeriod, Invalid, AlreadyRequired: as the page says them.
    """
    return services.add_requirement(viewer, trial_id, asked, now=now)


def add_rater(
    viewer: Viewer, trial_id: int, entry: Entry, *, today: date, now: datetime
) -> Verdict:
    """Put somebody on the roster inside the caller's transaction; they are invited or told by mail.

    Raises:
        NotFound, TrialClosed, OnTheRoster, Invalid: as the page says them.
    """
    return services.add_rater(viewer, trial_id, entry, today=today, now=now)


def clear_old(*, now: datetime) -> int:
    """Delete roster files that were never applied and whose time is over; return how many."""
    return services.clear_old(now=now)
