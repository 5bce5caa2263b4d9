"""People, their roles, their sessions."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.db import db


class Person(db.Model):  # type: ignore[name-defined,misc]
    """Somebody with an account.

    Personal data: name, address, time zone, extra time; kept while the account is open, then for as
    long as certificates of the person must be explained.
    """

    __tablename__ = "accounts_people"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    time_zone: Mapped[str] = mapped_column(String(60), default="UTC")
    extra_time: Mapped[float] = mapped_column(default=1.0)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    roles: Mapped[list["PersonRole"]] = relationship(
        back_populates="person", foreign_keys="PersonRole.person_id", lazy="selectin"
    )


class PersonRole(db.Model):  # type: ignore[name-defined,misc]
    """A role that a person has. Personal data: who gave it; kept with the person."""

    __tablename__ = "accounts_roles"
    __table_args__ = (UniqueConstraint("person_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("accounts_people.id"))
    role: Mapped[str] = mapped_column(String(20))
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
