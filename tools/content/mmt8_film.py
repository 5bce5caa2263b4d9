"""Film of the MMT-8 module: three holds of one muscle, and how each becomes a grade."""

from __future__ import annotations

from pathlib import Path

from draw import (
    AGREE,
    INK,
    INK_2,
    RULE,
    SHEET,
    Look,
    agreement_line,
    clipped,
    gauge,
    group,
    hold_strip,
    rect,
    text,
)
from filming import Take, along, ease, heading, shoot
from mmt8_scenes import SCENES, Shot

WHO = Look(skin="#d9b08c", hair="#2b2320", hair_style="bun")


def stage(
    t: float,
    held: list,
    pressed: list,
    *,
    span: float,
    trick: bool = False,
    verdict: tuple[str, str] | None = None,
    colour: str = AGREE,
) -> list[str]:
    """The patient, the dial and the strip at second t of a hold."""
    reach, press = along(t, held), along(t, pressed)
    shot = Shot(
        reach=reach, press=press if press > 0.02 else None, trick=trick, who=WHO, ghost=True
    )
    scene = [p for p in SCENES["biceps_brachii"](shot) if not p.startswith("<text")]
    out = [
        rect(40, 106, 548, 256, fill=SHEET, stroke=RULE, r=6),
        group([clipped(scene, 480, 236)], x=50, y=112, scale=1.05),
        rect(606, 106, 314, 256, fill=SHEET, stroke=RULE, r=6),
        gauge((763, 268), 92, press),
        text(763, 138, "pressure", size=18, anchor="middle"),
        group(
            [hold_strip(0, held=held, pressed=pressed, seconds=span, now=t, width=946)],
            x=40,
            y=366,
            scale=0.93,
        ),
    ]
    if verdict:
        out.append(rect(628, 306, 270, 46, fill=colour, r=4))
        out.append(
            text(
                763,
                337,
                f"{verdict[0]} {verdict[1]}".strip(),
                size=22,
                fill=SHEET,
                anchor="middle",
                weight=600,
            )
        )
    return out


def first(t: float) -> list[str]:
    held = [(0, 0), (1, 0), (3, 1), (12.4, 1), (13.1, 0.1), (16, 0)]
    pressed = [(0, 0), (5.5, 0), (9, 2), (11.4, 2), (12.4, 2.42), (13, 0), (16, 0)]
    words = (
        "Take the position"
        if t < 3
        else "Wait: is it held?"
        if t < 5.5
        else "Pressure grows gradually"
        if t < 9
        else "Moderate is held"
        if t < 11.4
        else "A little more"
        if t < 12.4
        else "It gives"
    )
    verdict = ("held moderate:", "8") if t > 13.6 else None
    return [heading("First hold", words), *stage(t, held, pressed, span=16, verdict=verdict)]


def second(t: float) -> list[str]:
    held = [(0, 0), (0.6, 0), (2, 1), (2.8, 1), (8, 0.12), (10, 0)]
    pressed = [(0, 0), (10, 0)]
    verdict = ("sank by itself:", "4") if t > 8 else None
    words = "The position is reached" if t < 2.8 else "Nobody presses, and it sinks"
    return [
        heading("Second hold, another day", words),
        *stage(t, held, pressed, span=10, verdict=verdict),
    ]


def third(t: float) -> list[str]:
    held = [
        (0, 0),
        (0.5, 0),
        (1.6, 1),
        (5.4, 1),
        (6, 0.1),
        (7, 0),
        (7.6, 0),
        (8.8, 1),
        (12, 1),
        (12.6, 0.1),
        (15, 0),
    ]
    pressed = [
        (0, 0),
        (2, 0),
        (4, 2.4),
        (5.2, 2.4),
        (5.6, 0),
        (9.6, 0),
        (11, 1.5),
        (11.7, 1.5),
        (12.1, 1.85),
        (12.5, 0),
        (15, 0),
    ]
    leaning = 1.2 < t < 6
    words = (
        "The trunk leans back: this hold does not count"
        if 1.6 < t < 7
        else "Again, sitting upright"
        if t >= 7
        else "The position is taken"
    )
    verdict = ("upright:", "7") if t > 13.2 else None
    head = heading("Third hold, with a trick", words)
    return [head, *stage(t, held, pressed, span=15, trick=leaning, verdict=verdict)]


def opening(t: float) -> list[str]:
    own = 8.0 if t > 2.2 else None
    return [
        heading("One hold, from position to grade", "MMT-8: biceps brachii, right. A drawn film."),
        *stage(0, [(0, 0), (1, 0)], [(0, 0), (1, 0)], span=16)[:2],
        text(610, 150, "The question is always the same:", size=20, fill=INK),
        text(610, 182, "how much pressure does", size=20, fill=INK),
        text(610, 210, "the position withstand?", size=20, fill=INK),
        agreement_line(
            70, 450, 800, low=0, high=10, panel=(7, 8, 8, 8, 9), centre=8, tolerance=1, own=own
        ),
    ]


def closing(t: float) -> list[str]:
    lines = [
        "Position first. Then wait. Then pressure.",
        "Gradually on, gradually off.",
        "The body does not help. The strongest pressure that was held is the grade.",
    ]
    out = [heading("What to remember")]
    for i, words in enumerate(lines):
        if t > i * 1.1:
            out.append(rect(40, 132 + i * 70, 6, 44, fill=AGREE))
            out.append(text(64, 162 + i * 70, words, size=25, fill=INK))
    own = 8 - 2.2 * (1 - ease(t, 2, 3.6))
    out.append(
        agreement_line(
            70, 440, 800, low=0, high=10, panel=(7, 8, 8, 8, 9), centre=8, tolerance=1, own=own
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
                        "A person sits with the right arm hanging. The question is always: "
                        "how much pressure does the position withstand?",
                    )
                ],
            ),
            Take(
                16,
                first,
                [
                    (
                        0,
                        3,
                        "First hold. Palm up, the elbow bends until the forearm is level: the test position.",
                    ),
                    (3, 5.5, "Now wait. Is it held? Nobody presses yet."),
                    (
                        5.5,
                        9,
                        "A hand presses down above the wrist. The dial climbs from none over slight to "
                        "moderate.",
                    ),
                    (9, 11.4, "Moderate pressure is held; the line of the limb stays up."),
                    (11.4, 13.6, "The pressure goes a little higher, and the forearm gives."),
                    (13.6, 16, "Moderate was held, more was not: 8."),
                ],
            ),
            Take(
                10,
                second,
                [
                    (0, 2.8, "Second hold. The position is reached."),
                    (
                        2.8,
                        8,
                        "No hand is on the arm and the dial stays at none, yet the forearm sinks slowly.",
                    ),
                    (8, 10, "Reached, and let go by itself: 4."),
                ],
            ),
            Take(
                15,
                third,
                [
                    (0, 1.6, "Third hold. The position is taken."),
                    (
                        1.6,
                        7,
                        "The trunk leans back and pulls. The arm seems to withstand more than moderate: "
                        "this hold does not count.",
                    ),
                    (7, 9.6, "Again, sitting upright, with a wait before the pressure."),
                    (
                        9.6,
                        13.2,
                        "The pressure stops half way between slight and moderate; more than that, and "
                        "the forearm gives.",
                    ),
                    (13.2, 15, "Upright it is 7. The cheated hold looked like more than 8."),
                ],
            ),
            Take(
                5,
                closing,
                [
                    (
                        0,
                        2.2,
                        "Position first, then wait, then pressure: gradually on, gradually off.",
                    ),
                    (
                        2.2,
                        5,
                        "The body does not help. The diamond moves into the panel's band: that is what "
                        "training is for.",
                    ),
                ],
            ),
        ],
        folder,
        "hold",
        poster_at=13,
    )
