"""Taking an expert off a panel that is not closed; what they scored stays and does not count."""

from datetime import datetime

from lms.db import db
from lms.errors import N_, Conflict, Invalid, NotFound
from lms.panels import queries
from lms.panels.domain import PanelClosed, PanelState, Viewer
from lms.panels.models import Withdrawal
from lms.panels.services.noting import flushed, note

TWICE = N_("This expert was withdrawn already.")


def withdraw_expert(
    viewer: Viewer, panel_id: int, expert_id: int, *, reason: str, now: datetime
) -> int:
    """Take an expert off a panel, and return how many are left.

    What they handed in stays on record and counts no more, in no round; they do not see the panel
    any more.

    Raises:
        NotFound: if the panel is not the viewer's, or has no such expert.
        PanelClosed: if it is closed: its owner has seen the ratings then.
        Invalid: if there is no reason.
        Conflict: if the expert was withdrawn before.
    """
    queries.hold(panel_id)
    panel = queries.panel_of(viewer, panel_id, today=now.date())
    if panel.state is PanelState.CLOSED:
        raise PanelClosed(
            N_("An expert is withdrawn before the panel is closed, while nobody sees the ratings.")
        )
    experts = {expert.id: expert for expert in queries.experts_of(panel_id)}
    if expert_id not in experts:
        raise NotFound(N_("The panel has no such expert."))
    if not reason.strip():
        raise Invalid(N_("Say why; it is kept with the panel."))
    if experts[expert_id].withdrawn is not None:
        raise Conflict(TWICE)
    db.session.add(
        Withdrawal(
            expert_id=expert_id,
            reason=reason.strip(),
            withdrawn_by=viewer.person_id,
            withdrawn_at=now,
        )
    )
    flushed(TWICE)
    left = sum(one.withdrawn is None for one in experts.values()) - 1
    note(
        N_("expert withdrawn"),
        panel_id,
        viewer,
        now,
        reason=reason.strip(),
        after={"expert": experts[expert_id].number, "left": left},
    )
    return left
