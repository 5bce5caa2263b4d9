"""Inviting people by mail: write down, send again, withdraw, accept."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from lms import jobs
from lms.accounts import queries
from lms.accounts.domain import (
    INVITATION_LENGTH,
    Choices,
    InvitationClosed,
    InvitationState,
    NotYours,
    Role,
    clean_email,
)
from lms.accounts.models import Invitation
from lms.accounts.services.people import grant, new_person, note_new
from lms.audit import api as audit
from lms.db import db
from lms.errors import N_, Conflict

MAIL_KIND = "accounts.mail_invitation"


@dataclass(frozen=True)
class Invitee:
    """Whom to invite, to what."""

    email: str
    name: str = ""
    roles: frozenset[Role] = field(default=frozenset({Role.TRAINEE}))
    reason: str = ""
    language: str = ""


def invite(invitee: Invitee, *, invited_by: int | None, now: datetime) -> int | None:
    """Invite somebody by mail; nothing is granted before they accept.

    Returns:
        The invitation's id: the open one if there is one (roles that are asked for beyond it are
        added to it, and it is sent again only then or after its end). None where there is nothing
        to accept: the account of this address has all the roles already, or was closed.

    Raises:
        Conflict: if somebody else invites the same address in the same moment.
    """
    roles = _missing(invitee)
    if not roles:
        return None
    row = queries.unanswered_invitation(invitee.email)
    if row is None:
        return _add(invitee, roles, invited_by=invited_by, now=now)
    wider = sorted(set(row.roles) | roles)
    if wider != sorted(row.roles) or queries.state_of(row, now) is not InvitationState.OPEN:
        before = {"roles": row.roles}
        _note(row, N_("invitation sent again"), invited_by, now, before=before, roles=wider)
        row.roles = wider
        _send(row, by=invited_by, now=now)
    return row.id


def resend(invitation_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Mail an invitation again, with a new link and a new end; the old link ends.

    Raises:
        NotFound: if there is no such invitation.
        InvitationClosed: if it was accepted or withdrawn.
    """
    row = _unanswered(invitation_id, now)
    _note(row, N_("invitation sent again"), actor_id, now, roles=row.roles)
    _send(row, by=actor_id, now=now)


def revoke(invitation_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Withdraw an invitation; its link ends.

    Raises:
        NotFound: if there is no such invitation.
        InvitationClosed: if it was accepted or withdrawn.
    """
    row = _unanswered(invitation_id, now)
    row.revoked_at = now
    _note(row, N_("invitation withdrawn"), actor_id, now, roles=row.roles)


def accept_as_new(token: str, choices: Choices, *, password: str, now: datetime) -> int:
    """Open an account by an invitation, with the roles that it names, and return its id.

    Raises:
        LinkEnded: if the invitation is not open.
        AddressTaken: if there is an account with the address; it accepts by `accept_as`.
        BadName: if the name cannot stand on a certificate.
        WeakPassword: if the password would be guessed.
    """
    row = queries.open_invitation(token, now)
    person = new_person(row.email, choices, password=password, now=now)
    person.confirmed_at = now
    grant(person, map(Role, row.roles), granted_by=row.invited_by, now=now)
    note_new(person, N_("person registered"), actor_id=person.id, now=now)
    _accept(row, person.id, now=now)
    return person.id


def accept_as(token: str, person_id: int, *, now: datetime) -> None:
    """Take on the roles of an invitation with an account that exists.

    Raises:
        LinkEnded: if the invitation is not open.
        NotYours: if it was sent to another address.
    """
    row = queries.open_invitation(token, now)
    person = queries.locked_person(person_id)
    if person.email != row.email:
        raise NotYours(
            N_("This invitation was sent to %(email)s. Sign in with that address."), email=row.email
        )
    before = list(queries.roles_in_order(person))
    grant(person, map(Role, row.roles), granted_by=row.invited_by, now=now)
    person.confirmed_at = person.confirmed_at or now
    _accept(row, person.id, now=now)
    audit.record(
        N_("roles changed"),
        actor_id=person_id,
        subject=f"person:{person_id}",
        reason=row.reason,
        before={"roles": before},
        after={"roles": list(queries.roles_in_order(person)), "invitation": row.id},
        now=now,
    )


def note_mailed(invitation_id: int, token: str, *, now: datetime) -> None:
    """Keep the hash of the token that was mailed, and when."""
    row = queries.invitation_of(invitation_id)
    row.token_hash = queries.token_hash(token)
    row.sent_at = now


def _missing(invitee: Invitee) -> set[Role]:
    person = queries.find_person_by_email(invitee.email)
    if person is None:
        return set(invitee.roles)
    if person.closed_at is not None:
        return set()
    return set(invitee.roles) - set(queries.roles_in_order(person))


def _add(invitee: Invitee, roles: Iterable[Role], *, invited_by: int | None, now: datetime) -> int:
    row = Invitation(
        email=clean_email(invitee.email),
        name=" ".join(invitee.name.split())[:200],
        roles=sorted(roles),
        reason=invitee.reason,
        language=invitee.language,
        invited_by=invited_by,
        created_at=now,
        expires_at=now + INVITATION_LENGTH,
    )
    db.session.add(row)
    try:
        db.session.flush()  # asks the index that allows one open invitation an address
    except IntegrityError as error:
        raise Conflict(N_("Somebody else has just invited this address.")) from error
    _note(row, N_("person invited"), invited_by, now, roles=row.roles)
    _send(row, by=invited_by, now=now)
    return row.id


def _send(row: Invitation, *, by: int | None, now: datetime) -> None:
    row.expires_at = now + INVITATION_LENGTH
    row.token_hash = None
    jobs.enqueue(
        MAIL_KIND,
        [(f"invitation:{row.id}", {"invitation_id": row.id})],
        created_by=by,
        title="Mail an invitation",
        now=now,
    )


def _unanswered(invitation_id: int, now: datetime) -> Invitation:
    row = queries.invitation_of(invitation_id)
    if queries.state_of(row, now) in (InvitationState.ACCEPTED, InvitationState.REVOKED):
        raise InvitationClosed(N_("This invitation was accepted or withdrawn meanwhile."))
    return row


def _accept(row: Invitation, person_id: int, *, now: datetime) -> None:
    row.accepted_at = now
    row.accepted_by = person_id
    _note(row, N_("invitation accepted"), person_id, now, roles=row.roles)


def _note(
    row: Invitation,
    action: str,
    actor_id: int | None,
    now: datetime,
    *,
    before: Any = None,
    **after: Any,
) -> None:
    audit.record(
        action,
        actor_id=actor_id,
        subject=f"invitation:{row.id}",
        reason=row.reason,
        before=before,
        after={"email": row.email, **after},
        now=now,
    )
