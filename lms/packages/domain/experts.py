"""The experts of a case as a measure: their totals, the interval of these, what the others say."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from lms.agreement.quantiles import t_quantile
from lms.instruments.domain import (
    Answer,
    Instrument,
    answer_from_json,
    answer_to_json,
    score,
)
from lms.packages.domain.content import Case
from lms.packages.domain.criteria import IntervalCriterion
from lms.packages.domain.reference import Method, Tie, consensus


@dataclass(frozen=True)
class ExpertInterval:
    """Where a total must lie; both ends are inside."""

    low: Decimal
    high: Decimal

    def holds(self, total: Decimal) -> bool:
        return self.low <= total <= self.high


def ratings_of(ratings: Mapping[str, dict[str, object]]) -> dict[str, Answer]:
    """Read compiled ratings, by item key."""
    return {key: answer_from_json(one) for key, one in ratings.items()}


def panel_totals(instrument: Instrument, case: Case, total: str) -> list[Decimal]:
    """Return the panel's totals of a case; raters whose total has no value are left out."""
    values = (
        score(instrument, ratings_of(rater.ratings)).totals[total].value for rater in case.panel
    )
    return [value for value in values if value is not None]


def reference_total(instrument: Instrument, case: Case, total: str) -> Decimal | None:
    return score(instrument, ratings_of(case.reference)).totals[total].value


def expert_interval(
    instrument: Instrument, case: Case, criterion: IntervalCriterion
) -> ExpertInterval | None:
    """Return the interval of the experts' totals of a case.

    - range: from the lowest to the highest expert.
    - t_interval: mean ± t · s / √n with n − 1 degrees of freedom, at the stated confidence.

    The ends of the t interval are rounded outward to a thousandth, so that a total that equals
    the mean of experts who all agree is inside.

    Returns:
        None where fewer than two experts have a total.
    """
    totals = panel_totals(instrument, case, criterion.total)
    n = len(totals)
    if n < 2:
        return None
    if criterion.method == "range":
        return ExpertInterval(min(totals), max(totals))
    mean = sum(map(Fraction, totals), Fraction(0)) / n
    squares = sum(((Fraction(one) - mean) ** 2 for one in totals), Fraction(0))
    p = 1 - (1 - float(criterion.confidence)) / 2
    reach = t_quantile(p, n - 1) * math.sqrt(float(squares) / (n - 1) / n)
    low, high = float(mean) - reach, float(mean) + reach
    return ExpertInterval(
        Decimal(math.floor(low * 1000 + 1e-6)) / 1000, Decimal(math.ceil(high * 1000 - 1e-6)) / 1000
    )


def case_of_the_others(instrument: Instrument, case: Case, rater: str) -> Case:
    """Return a case as it would be without one of its panel: reference and panel of the others.

    A stated reference stays as it is stated.
    """
    others = tuple(one for one in case.panel if one.rater != rater)
    if case.reference_method == "stated":
        return replace(case, panel=others)
    method, tie = Method(case.reference_method), Tie(case.reference_tie)
    reference = {}
    for item in instrument.items:
        ratings = [
            answer_from_json(one.ratings[item.key]) for one in others if item.key in one.ratings
        ]
        if ratings:
            consented = consensus(item, ratings, method, tie)
            reference[item.key] = dict(answer_to_json(consented))
    return replace(case, panel=others, reference=reference)
