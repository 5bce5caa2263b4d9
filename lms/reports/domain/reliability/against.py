"""Raters against the reference: each of them, groups of them, and all of them in one picture."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from lms.agreement.bland_altman import BlandAltman, bland_altman
from lms.agreement.concordance import Concordance, concordance
from lms.agreement.icc import Icc, IccForm, icc
from lms.agreement.kappa import Kappa, Weights, kappa
from lms.agreement.krippendorff import Alpha
from lms.agreement.many import against_reference
from lms.agreement.result import Estimate
from lms.reports.domain.reliability.between import Resampling, alpha_of_totals, sets_of_cases
from lms.reports.domain.reliability.grids import Measured, Rows, is_nominal, rows_by, shared, table
from lms.reports.domain.reliability.ratings import CaseRating
from lms.reports.domain.reliability.selection import NONE

MOST_MONTHS = 24


@dataclass(frozen=True)
class Share:
    """How many ratings of items were within the tolerance that they were marked with."""

    within: int
    of: int

    @property
    def value(self) -> float | None:
        return self.within / self.of if self.of else None


@dataclass(frozen=True)
class OneRater:
    """One rater against the reference.

    Args:
        cases: how many ratings of cases; NA on one side only takes a pair out of kappa.
        kappa: quadratic weights, pooled over the items that share a scale.
        concordance, differences: of the total; differences are own less reference.
    """

    person_id: int
    cases: int
    share: Share
    kappa: Kappa
    concordance: Concordance
    differences: BlandAltman


def pooled_items(m: Measured) -> list[int]:
    """Places of the items that share the commonest range: only those may be pooled.

    Of two ranges that are as common, the one of items in levels: a kappa of marks on a line is
    Lin's coefficient once more.
    """
    ranges = {
        place: item.reach
        for place, item in enumerate(m.instrument.items)
        if not is_nominal(item) and item.reach is not None
    }
    if not ranges:
        return []
    counted = Counter(ranges.values())
    in_levels = {ranges[place] for place in ranges if m.instrument.items[place].kind == "levels"}
    commonest = max(counted, key=lambda reach: (counted[reach], reach in in_levels))
    return [place for place, reach in ranges.items() if reach == commonest]


def each_rater(m: Measured, rows: Rows, people: Sequence[int], total: str) -> list[OneRater]:
    """Some raters, in the order in which they are named."""
    items = pooled_items(m)
    order = np.argsort(m.people[rows], kind="stable")
    ordered = rows[order]
    known, starts = np.unique(m.people[ordered], return_index=True)
    parts = dict(zip(known.tolist(), np.split(ordered, starts[1:]), strict=True))
    return [_one(m, parts[person], person, items, total) for person in people]


@dataclass(frozen=True)
class Spread:
    """How one statistic lies over all raters; no value where nobody has one.

    Args:
        raters: how many have a figure; undefined: how many have none.
    """

    lowest: float | None
    median: float | None
    highest: float | None
    raters: int
    undefined: int


@dataclass(frozen=True)
class Spreads:
    """All raters against the reference, computed at once; the first rating of each case."""

    kappa: Spread
    concordance: Spread


def spreads(m: Measured, rows: Rows, total: str) -> Spreads:
    """Median and range over raters of the figures that `each_rater` gives one by one."""
    items = pooled_items(m)
    points = [table(m, rows, m.points[:, place]) for place in items]
    totals = table(m, rows, m.own(total))
    truth = m.truth_totals.get(total, np.full(len(m.truth), np.nan))[totals.cases]
    kappas = [
        against_reference(
            np.stack([one.values.T for one in points], axis=2),
            m.truth[totals.cases][:, items],
            pooled=True,
        ).kappa.values
    ] if points else []  # fmt: skip
    both = against_reference(totals.values.T[:, :, None], truth[:, None])
    return Spreads(
        kappa=_spread(
            kappas[0] if kappas else np.ma.masked_invalid(np.full(len(totals.people), np.nan))
        ),
        concordance=_spread(both.concordance.values),
    )


def _spread(values: Any) -> Spread:
    known = values.compressed()
    if not len(known):
        return Spread(None, None, None, 0, len(values))
    return Spread(
        lowest=float(known.min()),
        median=float(np.median(known)),
        highest=float(known.max()),
        raters=len(known),
        undefined=len(values) - len(known),
    )


def _one(m: Measured, rows: Rows, person: int, items: Sequence[int], total: str) -> OneRater:
    own, truth = m.points[rows][:, items].ravel(), m.truth[m.cases[rows]][:, items].ravel()
    totals, truths = _totals(m, rows, total)
    return OneRater(
        person_id=person,
        cases=len(rows),
        share=share_of([m.ratings[row] for row in rows.tolist()]),
        kappa=kappa(*_some(own, truth), weights=Weights.QUADRATIC),
        concordance=concordance(totals, truths),
        differences=bland_altman(totals, truths),
    )


Column = np.ndarray[tuple[int], np.dtype[np.float64]]


def _some(own: Column, truth: Column) -> tuple[Column, Column]:
    """The two, or one empty pair where there is none, which the statistics can answer for."""
    return (own, truth) if own.size else (np.array([np.nan]), np.array([np.nan]))


def _totals(m: Measured, rows: Rows, total: str) -> tuple[Column, Column]:
    return _some(m.own(total)[rows], m.true(total, rows))


def share_of(ratings: Iterable[CaseRating]) -> Share:
    """Count items that have a reference, as they were marked when they were handed in."""
    within = of = 0
    for rating in ratings:
        if rating.outside is not None:
            of += len(rating.reference.answers)
            within += len(rating.reference.answers) - rating.outside
    return Share(within, of)


def all_together(m: Measured, rows: Rows, total: str) -> BlandAltman:
    """All differences at once, for the picture: a rater's ratings belong together, so that only
    bias and limits are to be read from it, and no interval."""
    return bland_altman(*_totals(m, rows, total))


@dataclass(frozen=True)
class Group:
    """Raters that have something in common.

    Args:
        label: "none" for those of whom it is not known.
        bias: mean over raters of the rater's own mean difference; its interval is over raters.
        icc: ICC(A,1) of the set of cases that most of them share; `cases` names its form.
    """

    label: str
    raters: int
    ratings: int
    share: Share
    bias: Estimate
    alpha: Alpha
    icc: Icc
    cases: str


def groups(
    m: Measured, rows: Rows, labels: Iterable[Sequence[str]], total: str, how: Resampling
) -> list[Group]:
    """What each label's ratings come to; a rating with several labels counts under each."""
    named = ([*own] or [NONE] for own in labels)
    return [_group(m, part, label, total, how) for label, part in rows_by(m, rows, named).items()]


def _group(m: Measured, rows: Rows, label: str, total: str, how: Resampling) -> Group:
    sets = sets_of_cases(m, rows)
    name = max(sets, key=lambda one: len(shared(table(m, sets[one], m.own(total))).people))
    kept = shared(table(m, sets[name], m.own(total))).values
    return Group(
        label=label,
        raters=len(np.unique(m.people[rows])),
        ratings=len(rows),
        share=share_of(m.ratings[row] for row in rows.tolist()),
        bias=bias_over_raters(m, rows, total),
        alpha=alpha_of_totals(m, rows, total, how),
        icc=icc(kept if kept.size else [[None]], IccForm.ICC_2_1),
        cases=name.split("\n")[1],
    )


def bias_over_raters(m: Measured, rows: Rows, total: str) -> Estimate:
    """Bland and Altman's bias with each rater's means in the place of single ratings.

    The mean over a rater's cases less the reference's over the same cases is one figure for each
    rater, and raters are independent of each other, as a rater's cases are not.
    """
    own, truth = m.own(total)[rows], m.true(total, rows)
    both = ~np.isnan(own) & ~np.isnan(truth)
    if not both.any():
        return bland_altman([None], [None]).bias
    _people, by = np.unique(m.people[rows][both], return_inverse=True)
    many = np.bincount(by)
    return bland_altman(np.bincount(by, own[both]) / many, np.bincount(by, truth[both]) / many).bias


def periods(days: Sequence[date]) -> list[str]:
    """Name each day's month, or its quarter or year where months would be more than 24."""
    if not days:
        return []
    first, last = min(days), max(days)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if months <= MOST_MONTHS:
        return [f"{day:%Y-%m}" for day in days]
    if months <= 3 * MOST_MONTHS:
        return [f"{day.year}-Q{(day.month + 2) // 3}" for day in days]
    return [str(day.year) for day in days]
