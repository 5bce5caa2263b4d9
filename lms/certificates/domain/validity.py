"""By which rule a certificate ends: months, months to their end, and while a trial is open."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

MOST_MONTHS = 120


@dataclass(frozen=True)
class Validity:
    """The rule of a module. Of several ends the earliest counts; with none it does not end.

    Args:
        months: how long it holds, 1 to 120; None where no number of months ends it.
        end_of_month: it holds on to the last day of the month in which it would end.
        keep_anniversary_months: a renewal so many months or fewer before the end counts from that
            end, so that nothing is lost by renewing early; 0 where it counts from its own day.
        while_trial_open: it ends with the trial; on which day is known when the trial closes.

    Raises:
        ValueError: if months are out of bounds, or something about months is said without them.
    """

    months: int | None = None
    end_of_month: bool = False
    keep_anniversary_months: int = 0
    while_trial_open: bool = False

    def __post_init__(self) -> None:
        if self.months is None:
            if self.end_of_month or self.keep_anniversary_months:
                raise ValueError("without months there is no end of month and no anniversary")
        elif not 1 <= self.months <= MOST_MONTHS:
            raise ValueError(f"a certificate holds for 1 to {MOST_MONTHS} months")
        elif not 0 <= self.keep_anniversary_months <= self.months:
            raise ValueError("the anniversary is kept at most for as long as a certificate holds")

    @property
    def endless(self) -> bool:
        return self.months is None and not self.while_trial_open

    def as_data(self) -> dict[str, Any]:
        """Return plain JSON values; `validity_from_data` reads them back."""
        return asdict(self)


@dataclass(frozen=True)
class Term:
    """From when to when one certificate of a line holds.

    Attributes:
        printed_on: the last day that it bears, None where it bears none.
        last_on: the last day on which it holds in the end, None for no end: a trial that closed or
            a renewal may have come first.
        kept: its end was counted from the one before it.
    """

    first_on: date
    printed_on: date | None
    last_on: date | None
    kept: bool = False


def validity_from_data(data: Mapping[str, Any]) -> Validity:
    """Read a rule from its JSON values.

    Raises:
        ValueError: if it is none.
    """
    try:
        return Validity(**data)
    except TypeError as error:
        raise ValueError("this is not a rule of validity") from error


def last_day(
    rule: Validity, issued_on: date, *, previous_end: date | None = None
) -> tuple[date | None, bool]:
    """Return the last day that a certificate bears, and whether the anniversary was kept.

    The same day of the month so many months later, or that month's last where it is shorter.

    Args:
        previous_end: the last day of the certificate that is renewed; None for a first one.

    Returns:
        None as the day where no number of months ends it.
    """
    if rule.months is None:
        return None, False
    kept = _keeps(rule, issued_on, previous_end)
    start = previous_end if kept and previous_end is not None else issued_on
    end = months_later(start, rule.months)
    return (month_end(end) if rule.end_of_month else end), kept


def simulate(
    rule: Validity,
    issued_on: date,
    *,
    renewals: Sequence[date] = (),
    trial_closed_on: date | None = None,
) -> list[Term]:
    """Return what a first certificate and its renewals would bear, and until when they would hold.

    Args:
        renewals: days of renewal, in any order; those before the issue do not count.
        trial_closed_on: the day on which the trial closes; counts only where the rule says so, and
            not for what is issued after it.
    """
    days = [issued_on, *sorted(day for day in set(renewals) if day > issued_on)]
    closed = trial_closed_on if rule.while_trial_open else None
    terms: list[Term] = []
    for number, day in enumerate(days):
        previous = terms[-1].printed_on if terms else None
        printed, kept = last_day(rule, day, previous_end=previous)
        follower = days[number + 1] if number + 1 < len(days) else None
        terms.append(_term(day, printed, kept, closed, follower))
    return terms


def _term(
    first: date, printed: date | None, kept: bool, closed: date | None, follower: date | None
) -> Term:
    closed = closed if closed is not None and closed >= first else None
    ends = [printed, closed, follower - timedelta(days=1) if follower else None]
    return Term(first, printed, min((day for day in ends if day is not None), default=None), kept)


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later (earlier below 0), or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _keeps(rule: Validity, issued_on: date, previous_end: date | None) -> bool:
    if previous_end is None or not rule.keep_anniversary_months:
        return False
    opens = months_later(previous_end, -rule.keep_anniversary_months)
    return opens <= issued_on <= previous_end
