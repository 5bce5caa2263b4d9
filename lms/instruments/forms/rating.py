"""An instrument's form as it is drawn: every row with its words, values and marks ready."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import groupby
from typing import Any

from flask_babel import gettext as _

from lms.errors import LmsError
from lms.instruments.domain import (
    Answer,
    Instrument,
    Item,
    RatingRefused,
    Section,
    Side,
    answer_to_json,
    points_of,
    read_answer,
)
from lms.instruments.domain.figures import as_json, exact, plain
from lms.instruments.domain.scales import Levels, Number, Parts, Seconds, Vas
from lms.instruments.domain.sheet import NONE_OF_THEM, field_name
from lms.instruments.forms.totals import (
    FigureView,
    TotalView,
    figure_views,
    script,
    total_views,
)

_FEW, _USUAL = 7, 12


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing to choose: a level, an option, a part.

    Args:
        id: where the error summary leads; only the first of an item has one.
        points: what it is worth as text for the script; "" = it has no number.
    """

    id: str
    code: str
    short: str
    words: str
    points: str
    chosen: bool

    @property
    def says_points(self) -> bool:
        """Whether the code alone does not tell the script what it is worth."""
        return self.points != self.code


@dataclass(frozen=True, slots=True)
class BandView:
    """One band of seconds, with the sentence that stands beside its code."""

    start: Decimal
    code: int
    words: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item of the form.

    Args:
        counted: whether its points are part of a figure, so that their sum is worth showing.
    """

    item: Item
    number: int
    id: str
    name: str
    note: str
    marks: tuple[Mark, ...]
    look: str
    ends: tuple[str, str]
    typed: str
    na: bool
    reason: str
    other_side: str
    other_side_words: str
    problem: str
    bands: tuple[BandView, ...] = ()
    band: BandView | None = None
    mark_x: float | None = None
    sum: str = ""
    counted: bool = True

    @property
    def script(self) -> list[dict[str, object]]:
        """The bands as the browser needs them."""
        return [
            {
                "from": as_json(band.start),
                "code": band.code,
                "words": band.words,
                "x": band.x,
                "width": band.width,
            }
            for band in self.bands
        ]


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column of a grid, with what its codes mean: (code, words)."""

    label: str
    codes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class GridView:
    """The items of a section as rows and columns; None where a cell has no item.

    Args:
        says_codes: whether what the codes mean is not yet said by the grid before.
    """

    columns: tuple[ColumnView, ...]
    rows: tuple[tuple[str, tuple[ItemView | None, ...]], ...]
    says_codes: bool = True

    @property
    def is_list(self) -> bool:
        """Whether it has one column only, so that each row is one item."""
        return len(self.columns) == 1


@dataclass(frozen=True, slots=True)
class SectionView:
    """Items under one heading; the heading is empty where there are no sections.

    Args:
        figures: the derived figures that are known at the end of the section.
    """

    title: str
    hint: str
    items: tuple[ItemView, ...]
    grid: GridView | None = None
    figures: tuple[FigureView, ...] = ()

    @property
    def named(self) -> list[tuple[str, ItemView]]:
        """Each item by the name that explains its scale: its column's, or its own."""
        grid = self.grid
        cells = [
            (column.label, cell)
            for _label, row in (grid.rows if grid else ())
            for column, cell in zip(grid.columns if grid else (), row, strict=True)
            if cell is not None
        ]
        return cells + [(row.item.label, row) for row in self.items]


@dataclass(frozen=True, slots=True)
class ScaleView:
    """A scale with the items that share it, for explaining it once."""

    items: str
    row: ItemView


@dataclass(frozen=True, slots=True)
class RatingView:
    """The whole form.

    Args:
        script: what the browser needs for live totals. No answer key is in it.
        problems: (id of the field, sentence) for the error summary.
    """

    instrument: Instrument
    sections: tuple[SectionView, ...]
    totals: tuple[TotalView, ...]
    script: dict[str, object]
    problems: list[tuple[str, str]] = field(default_factory=list)

    @property
    def scales(self) -> tuple[ScaleView, ...]:
        """Each scale that has levels, codes or parts, once, with what it belongs to."""
        shared: dict[str, list[tuple[str, ItemView]]] = {}
        for section in self.sections:
            for name, row in section.named:
                if row.marks or row.bands:
                    shared.setdefault(row.item.scale_name or row.name, []).append((name, row))
        return tuple(
            ScaleView(" · ".join(dict.fromkeys(name for name, _row in rows)), rows[0][1])
            for rows in shared.values()
        )


def rating_view(
    instrument: Instrument,
    answers: Mapping[str, Any] | None = None,
    problems: Mapping[str, LmsError | str] | None = None,
    prefix: str = "",
) -> RatingView:
    """The form with what was answered so far.

    Args:
        answers: by item key, as `Answer` or in the JSON form; what `answers_from_form` kept as
            typed is shown as typed.
        problems: by item key, as `answers_from_form` or `unfinished` gave them.
    """
    given, said = dict(answers or {}), dict(problems or {})
    read = {item.key: _readable(item, given.get(item.key)) for item in instrument.items}
    counted = {key for total in instrument.totals for key in total.items}.union(
        *(derived.items for derived in instrument.derived)
    )
    rows = {
        item.key: replace(
            _item_view(
                item,
                number,
                given.get(item.key),
                read[item.key],
                _words(said.get(item.key)),
                prefix,
            ),
            counted=item.key in counted,
        )
        for number, item in enumerate(instrument.items, start=1)
    }
    whole = {key: answer for key, answer in read.items() if answer is not None}
    return RatingView(
        instrument=instrument,
        sections=_sections(instrument, rows, figure_views(instrument, whole)),
        totals=total_views(instrument, whole),
        script=script(instrument, prefix),
        problems=[
            (
                row.id,
                _(
                    "%(number)s. %(item)s: %(problem)s",
                    number=row.number,
                    item=row.item.label,
                    problem=row.problem,
                ),
            )
            for row in rows.values()
            if row.problem
        ],
    )


def _readable(item: Item, given: Any) -> Answer | None:
    if given is None or isinstance(given, Answer):
        return given
    try:
        return read_answer(item, given)
    except RatingRefused:
        return None


def _words(problem: LmsError | str | None) -> str:
    if problem is None:
        return ""
    if isinstance(problem, LmsError):
        return _(problem.message, **problem.values)
    return _(problem)


def _sections(
    instrument: Instrument, rows: Mapping[str, ItemView], figures: Mapping[str, FigureView]
) -> tuple[SectionView, ...]:
    """The items in their order; a heading stands where the section changes."""
    titles = {section.key: section for section in instrument.sections}
    groups = [
        (titles.get(key, _NO_SECTION), [rows[item.key] for item in items])
        for key, items in groupby(instrument.items, key=lambda item: item.section)
    ]
    shown = _figures_after(instrument, figures)
    found: list[SectionView] = []
    said: tuple[ColumnView, ...] = ()
    for section, group in groups:
        grid = _grid(section, group, said) if section.rows else None
        said = grid.columns if grid else said
        found.append(
            SectionView(
                section.title,
                section.hint,
                tuple(row for row in group if not row.item.row),
                grid,
                tuple(figure for row in group for figure in shown.get(row.item.key, ())),
            )
        )
    return tuple(found)


_NO_SECTION = Section("", "")


def _figures_after(
    instrument: Instrument, figures: Mapping[str, FigureView]
) -> dict[str, list[FigureView]]:
    """The derived figures by the last item that they need."""
    order = [item.key for item in instrument.items]
    after: dict[str, list[FigureView]] = {}
    for one in instrument.derived:
        needed = [*one.items, *(key for rule in one.rules for key in rule.items)]
        after.setdefault(max(needed, key=order.index), []).append(figures[one.key])
    return after


def _grid(section: Section, group: list[ItemView], said: tuple[ColumnView, ...]) -> GridView:
    cells = {(row.item.row, row.item.column): row for row in group}
    columns = []
    for column in section.columns:
        first = next((row for row in group if row.item.column == column.key), None)
        marks = first.marks if first else ()
        columns.append(ColumnView(column.label, tuple((m.short, m.words) for m in marks)))
    return GridView(
        tuple(columns),
        tuple(
            (line.label, tuple(cells.get((line.key, column.key)) for column in section.columns))
            for line in section.rows
        ),
        says_codes=tuple(columns) != said,
    )


def _item_view(
    item: Item, number: int, given: Any, answer: Answer | None, problem: str, prefix: str
) -> ItemView:
    raw = answer_to_json(given) if isinstance(given, Answer) else given
    raw = raw if isinstance(raw, Mapping) else {"value": raw}
    name = field_name(item.key, prefix)
    marks = _marks(item, name, raw)
    other = item.side.other if item.other_side and item.side else None
    bands = _bands(item.scale) if isinstance(item.scale, Seconds) else ()
    return ItemView(
        item=item,
        number=number,
        id=name,
        name=name,
        note=_note(item),
        marks=marks,
        look=_look(len(marks) + item.na),
        ends=(marks[0].code + " " + marks[0].words, marks[-1].code + " " + marks[-1].words)
        if isinstance(item.scale, Levels)
        else ("", ""),
        typed=_typed(item, raw.get("value")),
        na=bool(raw.get("na")),
        reason=str(raw.get("reason") or ""),
        other_side=str(raw.get("side") or ""),
        other_side_words=_side_words(other) if other else "",
        problem=problem,
        bands=bands,
        band=_band(bands, answer),
        mark_x=_mark_x(item, bands, answer),
        sum=_sum(item, answer),
    )


def _marks(item: Item, name: str, raw: Mapping[str, Any]) -> tuple[Mark, ...]:
    value = raw.get("value")
    chosen = {str(one) for one in value} if isinstance(value, (list, tuple)) else {str(value)}
    if value in ([], ()) and not raw.get("na"):
        chosen = {NONE_OF_THEM}
    rows = _choices(item)
    return tuple(
        Mark(
            id="" if index else name,
            code=code,
            short=short,
            words=words,
            points=points,
            chosen=code in chosen or (isinstance(value, bool) and code == _YES_NO[value]),
        )
        for index, (code, short, words, points) in enumerate(rows)
    )


_YES_NO = {True: "yes", False: "no"}


def _choices(item: Item) -> list[tuple[str, str, str, str]]:
    """Code, short word, words and points of what there is to choose; empty for typed figures."""
    scale = item.scale
    match scale.kind:
        case "levels":
            return [
                (str(level.code), str(level.code), level.anchor, _points(level.value))
                for level in scale.levels  # type: ignore[union-attr]
            ]
        case "choice":
            return [
                (str(option.code), str(option.code), option.label, _points(option.points))
                for option in scale.options  # type: ignore[union-attr]
            ]
        case "yes_no":
            return [
                ("no", _("No"), "", _points(scale.no)),  # type: ignore[union-attr]
                ("yes", _("Yes"), "", _points(scale.yes)),  # type: ignore[union-attr]
            ]
        case "parts":
            return [
                (part.key, "", part.label, _points(part.points))
                for part in scale.parts  # type: ignore[union-attr]
            ] + [(NONE_OF_THEM, "", _("None of them"), "0")]
    return []


def _look(count: int) -> str:
    if count <= _FEW:
        return "levels levels-few"
    return "levels" if count <= _USUAL else "levels levels-many"


def _points(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


def _typed(item: Item, value: Any) -> str:
    if not isinstance(item.scale, (Number, Vas, Seconds)) or value is None:
        return ""
    figure = exact(value)
    return str(value) if figure is None else plain(figure)


def _note(item: Item) -> str:
    """What stands at the end of the item's line: its side and how it is tested."""
    words = [item.hint] if item.hint else []
    if item.side in (Side.RIGHT, Side.LEFT):
        words.insert(0, _("right side") if item.side is Side.RIGHT else _("left side"))
    if item.optional:
        words.append(_("may be left empty"))
    return ", ".join(words)


def _side_words(side: Side) -> str:
    if side is Side.LEFT:
        return _("Left side tested instead")
    return _("Right side tested instead")


def _bands(scale: Seconds) -> tuple[BandView, ...]:
    whole = _line_length(scale)
    views = []
    for index, band in enumerate(scale.bands):
        following = scale.bands[index + 1] if index + 1 < len(scale.bands) else None
        end = following.start if following else whole
        views.append(
            BandView(
                band.start,
                band.code,
                _band_words(band.start, following.start if following else None, band.code),
                round(float(band.start / whole * 100), 1),
                round(float((end - band.start) / whole * 100), 1),
            )
        )
    return tuple(views)


def _line_length(scale: Seconds) -> Decimal:
    """The drawn scale ends a little after the last band's start."""
    return scale.bands[-1].start * 13 / 12


def _band_words(start: Decimal, end: Decimal | None, code: int) -> str:
    if end is None:
        return _("%(start)s seconds or more.", start=plain(start))
    return _(
        "%(start)s to under %(end)s seconds. From %(end)s on it is code %(next)s.",
        start=plain(start),
        end=plain(end),
        next=code + 1,
    )


def _band(bands: tuple[BandView, ...], answer: Answer | None) -> BandView | None:
    if not bands or answer is None or not isinstance(answer.value, Decimal):
        return None
    return [band for band in bands if band.start <= answer.value][-1]


def _mark_x(item: Item, bands: tuple[BandView, ...], answer: Answer | None) -> float | None:
    if not isinstance(item.scale, Seconds) or answer is None or _band(bands, answer) is None:
        return None
    share = exact(answer.value) or Decimal(0)
    return round(min(100.0, float(share / _line_length(item.scale) * 100)), 1)


def _sum(item: Item, answer: Answer | None) -> str:
    if not isinstance(item.scale, Parts) or answer is None:
        return ""
    points = points_of(item, answer)
    return "" if points is None else plain(points)
