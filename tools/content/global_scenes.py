"""What a physician knows at the assessment, on one board: a body map and a few results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from draw import (
    ADULT,
    AGREE,
    CARE,
    EDGE,
    INK,
    INK_2,
    RULE,
    SHEET,
    Front,
    Look,
    Point,
    dot,
    group,
    line,
    path,
    picture,
    poly,
    rect,
    text,
)

W, H = 480, 396
RASH = "#cf6f66"

AREAS: dict[str, Point] = {
    "face": (100, 68),
    "eyelids": (100, 58),
    "neck": (100, 84),
    "chest": (100, 100),
    "shoulder_l": (74, 90),
    "shoulder_r": (126, 90),
    "elbow_l": (62, 134),
    "elbow_r": (138, 134),
    "hand_l": (55, 184),
    "hand_r": (145, 184),
    "lung_l": (86, 122),
    "lung_r": (114, 122),
    "belly": (100, 150),
    "hip_l": (88, 176),
    "hip_r": (112, 176),
    "thigh_l": (84, 212),
    "thigh_r": (116, 212),
    "knee_l": (82, 244),
    "knee_r": (118, 244),
    "shin_l": (80, 278),
    "shin_r": (120, 278),
    "throat": (100, 84),
    "upper_arm_l": (68, 112),
    "upper_arm_r": (132, 112),
}


@dataclass(frozen=True)
class Mark:
    """Something seen on the body.

    Attributes:
        kind: rash | weak | wasted | lumps | scar | swollen | crackle | fixed | trouble.
        legend: words of the legend; the same number stands for all marks with these words.
    """

    kind: str
    areas: tuple[str, ...]
    legend: str


@dataclass(frozen=True)
class Chart:
    """A small chart over months.

    Attributes:
        points: (months from today, value), oldest first; today = 0.
        limit: a value that is drawn as a broken line, with its words.
    """

    title: str
    points: tuple[tuple[float, float], ...]
    low: float
    high: float
    limit: tuple[float, str] | None = None
    unit: str = ""


@dataclass(frozen=True)
class Scan:
    """MRI of the thigh: quiet | fluid | fat | both."""

    shows: str
    words: str


@dataclass(frozen=True)
class Lungs:
    """CT of the lungs: clear | active | scar."""

    shows: str
    words: str


Panel = Chart | Scan | Lungs


def body(who: Look, marks: Sequence[Mark]) -> list[str]:
    fig = Front(
        pelvis=(100, 168),
        build=ADULT.scaled(0.74),
        who=replace(who, adult=True),
        arm_l=(-114, -98),
        arm_r=(-66, -82),
        leg_l=(-97, -92),
        leg_r=(-83, -88),
    )
    out = [fig.draw()]
    taken: dict[int, list[float]] = {18: [], 184: []}
    for number, mark in enumerate(marks, start=1):
        x = 18 if number % 2 else 184
        out += [sign(mark.kind, AREAS[area]) for area in mark.areas]
        near = min((AREAS[a] for a in mark.areas), key=lambda p: abs(p[0] - x))
        y = near[1]
        while any(abs(y - other) < 23 for other in taken[x]):
            y += 6
        taken[x].append(y)
        out.append(pin((x, y), near, number))
    return out


def pin(at_: Point, p: Point, number: int) -> str:
    return (
        line(at_, p, stroke=INK, width=1.1)
        + dot(at_, 10, fill=INK)
        + text(at_[0], at_[1] + 5, str(number), size=14, fill=SHEET, anchor="middle", weight=600)
    )


def haloed(d: str, colour: str, width: float, dash: str = "") -> str:
    """A line that stands out from light and dark skin."""
    return path(d, stroke=SHEET, width=width + 3, dash=dash) + path(
        d, stroke=colour, width=width, dash=dash
    )


def sign(kind: str, p: Point) -> str:
    x, y = p
    if kind == "rash":
        return f'<ellipse cx="{x}" cy="{y}" rx="13" ry="10" fill="{RASH}" fill-opacity="0.62"/>'
    if kind == "weak":
        return haloed(f"M{x} {y - 11}v20m-7-8l7 9l7-9", CARE, 3.4)
    if kind == "wasted":
        return haloed(f"M{x - 11} {y}a11 20 0 1 0 22 0a11 20 0 1 0-22 0", INK_2, 2.4, "4 5")
    if kind == "lumps":
        return "".join(
            dot((x + dx, y + dy), 3.6, fill="#ffffff", stroke=INK)
            for dx, dy in ((-6, -3), (3, -6), (5, 4), (-3, 6))
        )
    if kind == "scar":
        return haloed(
            f"M{x - 10} {y - 5}l20 3M{x - 9} {y + 2}l19 2M{x - 8} {y + 9}l16-1", "#8c6f5a", 2
        )
    if kind == "swollen":
        return f'<circle cx="{x}" cy="{y}" r="11" fill="none" stroke="{RASH}" stroke-width="3.4"/>'
    if kind == "crackle":
        return haloed(f"M{x - 10} {y + 4}q4-9 7 0t7 0t7 0", CARE, 2.6)
    if kind == "fixed":
        return haloed(f"M{x - 12} {y - 10}v20M{x + 12} {y - 10}v20", INK, 3)
    return haloed(f"M{x} {y - 9}v11M{x} {y + 9}v.1", CARE, 4.5)


def chart(c: Chart, w: float = 258, h: float = 106) -> list[str]:
    x0, x1, y0, y1 = 14.0, w - 16, 34.0, h - 24
    first = c.points[0][0]

    def sx(m: float) -> float:
        return x0 + (x1 - x0) * (m - first) / (0 - first)

    def sy(v: float) -> float:
        return y1 - (y1 - y0) * (min(v, c.high) - c.low) / (c.high - c.low)

    out = [
        rect(0, 0, w, h, fill=SHEET, stroke=RULE, r=5),
        text(x0, 19, c.title, size=14, fill=INK, weight=600),
        line((x0, y1), (x1, y1), stroke=EDGE, width=1.4),
    ]
    if c.limit:
        out.append(
            line((x0, sy(c.limit[0])), (x1, sy(c.limit[0])), stroke=AGREE, width=1.6, dash="5 4")
        )
        out.append(line((w - 66, 15), (w - 44, 15), stroke=AGREE, width=1.6, dash="5 4"))
        out.append(text(w - 40, 19, c.limit[1], size=12, fill=AGREE))
    pts = [(sx(m), sy(v)) for m, v in c.points]
    out.append(poly(pts, stroke=INK, width=2.6))
    out += [dot(p, 3.6, fill=INK) for p in pts]
    out.append(text(x0, h - 7, f"{abs(first):g} month{'s' if first != -1 else ''} ago", size=12))
    out.append(text(x1, h - 7, "today", size=12, anchor="end"))
    last = c.points[-1][1]
    out.append(
        text(
            pts[-1][0],
            pts[-1][1] - 8 if pts[-1][1] > 50 else pts[-1][1] + 18,
            f"{last:g}{c.unit}",
            size=13,
            fill=INK,
            anchor="end",
            weight=600,
        )
    )
    return out


def scan(s: Scan, w: float = 258, h: float = 106) -> list[str]:
    out = [
        rect(0, 0, w, h, fill=SHEET, stroke=RULE, r=5),
        text(14, 19, "MRI of the thighs", size=14, fill=INK, weight=600),
    ]
    for cx in (54.0, 128.0):
        out.append(dot((cx, 62), 34, fill="#e9e4d8", stroke=INK_2))
        for dx, dy, rx, ry in ((-9, -10, 15, 13), (11, -4, 12, 16), (-4, 14, 18, 11)):
            tone = "#59646c"
            out.append(
                f'<ellipse cx="{cx + dx}" cy="{62 + dy}" rx="{rx}" ry="{ry}" fill="{tone}"/>'
            )
            if s.shows in ("fluid", "both"):
                out.append(
                    f'<ellipse cx="{cx + dx + 2}" cy="{62 + dy}" rx="{rx * 0.62:.1f}" '
                    f'ry="{ry * 0.6:.1f}" fill="#f2d16b"/>'
                )
            if s.shows in ("fat", "both"):
                out.append(
                    path(
                        f"M{cx + dx - rx * 0.7:.1f} {62 + dy - 3}l{rx * 1.3:.1f} 6"
                        f"M{cx + dx - rx * 0.6:.1f} {62 + dy + 4}l{rx * 1.1:.1f}-9",
                        stroke="#ffffff",
                        width=2.4,
                    )
                )
        out.append(dot((cx, 62), 6.5, fill="#ffffff", stroke=INK))
    for i, words in enumerate(s.words.split("|")):
        out.append(text(172, 50 + i * 18, words, size=13))
    return out


def lungs(s: Lungs, w: float = 258, h: float = 106) -> list[str]:
    out = [
        rect(0, 0, w, h, fill=SHEET, stroke=RULE, r=5),
        text(14, 19, "CT of the lungs", size=14, fill=INK, weight=600),
    ]
    for side in (-1, 1):
        cx = 88 + side * 36
        out.append(
            f'<ellipse cx="{cx}" cy="64" rx="30" ry="34" fill="#3d4850" stroke="{INK}" '
            'stroke-width="2"/>'
        )
        if s.shows == "active":
            for dx, dy, r in ((-10, 18, 9), (6, 22, 8), (14, 10, 6), (-2, 8, 5)):
                out.append(
                    f'<circle cx="{cx + dx}" cy="{64 + dy}" r="{r}" fill="#f2d16b" '
                    'fill-opacity="0.75"/>'
                )
        if s.shows == "scar":
            nets = [f"M{x - 20} 92l8-12M{x - 16} 80l8 12" for x in range(cx, cx + 40, 10)]
            out += [path(net, stroke="#e9e4d8", width=1.8) for net in nets]
    for i, words in enumerate(s.words.split("|")):
        out.append(text(172, 50 + i * 18, words, size=13))
    return out


def panel_art(p: Panel) -> list[str]:
    if isinstance(p, Chart):
        return chart(p)
    return scan(p) if isinstance(p, Scan) else lungs(p)


def board(who: Look, marks: Sequence[Mark], panels: Sequence[Panel], *, title: str) -> str:
    """The whole board of one case."""
    parts = [*body(who, marks)]
    for i, p in enumerate(panels[:3]):
        parts.append(group(panel_art(p), x=210, y=10 + i * 114))
    rows = [f"{n}  {m.legend}" for n, m in enumerate(marks, start=1)]
    height = 352 + 21 * max((len(rows) + 1) // 2, 1 if rows else 0) + 4
    for i, words in enumerate(rows):
        parts.append(text(14 + (i % 2) * 236, 366 + (i // 2) * 21, words, size=14.5, fill=INK))
    if not rows:
        parts.append(text(14, 366, "Nothing to mark on the body", size=14.5, fill=INK))
        height = 378
    return picture(W, height, parts, title=title)
