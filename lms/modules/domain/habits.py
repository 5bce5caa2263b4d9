"""A rater's practice at a glance: how near from try to try, item by case, and how far in total."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from lms.instruments.domain import Instrument
from lms.modules.domain.marks import CaseMark, TotalMark
from lms.modules.domain.observations import Observation

LEAST_TOTALS: Final = 5
"""Tries with a total from which totals are drawn; below it the items are, where they can be."""
LEAST_LIMITS: Final = 10
"""Pairs from which limits of agreement are drawn."""
LEAST_TREND: Final = 2
"""Tries from which a trend is drawn."""
MOST_CASES: Final = 10
"""How many cases stand side by side, those that were scored last."""


@dataclass(frozen=True)
class TrendPoint:
    """How near one try was to the panel.

    Args:
        share: of the items, 0..1, how many were within their tolerance; None without items.
        apart: mean absolute difference of items with points, in points where all items share a
            scale, else as a share of their scales; None where no item has both.
    """

    within: int
    of: int
    share: float | None
    apart: float | None


def one_scale(instrument: Instrument) -> bool:
    """Tell whether all items with points have the same ends of their scale."""
    return len({item.reach for item in instrument.items if item.reach is not None}) == 1


def trend_point(mark: CaseMark, scores: Sequence[Observation], *, points: bool) -> TrendPoint:
    """Sum up one try.

    Args:
        scores: the same try's observations.
        points: as `one_scale` says of the instrument.
    """
    apart = [gap for one in scores if (gap := _gap(one, points=points)) is not None]
    of = mark.items_of
    return TrendPoint(
        within=mark.items_within,
        of=of,
        share=mark.items_within / of if of else None,
        apart=float(sum(apart, Decimal(0)) / len(apart)) if apart else None,
    )


def _gap(one: Observation, *, points: bool) -> Decimal | None:
    if one.difference is None:
        return None
    if points:
        return abs(one.difference)
    if one.reach is None or one.reach[0] == one.reach[1]:
        return None
    return abs(one.difference) / (one.reach[1] - one.reach[0])


def latest_of_cases(marks: Sequence[CaseMark]) -> tuple[CaseMark, ...]:
    """Return the newest try of each case, in the order of these tries, the last ones only.

    Args:
        marks: one a try, oldest first.
    """
    newest: dict[str, CaseMark] = {}
    for mark in marks:
        newest.pop(mark.case, None)
        newest[mark.case] = mark
    return tuple(newest.values())[-MOST_CASES:]


@dataclass(frozen=True)
class Pairs:
    """The rater's figures beside the panel's, to be drawn as differences.

    Args:
        total: the key of the total; "" where the figures are items in points.
        own, reference: one a score, in the same order.
        tolerance: how far apart they may be, None where it is not the same for all.
    """

    total: str
    own: tuple[float, ...]
    reference: tuple[float, ...]
    tolerance: float | None


def pairs_of(
    instrument: Instrument, marks: Sequence[CaseMark], scores: Sequence[Observation]
) -> Pairs | None:
    """Return what a chart of differences shows: totals, or items where there are few totals.

    Args:
        marks: one a try, oldest first.
        scores: the observations of the same tries.

    Returns:
        None where there are too few totals, and items do not share one scale.
    """
    totals = _totals(marks)
    if len(totals) >= LEAST_TOTALS:
        return _pairs_of_totals(totals)
    if one_scale(instrument) and len(instrument.items) > 1:
        return _pairs_of_items(scores)
    return _pairs_of_totals(totals) if len(totals) >= LEAST_TREND else None


def _totals(marks: Sequence[CaseMark]) -> list[TotalMark]:
    """Return the deciding total of each try, the first one where none decides."""
    found = []
    for case in marks:
        ranked = sorted(case.totals, key=lambda total: total.tolerance is None)
        if ranked and ranked[0].difference is not None:
            found.append(ranked[0])
    return found


def _pairs_of_totals(totals: Sequence[TotalMark]) -> Pairs:
    tolerances = {total.tolerance for total in totals}
    tolerance = tolerances.pop() if len(tolerances) == 1 else None
    return Pairs(
        total=totals[0].total,
        own=tuple(float(one.own) for one in totals if one.own is not None),
        reference=tuple(float(one.reference) for one in totals if one.reference is not None),
        tolerance=None if tolerance is None else float(tolerance),
    )


def _pairs_of_items(scores: Sequence[Observation]) -> Pairs | None:
    pairs = [
        (one.reference, one.reference + one.difference, one.tolerance)
        for one in scores
        if one.difference is not None and one.reference is not None
    ]
    if not pairs:
        return None
    tolerances = {tolerance for _, _, tolerance in pairs}
    return Pairs(
        total="",
        own=tuple(float(own) for _, own, _ in pairs),
        reference=tuple(float(reference) for reference, _, _ in pairs),
        tolerance=float(tolerances.pop()) if len(tolerances) == 1 else None,
    )
