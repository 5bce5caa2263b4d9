"""Film of the CMAS module: two borders of the clock, and support before effort."""

from __future__ import annotations

from pathlib import Path

from cmas_scenes import TIMED, _front, _supine, chair, kid, ring, stand
from draw import (
    AGREE,
    INK,
    INK_2,
    RULE,
    SHEET,
    WELL,
    Look,
    Point,
    agreement_line,
    arc,
    bands_bar,
    between,
    clipped,
    couch,
    floor_line,
    group,
    rect,
    stopwatch,
    text,
)
from filming import Take, along, ease, heading, shoot

GIRL = Look(hair="#7a4a24", hair_style="long")
BOY = Look(skin="#d9b08c", hair="#2b2320")
OTHER = Look(skin="#8d5f45", hair="#1d1715")


def lift(seconds: float, up: float, *, running: bool, who: Look) -> list[str]:
    """Head lift with the watch and the bands; up 0..1 is how far the head is lifted."""
    angle = 181 - 41 * up
    fig = _supine(who, head=angle, look=angle - 96)
    scene = [couch(20, 392, 150, floor=196), fig.draw()]
    if up > 0.1:
        scene.append(arc(fig.shoulder, 66, 181, angle, arrow=True))
    return [
        rect(40, 106, 590, 252, fill=SHEET, stroke=RULE, r=6),
        group(scene, x=72, y=112, scale=1.18),
        rect(650, 106, 270, 252, fill=SHEET, stroke=RULE, r=6),
        stopwatch((785, 242), 96, seconds, running=running),
        bands_bar(60, 420, 840, TIMED["head_lift"], 150, value=seconds),
    ]


def first(t: float) -> list[str]:
    seconds = along(t, [(0, 0), (1, 0), (8.5, 110), (12.5, 119), (16, 119)])
    up = 1 - ease(t, 12.5, 13)
    up *= ease(t, 0.3, 1)
    words = (
        "The head is clear of the mat: start"
        if t < 2
        else "The clock runs fast in this film"
        if t < 8.5
        else "1:50, and it trembles"
        if t < 12.5
        else "It touches at 1:59: 119 s, code 4"
    )
    return [heading("Head lift", words), *lift(seconds, up, running=t < 12.5, who=BOY)]


def second(t: float) -> list[str]:
    seconds = along(t, [(0, 112), (4, 120), (8, 120)])
    up = 1 - ease(t, 4.1, 4.7)
    words = (
        "Another visit"
        if t < 2
        else "One second more"
        if t < 4
        else "2:00 begins the top band: 120 s, code 5"
    )
    return [heading("Head lift", words), *lift(seconds, up, running=t < 4, who=BOY)]


def arms(t: float) -> list[str]:
    """Two children side by side: 59 and 60 seconds."""
    out = [
        heading("Arms held up", "Two children, one second apart. The top of this item is code 4.")
    ]
    for i, (limit, who) in enumerate(((59, GIRL), (60, OTHER))):
        x = 40 + i * 450
        seconds = min(along(t, [(0, 40), (1, 44), (6, 59), (6.6, 60), (10, 60)]), limit)
        down = ease(t, 6, 6.6) if limit == 59 else ease(t, 6.8, 7.4)
        left, right = 99 + 70 * down, 81 - 70 * down
        fig = _front(who, (left, 93 + 40 * down), (right, 87 - 40 * down), x=118)
        scene = [rect(74, 164, 88, 10, fill=WELL, stroke=INK, width=2, r=4), fig.draw()]
        out.append(rect(x, 106, 430, 252, fill=SHEET, stroke=RULE, r=6))
        out.append(group([clipped(scene, 300, 200, name=f"arms{i}")], x=x, y=112, scale=1.2))
        out.append(stopwatch((x + 342, 232), 66, seconds, running=down == 0))
        done = t > 7.4
        out.append(bands_bar(x, 420, 430, TIMED["arm_hold"], 80, value=seconds if done else None))
    return out


def riser(x: float, share: float, *, support: str, who: Look) -> list[str]:
    """A child between sitting (0) and standing (1) beside a chair."""
    s, floor, seat = 0.8, 232.0, 172.0
    ankle: Point = (x + 70, floor - 6)
    sit_hip, stand_hip = (x + 24, seat - 14), (x + 66, ankle[1] - 116 * s)
    lean = along(share, [(0, 90), (0.35, 54), (0.6, 58), (1, 91)])
    hip = between(sit_hip, stand_hip, along(share, [(0, 0), (0.3, 0.04), (1, 1)]))
    fig = kid(hip, s, who, torso=lean, head=lean + 2, look=0, leg=("to", ankle, 1, 0))
    out = [chair(x, seat, floor)]
    if support == "thigh" and 0.12 < share < 0.85:
        fig = fig.with_(arm=("to", fig.knee, -1, -60))
        return [*out, fig.draw(), ring(fig.knee)]
    arm = (-20, 5) if 0.05 < share < 0.9 else (-84, -74)
    return [*out, fig.with_(arm=arm).draw()]


def support(t: float) -> list[str]:
    quick = ease(t, 1.4, 2.6)
    slow = along(
        t,
        [
            (0, 0),
            (1.4, 0),
            (2.4, 0.34),
            (3.2, 0.05),
            (4.2, 0.4),
            (5, 0.06),
            (6, 0.45),
            (8.4, 1),
            (12, 1),
        ],
    )
    out = [
        heading("Rising from a chair", "What took weight? Ask that before you judge the effort.")
    ]
    rows = (
        (quick, "thigh", GIRL, "quick, hand on the thigh", "2"),
        (slow, "none", BOY, "slow, third try, no hand", "3"),
    )
    for i, (share, kind, who, words, code) in enumerate(rows):
        x = 40 + i * 450
        out.append(rect(x, 106, 430, 300, fill=SHEET, stroke=RULE, r=6))
        out.append(
            group(
                [floor_line(233, 10, 340), *riser(110, share, support=kind, who=who)],
                x=x,
                y=112,
                scale=1.18,
            )
        )
        out.append(text(x + 8, 440, words, size=22, fill=INK))
        if t > (3.4 if i == 0 else 8.8):
            out.append(rect(x + 372, 416, 58, 36, fill=AGREE, r=4))
            out.append(text(x + 401, 442, code, size=24, fill=SHEET, anchor="middle", weight=600))
    return out


def opening(t: float) -> list[str]:
    stood = stand(160, 0.9, GIRL, floor=200)
    return [
        heading("Clock and support", "CMAS: where raters part. A drawn film."),
        group(
            [
                floor_line(201, 20, 440),
                stood.draw(),
                chair(250, 140, 200),
                stopwatch((380, 110), 46, along(t, [(0, 0), (4, 60)])),
            ],
            x=180,
            y=140,
            scale=1.3,
        ),
        text(480, 470, "14 tasks, 0 to 52. Higher is better.", size=24, fill=INK, anchor="middle"),
    ]


def closing(t: float) -> list[str]:
    lines = [
        "Enter the seconds. The code follows from them.",
        "119 is 4 and 120 is 5; with the arms, 59 is 3 and 60 is 4.",
        "Where the hand is decides. Effort parts only the two highest levels.",
    ]
    out = [heading("What to remember")]
    for i, words in enumerate(lines):
        if t > i * 1.1:
            out.append(rect(40, 132 + i * 70, 6, 44, fill=AGREE))
            out.append(text(64, 162 + i * 70, words, size=25, fill=INK))
    own = 34 + 8 * (1 - ease(t, 2, 3.6))
    out.append(
        agreement_line(
            70,
            440,
            800,
            low=0,
            high=52,
            panel=(33, 34, 34, 34, 35),
            centre=34,
            tolerance=3,
            own=own,
        )
    )
    out.append(text(480, 506, "drawn, not measured", size=16, fill=INK_2, anchor="middle"))
    return out


def make(folder: Path) -> None:
    shoot(
        [
            Take(
                4,
                opening,
                [
                    (
                        0,
                        4,
                        "A child stands beside a chair, and a stopwatch runs. Two things make "
                        "raters part: the clock and the support.",
                    )
                ],
            ),
            Take(
                16,
                first,
                [
                    (0, 2, "Head lift. The head is clear of the mat, and the watch starts."),
                    (
                        2,
                        8.5,
                        "The clock runs fast here. The diamond moves through the bands: 10, 30, 60 "
                        "seconds.",
                    ),
                    (
                        8.5,
                        12.5,
                        "1:50, and the head trembles. It is in the band from 60 to 119 seconds.",
                    ),
                    (
                        12.5,
                        16,
                        "The head touches the mat when the watch shows 1:59. That is 119 seconds, code 4.",
                    ),
                ],
            ),
            Take(
                8,
                second,
                [
                    (0, 4, "Another visit, the same child. One second more."),
                    (4, 8, "The watch shows 2:00. 120 seconds begin the top band: code 5."),
                ],
            ),
            Take(
                10,
                arms,
                [
                    (0, 6, "Two children hold both arms up, each beside a watch."),
                    (6, 7.4, "The girl's arms sink at 0:59, the boy's at 1:00."),
                    (
                        7.4,
                        10,
                        "59 seconds are code 3, 60 seconds are code 4. This item goes no higher.",
                    ),
                ],
            ),
            Take(
                12,
                support,
                [
                    (
                        0,
                        3.4,
                        "Two children rise from a chair. The girl is up at once, with a hand on her thigh; "
                        "a ring marks the hand.",
                    ),
                    (
                        3.4,
                        8.6,
                        "That is 2, however quick. The boy rocks, falls back, tries again, without "
                        "touching anything.",
                    ),
                    (
                        8.6,
                        12,
                        "He is up at the third try with no hand: 3. Support comes before effort.",
                    ),
                ],
            ),
            Take(
                5,
                closing,
                [
                    (0, 2.2, "Enter the seconds; the code follows."),
                    (2.2, 5, "Where the hand is decides. The diamond moves into the panel's band."),
                ],
            ),
        ],
        folder,
        "clock",
        poster_at=13,
    )
