"""The roster: people come, move, change and leave; every entry stays."""

from dataclasses import dataclass, replace
from datetime import date, datetime

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
    found = _look(trial, entry, today)
    entry = replace(entry, site=found.number, from_on=entry.from_on or today)
    person_id = queries.people_by_address([entry.email]).get(entry.email)
    verdict = compare(entry, found.present, has_account=person_id is not None)
    problem = starts_too_early(entry, verdict, found.present, found.last_day, today=today)
    if problem:
        raise Invalid(problem.message, **problem.values)
    if verdict is Verdict.UNCHANGED:
        return verdict
    fresh = _fresh(trial, entry, found, person_id)
    fresh.added_by, fresh.added_at = by, now
    before = None
    if found.row is not None and found.present is not None:
        before = _plain(found.row, found.present.site)
        _end(found.row, day_before(fresh.from_on), verdict.value, by=by, now=now)
        db.session.flush()  # the old entry must have its end before the index sees the new one
    _write(fresh)
    _note(trial, verdict, before, _plain(fresh, found.number), by=by, now=now)
    if before is None:
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
        after={"email": row.email, "to_on": to_on.isoformat()},
        now=now,
    )


@dataclass(frozen=True)
class _Found:
    """What the roster has of an address, and the site that an entry names.

    row, present: the entry that holds today or begins later, None if there is none.
    last_day: the latest end among the entries that have one.
    """

    site_id: int
    number: str
    row: Rater | None
    present: Present | None
    last_day: date | None


def _look(trial: TrialFacts, entry: Entry, today: date) -> _Found:
    numbers = {site.id: site.number for site in queries.sites_of(trial)}
    number = find_site(entry.site, numbers.values())
    if number is None:
        raise Invalid(N_("The trial has no site %(site)s."), site=entry.site)
    rows = queries.entries_of(trial, entry.email)
    open_rows = [row for row in rows if row.to_on is None or row.to_on >= today]
    row = open_rows[-1] if open_rows else None
    return _Found(
        site_id=next(site_id for site_id, known in numbers.items() if known == number),
        number=number,
        row=row,
        present=_present(row, numbers[row.site_id]) if row else None,
        last_day=max((row.to_on for row in rows if row.to_on is not None), default=None),
    )


def _present(row: Rater, site: str) -> Present:
    return Present(row.name, site, row.role, row.language, row.from_on)


def _fresh(trial: TrialFacts, entry: Entry, found: _Found, person_id: int | None) -> Rater:
    """Return the next entry; what it does not say of role and language stays as it was."""
    old = found.row
    return Rater(
        trial_id=trial.id,
        site_id=found.site_id,
        email=entry.email,
        name=entry.name,
        role=entry.role or (old.role if old else ""),
        language=entry.language or (old.language if old else ""),
        person_id=person_id or (old.person_id if old else None),
        from_on=entry.from_on,
    )


def _write(fresh: Rater) -> None:
    db.session.add(fresh)
    try:
        db.session.flush()  # asks the index that allows one entry without end an address
    except IntegrityError as error:
        raise Conflict(N_("Somebody else has just added %(email)s."), email=fresh.email) from error


def _end(row: Rater, to_on: date, reason: str, *, by: int, now: datetime) -> None:
    row.to_on, row.end_reason, row.ended_by, row.ended_at = to_on, reason, by, now


def _note(
    trial: TrialFacts,
    verdict: Verdict,
    before: dict[str, str] | None,
    after: dict[str, str],
    *,
    by: int,
    now: datetime,
) -> None:
    actions = {Verdict.MOVED: N_("rater moved"), Verdict.CHANGED: N_("rater changed")}
    action = actions.get(verdict, N_("rater added"))
    audit.record(
        action,
        actor_id=by,
        subject=f"trial:{trial.id}",
        before=before,
        after=after,
        now=now,
    )


def _plain(row: Rater, site: str) -> dict[str, str]:
    """Return an entry for the trail; what it does not say is left out."""
    said = {
        "email": row.email,
        "name": row.name,
        "site": site,
        "role": row.role,
        "language": row.language,
        "from_on": row.from_on.isoformat(),
    }
    return {key: value for key, value in said.items() if value}


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
