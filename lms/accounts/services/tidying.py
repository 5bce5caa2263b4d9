"""Clearing away what accounts leave behind, when its time is over."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func

from lms.accounts.models import Invitation, MailedLink, SignInSession, SignInTries
from lms.db import db

KEPT = timedelta(days=90)
TRIES_KEPT = timedelta(hours=24)


def clear_old(*, now: datetime) -> int:
    """Delete sign-ins, wrong tries, invitations and links whose time is over; return how many.

    Invitations that were accepted stay with the account.
    """
    over = now - KEPT
    statements = (
        delete(SignInSession).where(
            func.coalesce(SignInSession.ended_at, SignInSession.ends_at) < over
        ),
        delete(SignInTries).where(SignInTries.last_at < now - TRIES_KEPT),
        delete(Invitation).where(
            Invitation.accepted_at.is_(None),
            func.coalesce(Invitation.revoked_at, Invitation.expires_at) < over,
        ),
        delete(MailedLink).where(MailedLink.created_at < over),
    )
    done: list[Any] = [db.session.execute(statement) for statement in statements]
    return sum(result.rowcount for result in done)
