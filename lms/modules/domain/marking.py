"""Two pure functions that mark an attempt: one for quizzes, one for ratings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from lms.instruments.domain import Answer, Instrument, answer_from_json, distance, score
from lms.packages.domain import Case, Criteria, ItemCriterion, Question, QuizStep, TotalCriterion

# --- quizzes ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class QuestionMark:
    """One question of a quiz as it was answered."""

    key: str
    right: bool
    answered: bool


@dataclass(frozen=True)
class QuizResult:
    """How a quiz ended: `reached` right answers of `of`, `required` needed."""

    questions: tuple[QuestionMark, ...]
    required: int

    @property
    def reached(self) -> int:
        return sum(mark.right for mark in self.questions)

    @property
    def of(self) -> int:
        return len(self.questions)

    @property
    def passed(self) -> bool:
        return self.reached >= self.required


def mark_quiz(
    step: QuizStep, *, drawn: Sequence[Mapping[str, Any]], answers: Mapping[str, Any]
) -> QuizResult:
    """Mark the drawn questions; one without an answer is not right.

    Args:
        drawn: as drawing.draw_quiz wrote it.
        answers: by question key: an option key, a list of option keys, or a number as text.
    """
    questions = {question.key: question for pool in step.pools for question in pool.questions}
    marks = tuple(
        QuestionMark(
            key=entry["question"],
            right=is_right(questions[entry["question"]], answers.get(entry["question"])),
            answered=answers.get(entry["question"]) not in (None, "", []),
        )
        for entry in drawn
    )
    return QuizResult(questions=marks, required=step.pass_mark)


def is_right(question: Question, given: Any) -> bool:
    """Tell whether an answer is the right one; several choices count only all together."""
    if given in (None, "", []):
        return False
    if question.kind == "number":
        return _number_is_right(question, given)
    right = {option.key for option in question.options if option.correct}
    return {given} == right if question.kind == "one" else set(given) == right


def _number_is_right(question: Question, given: Any) -> bool:
    assert question.answer is not None
    number = read_number(given)
    if number is None:
        return False
    return abs(number - Decimal(question.answer.value)) <= Decimal(question.answer.tolerance)


def read_number(given: Any) -> Decimal | None:
    """Read a number as people write it, with a point or a comma; None if it is none."""
    try:
        number = Decimal(str(given).strip().replace(",", ".").replace("−", "-"))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


# --- ratings --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ItemMark:
    """One item of one case beside the reference.

    Args:
        distance: points between the two, None where there is no distance (NA against a value).
        difference: own minus reference in points, None likewise; its sign is the direction.
        cannot_fail: the panel disagrees on it too much; whatever was scored counts as within.
    """

    item: str
    own: Answer | None
    reference: Answer
    distance: Decimal | None
    difference: Decimal | None
    tolerance: Decimal
    cannot_fail: bool = False

    @property
    def within(self) -> bool:
        return self.cannot_fail or self.agrees

    @property
    def agrees(self) -> bool:
        """Whether the item is within its tolerance of the reference, whatever that decides."""
        return self.distance is not None and self.distance <= self.tolerance


@dataclass(frozen=True)
class TotalMark:
    """One total beside the reference's. Both without a value agree; one alone does not.

    Args:
        judged: own total with the reference's score on items that cannot fail anybody, so that
            they do not fail by way of the total either; the same as `own` where there are none.
    """

    total: str
    own: Decimal | None
    reference: Decimal | None
    tolerance: Decimal | None
    judged: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        if self.own is None or self.reference is None:
            return None
        return self.own - self.reference

    @property
    def within(self) -> bool:
        if self.tolerance is None:
            return True
        if self.judged is None or self.reference is None:
            return self.judged is None and self.reference is None
        return abs(self.judged - self.reference) <= self.tolerance


@dataclass(frozen=True)
class CaseMark:
    """One case beside the reference: its items, its totals, and whether it meets the criteria."""

    case: str
    items: tuple[ItemMark, ...]
    totals: tuple[TotalMark, ...]
    items_required: int

    @property
    def items_within(self) -> int:
        return sum(mark.within for mark in self.items)

    @property
    def met(self) -> bool:
        return self.items_within >= self.items_required and all(t.within for t in self.totals)


@dataclass(frozen=True)
class RatingResult:
    """How a set of cases ended: `reached` cases met of `of`, `required` needed."""

    cases: tuple[CaseMark, ...]
    required: int

    @property
    def reached(self) -> int:
        return sum(case.met for case in self.cases)

    @property
    def of(self) -> int:
        return len(self.cases)

    @property
    def passed(self) -> bool:
        return self.reached >= self.required

    @property
    def items_within(self) -> int:
        return sum(case.items_within for case in self.cases)

    @property
    def items_of(self) -> int:
        return sum(len(case.items) for case in self.cases)

    @property
    def largest_gap(self) -> Decimal | None:
        """The largest difference of a measured total; None where none has both figures."""
        gaps = [
            abs(total.difference)
            for case in self.cases
            for total in case.totals
            if total.tolerance is not None and total.difference is not None
        ]
        return max(gaps, default=None)


EXACT = Criteria(item_within=None, total_within=None, cases=0)


def mark_rating(
    instrument: Instrument,
    cases: Sequence[Case],
    criteria: Criteria,
    *,
    answers: Mapping[str, Mapping[str, Answer]],
) -> RatingResult:
    """Compare a rater's scores with the reference of each case.

    Args:
        cases: in order of showing.
        answers: by case key and item key; what is lacking is outside every tolerance.
    """
    marks = tuple(
        mark_case(instrument, case, criteria, answers=answers.get(case.key, {})) for case in cases
    )
    return RatingResult(cases=marks, required=criteria.cases)


def mark_case(
    instrument: Instrument, case: Case, criteria: Criteria, *, answers: Mapping[str, Answer]
) -> CaseMark:
    """Compare one case's scores with its reference."""
    reference = {key: answer_from_json(data) for key, data in case.reference.items()}
    items = tuple(
        replace(
            _mark_item(instrument, key, answers.get(key), reference[key], criteria.item_within),
            cannot_fail=key in case.cannot_fail,
        )
        for key in (item.key for item in instrument.items)
        if key in reference
    )
    spared = {key: reference[key] for key in case.cannot_fail if key in reference}
    return CaseMark(
        case=case.key,
        items=items,
        totals=_mark_totals(instrument, answers, reference, spared, criteria.total_within),
        items_required=criteria.item_within.items if criteria.item_within else 0,
    )


def _mark_item(
    instrument: Instrument,
    key: str,
    own: Answer | None,
    reference: Answer,
    criterion: ItemCriterion | None,
) -> ItemMark:
    item = instrument.item(key)
    apart = None if own is None else distance(item, own, reference)
    difference = None
    if own is not None and own.value is not None and reference.value is not None:
        mine, theirs = item.scale.points(own.value), item.scale.points(reference.value)
        difference = None if mine is None or theirs is None else mine - theirs
    return ItemMark(
        item=key,
        own=own,
        reference=reference,
        distance=apart,
        difference=difference,
        tolerance=tolerance_of(key, criterion),
    )


def tolerance_of(item: str, criterion: ItemCriterion | None) -> Decimal:
    """Return how far an item may be from the reference, in its points; 0 without a criterion."""
    if criterion is None:
        return Decimal(0)
    return Decimal(criterion.per_item.get(item, criterion.tolerance))


def _mark_totals(
    instrument: Instrument,
    answers: Mapping[str, Answer],
    reference: Mapping[str, Answer],
    spared: Mapping[str, Answer],
    criterion: TotalCriterion | None,
) -> tuple[TotalMark, ...]:
    own, theirs = score(instrument, answers), score(instrument, reference)
    judged = score(instrument, {**answers, **spared}) if spared else own
    return tuple(
        TotalMark(
            total=total.key,
            own=own.totals[total.key].value,
            reference=theirs.totals[total.key].value,
            judged=judged.totals[total.key].value,
            tolerance=(
                Decimal(criterion.tolerance)
                if criterion is not None and criterion.total == total.key
                else None
            ),
        )
        for total in instrument.totals
    )
