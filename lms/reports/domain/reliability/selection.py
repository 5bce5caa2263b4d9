"""Which of a module's ratings a report is made from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from lms.reports.domain.reliability.ratings import CaseRating, ModuleRatings, Setting
from lms.reports.domain.reliability.tiers import Tier

NONE = "none"
"""Stands for "no site" and "language not stated" where one is asked for."""


class Tries(StrEnum):
    """Which of a person's tries count: later ones are not independent of the first."""

    FIRST = "first"
    LAST = "last"
    ALL = "all"


@dataclass(frozen=True)
class Wanted:
    """What is asked for; "" and None ask for everything.

    Args:
        since, until: days of handing in (UTC), both included.
        total: key of the total that the figures are of; "" for the instrument's first.
    """

    setting: Setting = Setting.CERTIFICATION
    tries: Tries = Tries.FIRST
    since: date | None = None
    until: date | None = None
    site: str = ""
    language: str = ""
    tier: str = ""
    total: str = ""

    def as_data(self) -> dict[str, Any]:
        """Return plain JSON values; `from_data` reads them back."""
        plain = asdict(self)
        days = {name: day and day.isoformat() for name, day in plain.items() if name in DAYS}
        return {**plain, **days}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Wanted":
        days = {name: data[name] and date.fromisoformat(data[name]) for name in DAYS}
        return cls(
            **{
                **data,
                **days,
                "setting": Setting(data["setting"]),
                "tries": Tries(data["tries"]),
            }
        )


DAYS = ("since", "until")


@dataclass(frozen=True)
class Choices:
    """What a report of these ratings can be narrowed to, each with what occurs."""

    settings: tuple[Setting, ...]
    sites: tuple[str, ...]
    languages: tuple[str, ...]
    tiers: tuple[Tier, ...]


def choices_of(found: ModuleRatings) -> Choices:
    ratings = found.ratings
    return Choices(
        settings=tuple(s for s in Setting if any(r.setting is s for r in ratings)),
        sites=tuple(sorted({site for r in ratings for site in r.sites or (NONE,)})),
        languages=tuple(sorted({r.language or NONE for r in ratings})),
        tiers=tuple(t for t in Tier if any(r.tier is t for r in ratings)),
    )


def chosen(ratings: Iterable[CaseRating], wanted: Wanted) -> list[CaseRating]:
    """Return the ratings asked for, hidden repeats among them, in the order they were handed in.

    Which try is the first or the last is told from all of a person's tries in that setting, so
    that a narrower period never turns a second try into a first one. In certification a try is an
    attempt of an enrolment; in practice, where an attempt is one case, it is a case of an
    enrolment.
    """
    in_setting = [rating for rating in ratings if rating.setting is wanted.setting]
    kept = in_setting if wanted.tries is Tries.ALL else _tries(in_setting, wanted.tries)
    return [rating for rating in kept if _fits(rating, wanted)]


def _tries(ratings: Sequence[CaseRating], tries: Tries) -> list[CaseRating]:
    counted: dict[tuple[int, str, str], int] = {}
    for rating in ratings:
        key = _course(rating)
        before = counted.get(key, rating.number)
        pick = min if tries is Tries.FIRST else max
        counted[key] = pick(before, rating.number)
    return [rating for rating in ratings if counted[_course(rating)] == rating.number]


def _course(rating: CaseRating) -> tuple[int, str, str]:
    """What tries are counted in."""
    case = rating.case if rating.setting is Setting.PRACTICE else ""
    return rating.enrolment_id, rating.step, case


def _fits(rating: CaseRating, wanted: Wanted) -> bool:
    day = rating.submitted_at.date()
    return (
        (wanted.since is None or wanted.since <= day)
        and (wanted.until is None or day <= wanted.until)
        and (not wanted.site or wanted.site in (rating.sites or (NONE,)))
        and (not wanted.language or wanted.language == (rating.language or NONE))
        and (not wanted.tier or wanted.tier == rating.tier)
    )
