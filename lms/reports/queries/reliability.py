"""Whose reliability somebody may look at."""

from collections.abc import Iterable

from sqlalchemy import func, select

from lms.db import db
from lms.errors import N_, NotFound
from lms.packages.models import Owner, Package, Release
from lms.reports.domain.reliability import CaseRating, Wanted, chosen


def modules_of(person_id: int, *, everything: bool) -> dict[str, str]:
    """Return titles by slug of the published modules that a person owns (or of all), by title."""
    newest = select(func.max(Release.id)).group_by(Release.package_id)
    wanted = (
        select(Package.slug, Release.title)
        .join(Release, Release.package_id == Package.id)
        .where(Release.id.in_(newest))
        .order_by(Release.title, Package.slug)
    )
    if not everything:
        owned = select(Owner.package_id).where(Owner.person_id == person_id)
        wanted = wanted.where(Package.id.in_(owned))
    return dict(db.session.execute(wanted).all())


def module_of(person_id: int, slug: str, *, everything: bool) -> str:
    """Return the slug of a module whose report the person may see.

    Raises:
        NotFound: if there is none, or it is somebody else's.
    """
    if slug not in modules_of(person_id, everything=everything):
        raise NotFound(N_("You have no published module of this name."))
    return slug


def count_raters(ratings: Iterable[CaseRating], wanted: Wanted) -> int:
    """Count who has a rating among those that are asked for."""
    return len({one.person_id for one in chosen(ratings, wanted)})
