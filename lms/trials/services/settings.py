"""The sites of a trial and what it asks of its raters."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError

from lms.audit import api as audit
from lms.db import db
from lms.errors import N_, Conflict, Invalid
from lms.trials import queries
from lms.trials.domain import (
    AlreadyEnded,
    AlreadyRequired,
    BadPeriod,
    NewSite,
    SiteTaken,
    TrialFacts,
    Viewer,
    check_period,
    day_before,
    find_site,
    overlap,
)
from lms.trials.models import Requirement, Site


@dataclass(frozen=True)
class NewRequirement:
    """What is asked for: a certificate of a module, of a level or instrument if these are named."""

    module_slug: str
    from_on: date
    until_on: date | None = None
    level: str = ""
    instrument: str = ""


def add_site(viewer: Viewer, trial_id: int, site: NewSite, *, now: datetime) -> int:
    """Add a site to a trial and return its id.

    Raises:
        NotFound: if the trial is not the viewer's.
        TrialClosed: if it is closed.
        SiteTaken: if it has a site with this number, also one that only differs in leading zeros.
    """
    trial = queries.open_trial(viewer, trial_id)
    return write_site(trial, site, by=viewer.person_id, now=now)


def write_site(trial: TrialFacts, site: NewSite, *, by: int, now: datetime) -> int:
    """Write a site of a trial that the caller holds open.

    Raises:
        SiteTaken: if the trial has a site with this number.
    """
    taken = find_site(site.number, [one.number for one in queries.sites_of(trial)])
    if taken is not None:
        raise SiteTaken(N_("The trial has a site %(number)s already."), number=taken)
    row = Site(trial_id=trial.id, **asdict(site), added_at=now)
    db.session.add(row)
    try:
        db.session.flush()  # asks the unique number; the caller needs the id
    except IntegrityError as error:
        raise SiteTaken(
            N_("The trial has a site %(number)s already."), number=site.number
        ) from error
    audit.record(
        "site added", actor_id=by, subject=f"trial:{trial.id}", after=asdict(site), now=now
    )
    return row.id


def correct_site(
    viewer: Viewer, trial_id: int, site_id: int, *, name: str, country: str, now: datetime
) -> None:
    """Correct a site's name or country; its number stays.

    Raises:
        NotFound: if the trial is not the viewer's, or has no such site.
        TrialClosed: if it is closed.
    """
    trial = queries.open_trial(viewer, trial_id)
    row = queries.site_of(trial, site_id)
    before = {"number": row.number, "name": row.name, "country": row.country}
    after = {"number": row.number, "name": name, "country": country}
    if before == after:
        return
    row.name, row.country = name, country
    audit.record(
        "site corrected",
        actor_id=viewer.person_id,
        subject=f"trial:{trial_id}",
        before=before,
        after=after,
        now=now,
    )


def add_requirement(viewer: Viewer, trial_id: int, asked: NewRequirement, *, now: datetime) -> int:
    """Ask raters of a trial for a certificate and return the requirement's id.

    Raises:
        NotFound: if the trial is not the viewer's.
        TrialClosed: if it is closed.
        BadPeriod: if the last day is before the first.
        Invalid: if no such module is published.
        AlreadyRequired: if the module is asked for in that time.
    """
    trial = queries.open_trial(viewer, trial_id)
    check_period(asked.from_on, asked.until_on)
    if asked.module_slug not in queries.module_titles():
        raise Invalid(N_("There is no published module of this name. Choose one of the list."))
    for other in queries.requirements_of(trial):
        if other.module_slug == asked.module_slug and overlap(
            other.from_on, other.until_on, asked.from_on, asked.until_on
        ):
            raise AlreadyRequired(
                N_("“%(module)s” is required in that time already. End that requirement first."),
                module=other.title,
            )
    row = Requirement(trial_id=trial.id, **asdict(asked), added_by=viewer.person_id, added_at=now)
    db.session.add(row)
    try:
        db.session.flush()  # asks the index that allows one requirement a module without end
    except IntegrityError as error:
        raise Conflict(N_("Somebody else has just required this module.")) from error
    audit.record(
        "requirement added",
        actor_id=viewer.person_id,
        subject=f"trial:{trial_id}",
        after=_plain(asked),
        now=now,
    )
    return row.id


def end_requirement(
    viewer: Viewer, trial_id: int, requirement_id: int, *, until_on: date, now: datetime
) -> None:
    """Say on which day a requirement counts for the last time.

    The day before its first takes it back: then it has never counted.

    Raises:
        NotFound: if the trial is not the viewer's, or has no such requirement.
        TrialClosed: if it is closed.
        AlreadyEnded: if it has an end.
        BadPeriod: if the day is earlier than the day before its first.
    """
    trial = queries.open_trial(viewer, trial_id)
    row = queries.requirement_of(trial, requirement_id)
    if row.until_on is not None:
        raise AlreadyEnded(N_("This requirement ends on %(day)s."), day=row.until_on.isoformat())
    if until_on < day_before(row.from_on):
        raise BadPeriod(
            N_(
                "The requirement began on %(day)s. Choose that day or a later one, or the day "
                "before to take it back."
            ),
            day=row.from_on.isoformat(),
        )
    row.until_on, row.ended_by, row.ended_at = until_on, viewer.person_id, now
    audit.record(
        "requirement ended",
        actor_id=viewer.person_id,
        subject=f"trial:{trial_id}",
        before={"module_slug": row.module_slug, "until_on": None},
        after={"module_slug": row.module_slug, "until_on": until_on.isoformat()},
        now=now,
    )


def _plain(asked: NewRequirement) -> dict[str, str | None]:
    return {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in asdict(asked).items()
    }
