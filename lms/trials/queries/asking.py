"""Which raters trials ask for a module: for rooms that look at what a change of it touches."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from lms.db import db
from lms.trials.models import Rater, Requirement, Site, Trial
from lms.trials.queries.trials import on_roster


@dataclass(frozen=True)
class Stay:
    """Somebody with an account on the roster of a trial that asks for a module.

    Args:
        site: its number.
        language: "" where the roster does not say it.
    """

    person_id: int
    trial_id: int
    trial: str
    code: str
    site: str
    language: str


def stays_asking(slug: str, *, on: date) -> list[Stay]:
    """Return who is on rosters of trials that ask for a module on a day, in one query.

    Of several entries of one person in one trial the latest is last.
    """
    rows = db.session.execute(
        select(
            Rater.person_id,
            Trial.id,
            Trial.name,
            Trial.protocol_code,
            Site.number,
            Rater.language,
        )
        .join(Trial, Trial.id == Rater.trial_id)
        .join(Site, Site.id == Rater.site_id)
        .join(Requirement, Requirement.trial_id == Trial.id)
        .where(
            Rater.person_id.is_not(None),
            Requirement.module_slug == slug,
            Requirement.from_on <= on,
            or_(Requirement.until_on.is_(None), Requirement.until_on >= on),
            *on_roster(on),
        )
        .order_by(Trial.id, Rater.id)
        .distinct()
        .add_columns(Rater.id)
    )
    return [Stay(*row[:6]) for row in rows]
