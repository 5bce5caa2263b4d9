"""Film of the physician global module: sort, mark, measure."""

from __future__ import annotations

from pathlib import Path

from draw import (
    AGREE,
    AGREE_2,
    CARE,
    CARE_2,
    INK,
    INK_2,
    RULE,
    SHEET,
    WELL,
    agreement_line,
    diamond,
    group,
    line,
    rect,
    text,
    vas,
)
from filming import Take, ease, heading, shoot
from global_cases import CASES
from global_deck import ruler
from global_scenes import body, panel_art

B5 = next(c for c in CASES if c.key == "b5")
CARDS = (
    ("new red rash", 0),
    ("wasted thighs, for years", 1),
    ("new weakness of the shoulders", 0),
    ("CK five times the limit, was normal", 0),
    ("fat in the scan", 1),
    ("fluid in the scan", 0),
    ("sore back after gardening", 2),
)
PILES = (("activity", AGREE_2, AGREE), ("damage", WELL, INK_2), ("neither", CARE_2, CARE))


def patient(t: float) -> list[str]:
    out = [
        heading("One line for the whole disease", "Physician global activity. A drawn film."),
        rect(40, 106, 300, 400, fill=SHEET, stroke=RULE, r=6),
        group(body(B5.who, B5.marks), x=62, y=124, scale=1.22),
    ]
    for i, panel in enumerate(B5.panels[:3]):
        if t > 1 + i * 0.8:
            out.append(group(panel_art(panel), x=380, y=106 + i * 134, scale=1.22))
    return out


def sorting(t: float) -> list[str]:
    out = [heading("Sort first", "Could it get better, does it stay, or is it something else?")]
    for i, (name, fill, ink) in enumerate(PILES):
        x = 40 + i * 300
        out.append(rect(x, 250, 280, 250, fill=fill, r=6))
        out.append(rect(x, 250, 280, 40, fill=ink, r=4))
        out.append(text(x + 16, 277, name, size=21, fill=SHEET, weight=600))
    count = [0, 0, 0]
    for i, (words, pile) in enumerate(CARDS):
        begin = 0.6 + i * 1.45
        row = count[pile]
        count[pile] += 1
        if t < begin - 0.5:
            continue
        go = ease(t, begin + 0.35, begin + 1.05)
        x0, y0 = 325.0, 140.0
        x1, y1 = 40 + pile * 300 + 12, 300 + row * 48
        x, y = x0 + (x1 - x0) * go, y0 + (y1 - y0) * go
        width = 320 - 64 * go
        out.append(rect(x, y, width, 42, fill=SHEET, stroke=INK, width=1.6, r=4))
        out.append(text(x + 12, y + 27, words, size=19 - 4.2 * go, fill=INK))
    return out


def marking(t: float) -> list[str]:
    mm = 50 * ease(t, 2, 4.4)
    out = [
        heading(
            "Then mark", "Only the first pile moves the mark. Look at its neighbours on the line."
        )
    ]
    x, y, w = 80.0, 260.0, 800.0
    out.append(vas(x, y, w, left="no activity", right="extremely active", size=19))
    for k, (at_, words) in enumerate(
        (
            (4, "old atrophy"),
            (22, "knuckles only"),
            (45, "better, not well"),
            (64, "lung alone"),
            (90, "life at risk"),
        )
    ):
        px = x + w * at_ / 100
        out.append(line((px, y - 16), (px, y - 46 - 26 * (k % 2)), stroke=AGREE, width=1.6))
        out.append(diamond((px, y), 7, fill=AGREE))
        out.append(text(px, y - 54 - 26 * (k % 2), words, size=17, anchor="middle"))
    if t > 1.4:
        px = x + w * mm / 100
        out.append(line((px, y - 26), (px, y + 26), stroke=INK, width=5))
        out.append(text(px, y + 62, f"{mm:.0f} mm", size=24, fill=INK, anchor="middle", weight=600))
    for i, words in enumerate(("not active", "mildly", "moderately", "severely", "extremely")):
        on = i == 2 and t > 5.2
        bx = 80 + i * 164
        out.append(rect(bx, 390, 144, 56, fill=INK if on else SHEET, stroke=INK, r=4))
        out.append(
            text(bx + 72, 425, f"{i}  {words}", size=19, anchor="middle", fill=SHEET if on else INK)
        )
    if t > 5.2:
        out.append(
            text(
                480,
                486,
                "The level says the same as the line. The two are never added up.",
                size=19,
                anchor="middle",
            )
        )
    return out


def measuring(t: float) -> list[str]:
    flip = t > 5
    out = [heading("Measure from the left", "The same mark, the same ruler.")]
    x, w = 80.0, 800.0
    out.append(vas(x, 180, w, mark=34, left="no activity", right="extremely active", size=19))
    y = 250 + 90 * (1 - ease(t, 0.4, 1.4))
    out.append(group(ruler(0, 0, w, flipped=flip), x=x, y=y))
    px = x + w * 0.34
    if t > 1.8:
        out.append(line((px, 196), (px, y), stroke=AGREE if not flip else CARE, width=3))
    if 1.8 < t <= 5:
        out.append(
            text(
                480, 370, "34 mm, written 3.4 cm", size=28, fill=AGREE, anchor="middle", weight=600
            )
        )
    if t > 3.2 and not flip:
        out.append(
            text(480, 412, "34 cm would be ten times too much", size=20, fill=CARE, anchor="middle")
        )
    if flip:
        out.append(
            text(
                480, 370, "From the wrong end: 66", size=28, fill=CARE, anchor="middle", weight=600
            )
        )
        out.append(
            text(
                480, 412, "A quiet patient becomes a sick one.", size=20, fill=CARE, anchor="middle"
            )
        )
    return out


def closing(t: float) -> list[str]:
    lines = [
        "Activity, damage, neither: sort before you touch the line.",
        "All organs count. Weak is not active, and strong is not quiet.",
        "Today, not the change. From the left, in millimetres.",
    ]
    out = [heading("What to remember")]
    for i, words in enumerate(lines):
        if t > i * 1.1:
            out.append(rect(40, 132 + i * 70, 6, 44, fill=AGREE))
            out.append(text(64, 162 + i * 70, words, size=25, fill=INK))
    own = 50 + 26 * (1 - ease(t, 2, 3.6))
    out.append(
        agreement_line(
            70,
            440,
            800,
            low=0,
            high=100,
            panel=(45, 48, 50, 54, 57),
            centre=50,
            tolerance=10,
            own=own,
        )
    )
    out.append(text(480, 506, "drawn, not measured", size=16, fill=INK_2, anchor="middle"))
    return out


def make(folder: Path) -> None:
    shoot(
        [
            Take(
                6,
                patient,
                [
                    (
                        0,
                        3,
                        "A woman with marks on her body: a new rash, wasted thighs, new weakness "
                        "of the shoulders.",
                    ),
                    (
                        3,
                        6,
                        "Beside her strength falls, CK rises, and the scan shows fluid and fat "
                        "side by side.",
                    ),
                ],
            ),
            Take(
                12,
                sorting,
                [
                    (
                        0,
                        4.5,
                        "Each finding goes onto one of three piles. New rash: activity. Wasted thighs: "
                        "damage.",
                    ),
                    (
                        4.5,
                        9,
                        "New weakness and a CK that rises: activity. Fat: damage. Fluid: activity.",
                    ),
                    (9, 12, "A sore back after gardening: neither."),
                ],
            ),
            Take(
                9,
                marking,
                [
                    (0, 2, "Now the line. Five made-up patients stand on it as neighbours."),
                    (
                        2,
                        5.2,
                        "The mark moves past better, not well, and stops before the lung alone: 50 mm.",
                    ),
                    (
                        5.2,
                        9,
                        "The level says the same: moderately active. The two are never added up.",
                    ),
                ],
            ),
            Take(
                9,
                measuring,
                [
                    (0, 3.2, "A ruler from the left end. This mark is at 34 mm, written 3.4 cm."),
                    (3.2, 5, "34 typed as centimetres would be ten times too much."),
                    (
                        5,
                        9,
                        "The ruler turns round: from the wrong end it reads 66, and a quiet patient becomes a "
                        "sick one.",
                    ),
                ],
            ),
            Take(
                5,
                closing,
                [
                    (0, 2.2, "Sort before you touch the line. All organs count."),
                    (
                        2.2,
                        5,
                        "Today, not the change; from the left. The diamond moves into the panel's band.",
                    ),
                ],
            ),
        ],
        folder,
        "mark",
        poster_at=23,
    )
