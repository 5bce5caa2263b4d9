"""Certificates that hold while a trial is open: which of them end when this one closes."""

from datetime import date

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import aliased

from lms.certificates import api as certificates
from lms.certificates.domain import Held
from lms.db import db
from lms.trials.domain import State, TrialFacts
from lms.trials.models import Rater, Requirement, TrialState


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
