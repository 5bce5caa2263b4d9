"""What people do on their way: enrolments, evidence, attempts, answers, results."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import db


class Enrolment(db.Model):  # type: ignore[name-defined,misc]
    """A person on the path of one release; a newer release leaves them on it.

    A later round is a row of its own, so that what an earlier certificate rests on stays as it was.
    `carried` names the steps that count as done in this round, because an earlier one did them.

    Personal data: that the person takes the module, and why once more; kept as long as a
    certificate rests on it.
    """

    __tablename__ = "modules_enrolments"
    __table_args__ = (
        UniqueConstraint("person_id", "package_slug", "round"),
        Index(None, "package_slug", "enrolled_at", "id"),
        Index(None, "enrolled_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_people.id"))
    package_slug: Mapped[str] = mapped_column(String(80))
    release_id: Mapped[int] = mapped_column(ForeignKey("packages_releases.id"), index=True)
    round: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(String(20), default="first", server_default="first")
    carried: Mapped[Any] = mapped_column(JSON, default=list, server_default="[]")
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    begun_by: Mapped[int | None] = mapped_column(ForeignKey("accounts_people.id"))
    enrolled_at: Mapped[datetime]


class Evidence(db.Model):  # type: ignore[name-defined,misc]
    """What of a lesson was seen: slides by number, seconds of a film as ranges, a text as read.

    `cycle` counts how often the step was asked for again after a failed attempt, so that seeing it
    anew starts from nothing and the earlier evidence stays.

    Personal data: what the person looked at; kept with the enrolment.
    """

    __tablename__ = "modules_evidence"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "step_key", "cycle"),
        Index(None, "enrolment_id", "last_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("modules_enrolments.id"))
    step_key: Mapped[str] = mapped_column(String(80))
    cycle: Mapped[int] = mapped_column(default=0)
    seen: Mapped[Any] = mapped_column(JSON)
    position: Mapped[float] = mapped_column(default=0.0)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class Attempt(db.Model):  # type: ignore[name-defined,misc]
    """One try at a quiz or at cases: what was drawn from which seed, and until when.

    The unique number settles who wins when two tabs begin at once, and so holds the limit.

    Personal data: that the person tried; kept with the enrolment.
    """

    __tablename__ = "modules_attempts"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "step_key", "number"),
        Index(None, "enrolment_id", "started_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("modules_enrolments.id"))
    step_key: Mapped[str] = mapped_column(String(80))
    number: Mapped[int]
    seed: Mapped[int] = mapped_column(BigInteger)
    drawn: Mapped[Any] = mapped_column(JSON)
    form: Mapped[str] = mapped_column(String(80), default="")
    started_at: Mapped[datetime]
    due_at: Mapped[datetime | None]


class Answer(db.Model):  # type: ignore[name-defined,misc]
    """The answer as it stands to one question, or to one item of one case, of an open attempt.

    Personal data: the answer; kept with the attempt.
    """

    __tablename__ = "modules_answers"
    __table_args__ = (UniqueConstraint("attempt_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("modules_attempts.id"))
    key: Mapped[str] = mapped_column(String(200))
    value: Mapped[Any] = mapped_column(JSON)
    first_at: Mapped[datetime]
    saved_at: Mapped[datetime]


class Submission(db.Model):  # type: ignore[name-defined,misc]
    """That an attempt was handed in, once, with the answers as they stood.

    Personal data: the answers; kept with the attempt.
    """

    __tablename__ = "modules_submissions"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("modules_attempts.id"), unique=True)
    answers: Mapped[Any] = mapped_column(JSON)
    late: Mapped[bool] = mapped_column(default=False)
    submitted_at: Mapped[datetime]


class Result(db.Model):  # type: ignore[name-defined,misc]
    """What the marking said. A later marking is a further row with the next version.

    Personal data: the result; kept with the attempt.
    """

    __tablename__ = "modules_results"
    __table_args__ = (UniqueConstraint("attempt_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("modules_attempts.id"))
    version: Mapped[int] = mapped_column(default=1)
    passed: Mapped[bool]
    reached: Mapped[int]
    required: Mapped[int]
    of: Mapped[int]
    detail: Mapped[Any] = mapped_column(JSON)
    marked_at: Mapped[datetime]


class FurtherTry(db.Model):  # type: ignore[name-defined,misc]
    """That somebody in charge allowed one more try after the last one.

    Personal data: who allowed it and why; kept with the enrolment.
    """

    __tablename__ = "modules_further_tries"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("modules_enrolments.id"), index=True)
    step_key: Mapped[str] = mapped_column(String(80))
    allowed_by: Mapped[int] = mapped_column(ForeignKey("accounts_people.id"))
    reason: Mapped[str] = mapped_column(Text)
    allowed_at: Mapped[datetime]


class Qualification(db.Model):  # type: ignore[name-defined,misc]
    """That the whole path is done, and which certificate says so: at most one an enrolment.

    The module's name stands here too, so that reports count without a join.

    Personal data: that the person qualified; kept as long as the certificate.
    """

    __tablename__ = "modules_qualifications"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("modules_enrolments.id"), unique=True)
    certificate_id: Mapped[int] = mapped_column(
        ForeignKey("certificates_certificates.id"), unique=True
    )
    package_slug: Mapped[str] = mapped_column(String(80), index=True)
    qualified_at: Mapped[datetime] = mapped_column(index=True)


class Calibrated(db.Model):  # type: ignore[name-defined,misc]
    """What a calibration case showed: how far the total was off, and the domains, once a try.

    Personal data: how somebody scored; kept with the attempt.
    """

    __tablename__ = "modules_calibrated"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("modules_attempts.id"), unique=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("modules_enrolments.id"), index=True)
    case_key: Mapped[str] = mapped_column(String(80))
    difference: Mapped[str | None] = mapped_column(String(40))
    domains: Mapped[Any] = mapped_column(JSON)
    scored_at: Mapped[datetime]


class DriftAlert(db.Model):  # type: ignore[name-defined,misc]
    """That a rater's chart came near its limit or went beyond it, once for each of the two.

    Personal data: that somebody's scores moved away from the reference; kept with the attempt.
    """

    __tablename__ = "modules_drift_alerts"
    __table_args__ = (UniqueConstraint("enrolment_id", "signal"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("modules_enrolments.id"))
    attempt_id: Mapped[int] = mapped_column(ForeignKey("modules_attempts.id"))
    signal: Mapped[str] = mapped_column(String(20))
    direction: Mapped[int]
    failing: Mapped[Any] = mapped_column(JSON)
    raised_at: Mapped[datetime]
