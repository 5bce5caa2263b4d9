"""Every write: asking what if, keeping the answer, marking anew."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from lms import jobs
from lms.accounts import api as accounts
from lms.accounts.domain import Meaning
from lms.audit import api as audit
from lms.certificates import api as certificates
from lms.certificates.domain import State, SuspensionReason
from lms.db import db, upsert
from lms.errors import N_, Conflict, Invalid
from lms.modules import api as modules
from lms.modules.domain.changed_quiz import AnyRules, ChangedQuiz, rules_from_data
from lms.packages import api as packages
from lms.packages.domain.changes import ChangeClass
from lms.review import queries
from lms.review.models import Doubt, Regrade, RegradedTry, WhatIf
from lms.review.queries import WhatIfFacts

RECKON: Final = "review.reckon"
REGRADE: Final = "review.regrade"
LOOK: Final = "review.look"
OUTCOMES: Final = ("certified", "suspended", "kept", "passed", "not_passed", "unchanged")
"""What may become of a try, the weightiest first: of several tries that one is told."""


class NotPublished(Conflict):
    """The rules of a question are in no release of a class that changes results."""


class NothingToRegrade(Conflict):
    """No try would end otherwise, or it was marked anew before."""


def ask(slug: str, rules: AnyRules, written: str, *, person_id: int, now: datetime) -> int:
    """Write down a question, let a job work it out, and return its id.

    Raises:
        NotFound: if nothing is published under the slug.
        Invalid: if it asks for nothing.
    """
    if rules.changes_nothing:
        raise Invalid(N_("Say what is to be otherwise."))
    row = WhatIf(
        package_slug=slug,
        release_id=packages.current_release(slug).id,
        rules=rules.as_data(),
        written=written,
        asked_by=person_id,
        asked_at=now,
    )
    db.session.add(row)
    db.session.flush()  # the job needs its id
    row.job_id = jobs.enqueue(
        RECKON,
        [(f"what-if:{row.id}", {"what_if_id": row.id})],
        created_by=person_id,
        title=N_("What if the rules were others"),
        now=now,
    )
    return row.id


def keep_result(what_if_id: int, result: dict[str, Any], *, now: datetime) -> None:
    """Keep an answer; a second one changes nothing."""
    row = db.session.get_one(WhatIf, what_if_id)
    if row.result is None:
        row.result, row.reckoned_at = result, now


def look_tonight(*, now: datetime) -> None:
    """Queue a look at the current release of every package, one row each."""
    rows = [
        (f"package:{one.slug}", {"slug": one.slug, "release_id": one.id})
        for one in packages.catalogue()
    ]
    if rows:
        jobs.enqueue(
            LOOK,
            rows,
            created_by=None,
            title=N_("Look for references that may be wrong"),
            now=now,
        )


def keep_doubts(slug: str, release_id: int, count: int, *, now: datetime) -> None:
    """Keep how many references may be wrong, in the place of what was known before."""
    upsert(
        Doubt,
        key=("package_slug",),
        values={
            "package_slug": slug, "release_id": release_id, "count": count, "looked_at": now
        },
    )  # fmt: skip


def forget_doubts(slug: str) -> None:
    """Know nothing of a package any more."""
    db.session.execute(delete(Doubt).where(Doubt.package_slug == slug))


@dataclass(frozen=True)
class Decision:
    """What the owner decides on tries that end otherwise.

    Args:
        suspend: whether certificates that rest on tries not passed any more are suspended.
    """

    reason: str
    suspend: bool


def digest_of(asked: WhatIfFacts, release_digest: str, decision: Decision) -> str:
    """Return the SHA-256 of exactly what is signed: rules, release, tries, and the decision."""
    assert asked.result is not None
    written = json.dumps(
        {
            "rules": asked.rules.as_data(),
            "release": release_digest,
            "tries": asked.result["changed"],
            "suspend": decision.suspend,
            "reason": decision.reason,
        },
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return sha256(written.encode()).hexdigest()


def start_regrade(
    asked: WhatIfFacts, decision: Decision, *, person_id: int, password: str, now: datetime
) -> int:
    """Decide that the tries of a question are marked anew, sign that, and return its id.

    A job does it, one row a round of a person. The edge counts the try at the password before:
    `accounts.count_password_try`.

    Raises:
        NotPublished: if no release of class scoring, reference or safety says these rules.
        NothingToRegrade: if no try ends otherwise, or it was decided before.
        Invalid: if certificates are to be suspended for a change that is none of safety.
        WrongPassword, TryNotCounted: as `accounts.sign` says.
    """
    rounds = _rounds(asked)
    change = queries.published_as(asked)
    if change is None:
        raise NotPublished(
            N_("Publish a release that says these rules first, of class scoring, reference or "
               "safety.")
        )  # fmt: skip
    if decision.suspend and change.change.kind is not ChangeClass.SAFETY:
        raise Invalid(N_("Certificates are suspended only after a change of class safety."))
    release = packages.release(change.release_id)
    row = Regrade(
        what_if_id=asked.id,
        release_id=release.id,
        suspend=decision.suspend,
        reason=decision.reason,
        digest=digest_of(asked, release.digest, decision),
        asked_by=person_id,
        asked_at=now,
    )
    db.session.add(row)
    try:
        db.session.flush()  # asks the unique question, which decides even in a race
    except IntegrityError as error:
        raise NothingToRegrade(N_("This question was followed by marking anew already.")) from error
    accounts.sign(
        person_id,
        password=password,
        meaning=Meaning.RESPONSIBILITY,
        subject=f"regrade:{row.id}",
        digest=row.digest,
        now=now,
    )
    audit.record(
        N_("regrade decided"),
        actor_id=person_id,
        subject=f"regrade:{row.id}",
        reason=decision.reason,
        after={
            "slug": asked.slug,
            "version": release.version,
            "rows": len(rounds),
            "suspend": decision.suspend,
        },
        now=now,
    )
    row.job_id = jobs.enqueue(
        REGRADE,
        [
            (f"enrolment:{enrolment}", {"regrade_id": row.id, "tries": tries})
            for enrolment, tries in rounds.items()
        ],
        created_by=person_id,
        title=N_("Past tries are marked anew"),
        now=now,
    )
    return row.id


def _rounds(asked: WhatIfFacts) -> Mapping[int, Sequence[int]]:
    """The tries that end otherwise, by enrolment: those first that are passed now, so that nobody
    is without a passed try in between.

    Raises:
        NothingToRegrade: if there are none.
    """
    found: dict[int, list[int]] = {}
    changed: Any = (asked.result or {}).get("changed", ())
    for attempt, enrolment, _passed in sorted(changed, key=lambda one: (-one[2], one[0])):
        found.setdefault(enrolment, []).append(attempt)
    if not found:
        raise NothingToRegrade(N_("No try would end otherwise."))
    return found


@dataclass(frozen=True)
class Regraded:
    """What became of one person's round: whom to tell, and what; `quiz` is the title of the quiz
    whose tries were marked anew, "" where they were at cases.
    """

    person_id: int
    slug: str
    outcome: str
    reason: str
    quiz: str = ""


def regrade_round(payload: Mapping[str, Any], *, now: datetime) -> Regraded | None:
    """Mark the tries of one round anew, with what follows. Safe to repeat.

    Returns:
        None where nothing has changed for its person.
    """
    row = db.session.get_one(Regrade, payload["regrade_id"])
    asked = db.session.get_one(WhatIf, row.what_if_id)
    marking = modules.NewMarking(
        rules=rules_from_data(asked.rules),
        release=packages.release(row.release_id).version,
        source=f"regrade:{row.id}",
        reason=row.reason,
        by=row.asked_by,
    )
    told: Regraded | None = None
    for attempt_id in payload["tries"]:
        if queries.is_regraded(row.id, attempt_id):
            continue
        done = modules.regrade(attempt_id, marking, now=now)
        outcome, certificate_id = _outcome(row, done, now=now)
        db.session.add(
            RegradedTry(
                regrade_id=row.id,
                attempt_id=attempt_id,
                outcome=outcome,
                certificate_id=certificate_id,
                done_at=now,
            )
        )
        if done.changed and (told is None or _weight(outcome) < _weight(told.outcome)):
            quiz = _quiz_title(row.release_id, marking.rules)
            told = Regraded(done.person_id, asked.package_slug, outcome, row.reason, quiz)
    return told


def _quiz_title(release_id: int, rules: AnyRules) -> str:
    if not isinstance(rules, ChangedQuiz):
        return ""
    return packages.content_of(packages.release(release_id).digest).step(rules.step).title


def _weight(outcome: str) -> int:
    return OUTCOMES.index(outcome)


def _outcome(row: Regrade, done: modules.Remarked, *, now: datetime) -> tuple[str, int | None]:
    if not done.changed:
        return "unchanged", None
    if done.passed:
        issued = done.certificate_id
        return ("certified", issued) if issued is not None else ("passed", None)
    if done.held_id is None:
        return "not_passed", None
    held = certificates.newest_in_line(done.held_id)
    if not row.suspend or held.erased or held.state_on(now.date()) is not State.VALID:
        return "kept", held.id
    certificates.suspend(
        held.id,
        certificates.Pause(SuspensionReason.UNDER_REVIEW, row.reason),
        suspended_by=row.asked_by,
        now=now,
    )
    return "suspended", held.id
