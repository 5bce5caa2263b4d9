"""Flask-Login, told that a person is an open session row and not a number in a cookie."""

from enum import StrEnum

from flask import Flask
from flask_login import AnonymousUserMixin, LoginManager, current_user

from lms.accounts import queries, services
from lms.accounts.domain import SEEN_EVERY, SignedIn
from lms.clock import utc_now
from lms.db import transaction


class Stranger(AnonymousUserMixin):  # type: ignore[misc]
    """Whoever is not signed in."""

    roles: frozenset[StrEnum] = frozenset()

    def has_role(self, role: StrEnum) -> bool:
        return False


def register(app: Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None  # the session row is the protection
    manager.anonymous_user = Stranger
    manager.user_loader(load)
    app.before_request(note_seen)


def load(token: str) -> SignedIn | None:
    return queries.signed_in(token, utc_now())


def note_seen() -> None:
    """Keep "last seen" within five minutes of the truth, so that most requests write nothing."""
    if current_user.is_authenticated and utc_now() - current_user.seen_at > SEEN_EVERY:
        with transaction():
            services.note_seen(current_user.session_id, now=utc_now())
