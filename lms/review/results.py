"""The figures of one release, gathered: which tries count, and everything that a page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from lms.modules import api as modules
from lms.packages.domain import CertificationStep, PracticeStep, QuizStep
from lms.review.domain.figures import (
    CaseFigures,
    FormFigures,
    QuestionFigures,
    of_form,
    of_practice,
    of_quiz,
)
from lms.review.domain.suspects import Suspect, suspects


@dataclass(frozen=True)
class StepFigures:
    """A step with its forms, cases or questions."""

    step: CertificationStep | PracticeStep | QuizStep
    forms: tuple[FormFigures, ...] = ()
    cases: tuple[CaseFigures, ...] = ()
    questions: tuple[QuestionFigures, ...] = ()

    @property
    def unequal(self) -> tuple[tuple[str, str], ...]:
        """Pairs of forms of which one is harder: their intervals do not meet."""
        return tuple(
            (one.form, other.form)
            for one, other in combinations(self.forms, 2)
            if one.interval is not None
            and other.interval is not None
            and (one.interval.high < other.interval.low or other.interval.high < one.interval.low)
        )


@dataclass(frozen=True)
class Results:
    """A release's figures: step by step, and which references may be wrong."""

    steps: tuple[StepFigures, ...]
    suspects: tuple[Suspect, ...]
    tries: int
    people: int


def results_of(release_id: int, digest: str, *, every_try: bool) -> Results:
    """Return the figures of a release, in one query.

    Args:
        every_try: else each person's first try at a step, and first scoring of a practice case.
    """
    material = modules.material_of(digest)
    steps = [
        step
        for step in material.content.steps
        if isinstance(step, CertificationStep | PracticeStep | QuizStep)
    ]
    tries = modules.tries_on(release_id, [step.key for step in steps])
    if not every_try:
        tries = first_tries(tries, {s.key for s in steps if isinstance(s, PracticeStep)})
    found = tuple(
        _step(material, step, [one for one in tries if one.step_key == step.key]) for step in steps
    )
    return Results(
        steps=found,
        suspects=suspects(case for step in found for case in step.cases),
        tries=len(tries),
        people=len({one.person_id for one in tries}),
    )


def first_tries(tries: Sequence[modules.PastTry], practice: set[str]) -> list[modules.PastTry]:
    """Return the tries at which nobody knew more than the lessons tell.

    Args:
        tries: in the order in which they were begun.
        practice: keys of practice steps; there the first scoring of each case counts.
    """
    seen: set[tuple[int, str, str]] = set()
    found = []
    for one in tries:
        part = str(one.drawn) if one.step_key in practice else ""
        key = (one.person_id, one.step_key, part)
        if key not in seen and one.round == 1:
            seen.add(key)
            found.append(one)
    return found


def _step(
    material: modules.Material,
    step: CertificationStep | PracticeStep | QuizStep,
    tries: list[modules.PastTry],
) -> StepFigures:
    if isinstance(step, QuizStep):
        return StepFigures(step, questions=of_quiz(step, tries))
    if isinstance(step, PracticeStep):
        cases = of_practice(material.instrument, step, material.criteria, tries)
        return StepFigures(step, cases=cases)
    pairs = [
        of_form(material.instrument, step, form.key, [one for one in tries if one.form == form.key])
        for form in step.forms
    ]
    return StepFigures(
        step,
        forms=tuple(form for form, _ in pairs),
        cases=tuple(case for _, cases in pairs for case in cases),
    )
