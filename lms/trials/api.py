"""The door of the trials room."""

from datetime import date

from lms.accounts import api as accounts
from lms.trials import queries


def requirements_for(person_id: int, on: date) -> list[tuple[str, str, date]]:
    """Return what trials ask of a person on a day: trial's name, module's slug, since when.

    Raises:
        NotFound: if there is nobody with this id.
    """
    person = accounts.person(person_id)
    email = person.email if person.confirmed else None
    return [
        (found.trial_name, asked.module_slug, asked.from_on)
        for found in queries.asked_of_person(person_id, email, on)
        for asked in found.asked
    ]
