"""Every write that puts a person on the path once more, and when they may ask for it themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError

from lms.audit import api as audit
from lms.certificates import api as certificates
from lms.certificates.domain import Held, IssuedCertificate
from lms.db import db
from lms.errors import N_, Conflict
from lms.modules import queries
from lms.modules.domain import RoundKind, StepState, carried_at_renewal, may_renew, path_of
from lms.modules.models import Enrolment
from lms.modules.qualification import validity_of
from lms.modules.queries import EnrolmentFacts
from lms.packages import api as packages


class NoNewRound(Conflict):
    """The person is on the way already, or it is not time for it."""


@dataclass(frozen=True)
class NewRound:
    """What a further round is.

    Args:
        carried: keys of steps that need not be done again.
        reason: what the person is told about why; "" where they asked for it themselves.
        begun_by: who asked for it; None where it was decided at a terminal.
    """

    kind: RoundKind
    release_id: int
    carried: tuple[str, ...]
    reason: str
    begun_by: int | None


def begin_round(last: EnrolmentFacts, wanted: NewRound, *, now: datetime) -> int:
    """Put a person on the path once more and return the new enrolment's id.

    What they did before stays as it was, and so does the certificate that rests on it. When the
    round ends, its certificate takes the place of that one.

    Raises:
        NoNewRound: if another tab or person has just begun it.
    """
    made = Enrolment(
        person_id=last.person_id,
        package_slug=last.slug,
        release_id=wanted.release_id,
        round=last.round + 1,
        kind=wanted.kind,
        carried=list(wanted.carried),
        reason=wanted.reason,
        begun_by=wanted.begun_by,
        enrolled_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as error:
        raise NoNewRound(N_("This round has begun already. Reload the page.")) from error
    audit.record(
        "round begun",
        actor_id=wanted.begun_by,
        subject=f"enrolment:{made.id}",
        reason=wanted.reason,
        after={"kind": wanted.kind, "round": made.round, "carried": list(wanted.carried)},
        now=now,
    )
    return made.id


def newest_certificate(enrolment: EnrolmentFacts) -> IssuedCertificate | None:
    """Return the last certificate of the line that the enrolment ended in, None without one."""
    if enrolment.certificate_id is None:
        return None
    return certificates.newest_in_line(enrolment.certificate_id)


def may_be_renewed(enrolment: EnrolmentFacts, *, today: date) -> bool:
    """Tell whether the person may begin to renew what they hold from this enrolment."""
    newest = newest_certificate(enrolment)
    if newest is None or newest.erased:
        return False
    rule = validity_of(enrolment.material.content.certificate)
    return may_renew(rule, state=newest.state_on(today), ends_on=newest.ends_on, today=today)


def renewable(
    enrolments: Sequence[EnrolmentFacts], held: Sequence[Held], *, today: date
) -> list[tuple[EnrolmentFacts, Held]]:
    """Return what a person may renew today, of all that they hold; it asks the database nothing.

    Args:
        enrolments: all of the person's, the latest first.
        held: all that the person holds or held.
    """
    found, seen = [], set[str]()
    for enrolment in enrolments:
        if enrolment.slug in seen:
            continue
        seen.add(enrolment.slug)
        own = [one for one in held if one.module_slug == enrolment.slug]
        newest = max(own, key=lambda one: one.id, default=None)
        if enrolment.certificate_id is None or newest is None:
            continue
        rule = validity_of(enrolment.material.content.certificate)
        if may_renew(rule, state=newest.state, ends_on=newest.expires_on, today=today):
            found.append((enrolment, newest))
    return found


def renew(person_id: int, slug: str, *, now: datetime) -> int:
    """Begin to renew, on the release that is current, and return the enrolment's id.

    Raises:
        NotFound: if the person is not enrolled.
        NoNewRound: if nothing they hold ends soon, or they are renewing already.
    """
    last = queries.enrolment_of(person_id, slug)
    if not may_be_renewed(last, today=now.date()):
        raise NoNewRound(N_("Nothing that you hold of this module is to be renewed now."))
    release = packages.current_release(slug)
    content = packages.content_of(release.digest)
    wanted = NewRound(RoundKind.RENEWAL, release.id, carried_at_renewal(content), "", person_id)
    return begin_round(last, wanted, now=now)


def steps_done(enrolments: Sequence[EnrolmentFacts], *, now: datetime) -> dict[int, frozenset[str]]:
    """Return by enrolment the keys of the steps that are done, in two queries."""
    facts = queries.facts_of_many(enrolments)
    return {
        one.id: frozenset(
            view.step.key
            for view in path_of(one.material.content, facts[one.id], now=now).steps
            if view.state is StepState.DONE
        )
        for one in enrolments
    }
