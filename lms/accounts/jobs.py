"""Mailing links: the token is made here, at the last moment; the database keeps its hash."""

import secrets
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from lms import jobs, mail
from lms.accounts import queries
from lms.accounts.domain import InvitationState, Purpose
from lms.accounts.models import Invitation, MailedLink, Person
from lms.accounts.services import invitations, links
from lms.db import db
from lms.web.addresses import whole_address

PAGES = {Purpose.PASSWORD: "accounts.set_new_password", Purpose.ADDRESS: "accounts.confirm_address"}


def mail_link(payload: dict[str, Any], *, now: datetime) -> str | None:
    """Make and mail a link, unless it has ended meanwhile; return its token."""
    link = db.session.get(MailedLink, payload["link_id"])
    if link is None or link.used_at is not None or link.expires_at <= now:
        return None
    person = db.session.get_one(Person, link.person_id)
    token, purpose = secrets.token_urlsafe(32), Purpose(link.purpose)
    with force_locale(person.language or "en"):
        subject = {
            Purpose.PASSWORD: _("Set a new password for Concord"),
            Purpose.ADDRESS: _("Confirm your address for Concord"),
        }[purpose]
        text = text_of(
            f"accounts/_mail_{purpose}.txt",
            link=link,
            address=whole_address(PAGES[purpose], token=token),
        )
        _send(link.email, subject, text, now=now)
    return token


@jobs.handler(links.MAIL_KIND, before=mail_link)
def note_link(payload: dict[str, Any], *, now: datetime, prepared: str | None) -> dict[str, Any]:
    if prepared is not None:
        links.note_mailed(payload["link_id"], prepared)
    return {"sent": prepared is not None}


def mail_invitation(payload: dict[str, Any], *, now: datetime) -> str | None:
    """Make and mail the link of an invitation, if it is still open; return its token."""
    row = db.session.get(Invitation, payload["invitation_id"])
    if row is None or queries.state_of(row, now) is not InvitationState.OPEN:
        return None
    token = secrets.token_urlsafe(32)
    inviter = db.session.get(Person, row.invited_by) if row.invited_by else None
    with force_locale(row.language or "en"):
        subject = (
            _("%(name)s invites you to Concord", name=inviter.name)
            if inviter
            else _("You are invited to Concord")
        )
        text = text_of(
            "accounts/_mail_invitation.txt",
            invitation=row,
            address=whole_address("accounts.accept_invitation", token=token),
        )
        _send(row.email, subject, text, now=now)
    return token


@jobs.handler(invitations.MAIL_KIND, before=mail_invitation)
def note_invitation(
    payload: dict[str, Any], *, now: datetime, prepared: str | None
) -> dict[str, Any]:
    if prepared is not None:
        invitations.note_mailed(payload["invitation_id"], prepared, now=now)
    return {"sent": prepared is not None}


def text_of(template: str, **values: Any) -> str:
    """Fill a mail's template; the worker has no request, so nothing of a page's frame is there."""
    return current_app.jinja_env.get_template(template).render(**values)


def _send(to: str, subject: str, text: str, *, now: datetime) -> None:
    # a line break in a name must not begin a new header
    payload = {"to": to, "subject": " ".join(subject.split()), "text": text, "attachments": []}
    mail.send(payload, now=now)
