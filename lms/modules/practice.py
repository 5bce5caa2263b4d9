"""A person's practice at a step: every case that was handed in, compared again with the panel."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lms.instruments.domain import Direction, Instrument
from lms.modules import marked
from lms.modules.domain import CaseMark, Observation, Pattern, find_patterns, observe
from lms.modules.material import Material
from lms.modules.queries import PracticeTry
from lms.packages.domain import Case


@dataclass(frozen=True)
class Compared:
    """One try at a practice case.

    Args:
        attempt_id: None where nothing is kept, as in a preview.
        submitted_at: None likewise.
    """

    attempt_id: int | None
    number: int
    submitted_at: datetime | None
    case: Case
    mark: CaseMark
    scores: tuple[Observation, ...]


@dataclass(frozen=True)
class Practice:
    """All tries at a step, oldest first."""

    tries: tuple[Compared, ...]
    patterns: tuple[Pattern, ...]

    @property
    def scores(self) -> list[Observation]:
        return [score for one in self.tries for score in one.scores]


def practice_of(material: Material, tries: Sequence[PracticeTry]) -> Practice:
    """Compare what was handed in with the panel and look for patterns.

    A follow-up visit comes right after its initial one, so that the try before holds that.
    """
    before: list[dict[str, Any]] = [{}, *(one.answers for one in tries)]
    return _practice(
        material.instrument,
        [
            compare(
                material,
                material.cases[key],
                {**earlier, **one.answers} if material.cases[key].follows else one.answers,
                number=one.number,
                attempt_id=one.attempt_id,
                submitted_at=one.submitted_at,
            )
            for one, earlier in zip(tries, before, strict=False)
            for key in one.drawn
        ],
    )


def practice_of_case(material: Material, case: Case, answers: dict[str, Any]) -> Practice:
    """Return a practice of one case of which nothing is kept."""
    return _practice(material.instrument, [compare(material, case, answers, number=1)])


def practice_of_panel(material: Material, cases: Iterable[Case]) -> Practice:
    """Return the practice of somebody who scores each case as the first rater of its panel did."""
    tries = []
    for number, case in enumerate(cases, start=1):
        answers = of_first_rater(case)
        if case.follows is not None:
            answers |= of_first_rater(material.cases[case.follows])
        tries.append(compare(material, case, answers, number=number))
    return _practice(material.instrument, tries)


def of_first_rater(case: Case) -> dict[str, Any]:
    """Return what the first rater of a case's panel scored, as answers by "case/item"."""
    ratings = case.panel[0].ratings if case.panel else case.reference
    return {f"{case.key}/{item}": answer for item, answer in ratings.items()}


def compare(
    material: Material,
    case: Case,
    answers: dict[str, Any],
    *,
    number: int,
    attempt_id: int | None = None,
    submitted_at: datetime | None = None,
) -> Compared:
    """Compare one case.

    Args:
        answers: by "case/item", as they were given; of a follow-up, the initial visit's, too.
    """
    mark = marked.mark_cases(material, [case], answers).cases[0]
    scores = tuple(observe(material.instrument, case, mark))
    return Compared(attempt_id, number, submitted_at, case, mark, scores)


def _practice(instrument: Instrument, tries: list[Compared]) -> Practice:
    scores = [score for one in tries for score in one.scores]
    return Practice(tuple(tries), find_patterns(scores, direction=_direction(instrument)))


def _direction(instrument: Instrument) -> Direction | None:
    directions = {total.direction for total in instrument.totals}
    return directions.pop() if len(directions) == 1 else None
