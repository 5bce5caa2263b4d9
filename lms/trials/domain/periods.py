"""Days from and to, both included; no end means for as long as nobody ends it."""

from datetime import date, timedelta

from lms.errors import N_
from lms.trials.domain.errors import BadPeriod


def covers(from_on: date, to_on: date | None, on: date) -> bool:
    """Tell whether a day lies in the period."""
    return from_on <= on and (to_on is None or on <= to_on)


def overlap(
    first_from: date, first_to: date | None, second_from: date, second_to: date | None
) -> bool:
    """Tell whether two periods share a day. A period that ends before it begins shares none."""
    for from_on, to_on in ((first_from, first_to), (second_from, second_to)):
        if to_on is not None and to_on < from_on:
            return False
    starts_in_time = first_to is None or second_from <= first_to
    return starts_in_time and (second_to is None or first_from <= second_to)


def check_period(from_on: date, to_on: date | None) -> None:
    """Refuse a period whose last day is before its first.

    Raises:
        BadPeriod: if it is.
    """
    if to_on is not None and to_on < from_on:
        raise BadPeriod(
            N_("The last day, %(to_on)s, is before the first, %(from_on)s."),
            to_on=to_on.isoformat(),
            from_on=from_on.isoformat(),
        )


def day_before(day: date) -> date:
    """Return the day before, so that a new entry can begin where the old one stops."""
    return day - timedelta(days=1)
