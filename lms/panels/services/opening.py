"""Opening a panel, and asking experts."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select

from lms import jobs
from lms.accounts import api as accounts
from lms.db import db
from lms.errors import N_, Invalid
from lms.packages import api as packages
from lms.panels import queries
from lms.panels.domain import (
    NewPanel,
    PanelClosed,
    PanelMethod,
    PanelState,
    Viewer,
)
from lms.panels.models import (
    Expert,
    Panel,
    Task,
)
from lms.panels.queries import PanelFacts
from lms.panels.services.noting import flushed, note

TELL = "panels.tell_expert"


def workpiece_for(viewer: Viewer, *, draft_id: int | None, slug: str) -> packages.Workpiece:
    """Return what a creator opens a panel over: an open draft of theirs, or their package.

    Raises:
        NotFound: if it is somebody else's, or nothing.
        DraftNotReady, DraftClosed: as for the draft's preview.
    """
    if draft_id is not None:
        return packages.draft_workpiece(
            draft_id, person_id=viewer.person_id, everything=viewer.everything
        )
    return packages.package_workpiece(
        slug, person_id=viewer.person_id, everything=viewer.everything
    )


def open_panel(viewer: Viewer, new: NewPanel, *, now: datetime) -> int:
    """Open a panel, ask its experts to score every case, and return its id.

    Raises:
        NotFound: if the package or draft is not the viewer's.
        Invalid: if nobody is asked, nothing is to be scored, or the adjudicator is an expert.
    """
    piece = workpiece_for(viewer, draft_id=new.draft_id, slug=new.slug)
    _refuse_if_senseless(new, piece.digest)
    panel = Panel(
        slug=piece.slug,
        draft_id=new.draft_id,
        build=piece.digest,
        title=new.title,
        method=new.method.value,
        limit_share=str(new.limit),
        cases=list(new.cases),
        closes_on=new.closes_on,
        adjudicator_id=new.adjudicator_id,
        opened_by=viewer.person_id,
        opened_at=now,
    )
    db.session.add(panel)
    db.session.flush()  # its experts need the id
    note(
        N_("panel opened"),
        panel.id,
        viewer,
        now,
        after={
            "slug": piece.slug,
            "digest": piece.digest,
            "method": new.method.value,
            "limit": str(new.limit),
            "cases": list(new.cases),
            "experts": len(new.experts),
        },
    )
    _add((panel.id, panel.title), new.experts, new.cases, round_=1, viewer=viewer, now=now)
    return panel.id


def _refuse_if_senseless(new: NewPanel, build: str) -> None:
    known = {case.key for case in packages.content_of(build).cases}
    if not new.cases or not set(new.cases) <= known:
        raise Invalid(N_("Choose at least one of the cases."))
    if not new.experts:
        raise Invalid(N_("Name at least one expert; others can be asked later."))
    if (new.adjudicator_id is not None) != (new.method is PanelMethod.ADJUDICATED):
        raise Invalid(N_("Who decides disputed items is named with that method, and only then."))
    if new.adjudicator_id is not None:
        address = accounts.person(new.adjudicator_id).email
        if address in {email for email, _name in new.experts}:
            raise Invalid(N_("Nobody decides about their own ratings: name somebody else."))


def add_experts(
    viewer: Viewer, panel_id: int, experts: Sequence[tuple[str, str]], *, now: datetime
) -> int:
    """Ask further experts to score every case of an open panel; return how many are new.

    Raises:
        NotFound: if the panel is not the viewer's.
        PanelClosed: if it takes no ratings any more.
        Invalid: if the adjudicator is among them, or somebody who was withdrawn.
    """
    panel = _open_panel(viewer, panel_id, now)
    there = queries.experts_of(panel_id)
    known = {expert.email for expert in there}
    gone = {expert.email for expert in there if expert.withdrawn is not None}
    for email, _name in experts:
        if email in gone:
            raise Invalid(
                N_("%(email)s was withdrawn from this panel and is not asked again."), email=email
            )
    fresh = [(email, name) for email, name in experts if email not in known]
    if panel.adjudicator_id is not None:
        address = accounts.person(panel.adjudicator_id).email
        if address in {email for email, _name in fresh}:
            raise Invalid(N_("Nobody decides about their own ratings: name somebody else."))
    if fresh:
        note(N_("experts asked"), panel_id, viewer, now, after={"experts": len(fresh)})
    _add((panel_id, panel.title), fresh, panel.cases, round_=panel.round, viewer=viewer, now=now)
    return len(fresh)


def _add(
    panel: tuple[int, str],
    experts: Iterable[tuple[str, str]],
    cases: Sequence[str],
    *,
    round_: int,
    viewer: Viewer,
    now: datetime,
) -> None:
    panel_id, title = panel
    experts = list(experts)
    people = accounts.people_by_email([email for email, _name in experts])
    last = db.session.scalar(select(func.max(Expert.number)).where(Expert.panel_id == panel_id))
    for number, (email, name) in enumerate(experts, start=(last or 0) + 1):
        known = people.get(email)
        account = known if known is not None and known.confirmed and not known.closed else None
        row = Expert(
            panel_id=panel_id,
            number=number,
            email=email,
            name=account.name if account else name,
            person_id=account.id if account else None,
            asked_by=viewer.person_id,
            asked_at=now,
        )
        db.session.add(row)
        flushed(N_("Somebody else has just asked the same experts. Reload the page."))
        ask(row, cases, title=title, round_=round_, reason="", viewer=viewer, now=now)


def ask(
    expert: Expert,
    cases: Iterable[str],
    *,
    title: str,
    round_: int,
    reason: str,
    viewer: Viewer,
    now: datetime,
) -> None:
    db.session.add_all(
        Task(
            panel_id=expert.panel_id,
            expert_id=expert.id,
            case_key=key,
            round=round_,
            reason=reason,
            asked_by=viewer.person_id,
            asked_at=now,
        )
        for key in cases
    )
    invitation = None
    if expert.person_id is None:
        invitation = accounts.invite(
            expert.email,
            name=expert.name,
            invited_by=viewer.person_id,
            reason=title,
            now=now,
        )
    if invitation is None:
        jobs.enqueue(
            TELL,
            [(f"expert:{expert.id}:{round_}", {"expert_id": expert.id, "round": round_})],
            created_by=viewer.person_id,
            title=N_("Tell an expert about a panel"),
            now=now,
        )


def _open_panel(viewer: Viewer, panel_id: int, now: datetime) -> PanelFacts:
    queries.hold(panel_id)
    panel = queries.panel_of(viewer, panel_id, today=now.date())
    if panel.state is not PanelState.OPEN:
        raise PanelClosed(N_("The panel is closed; ratings are not taken any more."))
    return panel
