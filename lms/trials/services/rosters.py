"""A roster as a file: kept when it is sent, looked at, applied once, worked off row by row."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from lms import jobs
from lms.audit import api as audit
from lms.db import db
from lms.errors import N_
from lms.trials import queries
from lms.trials.domain import (
    AlreadyApplied,
    Entry,
    RowVerdict,
    TrialFacts,
    Verdict,
    Viewer,
    read_roster,
    read_text,
)
from lms.trials.models import RosterApplication, RosterUpload
from lms.trials.services.roster import put
from lms.trials.services.settings import write_site

APPLY: Final = "trials.apply_row"
KEPT: Final = timedelta(days=30)


@dataclass(frozen=True)
class SentFile:
    """A file as a browser sent it."""

    name: str
    data: bytes
    adds_sites: bool


def keep_roster(viewer: Viewer, trial_id: int, sent: SentFile, *, now: datetime) -> int:
    """Keep a file to be looked at and return the upload's id. The roster stays as it is.

    Files that nobody applied within 30 days are cleared away on the way.

    Raises:
        NotFound: if the trial is not the viewer's.
        TrialClosed: if it is closed.
        BadRosterFile: if the file cannot be read as a roster.
    """
    trial = queries.open_trial(viewer, trial_id)
    text = read_text(sent.data)
    read_roster(text.content)
    clear_old(now=now)
    upload = RosterUpload(
        trial_id=trial.id,
        file_name=sent.name[:200],
        content=text.content,
        encoding=text.encoding,
        adds_sites=sent.adds_sites,
        uploaded_by=viewer.person_id,
        uploaded_at=now,
    )
    db.session.add(upload)
    db.session.flush()  # the caller needs the id
    return upload.id


def apply_roster(
    viewer: Viewer, trial_id: int, upload_id: int, *, today: date, now: datetime
) -> int | None:
    """Begin to apply a file: add its sites, and queue a job with a row for each rater to write.

    Rows with errors are left out. What the rows say is checked again when each is worked off.

    Returns:
        The job's id, None where there is nothing to write.

    Raises:
        NotFound: if the trial is not the viewer's, or has no such upload.
        TrialClosed: if it is closed.
        AlreadyApplied: if the file was applied before.
    """
    trial = queries.open_trial(viewer, trial_id)
    upload = queries.upload_of(trial, upload_id)
    verdicts = queries.verdicts_for(trial, upload, today=today)
    application = RosterApplication(
        upload_id=upload.id,
        verdicts=[_plain(verdict) for verdict in verdicts],
        applied_by=viewer.person_id,
        applied_at=now,
    )
    db.session.add(application)
    try:
        db.session.flush()  # asks the unique upload, which settles the double click
    except IntegrityError as error:
        raise AlreadyApplied(N_("This file was applied before.")) from error
    for verdict in verdicts:
        if verdict.new_site:
            write_site(trial, verdict.new_site, by=viewer.person_id, now=now)
    application.job_id = _queue(viewer, trial, verdicts, today=today, now=now)
    audit.record(
        "roster applied",
        actor_id=viewer.person_id,
        subject=f"trial:{trial_id}",
        after={"upload": upload.id, "file": upload.file_name} | _counts(verdicts),
        now=now,
    )
    return application.job_id


def apply_row(payload: dict[str, Any], *, now: datetime) -> Verdict:
    """Work off one row of an applied file; doing it again changes nothing.

    Raises:
        TrialClosed: if the trial was closed meanwhile.
        Invalid: if the row cannot be applied any more.
    """
    viewer = Viewer(payload["by"], sees_all=True)  # they could when they applied the file
    trial = queries.open_trial(viewer, payload["trial_id"])
    entry = Entry(**payload["entry"] | {"from_on": date.fromisoformat(payload["entry"]["from_on"])})
    today = date.fromisoformat(payload["today"])
    return put(trial, entry, by=viewer.person_id, today=today, now=now)


def _queue(
    viewer: Viewer,
    trial: TrialFacts,
    verdicts: tuple[RowVerdict, ...],
    *,
    today: date,
    now: datetime,
) -> int | None:
    items = [
        (
            f"{verdict.line}: {verdict.entry.email}"[:200],
            {
                "trial_id": trial.id,
                "by": viewer.person_id,
                "today": today.isoformat(),
                "entry": asdict(verdict.entry)
                | {"from_on": (verdict.entry.from_on or today).isoformat()},
            },
        )
        for verdict in verdicts
        if verdict.entry is not None and verdict.verdict.writes
    ]
    if not items:
        return None
    return jobs.enqueue(
        APPLY,
        items,
        created_by=viewer.person_id,
        title=f"Roster of {trial.protocol_code}",
        now=now,
    )


def _plain(verdict: RowVerdict) -> dict[str, object]:
    return {
        "line": verdict.line,
        "verdict": verdict.verdict,
        "seen": list(verdict.seen),
        "problems": [
            {"message": problem.message, "values": dict(problem.values)}
            for problem in verdict.problems
        ],
        "present_site": verdict.present.site if verdict.present else "",
        "new_site": verdict.new_site.number if verdict.new_site else "",
    }


def _counts(verdicts: tuple[RowVerdict, ...]) -> dict[str, int]:
    return {kind.value: sum(one.verdict is kind for one in verdicts) for kind in Verdict}


def clear_old(*, now: datetime) -> int:
    """Delete files that were sent long ago and never applied; return how many."""
    applied = select(RosterApplication.upload_id)
    result: Any = db.session.execute(
        delete(RosterUpload).where(
            RosterUpload.uploaded_at < now - KEPT, RosterUpload.id.not_in(applied)
        )
    )
    return int(result.rowcount)
