"""People, their roles, their sessions, and the links that are mailed to them."""

from datetime import datetime

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
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.db import db


class Person(db.Model):  # type: ignore[name-defined,misc]
    """Somebody with an account.

    Personal data: name, address, time zone, language, extra time and the reason for it (which may
    speak of health, so it stands here, where it can be taken out, and not in the audit trail);
    kept while the account is open, then as long as the person's certificates must be explained.
    """

    __tablename__ = "accounts_people"
    __table_args__ = (
        CheckConstraint("extra_time >= 1.0 AND extra_time <= 3.0", name="extra_time"),
        Index(None, "name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    time_zone: Mapped[str] = mapped_column(String(60), default="UTC", server_default="UTC")
    language: Mapped[str] = mapped_column(String(20), default="", server_default="")
    extra_time: Mapped[float] = mapped_column(default=1.0, server_default="1.0")
    extra_time_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    roles: Mapped[list["PersonRole"]] = relationship(
        back_populates="person",
        foreign_keys="PersonRole.person_id",
        lazy="selectin",
        cascade="all, delete-orphan",
    )


class PersonRole(db.Model):  # type: ignore[name-defined,misc]
    """A role that a person has. Personal data: who gave it; kept with the person."""

    __tablename__ = "accounts_roles"
    __table_args__ = (UniqueConstraint("person_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_people.id"))
    role: Mapped[str] = mapped_column(String(20), index=True)
    granted_at: Mapped[datetime]
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("accounts_people.id"))

    person: Mapped[Person] = relationship(back_populates="roles", foreign_keys=[person_id])


class SignInSession(db.Model):  # type: ignore[name-defined,misc]
    """One device on which somebody is signed in; the cookie carries a random token, we its hash.

    Personal data: device and times; kept 90 days after its end.
    """

    __tablename__ = "accounts_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_people.id"), index=True)
    device: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SignInTries(db.Model):  # type: ignore[name-defined,misc]
    """Wrong passwords in a row for one address, whether or not somebody has it.

    Personal data: the SHA-256 of an address and when it was last tried; kept until the right
    password comes, or 24 hours.
    """

    __tablename__ = "accounts_tries"

    address_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    tries: Mapped[int]
    last_at: Mapped[datetime]
    locked_until: Mapped[datetime | None]


class Invitation(db.Model):  # type: ignore[name-defined,misc]
    """An invitation by mail to open an account, or to take on further roles.

    The token is made when the mail is sent and only its hash is kept. One open invitation an
    address; the partial index settles the race of two people who invite at once.

    Personal data: address, name, who invited and why; kept as long as the person's account, or 90
    days after its end if nobody accepted.
    """

    __tablename__ = "accounts_invitations"
    __table_args__ = (
        Index(
            "uq_accounts_invitations_open_email",
            "email",
            unique=True,
            sqlite_where=text("accepted_at IS NULL AND revoked_at IS NULL"),
            postgresql_where=text("accepted_at IS NULL AND revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200))
    roles: Mapped[list[str]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(20))
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("accounts_people.id"))
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("accounts_people.id"))
    revoked_at: Mapped[datetime | None]


class MailedLink(db.Model):  # type: ignore[name-defined,misc]
    """A one-time link: to set a new password, or to show that mail to an address arrives.

    Personal data: the address it was sent to and when; kept 90 days.
    """

    __tablename__ = "accounts_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_people.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Signature(db.Model):  # type: ignore[name-defined,misc]
    """An electronic signature: who, under which name, when, meaning what, over exactly what.

    Rows are added and never changed or deleted; the event in the audit trail holds the same
    digest. A new name or a closed account changes nothing here: a signature keeps what it said.

    Personal data: the printed name, and that the person signed; kept as long as the signed record
    must be explained, after the account was closed too.
    """

    __tablename__ = "accounts_signatures"
    __table_args__ = (
        CheckConstraint("length(digest) = 64", name="digest"),
        CheckConstraint(
            "meaning IN ('authorship', 'review', 'approval', 'responsibility')", name="meaning"
        ),
        UniqueConstraint("subject", "person_id", "meaning", "digest"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_people.id"), index=True)
    printed_name: Mapped[str] = mapped_column(String(200))
    meaning: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime]
