"""Who is, was and will be on the roster of a trial."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sqlalchemy import func, or_, select

from lms.accounts import api as accounts
from lms.db import db
from lms.errors import N_, NotFound
from lms.trials.domain import OnRoster, Present, Stay, TrialFacts
from lms.trials.models import Rater, Site
from lms.trials.queries.trials import on_roster


def raters_on(trial: TrialFacts, on: date) -> list[OnRoster]:
    """Return the raters whose entry covers a day, by name, in two queries whatever the number."""
    rows = db.session.scalars(
        select(Rater)
        .where(Rater.trial_id == trial.id, *on_roster(on))
        .order_by(func.lower(Rater.name), Rater.id)
    ).all()
    return with_people([_on_roster(row) for row in rows])


def with_people(raters: list[OnRoster]) -> list[OnRoster]:
    """Say of raters who have none yet which account is theirs by now: confirmed and open.

    An account whose address nobody has confirmed is not taken for the rater's: anybody could have
    registered with it.
    """
    unknown = [rater.email for rater in raters if rater.person_id is None]
    if not unknown:
        return raters
    ids = people_by_address(unknown)
    return [
        replace(rater, person_id=ids.get(rater.email)) if rater.person_id is None else rater
        for rater in raters
    ]


def people_by_address(emails: Iterable[str]) -> dict[str, int]:
    """Return the ids of those with an open account and a confirmed address."""
    return {
        one.email: one.id
        for one in accounts.people_by_email(emails).values()
        if one.confirmed and not one.closed
    }


def rater_of(trial: TrialFacts, rater_id: int) -> Rater:
    """Return an entry of the roster of a trial.

    Raises:
        NotFound: if it is not one of this trial's.
    """
    row = db.session.get(Rater, rater_id)
    if row is None or row.trial_id != trial.id:
        raise NotFound(N_("This trial has no such rater."))
    return row


def rater_facts(trial: TrialFacts, rater_id: int) -> OnRoster:
    """Return an entry as a value, with the account by now.

    Raises:
        NotFound: if it is not one of this trial's.
    """
    return with_people([_on_roster(rater_of(trial, rater_id))])[0]


def stays_of(trial: TrialFacts, email: str) -> list[Stay]:
    """Return every entry of an address in a trial, the latest first."""
    rows = db.session.execute(
        select(Rater, Site.number, Site.name)
        .join(Site, Site.id == Rater.site_id)
        .where(Rater.trial_id == trial.id, Rater.email == email)
        .order_by(Rater.from_on.desc(), Rater.id.desc())
    )
    return [
        Stay(
            id=row.id,
            site_number=number,
            site_name=site_name,
            name=row.name,
            role=row.role,
            language=row.language,
            from_on=row.from_on,
            to_on=row.to_on,
            added_at=row.added_at,
            ended_at=row.ended_at,
            end_reason=row.end_reason,
        )
        for row, number, site_name in rows
    ]


def entries_of(trial: TrialFacts, email: str) -> list[Rater]:
    """Return the rows of an address in a trial, the earliest first."""
    return list(
        db.session.scalars(
            select(Rater)
            .where(Rater.trial_id == trial.id, Rater.email == email)
            .order_by(Rater.from_on, Rater.id)
        )
    )


def present_entries(trial: TrialFacts, today: date) -> dict[str, Present]:
    """Return by address the entries that hold today or begin later."""
    rows = db.session.execute(
        select(Rater.email, Rater.name, Site.number, Rater.role, Rater.language, Rater.from_on)
        .join(Site, Site.id == Rater.site_id)
        .where(Rater.trial_id == trial.id, or_(Rater.to_on.is_(None), Rater.to_on >= today))
        .order_by(Rater.from_on, Rater.id)
    )
    return {row[0]: Present(*row[1:]) for row in rows}


def last_days(trial: TrialFacts) -> dict[str, date]:
    """Return by address the last day of every entry that has one."""
    rows = db.session.execute(
        select(Rater.email, func.max(Rater.to_on))
        .where(Rater.trial_id == trial.id, Rater.to_on.is_not(None))
        .group_by(Rater.email)
    )
    return {email: day for email, day in rows if day is not None}


def _on_roster(row: Rater) -> OnRoster:
    return OnRoster(
        id=row.id,
        name=row.name,
        email=row.email,
        site_id=row.site_id,
        role=row.role,
        language=row.language,
        person_id=row.person_id,
        from_on=row.from_on,
        to_on=row.to_on,
    )
