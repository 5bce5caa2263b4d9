"""Every figure of a report as a row, for tables, CSV and JSON alike."""

from collections.abc import Iterator
from dataclasses import dataclass

from lms.agreement.result import Estimate
from lms.reports.domain.reliability.figures import FEW_SUBJECTS, Report
from lms.reports.domain.reliability.methods import Said


@dataclass(frozen=True)
class FigureRow:
    """One figure and of what it is.

    Args:
        block: between, items, all, rater, site, tier, language, period, within.
        of: the set of cases, the item, the rater's code, the site and so on.
        estimate: the figure, with how it was come by.
        unit: "" where it has none.
    """

    block: str
    of: str
    estimate: Estimate
    unit: str = ""


COLUMNS = (
    "block", "of", "statistic", "form", "value", "low", "high", "confidence", "unit", "subjects",
    "raters", "ratings", "left_out", "missing", "few", "method", "interval_method",
    "missing_rule", "no_value", "no_interval",
)  # fmt: skip


def figure_rows(report: Report) -> Iterator[FigureRow]:
    """Every estimate of the report, block by block."""
    unit = report.total.unit if report.total else ""
    for one in report.between:
        name = " / ".join(part for part in (one.step, one.form, one.total.key) if part)
        for form in one.forms:
            yield FigureRow("between", name, form)
        yield FigureRow("between", name, one.sem, one.total.unit)
        yield FigureRow("between", name, one.sdc, one.total.unit)
    yield FigureRow("all", "totals", report.alpha)
    yield FigureRow("all", "raters", report.bias, unit)
    for item in report.items:
        yield FigureRow("items", item.item.key, item.alpha)
    for rater in report.raters:
        code = report.codes[rater.person_id]
        yield FigureRow("rater", code, rater.kappa)
        yield FigureRow("rater", code, rater.concordance)
        for part in (rater.differences.bias, rater.differences.lower, rater.differences.upper):
            yield FigureRow("rater", code, part, unit)
    for name, found in report.groups.items():
        for group in found:
            yield FigureRow(name, group.label, group.icc)
            yield FigureRow(name, group.label, group.alpha)
            yield FigureRow(name, group.label, group.bias, unit)
    if report.within:
        yield FigureRow("within", "totals", report.within.icc)
        yield FigureRow("within", "items", report.within.kappa)
        yield FigureRow("within", "totals", report.within.sem, unit)
        yield FigureRow("within", "totals", report.within.sdc, unit)
        yield FigureRow("within", "totals", report.within.differences.bias, unit)


def as_cells(row: FigureRow) -> dict[str, object]:
    """One figure by the names of COLUMNS; None where there is nothing to say."""
    one, sample, interval = row.estimate, row.estimate.sample, row.estimate.interval
    return {
        "block": row.block,
        "of": row.of,
        "statistic": one.statistic,
        "form": str(one.form),
        "value": one.value,
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
        "confidence": interval.confidence if interval else None,
        "unit": row.unit,
        "subjects": sample.subjects,
        "raters": sample.raters,
        "ratings": sample.ratings,
        "left_out": sample.left_out,
        "missing": sample.missing,
        "few": sample.subjects < FEW_SUBJECTS,
        "method": one.method,
        "interval_method": interval.method if interval else None,
        "missing_rule": sample.rule,
        "no_value": one.reason,
        "no_interval": None if interval else one.no_interval,
    }


def as_data(report: Report, told: list[Said]) -> dict[str, object]:
    """The whole report as plain JSON values: counts, every figure, the methods in words."""
    counts = report.counts
    return {
        "module": report.slug,
        "instrument": report.instrument.ref,
        "asked": report.wanted.as_data(),
        "counts": {
            "ratings": counts.ratings, "raters": counts.raters, "cases": counts.cases,
            "repeats": counts.repeats, "unfinished": counts.unfinished,
            "other_versions": counts.others,
            "items_within": report.share.within, "items_of": report.share.of,
        },
        "seed": report.how.seed,
        "resamples": report.how.resamples,
        "figures": [as_cells(row) for row in figure_rows(report)],
        "methods": [str(one) for one in told],
    }  # fmt: skip
