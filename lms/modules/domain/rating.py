"""Marking ratings: each item, total and case beside the reference, then the verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from typing import Final

from lms.instruments.domain import (
    Answer,
    Instrument,
    answer_from_json,
    distance,
    score,
    total_changes,
    visit_flags,
)
from lms.modules.domain.judging import judge
from lms.modules.domain.marks import CaseMark, ItemMark, TotalMark
from lms.modules.domain.verdict import LevelVerdict, Verdict
from lms.packages.domain import (
    Case,
    CertificationStep,
    ChangeCriterion,
    Criteria,
    ItemCriterion,
    TotalCriterion,
    follow_up_of,
    width_of,
)
from lms.packages.domain.acceptance import band_of, counts, is_within, tolerance_of
from lms.packages.domain.experts import expert_interval, ratings_of

EXACT: Final = Criteria(item_within=None, total_within=None, cases=0)


@dataclass(frozen=True)
class Before:
    """An initial visit as its follow-up is judged by: the judged answers and the reference."""

    judged: Mapping[str, Answer]
    reference: Mapping[str, Answer]


@dataclass(frozen=True)
class RatingResult:
    """How a set of cases ended: `reached` cases met of `of`, `required` needed.

    Args:
        level, level_title: of a step with levels, the highest that is reached; None if none is.
        levels: what each level says, from the strictest to the mildest; () without levels. The
            marks and the verdict are those of the level reached, else of the mildest.
    """

    cases: tuple[CaseMark, ...]
    required: int
    verdict: Verdict
    level: str | None = None
    level_title: str | None = None
    levels: tuple[LevelVerdict, ...] = ()

    @property
    def reached(self) -> int:
        return sum(case.met for case in self.cases)

    @property
    def of(self) -> int:
        return len(self.cases)

    @property
    def passed(self) -> bool:
        return self.verdict.passed

    @property
    def items_within(self) -> int:
        return sum(case.items_within for case in self.cases)

    @property
    def items_of(self) -> int:
        """How many items were judged: those on which the panel disagrees too much are not."""
        return sum(case.items_of for case in self.cases)

    @property
    def items_required(self) -> int:
        """The fewest items within with which enough cases can be met."""
        needed = sorted(case.items_required for case in self.cases)
        return sum(needed[: self.required])

    @property
    def largest_gap(self) -> Decimal | None:
        """The largest difference of a measured total; None where none has both figures."""
        gaps = [
            abs(total.judged_difference)
            for case in self.cases
            for total in case.totals
            if total.tolerance is not None and total.judged_difference is not None
        ]
        return max(gaps, default=None)


def mark_step(
    instrument: Instrument,
    cases: Sequence[Case],
    step: CertificationStep,
    *,
    answers: Mapping[str, Mapping[str, Answer]],
) -> RatingResult:
    """Mark a certification attempt: by the step's criteria, or by the highest level reached."""
    if not step.levels:
        return mark_rating(instrument, cases, step.criteria, answers=answers)
    results = [
        mark_rating(instrument, cases, level.criteria, answers=answers) for level in step.levels
    ]
    pairs = list(zip(step.levels, results, strict=True))
    levels = tuple(LevelVerdict(one.key, one.title, result.verdict) for one, result in pairs)
    for level, result in pairs:
        if result.passed:
            return replace(result, level=level.key, level_title=level.title, levels=levels)
    return replace(results[-1], levels=levels)


def mark_rating(
    instrument: Instrument,
    cases: Sequence[Case],
    criteria: Criteria,
    *,
    answers: Mapping[str, Mapping[str, Answer]],
    initials: Sequence[Case] = (),
) -> RatingResult:
    """Compare a rater's scores with the reference of each case.

    Args:
        cases: in order of showing.
        answers: by case key and item key; what is lacking is outside every tolerance.
        initials: initial visits that are not to be judged themselves; their answers stand among
            the others.
    """
    before = {
        case.key: Before(
            judged_answers(instrument, case, criteria, answers.get(case.key, {})),
            ratings_of(case.reference),
        )
        for case in (*cases, *initials)
        if follow_up_of(cases, case.key) is not None
    }
    marks = tuple(
        mark_case(
            instrument,
            case,
            criteria,
            answers=answers.get(case.key, {}),
            before=before.get(case.follows) if case.follows else None,
        )
        for case in cases
    )
    severities = tuple(case.severity for case in cases)
    verdict = judge(instrument, marks, criteria, severities=severities)
    return RatingResult(cases=marks, required=criteria.cases, verdict=verdict)


def judged_answers(
    instrument: Instrument, case: Case, criteria: Criteria, answers: Mapping[str, Answer]
) -> dict[str, Answer]:
    """Return the answers to a case with the reference in place of what does not count."""
    reference = ratings_of(case.reference)
    return {
        **answers,
        **{
            key: one
            for key, one in reference.items()
            if not _counts(instrument, case, key, criteria)
        },
    }


def mark_case(
    instrument: Instrument,
    case: Case,
    criteria: Criteria,
    *,
    answers: Mapping[str, Answer],
    before: Before | None = None,
) -> CaseMark:
    """Compare one case's scores with its reference.

    Items on which the case's panel disagrees beyond the criteria's limit, or that the case itself
    names, are not counted: they stand in no count of items, and in totals the reference stands in
    their place.

    Args:
        before: the initial visit, where this is a follow-up.
    """
    reference = ratings_of(case.reference)
    items = tuple(
        _mark_item(instrument, case, item.key, answers.get(item.key), criteria)
        for item in instrument.items
        if item.key in reference
    )
    judged = dict(answers)
    judged |= {mark.item: mark.reference for mark in items if not mark.counted}
    totals = _mark_totals(instrument, criteria.total_within, reference, answers, judged)
    return CaseMark(
        case=case.key,
        items=items,
        totals=totals,
        items_required=items_required(
            len(items), sum(mark.counted for mark in items), criteria.item_within
        )
        if criteria.item_within is not None
        else 0,
        in_interval=_in_interval(instrument, case, criteria, totals),
        critical_met=all(mark.exact for mark in items if mark.critical and mark.counted),
        flags_met=_flags_met(instrument, judged, before, criteria),
        change_met=criteria.change_within is None
        or before is None
        or is_change_within(
            criteria.change_within,
            change_of(instrument, before.judged, judged, criteria.change_within.total),
            change_of(instrument, before.reference, reference, criteria.change_within.total),
        ),
    )


def _mark_item(
    instrument: Instrument, case: Case, key: str, own: Answer | None, criteria: Criteria
) -> ItemMark:
    item, criterion = instrument.item(key), criteria.item_within
    reference, accept = answer_from_json(case.reference[key]), case.accept.get(key)
    apart = None if own is None else distance(item, own, reference)
    difference = None
    if own is not None and own.value is not None and reference.value is not None:
        mine, theirs = item.scale.points(own.value), item.scale.points(reference.value)
        difference = None if mine is None or theirs is None else mine - theirs
    critical = key in criteria.critical
    return ItemMark(
        item=key,
        own=own,
        reference=reference,
        distance=apart,
        difference=difference,
        tolerance=tolerance_of(key, criterion),
        within=is_within(item, own, reference, criterion=criterion, accept=accept),
        counted=_counts(instrument, case, key, criteria),
        band=band_of(item, reference, criterion=criterion, accept=accept),
        critical=critical,
        exact=critical and is_within(item, own, reference, criterion=None, accept=accept),
    )


def _counts(instrument: Instrument, case: Case, key: str, criteria: Criteria) -> bool:
    """Whether an item of a case may decide on anybody."""
    raters = case.panel if criteria.panel_limit is not None else ()
    panel = [answer_from_json(one.ratings[key]) for one in raters if key in one.ratings]
    item = instrument.item(key)
    return key not in case.cannot_fail and counts(item, panel, criteria.panel_limit)


def items_required(items: int, counted: int, criterion: ItemCriterion) -> int:
    """Return how many items of a case must be near.

    As many as asked, less those that do not count: as many as before may be outside.
    """
    if criterion.percent is not None:
        share = Decimal(criterion.percent) * counted / 100
        return int(share.to_integral_value(ROUND_CEILING))
    return max(0, criterion.items - (items - counted))


def _mark_totals(
    instrument: Instrument,
    criterion: TotalCriterion | None,
    reference: Mapping[str, Answer],
    answers: Mapping[str, Answer],
    judged: Mapping[str, Answer],
) -> tuple[TotalMark, ...]:
    own, theirs = score(instrument, answers), score(instrument, reference)
    counted = own if judged == answers else score(instrument, judged)
    return tuple(
        TotalMark(
            total=total.key,
            own=own.totals[total.key].value,
            reference=theirs.totals[total.key].value,
            judged=counted.totals[total.key].value,
            tolerance=(
                total_tolerance(instrument, criterion)
                if criterion is not None and criterion.total == total.key
                else None
            ),
        )
        for total in instrument.totals
    )


def total_tolerance(instrument: Instrument, criterion: TotalCriterion) -> Decimal:
    """Return how far the total may be from the reference's, in its points."""
    if criterion.percent is None:
        return Decimal(criterion.tolerance)
    total = instrument.total(criterion.total)
    return width_of(total.minimum, total.maximum, criterion.percent)


def _in_interval(
    instrument: Instrument, case: Case, criteria: Criteria, totals: Sequence[TotalMark]
) -> bool:
    criterion = criteria.expert_interval
    if criterion is None:
        return True
    interval = expert_interval(instrument, case, criterion)
    own = next(mark.judged for mark in totals if mark.total == criterion.total)
    if interval is None or own is None:
        return interval is None and own is None
    return interval.holds(own)


def _flags_met(
    instrument: Instrument,
    judged: Mapping[str, Answer],
    before: Before | None,
    criteria: Criteria,
) -> bool:
    if criteria.flags is None:
        return True
    earlier = None if before is None else before.judged
    return len(visit_flags(instrument, judged, earlier)) <= criteria.flags.at_most


def change_of(
    instrument: Instrument, first: Mapping[str, Answer], second: Mapping[str, Answer], total: str
) -> Decimal | None:
    """Return the second visit's total less the first one's; None where either has no value."""
    return total_changes(instrument, first, second)[total].difference


def is_change_within(
    criterion: ChangeCriterion, own: Decimal | None, reference: Decimal | None
) -> bool:
    """Tell whether an own change is near the reference's. Two that have no value agree."""
    if own is None or reference is None:
        return own is None and reference is None
    return abs(own - reference) <= Decimal(criterion.tolerance)
