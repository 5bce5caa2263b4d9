"""The deck of the physician global module: what the line asks, and what it does not."""

from __future__ import annotations

from deck import Slide, keep, ol, slip, ul
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
    Look,
    agreement_line,
    diamond,
    group,
    line,
    path,
    rect,
    text,
    vas,
)
from global_cases import CASES, FAT, FLUID, NEW_SHADOWS, OLD_SCAR, QUIET, ck, dose, fvc, mmt
from global_scenes import Chart, Scan, body, chart, lungs, panel_art, scan

LADDER = (
    (0, "0", "not active"),
    (25, "1", "mildly"),
    (50, "2", "moderately"),
    (75, "3", "severely"),
    (100, "4", "extremely severely"),
)


def column(x: float, title: str, words: list[str], *, fill: str, ink: str) -> list[str]:
    out = [
        rect(x, 0, 410, 44, fill=ink, r=4),
        text(x + 18, 29, title, size=21, fill=SHEET, weight=600),
    ]
    for i, w in enumerate(words):
        y = 54 + i * 44
        out.append(rect(x, y, 410, 38, fill=fill, r=3))
        out.append(text(x + 18, y + 25, w, size=18, fill=INK))
    return out


def ladder() -> list[str]:
    x, y, w = 30.0, 150.0, 790.0
    out = [vas(x, y, w, left="", right="", size=18)]
    shown = {
        "p2": "old atrophy",
        "p5": "knuckles only",
        "p6": "better, not well",
        "p4": "lung alone",
        "a1": "life at risk",
    }
    for n, (key, words) in enumerate(shown.items()):
        mm = next(c.vas for c in CASES if c.key == key)
        px = x + w * mm / 100
        top = 52 if n % 2 else 96
        out.append(line((px, y - 14), (px, top + 8), stroke=AGREE, width=1.6))
        out.append(diamond((px, y), 8, fill=AGREE))
        anchor = "start" if n == 0 else "end" if n == 4 else "middle"
        out.append(
            text(
                px - (8 if n == 0 else 0),
                top,
                f"{words}, {mm} mm",
                size=17,
                fill=INK,
                anchor=anchor,
            )
        )
    for mm, code, words in LADDER:
        px = x + w * mm / 100
        anchor = "start" if mm == 0 else "end" if mm == 100 else "middle"
        dx = -6 if mm == 0 else 6 if mm == 100 else 0
        out.append(text(px + dx, y + 44, code, size=22, fill=INK, anchor=anchor, weight=600))
        out.append(text(px + dx, y + 68, words, size=16, anchor=anchor))
    return out


def ruler(x: float, y: float, width: float, *, flipped: bool = False) -> list[str]:
    """A ruler of 100 mm below the line."""
    out = [
        rect(
            x - 12, y, width + 24, 46, fill=CARE_2 if flipped else SHEET, stroke=INK, width=1.6, r=3
        )
    ]
    for mm in range(0, 101, 2):
        px = x + width * mm / 100
        out.append(line((px, y), (px, y + (16 if mm % 10 == 0 else 8)), stroke=INK, width=1.2))
        if mm % 20 == 0:
            shown = 100 - mm if flipped else mm
            out.append(text(px, y + 36, str(shown), size=15, fill=INK, anchor="middle"))
    return out


def map_of(key: str) -> list[str]:
    case = next(c for c in CASES if c.key == key)
    return body(case.who, case.marks)


def trio(panels: list[Chart | Scan]) -> list[str]:
    return [group(panel_art(p), x=190, y=6 + i * 118, scale=1.06) for i, p in enumerate(panels)]


def slides() -> list[Slide]:
    who = Look(hair="#6d4a2f", hair_style="long")
    measure = [
        vas(20, 40, 440, mark=34, left="", right=""),
        *ruler(20, 66, 440),
        text(20, 150, "From the left: 34 mm, 3.4 cm", size=19, fill=AGREE, weight=600),
        vas(20, 220, 440, mark=34, left="", right=""),
        *ruler(20, 246, 440, flipped=True),
        text(20, 330, "From the right it would be 66: wrong", size=19, fill=CARE, weight=600),
    ]
    edges = []
    for i, (dx, words, good) in enumerate(
        (
            (0, "one upright stroke on the line", True),
            (1, "a cross: which point?", False),
            (2, "outside the line: no answer", False),
            (3, "a ring around a word: no answer", False),
        )
    ):
        y = 40 + i * 88
        edges.append(vas(20, y, 300, left="", right="", mark=40 if i == 0 else None))
        if i == 1:
            edges.append(path(f"M128 {y - 12}l24 24M152 {y - 12}l-24 24", stroke=CARE, width=3))
        if i == 2:
            edges.append(line((346, y - 14), (346, y + 14), stroke=CARE, width=3.4))
        if i == 3:
            edges.append(text(300, y + 34, "extreme", size=15, anchor="middle"))
            edges.append(
                f'<ellipse cx="300" cy="{y + 29}" rx="36" ry="15" fill="none" '
                f'stroke="{CARE}" stroke-width="3"/>'
            )
        edges.append(text(20, y + 36, words, size=16, fill=AGREE if good else CARE))
        del dx
    return [
        Slide(
            "One line for<br/>the whole disease",
            "Physician global activity: what counts, what does not, and where to mark.",
            [group(body(who, CASES[0].marks), x=20, y=-20, scale=1.1)],
            (260, 350),
            notes="This deck is about one mark: how active the disease is today, all organs together. "
            "It is a demonstration in our own words and drawings. Where the form of a rights holder or "
            "your protocol says something else, that one wins.",
        ),
        Slide(
            "The question",
            ul(
                "How <b>active</b> is the disease, <b>today</b>, <b>altogether</b>?",
                "From everything that you know at the assessment: what you see, ask, measure and have on "
                "paper.",
                "One mark on a line, and one of five levels.",
            )
            + keep("It is your judgement. The patient's own global is another measure."),
            [
                vas(20, 110, 440, left="no activity", right="extremely active", size=17),
                *[
                    part
                    for i, (_, code, words) in enumerate(LADDER)
                    for part in (
                        rect(
                            20, 180 + i * 38, 36, 30, fill=INK if i == 2 else SHEET, stroke=INK, r=3
                        ),
                        text(
                            38,
                            201 + i * 38,
                            code,
                            size=17,
                            anchor="middle",
                            fill=SHEET if i == 2 else INK,
                            weight=600,
                        ),
                        text(70, 201 + i * 38, words, size=17, fill=INK),
                    )
                ],
            ],
            notes="The physician's global is part of the core sets of both large study groups. A change "
            "of 20 % or more has been called an improvement by consensus, and in one study of 105 adults "
            "a change of 1.1 on the ten-centimetre line went with a change that patients noticed.",
        ),
        Slide(
            "Two lines, two questions",
            "",
            [
                *column(
                    0,
                    "Activity: could get better",
                    [
                        "red or purple rash, papules",
                        "new weakness with high CK or fluid",
                        "swollen joints, fever of the disease",
                        "new shadows in the lung",
                        "trouble swallowing, new",
                        "CK that rises without another reason",
                    ],
                    fill=AGREE_2,
                    ink=AGREE,
                ),
                *column(
                    438,
                    "Damage: stays",
                    [
                        "wasted, fat-filled muscle",
                        "contracture",
                        "calcium under the skin",
                        "scars, pale mottled skin",
                        "old scars of the lung",
                        "weakness that has not changed for years",
                    ],
                    fill=WELL,
                    ink=INK_2,
                ),
            ],
            (850, 330),
            "full",
            notes="Activity is what could still get better; damage is what persists. By convention a "
            "finding that has been there for six months or more without change is suspected to be "
            "damage, but time alone does not decide: look for what is red, new, rising or swollen.",
        ),
        Slide(
            "A third pile: neither",
            ul(
                "Effects of treatment: steroid weakness, bruises, infection.",
                "Other illness: arthrosis, a stroke, heart failure of another cause.",
                "Neither is rated on the line of activity.",
            )
            + slip("A bad day is not always a flare."),
            [
                *[
                    part
                    for i, (words, fill) in enumerate(
                        (("activity", AGREE_2), ("damage", WELL), ("neither", CARE_2))
                    )
                    for part in (
                        rect(10, 30 + i * 112, 450, 92, fill=fill, stroke=RULE, r=5),
                        text(26, 62 + i * 112, words, size=20, fill=INK, weight=600),
                        text(
                            26,
                            92 + i * 112,
                            ("this line", "a line of its own", "the notes")[i],
                            size=17,
                        ),
                    )
                ]
            ],
            notes="Sort each finding into one of three piles before you touch the line. Only the first "
            "pile moves the mark.",
        ),
        Slide(
            "Higher is worse",
            ul(
                "0 is no activity, 100 mm is extremely active.",
                "On strength scales higher is better. Here it is the other way round.",
                "It is shown in centimetres: 34 mm is 3.4.",
            )
            + slip("34 typed as centimetres is ten times too much."),
            [
                text(20, 44, "strength", size=17),
                line((20, 90), (440, 90), stroke=INK, width=4),
                path("M424 78l16 12l-16 12", stroke=INK, width=4),
                text(440, 66, "better", size=17, anchor="end"),
                text(20, 174, "activity", size=17),
                line((20, 220), (440, 220), stroke=CARE, width=4),
                path("M424 208l16 12l-16 12", stroke=CARE, width=4),
                text(440, 196, "worse", size=17, anchor="end", fill=CARE),
            ],
            notes="Mixing up the directions is a common slip when both are filled in within minutes. The "
            "words at the ends of the line are there to be read each time.",
        ),
        Slide(
            "Sort first, then mark",
            ol(
                "List what is wrong.",
                "Put each into activity, damage or neither.",
                "Look at the first pile only: how many organs, how bad, how dangerous?",
                "Mark.",
            )
            + keep("One patient can have all three piles."),
            [
                group(map_of("b5"), scale=1.0),
                *trio(
                    [
                        mmt((-6, 62), (0, 54)),
                        ck((-6, 0.9), (-2, 3), (0, 5), high=10),
                        Scan("both", "fluid and|fat"),
                    ]
                ),
            ],
            notes="The drawing shows a woman with old wasted thighs, a new rash and new weakness of the "
            "shoulders. Fat and fluid stand side by side in her muscles. The thighs are damage; rash, "
            "shoulders, CK and fluid are activity.",
        ),
        Slide(
            "Weak is not active",
            ul(
                "Weakness for years without change, CK normal, muscle wasted: damage.",
                "Calcium and contractures stay when the disease has gone.",
            )
            + slip("The more dramatic the picture, the more it pulls the hand to the right."),
            [
                group(map_of("p2"), scale=1.0),
                *trio(
                    [
                        ck((-24, 0.8), (-12, 0.7), (0, 0.7), high=5),
                        mmt((-24, 56), (-12, 56), (0, 55)),
                        FAT,
                    ]
                ),
            ],
            notes="The man has not changed in two years. His scan shows fat and no fluid. Nothing that "
            "is wrong with him could get better by treating myositis: the left end of the line.",
        ),
        Slide(
            "Weaker on the medicine",
            ul(
                "Steroid weakness: hips, months on a high dose, CK normal, no fluid.",
                "A flare: CK up, fluid, often while the dose comes <b>down</b>.",
            )
            + slip("Marking steroid weakness as activity asks for more steroid."),
            [
                text(0, 20, "medicine", size=18, fill=CARE, weight=600),
                group(chart(dose((-6, 50), (-3, 50), (0, 45))), y=32, scale=0.86),
                group(chart(ck((-6, 12), (-3, 1), (0, 0.5), high=15)), y=136, scale=0.86),
                group(scan(QUIET), y=240, scale=0.86),
                text(242, 20, "disease", size=18, fill=AGREE, weight=600),
                group(chart(dose((-6, 40), (-3, 20), (0, 10))), x=242, y=32, scale=0.86),
                group(chart(ck((-6, 2), (-3, 5), (0, 9), high=12)), x=242, y=136, scale=0.86),
                group(scan(FLUID), x=242, y=240, scale=0.86),
            ],
            notes="Two patients, both weaker. On the left the weakness came with months of a high dose, "
            "with normal CK and a quiet scan. On the right CK rises and fluid appears as the dose falls. "
            "Only the right one moves the mark.",
        ),
        Slide(
            "Skin",
            ul(
                "Red, purple, scaling, ulcerated, papules: active.",
                "Brown, pale, mottled, thin: damage.",
                "On dark skin redness looks violet or brown; ask what is new, feel for warmth and scale.",
            )
            + slip("'Only skin' is still activity."),
            [
                group(map_of("p5"), x=30, scale=1.1),
                text(250, 140, "rash over the knuckles,", size=17),
                text(250, 164, "nothing else:", size=17),
                text(250, 188, "not zero, not the middle", size=17, fill=AGREE, weight=600),
            ],
            notes="Extent and kind both count: ulcers weigh more than a pink trace. Old pigment is not "
            "redness.",
        ),
        Slide(
            "Lungs and other organs",
            ul(
                "The line asks for the <b>whole</b> disease.",
                "A lung that gets worse, with new shadows and without infection, is activity, also at full "
                "strength.",
                "Scars that have not changed are damage.",
            )
            + slip("Normal CK does not mean a mark near zero."),
            [
                group(lungs(NEW_SHADOWS), y=6, scale=1.05),
                text(284, 60, "active", size=19, fill=AGREE, weight=600),
                group(lungs(OLD_SCAR), y=130, scale=1.05),
                text(284, 184, "damage", size=19, weight=600),
                group(chart(fvc((-6, 92), (-3, 84), (0, 66))), y=254, scale=1.05),
                text(284, 308, "falls: active", size=19, fill=AGREE, weight=600),
            ],
            notes="Isolated interstitial lung disease is the case in which raters differ most widely: "
            "those who look at muscle mark it near zero. Heart, joints, gut and fever count in the same "
            "way, as far as they belong to the disease.",
        ),
        Slide(
            "Laboratory and other illness",
            ul(
                "CK is a witness, not the judge: it may be normal in active disease.",
                "It rises after exercise, injections or a fall, too.",
                "Fever with bacteria is an infection and not a flare.",
            )
            + slip("One figure never makes the mark."),
            [
                group(chart(ck((-6, 0.9), (-3, 0.9), (0, 4), high=10), 440, 180), x=10, y=10),
                text(10, 230, "Ran a half marathon two days ago:", size=18, fill=INK),
                text(10, 256, "ask before you mark.", size=18, fill=INK),
            ],
            notes="Ask what happened in the days before the blood was drawn. Liver disease can look like "
            "muscle in some of the enzymes.",
        ),
        Slide(
            "Today, not the change",
            ul(
                "Rate the state at the assessment.",
                "Much better is a change; what is left is the state.",
                "Whether you may look at your last mark is written in the protocol.",
            )
            + keep("Serial marks agree better if the last one may be seen. Some trials forbid it."),
            [
                group(chart(ck((-4, 15), (-2, 6), (0, 3), high=20), 440, 150), x=10, y=10),
                vas(20, 230, 420, mark=45, left="no activity", right="extremely active"),
                text(20, 320, "last visit 78 mm, today 45 mm", size=18, fill=AGREE),
            ],
            notes="The source of this measure says that the reliability of serial marks depends on "
            "looking at earlier ones; trials may forbid that to keep raters blind. So it is a setting of "
            "the protocol and not a habit.",
        ),
        Slide(
            "Where to mark: five examples",
            "<p>The levels are spaced evenly here so that raters have "
            "something in common. This ladder is this module's convention, not a standard.</p>",
            ladder(),
            (850, 240),
            "top",
            notes="Read the five made-up patients from left to right: old atrophy (4), rash over the "
            "knuckles only (22), muscle and some skin, half way down (45), a lung that gets worse (64), "
            "and breathing and swallowing in danger (90). Find the neighbours of your patient, then "
            "mark between them.",
        ),
        Slide(
            "Measure from the left",
            ul(
                "Millimetres from the <b>left</b> end.",
                "Written in centimetres: 3.4.",
                "Check: a sick patient with a small figure was measured from the wrong end.",
            ),
            measure,
            notes="On paper the line must be exactly 100 mm long; a copy that was shrunk to fit the page "
            "is not. On a screen the figure is read off for you, and the slip that is left is the unit.",
        ),
        Slide(
            "What is a mark?",
            ul(
                "One stroke, upright, crossing the line.",
                "If it cannot be read, ask for a new form. Do not guess.",
            )
            + keep(
                "The two answers should not contradict each other: 80 mm with level 1 is a slip."
            ),
            edges,
            notes="The level and the line are two ratings of one thing. They are never added up, "
            "and one does not replace the other.",
        ),
        Slide(
            "What this module asks of you",
            ul(
                "In each of six certification cases: the line within <b>10 mm</b> and the level within "
                "<b>1</b> of the panel.",
                "In at least <b>5 of 6</b> cases.",
                "On average within <b>5 mm</b> over all six, the limits of agreement within <b>20 mm</b>.",
            )
            + slip("These are criteria of a demonstration, not a standard."),
            [
                text(20, 44, "You 58, panel 50. Within 10 mm.", size=17, fill=INK),
                agreement_line(
                    20,
                    110,
                    430,
                    low=0,
                    high=100,
                    panel=(47, 49, 50, 53, 56),
                    centre=50,
                    tolerance=10,
                    own=58,
                ),
                text(
                    20, 216, "You 24, panel 64. Outside: the lung was left out.", size=17, fill=INK
                ),
                agreement_line(
                    20,
                    282,
                    430,
                    low=0,
                    high=100,
                    panel=(58, 61, 64, 65, 68),
                    centre=64,
                    tolerance=10,
                    own=24,
                ),
            ],
            notes="Agreement between raters of this measure is called excellent in a review, without a "
            "figure that we could read. The panel here is made up, and so are its marks.",
        ),
    ]
