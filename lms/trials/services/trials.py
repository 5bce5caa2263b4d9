"""Writing trials down, closing them, and who looks after them."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from lms.accounts import api as accounts
from lms.accounts.domain import Role
from lms.audit import api as audit
from lms.certificates import api as certificates
from lms.db import db
from lms.errors import N_, Invalid
from lms.trials import queries
from lms.trials.domain import (
    AlreadyCoordinator,
    AlreadyEnded,
    CodeTaken,
    LastCoordinator,
    State,
    TrialFacts,
    Viewer,
)
from lms.trials.models import Coordinator, Trial, TrialState


@dataclass(frozen=True)
class NewTrial:
    """What a trial is called."""

    name: str
    protocol_code: str
    sponsor: str = ""


def add_trial(facts: NewTrial, *, added_by: int, now: datetime) -> int:
    """Write down a trial, open, with whoever does it as its first coordinator; return its id.

    Raises:
        CodeTaken: if a trial with this protocol code exists.
    """
    trial = Trial(**asdict(facts), created_by=added_by, created_at=now)
    db.session.add(trial)
    _ask_code()
    db.session.add(TrialState(trial_id=trial.id, number=1, state=State.OPEN, **_set(added_by, now)))
    db.session.add(
        Coordinator(trial_id=trial.id, person_id=added_by, added_by=added_by, added_at=now)
    )
    audit.record(
        "trial added",
        actor_id=added_by,
        subject=f"trial:{trial.id}",
        after={**asdict(facts), "coordinators": [added_by]},
        now=now,
    )
    return trial.id


def correct_trial(viewer: Viewer, trial_id: int, facts: NewTrial, *, now: datetime) -> None:
    """Correct what a trial is called.

    Raises:
        NotFound: if it is not the viewer's.
        TrialClosed: if it is closed.
        CodeTaken: if another trial has the protocol code.
    """
    queries.open_trial(viewer, trial_id)
    row = db.session.get_one(Trial, trial_id)
    before = {"name": row.name, "protocol_code": row.protocol_code, "sponsor": row.sponsor}
    if before == asdict(facts):
        return
    row.name, row.protocol_code, row.sponsor = facts.name, facts.protocol_code, facts.sponsor
    _ask_code()
    audit.record(
        "trial corrected",
        actor_id=viewer.person_id,
        subject=f"trial:{trial_id}",
        before=before,
        after=asdict(facts),
        now=now,
    )


def set_state(viewer: Viewer, trial_id: int, state: State, *, reason: str, now: datetime) -> None:
    """Close a trial, or open it again. Nothing happens if that is its state already.

    Certificates that hold while the trial is open end with the day on which it closes, and hold on
    when it is opened again.

    Raises:
        NotFound: if it is not the viewer's.
    """
    trial = queries.locked_trial(viewer, trial_id)
    if trial.state is state:
        return
    number = queries.last_state_number(trial_id) + 1
    db.session.add(
        TrialState(
            trial_id=trial_id,
            number=number,
            state=state,
            reason=reason,
            **_set(viewer.person_id, now),
        )
    )
    audit.record(
        N_("trial closed") if state is State.CLOSED else N_("trial opened again"),
        actor_id=viewer.person_id,
        subject=f"trial:{trial_id}",
        reason=reason,
        before={"state": trial.state},
        after={"state": state},
        now=now,
    )
    _settle_certificates(trial, state, by=viewer.person_id, now=now)


def _settle_certificates(trial: TrialFacts, state: State, *, by: int, now: datetime) -> None:
    ends_with = f"trial:{trial.id}"
    if state is State.CLOSED:
        bound = queries.bound_to(trial, now.date())
        certificates.end_with(ends_with, bound, ends_on=now.date(), decided_by=by, now=now)
    else:
        certificates.hold_on(ends_with, taken_back_by=by, now=now)


def add_coordinator(viewer: Viewer, trial_id: int, email: str, *, now: datetime) -> int:
    """Let another person look after the trial; return the new row's id.

    Raises:
        NotFound: if the trial is not the viewer's.
        TrialClosed: if it is closed.
        Invalid: if nobody has an open account with this address, or lacks the role.
        AlreadyCoordinator: if the person looks after the trial.
    """
    trial = queries.open_trial(viewer, trial_id)
    person_id = _coordinator_by(email)
    row = Coordinator(
        trial_id=trial.id, person_id=person_id, added_by=viewer.person_id, added_at=now
    )
    db.session.add(row)
    try:
        db.session.flush()  # asks the index that allows a person once
    except IntegrityError as error:
        raise AlreadyCoordinator(N_("This person looks after the trial already.")) from error
    audit.record(
        "coordinator added",
        actor_id=viewer.person_id,
        subject=f"trial:{trial_id}",
        after={"person": person_id},
        now=now,
    )
    return row.id


def end_coordinator(viewer: Viewer, trial_id: int, coordinator_id: int, *, now: datetime) -> None:
    """Let a person look after the trial no longer.

    Raises:
        NotFound: if the trial is not the viewer's, or has no such coordinator.
        AlreadyEnded: if that was done before.
        LastCoordinator: if nobody would be left.
    """
    trial = queries.locked_trial(viewer, trial_id)
    row = queries.coordinator_of(trial, coordinator_id)
    if row.ended_at is not None:
        raise AlreadyEnded(N_("This person looks after the trial no longer."))
    if queries.count_coordinators(trial) == 1:
        raise LastCoordinator(N_("Add another coordinator first: a trial needs at least one."))
    row.ended_at, row.ended_by = now, viewer.person_id
    audit.record(
        "coordinator ended",
        actor_id=viewer.person_id,
        subject=f"trial:{trial_id}",
        before={"person": row.person_id},
        now=now,
    )


def _coordinator_by(email: str) -> int:
    person = accounts.find_by_email(email)
    if person is None or person.closed:
        raise Invalid(
            N_(
                "Nobody has an account with the address %(email)s. Ask an administrator to invite "
                "the person as a coordinator."
            ),
            email=email.strip(),
        )
    if not {Role.COORDINATOR, Role.ADMIN} & accounts.roles_of(person.id):
        raise Invalid(
            N_("%(name)s does not have the role coordinator. Ask an administrator to give it."),
            name=person.name,
        )
    return person.id


def _set(by: int, now: datetime) -> dict[str, object]:
    return {"set_by": by, "set_at": now}


def _ask_code() -> None:
    try:
        db.session.flush()  # asks the unique protocol code; the id is needed as well
    except IntegrityError as error:
        raise CodeTaken(
            N_("A trial with this protocol code exists. Ask an administrator to add you to it.")
        ) from error
