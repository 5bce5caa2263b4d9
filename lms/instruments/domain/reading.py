"""From one scale's data to the scale."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from lms.errors import N_
from lms.instruments.domain.definition import Path, Problem
from lms.instruments.domain.figures import exact
from lms.instruments.domain.scales import (
    ZERO,
    Band,
    Choice,
    Level,
    Levels,
    Number,
    Option,
    Part,
    Parts,
    Scale,
    Seconds,
    Vas,
    YesNo,
)


def scale_from(spec: Mapping[str, Any], path: Path) -> tuple[Scale, list[Problem]]:
    """The scale that the data describes, and what is wrong with it.

    Args:
        spec: of the shape that the schema of its `kind` asks for.
        path: where it stands, for the problems.
    """
    return _READERS[spec["kind"]](spec, path)


def _levels(spec: Mapping[str, Any], path: Path) -> tuple[Scale, list[Problem]]:
    levels = tuple(Level(row["code"], row["anchor"], _level_value(row)) for row in spec["levels"])
    problems = _codes([level.code for level in levels], (*path, "levels"))
    known = [level.value for level in levels if level.value is not None]
    if any(first >= second for first, second in pairwise(known)):
        problems.append(
            Problem((*path, "levels"), N_("List the levels from the lowest value to the highest."))
        )
    return Levels(levels), problems


def _level_value(row: Mapping[str, Any]) -> Decimal | None:
    if "value" in row:
        return exact(row["value"])
    return Decimal(row["code"]) if isinstance(row["code"], int) else None


def _number(spec: Mapping[str, Any], path: Path) -> tuple[Scale, list[Problem]]:
    low, high = _figure(spec["minimum"]), _figure(spec["maximum"])
    step = _figure(spec.get("step", 1))
    problems = _step(step, path)
    if low >= high:
        problems.append(Problem((*path, "maximum"), N_("The maximum is not above the minimum.")))
    elif step > 0 and (high - low) % step:
        problems.append(
            Problem((*path, "step"), N_("Steps of this size do not end at the maximum."))
        )
    return Number(low, high, step, spec.get("unit", "")), problems


def _vas(spec: Mapping[str, Any], _path: Path) -> tuple[Scale, list[Problem]]:
    return Vas(spec["left"], spec["right"]), []


def _seconds(spec: Mapping[str, Any], path: Path) -> tuple[Scale, list[Problem]]:
    bands = tuple(Band(_figure(row["from"]), row["code"]) for row in spec["bands"])
    scale = Seconds(bands, _figure(spec["maximum"]), _figure(spec.get("step", "0.1")))
    problems = _step(scale.step, path)
    if bands[0].start != ZERO:
        problems.append(Problem((*path, "bands", 0, "from"), N_("The first band starts at 0.")))
    for index, (first, second) in enumerate(pairwise(bands), start=1):
        if first.start >= second.start or first.code >= second.code:
            problems.append(
                Problem(
                    (*path, "bands", index),
                    N_("Each band starts later and has a higher code than the one before."),
                )
            )
    if scale.maximum < bands[-1].start:
        problems.append(Problem((*path, "maximum"), N_("The last band starts above the maximum.")))
    return scale, problems


def _yes_no(spec: Mapping[str, Any], _path: Path) -> tuple[Scale, list[Problem]]:
    points = spec.get("points", {"yes": 1, "no": 0})
    return YesNo(exact(points["yes"]), exact(points["no"])), []


def _choice(spec: Mapping[str, Any], path: Path) -> tuple[Scale, list[Problem]]:
    options = tuple(
        Option(row["code"], row["label"], exact(row.get("points"))) for row in spec["options"]
    )
    return Choice(options), _codes([option.code for option in options], (*path, "options"))


def _parts(spec: Mapping[str, Any], path: Path) -> tuple[Scale, list[Problem]]:
    parts = tuple(
        Part(row["key"], row["label"], _figure(row.get("points", 1))) for row in spec["parts"]
    )
    problems = _codes([part.key for part in parts], (*path, "parts"), "key")
    for index, part in enumerate(parts):
        if part.points <= ZERO:
            problems.append(
                Problem((*path, "parts", index, "points"), N_("A part is worth more than 0."))
            )
    return Parts(parts), problems


_READERS: dict[str, Callable[[Mapping[str, Any], Path], tuple[Scale, list[Problem]]]] = {
    Levels.kind: _levels,
    Number.kind: _number,
    Vas.kind: _vas,
    Seconds.kind: _seconds,
    YesNo.kind: _yes_no,
    Choice.kind: _choice,
    Parts.kind: _parts,
}


def _figure(raw: object) -> Decimal:
    figure = exact(raw)
    if figure is None:
        raise ValueError(f"{raw!r} is not a figure: check the shape first")
    return figure


def _step(step: Decimal, path: Path) -> list[Problem]:
    return [] if step > ZERO else [Problem((*path, "step"), N_("A step is more than 0."))]


def _codes(codes: Sequence[int | str], path: Path, name: str = "code") -> list[Problem]:
    """Codes are told apart as text, since a form sends text; NA is not a code."""
    problems, seen = [], set()
    for index, code in enumerate(map(str, codes)):
        if code in seen:
            problems.append(
                Problem((*path, index, name), N_("%(key)s is used twice."), {"key": code})
            )
        if code.upper() in _RESERVED:
            problems.append(
                Problem(
                    (*path, index, name),
                    N_("%(key)s is reserved. Say na: true at the item instead."),
                    {"key": code},
                )
            )
        seen.add(code)
    return problems


_RESERVED = {"NA", "NONE"}
