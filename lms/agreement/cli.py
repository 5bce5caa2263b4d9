"""`./concord lms agreement …`: agreement statistics and item analysis of a CSV file."""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import click

from lms.agreement.bland_altman import bland_altman
from lms.agreement.concordance import concordance
from lms.agreement.distractors import analyse_options, score_choices
from lms.agreement.error import measurement_error
from lms.agreement.fleiss import Chance, fleiss, fleiss_of_counts
from lms.agreement.gwet import gwet
from lms.agreement.icc import IccForm, all_forms, icc
from lms.agreement.items import Unanswered, analyse_items
from lms.agreement.kappa import Weights, kappa, kappa_of_table
from lms.agreement.krippendorff import Metric, alpha
from lms.agreement.reading import (
    Levels,
    Table,
    UnreadableTable,
    read_cells,
    read_figures,
    read_levels,
    read_maxima,
    read_table,
)
from lms.agreement.report import Named, as_json, as_text, is_defined
from lms.agreement.result import Misuse
from lms.errors import N_

MOST_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """A file and what was said of its layout."""

    path: Path
    header: bool | None
    row_names: bool | None
    json: bool
    confidence: float

    def table(self, levels: Levels | None = None) -> Table:
        cells = read_cells(
            text_of(self.path), levels=levels, header=self.header, row_names=self.row_names
        )
        return read_table(cells, levels)


@click.group("agreement")
def group() -> None:
    """Agreement statistics of a CSV file: rows = subjects, columns = raters, empty = missing.

    Row and column names are recognised; commas, semicolons and tabs separate columns. Each command
    ends with 0 if it has a figure, with 1 if the statistic is undefined for these ratings, and
    with 2 if the file or an option cannot be used.
    """


def reads_file(command: Callable[..., list[Named]]) -> Callable[..., None]:
    """Give a command the file, its layout options and --json, and answer with its results."""

    def run(**options: Any) -> None:
        names = ("path", "header", "row_names", "json", "confidence")
        source = Source(**{name: options.pop(name) for name in names})
        try:
            results = command(source, **options)
        except Misuse as error:
            refuse(source.path, error)
        click.echo(as_json(results) if source.json else as_text(results))
        sys.exit(0 if is_defined(results) else 1)

    run.__doc__ = command.__doc__
    run.__click_params__ = getattr(command, "__click_params__", [])  # type: ignore[attr-defined]
    shared = (
        click.option("--confidence", type=float, default=0.95, show_default=True),
        click.option("--row-names/--no-row-names", default=None, help="Not recognised, but said."),
        click.option("--header/--no-header", default=None, help="Not recognised, but said."),
        click.option("--json", is_flag=True, help="Every result whole, as JSON."),
        click.argument("path", metavar="FILE.csv", type=click.Path(path_type=Path)),
    )
    for decorate in shared:
        decorate(run)
    return run


def refuse(path: Path, error: Misuse) -> None:
    """Say on the error stream what cannot be used, and end with 2."""
    click.echo(f"{path}: {error}", err=True)
    if isinstance(error, UnreadableTable):
        for problem in error.problems:
            click.echo(f"{path}: {problem}", err=True)
    sys.exit(2)


def text_of(path: Path) -> str:
    """The file's text.

    Raises:
        Misuse: if it cannot be read, is too large, or is not UTF-8.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Misuse(N_("The file is larger than 64 MB."))
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise Misuse(N_("The file cannot be read: %(why)s."), why=error.strerror or "") from error
    except UnicodeDecodeError as error:
        raise Misuse(
            N_("The file is not UTF-8 (byte %(place)s). Save it as “CSV UTF-8”."),
            place=error.start + 1,
        ) from error


def scale_option(command: Any) -> Any:
    help_ = "Categories in ascending order: 0..4, or 1,2,5, or none,mild,severe."
    return click.option("--levels", metavar="LEVELS", help=help_)(command)


def weights_option(command: Any) -> Any:
    help_ = "unweighted, linear, quadratic, or disagreement weights by rows: 0 1 3/1 0 6/3 6 0."
    return click.option("--weights", default="unweighted", show_default=True, help=help_)(command)


def against_option(command: Any) -> Any:
    help_ = "Compare every other column with this one, instead of every pair."
    return click.option("--against", metavar="NAME", help=help_)(command)


def read_weights(text: str) -> Weights | list[list[float]]:
    kinds = [kind.value for kind in Weights if kind is not Weights.CUSTOM]
    return Weights(text) if text in kinds else read_figures(text)


def pairs_of(table: Table, against: str | None) -> Iterator[tuple[tuple[str, str], Any, Any]]:
    """Names and columns of the raters to compare.

    Raises:
        Misuse: if there is only one column, or none of that name.
    """
    columns = dict(zip(table.raters, zip(*table.rows, strict=True), strict=True))
    if len(columns) < 2:
        raise Misuse(N_("Two raters are compared, but the file has one column of ratings."))
    if against is not None and against not in columns:
        raise Misuse(
            N_("There is no column %(name)s. There are: %(names)s."),
            name=against,
            names=", ".join(columns),
        )
    pairs: Sequence[tuple[str, str]] = (
        list(combinations(columns, 2))
        if against is None
        else [(name, against) for name in columns if name != against]
    )
    for one, other in pairs:
        yield (one, other), columns[one], columns[other]


@group.command("icc")
@click.option(
    "--form", type=click.Choice([str(form) for form in IccForm]), help="One form, not all six."
)
@reads_file
def icc_command(source: Source, form: str | None) -> list[Named]:
    """Intraclass correlation, with the error of measurement."""
    rows = source.table().rows
    if form:
        found: Sequence[Any] = [icc(rows, IccForm(form), confidence=source.confidence)]
    else:
        found = all_forms(rows, confidence=source.confidence)
    error = measurement_error(rows, confidence=source.confidence)
    return [Named((), result) for result in (*found, error)]


@group.command("kappa")
@weights_option
@scale_option
@against_option
@click.option("--counts", is_flag=True, help="The file is a square table of counts.")
@reads_file
def kappa_command(
    source: Source, weights: str, levels: str | None, against: str | None, counts: bool
) -> list[Named]:
    """Cohen's kappa of each two raters, plain or weighted."""
    scale = read_levels(levels) if levels else None
    values = scale.values if scale else None
    options: Any = {
        "weights": read_weights(weights),
        "levels": values,
        "confidence": source.confidence,
    }
    if counts:
        return [Named((), kappa_of_table(source.table().rows, **options))]
    return [
        Named(names, kappa(one, other, **options))
        for names, one, other in pairs_of(source.table(scale), against)
    ]


@group.command("fleiss")
@scale_option
@click.option(
    "--chance",
    type=click.Choice([str(chance) for chance in Chance]),
    default=str(Chance.FIXED),
    show_default=True,
    help="Fleiss's own fixed margins, or Randolph's uniform ones.",
)
@click.option("--counts", is_flag=True, help="Columns are categories, cells count raters.")
@reads_file
def fleiss_command(source: Source, levels: str | None, chance: str, counts: bool) -> list[Named]:
    """Fleiss's kappa of all raters on a nominal scale."""
    margins = Chance(chance)
    if counts:
        rows = source.table().rows
        found = fleiss_of_counts(rows, chance=margins, confidence=source.confidence)
        return [Named((), found)]
    scale = read_levels(levels) if levels else None
    found = fleiss(
        source.table(scale).rows,
        levels=scale.values if scale else None,
        chance=margins,
        confidence=source.confidence,
    )
    return [Named((), found)]


@group.command("alpha")
@click.option(
    "--metric",
    type=click.Choice([str(metric) for metric in Metric]),
    default=str(Metric.ORDINAL),
    show_default=True,
)
@scale_option
@click.option("--resamples", type=click.IntRange(0, 100_000), default=2000, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@reads_file
def alpha_command(
    source: Source, metric: str, levels: str | None, resamples: int, seed: int
) -> list[Named]:
    """Krippendorff's alpha of all raters; gaps are allowed."""
    rows = source.table(read_levels(levels) if levels else None).rows
    found = alpha(
        rows, Metric(metric), confidence=source.confidence, resamples=resamples, seed=seed
    )
    return [Named((), found)]


@group.command("ac")
@weights_option
@scale_option
@reads_file
def ac_command(source: Source, weights: str, levels: str | None) -> list[Named]:
    """Gwet's AC1, or AC2 with weights; gaps are allowed."""
    scale = read_levels(levels) if levels else None
    found = gwet(
        source.table(scale).rows,
        weights=read_weights(weights),
        levels=scale.values if scale else None,
        confidence=source.confidence,
    )
    return [Named((), found)]


@group.command("ccc")
@click.option("--ddof", type=click.IntRange(0, 1), default=0, show_default=True,
              help="Variances divide by n less this.")  # fmt: skip
@against_option
@reads_file
def ccc_command(source: Source, ddof: int, against: str | None) -> list[Named]:
    """Lin's concordance correlation of each two raters."""
    return [
        Named(names, concordance(one, other, ddof=ddof, confidence=source.confidence))
        for names, one, other in pairs_of(source.table(), against)
    ]


@group.command("bland-altman")
@click.option("--multiplier", type=float, default=1.96, show_default=True,
              help="Standard deviations from bias to limit.")  # fmt: skip
@against_option
@reads_file
def bland_altman_command(source: Source, multiplier: float, against: str | None) -> list[Named]:
    """Bias and limits of agreement of each two raters."""
    return [
        Named(names, bland_altman(one, other, multiplier=multiplier, confidence=source.confidence))
        for names, one, other in pairs_of(source.table(), against)
    ]


@group.command("items")
@click.option("--max", "maximum", default="1", show_default=True, metavar="MAX",
              help="Greatest score of every item, or of each: 1,2,5.")  # fmt: skip
@click.option("--options", metavar="OPTIONS", help="All options of an item, with --key: a,b,c,d.")
@click.option("--key", metavar="KEY", help="Right options, as in b,c,a: cells are then options.")
@click.option("--unanswered", type=click.Choice([str(rule) for rule in Unanswered]),
              default=str(Unanswered.LEFT_OUT), show_default=True)  # fmt: skip
@reads_file
def items_command(
    source: Source, maximum: str, key: str | None, options: str | None, unanswered: str
) -> list[Named]:
    """Item analysis: rows are people, columns are items."""
    rule = Unanswered(unanswered)
    if key is not None:
        return _choices(source, words(key), words(options or ""), rule)
    if options is not None:
        raise Misuse(N_("Options are looked at with a key: add --key."))
    table, tops = source.table(), read_maxima(maximum)
    found = analyse_items(
        table.rows,
        names=table.raters,
        maximum=tops[0] if len(tops) == 1 else tops,
        unanswered=rule,
        confidence=source.confidence,
    )
    return [Named((), found)]


def _choices(source: Source, key: list[str], options: list[str], rule: Unanswered) -> list[Named]:
    """Answers as options: scored by the key, and each option looked at."""
    cells = read_cells(
        text_of(source.path), header=source.header, row_names=source.row_names, any_text=True
    )
    scores = score_choices(cells.rows, key)
    found = analyse_items(scores, names=cells.raters, unanswered=rule, confidence=source.confidence)
    items = analyse_options(cells.rows, key, names=cells.raters, options=options)
    return [Named((), found), *(Named((item.name,), item) for item in items)]


def words(text: str) -> list[str]:
    """What stands between commas."""
    return [part.strip() for part in text.split(",") if part.strip()]
