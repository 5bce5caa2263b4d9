"""How the cases and questions of a release did: pass rates, direction of errors, forms compared."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

import numpy as np

from lms.agreement.items import analyse_items
from lms.agreement.result import Figure, Interval
from lms.agreement.shares import share_interval
from lms.instruments.domain import Answer, Instrument, Item, answer_from_json, points_of
from lms.modules.domain import is_right
from lms.modules.domain.crowd import Crowd
from lms.modules.domain.many import Book, Standings, judge_many
from lms.packages.domain import Case, CertificationStep, Criteria, PracticeStep, Question, QuizStep
from lms.packages.domain.acceptance import counts, is_within, tolerance_of
from lms.packages.domain.experts import ratings_of
from lms.packages.domain.reference import spread


class Tried(Protocol):
    """A try that was handed in, as far as figures need it."""

    @property
    def person_id(self) -> int: ...
    @property
    def form(self) -> str: ...
    @property
    def drawn(self) -> list[Any]: ...
    @property
    def answers(self) -> str: ...
    @property
    def passed(self) -> bool: ...


@dataclass(frozen=True)
class ItemFigures:
    """One item of one case.

    Args:
        reference: None where the reference has none for it.
        given: each different answer with how often it was given, the most frequent first; of
            equals the one nearest the reference.
        within: share (0..1) near enough to the reference; None of nobody.
        above, below: how many lie on that side of the reference.
        mean_difference: own minus reference in points, over those that have points.
        panel_width: greatest less smallest of the panel, in points; None without points.
        tolerance: in points.
        right: whether the most frequent answer is near enough.
        counted: False where the panel disagrees too much for it to fail anybody.
    """

    item: Item
    reference: Answer
    n: int
    given: tuple[tuple[Answer, int], ...]
    within: float | None
    above: int
    below: int
    mean_difference: float | None
    panel_width: Decimal | None
    tolerance: Decimal
    right: bool
    counted: bool

    @property
    def mode(self) -> Answer | None:
        return self.given[0][0] if self.given else None


@dataclass(frozen=True)
class CaseFigures:
    """One case: of how many tries and people, and in how many everything of a case was met."""

    step: str
    form: str
    case: Case
    n: int
    people: int
    met: float | None
    items: tuple[ItemFigures, ...]
    certifies: bool


@dataclass(frozen=True)
class FormFigures:
    """One form of a certification beside the others.

    Args:
        items_within: share of all items of all cases near enough.
    """

    step: str
    form: str
    n: int
    people: int
    passed: int
    interval: Interval | None
    items_within: float | None

    @property
    def share(self) -> float | None:
        return self.passed / self.n if self.n else None


@dataclass(frozen=True)
class QuestionFigures:
    """One question of a quiz; see `lms.agreement.items` for what the figures are.

    Args:
        wrong: the commonest wrong choice (its HTML) with how many chose it.
    """

    question: Question
    n: int
    facility: Figure
    discrimination: Figure
    efficiency: Figure
    upper_lower: Figure
    wrong: tuple[str, int] | None


def of_form(
    instrument: Instrument, step: CertificationStep, form: str, tries: Sequence[Tried]
) -> tuple[FormFigures, tuple[CaseFigures, ...]]:
    """Return the figures of one form and of its cases.

    Args:
        tries: at this form, with all of its cases.
    """
    cases = next(one.cases for one in step.forms if one.key == form)
    found, crowd = _judged(instrument, cases, step.criteria, tries)
    people = len({one.person_id for one in tries})
    figures = tuple(
        CaseFigures(
            step=step.key,
            form=form,
            case=case,
            n=len(tries),
            people=people,
            met=_share(found.of_cases[:, number]),
            items=_items(instrument, case, step.criteria, crowd, number),
            certifies=True,
        )
        for number, case in enumerate(cases)
    )
    passed = sum(one.passed for one in tries)
    within = [item.within for one in figures for item in one.items if item.within is not None]
    return FormFigures(
        step=step.key,
        form=form,
        n=len(tries),
        people=people,
        passed=passed,
        interval=share_interval(passed, len(tries)),
        items_within=sum(within) / len(within) if within else None,
    ), figures


def of_practice(
    instrument: Instrument, step: PracticeStep, criteria: Criteria, tries: Sequence[Tried]
) -> tuple[CaseFigures, ...]:
    """Return the figures of each practice case; each try is at one case."""
    asked, figures = criteria.without_form(), []
    for case in step.cases:
        own = [one for one in tries if one.drawn == [case.key]]
        found, crowd = _judged(instrument, (case,), asked, own)
        figures.append(
            CaseFigures(
                step=step.key,
                form="",
                case=case,
                n=len(own),
                people=len({one.person_id for one in own}),
                met=_share(found.of_cases[:, 0]),
                items=_items(instrument, case, asked, crowd, 0),
                certifies=False,
            )
        )
    return tuple(figures)


def _judged(
    instrument: Instrument, cases: Sequence[Case], criteria: Criteria, tries: Sequence[Tried]
) -> tuple[Standings, Crowd]:
    crowd = Crowd(instrument, [case.key for case in cases], Book(instrument))
    for one in tries:
        crowd.add(one.answers)
    found = judge_many(instrument, cases, criteria, book=crowd.book, places=crowd.places)
    return found, crowd


def _share(met: Any) -> float | None:
    return float(met.mean()) if len(met) else None


def _items(
    instrument: Instrument, case: Case, criteria: Criteria, crowd: Crowd, number: int
) -> tuple[ItemFigures, ...]:
    places, reference = crowd.places[:, number], ratings_of(case.reference)
    found = []
    for column, item in enumerate(instrument.items):
        if item.key not in reference:
            continue
        answers = crowd.book.answers[item.key]
        often = np.bincount(places[:, column], minlength=len(answers)).tolist()
        given = [(a, n) for a, n in zip(answers, often, strict=True) if a is not None and n]
        found.append(item_figures(item, case, criteria, given))
    return tuple(found)


def item_figures(
    item: Item, case: Case, criteria: Criteria, given: Sequence[tuple[Answer, int]]
) -> ItemFigures:
    """Return the figures of one item of one case.

    Args:
        given: each different answer with how often it was given.
    """
    reference, accept = answer_from_json(case.reference[item.key]), case.accept.get(item.key)
    criterion, truth = criteria.item_within, points_of(item, reference)

    def right(answer: Answer) -> bool:
        return is_within(item, answer, reference, criterion=criterion, accept=accept)

    def apart(answer: Answer) -> Decimal | None:
        own = points_of(item, answer)
        return None if own is None or truth is None else own - truth

    ranked = sorted(given, key=lambda one: (-one[1], abs(apart(one[0]) or 0), not right(one[0])))
    n = sum(count for _, count in given)
    known = [(d, count) for answer, count in given if (d := apart(answer)) is not None]
    weight = sum(count for _, count in known)
    raters = [one.ratings[item.key] for one in case.panel if item.key in one.ratings]
    panel = [answer_from_json(one) for one in raters]
    width = spread(item, panel)
    return ItemFigures(
        item=item,
        reference=reference,
        n=n,
        given=tuple(ranked),
        within=sum(count for answer, count in given if right(answer)) / n if n else None,
        above=sum(count for d, count in known if d > 0),
        below=sum(count for d, count in known if d < 0),
        mean_difference=float(sum(d * count for d, count in known)) / weight if weight else None,
        panel_width=_in_points(item, width),
        tolerance=tolerance_of(item.key, criterion),
        right=bool(ranked) and right(ranked[0][0]),
        counted=item.key not in case.cannot_fail and counts(item, panel, criteria.panel_limit),
    )


def _in_points(item: Item, width: Decimal | None) -> Decimal | None:
    if width is None or item.reach is None:
        return None
    return (width * (item.reach[1] - item.reach[0])).quantize(Decimal("0.01")).normalize()


# --- quizzes --------------------------------------------------------------------------------------


def of_quiz(step: QuizStep, tries: Sequence[Tried]) -> tuple[QuestionFigures, ...]:
    """Return the figures of each question, over the tries that drew it.

    Tries draw different questions, so a question is held against the rest of each try: the share
    of the other questions drawn with it that were right.
    """
    questions = step.questions
    marks = [_marks(one, questions) for one in tries]
    return tuple(_question(one, marks, tries) for one in questions.values())


def _marks(one: Tried, questions: Mapping[str, Question]) -> dict[str, bool]:
    answers = json.loads(one.answers)
    drawn = [entry["question"] for entry in one.drawn]
    return {key: is_right(questions[key], answers.get(key)) for key in drawn if key in questions}


def _question(
    question: Question, marks: Sequence[Mapping[str, bool]], tries: Sequence[Tried]
) -> QuestionFigures:
    key = question.key
    held = [own for own in marks if key in own]
    rows = [
        [float(own[key]), (sum(own.values()) - own[key]) / (len(own) - 1) if len(own) > 1 else 0.0]
        for own in held
    ]
    found = analyse_items(rows or [[None, None]], names=[key, "rest"]).items[0]
    return QuestionFigures(
        question=question,
        n=len(held),
        facility=found.facility,
        discrimination=found.discrimination,
        efficiency=found.efficiency,
        upper_lower=found.upper_lower,
        wrong=_commonest_wrong(question, marks, tries),
    )


def _commonest_wrong(
    question: Question, marks: Sequence[Mapping[str, bool]], tries: Sequence[Tried]
) -> tuple[str, int] | None:
    if question.kind != "one":
        return None
    wrong = [
        json.loads(one.answers).get(question.key)
        for one, own in zip(tries, marks, strict=True)
        if own.get(question.key) is False
    ]
    chosen = [(wrong.count(option.key), option.html) for option in question.options]
    most = max(chosen, key=lambda one: one[0], default=(0, ""))
    return (most[1], most[0]) if most[0] else None
