"""Ratings that were handed in, each a case that somebody scored, for files that leave the house."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from lms.db import db
from lms.errors import N_, NotFound
from lms.instruments import api as instruments
from lms.instruments.domain import Answer, Instrument, RatingRefused
from lms.modules.domain import shown_case
from lms.modules.models import Attempt, Enrolment, Result, Submission
from lms.packages import api as packages
from lms.packages.domain import Case, Content
from lms.packages.models import Package, Release
from lms.reports.domain.reliability import CaseRating, ModuleRatings, Reference, Setting
from lms.reports.queries.standing import Standing, standing_of


def ratings_of(slug: str) -> ModuleRatings:
    """Return what was handed in on the instrument of a module's newest release.

    Six queries, however many people and ratings there are; a release is read once in a process.

    Raises:
        NotFound: if there is no such module, or it has no instrument.
    """
    releases = _releases(slug)
    instrument = releases[max(releases)].instrument if releases else None
    if instrument is None:
        raise NotFound(N_("There is no module %(slug)s with an instrument."), slug=slug)
    reading = _Reading(instrument, releases, standing_of(slug, instrument.id))
    for row in _submissions(slug):
        reading.take(row)
    newest = releases[max(releases)]
    return ModuleRatings(
        instrument=instrument,
        ratings=tuple(reading.found),
        others=reading.others,
        slug=slug,
        title=newest.content.title,
        steps={step.key: step.title for step in newest.content.steps},
    )


@dataclass(frozen=True)
class _Published:
    """A release as ratings need it: its instrument and its cases' references."""

    version: str
    content: Content
    instrument: Instrument | None
    references: Mapping[str, Reference]
    kinds: Mapping[str, Setting]


@dataclass(frozen=True)
class _Handed:
    """One attempt that was handed in."""

    person_id: int
    enrolment_id: int
    release_id: int
    attempt_id: int
    step: str
    number: int
    form: str
    drawn: Any
    answers: Any
    submitted_at: datetime
    detail: Any


@dataclass
class _Reading:
    """Turns rows into ratings; what is read once is kept, since raters give the same answers."""

    instrument: Instrument
    releases: Mapping[int, _Published]
    standing: Standing
    found: list[CaseRating] = field(default_factory=list)
    others: int = 0
    times: Counter[tuple[int, str]] = field(default_factory=Counter)
    known: dict[Any, Answer | None] = field(default_factory=dict)

    def take(self, row: _Handed) -> None:
        release = self.releases.get(row.release_id)
        for entry in (key for key in row.drawn if isinstance(key, str)):
            if release is None or release.instrument != self.instrument:
                self.others += 1
            else:
                self.found.append(self._rating(row, entry, release))

    def _rating(self, row: _Handed, entry: str, release: _Published) -> CaseRating:
        case, presentation = shown_case(entry)
        self.times[row.person_id, case] += 1
        answers = self._answers(entry, row.answers)
        reference = release.references.get(case) or Reference(case, {})
        day = row.submitted_at.date()
        return CaseRating(
            person_id=row.person_id,
            case=case,
            time=self.times[row.person_id, case],
            answers=answers,
            whole=not instruments.unfinished(self.instrument, answers),
            presentation=presentation,
            setting=release.kinds.get(row.step, Setting.PRACTICE),
            step=row.step,
            form=row.form,
            enrolment_id=row.enrolment_id,
            attempt_id=row.attempt_id,
            number=row.number,
            submitted_at=row.submitted_at,
            version=release.version,
            reference=reference,
            outside=_outside(row.detail, entry),
            sites=self.standing.sites_on(row.person_id, day),
            language=self.standing.language_on(row.person_id, day),
            tier=self.standing.tier_at(row.person_id, row.submitted_at),
        )

    def _answers(self, entry: str, answers: Mapping[str, Any]) -> dict[str, Answer]:
        """What was rated; an item without an answer that the instrument takes is left out."""
        read = {}
        for item in self.instrument.items:
            given = answers.get(f"{entry}/{item.key}")
            if given is None:
                continue
            key = (item.key, repr(given))
            if key not in self.known:
                try:
                    self.known[key] = instruments.read_answer(item, _plain(given))
                except RatingRefused:
                    self.known[key] = None
            answer = self.known[key]
            if answer is not None:
                read[item.key] = answer
        return read


def _outside(detail: Any, entry: str) -> int | None:
    """How many items were outside their tolerance when it was marked; None if it was not."""
    marked = (detail or {}).get("cases", {}).get(entry)
    return None if marked is None else len(marked["outside"])


def _releases(slug: str) -> dict[int, _Published]:
    rows = db.session.execute(
        select(Release.id, Release.digest, Release.version)
        .join(Package, Package.id == Release.package_id)
        .where(Package.slug == slug)
        .order_by(Release.id)
    )
    return {release_id: _published(digest, version) for release_id, digest, version in rows}


def _published(digest: str, version: str) -> _Published:
    content = packages.content_of(digest)
    instrument = (
        instruments.instrument_from_data(content.instrument) if content.instrument else None
    )
    references, kinds = {}, {}
    for step in content.steps:
        if step.kind == "practice":
            kinds[step.key], cases = Setting.PRACTICE, list(step.cases)
        elif step.kind == "certification":
            kinds[step.key] = Setting.CERTIFICATION
            cases = [case for form in step.forms for case in form.cases]
        else:
            continue
        for case in cases:
            read = {key: instruments.answer_from_json(data) for key, data in case.reference.items()}
            references[case.key] = Reference(case.key, read, _digest_of(case), case.follows)
    return _Published(version, content, instrument, references, kinds)


def _digest_of(case: Case) -> str:
    """What a rater gets to see of a case, shortened."""
    shown = (case.title, case.html, [one.digest for one in case.media])
    return sha256(repr(shown).encode()).hexdigest()


def _submissions(slug: str) -> list[_Handed]:
    rows = db.session.execute(
        select(
            Enrolment.person_id,
            Enrolment.id,
            Enrolment.release_id,
            Attempt.id,
            Attempt.step_key,
            Attempt.number,
            Attempt.form,
            Attempt.drawn,
            Submission.answers,
            Submission.submitted_at,
            Result.detail,
        )
        .join(Attempt, Attempt.enrolment_id == Enrolment.id)
        .join(Submission, Submission.attempt_id == Attempt.id)
        .outerjoin(Result, Result.attempt_id == Attempt.id)
        .where(Enrolment.package_slug == slug)
        .order_by(Submission.submitted_at, Submission.id, Result.version)
    )
    latest = {row[3]: _Handed(*row) for row in rows}
    return list(latest.values())


def _plain(given: Any) -> Any:
    """A stored rating without the keys that say nothing."""
    if not isinstance(given, dict):
        return given
    return {
        key: value for key, value in given.items() if value not in (None, False) or key == "value"
    }
