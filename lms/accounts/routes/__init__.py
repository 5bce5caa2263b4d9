"""The pages of people: signing in, registering, the own account, and the administration."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)

from lms.accounts.routes import (  # noqa: E402, F401  (they add their views to bp)
    account,
    invitations,
    links,
    people,
    registering,
    signing_in,
)
