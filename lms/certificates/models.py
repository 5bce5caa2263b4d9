"""The register: certificates, the file and badge of each, and what became of them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import db


class Certificate(db.Model):  # type: ignore[name-defined,misc]
    """A certificate that was issued. What it says was frozen on that day; only an erasure, at the
    holder's request, takes name and results out of it.

    The columns beside `facts` repeat parts of it, so that lists need not read the whole. One that
    stands in another's place names it in `supersedes_id`, and the first of that line in `first_id`.

    Personal data: the holder's name as of the day of issue and the summary of their result; kept
    as long as trials must show who was certified (25 years), or until they are erased.
    """

    __tablename__ = "certificates_certificates"
    __table_args__ = (
        CheckConstraint("length(code) = 17", name="code_length"),
        CheckConstraint("expires_on IS NULL OR expires_on >= issued_on", name="term"),
        CheckConstraint(
            "(supersedes_id IS NULL) = (succession IS NULL)", name="succession_of_something"
        ),
        Index(None, "holder_id", "issued_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(17), unique=True)
    subject: Mapped[str] = mapped_column(String(200), unique=True)
    holder_id: Mapped[int] = mapped_column(ForeignKey("accounts_people.id"))
    facts: Mapped[Any] = mapped_column(JSON)
    facts_digest: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(Text)
    module_slug: Mapped[str] = mapped_column(String(300))
    level: Mapped[str] = mapped_column(Text)
    instrument_ref: Mapped[str] = mapped_column(String(300))
    language: Mapped[str] = mapped_column(String(300))
    demonstration: Mapped[bool]
    issued_on: Mapped[date]
    expires_on: Mapped[date | None]
    issued_at: Mapped[datetime]
    supersedes_id: Mapped[int | None] = mapped_column(
        ForeignKey("certificates_certificates.id"), unique=True
    )
    succession: Mapped[str | None] = mapped_column(String(20))
    first_id: Mapped[int | None] = mapped_column(
        ForeignKey("certificates_certificates.id"), index=True
    )
    validity: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)


class File(db.Model):  # type: ignore[name-defined,misc]
    """The signed PDF of a certificate: made once, then only handed out.

    Personal data: the stored file holds what the certificate says; kept as long as it.
    """

    __tablename__ = "certificates_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(
        ForeignKey("certificates_certificates.id"), unique=True
    )
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    size: Mapped[int]
    development: Mapped[bool]
    sealed_at: Mapped[datetime]


class Withdrawal(db.Model):  # type: ignore[name-defined,misc]
    """That a certificate was revoked: at most once, and never taken back.

    Personal data: who revoked it and why, which is not shown in public; kept as long as the
    certificate.
    """

    __tablename__ = "certificates_withdrawals"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(
        ForeignKey("certificates_certificates.id"), unique=True
    )
    reason_class: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("accounts_people.id"))
    revoked_at: Mapped[datetime]


class Suspension(db.Model):  # type: ignore[name-defined,misc]
    """That a certificate does not hold for a time: open until it is lifted, at most one at once.

    Personal data: who suspended and who lifted it and why, which is not shown in public; kept as
    long as the certificate.
    """

    __tablename__ = "certificates_suspensions"
    __table_args__ = (
        CheckConstraint("lifted_at IS NULL OR lifted_at >= suspended_at", name="order"),
        Index(
            "ix_certificates_suspensions_open",
            "certificate_id",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(
        ForeignKey("certificates_certificates.id"), index=True
    )
    suspended_at: Mapped[datetime]
    reason_class: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    suspended_by: Mapped[int | None] = mapped_column(ForeignKey("accounts_people.id"))
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("accounts_people.id"))
    lifted_reason: Mapped[str | None] = mapped_column(Text)


class End(db.Model):  # type: ignore[name-defined,misc]
    """The last day of a certificate that was issued without one: decided when a trial closed.

    Taken back when the trial opens again; at most one counts.

    Personal data: who closed and who opened the trial; kept as long as the certificate.
    """

    __tablename__ = "certificates_ends"
    __table_args__ = (
        Index(
            "ix_certificates_ends_counting",
            "certificate_id",
            unique=True,
            sqlite_where=text("taken_back_at IS NULL"),
            postgresql_where=text("taken_back_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(
        ForeignKey("certificates_certificates.id"), index=True
    )
    ends_on: Mapped[date]
    decided_for: Mapped[str] = mapped_column(String(120), index=True)
    decided_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts_people.id"))
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[int | None] = mapped_column(ForeignKey("accounts_people.id"))


class ShownName(db.Model):  # type: ignore[name-defined,misc]
    """How the holder wants their name to stand on the public page; the last choice counts.

    Personal data: that and when they chose; kept as long as the certificate.
    """

    __tablename__ = "certificates_shown_names"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(
        ForeignKey("certificates_certificates.id"), index=True
    )
    shows: Mapped[str] = mapped_column(String(20))
    chosen_by: Mapped[int] = mapped_column(ForeignKey("accounts_people.id"))
    chosen_at: Mapped[datetime]


class Erasure(db.Model):  # type: ignore[name-defined,misc]
    """That the holder's data were taken out of a certificate and its file out of the store.

    Personal data: who did it and which request it rests on; kept as long as the certificate.
    """

    __tablename__ = "certificates_erasures"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(
        ForeignKey("certificates_certificates.id"), unique=True
    )
    reason: Mapped[str] = mapped_column(Text)
    erased_by: Mapped[int | None] = mapped_column(ForeignKey("accounts_people.id"))
    erased_at: Mapped[datetime]


class StatusEntry(db.Model):  # type: ignore[name-defined,misc]
    """The place of a certificate in the public status lists: drawn at random, never given twice.

    Personal data: none by itself; it leads to a certificate, and is kept as long as it.
    """

    __tablename__ = "certificates_status_entries"
    __table_args__ = (
        UniqueConstraint("list_number", "place"),
        CheckConstraint("place >= 0 AND place < 131072", name="place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(
        ForeignKey("certificates_certificates.id"), unique=True
    )
    list_number: Mapped[int]
    place: Mapped[int]


class StatusList(db.Model):  # type: ignore[name-defined,misc]
    """A status list as it is published: made from the rows that revoke and suspend, kept signed.

    No personal data.
    """

    __tablename__ = "certificates_status_lists"
    __table_args__ = (UniqueConstraint("purpose", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    address: Mapped[str] = mapped_column(Text)
    places_digest: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text)
    token: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime]


class Badge(db.Model):  # type: ignore[name-defined,misc]
    """The signed badge of a certificate: made once, then only handed out.

    Personal data: the stored files hold what the certificate says; kept as long as it.
    """

    __tablename__ = "certificates_badges"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(
        ForeignKey("certificates_certificates.id"), unique=True
    )
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    key: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]


class ArchiveCopy(db.Model):  # type: ignore[name-defined,misc]
    """A file of the register with fresh revocation lists and a further time stamp behind it.

    Never handed out. Each begins with the bytes of the one before, so only the youngest is stored;
    size and digest of the others say which part of it they are.

    Personal data: the stored file holds what the certificate says; kept as long as it.
    """

    __tablename__ = "certificates_archive_copies"
    __table_args__ = (UniqueConstraint("certificate_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates_certificates.id"))
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    size: Mapped[int]
    stamped_at: Mapped[datetime]
    stamp_ends_at: Mapped[datetime]


class Day(db.Model):  # type: ignore[name-defined,misc]
    """The root of the tree over the files that were sealed until the end of a day, and its stamp.

    No personal data.
    """

    __tablename__ = "certificates_days"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(unique=True)
    root: Mapped[str] = mapped_column(String(64))
    leaves: Mapped[int]
    token: Mapped[str] = mapped_column(Text)
    stamped_at: Mapped[datetime]


class DayLeaf(db.Model):  # type: ignore[name-defined,misc]
    """The place of a file in the tree of a day; each has one, once.

    Personal data: none by itself; it leads to a certificate, and is kept as long as it.
    """

    __tablename__ = "certificates_day_leaves"
    __table_args__ = (UniqueConstraint("day_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day_id: Mapped[int] = mapped_column(ForeignKey("certificates_days.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("certificates_files.id"), unique=True)
    place: Mapped[int]
