"""Experts judged by the same rules as novices: each against the reference of the others."""

from collections.abc import Sequence
from dataclasses import dataclass

from lms.instruments.domain import Instrument
from lms.modules.domain.rating import RatingResult, mark_step
from lms.packages.domain import Case, CaseForm, CertificationStep
from lms.packages.domain.experts import case_of_the_others, ratings_of


@dataclass(frozen=True)
class ExpertResult:
    """How one expert of a form's panel would have done with that form."""

    form: str
    rater: str
    result: RatingResult


@dataclass(frozen=True)
class PanelResult:
    """All experts who rated every case of their form."""

    experts: tuple[ExpertResult, ...]

    @property
    def passed(self) -> int:
        return sum(expert.result.passed for expert in self.experts)

    @property
    def of(self) -> int:
        return len(self.experts)

    def of_form(self, form: str) -> "PanelResult":
        return PanelResult(tuple(one for one in self.experts if one.form == form))


def judge_panel(instrument: Instrument, step: CertificationStep) -> PanelResult:
    """Judge every expert by the step's criteria, against the reference that the others make.

    A stated reference stays as it is stated, since it does not come from ratings. Intervals of
    experts and limits of the panel are those of the others, too.
    """
    return PanelResult(
        tuple(
            ExpertResult(form.key, rater, _judged(instrument, step, form.cases, rater))
            for form in step.forms
            for rater in raters_of(form)
        )
    )


def raters_of(form: CaseForm) -> list[str]:
    """Return who rated every case of a form, in the order of its first case."""
    if not form.cases:
        return []
    everywhere = set.intersection(*({one.rater for one in case.panel} for case in form.cases))
    return [one.rater for one in form.cases[0].panel if one.rater in everywhere]


def _judged(
    instrument: Instrument, step: CertificationStep, cases: Sequence[Case], rater: str
) -> RatingResult:
    others = [case_of_the_others(instrument, case, rater) for case in cases]
    answers = {
        case.key: ratings_of(next(one.ratings for one in case.panel if one.rater == rater))
        for case in cases
    }
    return mark_step(instrument, others, step, answers=answers)
