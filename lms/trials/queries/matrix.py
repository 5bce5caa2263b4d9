"""The matrix of a trial: raters by requirement, on a day, in a fixed number of queries."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from lms.db import db
from lms.trials.domain import (
    Asked,
    Figures,
    OnRoster,
    Row,
    Show,
    SiteFacts,
    TrialFacts,
    covers,
    figures_of,
    in_force,
    matrix_rows,
    shown,
)
from lms.trials.models import Rater, Requirement, Trial
from lms.trials.queries.evidence import certificates_of, module_titles, training_of
from lms.trials.queries.roster import rater_facts, raters_on
from lms.trials.queries.trials import asked_of, on_roster, requirements_of, sites_of


@dataclass(frozen=True)
class Group:
    """A site with its rows that are shown, and its figures before anything was filtered."""

    site: SiteFacts
    rows: tuple[Row, ...]
    figures: Figures


@dataclass(frozen=True)
class Matrix:
    """Who may rate in a trial on a day.

    Attributes:
        asked: the requirements in force on the day, the columns.
        groups: sites in order; one without a rater on the day has no rows.
        figures: over all sites, whatever is shown.
        shown: how many rows the groups hold.
        demonstration: whether any certificate among them is a demonstration.
    """

    on: date
    asked: tuple[Asked, ...]
    groups: tuple[Group, ...]
    figures: Figures
    shown: int
    demonstration: bool


@dataclass(frozen=True)
class Sought:
    """What a coordinator narrows the matrix to; site_id None means every site."""

    site_id: int | None = None
    show: Show = Show.ALL


@dataclass(frozen=True)
class AskedOfMe:
    """What one trial asks of one person on a day."""

    trial_name: str
    protocol_code: str
    asked: tuple[Asked, ...]
    row: Row


def matrix_of(trial: TrialFacts, on: date, sought: Sought | None = None) -> Matrix:
    """Return the matrix of a trial the viewer may see, as of a day past, present or future."""
    sought = sought or Sought()
    asked = in_force(requirements_of(trial), on)
    rows = rows_for(raters_on(trial, on), asked, on)
    groups = tuple(
        _group(site, rows, sought) for site in sites_of(trial) if sought.site_id in (None, site.id)
    )
    return Matrix(
        on=on,
        asked=asked,
        groups=groups,
        figures=figures_of(rows),
        shown=sum(len(group.rows) for group in groups),
        demonstration=any(
            cell.held is not None and cell.held.demonstration for row in rows for cell in row.cells
        ),
    )


def rows_for(raters: list[OnRoster], asked: tuple[Asked, ...], on: date) -> list[Row]:
    """Return the rows of raters against requirements, asking the rooms below once each."""
    people = sorted({rater.person_id for rater in raters if rater.person_id is not None})
    slugs = sorted({one.module_slug for one in asked})
    if not people or not slugs:
        return matrix_rows(on, raters, asked, {}, {})
    return matrix_rows(
        on, raters, asked, certificates_of(people, on), training_of(people, slugs, on)
    )


def row_of(trial: TrialFacts, rater_id: int, on: date) -> tuple[tuple[Asked, ...], Row]:
    """Return the requirements of a day and one rater's row.

    Raises:
        NotFound: if the trial has no such rater.
    """
    asked = in_force(requirements_of(trial), on)
    return asked, rows_for([rater_facts(trial, rater_id)], asked, on)[0]


def asked_of_person(person_id: int, email: str | None, on: date) -> list[AskedOfMe]:
    """Return what trials ask of a person whom they have on their roster on a day.

    Args:
        email: the person's address if it is confirmed, so that an entry that knows only the
            address is found as well; None if it is not.
    """
    mine = Rater.person_id == person_id
    if email is not None:
        mine = or_(mine, (Rater.email == email) & Rater.person_id.is_(None))
    pairs = db.session.execute(
        select(Rater, Trial)
        .join(Trial, Trial.id == Rater.trial_id)
        .where(mine, *on_roster(on))
        .order_by(Trial.name, Trial.id)
    ).all()
    requirements = db.session.scalars(
        select(Requirement)
        .where(Requirement.trial_id.in_({trial.id for _, trial in pairs}))
        .order_by(Requirement.from_on, Requirement.id)
    ).all()
    titles = module_titles()
    slugs = sorted({row.module_slug for row in requirements})
    held = certificates_of([person_id], on)
    training = training_of([person_id], slugs, on)
    found = []
    for rater, trial in pairs:
        asked = tuple(
            asked_of(row, titles)
            for row in requirements
            if row.trial_id == trial.id and covers(row.from_on, row.until_on, on)
        )
        entry = OnRoster(
            id=rater.id,
            name=rater.name,
            email=rater.email,
            site_id=rater.site_id,
            role=rater.role,
            language=rater.language,
            person_id=person_id,
            from_on=rater.from_on,
            to_on=rater.to_on,
        )
        (row,) = matrix_rows(on, [entry], asked, held, training)
        found.append(AskedOfMe(trial.name, trial.protocol_code, asked, row))
    return found


def _group(site: SiteFacts, rows: list[Row], sought: Sought) -> Group:
    here = [row for row in rows if row.rater.site_id == site.id]
    return Group(
        site=site,
        rows=tuple(row for row in here if shown(row, sought.show)),
        figures=figures_of(here),
    )
