"""Raters among themselves: intraclass correlations of totals, Krippendorff's alpha of items."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lms.agreement.error import measurement_error
from lms.agreement.icc import Icc, IccForm, icc
from lms.agreement.krippendorff import Alpha, Metric, alpha
from lms.agreement.result import Estimate
from lms.instruments.domain import Item, Total
from lms.reports.domain.reliability.grids import (
    Measured,
    Rows,
    is_nominal,
    rows_by,
    shared,
    table,
)

FORMS = (IccForm.ICC_2_1, IccForm.ICC_3_1, IccForm.ICC_2_K)


@dataclass(frozen=True)
class Resampling:
    """How often alpha's bootstrap draws, and from which seed."""

    resamples: int = 1000
    seed: int = 1


@dataclass(frozen=True)
class Between:
    """One total of one set of cases that raters share.

    Args:
        step, form: the set; form is "" in practice.
        cases: keys of the cases that take part; cases_left_out were scored by too few.
        raters: how many scored all of these; raters_left_out did not.
        forms: ICC(A,1), ICC(C,1), ICC(A,k).
    """

    step: str
    form: str
    total: Total
    cases: tuple[str, ...]
    cases_left_out: int
    raters: int
    raters_left_out: int
    forms: tuple[Icc, ...]
    sem: Estimate
    sdc: Estimate


def between_raters(m: Measured, rows: Rows) -> list[Between]:
    """The totals of every set of cases, in the order of steps and forms."""
    return [
        _between(m, part, total, *name.split("\n"))
        for name, part in sets_of_cases(m, rows).items()
        for total in m.instrument.totals
    ]


def sets_of_cases(m: Measured, rows: Rows) -> dict[str, Rows]:
    """Ratings by step and form, which stand in the name on a line each."""
    ratings = (m.ratings[row] for row in rows.tolist())
    return rows_by(m, rows, ([f"{one.step}\n{one.form}"] for one in ratings))


def _between(m: Measured, rows: Rows, total: Total, step: str, form: str) -> Between:
    whole = table(m, rows, m.own(total.key))
    kept = shared(whole)
    values = kept.values if kept.values.size else [[None]]
    error = measurement_error(values)
    return Between(
        step=step,
        form=form,
        total=total,
        cases=tuple(m.names[case] for case in kept.cases),
        cases_left_out=len(whole.cases) - len(kept.cases),
        raters=len(kept.people),
        raters_left_out=len(whole.people) - len(kept.people),
        forms=tuple(icc(values, name) for name in FORMS),
        sem=error.sem_agreement,
        sdc=error.sdc_agreement,
    )


def alpha_of_totals(m: Measured, rows: Rows, total: str, how: Resampling) -> Alpha:
    """Alpha with the interval metric over all cases and raters, whatever form they had."""
    laid = table(m, rows, m.own(total)).values
    return alpha(
        laid if laid.size else [[None]],
        Metric.INTERVAL,
        resamples=how.resamples,
        seed=how.seed,
    )


@dataclass(frozen=True)
class ItemReliability:
    """One item: alpha, and how often it had no figure.

    Args:
        ratings: how many ratings there were of it, those without a figure among them.
        unnumbered: a level that has no figure, as a trace of movement; na: not assessed.
    """

    item: Item
    alpha: Alpha
    ratings: int
    na: int
    unnumbered: int
    missing: int


def items_between(m: Measured, rows: Rows, how: Resampling) -> Iterator[ItemReliability]:
    """Every item over all cases and raters."""
    for place, item in enumerate(m.instrument.items):
        laid = table(m, rows, m.points[:, place]).values
        yield ItemReliability(
            item=item,
            alpha=alpha(
                laid if laid.size else [[None]],
                metric_of(item),
                resamples=how.resamples,
                seed=how.seed,
            ),
            ratings=len(rows),
            na=int(m.na[rows, place].sum()),
            unnumbered=int((np.isnan(m.points) & ~m.na & ~m.missing)[rows, place].sum()),
            missing=int(m.missing[rows, place].sum()),
        )


def metric_of(item: Item) -> Metric:
    """What makes two ratings of an item differ: names, ranks or distances."""
    if is_nominal(item):
        return Metric.NOMINAL
    return Metric.ORDINAL if item.kind in ("levels", "parts") else Metric.INTERVAL
