"""Going through a module once more: why, when it may begin, and what need not be done again."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from typing import Final

from lms.certificates.domain import State, Validity, months_later
from lms.packages.domain import Content

WINDOW_MONTHS: Final = 3
"""So long before its end a certificate may be renewed where its module's rule says no other."""


class RoundKind(StrEnum):
    """Why a person is on the path."""

    FIRST = "first"
    RENEWAL = "renewal"
    TOP_UP = "top_up"
    REDO = "redo"
    DRIFT = "drift"


def renewal_opens_on(rule: Validity, ends_on: date) -> date:
    """Return the first day on which a certificate with this last day may be renewed."""
    return months_later(ends_on, -(rule.keep_anniversary_months or WINDOW_MONTHS))


def may_renew(rule: Validity, *, state: State, ends_on: date | None, today: date) -> bool:
    """Tell whether the holder of a certificate may begin to renew it: near its end, or after it.

    Args:
        state: of the last certificate of the line, today.
        ends_on: its last day, None where it does not end.
    """
    if state not in (State.VALID, State.EXPIRED) or ends_on is None:
        return False
    return today >= renewal_opens_on(rule, ends_on)


def carried_at_renewal(content: Content) -> tuple[str, ...]:
    """Return the steps that a renewal takes over, as the package says; by default none."""
    again = content.certificate.renewal
    if again is None:
        return ()
    return tuple(step.key for step in content.steps if step.key not in again)


def carried_between(before: Content, after: Content, done: Collection[str]) -> tuple[str, ...]:
    """Return the steps of a release that were done in the very same form on another one.

    A step is the same if everything about it is: what is shown, asked, counted and required.

    Args:
        done: keys of the steps that were done on the one before.
    """
    known = {step.key: step for step in before.steps}
    return tuple(
        step.key for step in after.steps if step.key in done and known.get(step.key) == step
    )
