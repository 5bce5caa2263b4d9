"""Marking a past try anew by changed rules: a further version of its result, and what follows."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.audit import api as audit
from lms.db import db
from lms.errors import N_, Conflict, NotFound
from lms.modules import marked, queries
from lms.modules.domain import QuizResult, RatingResult, mark_quiz
from lms.modules.domain.changed import ChangedRules, form_of
from lms.modules.domain.changed_quiz import AnyRules, ChangedQuiz
from lms.modules.models import Attempt, Enrolment, Result
from lms.modules.qualification import qualify
from lms.modules.queries import AttemptFacts, EnrolmentFacts
from lms.packages.domain import CertificationStep, QuizStep


@dataclass(frozen=True)
class NewMarking:
    """By what a try is marked anew.

    Args:
        release: version of the release that says the rules.
        source: where it was decided, "regrade:5".
    """

    rules: AnyRules
    release: str
    source: str
    reason: str
    by: int


@dataclass(frozen=True)
class Remarked:
    """What became of a try.

    Args:
        changed: whether there is a further result.
        certificate_id: that was issued because of it.
        held_id: the certificate that rests on the round and its holder has, where no try of the
            round is passed any more.
    """

    person_id: int
    passed: bool
    changed: bool
    certificate_id: int | None = None
    held_id: int | None = None


def regrade(attempt_id: int, marking: NewMarking, *, now: datetime) -> Remarked:
    """Mark a try anew, and issue the certificate if its owner passes by it.

    The results before stay; one whose outcome is the same gets none. Inside the caller's
    transaction.

    Raises:
        NotFound: if there is no such try, or its release has no such step any more.
        Conflict: if it is marked anew elsewhere in the same moment.
    """
    attempt = _attempt(attempt_id)
    result = _marked(attempt, marking.rules)
    last = queries.results_of(attempt.enrolment.id)[attempt_id]
    if last.passed == result.passed:
        return Remarked(attempt.enrolment.person_id, result.passed, changed=False)
    _append(attempt, result, last, marking, now=now)
    enrolment = attempt.enrolment
    if not result.passed:
        return Remarked(enrolment.person_id, False, True, held_id=_left_without(attempt))
    qualify(enrolment, now=now, although_left=True)
    after = queries.find_by_id(enrolment.id)
    issued = after.certificate_id if after and enrolment.certificate_id is None else None
    return Remarked(enrolment.person_id, True, True, certificate_id=issued)


def _attempt(attempt_id: int) -> AttemptFacts:
    person_id = db.session.scalar(
        select(Enrolment.person_id)
        .join(Attempt, Attempt.enrolment_id == Enrolment.id)
        .where(Attempt.id == attempt_id)
    )
    return queries.attempt_of(person_id or 0, attempt_id)


def _marked(attempt: AttemptFacts, rules: AnyRules) -> QuizResult | RatingResult:
    if isinstance(rules, ChangedQuiz):
        return _marked_quiz(attempt, rules)
    return _marked_form(attempt, rules)


def _marked_quiz(attempt: AttemptFacts, rules: ChangedQuiz) -> QuizResult:
    step = attempt.material.step(attempt.step_key)
    if not isinstance(step, QuizStep) or not rules.fits(step):
        raise NotFound(N_("This try was at no quiz to which the rules apply."))
    return mark_quiz(rules.over(step), drawn=attempt.drawn, answers=attempt.submitted or {})


def _marked_form(attempt: AttemptFacts, rules: ChangedRules) -> RatingResult:
    material = attempt.material
    step = material.step(attempt.step_key)
    form = form_of(step, attempt.form) if isinstance(step, CertificationStep) else None
    if not isinstance(step, CertificationStep) or form is None:
        raise NotFound(N_("This try was at no form of cases."))
    changed = rules.over(step)
    cases = {case.key: case for one in changed.forms for case in one.cases}
    drawn = [cases[key] for key in attempt.drawn if key in cases]
    return marked.mark_certification(material, changed, drawn, attempt.submitted or {})


def _append(
    attempt: AttemptFacts,
    result: QuizResult | RatingResult,
    last: Result,
    marking: NewMarking,
    *,
    now: datetime,
) -> None:
    row = Result(
        attempt_id=attempt.id,
        version=last.version + 1,
        passed=result.passed,
        reached=result.reached,
        required=result.required,
        of=result.of,
        detail={**marked.detail(result), "regraded": _by(attempt, result, marking)},
        marked_at=now,
    )
    db.session.add(row)
    try:
        db.session.flush()  # asks the unique version, and the path must see the result
    except IntegrityError as error:
        raise Conflict(N_("This try is being marked anew elsewhere.")) from error
    audit.record(
        N_("attempt marked anew"),
        actor_id=marking.by,
        subject=f"attempt:{attempt.id}",
        reason=marking.reason,
        before={"passed": last.passed, "version": last.version},
        after={"passed": result.passed, "version": row.version, "source": marking.source},
        now=now,
    )


def _by(
    attempt: AttemptFacts, result: QuizResult | RatingResult, marking: NewMarking
) -> Mapping[str, Any]:
    """The rules that a result was marked by, since its release says others; no key of a question,
    since a holder may read it."""
    told: dict[str, Any] = {"source": marking.source, "release": marking.release}
    step = attempt.material.step(attempt.step_key)
    if isinstance(marking.rules, ChangedQuiz):
        drawn = {entry["question"] for entry in attempt.drawn}
        changed = [one.question for one in marking.rules.keys if one.question in drawn]
        return {**told, "pass_mark": result.required, "questions": changed}
    assert isinstance(step, CertificationStep) and isinstance(result, RatingResult)
    own = marking.rules.over(step)
    criteria = next(
        (level.criteria for level in own.levels if level.key == result.level), own.criteria
    )
    return {**told, "criteria": asdict(criteria)}


def _left_without(attempt: AttemptFacts) -> int | None:
    """Return the certificate of a round none of whose tries at the step is passed any more.

    None if there is none, or a later round stands in its place.
    """
    enrolment: EnrolmentFacts = attempt.enrolment
    if enrolment.certificate_id is None or queries.has_later_round(enrolment, certified=True):
        return None
    tries = queries.facts_of(enrolment).tries.get(attempt.step_key, ())
    return None if any(one.passed for one in tries) else enrolment.certificate_id
