"""A follow-up visit in a person's hands: their own initial visit, and what does not go together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lms.instruments import api as instruments
from lms.instruments.domain import Answer, Flag
from lms.modules import marked
from lms.modules.material import Material
from lms.modules.queries import AttemptFacts
from lms.packages.domain import Case


@dataclass(frozen=True)
class Visits:
    """A follow-up with the initial visit as the same person scored it.

    Args:
        initial, follow_up: what could be read of the answers, by item.
    """

    case: Case
    initial_case: Case
    initial: dict[str, Answer]
    follow_up: dict[str, Answer]

    def flags(self, material: Material) -> Sequence[Flag]:
        """Return what does not go together, in the order of the instrument's rules."""
        return instruments.visit_flags(material.instrument, self.follow_up, self.initial)


def visits_of(material: Material, case: Case, answers: Mapping[str, Any]) -> Visits | None:
    """Return both visits where a case is a follow-up, None where it is not.

    Args:
        answers: by "case/item", those of the initial visit among them.
    """
    if case.follows is None:
        return None
    initial = material.cases[case.follows]
    return Visits(
        case,
        initial,
        marked.read_ratings(material, initial.key, answers)[0],
        marked.read_ratings(material, case.key, answers)[0],
    )


def visits_in(attempt: AttemptFacts, entry: str, answers: Mapping[str, Any]) -> Visits | None:
    """Return both visits of a case of an attempt, None where it is no follow-up."""
    case = attempt.material.cases[entry]
    if case.follows is None:
        return None
    return visits_of(attempt.material, case, marked.with_initial_visit(attempt, answers))


def all_visits(attempt: AttemptFacts, answers: Mapping[str, Any]) -> list[tuple[int, Visits]]:
    """Return every follow-up of an attempt, with the number of its part."""
    found = []
    for number, entry in enumerate(attempt.drawn, start=1):
        visits = visits_in(attempt, entry, answers) if isinstance(entry, str) else None
        if visits is not None:
            found.append((number, visits))
    return found
