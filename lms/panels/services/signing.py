"""What a closed panel says, signed as a version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lms.accounts import api as accounts
from lms.accounts.domain import Meaning, SignatureFacts
from lms.db import db
from lms.errors import N_, Conflict, Invalid, LmsError
from lms.packages.domain.reference import PANEL_LEAST
from lms.panels import queries
from lms.panels.domain import (
    CaseOutcome,
    NotReady,
    PanelState,
    Viewer,
    digest_of,
    made_content,
    outcome_of,
)
from lms.panels.models import (
    Reference,
)
from lms.panels.queries import PanelFacts, ReferenceFacts
from lms.panels.services.noting import flushed, note


def outcomes_of(panel: PanelFacts) -> list[CaseOutcome]:
    """Return what a closed panel says of each case.

    Raises:
        NotFound: while it takes ratings.
    """
    names = accounts.names_of([panel.adjudicator_id]) if panel.adjudicator_id else {}
    decisions = queries.decisions_of(panel.id, names)
    instrument = panel.instrument
    return [
        outcome_of(
            instrument,
            case,
            method=panel.method,
            limit=panel.limit,
            decisions=decisions.get(case.key, {}),
        )
        for case in queries.rated_cases(panel)
    ]


def obstacle(panel: PanelFacts, outcomes: Sequence[CaseOutcome]) -> LmsError | None:
    """Return why a closed panel's reference cannot be signed yet, or None where it can."""
    thin = [panel.case(case.key).title for case in outcomes if len(case.raters) < PANEL_LEAST]
    if thin:
        return NotReady(
            N_("Fewer than %(least)s experts handed these cases in: %(cases)s. Ask again."),
            least=PANEL_LEAST,
            cases=", ".join(thin),
        )
    waiting = sum(len(case.waiting) for case in outcomes)
    if waiting:
        return NotReady(
            N_("%(count)s disputed items wait for the value of who decides them."), count=waiting
        )
    return None


@dataclass(frozen=True)
class NextVersion:
    """What would be signed now."""

    version: int
    content: dict[str, Any]
    digest: str


def next_version(panel: PanelFacts) -> NextVersion:
    """Work out the version of a closed panel's reference that would be signed now.

    Raises:
        NotReady: if the panel is open, a case has too few raters, or disputed items wait.
        Conflict: if nothing differs from the version before.
    """
    if panel.state is not PanelState.CLOSED:
        raise NotReady(N_("Close the panel first."))
    outcomes = outcomes_of(panel)
    problem = obstacle(panel, outcomes)
    if problem is not None:
        raise problem
    earlier = queries.references_of(panel.id)
    content = made_content(outcomes, method=panel.method, limit=panel.limit, build=panel.build)
    digest = digest_of(content)
    if earlier and earlier[0].digest == digest:
        raise Conflict(N_("Nothing has changed since version %(n)s."), n=earlier[0].version)
    return NextVersion(len(earlier) + 1, content, digest)


def check_signable(panel: PanelFacts, *, seen: str, reason: str) -> NextVersion:
    """Return what is to be signed, if it is what the signer saw and everything else is there.

    The edge asks this before it counts a try at the password, so that a forgotten reason is no
    wrong password.

    Args:
        seen: the digest of what the page showed to who signs.

    Raises:
        NotReady, Conflict: as `next_version`, and if it is not what was seen.
        Invalid: if a later version has no reason.
    """
    found = next_version(panel)
    if found.version > 1 and not reason.strip():
        raise Invalid(N_("Say why there is a new version; it is kept with it."))
    if seen != found.digest:
        raise Conflict(
            N_("What would be signed has changed since this page was drawn. Look at it again.")
        )
    return found


def sign_reference(
    viewer: Viewer, panel_id: int, *, seen: str, password: str, reason: str, now: datetime
) -> int:
    """Write down the next version of a panel's reference, sign it, and return its id.

    The edge calls `check_signable`, then counts the try at the password
    (`accounts.count_password_try`), then this.

    Raises:
        NotFound: if the panel is not the viewer's.
        NotReady, Conflict, Invalid: as `check_signable`.
        WrongPassword, TryNotCounted: as `accounts.sign` says.
    """
    queries.hold(panel_id)
    panel = queries.panel_of(viewer, panel_id, today=now.date())
    found = check_signable(panel, seen=seen, reason=reason)
    row = Reference(
        panel_id=panel_id,
        version=found.version,
        content=found.content,
        digest=found.digest,
        reason=reason.strip(),
        made_by=viewer.person_id,
        made_at=now,
    )
    db.session.add(row)
    flushed(N_("Somebody else has just signed a version. Reload the page."))
    accounts.sign(
        viewer.person_id,
        password=password,
        meaning=Meaning.APPROVAL,
        subject=f"panel-reference:{row.id}",
        digest=found.digest,
        now=now,
    )
    note(
        N_("panel reference signed"),
        panel_id,
        viewer,
        now,
        reason=reason.strip(),
        after={"version": found.version, "digest": found.digest},
    )
    return row.id


def signature_on(reference: ReferenceFacts) -> SignatureFacts | None:
    """Return the approval of a reference, if what it is over is still what stands there."""
    for signature in accounts.signatures_of(reference.subject):
        if signature.meaning is Meaning.APPROVAL and signature.digest == digest_of(
            reference.content
        ):
            return signature
    return None
