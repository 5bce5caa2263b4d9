"""How far a panel agrees with itself: totals over cases, items over cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lms.instruments.domain import Answer, Instrument, Item, Total, points_of, score
from lms.panels.domain.outcomes import RatedCase

if TYPE_CHECKING:
    from lms.agreement.icc import Icc
    from lms.agreement.krippendorff import Alpha

NOMINAL = ("yes_no", "choice")
RESAMPLES = 1000


@dataclass(frozen=True)
class TotalIcc:
    """ICC(A,1) of a total: cases are the subjects, experts the raters."""

    total: Total
    icc: "Icc"


@dataclass(frozen=True)
class ItemAlpha:
    """Krippendorff's alpha of an item over the cases."""

    item: Item
    alpha: "Alpha"


def total_iccs(instrument: Instrument, cases: Sequence[RatedCase]) -> tuple[TotalIcc, ...]:
    """Return the absolute agreement of single experts on each total; at least one rating."""
    from lms.agreement.icc import IccForm, icc  # numpy is loaded where figures are made

    raters = _raters(cases)
    if not raters or not cases:
        return ()
    figures = [
        {number: score(instrument, ratings).totals for number, ratings in case.raters}
        for case in cases
    ]
    return tuple(
        TotalIcc(
            total,
            icc(
                [[_figure(of.get(number), total.key) for number in raters] for of in figures],
                IccForm.ICC_2_1,
            ),
        )
        for total in instrument.totals
    )


def item_alphas(instrument: Instrument, cases: Sequence[RatedCase]) -> tuple[ItemAlpha, ...]:
    """Return alpha for each item: ordinal, or nominal where the values have no order."""
    from lms.agreement.krippendorff import Metric, alpha  # numpy is loaded where figures are made

    raters = _raters(cases)
    if not raters or not cases:
        return ()
    found = []
    for item in instrument.items:
        metric = Metric.NOMINAL if item.kind in NOMINAL else Metric.ORDINAL
        table = [
            [_place(item, dict(case.of(item.key)).get(number)) for number in raters]
            for case in cases
        ]
        found.append(ItemAlpha(item, alpha(table, metric, resamples=RESAMPLES)))
    return tuple(found)


def _raters(cases: Sequence[RatedCase]) -> list[int]:
    return sorted({number for case in cases for number, _ in case.raters})


def _figure(totals: object, key: str) -> float | None:
    value = totals[key].value if totals is not None else None  # type: ignore[index]
    return None if value is None else float(value)


def _place(item: Item, answer: Answer | None) -> float | None:
    """Return a rating as a number that keeps its order; None for NA and where there is none."""
    if answer is None or answer.value is None:
        return None
    if item.kind == "levels":
        codes = [level.code for level in item.scale.levels]  # type: ignore[union-attr]
        return float(codes.index(answer.value))
    if item.kind == "choice":
        codes = [option.code for option in item.scale.options]  # type: ignore[union-attr]
        return float(codes.index(answer.value))
    if item.kind == "yes_no":
        return float(bool(answer.value))
    points = points_of(item, answer)
    return None if points is None else float(points)
