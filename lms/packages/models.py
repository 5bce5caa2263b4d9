"""Packages, their owners, drafts, builds and releases."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import db


class Package(db.Model):  # type: ignore[name-defined,misc]
    """A name under which releases appear.

    Personal data: who made it (nobody, for shipped packages); kept as long as its releases.
    """

    __tablename__ = "packages_packages"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts_people.id"))
    created_at: Mapped[datetime]


class Owner(db.Model):  # type: ignore[name-defined,misc]
    """That a person may publish releases of a package.

    Personal data: who and since when; kept as long as the package.
    """

    __tablename__ = "packages_owners"
    __table_args__ = (UniqueConstraint("package_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[int] = mapped_column(ForeignKey("packages_packages.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_people.id"), index=True)
    added_at: Mapped[datetime]


class Build(db.Model):  # type: ignore[name-defined,misc]
    """A compiled package, named by the digest of its files; never changed.

    `source` is the digest of a zip of the files in the store. No personal data.
    """

    __tablename__ = "packages_builds"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[Any] = mapped_column(JSON)
    source: Mapped[str] = mapped_column(String(64))
    compiled_at: Mapped[datetime]


class MediaFile(db.Model):  # type: ignore[name-defined,misc]
    """A picture, film or captions file that pages of a build show. No personal data."""

    __tablename__ = "packages_media"
    __table_args__ = (UniqueConstraint("digest", "build_digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    build_digest: Mapped[str] = mapped_column(ForeignKey("packages_builds.digest"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    extension: Mapped[str] = mapped_column(String(8))
    media_type: Mapped[str] = mapped_column(String(40))


class Draft(db.Model):  # type: ignore[name-defined,misc]
    """An uploaded zip; `source` is its digest in the store.

    Personal data: who uploaded it and how the file was called; kept 90 days after its end.
    """

    __tablename__ = "packages_drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("accounts_people.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(64))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("jobs_jobs.id", ondelete="SET NULL"))
    uploaded_at: Mapped[datetime]


class DraftReport(db.Model):  # type: ignore[name-defined,misc]
    """What the check said of a draft. There is a build only where it found no error.

    No personal data.
    """

    __tablename__ = "packages_draft_reports"

    draft_id: Mapped[int] = mapped_column(ForeignKey("packages_drafts.id"), primary_key=True)
    findings: Mapped[Any] = mapped_column(JSON)
    build_digest: Mapped[str | None] = mapped_column(ForeignKey("packages_builds.digest"))
    slug: Mapped[str] = mapped_column(String(60), default="", index=True)
    version: Mapped[str] = mapped_column(String(20), default="")
    title: Mapped[str] = mapped_column(String(120), default="")
    seconds: Mapped[float]
    checked_at: Mapped[datetime]


class DraftEnd(db.Model):  # type: ignore[name-defined,misc]
    """That a draft was published or withdrawn; the key settles which, if both are tried at once.

    Personal data: who did it; kept with the draft.
    """

    __tablename__ = "packages_draft_ends"
    __table_args__ = (CheckConstraint("kind IN ('published', 'withdrawn')", name="kind"),)

    draft_id: Mapped[int] = mapped_column(ForeignKey("packages_drafts.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    ended_by: Mapped[int] = mapped_column(ForeignKey("accounts_people.id"))
    ended_at: Mapped[datetime]


class Release(db.Model):  # type: ignore[name-defined,misc]
    """A published package. Never changed, never deleted: what people did is pinned to it.

    Personal data: who published it (nobody, for shipped packages); kept with the records of
    those who were trained on it.
    """

    __tablename__ = "packages_releases"
    __table_args__ = (UniqueConstraint("package_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[int] = mapped_column(ForeignKey("packages_packages.id"))
    version: Mapped[str] = mapped_column(String(20))
    digest: Mapped[str] = mapped_column(ForeignKey("packages_builds.digest"), unique=True)
    title: Mapped[str] = mapped_column(Text)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("accounts_people.id"))
    published_at: Mapped[datetime]


class ReleaseChange(db.Model):  # type: ignore[name-defined,misc]
    """What a further release changes, and what becomes of people who are under way. Never changed.

    The signature on it is one of the accounts, of the subject "release:ID".

    Personal data: who said so (nobody, from a terminal); kept with the release.
    """

    __tablename__ = "packages_release_changes"
    __table_args__ = (
        CheckConstraint("kind IN ('wording', 'scoring', 'reference', 'safety')", name="kind"),
        CheckConstraint("policy IN ('finish_on_old', 'top_up', 'redo')", name="policy"),
    )

    release_id: Mapped[int] = mapped_column(ForeignKey("packages_releases.id"), primary_key=True)
    before_id: Mapped[int] = mapped_column(ForeignKey("packages_releases.id"))
    kind: Mapped[str] = mapped_column(String(10))
    policy: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    found: Mapped[str] = mapped_column(String(10))
    said_by: Mapped[int | None] = mapped_column(ForeignKey("accounts_people.id"))
    said_at: Mapped[datetime]
