"""Whether another try may begin, and until when it may be handed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

GRACE: Final = timedelta(seconds=20)
"""After the end of the time an answer is still taken for this long: it was on its way."""


@dataclass(frozen=True)
class Try:
    """An earlier attempt at the same step.

    Args:
        submitted_at: None while it is open.
        passed: None while it is not marked.
    """

    id: int
    number: int
    started_at: datetime
    due_at: datetime | None
    submitted_at: datetime | None
    passed: bool | None

    @property
    def open(self) -> bool:
        return self.submitted_at is None


@dataclass(frozen=True)
class NextTry:
    """Whether and when the next try may begin.

    Args:
        left: tries left, None where there is no limit.
        opens_at: the earliest moment, None where it may begin now or never.
        open: the try that is under way, if any.
        missing: keys of steps that must be done again first.
    """

    left: int | None
    opens_at: datetime | None
    open: Try | None
    missing: tuple[str, ...]

    @property
    def allowed(self) -> bool:
        return self.open is None and self.left != 0 and self.opens_at is None and not self.missing


def next_try(
    tries: Sequence[Try],
    *,
    limit: int | None,
    further: int,
    wait_hours: int,
    missing: tuple[str, ...],
    now: datetime,
) -> NextTry:
    """Say whether another try may begin.

    Args:
        tries: all earlier tries at the step, in order.
        limit: how many there may be; None for no limit.
        further: how many more somebody in charge has allowed.
        wait_hours: hours between handing in a failed try and the next one.
        missing: keys of steps that must be done again before.
        now: the present moment.
    """
    under_way = next((attempt for attempt in tries if attempt.open), None)
    left = None if limit is None else max(0, limit + further - len(tries))
    ended = [attempt.submitted_at for attempt in tries if attempt.submitted_at]
    opens = max(ended) + timedelta(hours=wait_hours) if ended and wait_hours else None
    return NextTry(
        left=left,
        opens_at=opens if opens and opens > now and left != 0 else None,
        open=under_way,
        missing=missing,
    )


def due(started_at: datetime, *, minutes: int | None, extra_time: float) -> datetime | None:
    """Return until when an attempt may be handed in, None for no limit.

    Args:
        extra_time: the factor of the person, at least 1.0.
    """
    return None if minutes is None else started_at + timedelta(minutes=minutes * extra_time)


def time_is_up(due_at: datetime | None, now: datetime) -> bool:
    """Tell whether an attempt is past its time and the grace for answers on their way."""
    return due_at is not None and now > due_at + GRACE
