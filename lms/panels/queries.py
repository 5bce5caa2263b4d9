"""Every read of panels: an owner's through what they own, an expert's through what they are asked.

What an expert reads here never holds anybody else's scores, nor a case's key.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import aliased

from lms.accounts import api as accounts
from lms.db import db
from lms.errors import N_, NotFound
from lms.instruments import api as instruments
from lms.instruments.domain import Instrument
from lms.packages import api as packages
from lms.packages.domain import Case, Content
from lms.panels.domain import (
    Decision,
    PanelMethod,
    PanelState,
    RatedCase,
    Viewer,
    WaitingPanel,
    state_of,
    wait_of,
)
from lms.panels.models import (
    Closing,
    Decided,
    Expert,
    HandedIn,
    Panel,
    Reference,
    SavedRating,
    Task,
    Withdrawal,
)


@dataclass(frozen=True)
class PanelFacts:
    """A panel as its owner sees it. round counts from 1."""

    id: int
    slug: str
    draft_id: int | None
    build: str
    title: str
    method: PanelMethod
    limit: Decimal
    cases: tuple[str, ...]
    closes_on: date | None
    adjudicator_id: int | None
    opened_by: int
    opened_at: datetime
    round: int
    state: PanelState

    @property
    def content(self) -> Content:
        return packages.content_of(self.build)

    @property
    def instrument(self) -> Instrument:
        return instrument_of(self.build)

    def case(self, key: str) -> Case:
        """Return one of the package's cases.

        Raises:
            NotFound: if the panel has no such case.
        """
        for case in self.content.cases:
            if case.key == key and key in self.cases:
                return case
        raise NotFound(N_("The panel has no such case."))


@dataclass(frozen=True)
class ExpertFacts:
    """An expert; person_id is None until they signed in with the address.

    Args:
        withdrawn: when and why they were taken off the panel, None where they were not.
    """

    id: int
    number: int
    email: str
    name: str
    person_id: int | None
    withdrawn: tuple[datetime, str] | None = None


@dataclass(frozen=True)
class Asked:
    """That an expert is asked to score a case, and whether they have."""

    id: int
    expert_id: int
    case_key: str
    round: int
    reason: str
    handed_in_at: datetime | None


@dataclass(frozen=True)
class TaskFacts:
    """A case that a person is asked to score: theirs alone.

    Args:
        ratings: what they handed in; None while it is open.
    """

    id: int
    expert_id: int
    case_key: str
    round: int
    reason: str
    handed_in_at: datetime | None
    ratings: Mapping[str, Any] | None
    panel: PanelFacts

    @property
    def open(self) -> bool:
        """Whether scores are still taken."""
        return (
            self.handed_in_at is None
            and self.panel.state is PanelState.OPEN
            and self.round == self.panel.round
        )


@dataclass(frozen=True)
class ReferenceFacts:
    """One version of a panel's reference."""

    id: int
    version: int
    content: dict[str, Any]
    digest: str
    reason: str
    made_by: int
    made_at: datetime

    @property
    def subject(self) -> str:
        """What its signature is on."""
        return f"panel-reference:{self.id}"


@lru_cache(maxsize=64)
def instrument_of(build: str) -> Instrument:
    """Return a build's instrument; read once in a process, for a build never changes."""
    return instruments.instrument_from_data(packages.content_of(build).instrument)


# --- an owner's ----------------------------------------------------------------------------------


def panels_of(viewer: Viewer, *, today: date) -> list[PanelFacts]:
    """Return the panels that a creator opened, and those over their packages; the newest first."""
    wanted = select(Panel).where(_theirs(viewer)).order_by(Panel.id.desc()).limit(200)
    return _facts(db.session.scalars(wanted), today)


def panel_of(viewer: Viewer, panel_id: int, *, today: date) -> PanelFacts:
    """Return a panel that a creator may work on.

    Raises:
        NotFound: if there is none, or it is somebody else's.
    """
    panel = db.session.scalar(select(Panel).where(Panel.id == panel_id, _theirs(viewer)))
    if panel is None:
        raise NotFound(N_("You have no such panel."))
    return _facts([panel], today)[0]


def hold(panel_id: int) -> None:
    """Make those who hand in and who close the same panel queue up."""
    db.session.execute(select(Panel.id).where(Panel.id == panel_id).with_for_update())


def experts_of(panel_id: int) -> list[ExpertFacts]:
    """Return everybody who was asked onto a panel, those withdrawn among them."""
    rows = db.session.execute(
        select(Expert, Withdrawal)
        .outerjoin(Withdrawal, Withdrawal.expert_id == Expert.id)
        .where(Expert.panel_id == panel_id)
        .order_by(Expert.number)
    )
    return [
        ExpertFacts(
            row.id,
            row.number,
            row.email,
            row.name,
            row.person_id,
            (gone.withdrawn_at, gone.reason) if gone is not None else None,
        )
        for row, gone in rows
    ]


def is_withdrawn(expert_id: int) -> bool:
    """Tell whether an expert was taken off their panel."""
    gone = select(Withdrawal.id).where(Withdrawal.expert_id == expert_id)
    return db.session.scalar(gone) is not None


def asked_of(panel_id: int) -> list[Asked]:
    """Return everything that the experts of a panel were asked, by round, case and expert."""
    rows = db.session.execute(
        select(Task, HandedIn.handed_in_at)
        .outerjoin(HandedIn, HandedIn.task_id == Task.id)
        .where(Task.panel_id == panel_id)
        .order_by(Task.round, Task.case_key, Task.expert_id)
    )
    return [
        Asked(task.id, task.expert_id, task.case_key, task.round, task.reason, at)
        for task, at in rows
    ]


def rated_cases(panel: PanelFacts) -> list[RatedCase]:
    """Return what was handed in, case by case; of an expert's rounds the latest counts, and of
    who was withdrawn nothing.

    Raises:
        NotFound: while ratings are taken, for nobody sees them then.
    """
    if panel.state is not PanelState.CLOSED:
        raise NotFound(N_("Nobody sees the ratings before the panel is closed."))
    rows = db.session.execute(
        select(Task.case_key, Expert.number, HandedIn.ratings)
        .join(Task, Task.id == HandedIn.task_id)
        .join(Expert, Expert.id == Task.expert_id)
        .where(Task.panel_id == panel.id, _still_there())
        .order_by(Task.round)
    )
    latest: dict[str, dict[int, Any]] = {key: {} for key in panel.cases}
    for case, number, ratings in rows:
        latest[case][number] = {
            item: instruments.answer_from_json(raw) for item, raw in ratings.items()
        }
    return [RatedCase(key, tuple(sorted(rated.items()))) for key, rated in latest.items()]


def decisions_of(panel_id: int, names: Mapping[int, str]) -> dict[str, dict[str, Decision]]:
    """Return the adjudicator's decisions by case and item; the latest of each counts."""
    rows = db.session.scalars(
        select(Decided).where(Decided.panel_id == panel_id).order_by(Decided.id)
    )
    found: dict[str, dict[str, Decision]] = {}
    for row in rows:
        found.setdefault(row.case_key, {})[row.item] = Decision(
            instruments.answer_from_json(row.value), row.reason, names.get(row.decided_by, "")
        )
    return found


def references_of(panel_id: int) -> list[ReferenceFacts]:
    """Return the versions of a panel's reference, the newest first."""
    rows = db.session.scalars(
        select(Reference).where(Reference.panel_id == panel_id).order_by(Reference.version.desc())
    )
    return [
        ReferenceFacts(
            row.id, row.version, row.content, row.digest, row.reason, row.made_by, row.made_at
        )
        for row in rows
    ]


# --- an expert's ---------------------------------------------------------------------------------


def tasks_of(person_id: int, email: str | None, *, today: date) -> list[TaskFacts]:
    """Return what a person is asked to score, the newest panel first.

    Args:
        email: their address, if they have shown that it is theirs.
    """
    return _tasks(_mine(person_id, email), today)


def task_of(person_id: int, email: str | None, task_id: int, *, today: date) -> TaskFacts:
    """Return a case that a person is asked to score.

    Raises:
        NotFound: if they are not asked that.
    """
    found = _tasks(and_(Task.id == task_id, _mine(person_id, email)), today)
    if not found:
        raise NotFound(N_("You are not asked to score this."))
    return found[0]


def count_open(person_id: int, email: str | None, *, today: date) -> int:
    """Return how many cases wait for a person; one statement, for the home page."""
    return db.session.scalar(_open_cases(person_id, email, today)) or 0


def _open_cases(person_id: int, email: str | None, today: date) -> Select[Any]:
    closed = (
        select(Closing.id)
        .where(Closing.panel_id == Task.panel_id, Closing.round == Task.round)
        .exists()
    )
    handed = select(HandedIn.id).where(HandedIn.task_id == Task.id).exists()
    return (
        select(func.count())
        .select_from(Task)
        .join(Expert, Expert.id == Task.expert_id)
        .join(Panel, Panel.id == Task.panel_id)
        .where(
            _mine(person_id, email),
            ~closed,
            ~handed,
            or_(Panel.closes_on.is_(None), Panel.closes_on >= today),
        )
    )


def waiting_of(person_id: int, *, today: date) -> tuple[int, list[WaitingPanel]]:
    """Return how many cases wait for a person as an expert, and the panels that they opened and
    that wait for them, the newest first; one statement, for the home page."""
    every = aliased(Task)
    latest = (
        select(func.max(every.round))
        .where(every.panel_id == Panel.id)
        .correlate(Panel)
        .scalar_subquery()
    )
    asked = _tasks_of_round(latest).correlate(Panel)
    handed = asked.join(HandedIn, HandedIn.task_id == Task.id)
    closing = select(func.max(Closing.round)).where(Closing.panel_id == Panel.id)
    closed_at = select(func.max(Closing.closed_at)).where(Closing.panel_id == Panel.id)
    signed_at = select(func.max(Reference.made_at)).where(Reference.panel_id == Panel.id)
    one = select(_open_cases(person_id, None, today).scalar_subquery().label("mine")).subquery()
    rows = db.session.execute(
        select(
            one.c.mine,
            Panel.id,
            Panel.title,
            Panel.closes_on,
            latest.label("round"),
            closing.scalar_subquery().label("closing"),
            closed_at.scalar_subquery().label("closed_at"),
            signed_at.scalar_subquery().label("signed_at"),
            asked.scalar_subquery().label("asked"),
            handed.scalar_subquery().label("handed_in"),
        )
        .select_from(one)
        .outerjoin(Panel, Panel.opened_by == person_id)
        .order_by(Panel.id.desc())
        .limit(200)
    ).all()
    found = [_waiting(row, today) for row in rows if row.id is not None]
    return (rows[0].mine or 0), [panel for panel in found if panel is not None]


def _tasks_of_round(round_: Any) -> Select[Any]:
    return (
        select(func.count())
        .select_from(Task)
        .join(Expert, Expert.id == Task.expert_id)
        .where(Task.panel_id == Panel.id, Task.round == round_, _still_there())
    )


def _waiting(row: Any, today: date) -> WaitingPanel | None:
    """Read one row of the statement above; None where its panel waits for nothing."""
    state = state_of(
        closed=(row.closing or 0) >= (row.round or 1), closes_on=row.closes_on, today=today
    )
    both = row.signed_at is not None and row.closed_at is not None
    wait = wait_of(
        state,
        handed_in=row.handed_in,
        asked=row.asked,
        signed=both and row.signed_at >= row.closed_at,
    )
    if wait is None:
        return None
    return WaitingPanel(row.id, row.title, wait, row.handed_in, row.asked)


def asked_by_address(email: str) -> bool:
    """Tell whether an address was asked that is not yet tied to an account."""
    waits = select(Expert.id).where(Expert.email == email, Expert.person_id.is_(None))
    return bool(db.session.scalar(select(waits.exists())))


def saved_of(task_id: int) -> dict[str, tuple[Any, datetime]]:
    """Return what is saved of a case, by item, and when."""
    rows = db.session.execute(
        select(SavedRating.item, SavedRating.value, SavedRating.saved_at).where(
            SavedRating.task_id == task_id
        )
    )
    return {item: (value, at) for item, value, at in rows}


def may_see_media(person_id: int, builds: frozenset[str]) -> bool:
    """Tell whether a person is or was asked to score cases of one of the builds, or decides; who
    was withdrawn is not asked any more."""
    person = accounts.person(person_id)
    mine = _mine(person_id, person.email if person.confirmed else None)
    asked = (
        select(Panel.id)
        .join(Expert, Expert.panel_id == Panel.id)
        .where(mine, Panel.build.in_(builds))
    )
    decides = select(Panel.id).where(Panel.adjudicator_id == person_id, Panel.build.in_(builds))
    return bool(db.session.scalar(select(asked.exists() | decides.exists())))


# --- an adjudicator's ----------------------------------------------------------------------------


def adjudicated_by(person_id: int, *, today: date) -> list[PanelFacts]:
    """Return the panels whose disputed items a person decides, the newest first."""
    rows = db.session.scalars(
        select(Panel).where(Panel.adjudicator_id == person_id).order_by(Panel.id.desc())
    ).all()
    return _facts(rows, today)


def to_decide(person_id: int, panel_id: int, *, today: date) -> PanelFacts:
    """Return a closed panel whose disputed items a person decides.

    Raises:
        NotFound: if there is none, or it still takes ratings.
    """
    for panel in adjudicated_by(person_id, today=today):
        if panel.id == panel_id and panel.state is PanelState.CLOSED:
            return panel
    raise NotFound(N_("There is nothing here for you to decide."))


# --- below ---------------------------------------------------------------------------------------


def _theirs(viewer: Viewer) -> ColumnElement[bool]:
    """What a creator may work on: what they opened, and what is over a release of theirs."""
    if viewer.everything:
        return true()
    over_theirs = and_(
        Panel.draft_id.is_(None), Panel.slug.in_(packages.slugs_of(viewer.person_id))
    )
    return or_(Panel.opened_by == viewer.person_id, over_theirs)


def _mine(person_id: int, email: str | None) -> ColumnElement[bool]:
    """An expert who is this person, and was not withdrawn."""
    if email is None:
        return and_(Expert.person_id == person_id, _still_there())
    by_address = and_(Expert.person_id.is_(None), Expert.email == email)
    return and_(or_(Expert.person_id == person_id, by_address), _still_there())


def _still_there() -> ColumnElement[bool]:
    return ~select(Withdrawal.id).where(Withdrawal.expert_id == Expert.id).exists()


def _tasks(condition: ColumnElement[bool], today: date) -> list[TaskFacts]:
    wanted: Select[Any] = (
        select(Task, Panel, HandedIn.handed_in_at, HandedIn.ratings)
        .join(Expert, Expert.id == Task.expert_id)
        .join(Panel, Panel.id == Task.panel_id)
        .outerjoin(HandedIn, HandedIn.task_id == Task.id)
        .where(condition)
        .order_by(Panel.id.desc(), Task.round.desc(), Task.id)
    )
    rows = db.session.execute(wanted).all()
    panels = {panel.id: panel for _task, panel, _at, _ratings in rows}
    facts = {panel.id: panel for panel in _facts(list(panels.values()), today)}
    return [
        TaskFacts(
            task.id,
            task.expert_id,
            task.case_key,
            task.round,
            task.reason,
            at,
            ratings,
            facts[panel.id],
        )
        for task, panel, at, ratings in rows
    ]


def _facts(panels: Iterable[Panel], today: date) -> list[PanelFacts]:
    panels = list(panels)
    ids = [panel.id for panel in panels]
    rounds = _latest(select(Task.panel_id, func.max(Task.round)), Task.panel_id, ids)
    closed = _latest(select(Closing.panel_id, func.max(Closing.round)), Closing.panel_id, ids)
    return [
        PanelFacts(
            id=panel.id,
            slug=panel.slug,
            draft_id=panel.draft_id,
            build=panel.build,
            title=panel.title,
            method=PanelMethod(panel.method),
            limit=Decimal(panel.limit_share),
            cases=tuple(panel.cases),
            closes_on=panel.closes_on,
            adjudicator_id=panel.adjudicator_id,
            opened_by=panel.opened_by,
            opened_at=panel.opened_at,
            round=rounds.get(panel.id, 1),
            state=state_of(
                closed=closed.get(panel.id, 0) >= rounds.get(panel.id, 1),
                closes_on=panel.closes_on,
                today=today,
            ),
        )
        for panel in panels
    ]


def _latest(wanted: Any, column: Any, ids: list[int]) -> dict[int, int]:
    rows = db.session.execute(wanted.where(column.in_(ids)).group_by(column))
    return {row[0]: row[1] for row in rows}
