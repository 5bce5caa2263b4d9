"""What several of the pages need: who asks, and saying what went wrong or was done."""

from typing import Any, Final

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from wtforms import Field

from lms.accounts.domain import Role
from lms.errors import LmsError
from lms.trials.domain import Viewer

OFFICE: Final = (Role.COORDINATOR, Role.ADMIN)
"""Who works with trials; which trials, the viewer says."""


def viewer() -> Viewer:
    return Viewer(current_user.id, sees_all=current_user.has_role(Role.ADMIN))


def put_problem(field: Field, error: LmsError) -> None:
    """Show a rule's sentence beside the field that it is about."""
    field.errors = [*field.errors, gettext(error.message, **error.values)]


def said(sentence: str, endpoint: str, **values: Any) -> ResponseReturnValue:
    """Say in one line what was done, on the page that comes next."""
    flash(sentence, "ok")
    return redirect(url_for(endpoint, **values), 303)
