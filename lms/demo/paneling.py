"""An open panel of experts: most have handed in, and one is still asked."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from lms.accounts import api as accounts
from lms.db import transaction
from lms.demo.people import PANEL, SIGN_INS
from lms.panels import queries, services
from lms.panels.domain import NewPanel, PanelMethod, Viewer

TRAINEE = next(one for one in SIGN_INS if one.role == "trainee")


def open_demo_panel(slug: str, ids: Mapping[str, int], *, now: datetime) -> None:
    """Let the creator ask five experts, and four of them hand in two days later.

    Args:
        ids: people by role or address.
    """
    cases = tuple(dict.fromkeys(case for said in PANEL.values() for case in said))
    names = accounts.people_by_email(PANEL)
    new = NewPanel(
        draft_id=None,
        slug=slug,
        title="Three cases that part raters",
        method=PanelMethod.MEDIAN,
        limit=Decimal("0.3"),
        closes_on=None,
        adjudicator_id=None,
        experts=(
            *((email, names[email].name) for email in PANEL),
            (TRAINEE.email, TRAINEE.name),
        ),
        cases=cases,
    )
    with transaction():
        services.open_panel(Viewer(ids["creator"], everything=False), new, now=now)
    for email in PANEL:
        with transaction():
            _score(ids[email], email, now=now + timedelta(days=2))


def _score(person_id: int, email: str, *, now: datetime) -> None:
    for task in queries.tasks_of(person_id, email, today=now.date()):
        line, level = PANEL[email][task.case_key]
        ratings = {"activity_vas": line, "activity_likert": level}
        services.save_ratings(task, ratings, person_id=person_id, now=now)
        services.hand_in(task.id, person_id=person_id, email=email, now=now)
