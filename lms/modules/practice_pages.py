"""What the pages say of a person's practice: patterns, trend, items by cases, differences."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from lms.modules.domain import (
    LEAST_LIMITS,
    LEAST_TREND,
    ItemMark,
    Leaning,
    Pairs,
    Pattern,
    TrendPoint,
    latest_of_cases,
    one_scale,
    pairs_of,
    trend_point,
)
from lms.modules.material import Material
from lms.modules.pages import Addresses, revisit_link, shown
from lms.modules.practice import Compared, Practice
from lms.web import charts
from lms.web.charts import BlandAltman
from lms.web.drawing import HeatMap, HeatValue, TrendChart, heat_map, trend_chart
from lms.web.filters import as_is, figure, percent, signed

SHORT = 2  # patterns that the feedback on one case repeats


@dataclass(frozen=True)
class PatternWords:
    """A pattern as a person reads it, and where to look again ("" where no case says so)."""

    sentence: str
    evidence: str
    url: str
    words: str


@dataclass(frozen=True)
class CaseColumn:
    """A case of the practice: its column, its title, and where its feedback stands ("" if not)."""

    number: int
    title: str
    url: str


@dataclass(frozen=True)
class TrendRow:
    """One try in the table beside the trend."""

    case: CaseColumn
    within: str
    apart: str


@dataclass(frozen=True)
class Trend:
    """How near the tries were, one after the other; `apart` None where no item has points."""

    share: TrendChart
    apart: TrendChart | None
    points: bool
    rows: list[TrendRow]
    words: str


@dataclass(frozen=True)
class HeatRow:
    """One item in the table beside the heat map: a difference in words for each case."""

    label: str
    cells: list[str]


@dataclass(frozen=True)
class Heat:
    """Items by cases."""

    chart: HeatMap
    cases: list[CaseColumn]
    rows: list[HeatRow]


@dataclass(frozen=True)
class DifferenceRow:
    """One try in the table beside the differences."""

    case: CaseColumn
    cells: list[str]


@dataclass(frozen=True)
class Differences:
    """Bias and limits of agreement; `total` names the total that is drawn, "" for items."""

    chart: BlandAltman
    total: str
    count: int
    bias: str
    limits: str
    heads: list[str]
    rows: list[DifferenceRow]


@dataclass(frozen=True)
class PracticePage:
    """All that the page "Your practice" says."""

    tries: int
    cases: int
    scores: int
    patterns: list[PatternWords]
    trend: Trend | None
    heat: Heat | None
    differences: Differences | None


def practice_page(material: Material, practice: Practice, *, to: Addresses) -> PracticePage:
    """Put together what the page of a person's practice shows."""
    return PracticePage(
        tries=len(practice.tries),
        cases=len({one.case.key for one in practice.tries}),
        scores=len(practice.scores),
        patterns=[pattern_words(material, one, to=to) for one in practice.patterns],
        trend=_trend(material, practice, to),
        heat=_heat(material, practice, to),
        differences=_differences(material, practice, to),
    )


def short_patterns(material: Material, practice: Practice, *, to: Addresses) -> list[PatternWords]:
    """Return the weightiest patterns, for the feedback on one case."""
    return [pattern_words(material, one, to=to) for one in practice.patterns[:SHORT]]


def pattern_words(material: Material, pattern: Pattern, *, to: Addresses) -> PatternWords:
    """Write a pattern in the reader's language; what the package says stays as it is."""
    language = material.content.language
    values = {
        key: figure(value) if isinstance(value, Decimal) else as_is(value, language) or ""
        for key, value in pattern.values.items()
    }
    url, words = revisit_link(to, material.content, pattern.revisit)
    return PatternWords(
        sentence=Markup(_(pattern.sentence)) % values if values else _(pattern.sentence),  # noqa: S704  (our own sentence; what goes into it is escaped)
        evidence=_evidence(pattern),
        url=url,
        words=words,
    )


def _evidence(pattern: Pattern) -> str:
    counts = {"same": figure(pattern.same), "n": figure(pattern.n)}
    if pattern.leaning in (Leaning.SCORED, Leaning.NOT_SCORED):
        return _("In %(same)s of %(n)s scores.", **counts)
    high = pattern.leaning is Leaning.HIGH
    if pattern.points is None:
        return (
            _("%(same)s of %(n)s scores lie above the panel.", **counts)
            if high
            else _("%(same)s of %(n)s scores lie below the panel.", **counts)
        )
    points = figure(abs(round(pattern.points, 1)))
    return (
        _(
            "On average %(points)s above the panel; %(same)s of %(n)s scores lie above it.",
            points=points,
            **counts,
        )
        if high
        else _(
            "On average %(points)s below the panel; %(same)s of %(n)s scores lie below it.",
            points=points,
            **counts,
        )
    )


def _column(one: Compared, number: int, to: Addresses) -> CaseColumn:
    return CaseColumn(number, one.case.title, to.result(one.attempt_id) if one.attempt_id else "")


# --- from try to try ------------------------------------------------------------------------------


def _trend(material: Material, practice: Practice, to: Addresses) -> Trend | None:
    points = one_scale(material.instrument)
    found = [trend_point(one.mark, one.scores, points=points) for one in practice.tries]
    shares = [point.share for point in found]
    if len(found) < LEAST_TREND or all(share is None for share in shares):
        return None
    apart = [point.apart for point in found]
    return Trend(
        share=trend_chart(shares, highest=1.0),
        apart=None
        if all(value is None for value in apart)
        else trend_chart(apart, highest=None if points else 1.0),
        points=points,
        rows=[
            TrendRow(
                case=_column(one, one.number, to),
                within=_("%(n)s of %(all)s", n=figure(point.within), all=figure(point.of)),
                apart=figure(point.apart) if points else percent(point.apart, 1),
            )
            for one, point in zip(practice.tries, found, strict=True)
        ],
        words=_trend_words(found),
    )


def _trend_words(found: Sequence[TrendPoint]) -> str:
    return _(
        "The first time %(first)s of %(first_of)s items were within the tolerance,"
        " the last time %(last)s of %(last_of)s.",
        first=figure(found[0].within),
        first_of=figure(found[0].of),
        last=figure(found[-1].within),
        last_of=figure(found[-1].of),
    )


# --- items by cases -------------------------------------------------------------------------------


def _heat(material: Material, practice: Practice, to: Addresses) -> Heat | None:
    by_mark = {id(one.mark): one for one in practice.tries}
    marks = latest_of_cases([one.mark for one in practice.tries])
    scored = [{mark.item: mark for mark in case.items} for case in marks]
    units = {(score.item, one.case.key): score for one in practice.tries for score in one.scores}
    items = [item for item in material.instrument.items if any(item.key in case for case in scored)]
    if not items:
        return None
    drawn, rows = [], []
    for number, item in enumerate(items, start=1):
        values, cells = [], []
        for case, column in zip(marks, scored, strict=True):
            mark = column.get(item.key)
            score = units.get((item.key, case.case))
            size = abs(float(score.effect)) if score and score.difference is not None else 0.0
            values.append(_heat_value(mark, size))
            cells.append(_heat_words(material, mark))
        label = f"{number}. {item.label}"
        drawn.append((label, values))
        rows.append(HeatRow(label, cells))
    columns = [_column(by_mark[id(mark)], n, to) for n, mark in enumerate(marks, start=1)]
    return Heat(heat_map(drawn), columns, rows)


def _heat_value(mark: ItemMark | None, size: float) -> HeatValue:
    if mark is None or mark.own is None:
        return HeatValue("none", 0.0, within=False)
    if mark.difference:
        return HeatValue("above" if mark.difference > 0 else "below", size, within=mark.within)
    return HeatValue("same" if mark.within else "apart", 0.0, within=mark.within)


def _heat_words(material: Material, mark: ItemMark | None) -> str:
    if mark is None or mark.own is None:
        return "–"
    if mark.difference is not None:
        return difference(mark.difference)
    item = material.instrument.item(mark.item)
    return _(
        "you %(own)s, panel %(reference)s",
        own=shown(item, mark.own),
        reference=shown(item, mark.reference),
    )


def difference(value: Decimal | float) -> str:
    """Write a difference with its sign, whole where it is."""
    return signed(value, 0 if value == int(value) else 1)


# --- differences ----------------------------------------------------------------------------------


def _differences(material: Material, practice: Practice, to: Addresses) -> Differences | None:
    from lms.agreement.bland_altman import bland_altman  # numpy is loaded where figures are made

    marks = [one.mark for one in practice.tries]
    pairs = pairs_of(material.instrument, marks, practice.scores)
    if pairs is None:
        return None
    found = bland_altman(pairs.own, pairs.reference)
    bias, lower, upper = found.bias.value, found.lower.value, found.upper.value
    limits = None
    enough = len(pairs.own) >= LEAST_LIMITS
    if enough and lower is not None and upper is not None and lower < upper:
        limits = (lower, upper)
    return Differences(
        chart=charts.bland_altman(
            zip(found.means, found.differences, strict=True),
            tolerance=pairs.tolerance,
            bias=bias,
            limits=limits,
        ),
        total=material.instrument.total(pairs.total).label if pairs.total else "",
        count=len(pairs.own),
        bias=_bias_words(bias or 0.0),
        limits=_limits_words(limits, len(pairs.own)),
        heads=[_("You"), _("Panel"), _("Difference")]
        if pairs.total
        else [_("Mean difference"), _("Widest")],
        rows=[
            DifferenceRow(_column(one, one.number, to), cells)
            for one in practice.tries
            if (cells := _difference_cells(one, pairs))
        ],
    )


def _bias_words(bias: float) -> str:
    size = figure(abs(round(bias, 1)))
    if not round(bias, 1):
        return _("On average you score as the panel does.")
    if bias > 0:
        return _("On average you score %(size)s above the panel.", size=size)
    return _("On average you score %(size)s below the panel.", size=size)


def _limits_words(limits: tuple[float, float] | None, count: int) -> str:
    if limits is None and count >= LEAST_LIMITS:
        return _("All differences are the same, so there is no range to draw.")
    if limits is None:
        return ngettext(
            "The range that holds 95 of 100 differences is drawn from %(least)s scores on; so far"
            " there is %(num)s.",
            "The range that holds 95 of 100 differences is drawn from %(least)s scores on; so far"
            " there are %(num)s.",
            count,
            least=figure(LEAST_LIMITS),
        )
    return _(
        "95 of 100 differences are expected from %(low)s to %(high)s: the broken lines.",
        low=signed(limits[0]),
        high=signed(limits[1]),
    )


def _difference_cells(one: Compared, pairs: Pairs) -> list[str]:
    if pairs.total:
        total = next(total for total in one.mark.totals if total.total == pairs.total)
        if total.difference is None:
            return []
        return [figure(total.own), figure(total.reference), difference(total.difference)]
    found = [score.difference for score in one.scores if score.difference is not None]
    if not found:
        return []
    return [signed(sum(found, Decimal(0)) / len(found)), difference(max(found, key=abs))]
