"""Which boxes of a page hold words that may change, and whether a box laid out anew still fits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder

from lms.certificates.layouts.shapes import Doubt

GEOMETRY: Final = ("position_x", "position_y", "width", "height")
BORDERS: Final = tuple(f"border_{side}_width" for side in ("top", "right", "bottom", "left"))
ROUNDING: Final = 1e-9


@dataclass(frozen=True)
class Unit:
    """A box that is placed absolutely, so that what is in it moves nothing outside.

    Args:
        plan: the box before layout; `place` is where it stands after, `laid` the box there.
        holder: the laid-out box that it is placed in.
    """

    plan: Any
    place: Any
    laid: Any
    holder: Any


@dataclass(frozen=True)
class Slot:
    """Where the words of the page's pieces are: the unit, and the box in it by its number."""

    unit: Unit
    number: int


def planned_texts(
    box: Any, units: Mapping[int, Unit], unit: Unit | None = None
) -> Iterator[tuple[Unit | None, int, Any]]:
    """Yield each text before layout, with the unit it is in and its number there."""
    if id(box) in units:
        unit = units[id(box)]
    elif not box.is_in_normal_flow():
        unit = None
    if isinstance(box, boxes.TextBox):
        if box.text.strip():
            free = unit is not None and changeable(unit, box)
            number = list(unit.plan.descendants()).index(box) if unit is not None and free else 0
            yield unit if free else None, number, box
        return
    for child in box.children:
        yield from planned_texts(child, units, unit)


def changeable(unit: Unit, text: Any) -> bool:
    """Say whether other words in this text change nothing but its unit."""
    style = text.style
    plain = style["text_transform"] == "none" and style["white_space"] in ("normal", "nowrap")
    inside = list(unit.plan.descendants())
    return (
        plain
        and text.text == text.text.strip()
        and all(box is unit.plan or box.is_in_normal_flow() for box in inside)
        and all(box.style["bookmark_level"] == "none" for box in inside)
        and all(box.style["string_set"] == "none" for box in inside)
    )


def placed(box: Any, holder: Any) -> Iterator[tuple[Any, Any]]:
    """Yield what is placed absolutely in a laid-out page, each with the box it is placed in."""
    if isinstance(box, AbsolutePlaceholder):
        yield box, holder
        box = box._box
    if box.style["position"] != "static":
        holder = box
    for child in box.children:
        yield from placed(child, holder)


def leaves(box: Any) -> list[Any]:
    """Return texts and pictures of a laid-out box in order."""
    return [one for one in box.descendants() if isinstance(one, boxes.TextBox | boxes.ReplacedBox)]


def compare(old: Any, new: Any, *, still: bool) -> None:
    """See that a box laid out anew differs in its texts alone, as far as it is painted.

    Places that differ by the rounding of sums alone become the same.

    Args:
        still: demand that each text begins where the old one did.

    Raises:
        Doubt: if it does not.
    """
    if type(old) is not type(new) or old.element_tag != new.element_tag:
        raise Doubt("a box has become another")
    if len(old.children) != len(new.children):
        raise Doubt("a text has other lines")
    settle(old, new)
    moved = any(getattr(old, name) != getattr(new, name) for name in GEOMETRY[:2])
    sized = any(getattr(old, name) != getattr(new, name) for name in GEOMETRY[2:])
    if (moved or sized) and not bare(old):
        raise Doubt("a box that is painted has another size")
    if moved and still and isinstance(old, boxes.TextBox):
        raise Doubt("a text begins elsewhere")
    for before, after in zip(old.children, new.children, strict=True):
        compare(before, after, still=still)


def settle(old: Any, new: Any) -> None:
    for name in GEOMETRY:
        if abs(getattr(old, name) - getattr(new, name)) < ROUNDING:
            setattr(new, name, getattr(old, name))


def alike(old: Any, new: Any) -> bool:
    """Say whether the boxes of two layouts are at the very same places."""
    ours, theirs = list(old.descendants()), list(new.descendants())
    return len(ours) == len(theirs) and all(
        getattr(one, name) == getattr(other, name)
        for one, other in zip(ours, theirs, strict=True)
        for name in GEOMETRY
    )


def bare(box: Any) -> bool:
    """Say whether nothing is painted of a box itself."""
    if isinstance(box, boxes.TextBox | boxes.LineBox):
        return True
    style = box.style
    return (
        not isinstance(box, boxes.ReplacedBox)
        and box.background is None
        and not any(getattr(box, name) for name in BORDERS)
        and style["outline_width"] == 0
        and style["overflow"] == "visible"
        and style["opacity"] == 1
        and not style["transform"]
        and not style["clip"]
        and style["border_image_source"][0] == "none"
        and style["mask_border_source"][0] == "none"
    )
