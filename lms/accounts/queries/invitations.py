"""Reading invitations and mailed links."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lms.accounts.domain import (
    InvitationState,
    LinkEnded,
    Purpose,
    Role,
    clean_email,
    invitation_state,
)
from lms.accounts.models import Invitation, MailedLink, Person
from lms.accounts.queries.sessions import token_hash
from lms.db import db
from lms.errors import N_, NotFound

ENDED = N_("This link cannot be used: it was used before, has ended, or was withdrawn.")


@dataclass(frozen=True)
class ListedInvitation:
    """One row of the list of invitations."""

    id: int
    email: str
    name: str
    roles: tuple[Role, ...]
    invited_by: str
    sent_at: datetime | None
    expires_at: datetime
    state: InvitationState


def unanswered_invitation(email: str) -> Invitation | None:
    """Return the invitation of an address that was neither accepted nor withdrawn."""
    return db.session.scalar(
        select(Invitation)
        .where(
            Invitation.email == clean_email(email),
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .with_for_update()
    )


def invitation_of(invitation_id: int) -> Invitation:
    """Return an invitation, held until the transaction ends.

    Raises:
        NotFound: if there is none with this id.
    """
    row = db.session.scalar(
        select(Invitation).where(Invitation.id == invitation_id).with_for_update()
    )
    if row is None:
        raise NotFound(N_("There is no such invitation."))
    return row


def open_invitation(token: str, now: datetime) -> Invitation:
    """Return the invitation that a mailed link stands for.

    Raises:
        LinkEnded: if it does not stand for an open one.
    """
    row = db.session.scalar(
        select(Invitation).where(Invitation.token_hash == token_hash(token)).with_for_update()
    )
    if row is None or state_of(row, now) is not InvitationState.OPEN:
        raise LinkEnded(ENDED)
    return row


def open_link(token: str, purpose: Purpose, now: datetime) -> MailedLink:
    """Return the one-time link that a token stands for.

    Raises:
        LinkEnded: if it does not stand for an unused one of an open account.
    """
    row = db.session.scalar(
        select(MailedLink)
        .join(Person, Person.id == MailedLink.person_id)
        .where(
            MailedLink.token_hash == token_hash(token),
            MailedLink.purpose == purpose,
            MailedLink.used_at.is_(None),
            MailedLink.expires_at > now,
            Person.closed_at.is_(None),
        )
        .with_for_update(of=MailedLink)
    )
    if row is None:
        raise LinkEnded(ENDED)
    return row


def latest_invitations(now: datetime, *, limit: int) -> list[ListedInvitation]:
    """Return invitations, the newest first, in one query."""
    rows = db.session.execute(
        select(Invitation, Person.name)
        .outerjoin(Person, Person.id == Invitation.invited_by)
        .order_by(Invitation.id.desc())
        .limit(limit)
    )
    return [
        ListedInvitation(
            id=row.id,
            email=row.email,
            name=row.name,
            roles=tuple(role for role in Role if role in row.roles),
            invited_by=inviter or "",
            sent_at=row.sent_at,
            expires_at=row.expires_at,
            state=state_of(row, now),
        )
        for row, inviter in rows
    ]


def state_of(row: Invitation, now: datetime) -> InvitationState:
    return invitation_state(
        accepted_at=row.accepted_at,
        revoked_at=row.revoked_at,
        expires_at=row.expires_at,
        now=now,
    )
