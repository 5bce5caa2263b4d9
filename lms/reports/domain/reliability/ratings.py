"""Ratings as facts: who scored which case, when and as what, beside the case's reference."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from lms.instruments.domain import Answer, Instrument
from lms.reports.domain.reliability.tiers import Tier


class Setting(StrEnum):
    """For what a case was scored."""

    CERTIFICATION = "certification"
    PRACTICE = "practice"


@dataclass(frozen=True, eq=False)
class Reference:
    """A case as one release has it: what it shows, by a digest, its reference, and the initial
    visit of which it is the follow-up."""

    case: str
    answers: Mapping[str, Answer]
    shown: str = ""
    follows: str | None = None

    @property
    def identity(self) -> tuple[object, ...]:
        """Equal where two releases show the same and have the same reference."""
        return self.case, self.shown, *sorted(self.answers.items(), key=lambda pair: pair[0])


@dataclass(frozen=True, eq=False)
class CaseRating:
    """One case, scored by one person, in one attempt.

    Args:
        time: how often the person has scored the case up to here, from 1.
        whole: whether every item that the form asks for has an answer.
        presentation: 2 for the hidden second showing of a case within one attempt.
        step: key of the step; form: key of the case form, "" in practice.
        number: of the attempt at the step, within the enrolment.
        version: of the release.
        outside: how many items were outside their tolerance when it was marked; None if unknown.
        sites: on whose rosters the person stood on that day, as "protocol / number".
        language: BCP 47 as the account has it, "" if unknown.
    """

    person_id: int
    case: str
    time: int
    answers: Mapping[str, Answer]
    whole: bool
    presentation: int
    setting: Setting
    step: str
    form: str
    enrolment_id: int
    attempt_id: int
    number: int
    submitted_at: datetime
    version: str
    reference: Reference
    outside: int | None
    sites: tuple[str, ...] = ()
    language: str = ""
    tier: Tier = Tier.DEVELOPING


@dataclass(frozen=True)
class ModuleRatings:
    """Every rating of a module that was made on one instrument version.

    Args:
        others: ratings that were made on another version, and are not among these.
        steps: titles of the newest release's steps by key.
    """

    instrument: Instrument
    ratings: tuple[CaseRating, ...]
    others: int
    slug: str = ""
    title: str = ""
    steps: Mapping[str, str] = field(default_factory=dict)
