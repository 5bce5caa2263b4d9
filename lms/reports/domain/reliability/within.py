"""Raters against themselves: cases that were shown a second time, hidden in the same attempt."""

from dataclasses import dataclass

import numpy as np

from lms.agreement.bland_altman import BlandAltman, bland_altman
from lms.agreement.error import measurement_error
from lms.agreement.icc import Icc, IccForm, icc
from lms.agreement.kappa import Kappa, Weights, kappa
from lms.agreement.result import Estimate
from lms.reports.domain.reliability.against import pooled_items
from lms.reports.domain.reliability.grids import Measured


@dataclass(frozen=True)
class Within:
    """First against second showing, over all raters who had a repeat.

    Args:
        pairs: how many cases were scored twice in one attempt; by so many raters.
        kappa: quadratic weights, pooled over the items that share a scale.
    """

    pairs: int
    raters: int
    icc: Icc
    kappa: Kappa
    sem: Estimate
    sdc: Estimate
    differences: BlandAltman


def within_raters(m: Measured, total: str) -> Within | None:
    """Compare the two showings of each case in each attempt; None where nothing was repeated."""
    first = {
        (one.attempt_id, one.case): row
        for row, one in enumerate(m.ratings)
        if one.presentation == 1
    }
    pairs = [
        (first[one.attempt_id, one.case], row)
        for row, one in enumerate(m.ratings)
        if one.presentation == 2 and (one.attempt_id, one.case) in first
    ]
    if not pairs:
        return None
    before, after = np.array(pairs, dtype=np.intp).T
    items = pooled_items(m)
    totals = m.own(total)
    both = np.column_stack([totals[before], totals[after]])
    points = [m.points[rows][:, items].ravel() for rows in (before, after)]
    error = measurement_error(both)
    return Within(
        pairs=len(pairs),
        raters=len(np.unique(m.people[before])),
        icc=icc(both, IccForm.ICC_2_1),
        kappa=kappa(*(points if items else ([None], [None])), weights=Weights.QUADRATIC),
        sem=error.sem_agreement,
        sdc=error.sdc_agreement,
        differences=bland_altman(totals[after], totals[before]),
    )
