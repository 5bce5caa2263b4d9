"""Every write that puts people on the path of a further release, as its owner decided."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from lms import jobs
from lms.accounts import api as accounts
from lms.certificates.domain import State
from lms.db import db
from lms.errors import N_
from lms.modules import queries
from lms.modules.domain import RoundKind, carried_between
from lms.modules.models import Enrolment
from lms.modules.queries import EnrolmentFacts
from lms.modules.rounds import NewRound, begin_round, newest_certificate, steps_done
from lms.packages import api as packages
from lms.packages.domain.changes import Policy, ReleaseChange

FOLLOW: Final = "modules.follow_release"
KINDS: Final = {Policy.TOP_UP: RoundKind.TOP_UP, Policy.REDO: RoundKind.REDO}
CLOSED: Final = N_("The account is closed.")
THERE: Final = N_("Is on this release or a later one already.")
NOT_HELD: Final = N_("Holds nothing that is in force.")
NOTHING_NEW: Final = N_("Nothing is new for this person.")
BEGUN: Final = N_("A further round has begun; %(carried)s of %(steps)s steps are taken over.")


def follow_release(change: ReleaseChange, slug: str, *, now: datetime) -> None:
    """Write down, one row a person, that a further release asks something of people.

    Called inside the transaction in which it is published. A policy that moves nobody does
    nothing.
    """
    policy = change.change.policy
    if not policy.moves_people:
        return
    people = db.session.scalars(
        select(Enrolment.person_id)
        .where(Enrolment.package_slug == slug)
        .distinct()
        .order_by(Enrolment.person_id)
    )
    told = {
        "release_id": change.release_id,
        "slug": slug,
        "policy": policy.value,
        "reason": change.change.reason,
        "said_by": change.said_by,
    }
    jobs.enqueue(
        FOLLOW,
        [(f"person:{person_id}", {**told, "person_id": person_id}) for person_id in people],
        created_by=change.said_by,
        title=N_("People follow a changed module"),
        now=now,
    )


def follow(payload: dict[str, Any], *, now: datetime) -> tuple[EnrolmentFacts | None, str]:
    """Put one person on the path of a release, if it asks something of them. Safe to repeat.

    What they hold stays as it is until they pass; then the new certificate takes its place.

    Returns:
        the new round, None where none is needed, and a sentence why.
    """
    last = queries.enrolment_of(payload["person_id"], payload["slug"])
    policy, after = Policy(payload["policy"]), packages.release(payload["release_id"])
    if accounts.person(last.person_id).closed:
        return None, CLOSED
    if last.release_id >= after.id:
        return None, THERE
    if last.certificate_id is not None and not _holds(last, now):
        return None, NOT_HELD
    content = packages.content_of(after.digest)
    carried: tuple[str, ...] = ()
    if policy is Policy.TOP_UP:
        done = steps_done([last], now=now)[last.id]
        carried = carried_between(last.material.content, content, done)
    if last.certificate_id is not None and len(carried) == len(content.steps):
        return None, NOTHING_NEW
    wanted = NewRound(KINDS[policy], after.id, carried, payload["reason"], payload["said_by"])
    begin_round(last, wanted, now=now)
    return queries.enrolment_of(last.person_id, last.slug), BEGUN


def _holds(enrolment: EnrolmentFacts, now: datetime) -> bool:
    newest = newest_certificate(enrolment)
    return newest is not None and not newest.erased and newest.state_on(now.date()) is State.VALID
