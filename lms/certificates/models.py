"""The register: certificates, the files and badges of each, and what was withdrawn."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import db


class Certificate(db.Model):  # type: ignore[name-defined,misc]
    """A certificate that was issued. Never updated: what it says was frozen on that day.

    The columns beside `facts` repeat parts of it, so that lists need not read the whole.

    Personal data: the holder's name as of the day of issue and the summary of their result; kept
    as long as trials must show who was certified (25 years).
    """

    __tablename__ = "certificates_certificates"
    __table_args__ = (
        CheckConstraint("length(code) = 17", name="code_length"),
        CheckConstraint("expires_on IS NULL OR expires_on >= issued_on", name="term"),
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
