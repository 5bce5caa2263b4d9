"""The door of the panels room."""

from datetime import date

from lms.accounts import api as accounts
from lms.panels import queries
from lms.panels.domain import WaitingPanel


def count_open(person_id: int, *, today: date) -> int:
    """Return how many cases wait for a person on panels of experts.

    One statement, for the home page. Somebody who was asked by address before they had an account
    is counted once they have seen the list of their panels.
    """
    return queries.count_open(person_id, None, today=today)


def waiting_of(person_id: int, *, today: date) -> tuple[int, list[WaitingPanel]]:
    """Return what `count_open` says, and the panels that a person opened and that wait.

    One statement, for the home page of a creator.
    """
    return queries.waiting_of(person_id, today=today)


def shown_address(person_id: int) -> str | None:
    """Return a person's address if they have shown that it is theirs."""
    person = accounts.person(person_id)
    return person.email if person.confirmed else None
