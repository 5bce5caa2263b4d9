"""Questions of what if with their answers, marking anew, and references that are doubted."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import db


class WhatIf(db.Model):  # type: ignore[name-defined,misc]
    """A question: who would have passed by other rules. Its answer is worked out once, by a job.

    Personal data: who asked, and by number whose tries would have ended otherwise; kept as long
    as the package.
    """

    __tablename__ = "review_what_ifs"

    id: Mapped[int] = mapped_column(primary_key=True)
    package_slug: Mapped[str] = mapped_column(String(80), index=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("packages_releases.id"))
    rules: Mapped[Any] = mapped_column(JSON)
    written: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[int] = mapped_column(ForeignKey("accounts_people.id"))
    asked_at: Mapped[datetime]
    job_id: Mapped[int | None] = mapped_column(ForeignKey("jobs_jobs.id", ondelete="SET NULL"))
    result: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    reckoned_at: Mapped[datetime | None]


class Regrade(db.Model):  # type: ignore[name-defined,misc]
    """That past tries are marked anew as a question showed: once for each question, and signed.

    The signature on it is one of the accounts, of the subject "regrade:ID".

    Personal data: who decided it and why; kept as long as the results.
    """

    __tablename__ = "review_regrades"

    id: Mapped[int] = mapped_column(primary_key=True)
    what_if_id: Mapped[int] = mapped_column(ForeignKey("review_what_ifs.id"), unique=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("packages_releases.id"))
    suspend: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    asked_by: Mapped[int] = mapped_column(ForeignKey("accounts_people.id"))
    asked_at: Mapped[datetime]
    job_id: Mapped[int | None] = mapped_column(ForeignKey("jobs_jobs.id", ondelete="SET NULL"))


class RegradedTry(db.Model):  # type: ignore[name-defined,misc]
    """What became of one try when it was marked anew; the key settles that it happens once.

    Personal data: the result of the try's owner; kept with the attempt.
    """

    __tablename__ = "review_regraded_tries"
    __table_args__ = (
        UniqueConstraint("regrade_id", "attempt_id"),
        CheckConstraint(
            "outcome IN ('certified', 'passed', 'kept', 'suspended', 'not_passed', 'unchanged')",
            name="outcome",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    regrade_id: Mapped[int] = mapped_column(ForeignKey("review_regrades.id"))
    attempt_id: Mapped[int] = mapped_column(ForeignKey("modules_attempts.id"))
    outcome: Mapped[str] = mapped_column(String(20))
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificates_certificates.id"))
    done_at: Mapped[datetime]


class Doubt(db.Model):  # type: ignore[name-defined,misc]
    """How many references of a package's current release may be wrong, as of the last night.

    Worked out anew every night, and forgotten when a further release is published.

    No personal data.
    """

    __tablename__ = "review_doubts"

    package_slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("packages_releases.id"))
    count: Mapped[int]
    looked_at: Mapped[datetime]
