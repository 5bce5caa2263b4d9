"""The blueprint that the views of this room hang on, and what they all ask."""

from datetime import date

from flask import Blueprint
from flask_login import current_user

from lms.accounts.domain import Role
from lms.clock import utc_now
from lms.packages import api as packages
from lms.panels import api, queries
from lms.panels.domain import Viewer

bp = Blueprint("panels", __name__)
CREATORS = (Role.CREATOR, Role.ADMIN)

packages.let_see_media(queries.may_see_media)


def viewer() -> Viewer:
    return Viewer(current_user.id, bool(current_user.has_role(Role.ADMIN)))


def utc_day() -> date:
    """Return the day that closes panels: the same for everybody."""
    return utc_now().date()


def own_address() -> str | None:
    return api.shown_address(current_user.id)
