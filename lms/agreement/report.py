"""Results as lines of text for a terminal, and as JSON."""

import dataclasses
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lms.agreement.bland_altman import BlandAltman
from lms.agreement.distractors import ItemOptions
from lms.agreement.error import MeasurementError
from lms.agreement.items import ItemAnalysis
from lms.agreement.krippendorff import Alpha
from lms.agreement.result import Estimate, Figure, Sample, Test

Result = Estimate | MeasurementError | BlandAltman | ItemAnalysis | ItemOptions


@dataclass(frozen=True, slots=True)
class Named:
    """A result with the columns that it is of; none where it is of all of them."""

    of: tuple[str, ...]
    result: Result


def is_defined(results: Sequence[Named]) -> bool:
    """Whether any of the results has a figure."""
    return any(
        estimate.value is not None for named in results for estimate in _estimates(named.result)
    )


def as_json(results: Sequence[Named]) -> str:
    return json.dumps(
        [{"of": list(named.of), **_plain(named.result)} for named in results],
        ensure_ascii=False,
        indent=1,
        allow_nan=False,
    )


def _plain(result: Result) -> dict[str, Any]:
    fields: dict[str, Any] = dataclasses.asdict(result)
    return fields


def as_text(results: Sequence[Named]) -> str:
    """The results, and below them how they were computed and from what, each sentence once."""
    lines = [line for named in results for line in _lines(named)]
    return "\n".join([*lines, "", *_footing(results)])


def _estimates(result: Result) -> list[Estimate]:
    match result:
        case Estimate():
            return [result]
        case MeasurementError():
            return [
                result.sem_agreement,
                result.sem_consistency,
                result.sdc_agreement,
                result.sdc_consistency,
            ]
        case BlandAltman():
            return [result.bias, result.lower, result.upper]
        case ItemAnalysis():
            return [result.alpha]
        case ItemOptions():
            return []


def _lines(named: Named) -> list[str]:
    who = f"{' – '.join(named.of)}: " if named.of else ""
    match named.result:
        case ItemAnalysis() as analysis:
            return [*_item_lines(analysis), _line("", analysis.alpha)]
        case ItemOptions() as item:
            return list(_option_lines(item))
        case result:
            return [_line(who, estimate) for estimate in _estimates(result)]


def _line(who: str, estimate: Estimate) -> str:
    name = f"{who}{estimate.statistic}, {estimate.form}"
    if estimate.value is None:
        return f"{name}: no value. {estimate.reason}"
    parts = [f"{name}: {number(estimate.value)}"]
    if estimate.interval:
        low, high = number(estimate.interval.low), number(estimate.interval.high)
        parts.append(f"{100 * estimate.interval.confidence:g} % interval {low} to {high}")
    else:
        parts.append(f"no interval ({estimate.no_interval})")
    if estimate.standard_error:
        parts.append(f"standard error {number(estimate.standard_error)}")
    if estimate.test:
        parts.append(_test(estimate.test))
    return "; ".join(parts)


def _test(test: Test) -> str:
    df = f"({', '.join(f'{df:g}' for df in test.df)})" if test.df else ""
    p = "p < 0.0001" if test.p < 0.0001 else f"p = {test.p:.4f}"
    return f"{test.name}{df} = {test.value:.3f}, {p}"


def _footing(results: Sequence[Named]) -> Iterator[str]:
    said: dict[str, dict[str, None]] = {}
    for named in results:
        for estimate in _estimates(named.result):
            said.setdefault(estimate.method, {})[estimate.form] = None
            if estimate.interval:
                said.setdefault(f"Interval: {estimate.interval.method}", {})[estimate.form] = None
        if isinstance(named.result, Alpha) and named.result.resamples:
            said[f"{named.result.resamples} resamples, seed {named.result.seed}."] = {}
    every = {form for forms in said.values() for form in forms}
    for sentence, forms in said.items():
        yield sentence if len(forms) in (0, len(every)) else f"{', '.join(forms)}: {sentence}"
    yield from dict.fromkeys(
        _sample(estimate.sample) for named in results for estimate in _estimates(named.result)
    )


def _sample(sample: Sample) -> str:
    return (
        f"{sample.subjects} subjects, {sample.raters} raters, {sample.ratings} ratings; "
        f"cells missing: {sample.missing}, subjects left out: {sample.left_out}. {sample.rule}"
    )


HEADS = ("item", "facility", "spread", "upper-lower", "r total", "r rest", "efficiency", "weight",
         "alpha without")  # fmt: skip


def _item_lines(analysis: ItemAnalysis) -> list[str]:
    rows = [
        (
            item.name,
            *(
                number(figure.value)
                for figure in (
                    item.facility,
                    item.spread,
                    item.upper_lower,
                    item.item_total,
                    item.discrimination,
                    item.efficiency,
                    item.effective_weight,
                    item.alpha_if_deleted,
                )
            ),
        )
        for item in analysis.items
    ]
    widths = [max(len(row[place]) for row in [HEADS, *rows]) for place in range(len(HEADS))]
    table = [
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in [HEADS, *rows]
    ]
    notes = sorted({figure.reason for item in analysis.items for figure in _figures(item)
                    if figure.reason})  # fmt: skip
    totals = (
        f"Total: mean {number(analysis.mean.value)}, variance {number(analysis.variance.value)}"
    )
    return [*table, *(f"  – {note}" for note in notes), "", totals]


def _figures(item: Any) -> Iterator[Figure]:
    for field in dataclasses.fields(item):
        value = getattr(item, field.name)
        if isinstance(value, Figure):
            yield value


def _option_lines(item: ItemOptions) -> Iterator[str]:
    yield ""
    yield f"{item.name}:"
    for option in item.options:
        name = option.option or "(no answer)"
        yield (
            f"  {'*' if option.is_key else ' '} {name}: {option.chosen} "
            f"({100 * option.share:.0f} %), "
            f"best 27 % {100 * option.upper:.0f} %, worst 27 % {100 * option.lower:.0f} %, "
            f"r rest {number(option.discrimination.value)}"
        )


def number(value: float | None) -> str:
    """Four digits after the point, fewer for large numbers; a dash for no value."""
    if value is None:
        return "–"
    return f"{value:.4f}" if abs(value) < 100 else f"{value:.2f}"
