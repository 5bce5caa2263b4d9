"""Certificates that hold while a trial is open: which of them end when this one closes."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import aliased

from lms.accounts import api as accounts
from lms.certificates import api as certificates
from lms.certificates.domain import Held
from lms.db import db
from lms.trials.domain import State, TrialFacts
from lms.trials.models import Coordinator, Rater, Requirement, Site, Trial, TrialState
from lms.trials.queries.trials import on_roster


def bound_to(trial: TrialFacts, on: date) -> list[int]:
    """Return the ids of certificates that end with a trial that closes on a day.

    Those that its raters hold for what it asks for, whose rule says that they end with the trial,
    and that no other open trial asks of the same person.
    """
    asked = _asked(Rater.trial_id == trial.id)
    elsewhere = _asked(Rater.trial_id != trial.id, _open_now())
    people = {person_id for person_id, _slug in asked}
    return [
        one.id
        for one in certificates.states_for_people(people, on)
        if _ends_with_trials(one)
        and (one.holder_id, one.module_slug) in asked
        and (one.holder_id, one.module_slug) not in elsewhere
    ]


def _asked(*conditions: object) -> set[tuple[int, str]]:
    """Return who is asked for which module, by their id and its slug."""
    rows = db.session.execute(
        select(Rater.person_id, Requirement.module_slug)
        .join(Requirement, Requirement.trial_id == Rater.trial_id)
        .where(Rater.person_id.is_not(None), *conditions)  # type: ignore[arg-type]
        .distinct()
    )
    return {(person_id, slug) for person_id, slug in rows if person_id is not None}


def _open_now() -> object:
    later = aliased(TrialState)
    return exists().where(
        TrialState.trial_id == Rater.trial_id,
        TrialState.state == State.OPEN,
        ~exists().where(
            and_(later.trial_id == TrialState.trial_id, later.number > TrialState.number)
        ),
    )


def _ends_with_trials(held: Held) -> bool:
    rule = held.validity or {}
    return bool(rule.get("while_trial_open")) and held.later.ended_on is None


@dataclass(frozen=True)
class ToTell:
    """Somebody who coordinates a trial, and the rater of it whom the news is about."""

    person_id: int
    email: str
    trial_id: int
    trial: str
    rater_id: int
    name: str
    site: str


def coordinators_to_tell(person_id: int, slug: str, on: date) -> list[ToTell]:
    """Return who coordinates the open trials on whose roster a rater is for a module on a day."""
    rows = db.session.execute(
        select(Coordinator.person_id, Trial.id, Trial.name, Rater.id, Rater.name, Site.number)
        .join(Trial, Trial.id == Coordinator.trial_id)
        .join(Rater, Rater.trial_id == Trial.id)
        .join(Site, Site.id == Rater.site_id)
        .where(
            Coordinator.ended_at.is_(None),
            Rater.person_id == person_id,
            *on_roster(on),
            _open_now(),  # type: ignore[arg-type]
            exists().where(
                Requirement.trial_id == Trial.id,
                Requirement.module_slug == slug,
                Requirement.until_on.is_(None) | (Requirement.until_on >= on),
            ),
        )
        .order_by(Trial.id, Coordinator.person_id)
    ).all()
    return [ToTell(row[0], accounts.person(row[0]).email, *row[1:]) for row in rows]
