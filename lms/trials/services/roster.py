"""The roster: people come, move, change and leave; every entry stays."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from lms import jobs
from lms.accounts import api as accounts
from lms.audit import api as audit
from lms.db import db
from lms.errors import N_, Conflict, Invalid
from lms.trials import queries
from lms.trials.domain import (
    AlreadyEnded,
    BadPeriod,
    Entry,
    OnTheRoster,
    Present,
    TrialFacts,
    Verdict,
    Viewer,
    compare,
    day_before,
    find_site,
    starts_too_early,
)
from lms.trials.models import Rater

TELL = "trials.tell_rater"


def add_rater(
    viewer: Viewer, trial_id: int, entry: Entry, *, today: date, now: datetime
) -> Verdict:
    """Put somebody on the roster, or move or change who is on it, and tell or invite them.

    Raises:
        NotFound: if the trial is not the viewer's.
        TrialClosed: if it is closed.
        OnTheRoster: if that is what the roster says already.
        Invalid: if the trial has no such site, or the day cannot be.
    """
    trial = queries.open_trial(viewer, trial_id)
    verdict = put(trial, entry, by=viewer.person_id, today=today, now=now)
    if verdict is Verdict.UNCHANGED:
        raise OnTheRoster(
            N_("%(email)s is on the roster already, at site %(site)s."),
            email=entry.email,
            site=entry.site,
        )
    return verdict


def put(trial: TrialFacts, entry: Entry, *, by: int, today: date, now: datetime) -> Verdict:
    """Make the roster say what the entry says; doing it again changes nothing.

    Args:
        trial: held open by the caller.
        entry: address and name cleaned.
        today: the day that counts where the entry names none.

    Raises:
        Invalid: if the trial has no such site, or the entry begins before one that is there.
        Conflict: if somebody else adds the same address in the same moment.
    """
    sites = {site.number: site.id for site in queries.sites_of(trial)}
    number = find_site(entry.site, sites)
    if number is None:
        raise Invalid(N_("The trial has no site %(site)s."), site=entry.site)
    rows = queries.entries_of(trial, entry.email)
    last = rows[-1] if rows else None
    open_row = next((row for row in rows if row.to_on is None or row.to_on >= today), None)
    numbers = {site_id: site_number for site_number, site_id in sites.items()}
    present = None if open_row is None else _present(open_row, numbers)
    entry = Entry(entry.email, entry.name, number, entry.role, entry.language, entry.from_on)
    person_id = queries.people_by_address([entry.email]).get(entry.email)
    verdict = compare(entry, present, has_account=person_id is not None)
    problem = starts_too_early(entry, verdict, present, last.to_on if last else None, today=today)
    if problem:
        raise Invalid(problem.message, **problem.values)
    if verdict is Verdict.UNCHANGED:
        return verdict
    fresh = Rater(
        trial_id=trial.id,
        site_id=sites[number],
        email=entry.email,
        name=entry.name,
        role=entry.role or (open_row.role if open_row else ""),
        language=entry.language or (open_row.language if open_row else ""),
        person_id=person_id,
        from_on=entry.from_on or today,
        added_by=by,
        added_at=now,
    )
    if open_row is not None:
        _replace(open_row, fresh, verdict, by=by, now=now)
    db.session.add(fresh)
    try:
        db.session.flush()  # asks the index that allows one entry without end an address
    except IntegrityError as error:
        raise Conflict(N_("Somebody else has just added %(email)s."), email=entry.email) from error
    _note(trial, verdict, open_row, fresh, by=by, now=now)
    if present is None:
        _tell(trial, fresh, by=by, now=now)
    return verdict


def end_rater(
    viewer: Viewer, trial_id: int, rater_id: int, *, to_on: date, reason: str, now: datetime
) -> None:
    """Say which day is a rater's last on the roster.

    The day before the first takes the entry back: then it has never counted.

    Raises:
        NotFound: if the trial is not the viewer's, or has no such entry.
        TrialClosed: if it is closed.
        AlreadyEnded: if the entry has an end.
        BadPeriod: if the day is earlier than the day before its first.
    """
    trial = queries.open_trial(viewer, trial_id)
    row = queries.rater_of(trial, rater_id)
    if row.to_on is not None:
        raise AlreadyEnded(N_("This entry ends on %(day)s."), day=row.to_on.isoformat())
    if to_on < day_before(row.from_on):
        raise BadPeriod(
            N_(
                "The entry began on %(day)s. Choose that day or a later one, or the day before to "
                "take it back."
            ),
            day=row.from_on.isoformat(),
        )
    _end(row, to_on, reason, by=viewer.person_id, now=now)
    audit.record(
        "rater ended",
        actor_id=viewer.person_id,
        subject=f"trial:{trial_id}",
        reason=reason,
        before={"rater": row.id, "email": row.email, "to_on": None},
        after={"rater": row.id, "email": row.email, "to_on": to_on.isoformat()},
        now=now,
    )


def _present(row: Rater, numbers: dict[int, str]) -> Present:
    return Present(row.name, numbers[row.site_id], row.role, row.language, row.from_on)


def _replace(old: Rater, fresh: Rater, verdict: Verdict, *, by: int, now: datetime) -> None:
    """End the entry the day before the next one begins."""
    _end(old, day_before(fresh.from_on), verdict.value, by=by, now=now)
    fresh.person_id = fresh.person_id or old.person_id
    db.session.flush()  # the old entry must have its end before the index sees the new one


def _end(row: Rater, to_on: date, reason: str, *, by: int, now: datetime) -> None:
    row.to_on, row.end_reason, row.ended_by, row.ended_at = to_on, reason, by, now


def _note(
    trial: TrialFacts,
    verdict: Verdict,
    old: Rater | None,
    fresh: Rater,
    *,
    by: int,
    now: datetime,
) -> None:
    action = {Verdict.MOVED: "rater moved", Verdict.CHANGED: "rater changed"}
    audit.record(
        action.get(verdict, "rater added"),
        actor_id=by,
        subject=f"trial:{trial.id}",
        before=None if old is None else _plain(old),
        after=_plain(fresh),
        now=now,
    )


def _plain(row: Rater) -> dict[str, Any]:
    return {
        "rater": row.id,
        "email": row.email,
        "name": row.name,
        "site": row.site_id,
        "role": row.role,
        "language": row.language,
        "from_on": row.from_on.isoformat(),
    }


def _tell(trial: TrialFacts, row: Rater, *, by: int, now: datetime) -> None:
    """Invite whoever has no account; write to whoever has one."""
    reason = f"You are on the roster of raters of the trial {trial.name} ({trial.protocol_code})."
    invitation_id = accounts.invite(row.email, name=row.name, invited_by=by, reason=reason, now=now)
    if invitation_id is None:
        jobs.enqueue(
            TELL,
            [(f"rater:{row.id}", {"rater_id": row.id})],
            created_by=by,
            title=f"Tell a rater of {trial.protocol_code}",
            now=now,
        )
