"""The record behind a certificate: what was shown by its digest, what was answered, how it ended.

A holder's record says what the person has seen already, on the pages of their results, and no more:
no key of a question, no reference of a certification case, and no digest of either, since so few
answers are possible that a digest would tell them.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import Any

from lms.certificates.domain import EvidenceRecord
from lms.errors import N_, NotFound
from lms.modules import queries
from lms.modules.material import Material
from lms.modules.models import Evidence, Result
from lms.modules.queries import EnrolmentFacts, HandedIn
from lms.packages import api as packages
from lms.packages.domain import (
    Case,
    CertificationStep,
    PracticeStep,
    Question,
    QuizStep,
    SlidesStep,
    Step,
    VideoStep,
)

KIND = "enrolment"


def evidence_for(subject: str, *, whole: bool) -> EvidenceRecord:
    """Return what a certificate rests on.

    Args:
        subject: what it was issued for, "enrolment:5".
        whole: for those who answer for the training: with seeds, marks item by item, and the
            questions and references by their digests.

    Raises:
        NotFound: if there is no such enrolment.
    """
    enrolment = queries.find_by_id(_number(subject))
    if enrolment is None:
        raise NotFound(N_("There is no such enrolment."))
    material = enrolment.material
    tries = queries.handed_in(enrolment.id)
    release = packages.release(enrolment.release_id)
    data: dict[str, Any] = {
        "subject": subject,
        "release": {
            "package": release.slug,
            "version": release.version,
            "sha256": release.digest,
            "published_at": _moment(release.published_at),
        },
        "language": material.content.language,
        "instrument": material.instrument.ref,
        "criteria": asdict(material.criteria),
        "levels": _levels(material),
        "round": enrolment.round,
        "round_kind": enrolment.kind,
        "carried_from_an_earlier_round": enrolment.carried,
        "enrolled_at": _moment(enrolment.enrolled_at),
        "qualified_at": _moment(queries.qualified_at(enrolment.id)),
        "steps": [
            {"key": step.key, "kind": step.kind, "title": step.title, **_shown(step)}
            for step in material.content.steps
        ],
        "lessons": [_lesson(row) for row in queries.evidence_rows(enrolment.id)],
        "attempts": [_attempt(one, material, whole=whole) for one in tries],
        "further_tries": [
            {"step": step, "allowed_at": _moment(at)}
            for step, at in queries.further_tries(enrolment.id)
        ],
    }
    return EvidenceRecord(_subjects(enrolment, tries), data)


def _levels(material: Material) -> list[dict[str, Any]]:
    steps = material.content.steps
    return [asdict(one) for s in steps if isinstance(s, CertificationStep) for one in s.levels]


def _number(subject: str) -> int:
    kind, _, number = subject.partition(":")
    return int(number) if kind == KIND and number.isdecimal() else 0


def _subjects(enrolment: EnrolmentFacts, tries: Sequence[HandedIn]) -> tuple[str, ...]:
    return (f"{KIND}:{enrolment.id}", *(f"attempt:{one.id}" for one in tries))


def _shown(step: Step) -> dict[str, Any]:
    """Return what a lesson shows, by digests."""
    if isinstance(step, SlidesStep):
        return {"slides": [{"number": one.number, "sha256": one.image} for one in step.slides]}
    if isinstance(step, VideoStep):
        return {"film_sha256": step.film.digest, "seconds": step.film.seconds}
    html = getattr(step, "html", None)
    return {} if html is None else {"text_sha256": _digest(html)}


def _lesson(row: Evidence) -> dict[str, Any]:
    return {
        "step": row.step_key,
        "time_asked": row.cycle + 1,
        "seen": row.seen,
        "first_at": _moment(row.first_at),
        "last_at": _moment(row.last_at),
        "done_at": _moment(row.done_at),
    }


def _attempt(one: HandedIn, material: Material, *, whole: bool) -> dict[str, Any]:
    step = material.step(one.step_key)
    told = {
        "id": one.id,
        "step": one.step_key,
        "number": one.number,
        "form": one.form,
        "started_at": _moment(one.started_at),
        "due_at": _moment(one.due_at),
        "submitted_at": _moment(one.submitted_at),
        "late": one.late,
        "drawn": [_drawn(entry, material, whole=whole) for entry in one.drawn],
        "answers": [
            {
                "key": answer.key,
                "value": one.answers.get(answer.key),
                "first_at": _moment(answer.first_at),
                "saved_at": _moment(answer.saved_at),
            }
            for answer in one.saved
        ],
        "result": _result(one.result, step, whole=whole) if one.result else None,
    }
    if one.earlier:  # only where there are some, so that older records read as they did
        told["earlier_markings"] = [_result(each, step, whole=whole) for each in one.earlier]
    return {**told, "seed": one.seed} if whole else told


def _drawn(entry: Any, material: Material, *, whole: bool) -> dict[str, Any]:
    if isinstance(entry, Mapping):
        question = material.questions[entry["question"]]
        told = {"question": question.key, "options": entry["options"], **_seen_question(question)}
        return {**told, "whole_sha256": _digest(asdict(question))} if whole else told
    case = material.cases[entry]
    told = {"case": case.key, **_seen_case(case)}
    if not whole:
        return told
    reference = {"method": case.reference_method, "sha256": _digest(case.reference)}
    return {**told, "reference": reference, "whole_sha256": _digest(_whole_case(case))}


def _whole_case(case: Case) -> dict[str, Any]:
    """Return a case with all that it says; what came later stands there only where it is used,
    so that the digests of older cases stay."""
    data = asdict(case)
    if not data["accept"]:
        del data["accept"]
    if data["reference_tie"] == "low":
        del data["reference_tie"]
    return data


def _seen_question(question: Question) -> dict[str, Any]:
    """Return a question as it was shown, by its digest: without what tells the right choice."""
    seen = {
        "html": question.html,
        "figure": question.figure.digest if question.figure else None,
        "options": {option.key: option.html for option in question.options},
    }
    return {"shown_sha256": _digest(seen)}


def _seen_case(case: Case) -> dict[str, Any]:
    media = [one.digest for one in case.media]
    seen = {"title": case.title, "html": case.html, "media": media}
    return {"shown_sha256": _digest(seen), "media_sha256": media}


def _result(result: Result, step: Step, *, whole: bool) -> dict[str, Any]:
    """Return how it was marked, with as much of it as the page of the result says."""
    told = {
        "passed": result.passed,
        "reached": result.reached,
        "required": result.required,
        "of": result.of,
        "marking_version": result.version,
        "marked_at": _moment(result.marked_at),
    }
    if whole or isinstance(step, QuizStep | PracticeStep):
        return {**told, "detail": result.detail}
    shown = {name: result.detail.get(name) for name in ("items_within", "items_of")}
    later = ("verdict", "level", "level_title", "levels")
    shown |= {name: result.detail[name] for name in later if name in result.detail}
    return {**told, "detail": shown}


def _digest(value: Any) -> str:
    """Return the SHA-256 of a value as JSON with sorted keys and no blanks, UTF-8."""
    written = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(written.encode()).hexdigest()


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
