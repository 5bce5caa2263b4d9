"""What a panel is, when it takes ratings, and what can go wrong."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from lms.accounts.domain import clean_email
from lms.errors import N_, Conflict, Invalid

MOST_EXPERTS: Final = 100
_EXPERT: Final = re.compile(
    r"(?P<name>[^<>@]*?)\s*<?(?P<email>[^<>@\s,;]+@[^<>@\s,;]+\.[^<>@\s,;]+)>?"
)


class PanelMethod(StrEnum):
    """How the reference comes from the ratings."""

    MEDIAN = "median"
    MODE = "mode"
    MEAN = "mean"
    ADJUDICATED = "adjudicated"


class PanelState(StrEnum):
    OPEN = "open"
    OVER = "over"  # its day has passed; nobody closed it yet
    CLOSED = "closed"


class PanelClosed(Conflict):
    """Ratings are not taken any more, or are still taken."""


class AlreadyHandedIn(Conflict):
    """The rating of this case was handed in before."""


class Incomplete(Invalid):
    """Items of the case are not scored yet."""


class NotReady(Conflict):
    """A reference cannot be signed yet."""


class CasesChanged(Conflict):
    """The package's case is not the one that the panel rated."""


@dataclass(frozen=True)
class Viewer:
    """Who looks or acts; `everything` for administrators."""

    person_id: int
    everything: bool


@dataclass(frozen=True)
class NewPanel:
    """What a creator asks of a panel.

    Args:
        draft_id: the draft whose cases are rated; None = the current release of `slug`.
        limit: share (0..1) of disagreement beyond which an item cannot fail anybody.
        closes_on: the last day on which ratings are taken, in UTC; None = until it is closed.
        adjudicator_id: who decides disputed items, with the method adjudicated.
        experts: (address, name), in order.
        cases: keys, in order.
    """

    draft_id: int | None
    slug: str
    title: str
    method: PanelMethod
    limit: Decimal
    closes_on: date | None
    adjudicator_id: int | None
    experts: tuple[tuple[str, str], ...]
    cases: tuple[str, ...]


def state_of(*, closed: bool, closes_on: date | None, today: date) -> PanelState:
    if closed:
        return PanelState.CLOSED
    if closes_on is not None and today > closes_on:
        return PanelState.OVER
    return PanelState.OPEN


class Wait(StrEnum):
    """What a panel waits for."""

    RATINGS = "ratings"
    CLOSING = "closing"
    SIGNATURE = "signature"


@dataclass(frozen=True)
class WaitingPanel:
    """A panel that waits for its experts or for its owner."""

    id: int
    title: str
    wait: Wait
    handed_in: int
    asked: int


def wait_of(state: PanelState, *, handed_in: int, asked: int, signed: bool) -> Wait | None:
    """Return what a panel waits for; None where nothing is to be done.

    Args:
        handed_in, asked: in its latest round, of experts who were not withdrawn.
        signed: whether a reference was signed since it was closed last.
    """
    if state is PanelState.CLOSED:
        return None if signed else Wait.SIGNATURE
    ready = state is PanelState.OVER or handed_in >= asked
    return Wait.CLOSING if ready else Wait.RATINGS


def read_experts(text: str) -> tuple[tuple[str, str], ...]:
    """Read one expert a line, "Robin Hale <robin@example.org>" or the address alone.

    Returns:
        (address in small letters, name or ""), each address once, in order.

    Raises:
        Invalid: if a line holds no address, or there are too many.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        match = _EXPERT.fullmatch(line.strip())
        if match is None or len(line) > 300:
            raise Invalid(
                N_("Line %(number)s holds no email address: %(line)s"),
                number=number,
                line=line.strip()[:80],
            )
        name = " ".join(match["name"].replace('"', " ").split())[:200]
        found.setdefault(clean_email(match["email"]), name)
    if len(found) > MOST_EXPERTS:
        raise Invalid(N_("A panel has at most %(most)s experts."), most=MOST_EXPERTS)
    return tuple(found.items())
