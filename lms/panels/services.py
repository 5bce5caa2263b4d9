"""Every write of panels: open, ask, score, hand in, close, decide, sign, take into the package."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from lms import jobs
from lms.accounts import api as accounts
from lms.accounts.domain import Meaning, SignatureFacts
from lms.audit import api as audit
from lms.db import db, upsert
from lms.errors import N_, Conflict, Invalid, LmsError, NotFound
from lms.instruments import api as instruments
from lms.packages import api as packages
from lms.packages.domain import ReferenceSigned, is_version, version_key
from lms.packages.domain.reference import PANEL_LEAST
from lms.panels import queries
from lms.panels.domain import (
    AlreadyHandedIn,
    CaseOutcome,
    CasesChanged,
    Incomplete,
    NewPanel,
    NotReady,
    PanelClosed,
    PanelMethod,
    PanelState,
    Viewer,
    digest_of,
    file_keys,
    made_content,
    outcome_of,
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
)
from lms.panels.queries import PanelFacts, ReferenceFacts, TaskFacts

TELL = "panels.tell_expert"
LONGEST = 2000


# --- opening --------------------------------------------------------------------------------------


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
    _note(
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
        Invalid: if the adjudicator is among them.
    """
    panel = _open_panel(viewer, panel_id, now)
    known = {expert.email for expert in queries.experts_of(panel_id)}
    fresh = [(email, name) for email, name in experts if email not in known]
    if panel.adjudicator_id is not None:
        address = accounts.person(panel.adjudicator_id).email
        if address in {email for email, _name in fresh}:
            raise Invalid(N_("Nobody decides about their own ratings: name somebody else."))
    if fresh:
        _note(N_("experts asked"), panel_id, viewer, now, after={"experts": len(fresh)})
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
        _flushed(N_("Somebody else has just asked the same experts. Reload the page."))
        _ask(row, cases, title=title, round_=round_, reason="", viewer=viewer, now=now)


def _ask(
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


# --- scoring --------------------------------------------------------------------------------------


def save_ratings(
    task: TaskFacts, values: Mapping[str, Any], *, person_id: int, now: datetime
) -> None:
    """Keep scores as they are given; the same again does no harm.

    Args:
        task: from queries.task_of, so that it is the person's own.
        values: by item, in their JSON form or as typed.

    Raises:
        AlreadyHandedIn, PanelClosed: if scores are not taken any more.
        Invalid: if the form has no such item, or a value is longer than any score.
    """
    _refuse_if_closed(task)
    known = {item.key for item in task.panel.instrument.items}
    for item, value in values.items():
        if item not in known:
            raise Invalid(N_("The form has no such item."))
        if len(str(value)) > LONGEST:
            raise Invalid(N_("This score is too long."))
        upsert(
            SavedRating,
            key=("task_id", "item"),
            values={"task_id": task.id, "item": item, "value": value, "saved_at": now},
        )
    _bind(task.expert_id, person_id)


def hand_in(task_id: int, *, person_id: int, email: str | None, now: datetime) -> None:
    """Take a case's saved scores as final.

    Raises:
        NotFound: if the person is not asked that.
        AlreadyHandedIn, PanelClosed: if scores are not taken any more.
        Incomplete: if an item has no score, or one that the form does not take.
    """
    task = queries.task_of(person_id, email, task_id, today=now.date())
    queries.hold(task.panel.id)
    task = queries.task_of(person_id, email, task_id, today=now.date())
    _refuse_if_closed(task)
    saved = {item: value for item, (value, _at) in queries.saved_of(task_id).items()}
    instrument = task.panel.instrument
    rated, refused = instruments.read_ratings(instrument, saved)
    lacking = instruments.unfinished(instrument, rated) | refused
    if lacking:
        raise Incomplete(N_("%(count)s of the items are not scored yet."), count=len(lacking))
    ratings = {item: instruments.answer_to_json(answer) for item, answer in rated.items()}
    db.session.add(HandedIn(task_id=task_id, ratings=ratings, rated_by=person_id, handed_in_at=now))
    try:
        db.session.flush()  # asks the unique constraint, which decides even in a race
    except IntegrityError as error:
        raise AlreadyHandedIn(N_("This case was handed in before; that rating counts.")) from error
    _bind(task.expert_id, person_id)
    audit.record(
        N_("panel rating handed in"),
        actor_id=person_id,
        subject=f"panel:{task.panel.id}",
        after={"case": task.case_key, "round": task.round, "digest": digest_of(ratings)},
        now=now,
    )


def _refuse_if_closed(task: TaskFacts) -> None:
    if task.handed_in_at is not None:
        raise AlreadyHandedIn(N_("This case was handed in before; that rating counts."))
    if not task.open:
        raise PanelClosed(N_("The panel is closed; ratings are not taken any more."))


def _bind(expert_id: int, person_id: int) -> None:
    """Tie an expert who was asked by address to the account that they came with."""
    db.session.execute(
        update(Expert)
        .where(Expert.id == expert_id, Expert.person_id.is_(None))
        .values(person_id=person_id)
    )


# --- closing, asking again, deciding --------------------------------------------------------------


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
    _flushed(N_("The panel is closed already."))
    asked = [asked for asked in queries.asked_of(panel_id) if asked.round == panel.round]
    _note(
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
    closes_on: Any = None


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
    experts = {expert.id for expert in queries.experts_of(panel_id)}
    cases = [key for key in panel.cases if key in again.cases]
    if not again.expert_ids or not set(again.expert_ids) <= experts or not cases:
        raise Invalid(N_("Choose at least one expert and one case."))
    if not again.reason.strip():
        raise Invalid(N_("Say why the experts are asked again."))
    _note(
        N_("panel asked again"),
        panel_id,
        viewer,
        now,
        reason=again.reason.strip(),
        after={"round": panel.round + 1, "cases": cases, "experts": len(again.expert_ids)},
    )
    db.session.execute(update(Panel).where(Panel.id == panel_id).values(closes_on=again.closes_on))
    for expert in db.session.scalars(select(Expert).where(Expert.id.in_(again.expert_ids))).all():
        _ask(
            expert,
            cases,
            title=panel.title,
            round_=panel.round + 1,
            reason=again.reason.strip(),
            viewer=viewer,
            now=now,
        )
    _flushed(N_("Somebody else has just asked them. Reload the page."))


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


# --- the reference --------------------------------------------------------------------------------


def obstacle(panel: PanelFacts, outcomes: Sequence[CaseOutcome]) -> LmsError | None:
    """Return why a closed panel's reference cannot be signed yet, or None where it can."""
    thin = [case.key for case in outcomes if len(case.raters) < PANEL_LEAST]
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


def sign_reference(
    viewer: Viewer, panel_id: int, *, password: str, reason: str, now: datetime
) -> int:
    """Write down the next version of a panel's reference, sign it, and return its id.

    The edge counts the try at the password before: `accounts.count_password_try`.

    Raises:
        NotFound: if the panel is not the viewer's.
        NotReady: if it is open, a case has too few raters, or disputed items wait.
        Invalid: if a later version has no reason.
        Conflict: if nothing differs from the version before.
        WrongPassword, TryNotCounted: as `accounts.sign` says.
    """
    queries.hold(panel_id)
    panel = queries.panel_of(viewer, panel_id, today=now.date())
    if panel.state is not PanelState.CLOSED:
        raise NotReady(N_("Close the panel first."))
    outcomes = outcomes_of(panel)
    problem = obstacle(panel, outcomes)
    if problem is not None:
        raise problem
    earlier = queries.references_of(panel_id)
    if earlier and not reason.strip():
        raise Invalid(N_("Say why there is a new version; it is kept with it."))
    content = made_content(outcomes, method=panel.method, limit=panel.limit, build=panel.build)
    digest = digest_of(content)
    if earlier and earlier[0].digest == digest:
        raise Conflict(N_("Nothing has changed since version %(n)s."), n=earlier[0].version)
    row = Reference(
        panel_id=panel_id,
        version=len(earlier) + 1,
        content=content,
        digest=digest,
        reason=reason.strip(),
        made_by=viewer.person_id,
        made_at=now,
    )
    db.session.add(row)
    _flushed(N_("Somebody else has just signed a version. Reload the page."))
    accounts.sign(
        viewer.person_id,
        password=password,
        meaning=Meaning.APPROVAL,
        subject=f"panel-reference:{row.id}",
        digest=digest,
        now=now,
    )
    _note(
        N_("panel reference signed"),
        panel_id,
        viewer,
        now,
        reason=reason.strip(),
        after={"version": row.version, "digest": digest},
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


# --- into the package -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Taking:
    """What a reference is taken into: the files as they stand, and the version of the next."""

    piece: packages.Workpiece
    version: str
    keys: dict[str, dict[str, Any]]
    reference: ReferenceFacts


def base_for(viewer: Viewer, panel: PanelFacts) -> packages.Workpiece:
    """Return what the reference is taken into: the panel's draft while it is open, else the
    current release.

    Raises:
        NotFound: if neither is there for the viewer.
    """
    if panel.draft_id is not None:
        try:
            return workpiece_for(viewer, draft_id=panel.draft_id, slug="")
        except (Conflict, NotFound):
            return workpiece_for(viewer, draft_id=None, slug=panel.slug)
    return workpiece_for(viewer, draft_id=None, slug=panel.slug)


def plan_taking(viewer: Viewer, panel: PanelFacts, *, version: str) -> Taking:
    """Work out what taking the latest signed reference into the package means.

    Raises:
        NotFound: if the package is not the viewer's.
        NotReady: if no reference is signed.
        Invalid: if the version is none, or a release has to be above it.
        CasesChanged: if the package's cases are not those that the panel rated.
    """
    references = queries.references_of(panel.id)
    signature = signature_on(references[0]) if references else None
    if signature is None:
        raise NotReady(N_("Sign the reference first."))
    piece = base_for(viewer, panel)
    if not is_version(version):
        raise Invalid(N_("“%(version)s” is not a version such as 1.1."), version=version)
    current = packages.find_current_release(piece.slug)
    if current is not None and version_key(version) <= version_key(current.version):
        raise Invalid(
            N_("Choose a version above %(version)s, the last release."), version=current.version
        )
    _refuse_if_changed(panel, piece)
    signed = ReferenceSigned(
        by=signature.printed_name,
        at=signature.signed_at.isoformat(timespec="seconds"),
        method=panel.method.value,
        raters=0,
        version=references[0].version,
        digest=references[0].digest,
    )
    keys = file_keys(references[0].content, signed=signed)
    return Taking(piece, version, keys, references[0])


def _refuse_if_changed(panel: PanelFacts, piece: packages.Workpiece) -> None:
    rated, now_there = panel.content, packages.content_of(piece.digest)
    there = {case.key: case for case in now_there.cases}
    if rated.instrument != now_there.instrument:
        raise CasesChanged(N_("The package has another instrument than the panel scored on."))
    for key in panel.cases:
        old, new = panel.case(key), there.get(key)
        if new is None or (old.html, old.media, old.findings) != (
            new.html,
            new.media,
            new.findings,
        ):
            raise CasesChanged(
                N_(
                    "The case “%(case)s” is not what the panel rated. Open a panel for the new one."
                ),
                case=key,
            )


def take_into_package(
    viewer: Viewer, panel_id: int, taking: Taking, *, source: str, now: datetime
) -> int:
    """Make a draft of the package with the reference in its files, and return the draft's id.

    Args:
        source: digest of the amended zip, which is in the store already.
    """
    draft_id = packages.upload_draft(
        person_id=viewer.person_id,
        file_name=f"{taking.piece.slug}-{taking.version}-panel-{panel_id}.zip",
        source=source,
        now=now,
    )
    _note(
        N_("panel reference taken into the package"),
        panel_id,
        viewer,
        now,
        after={
            "slug": taking.piece.slug,
            "version": taking.version,
            "reference": taking.reference.version,
            "draft": draft_id,
        },
    )
    return draft_id


# --- below ----------------------------------------------------------------------------------------


def _open_panel(viewer: Viewer, panel_id: int, now: datetime) -> PanelFacts:
    queries.hold(panel_id)
    panel = queries.panel_of(viewer, panel_id, today=now.date())
    if panel.state is not PanelState.OPEN:
        raise PanelClosed(N_("The panel is closed; ratings are not taken any more."))
    return panel


def _flushed(sentence: str) -> None:
    try:
        db.session.flush()  # asks the unique constraints, which decide even in a race
    except IntegrityError as error:
        raise Conflict(sentence) from error


def _note(
    action: str,
    panel_id: int,
    viewer: Viewer,
    now: datetime,
    *,
    reason: str = "",
    after: Mapping[str, Any],
) -> None:
    audit.record(
        action,
        actor_id=viewer.person_id,
        subject=f"panel:{panel_id}",
        reason=reason,
        after=dict(after),
        now=now,
    )
