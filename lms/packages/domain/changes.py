"""What a further release changes: its class, what becomes of people, and what differs."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from lms.errors import N_, Invalid
from lms.packages.domain.content import (
    Case,
    CertificationStep,
    Content,
    PracticeStep,
    Question,
    QuizStep,
    Step,
)


class ChangeClass(StrEnum):
    """What a release changes, from the mildest to the gravest."""

    WORDING = "wording"
    SCORING = "scoring"
    REFERENCE = "reference"
    SAFETY = "safety"

    @property
    def weight(self) -> int:
        return list(ChangeClass).index(self)


class Policy(StrEnum):
    """What becomes of people who are under way or hold a certificate."""

    FINISH_ON_OLD = "finish_on_old"
    TOP_UP = "top_up"
    REDO = "redo"

    @property
    def moves_people(self) -> bool:
        """Whether anybody gets a further round."""
        return self is not Policy.FINISH_ON_OLD


@dataclass(frozen=True)
class Change:
    """What the owner says of a further release."""

    kind: ChangeClass
    policy: Policy
    reason: str


@dataclass(frozen=True)
class ReleaseChange:
    """A change as it is kept with its release.

    Args:
        before_id: the release that was current until then.
        found: what the comparison of the two contents proposed.
        said_by: None where it was published from a terminal.
    """

    release_id: int
    before_id: int
    change: Change
    found: ChangeClass
    said_by: int | None
    said_at: datetime


@dataclass(frozen=True)
class Difference:
    """One thing in which two contents differ: a sentence, and the class that it is at least."""

    kind: ChangeClass
    sentence: str
    about: str = ""


class ReasonMissing(Invalid):
    """A change was to be published without a word why."""


class ChangeMissing(Invalid):
    """A further release was to be published without its class and policy."""


PART: Final = N_("Step “%(about)s” is new, gone or stands elsewhere.")
RULES: Final = N_("What is needed to pass step “%(about)s” differs.")
CASES: Final = N_("Step “%(about)s” holds other cases.")
QUESTIONS: Final = N_("Step “%(about)s” holds other questions.")
REFERENCE: Final = N_("The reference of case “%(about)s”, its panel or what it accepts differs.")
KEY: Final = N_("What is right in question “%(about)s” differs.")
INSTRUMENT: Final = N_("The instrument differs.")
TERM: Final = N_("How long a certificate holds, or what a renewal asks for, differs.")
FROM_TERMINAL: Final = N_("Published from a terminal without a word why.")
WORDS: Final = N_("Texts, pictures or films differ.")


def digest_of(release_digest: str, change: Change) -> str:
    """Return the SHA-256 of exactly what is signed when a change is published."""
    written = json.dumps(
        {
            "release": release_digest,
            "class": change.kind.value,
            "policy": change.policy.value,
            "reason": change.reason,
        },
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return sha256(written.encode()).hexdigest()


def check_reason(change: Change) -> None:
    """Refuse a change without a reason.

    Raises:
        ReasonMissing: if nothing is said.
    """
    if not change.reason.strip():
        raise ReasonMissing(
            N_("Say in a sentence what changes and why. People under way and holders read it.")
        )


def proposed_class(found: Sequence[Difference]) -> ChangeClass:
    """Return the gravest class among the differences; wording where there is none."""
    return max(
        (one.kind for one in found), key=lambda kind: kind.weight, default=ChangeClass.WORDING
    )


def differences(before: Content, after: Content) -> tuple[Difference, ...]:
    """Return in what two contents differ, the gravest first.

    Safety is never found: whether a change matters to patients only people can say.
    """
    known = {step.key: step for step in before.steps}
    found = [*_of_cases(before, after), *_of_keys(before, after)]
    if before.instrument != after.instrument:
        found.append(Difference(ChangeClass.SCORING, INSTRUMENT))
    if (before.certificate.rule, before.certificate.renewal) != (
        after.certificate.rule,
        after.certificate.renewal,
    ):
        found.append(Difference(ChangeClass.SCORING, TERM))
    found += _of_order(before, after)
    for step in after.steps:
        if (old := known.get(step.key)) is not None and old.kind == step.kind:
            found += _of_step(old, step)
    if not found and _without_version(before) != _without_version(after):
        found.append(Difference(ChangeClass.WORDING, WORDS))
    return tuple(sorted(found, key=lambda one: -one.kind.weight))


def _of_order(before: Content, after: Content) -> list[Difference]:
    old = [(step.key, step.kind) for step in before.steps]
    new = [(step.key, step.kind) for step in after.steps]
    if old == new:
        return []
    changed = [key for key, _kind in [*new, *old] if ((key, _kind) in old) != ((key, _kind) in new)]
    moved = changed or [key for (key, _), other in zip(new, old, strict=False) if key != other[0]]
    return [Difference(ChangeClass.SCORING, PART, key) for key in dict.fromkeys(moved)]


def _of_step(old: Step, new: Step) -> list[Difference]:
    found = []
    if _rules(old) != _rules(new):
        found.append(Difference(ChangeClass.SCORING, RULES, new.key))
    if _case_keys(old) != _case_keys(new):
        found.append(Difference(ChangeClass.REFERENCE, CASES, new.key))
    if _question_keys(old) != _question_keys(new):
        found.append(Difference(ChangeClass.SCORING, QUESTIONS, new.key))
    return found


def _rules(step: Step) -> Any:
    """What decides on a step beside its cases and questions."""
    texts = {"key", "title", "minutes", "html", "slides", "film", "poster", "cases", "pools"}
    named = [one.name for one in fields(step) if one.name not in texts | {"forms"}]
    return {name: getattr(step, name) for name in named}


def _case_keys(step: Step) -> Any:
    if isinstance(step, PracticeStep):
        return {case.key for case in step.cases}
    if isinstance(step, CertificationStep):
        return {form.key: [case.key for case in form.cases] for form in step.forms}
    return None


def _question_keys(step: Step) -> Any:
    if not isinstance(step, QuizStep):
        return None
    return {pool.key: {question.key for question in pool.questions} for pool in step.pools}


def _of_cases(before: Content, after: Content) -> list[Difference]:
    return [
        Difference(ChangeClass.REFERENCE, REFERENCE, key)
        for key in _differing(_cases(before), _cases(after), _judges)
    ]


def _of_keys(before: Content, after: Content) -> list[Difference]:
    return [
        Difference(ChangeClass.REFERENCE, KEY, key)
        for key in _differing(before.questions, after.questions, _key_of)
    ]


def _differing(
    old: dict[str, Any], new: dict[str, Any], judged_by: Callable[[Any], Any]
) -> list[str]:
    return [key for key in new if key in old and judged_by(old[key]) != judged_by(new[key])]


def _cases(content: Content) -> dict[str, Case]:
    return {case.key: case for case in content.cases}


def _judges(case: Case) -> Any:
    """What of a case decides on a rating."""
    return (case.reference, case.panel, case.accept, case.cannot_fail, case.severity)


def _key_of(question: Question) -> Any:
    return (
        question.kind,
        question.answer,
        tuple(option.correct for option in question.options),  # an option's key is of its text
    )


def _without_version(content: Content) -> Content:
    """A content without what differs between any two releases."""
    return replace(content, version="", files={})
