"""Panels, their experts, what they were asked, how they scored, and the references made of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import db


class Panel(db.Model):  # type: ignore[name-defined,misc]
    """A panel over some cases of one build of a package.

    `build` pins what was rated; `draft_id` names the draft that it came from, which may be gone
    later; `cases` are keys in order; `limit_share` is a decimal as text, 0 to 1.

    Personal data: who opened it and who decides disputed items; kept as long as references that
    were made by it must be explained.
    """

    __tablename__ = "panels_panels"
    __table_args__ = (
        CheckConstraint("method IN ('median', 'mode', 'mean', 'adjudicated')", name="method"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), index=True)
    draft_id: Mapped[int | None]
    build: Mapped[str] = mapped_column(ForeignKey("packages_builds.digest"))
    title: Mapped[str] = mapped_column(String(200))
    method: Mapped[str] = mapped_column(String(20))
    limit_share: Mapped[str] = mapped_column(String(20))
    cases: Mapped[Any] = mapped_column(JSON)
    closes_on: Mapped[date | None]
    adjudicator_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_people.id"), index=True)
    opened_by: Mapped[int] = mapped_column(ForeignKey("accounts_people.id"), index=True)
    opened_at: Mapped[datetime]


class Expert(db.Model):  # type: ignore[name-defined,misc]
    """Somebody who was asked onto a panel; `number` is what they are called there: Panel 3.

    Personal data: address, name, account; kept as long as the panel.
    """

    __tablename__ = "panels_experts"
    __table_args__ = (
        UniqueConstraint("panel_id", "email"),
        UniqueConstraint("panel_id", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panels_panels.id"))
    number: Mapped[int]
    email: Mapped[str] = mapped_column(String(254), index=True)
    name: Mapped[str] = mapped_column(String(200))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_people.id"), index=True)
    asked_by: Mapped[int] = mapped_column(ForeignKey("accounts_people.id"))
    asked_at: Mapped[datetime]


class Withdrawal(db.Model):  # type: ignore[name-defined,misc]
    """That an expert was taken off a panel, once: what they scored stays and does not count.

    Personal data: who was withdrawn, by whom and why; kept as long as the panel.
    """

    __tablename__ = "panels_withdrawals"

    id: Mapped[int] = mapped_column(primary_key=True)
    expert_id: Mapped[int] = mapped_column(ForeignKey("panels_experts.id"), unique=True)
    reason: Mapped[str] = mapped_column(Text)
    withdrawn_by: Mapped[int] = mapped_column(ForeignKey("accounts_people.id"))
    withdrawn_at: Mapped[datetime]


class Task(db.Model):  # type: ignore[name-defined,misc]
    """That an expert is asked to score a case, in a round.

    Personal data: that the expert was asked, and by whom; kept as long as the panel.
    """

    __tablename__ = "panels_tasks"
    __table_args__ = (
        UniqueConstraint("expert_id", "case_key", "round"),
        Index(None, "panel_id", "round"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panels_panels.id"))
    expert_id: Mapped[int] = mapped_column(ForeignKey("panels_experts.id"))
    case_key: Mapped[str] = mapped_column(String(80))
    round: Mapped[int]
    reason: Mapped[str] = mapped_column(Text, default="")
    asked_by: Mapped[int] = mapped_column(ForeignKey("accounts_people.id"))
    asked_at: Mapped[datetime]


class SavedRating(db.Model):  # type: ignore[name-defined,misc]
    """How one item of a case stands before it is handed in.

    Personal data: the expert's score; kept as long as the panel.
    """

    __tablename__ = "panels_saved_ratings"
    __table_args__ = (UniqueConstraint("task_id", "item"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("panels_tasks.id"))
    item: Mapped[str] = mapped_column(String(80))
    value: Mapped[Any] = mapped_column(JSON)
    saved_at: Mapped[datetime]


class HandedIn(db.Model):  # type: ignore[name-defined,misc]
    """That an expert handed a case in, once, with the scores as they stood.

    Personal data: who scored, and the scores; kept as long as the panel.
    """

    __tablename__ = "panels_handed_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("panels_tasks.id"), unique=True)
    ratings: Mapped[Any] = mapped_column(JSON)
    rated_by: Mapped[int] = mapped_column(ForeignKey("accounts_people.id"))
    handed_in_at: Mapped[datetime]


class Closing(db.Model):  # type: ignore[name-defined,misc]
    """That a round of a panel was closed; the constraint settles a double click.

    Personal data: who closed it; kept as long as the panel.
    """

    __tablename__ = "panels_closings"
    __table_args__ = (UniqueConstraint("panel_id", "round"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panels_panels.id"))
    round: Mapped[int]
    closed_by: Mapped[int] = mapped_column(ForeignKey("accounts_people.id"))
    closed_at: Mapped[datetime]


class Decided(db.Model):  # type: ignore[name-defined,misc]
    """What the adjudicator said of a disputed item; a later row counts, the earlier ones stay.

    Personal data: who decided; kept as long as the panel.
    """

    __tablename__ = "panels_decisions"
    __table_args__ = (Index(None, "panel_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panels_panels.id"))
    case_key: Mapped[str] = mapped_column(String(80))
    item: Mapped[str] = mapped_column(String(80))
    value: Mapped[Any] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[int] = mapped_column(ForeignKey("accounts_people.id"))
    decided_at: Mapped[datetime]


class Reference(db.Model):  # type: ignore[name-defined,misc]
    """One version of a panel's reference: every case with ratings, values and dissent.

    Rows are added and never changed; the signature on `panel-reference:<id>` is over `digest`,
    the SHA-256 of `content`.

    Personal data: who made it, and who decided disputed items; kept as long as a release rests
    on it.
    """

    __tablename__ = "panels_references"
    __table_args__ = (UniqueConstraint("panel_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panels_panels.id"))
    version: Mapped[int]
    content: Mapped[Any] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text, default="")
    made_by: Mapped[int] = mapped_column(ForeignKey("accounts_people.id"))
    made_at: Mapped[datetime]
