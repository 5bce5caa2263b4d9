"""What a trial is to those who look after it, and who that is."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from lms.errors import N_
from lms.trials.domain.errors import TrialClosed


class State(StrEnum):
    """Whether things may change in a trial."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class Viewer:
    """Who asks. Coordinators see their own trials, sees_all is for administrators."""

    person_id: int
    sees_all: bool = False


@dataclass(frozen=True)
class TrialFacts:
    """A trial as read: a value, not a row."""

    id: int
    name: str
    protocol_code: str
    sponsor: str
    state: State
    state_since: datetime

    @property
    def closed(self) -> bool:
        return self.state is State.CLOSED


@dataclass(frozen=True)
class Listed:
    """One line of the list of trials, with figures of one day."""

    trial: TrialFacts
    sites: int
    raters: int
    requirements: int


@dataclass(frozen=True)
class SiteFacts:
    """A site of a trial."""

    id: int
    number: str
    name: str
    country: str


@dataclass(frozen=True)
class CoordinatorFacts:
    """Somebody who looks after a trial, or did."""

    id: int
    person_id: int
    name: str
    added_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class Stay:
    """One entry of the roster, with where and why it ended."""

    id: int
    site_number: str
    site_name: str
    name: str
    role: str
    language: str
    from_on: date
    to_on: date | None
    added_at: datetime
    ended_at: datetime | None
    end_reason: str


def check_open(trial: TrialFacts) -> None:
    """Refuse changes in a closed trial.

    Raises:
        TrialClosed: if it is closed.
    """
    if trial.closed:
        raise TrialClosed(N_("This trial is closed. Open it again before you change anything."))
