"""Ratings that were handed in, each a case that somebody scored, for files that leave the house."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from lms.db import db
from lms.errors import N_, NotFound
from lms.instruments import api as instruments
from lms.instruments.domain import Answer, Instrument, RatingRefused
from lms.modules.models import Attempt, Enrolment, Submission
from lms.packages import api as packages
from lms.packages.models import Package, Release


@dataclass(frozen=True)
class CaseRating:
    """One case, scored by one person.

    Args:
        time: how often the person has scored the case up to here, from 1.
        whole: whether every item that the form asks for has an answer.
    """

    person_id: int
    case: str
    time: int
    answers: Mapping[str, Answer]
    whole: bool


@dataclass(frozen=True)
class ModuleRatings:
    """Every rating of a module that was made on one instrument version.

    Args:
        others: ratings that were made on another version, and are not among these.
    """

    instrument: Instrument
    ratings: tuple[CaseRating, ...]
    others: int


def ratings_of(slug: str) -> ModuleRatings:
    """Return what was handed in on the instrument of a module's newest release.

    Raises:
        NotFound: if there is no such module, or it has no instrument.
    """
    digests = dict(
        db.session.execute(
            select(Release.id, Release.digest)
            .join(Package, Package.id == Release.package_id)
            .where(Package.slug == slug)
            .order_by(Release.id)
        ).all()
    )
    versions = {release: _instrument(digest) for release, digest in digests.items()}
    instrument = versions[max(versions)] if versions else None
    if instrument is None:
        raise NotFound(N_("There is no module %(slug)s with an instrument."), slug=slug)
    found: list[CaseRating] = []
    others, times = 0, Counter[tuple[int, str]]()
    for person_id, release_id, drawn, answers in _submissions(slug):
        for case in (key for key in drawn if isinstance(key, str)):
            if versions.get(release_id) != instrument:
                others += 1
                continue
            times[person_id, case] += 1
            read = _answers(instrument, case, answers)
            whole = not instruments.unfinished(instrument, read)
            found.append(CaseRating(person_id, case, times[person_id, case], read, whole))
    return ModuleRatings(instrument, tuple(found), others)


def _instrument(digest: str) -> Instrument | None:
    data = packages.content_of(digest).instrument
    return instruments.instrument_from_data(data) if data else None


def _submissions(slug: str) -> list[tuple[int, int, Any, Any]]:
    rows = db.session.execute(
        select(Enrolment.person_id, Enrolment.release_id, Attempt.drawn, Submission.answers)
        .join(Attempt, Attempt.enrolment_id == Enrolment.id)
        .join(Submission, Submission.attempt_id == Attempt.id)
        .where(Enrolment.package_slug == slug)
        .order_by(Submission.submitted_at, Submission.id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def _answers(instrument: Instrument, case: str, answers: Mapping[str, Any]) -> dict[str, Answer]:
    """What was rated; an item without an answer that the instrument takes is left out."""
    read = {}
    for item in instrument.items:
        given = answers.get(f"{case}/{item.key}")
        if given is None:
            continue
        try:
            read[item.key] = instruments.read_answer(item, _plain(given))
        except RatingRefused:
            continue
    return read


def _plain(given: Any) -> Any:
    """A stored rating without the keys that say nothing."""
    if not isinstance(given, dict):
        return given
    return {
        key: value for key, value in given.items() if value not in (None, False) or key == "value"
    }
