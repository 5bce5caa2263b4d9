"""Roster files that were sent, and what applying them would do or did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select

from lms.accounts import api as accounts
from lms.accounts.domain import clean_email, clean_name
from lms.db import db
from lms.errors import N_, Invalid, NotFound
from lms.trials.domain import (
    Problem,
    Readers,
    RosterFile,
    RowVerdict,
    Situation,
    TrialFacts,
    Verdict,
    read_roster,
    verdicts_of,
)
from lms.trials.models import RosterApplication, RosterUpload
from lms.trials.queries.roster import last_days, present_entries
from lms.trials.queries.trials import sites_of


@dataclass(frozen=True)
class Judged:
    """A row of a file and its verdict, as the page shows it: before applying, or as it was then."""

    line: int
    verdict: Verdict
    email: str
    name: str
    site: str
    problems: tuple[Problem, ...]
    present_site: str
    new_site: str


@dataclass(frozen=True)
class Judgement:
    """A file with the verdict of every row.

    Attributes:
        ignored: headings that are not used; unknown once the file was applied.
        applied_at: None while it waits.
        job_id: of the job that writes the rows, None while it waits or where there was nothing.
    """

    file_name: str
    encoding: str
    adds_sites: bool
    uploaded_at: datetime
    rows: tuple[Judged, ...]
    ignored: tuple[str, ...]
    applied_at: datetime | None
    job_id: int | None

    @property
    def counts(self) -> Mapping[Verdict, int]:
        return {kind: sum(row.verdict is kind for row in self.rows) for kind in Verdict}

    @property
    def writes(self) -> int:
        """How many rows change something."""
        return sum(row.verdict.writes for row in self.rows)


def upload_of(trial: TrialFacts, upload_id: int) -> RosterUpload:
    """Return an uploaded file of a trial.

    Raises:
        NotFound: if it is not one of this trial's, or was cleared away.
    """
    row = db.session.get(RosterUpload, upload_id)
    if row is None or row.trial_id != trial.id:
        raise NotFound(
            N_("This trial has no such file. Files that are not applied go after 30 days.")
        )
    return row


def judgement_of(trial: TrialFacts, upload_id: int, *, today: date) -> Judgement:
    """Return a file's verdicts: as of now, or as they stood when it was applied.

    Raises:
        NotFound: if the trial has no such file.
    """
    upload = upload_of(trial, upload_id)
    application = db.session.scalar(
        select(RosterApplication).where(RosterApplication.upload_id == upload.id)
    )
    if application is not None:
        return _judgement(upload, application, [_stored(one) for one in application.verdicts], ())
    file = read_roster(upload.content)
    rows = [_fresh(one) for one in _verdicts(trial, upload, file, today)]
    return _judgement(upload, None, rows, file.ignored)


def verdicts_for(trial: TrialFacts, upload: RosterUpload, *, today: date) -> tuple[RowVerdict, ...]:
    """Return what each row of a file would do now."""
    return _verdicts(trial, upload, read_roster(upload.content), today)


def _verdicts(
    trial: TrialFacts, upload: RosterUpload, file: RosterFile, today: date
) -> tuple[RowVerdict, ...]:
    addresses = {clean_email(row.cell("email")) for row in file.rows} - {""}
    situation = Situation(
        sites=[site.number for site in sites_of(trial)],
        present=present_entries(trial, today),
        last_days=last_days(trial),
        accounts=frozenset(
            one.email for one in accounts.people_by_email(addresses).values() if not one.closed
        ),
        adds_sites=upload.adds_sites,
        today=today,
    )
    return verdicts_of(file.rows, situation, Readers(email=read_email, name=read_name))


def read_email(raw: str) -> str:
    """Return an address as it is stored.

    Raises:
        Invalid: if mail could not be sent to it.
    """
    if not raw.strip():
        raise Invalid(N_("The address is missing. Without it nobody can be invited."))
    try:
        found = validate_email(
            raw.strip(), check_deliverability=False, allow_display_name=False
        ).normalized
    except EmailNotValidError as error:
        raise Invalid(
            N_("“%(email)s” is not an address that mail can be sent to. Correct it."),
            email=raw.strip()[:80],
        ) from error
    return clean_email(found)


def read_name(raw: str) -> str:
    """Return a name as it is stored.

    Raises:
        Invalid: if it is missing, or cannot be printed.
    """
    if not raw.strip():
        raise Invalid(N_("The name is missing. Write it as the trial's papers have it."))
    return clean_name(raw)


def _fresh(verdict: RowVerdict) -> Judged:
    email, name, site = verdict.seen
    return Judged(
        line=verdict.line,
        verdict=verdict.verdict,
        email=verdict.entry.email if verdict.entry else email,
        name=verdict.entry.name if verdict.entry else name,
        site=verdict.entry.site if verdict.entry else site,
        problems=verdict.problems,
        present_site=verdict.present.site if verdict.present else "",
        new_site=verdict.new_site.number if verdict.new_site else "",
    )


def _stored(plain: dict[str, Any]) -> Judged:
    email, name, site = plain["seen"]
    return Judged(
        line=plain["line"],
        verdict=Verdict(plain["verdict"]),
        email=email,
        name=name,
        site=site,
        problems=tuple(Problem(one["message"], one["values"]) for one in plain["problems"]),
        present_site=plain["present_site"],
        new_site=plain["new_site"],
    )


def _judgement(
    upload: RosterUpload,
    application: RosterApplication | None,
    rows: Sequence[Judged],
    ignored: tuple[str, ...],
) -> Judgement:
    return Judgement(
        file_name=upload.file_name,
        encoding=upload.encoding,
        adds_sites=upload.adds_sites,
        uploaded_at=upload.uploaded_at,
        rows=tuple(rows),
        ignored=ignored,
        applied_at=application.applied_at if application else None,
        job_id=application.job_id if application else None,
    )
