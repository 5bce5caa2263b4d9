"""From what somebody typed to the rules of a question: written as a package would write them."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from lms.errors import N_, Invalid
from lms.modules.domain.changed import ChangedRules, ReferenceChange
from lms.modules.domain.changed_quiz import AnyRules, ChangedQuiz, KeyChange
from lms.packages import api as packages
from lms.packages.domain import CertificationStep, Content, NumberAnswer, QuizStep
from lms.packages.domain.findings import Finding
from lms.review.forms import FIGURES, REFERENCE, WhatIfForm

Judged = CertificationStep | QuizStep


class NothingToAsk(Invalid):
    """The module has no step that a try is judged at."""


def steps_of(content: Content) -> list[Judged]:
    """Return the steps of which may be asked: certifications with cases first, then quizzes."""
    found = [step for step in content.steps if isinstance(step, CertificationStep | QuizStep)]
    return sorted(found, key=lambda step: isinstance(step, QuizStep))


def step_of(content: Content, key: str) -> Judged:
    """Return the step of this key of which may be asked, or the first one.

    Raises:
        NothingToAsk: if there is none.
    """
    steps = steps_of(content)
    if not steps:
        raise NothingToAsk(N_("This module has no quiz, and no certification with cases."))
    return next((step for step in steps if step.key == key), steps[0])


def usual_figures(step: CertificationStep) -> dict[str, Any]:
    """Return the figures that a short form shows; {} where a step has levels."""
    if step.levels:
        return {}
    criteria = step.criteria
    item, total = criteria.item_within, criteria.total_within
    found: dict[str, Any] = {}
    if item is not None:
        found["tolerance"] = Decimal(item.tolerance)
        if item.percent is None:
            found["items"] = item.items
    if total is not None and total.percent is None:
        found["total"] = Decimal(total.tolerance)
    if criteria.of_a_case:
        found["cases"] = criteria.cases
    return found


def written_of(form: WhatIfForm, step: CertificationStep) -> str:
    """Return what was asked as the YAML of a package, whichever way it was said."""
    if form.way.data == FIGURES:
        return packages.rules_as_text(_with_figures(form, step))
    if form.way.data == REFERENCE:
        return f"references:\n  {form.case.data}:\n    {form.item.data}: {form.value.data}\n"
    return str(form.written.data or "")


def _with_figures(form: WhatIfForm, step: CertificationStep) -> CertificationStep:
    criteria, shown = step.criteria, usual_figures(step)
    item, total = criteria.item_within, criteria.total_within
    if item is not None and form.tolerance.data is not None:
        items = form.items.data if "items" in shown and form.items.data else item.items
        item = replace(item, tolerance=format(form.tolerance.data, "f"), items=items)
    if total is not None and "total" in shown and form.total.data is not None:
        total = replace(total, tolerance=format(form.total.data, "f"))
    cases = form.cases.data or criteria.cases
    changed = replace(criteria, item_within=item, total_within=total, cases=cases)
    return replace(step, criteria=changed)


def rules_of(
    written: str, content: Content, step: Judged
) -> tuple[AnyRules | None, tuple[Finding, ...]]:
    """Read a question; None, with what is wrong and where, if it does not stand."""
    if isinstance(step, QuizStep):
        return _quiz_rules_of(written, step)
    read, report = packages.read_rules(written, content, step)
    if read is None:
        return None, report.errors
    return ChangedRules(
        step=step.key,
        criteria=read.criteria,
        levels=read.levels,
        references=tuple(ReferenceChange(*one) for one in read.references),
    ), ()


def _quiz_rules_of(written: str, step: QuizStep) -> tuple[ChangedQuiz | None, tuple[Finding, ...]]:
    read, report = packages.read_quiz_rules(written, step)
    if read is None:
        return None, report.errors
    keys = tuple(
        KeyChange(question, answer=right)
        if isinstance(right, NumberAnswer)
        else KeyChange(question, choices=right)
        for question, right in read.keys.items()
    )
    return ChangedQuiz(step.key, read.pass_mark, keys), ()
