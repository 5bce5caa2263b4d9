"""Trials, their sites, requirements and coordinators, scoped to who asks."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from lms.accounts import api as accounts
from lms.db import db
from lms.errors import N_, NotFound
from lms.trials.domain import (
    Asked,
    CoordinatorFacts,
    Listed,
    SiteFacts,
    State,
    TrialFacts,
    Viewer,
    check_open,
)
from lms.trials.models import Coordinator, Rater, Requirement, Site, Trial, TrialState
from lms.trials.queries.evidence import module_titles


def trial_of(viewer: Viewer, trial_id: int) -> TrialFacts:
    """Return a trial that the viewer looks after.

    Raises:
        NotFound: if there is none with this id, or it is not theirs.
    """
    row = db.session.execute(_trials(viewer).where(Trial.id == trial_id)).first()
    if row is None:
        raise NotFound(N_("There is no such trial among yours."))
    return _facts(row)


def open_trial(viewer: Viewer, trial_id: int) -> TrialFacts:
    """Return a trial in which the viewer may change something; others wait until that is done.

    Raises:
        NotFound: if there is none with this id, or it is not theirs.
        TrialClosed: if it is closed.
    """
    trial = locked_trial(viewer, trial_id)
    check_open(trial)
    return trial


def locked_trial(viewer: Viewer, trial_id: int) -> TrialFacts:
    """Return a trial of the viewer, held until the transaction ends, closed or not.

    Raises:
        NotFound: if there is none with this id, or it is not theirs.
    """
    db.session.execute(select(Trial.id).where(Trial.id == trial_id).with_for_update())
    return trial_of(viewer, trial_id)


def trials_of(viewer: Viewer, on: date) -> list[Listed]:
    """Return the viewer's trials by name, open ones first, in one query."""
    sites = _count(Site, Site.trial_id == Trial.id)
    raters = _count(Rater, Rater.trial_id == Trial.id, *on_roster(on))
    asked = _count(
        Requirement,
        Requirement.trial_id == Trial.id,
        Requirement.from_on <= on,
        or_(Requirement.until_on.is_(None), Requirement.until_on >= on),
    )
    rows = db.session.execute(
        _trials(viewer)
        .add_columns(sites, raters, asked)
        .order_by(TrialState.state.desc(), func.lower(Trial.name), Trial.id)
    ).all()
    return [Listed(_facts(row), *row[6:9]) for row in rows]


def on_roster(on: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return the conditions that an entry of the roster covers a day."""
    return Rater.from_on <= on, or_(Rater.to_on.is_(None), Rater.to_on >= on)


def sites_of(trial: TrialFacts) -> list[SiteFacts]:
    """Return the sites of a trial by number, figures by their value."""
    rows = db.session.execute(
        select(Site.id, Site.number, Site.name, Site.country).where(Site.trial_id == trial.id)
    )
    return sorted((SiteFacts(*row) for row in rows), key=lambda site: natural(site.number))


def site_of(trial: TrialFacts, site_id: int) -> Site:
    """Return a site of a trial.

    Raises:
        NotFound: if it is not one of this trial's.
    """
    row = db.session.get(Site, site_id)
    if row is None or row.trial_id != trial.id:
        raise NotFound(N_("This trial has no such site."))
    return row


def natural(number: str) -> tuple[int, str]:
    """Return what to sort a site's number by, so that 2 stands before 10."""
    digits = number if number.isascii() and number.isdigit() else ""
    return (int(digits), number) if digits else (10**21, number.casefold())


def requirements_of(trial: TrialFacts) -> list[Asked]:
    """Return what a trial has ever asked for, the earliest first."""
    rows = db.session.scalars(
        select(Requirement)
        .where(Requirement.trial_id == trial.id)
        .order_by(Requirement.from_on, Requirement.id)
    ).all()
    titles = module_titles()
    return [asked_of(row, titles) for row in rows]


def asked_of(row: Requirement, titles: dict[str, str]) -> Asked:
    return Asked(
        id=row.id,
        module_slug=row.module_slug,
        title=titles.get(row.module_slug, row.module_slug),
        level=row.level,
        instrument=row.instrument,
        from_on=row.from_on,
        until_on=row.until_on,
    )


def requirement_of(trial: TrialFacts, requirement_id: int) -> Requirement:
    """Return a requirement of a trial.

    Raises:
        NotFound: if it is not one of this trial's.
    """
    row = db.session.get(Requirement, requirement_id)
    if row is None or row.trial_id != trial.id:
        raise NotFound(N_("This trial has no such requirement."))
    return row


def coordinators_of(trial: TrialFacts) -> list[CoordinatorFacts]:
    """Return who looks after a trial, and who did, in the order in which they came."""
    rows = db.session.scalars(
        select(Coordinator)
        .where(Coordinator.trial_id == trial.id)
        .order_by(Coordinator.added_at, Coordinator.id)
    ).all()
    names = accounts.names_of(row.person_id for row in rows)
    return [
        CoordinatorFacts(
            id=row.id,
            person_id=row.person_id,
            name=names[row.person_id],
            added_at=row.added_at,
            ended_at=row.ended_at,
        )
        for row in rows
    ]


def count_coordinators(trial: TrialFacts) -> int:
    """Return how many people look after a trial now."""
    present = select(func.count()).where(
        Coordinator.trial_id == trial.id, Coordinator.ended_at.is_(None)
    )
    return db.session.scalar(present) or 0


def coordinator_of(trial: TrialFacts, coordinator_id: int) -> Coordinator:
    """Return a coordinator of a trial.

    Raises:
        NotFound: if it is not one of this trial's.
    """
    row = db.session.get(Coordinator, coordinator_id)
    if row is None or row.trial_id != trial.id:
        raise NotFound(N_("This trial has no such coordinator."))
    return row


def last_state_number(trial_id: int) -> int:
    """Return the number of the state that holds."""
    highest = select(func.max(TrialState.number)).where(TrialState.trial_id == trial_id)
    return db.session.scalar(highest) or 0


def _trials(viewer: Viewer) -> Select[int, str, str, str, str, datetime]:
    later = aliased(TrialState)
    return (
        select(
            Trial.id,
            Trial.name,
            Trial.protocol_code,
            Trial.sponsor,
            TrialState.state,
            TrialState.set_at,
        )
        .join(TrialState, TrialState.trial_id == Trial.id)
        .where(
            ~exists().where(and_(later.trial_id == Trial.id, later.number > TrialState.number)),
            _seen_by(viewer),
        )
    )


def _seen_by(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.sees_all:
        return true()
    return exists().where(
        Coordinator.trial_id == Trial.id,
        Coordinator.person_id == viewer.person_id,
        Coordinator.ended_at.is_(None),
    )


def _count(model: type[db.Model], *conditions: ColumnElement[bool]) -> ColumnElement[int]:  # type: ignore[name-defined]
    return (
        select(func.count())
        .select_from(model)
        .where(*conditions)
        .correlate(Trial)
        .scalar_subquery()
    )


def _facts(row: Any) -> TrialFacts:
    trial_id, name, code, sponsor, state, since = row[:6]
    return TrialFacts(trial_id, name, code, sponsor, State(state), since)
