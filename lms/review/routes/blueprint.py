"""The blueprint of this room, and whose packages its pages show."""

from flask import Blueprint
from flask_login import current_user

from lms.accounts.domain import Role
from lms.packages import api as packages
from lms.packages.domain.releases import PackageFacts

bp = Blueprint("review", __name__)

CREATORS = (Role.CREATOR, Role.ADMIN)


def own_package(slug: str) -> PackageFacts:
    """Return a package that the present person may publish; NotFound if it is not theirs."""
    return packages.package_of(current_user.id, slug, everything=sees_everything())


def sees_everything() -> bool:
    """Administrators see every package, and names."""
    return bool(current_user.has_role(Role.ADMIN))
