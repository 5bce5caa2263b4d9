"""The door of the panels room."""

from datetime import date

from lms.accounts import api as accounts
from lms.panels import queries


def count_open(person_id: int, *, today: date) -> int:
    """Return how many cases wait for a person on panels of experts."""
    return queries.count_open(person_id, shown_address(person_id), today=today)


def shown_address(person_id: int) -> str | None:
    """Return a person's address if they have shown that it is theirs."""
    person = accounts.person(person_id)
    return person.email if person.confirmed else None
