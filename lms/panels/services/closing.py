"""Closing a round, asking again, and deciding what is disputed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from lms.audit import api as audit
from lms.db import db
from lms.errors import N_, Invalid, NotFound
from lms.instruments import api as instruments
from lms.panels import queries
from lms.panels.domain import (
    PanelClosed,
    PanelState,
    Viewer,
)
from lms.panels.models import (
    Closing,
    Decided,
    Expert,
    Panel,
)
from lms.panels.services.noting import flushed, note
from lms.panels.services.opening import ask
from lms.panels.services.signing import outcomes_of


def close_panel(viewer: Viewer, panel_id: int, *, now: datetime) -> None:
    """Take no further ratings in this round, and let the owner see them.

    Raises:
        NotFound: if the panel is not the viewer's.
        PanelClosed: if it is closed already.
    """
    queries.hold(panel_id)
    panel = queries.panel_of(viewer, panel_id, today=now.date())
    if panel.state is PanelState.CLOSED:
        raise PanelClosed(N_("The panel is closed already."))
    db.session.add(
        Closing(panel_id=panel_id, round=panel.round, closed_by=viewer.person_id, closed_at=now)
    )
    flushed(N_("The panel is closed already."))
    there = {one.id for one in queries.experts_of(panel_id) if one.withdrawn is None}
    asked = [
        one
        for one in queries.asked_of(panel_id)
        if one.round == panel.round and one.expert_id in there
    ]
    note(
        N_("panel closed"),
        panel_id,
        viewer,
        now,
        after={
            "round": panel.round,
            "handed_in": sum(one.handed_in_at is not None for one in asked),
            "asked": len(asked),
        },
    )


@dataclass(frozen=True)
class Again:
    """Whom to ask again about which cases, why, and until when."""

    expert_ids: tuple[int, ...]
    cases: tuple[str, ...]
    reason: str
    closes_on: date | None = None


def ask_again(viewer: Viewer, panel_id: int, again: Again, *, now: datetime) -> None:
    """Open a further round: some experts score some cases anew, as blind as before.

    Raises:
        NotFound: if the panel is not the viewer's.
        PanelClosed: if the round before is still open.
        Invalid: if nobody or nothing is chosen, or no reason is given.
    """
    queries.hold(panel_id)
    panel = queries.panel_of(viewer, panel_id, today=now.date())
    if panel.state is not PanelState.CLOSED:
        raise PanelClosed(N_("Close the panel first; a further round begins after that."))
    experts = {one.id for one in queries.experts_of(panel_id) if one.withdrawn is None}
    cases = [key for key in panel.cases if key in again.cases]
    if not again.expert_ids or not set(again.expert_ids) <= experts or not cases:
        raise Invalid(N_("Choose at least one expert and one case."))
    if not again.reason.strip():
        raise Invalid(N_("Say why the experts are asked again."))
    note(
        N_("panel asked again"),
        panel_id,
        viewer,
        now,
        reason=again.reason.strip(),
        after={"round": panel.round + 1, "cases": cases, "experts": len(again.expert_ids)},
    )
    db.session.execute(update(Panel).where(Panel.id == panel_id).values(closes_on=again.closes_on))
    for expert in db.session.scalars(select(Expert).where(Expert.id.in_(again.expert_ids))).all():
        ask(
            expert,
            cases,
            title=panel.title,
            round_=panel.round + 1,
            reason=again.reason.strip(),
            viewer=viewer,
            now=now,
        )
    flushed(N_("Somebody else has just asked them. Reload the page."))


def decide(
    person_id: int, panel_id: int, case: str, item: str, raw: Any, *, reason: str, now: datetime
) -> None:
    """Write down what the adjudicator says of a disputed item.

    Raises:
        NotFound: if the person does not decide for this panel, or the item is not disputed.
        Invalid: if there is no value, or no reason.
    """
    panel = queries.to_decide(person_id, panel_id, today=now.date())
    outcomes = {one.key: one for one in outcomes_of(panel)}
    if case not in outcomes or item not in outcomes[case].cannot_fail:
        raise NotFound(N_("There is nothing here for you to decide."))
    answer = instruments.read_answer(panel.instrument.item(item), raw)
    if not reason.strip():
        raise Invalid(N_("Say why; it is kept with the reference."))
    db.session.add(
        Decided(
            panel_id=panel_id,
            case_key=case,
            item=item,
            value=instruments.answer_to_json(answer),
            reason=reason.strip(),
            decided_by=person_id,
            decided_at=now,
        )
    )
    audit.record(
        N_("disputed item decided"),
        actor_id=person_id,
        subject=f"panel:{panel_id}",
        reason=reason.strip(),
        after={"case": case, "item": item},
        now=now,
    )
