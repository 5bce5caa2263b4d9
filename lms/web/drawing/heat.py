"""Items by cases: where a rater stood above or below, and how far, by shape and size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

LABEL_WIDTH, WIDTH, TOP, ROW = 158.0, 372.0, 22.0, 22.0
LONGEST = 22  # letters of a label that fit beside the cells; the table has all of them
WIDEST = 34.0  # of a cell, where there are few cases
SMALLEST, LARGEST = 3.0, 8.5  # half the width of a triangle
PER_UNIT = 2.0  # how much it grows with each unit of difference

Shape = Literal["same", "above", "below", "apart", "none"]


@dataclass(frozen=True)
class HeatValue:
    """One score: its shape, how far it is from the panel in units, and whether that is inside."""

    shape: Shape
    size: float
    within: bool


@dataclass(frozen=True)
class HeatCell:
    """A cell in the units of the viewBox; `path` is drawn about its middle."""

    x: float
    y: float
    width: float
    height: float
    middle_x: float
    middle_y: float
    path: str
    shape: Shape
    within: bool


@dataclass(frozen=True)
class HeatRow:
    """An item: its label, cut where it is too long, and its cells."""

    y: float
    label: str
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True)
class HeatMap:
    """The whole drawing; `heads` are x and number of each case."""

    height: float
    rows: tuple[HeatRow, ...]
    heads: tuple[tuple[float, int], ...]


def heat_map(rows: Sequence[tuple[str, Sequence[HeatValue]]]) -> HeatMap:
    """Place the cells of a heat map.

    Args:
        rows: (label, one value a case), every row with as many.

    Raises:
        ValueError: if the rows differ in length, or nothing is to be drawn.
    """
    counts = {len(values) for _, values in rows}
    if len(counts) != 1 or 0 in counts:
        raise ValueError("A heat map needs rows of one length, of one case at least.")
    count = counts.pop()
    width = min(WIDEST, (WIDTH - LABEL_WIDTH) / count)
    return HeatMap(
        height=TOP + ROW * len(rows) + 2,
        rows=tuple(
            _row(label, values, TOP + ROW * number, width)
            for number, (label, values) in enumerate(rows)
        ),
        heads=tuple(
            (round(LABEL_WIDTH + width * (number + 0.5), 1), number + 1) for number in range(count)
        ),
    )


def _row(label: str, values: Sequence[HeatValue], top: float, width: float) -> HeatRow:
    cells = []
    for number, value in enumerate(values):
        left = LABEL_WIDTH + width * number
        cells.append(
            HeatCell(
                x=round(left + 1, 1),
                y=top + 1,
                width=round(width - 2, 1),
                height=ROW - 2,
                middle_x=round(left + width / 2, 1),
                middle_y=top + ROW / 2,
                path=_path(value),
                shape=value.shape,
                within=value.within,
            )
        )
    return HeatRow(y=top + ROW / 2, label=_cut(label), cells=tuple(cells))


def _cut(label: str) -> str:
    return label if len(label) <= LONGEST else label[: LONGEST - 1].rstrip(" ,") + "…"


def _path(value: HeatValue) -> str:
    """Return the shape: a triangle that points up or down, a dot, or a cross; "" for none."""
    half = round(min(LARGEST, SMALLEST + PER_UNIT * value.size), 1)
    match value.shape:
        case "above":
            return f"M{-half:g} {half:g}H{half:g}L0 {-half:g}Z"
        case "below":
            return f"M{-half:g} {-half:g}H{half:g}L0 {half:g}Z"
        case "same":
            return "M-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0Z"
        case "apart":
            return "M-5-5 5 5M5-5-5 5"
        case _:
            return ""
