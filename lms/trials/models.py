"""Trials and who is asked for what in them."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import db


class Trial(db.Model):  # type: ignore[name-defined,misc]
    """A trial as its protocol names it.

    Personal data: who wrote it down; kept as long as the trial's records must be.
    """

    __tablename__ = "trials_trials"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    protocol_code: Mapped[str] = mapped_column(String(80), unique=True)
    sponsor: Mapped[str] = mapped_column(String(200), default="")
    created_by: Mapped[int] = mapped_column(ForeignKey("accounts_people.id"))
    created_at: Mapped[datetime]


class TrialState(db.Model):  # type: ignore[name-defined,misc]
    """That a trial was opened or closed; the row with the highest number holds.

    The unique number settles who wins when two people close it at once.

    Personal data: who did it and why; kept with the trial.
    """

    __tablename__ = "trials_states"
    __table_args__ = (UniqueConstraint("trial_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    trial_id: Mapped[int] = mapped_column(ForeignKey("trials_trials.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, default="")
    set_by: Mapped[int] = mapped_column(ForeignKey("accounts_people.id"))
    set_at: Mapped[datetime]


class Coordinator(db.Model):  # type: ignore[name-defined,misc]
    """That a person looks after a trial; one who left keeps the row, with its end.

    Personal data: who, added and ended by whom; kept with the trial.
    """

    __tablename__ = "trials_coordinators"
    __table_args__ = (
        Index(
            "uq_trials_coordinators_present",
            "trial_id",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(None, "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    trial_id: Mapped[int] = mapped_column(ForeignKey("trials_trials.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_people.id"))
    added_by: Mapped[int] = mapped_column(ForeignKey("accounts_people.id"))
    added_at: Mapped[datetime]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("accounts_people.id"))
    ended_at: Mapped[datetime | None]


class Site(db.Model):  # type: ignore[name-defined,misc]
    """A place where a trial is done. No personal data."""

    __tablename__ = "trials_sites"
    __table_args__ = (UniqueConstraint("trial_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    trial_id: Mapped[int] = mapped_column(ForeignKey("trials_trials.id"))
    number: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200), default="")
    country: Mapped[str] = mapped_column(String(80), default="")
    added_at: Mapped[datetime]


class Rater(db.Model):  # type: ignore[name-defined,misc]
    """One stay of a rater at a site: an entry of the roster, from a day to a day, both included.

    An entry is ended and never deleted. Who moves to another site or takes another role gets a
    further entry, as on a delegation log; the reason of the old one's end is then "moved" or
    "changed". One entry without an end is allowed for an address.

    Personal data: name, address, role and language of somebody who may not have an account;
    kept as long as the trial's records must be.
    """

    __tablename__ = "trials_raters"
    __table_args__ = (
        Index(
            "uq_trials_raters_present",
            "trial_id",
            "email",
            unique=True,
            sqlite_where=text("to_on IS NULL"),
            postgresql_where=text("to_on IS NULL"),
        ),
        Index(None, "trial_id", "from_on"),
        Index(None, "person_id"),
        Index(None, "email"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    trial_id: Mapped[int] = mapped_column(ForeignKey("trials_trials.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("trials_sites.id"))
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(80), default="")
    language: Mapped[str] = mapped_column(String(35), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_people.id"))
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    added_by: Mapped[int] = mapped_column(ForeignKey("accounts_people.id"))
    added_at: Mapped[datetime]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("accounts_people.id"))
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(Text, default="")


class Requirement(db.Model):  # type: ignore[name-defined,misc]
    """That raters of a trial must hold a valid certificate of a module, from a day to a day.

    Personal data: who asked for it; kept with the trial.
    """

    __tablename__ = "trials_requirements"
    __table_args__ = (
        Index(
            "uq_trials_requirements_present",
            "trial_id",
            "module_slug",
            unique=True,
            sqlite_where=text("until_on IS NULL"),
            postgresql_where=text("until_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    trial_id: Mapped[int] = mapped_column(ForeignKey("trials_trials.id"))
    module_slug: Mapped[str] = mapped_column(String(80))
    level: Mapped[str] = mapped_column(String(80), default="")
    instrument: Mapped[str] = mapped_column(String(120), default="")
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    added_by: Mapped[int] = mapped_column(ForeignKey("accounts_people.id"))
    added_at: Mapped[datetime]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("accounts_people.id"))
    ended_at: Mapped[datetime | None]


class RosterUpload(db.Model):  # type: ignore[name-defined,misc]
    """A roster file as it was sent, waiting to be looked at and applied; it changes nothing.

    Personal data: names and addresses of the file; kept 30 days if it was not applied, else with
    the trial.
    """

    __tablename__ = "trials_roster_uploads"

    id: Mapped[int] = mapped_column(primary_key=True)
    trial_id: Mapped[int] = mapped_column(ForeignKey("trials_trials.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    content: Mapped[str] = mapped_column(Text)
    encoding: Mapped[str] = mapped_column(String(20))
    adds_sites: Mapped[bool]
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("accounts_people.id"))
    uploaded_at: Mapped[datetime]


class RosterApplication(db.Model):  # type: ignore[name-defined,misc]
    """That an upload was applied, once, with the verdicts as they stood and the job that writes.

    Personal data: the verdicts name the rows; kept with the trial.
    """

    __tablename__ = "trials_roster_applications"

    id: Mapped[int] = mapped_column(primary_key=True)
    upload_id: Mapped[int] = mapped_column(ForeignKey("trials_roster_uploads.id"), unique=True)
    job_id: Mapped[int | None]
    verdicts: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    applied_by: Mapped[int] = mapped_column(ForeignKey("accounts_people.id"))
    applied_at: Mapped[datetime]
