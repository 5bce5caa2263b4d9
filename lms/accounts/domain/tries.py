"""How long somebody waits after wrong passwords: short at first, longer with each further one."""

from datetime import datetime, timedelta
from typing import Final

from lms.errors import LmsError

FREE_TRIES: Final = 5
FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(minutes=15)
FORGOTTEN_AFTER: Final = timedelta(hours=24)


class TooManyTries(LmsError):
    """Too many wrong passwords for one address; the same answer for an address without account.

    wait is how long, rounded up to whole seconds.
    """

    status = 429

    def __init__(self, message: str, *, wait: timedelta) -> None:
        super().__init__(message, seconds=int(wait.total_seconds()))
        self.wait = wait


def wait_after(tries: int) -> timedelta:
    """Return how long the next try must wait.

    Args:
        tries: wrong passwords in a row, the latest included.

    Returns:
        Nothing up to the fourth; 30 s after the fifth, then double each time, 15 min at most.
    """
    if tries < FREE_TRIES:
        return timedelta(0)
    doublings = min(tries - FREE_TRIES, 10)
    return min(FIRST_WAIT * 2**doublings, LONGEST_WAIT)


def still_to_wait(locked_until: datetime | None, now: datetime) -> timedelta:
    """Return how long a lock lasts from now, in seconds rounded up; zero if there is none."""
    if locked_until is None or locked_until <= now:
        return timedelta(0)
    return timedelta(seconds=-(-(locked_until - now) // timedelta(seconds=1)))
