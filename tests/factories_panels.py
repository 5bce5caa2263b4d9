"""Panels over the light sample package, with experts who score by a few figures."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from lms.accounts import api as accounts
from lms.accounts.domain import Role
from lms.db import transaction
from lms.panels import queries, services
from lms.panels.domain import NewPanel, PanelMethod, Viewer
from lms.panels.queries import PanelFacts, TaskFacts
from tests.factories import NOW, PASSWORD, MadePerson, make_person
from tests.factories_packages import ITEMS, light_files, make_release

CASES = ("p1", "p2")


def viewer(person: MadePerson) -> Viewer:
    return Viewer(person.id, everything=False)


def make_creator() -> MadePerson:
    """Write down a creator who owns the light sample package, which is published."""
    creator = make_person(Role.CREATOR)
    make_release(light_files(), person_id=creator.id)
    return creator


def make_experts(count: int = 5) -> list[MadePerson]:
    return [make_person() for _ in range(count)]


def make_panel(
    creator: MadePerson,
    experts: Iterable[MadePerson | str],
    *,
    cases: Sequence[str] = CASES,
    method: PanelMethod = PanelMethod.MEDIAN,
    adjudicator: MadePerson | None = None,
    closes_on: date | None = None,
    draft_id: int | None = None,
    everything: bool = False,
    slug: str = "sample",
    now: datetime = NOW,
) -> int:
    """Open a panel and return its id; experts are people, or addresses without an account."""
    named = tuple((e, "") if isinstance(e, str) else (e.email, e.name) for e in experts)
    new = NewPanel(
        draft_id=draft_id,
        slug=slug,
        title="Grades of eight muscles",
        method=method,
        limit=Decimal("0.3"),
        closes_on=closes_on,
        adjudicator_id=adjudicator.id if adjudicator else None,
        experts=named,
        cases=tuple(cases),
    )
    with transaction():
        return services.open_panel(Viewer(creator.id, everything=everything), new, now=now)


def panel_of(creator: MadePerson, panel_id: int, *, now: datetime = NOW) -> PanelFacts:
    return queries.panel_of(viewer(creator), panel_id, today=now.date())


def tasks_of(person: MadePerson, *, now: datetime = NOW) -> list[TaskFacts]:
    return queries.tasks_of(person.id, person.email, today=now.date())


def grades(grade: int, **others: int) -> dict[str, dict[str, object]]:
    """Return scores of every item: one grade, but for those that are named."""
    return {
        item: {"value": others.get(item, grade), "na": False, "reason": None, "side": None}
        for item in ITEMS
    }


def score(
    person: MadePerson, task: TaskFacts, values: Mapping[str, object], *, now: datetime = NOW
) -> None:
    """Have an expert score a case and hand it in."""
    with transaction():
        services.save_ratings(task, values, person_id=person.id, now=now)
    with transaction():
        services.hand_in(task.id, person_id=person.id, email=person.email, now=now)


def score_all(experts: Sequence[MadePerson], *, now: datetime = NOW, **others: int) -> None:
    """Have all score every open case: 5, 6, 5, 6, 5 …; the last one differs on what is named."""
    for number, person in enumerate(experts):
        for task in tasks_of(person, now=now):
            if task.open:
                extra = others if number == len(experts) - 1 else {}
                score(person, task, grades(5 + number % 2, **extra), now=now)


def close(creator: MadePerson, panel_id: int, *, now: datetime = NOW) -> None:
    with transaction():
        services.close_panel(viewer(creator), panel_id, now=now)


def sign(creator: MadePerson, panel_id: int, *, reason: str = "", now: datetime = NOW) -> int:
    seen = services.next_version(panel_of(creator, panel_id, now=now)).digest
    with transaction():
        accounts.count_password_try(creator.id, now=now)
    with transaction():
        return services.sign_reference(
            viewer(creator), panel_id, seen=seen, password=PASSWORD, reason=reason, now=now
        )
