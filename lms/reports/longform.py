"""The reliability report as files: ratings in long form, figures, items, and a data dictionary."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Final

from lms.cells import harmless
from lms.instruments.domain import Answer, Item
from lms.instruments.domain import shown as in_words
from lms.reports.domain.reliability.between import metric_of
from lms.reports.domain.reliability.figures import Report
from lms.reports.domain.reliability.grids import number_of
from lms.reports.domain.reliability.methods import methods
from lms.reports.domain.reliability.ratings import CaseRating
from lms.reports.domain.reliability.rows import COLUMNS, as_cells, figure_rows


@dataclass(frozen=True)
class Column:
    """One column of the long form as the data dictionary tells it."""

    name: str
    meaning: str
    type: str
    unit: str = ""
    missing: str = ""


LONG: Final = (
    Column("rater", "The rater's code; one person has one code in the whole file", "text"),
    Column("name", "The rater's name, where it was asked for by somebody who may see it", "text",
           missing="empty: not asked for"),
    Column("sites", "Sites (protocol / number) on whose roster the rater stood on the day of "
           "handing in, separated by ;", "text", missing="empty: on no roster"),
    Column("tier", "developing, experienced or proven, from this platform's certificates before "
           "the rating", "category"),
    Column("language", "Language of the account, else of the roster (BCP 47)", "text",
           missing="empty: not stated"),
    Column("release", "Version of the module's release", "text"),
    Column("setting", "certification or practice", "category"),
    Column("step", "Key of the step", "text"),
    Column("form", "Key of the case form", "text", missing="empty: practice has no forms"),
    Column("attempt", "Number of the attempt at the step within the enrolment", "integer", "count"),
    Column("attempt_id", "Number of the attempt in this platform", "integer"),
    Column("submitted_at", "When the attempt was handed in", "ISO 8601 moment", "UTC"),
    Column("case", "Key of the case", "text"),
    Column("follows", "Key of the initial visit, where the case is a follow-up", "text",
           missing="empty: no follow-up"),
    Column("time", "How often this rater had scored this case up to here, from 1", "integer",
           "count"),
    Column("presentation", "2 for the hidden second showing within one attempt, else 1", "integer"),
    Column("item", "Key of the item; items.csv says more of it", "text"),
    Column("value", "The answer as it stands on the form", "text",
           missing="empty: NA (see na) or left open"),
    Column("na", "1 where the item was marked as not assessed", "0 or 1"),
    Column("na_reason", "The reason given for NA, by its code", "text", missing="empty: none"),
    Column("side", "Which side was tested, where it was the other one", "text",
           missing="empty: the side that is asked for"),
    Column("points", "The answer as a number, as it went into the figures", "number",
           "points of the item", missing="empty: NA, left open, or a level without a figure"),
    Column("reference_value", "The reference's answer", "text",
           missing="empty: NA, or the case has none"),
    Column("reference_na", "1 where the reference is not assessed", "0 or 1",
           missing="empty: the case has no reference for it"),
    Column("reference_points", "The reference as a number", "number", "points of the item",
           missing="empty: NA, none, or a level without a figure"),
)  # fmt: skip

ITEMS: Final = ("item", "label", "scale", "minimum", "maximum", "metric", "optional", "may_be_na")


def long_rows(
    report: Report, names: Mapping[int, str] | None = None
) -> Iterator[list[str | int | float]]:
    """One row a person, case and item, in the order of LONG.

    Args:
        names: by person id, for those who may see them; else the column stays empty.
    """
    items = report.instrument.items
    points: dict[tuple[str, int], str] = {}
    for rating in report.ratings:
        start = _rating_cells(report, rating, (names or {}).get(rating.person_id, ""))
        for item in items:
            own = rating.answers.get(item.key)
            theirs = rating.reference.answers.get(item.key)
            yield [
                *start,
                item.key,
                *_answer_cells(item, own, points),
                _value(theirs),
                "" if theirs is None else int(theirs.na),
                _points(item, theirs, points),
            ]


def _rating_cells(report: Report, rating: CaseRating, name: str) -> list[str | int | float]:
    return [
        report.codes[rating.person_id],
        harmless(name),
        harmless(";".join(rating.sites)),
        rating.tier.value,
        harmless(rating.language),
        rating.version,
        rating.setting.value,
        rating.step,
        rating.form,
        rating.number,
        rating.attempt_id,
        f"{rating.submitted_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        rating.case,
        rating.reference.follows or "",
        rating.time,
        rating.presentation,
    ]


def _answer_cells(
    item: Item, answer: Answer | None, points: dict[tuple[str, int], str]
) -> list[str | int | float]:
    if answer is None:
        return ["", 0, "", "", ""]
    side = answer.side.value if answer.side else ""
    own = _points(item, answer, points)
    return [_value(answer), int(answer.na), harmless(answer.reason or ""), side, own]


def _value(answer: Answer | None) -> str:
    return "" if answer is None or answer.value is None else harmless(in_words(answer))


def _points(item: Item, answer: Answer | None, known: dict[tuple[str, int], str]) -> str:
    """As text with no more digits than needed; each answer is worked out once."""
    if answer is None or answer.value is None:
        return ""
    key = (item.key, id(answer))
    if key not in known:
        number = number_of(item, answer)
        known[key] = "" if number != number else f"{number:g}"
    return known[key]


def write_zip(
    file: IO[bytes], report: Report, *, names: Mapping[int, str] | None, now: datetime
) -> None:
    """Write ratings.csv, figures.csv, items.csv, dictionary.csv and methods.txt."""
    parts: list[tuple[str, Sequence[str], Iterable[Sequence[object]]]] = [
        ("ratings.csv", [column.name for column in LONG], long_rows(report, names)),
        ("figures.csv", COLUMNS, figure_cells(report)),
        ("items.csv", ITEMS, _items(report)),
        ("dictionary.csv", ("file", "column", "meaning", "type", "unit", "missing"), dictionary()),
    ]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, heads, rows in parts:
            with (
                packed.open(_entry(name, now), "w") as raw,
                io.TextIOWrapper(raw, "utf-8-sig", newline="") as text,
            ):
                writer = csv.writer(text)
                writer.writerow(heads)
                writer.writerows(rows)
        told = "\n".join(str(one) for one in methods(report))
        packed.writestr(_entry("methods.txt", now), told + "\n")


def _entry(name: str, now: datetime) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name, now.astimezone(UTC).timetuple()[:6])
    made.compress_type = zipfile.ZIP_DEFLATED
    return made


def figure_cells(report: Report) -> Iterator[list[object]]:
    for row in figure_rows(report):
        cells = as_cells(row)
        yield [
            harmless(cell) if isinstance(cell, str) else "" if cell is None else cell
            for cell in (cells[name] for name in COLUMNS)
        ]


def _items(report: Report) -> Iterator[list[object]]:
    for item in report.instrument.items:
        low, high = item.reach or ("", "")
        yield [
            item.key, harmless(item.label), item.kind, low, high, metric_of(item).value,
            int(item.optional), int(item.na),
        ]  # fmt: skip


MEANT: Final = {
    "block": "What the figure belongs to: between (raters), all, items, rater, site, tier, "
    "language, period, within (a rater against themselves)",
    "of": "The set of cases, item, rater, site, tier, language or period; none if unknown",
    "statistic": "Its name",
    "form": "Which of its forms, in the literature's signs",
    "value": "The figure",
    "low": "Lower end of the interval",
    "high": "Upper end of the interval",
    "confidence": "Confidence of the interval",
    "unit": "Unit of value, low and high",
    "subjects": "Subjects (cases, raters or pairs of showings) that took part",
    "raters": "Raters that took part; 2 where two columns were compared",
    "ratings": "Cells that took part",
    "left_out": "Subjects that were there and took no part",
    "missing": "Cells that were empty",
    "few": "True below ten subjects: the interval says more than the figure",
    "method": "How the figure was computed",
    "interval_method": "How the interval was computed",
    "missing_rule": "How missing ratings were treated",
    "no_value": "Why there is no figure",
    "no_interval": "Why there is no interval",
}
NUMBERS: Final = frozenset(("value", "low", "high", "confidence"))
COUNTS: Final = frozenset(("subjects", "raters", "ratings", "left_out", "missing"))
ITEMS_MEANT: Final = {
    "item": "Key of the item",
    "label": "Its words on the form",
    "scale": "Kind of its scale",
    "minimum": "Lowest points",
    "maximum": "Highest points",
    "metric": "Metric of Krippendorff's alpha",
    "optional": "1 where it may be left open",
    "may_be_na": "1 where it may be marked as not assessed",
}


def dictionary() -> Iterator[list[str]]:
    """Every column of every file: name, meaning, type, unit, what an empty cell means."""
    for column in LONG:
        yield ["ratings.csv", column.name, column.meaning, column.type, column.unit, column.missing]
    for name, meaning in MEANT.items():
        kind = "number" if name in NUMBERS else "integer" if name in COUNTS else "text"
        empty = "empty: there is none" if name in NUMBERS or name.startswith("no_") else ""
        yield ["figures.csv", name, meaning, kind, "see unit" if name in NUMBERS else "", empty]
    for name, meaning in ITEMS_MEANT.items():
        kind = "number" if name in ("minimum", "maximum") else "text"
        yield ["items.csv", name, meaning, kind, "points" if kind == "number" else "", ""]
