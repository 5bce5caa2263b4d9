"""Criteria over a whole form: bias with limits of agreement, correlation, weighted kappa.

What has no value decides nothing and says why; so does a correlation or kappa of too few cases.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from lms.agreement.bland_altman import bland_altman
from lms.agreement.icc import IccForm, icc
from lms.agreement.kappa import Weights, kappa
from lms.agreement.result import Estimate, Interval
from lms.errors import N_
from lms.instruments.domain import Answer, Instrument, Item, points_of
from lms.modules.domain.marks import CaseMark
from lms.modules.domain.verdict import Bounds, Kind, Line, Sentence, Standing, standing_of
from lms.packages.domain import BiasCriterion, IccCriterion, KappaCriterion

ROUNDING: Final = 1e-9
"""What floating point may add to a figure that stands exactly on its limit."""
MULTIPLIER: Final = 1.96
"""Standard deviations from the mean difference to a limit of agreement."""
BIAS: Final = N_(
    "On average %(total)s is %(figure)s points off the panel's; at most %(needed)s in either "
    "direction is allowed."
)
NO_BIAS: Final = N_(
    "%(total)s has no mean difference; at most %(needed)s in either direction is allowed."
)
LIMITS: Final = N_(
    "95 %% of your differences in %(total)s are expected from %(low)s to %(high)s; they must lie "
    "within %(needed)s of 0."
)
NO_LIMITS: Final = N_("%(total)s has no limits of agreement; they must lie within %(needed)s of 0.")
LIMITS_METHOD: Final = N_("Mean difference and 1.96 times the standard deviation.")
ICC: Final = N_("%(form)s with the panel is %(figure)s; at least %(needed)s is required.")
NO_ICC: Final = N_("%(form)s with the panel has no value; at least %(needed)s is required.")
KAPPA: Final = N_("Weighted kappa with the panel is %(figure)s; at least %(needed)s is required.")
NO_KAPPA: Final = N_("Weighted kappa with the panel has no value; at least %(needed)s is required.")
MISSING: Final = N_("A total that only one of you and the panel has counts as not met.")
FEW_CASES: Final = N_("It decides from %(needed)s cases on, and this form has %(n)s.")
FEW_PAIRS: Final = N_("It decides from %(needed)s ratings on, and this form has %(n)s.")


def bias_lines(
    instrument: Instrument, marks: Sequence[CaseMark], criterion: BiasCriterion
) -> list[Line]:
    """Mean difference of a total, and its limits where they are asked for.

    A case in which both have no such total takes no part; one in which only one has, is not met.
    """
    totals = [total for mark in marks for total in mark.totals if total.total == criterion.total]
    pairs = [(one.judged, one.reference) for one in totals]
    alone = any((own is None) != (theirs is None) for own, theirs in pairs)
    known = [(own, theirs) for own, theirs in pairs if own is not None and theirs is not None]
    found = bland_altman(
        [_float(own) for own, _ in pairs] or [None],
        [_float(theirs) for _, theirs in pairs] or [None],
        multiplier=MULTIPLIER,
    )
    exact = sum((a - b for a, b in known), Decimal(0))
    label = instrument.total(criterion.total).label
    most = Decimal(criterion.at_most)
    met = abs(exact) <= most * len(known)
    figure = exact / len(known) if known else None
    lines = [
        Line(
            kind=Kind.BIAS,
            standing=_standing(found.bias, met, alone=alone),
            sentence=Sentence(
                BIAS if known else NO_BIAS,
                {"total": label, "figure": short(figure), "needed": short(most)},
            ),
            figure=figure,
            at_most=most,
            interval=_bounds(found.bias.interval),
            about=label,
            reason=_why(found.bias, alone=alone),
        )
    ]
    if criterion.limits is None:
        return lines
    limit, low, high = Decimal(criterion.limits), found.lower.value, found.upper.value
    inside = low is not None and high is not None
    farthest = max(abs(low), abs(high)) if low is not None and high is not None else None
    met = farthest is not None and farthest <= float(limit) + ROUNDING
    values = {"low": short(low), "high": short(high), "needed": short(limit), "total": label}
    bounds = None
    if low is not None and high is not None:
        bounds = Bounds(low, high, 0.95, LIMITS_METHOD)
    lines.append(
        Line(
            kind=Kind.LIMITS,
            standing=_standing(found.lower, met, alone=alone),
            sentence=Sentence(LIMITS if inside else NO_LIMITS, values),
            figure=farthest,
            at_most=limit,
            interval=bounds,
            about=label,
            reason=_why(found.lower, alone=alone),
        )
    )
    return lines


def _standing(found: Estimate, met: bool, *, alone: bool) -> Standing:
    if alone:
        return Standing.NOT_MET
    return Standing.INFORMS if found.value is None else standing_of(met)


def _why(found: Estimate, *, alone: bool) -> Sentence | None:
    if alone:
        return Sentence(MISSING)
    return None if found.reason is None else Sentence(found.reason)


def icc_line(instrument: Instrument, marks: Sequence[CaseMark], criterion: IccCriterion) -> Line:
    """Correlation of a total, or of all items as shares of their ranges, with the reference."""
    pairs = (
        _pairs_of_total(marks, criterion.total)
        if criterion.total is not None
        else _pairs_of_items(instrument, marks)
    )
    form = icc_form(criterion.form)
    found = icc(pairs or [[None, None]], form)
    n = found.sample.subjects if criterion.total is not None else len(marks)
    least = Decimal(criterion.at_least)
    return Line(
        kind=Kind.ICC,
        standing=_decided(found, least, enough=n >= criterion.decides_from),
        sentence=Sentence(
            NO_ICC if found.value is None else ICC,
            {"form": criterion.form, "figure": short(found.value), "needed": short(least)},
        ),
        figure=found.value,
        at_least=least,
        interval=_bounds(found.interval),
        about=criterion.form,
        reason=_few(found, FEW_CASES, n, criterion.decides_from),
    )


def icc_form(name: str) -> IccForm:
    """Return the form of that name, by Shrout and Fleiss or by McGraw and Wong.

    Raises:
        KeyError: if there is none.
    """
    return {**{form.mcgraw_wong: form for form in IccForm}, **{f.value: f for f in IccForm}}[name]


def kappa_line(
    instrument: Instrument, marks: Sequence[CaseMark], criterion: KappaCriterion
) -> Line:
    """Weighted kappa over the pooled items; pairs in which one has no points are left out."""
    items = [instrument.item(key) for key in criterion.items]
    pairs = _points(marks, items)
    found = kappa(
        [own for own, _ in pairs] or [None],
        [reference for _, reference in pairs] or [None],
        weights=Weights(criterion.weights),
        levels=kappa_levels(items),
    )
    n, least = found.sample.subjects, Decimal(criterion.at_least)
    return Line(
        kind=Kind.KAPPA,
        standing=_decided(found, least, enough=n >= criterion.decides_from),
        sentence=Sentence(
            NO_KAPPA if found.value is None else KAPPA,
            {"figure": short(found.value), "needed": short(least)},
        ),
        figure=found.value,
        of=n,
        at_least=least,
        interval=_bounds(found.interval),
        about=criterion.weights,
        reason=_few(found, FEW_PAIRS, n, criterion.decides_from),
    )


def kappa_levels(items: Sequence[Item]) -> list[float]:
    """All points that the items have, in ascending order."""
    found: set[float] = set()
    for item in items:
        levels = getattr(item.scale, "levels", None)
        if levels is not None:
            found |= {float(level.value) for level in levels if level.value is not None}
        else:
            found |= {float(part) for part in _counts(item)}
    return sorted(found)


def _counts(item: Item) -> list[Decimal]:
    """Every sum that parts can make."""
    sums = {Decimal(0)}
    for part in item.scale.parts:  # type: ignore[union-attr]
        sums |= {one + part.points for one in sums}
    return sorted(sums)


def _pairs_of_total(marks: Sequence[CaseMark], total: str) -> list[list[float | None]]:
    return [
        [_float(one.judged), _float(one.reference)]
        for mark in marks
        for one in mark.totals
        if one.total == total
    ]


def _pairs_of_items(instrument: Instrument, marks: Sequence[CaseMark]) -> list[list[float | None]]:
    items = [item for item in instrument.items if item.reach and item.reach[0] != item.reach[1]]
    return [
        [_share(item, own), _share(item, reference)]
        for item in items
        for own, reference in _points(marks, [item])
    ]


def _share(item: Item, points: float | None) -> float | None:
    if points is None or item.reach is None:
        return None
    low, high = map(float, item.reach)
    return (points - low) / (high - low)


def _points(
    marks: Sequence[CaseMark], items: Sequence[Item]
) -> list[tuple[float | None, float | None]]:
    by_key = {item.key: item for item in items}
    return [
        (_worth(by_key[one.item], one.own), _worth(by_key[one.item], one.reference))
        for mark in marks
        for one in mark.items
        if one.counted and one.item in by_key
    ]


def _worth(item: Item, answer: Answer | None) -> float | None:
    return None if answer is None else _float(points_of(item, answer))


def _float(figure: Decimal | None) -> float | None:
    return None if figure is None else float(figure)


def _decided(found: Estimate, least: Decimal, *, enough: bool) -> Standing:
    if not enough or found.value is None:
        return Standing.INFORMS
    return standing_of(found.value >= float(least) - ROUNDING)


def _few(found: Estimate, sentence: str, n: int, needed: int) -> Sentence | None:
    if n < needed:
        return Sentence(sentence, {"n": n, "needed": needed})
    return None if found.reason is None else Sentence(found.reason)


def _bounds(interval: Interval | None) -> Bounds | None:
    if interval is None:
        return None
    return Bounds(interval.low, interval.high, interval.confidence, interval.method)


def short(figure: Decimal | float | None) -> str:
    """Write a figure with at most two decimals, as sentences do; "" for none."""
    if figure is None:
        return ""
    rounded = Decimal(str(figure)).quantize(Decimal("0.01"))
    text = format(rounded, "f").rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text.replace("-", "−")
