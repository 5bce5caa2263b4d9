"""The deck of the CMAS module: equipment, fourteen tasks, clock, support, age."""

from __future__ import annotations

from cmas_cases import TASK_NAMES
from cmas_scenes import MOST, TASKS, TIMED, VARIANTS, H, W, chair, sit_ups
from deck import Slide, keep, ol, slip, ul
from draw import (
    AGREE,
    AGREE_2,
    CARE,
    EDGE,
    INK,
    INK_2,
    RULE,
    SHEET,
    WELL,
    Look,
    agreement_line,
    badge,
    bands_bar,
    clipped,
    diamond,
    floor_line,
    group,
    line,
    rect,
    stopwatch,
    text,
    time_strip,
)

LOOKS = [
    Look(hair="#7a4a24", hair_style="long"),
    Look(skin="#d9b08c", hair="#2b2320"),
    Look(skin="#8d5f45", hair="#1d1715", hair_style="bun"),
    Look(hair="#a8632d"),
]

TASK_TEXT: dict[str, tuple[list[str], str, str]] = {
    "head_lift": (
        [
            "On the back, head up, chin towards the chest.",
            "Time from clear of the mat until it touches.",
            "Enter the <b>seconds</b>; the code follows.",
        ],
        "1:59 is 119 s, code 4. 2:00 is 120 s, code 5.",
        "Copies of the sheet write the top band in two ways: above two minutes, and 120 s or "
        "more. The band below ends at 119, so this module takes 120 as the beginning of 5.",
    ),
    "leg_raise": (
        [
            "On the back, the examiner's hand is the object.",
            "0 does not clear the table",
            "1 clears it, does not touch",
            "2 touches the hand",
        ],
        "Hold the hand where the protocol says, for every child.",
        "The object stands at a fixed height. A hand that comes to meet the foot gives points "
        "away.",
    ),
    "leg_lift": (
        [
            "On the back, one leg straight in the air.",
            "Time until the heel touches.",
            "The same bands as the head lift.",
        ],
        "Use the same leg at each visit, and write which.",
        "A knee that bends ends the task as a heel that touches does.",
    ),
    "supine_to_prone": (
        [
            "0 hardly onto the side, arm stays under",
            "1 on the side, right arm not free",
            "2 on the front, arm freed with some difficulty",
            "3 with ease",
        ],
        "Watch the arm under the trunk, not only the trunk.",
        "What parts the levels is the arm. A child that is on the front with the arm "
        "still caught is helped afterwards, not before.",
    ),
    "sit_ups": (
        [
            "Six ways, one point each: three positions of the hands, feet held and feet free.",
            "Tick what succeeds; the points are added.",
        ],
        "The ways need not succeed in order.",
        "The counterbalance is a hand on the ankles. Holding the thighs as well, or letting the "
        "child swing the arms, changes the task.",
    ),
    "supine_to_sit": (
        [
            "0 not alone",
            "1 alone, great struggle, very slow",
            "2 some struggle, somewhat slow",
            "3 no difficulty",
        ],
        "Here there is no support ladder: struggle and speed count.",
        "Compare with a healthy child of that size and not with other patients.",
    ),
    "arm_raise": (
        [
            "0 wrists do not rise",
            "1 wrists to the shoulder joint",
            "2 above the head, elbows bent",
            "3 above the head, elbows straight",
        ],
        "Look at the wrists, then at the elbows.",
        "The line of the shoulder joint is the mark; a shrug moves it, so ask for loose shoulders.",
    ),
    "arm_hold": (
        [
            "Sitting, both arms straight above the head.",
            "Time until either wrist sinks below the top of the head.",
            "Only five levels: 60 s is already the top.",
        ],
        "0:59 is code 3. 1:00 is code 4.",
        "This item ends at 4. Two minutes earn no more than one. One arm is not both: the time "
        "ends with the first arm.",
    ),
    "floor_sit": (
        [
            "0 not even with a chair",
            "1 only holding a chair",
            "2 no chair, slow or climbing down the own body",
            "3 none of that",
        ],
        "Offer the chair only after the try without.",
        "A child that is given the chair at once can never get a 2 or 3.",
    ),
    "all_fours": (
        [
            "0 cannot get there",
            "1 barely, head not raised",
            "2 back straight, head up",
            "3 crawls",
            "4 balances, one leg lifted and straight",
        ],
        "Ask for each step; a child stops where you stop asking.",
        "Many children crawl and are never asked to lift a leg.",
    ),
    "floor_rise": (
        [
            "0 not even with a chair",
            "1 only with a chair",
            "2 hand on thigh, knee or floor",
            "3 no hands, some difficulty",
            "4 no hands, none",
        ],
        "A quick push on the thigh is still 2.",
        "The hand on the own body decides, whatever the speed.",
    ),
    "chair_rise": (
        [
            "0 not even with hands on the seat",
            "1 hands on the seat",
            "2 hands on knees or thighs",
            "3 no hands, some difficulty",
            "4 no hands, none",
        ],
        "Three tries without hands are 3, not 2.",
        "Effort parts 3 from 4 and never 3 from 2.",
    ),
    "stool_step": (
        [
            "0 cannot",
            "1 a hand on table or examiner",
            "2 a hand on the own knee or thigh",
            "3 no support",
        ],
        "A light finger on the table is 1.",
        "Where the hand is decides, not how hard it presses.",
    ),
    "pick_up": (
        [
            "0 cannot",
            "1 leans heavily on knees or thighs",
            "2 light, brief support, a bit slow",
            "3 no difficulty",
        ],
        "Here the weight of the hand does count.",
        "This is the one item in which heavy and light support are two levels.",
    ),
}


def cell(parts: list[str], x: float, y: float, scale: float, label: str) -> str:
    box = [rect(0, 0, W, H, fill=SHEET, stroke=RULE, r=8), clipped(parts, W, H)]
    mark = [
        rect(0, 0, 26, 24, fill=INK, r=3),
        text(13, 18, label, size=16, fill=SHEET, anchor="middle", weight=600),
    ]
    return group(box, x=x, y=y, scale=scale) + group(mark, x=x, y=y)


def task_art(task: str, n: int) -> list[str]:
    who = LOOKS[n % 4]
    if task in TIMED:
        bounds = TIMED[task]
        shown = bounds[-1] - 1
        return [
            group(
                [
                    rect(0, 0, W, H, fill=SHEET, stroke=RULE, r=6),
                    clipped(TASKS[task](3, who), W, H),
                    stopwatch((424, 76), 46, shown),
                ]
            ),
            text(0, 246, "seconds and the code that follows", size=16),
            bands_bar(0, 270, 476, bounds, 150, value=shown),
        ]
    if task == "sit_ups":
        return [
            group(
                [
                    rect(0, 0, W, 212, fill=SHEET, stroke=RULE, r=6),
                    *sit_ups(set(VARIANTS[:4]), who),
                ],
                y=30,
            ),
            text(
                0, 276, "Here: three with the feet held and one with the feet free, so 4.", size=17
            ),
        ]
    levels = [w for w in TASK_TEXT[task][0] if w[0].isdigit()]
    rows = (len(levels) + 1) // 2
    scale, step = (0.5, 129) if rows == 3 else (0.57, 176)
    out = []
    for level, words in enumerate(levels):
        x, y = (level % 2) * 288, (level // 2) * step + (0 if rows == 3 else 16)
        out.append(cell(TASKS[task](level, who), x, y, scale, str(level)))
        out.append(text(x, y + H * scale + 19, words[2:], size=14.5, fill=INK))
    return out


def task_slide(n: int, task: str) -> Slide:
    lines, watch, more = TASK_TEXT[task]
    told = [w for w in lines if not w[0].isdigit()]
    levels = len(told) < len(lines)
    body = (ul(*told) if told else "") + (f"<p>{more}</p>" if levels else "") + slip(watch)
    return Slide(
        f"{n}. {TASK_NAMES[task]}",
        body,
        task_art(task, n),
        size=(568, 384) if levels else (480, 390),
        place="big" if levels else "side",
        notes=f"{plain(lines)}\n\n**Watch:** {watch}\n\n{more}",
    )


def things() -> list[str]:
    floor = 250.0
    stool = rect(250, floor - 40, 76, 40, fill=WELL, stroke=INK, width=2, r=4)
    out = [
        floor_line(floor, 10, 470),
        chair(40, floor - 70, floor),
        stool,
        line((370, floor - 3), (410, floor - 3), stroke=AGREE, width=6),
        stopwatch((170, 120), 60, 0),
        rect(250, 100, 200, 26, fill=SHEET, stroke=INK, width=2, r=10),
    ]
    for x, y, words in (
        (62, 276, "chair"),
        (288, 276, "stool"),
        (390, 276, "pencil"),
        (350, 92, "mat or couch"),
        (170, 42, "stopwatch"),
    ):
        out.append(text(x, y, words, size=16, anchor="middle"))
    return out


def support() -> list[str]:
    who = LOOKS[1]
    steps = [
        ("floor_sit", 1, "chair"),
        ("chair_rise", 1, "seat, table, examiner"),
        ("chair_rise", 2, "own thigh or knee"),
        ("chair_rise", 4, "nothing"),
    ]
    out = []
    for i, (task, level, words) in enumerate(steps):
        y = 300 - i * 92
        out.append(
            group(
                [
                    rect(0, 0, W, H, fill=SHEET, stroke=RULE, r=8),
                    clipped(TASKS[task](level, who), W, H),
                ],
                x=8,
                y=y - 6,
                scale=0.43,
            )
        )
        out.append(text(232, y + 44, words, size=19, fill=INK, weight=600))
    out.append(line((462, 372), (462, 22), stroke=AGREE, width=4))
    out.append(
        line((452, 36), (462, 20), stroke=AGREE, width=4)
        + line((472, 36), (462, 20), stroke=AGREE, width=4)
    )
    return out


def slides() -> list[Slide]:
    pages = [task_slide(n, t) for n, t in enumerate(TASK_NAMES, start=1)]
    return [
        Slide(
            "Fourteen tasks,<br/>52 points",
            "The CMAS: what the child does, how long, and with how much support.",
            [group(TASKS["floor_rise"](4, LOOKS[0]), x=-158, y=40)],
            (322, 260),
            notes="This deck goes through the fourteen tasks of the Childhood Myositis Assessment "
            "Scale. It is a demonstration in our own words and drawings; the rights holder's manual "
            "and your protocol win where they differ.",
        ),
        Slide(
            "Three kinds of question",
            ul(
                "<b>How long?</b> Items 1, 3 and 8. Seconds are entered, codes follow.",
                "<b>How far, how well?</b> Items 2, 4 to 7 and 10.",
                "<b>With what support?</b> Items 9 and 11 to 14.",
            )
            + keep("Total 0 to 52; <b>higher is better</b>."),
            [
                text(0, 24, "14 items, by their highest code", size=17, fill=INK, weight=600),
                *bars(),
            ],
            notes="The fourteen maxima are 5, 2, 5, 3, 6, 3, 3, 4, 3, 4, 4, 4, 3 and 3: together 52. "
            "Copies with 51 or 53 exist; they are not this version.",
        ),
        Slide(
            "What you need",
            ul(
                "The same things at each visit: heights change grades.",
                "Tell and show each task once.",
                "Encourage in the words of the protocol, no more and no less.",
            )
            + slip(
                "Which try counts is set by the protocol. This module takes the first proper one."
            ),
            things(),
            notes="Standard heights of chair, stool and object belong to the protocol. Write "
            "down what was used. In a trial, wording of the encouragement is fixed for the same reason.",
        ),
        Slide(
            "The clock",
            ol(
                "Start when it is clear of the mat, or in position.",
                "Stop when it touches, sinks or bends.",
                "Enter the seconds of the <b>task</b>, not those of your thumb.",
            )
            + slip("A second lift is a second try. It is not added."),
            [
                group(
                    [
                        rect(0, 0, W, 100, fill=SHEET, stroke=RULE),
                        time_strip(
                            0,
                            up=[(0, 43), (47, 60)],
                            seconds=70,
                            label="Head clear of the mat",
                            marks=[(43, "touches at 0:43")],
                        ),
                    ],
                    y=10,
                ),
                text(0, 148, "43 s, code 3. The second lift does not count.", size=17, fill=INK),
                text(0, 202, "Items 1 and 3", size=16),
                bands_bar(0, 214, 476, TIMED["head_lift"], 150),
                text(0, 304, "Item 8", size=16),
                bands_bar(0, 316, 397, TIMED["arm_hold"], 80),
            ],
            notes="A time that equals the beginning of a band is in that band: 30 s is code 3, 60 s is "
            "code 4, and in items 1 and 3 120 s is code 5. Item 8 ends at code 4.\n\nSeconds are kept "
            "because a code alone cannot be checked later.",
        ),
        *pages,
        Slide(
            "Support before effort",
            ul(
                "In items 9 and 11 to 14 ask first: <b>what took weight?</b>",
                "Chair is lowest, then seat, table or examiner, then the own body, then nothing.",
                "Effort and speed only part the two highest levels.",
            )
            + slip("Scoring by effort is the usual slip, in both directions."),
            support(),
            notes="A child that rises in one quick movement with a hand on the thigh is 2. A child that "
            "rises at the third try, red in the face, with no hand anywhere, is 3.\n\nThe amber rings in "
            "this module's drawings mark where a hand takes weight.",
        ),
        Slide(
            "Age",
            ul(
                "Healthy children of four have about <b>46 to 47</b> of 52.",
                "So 47 at four may be normal, and 52 is not to be expected.",
                "The code is never changed for age.",
            )
            + slip("What is normal is for the reader of the score, not for the rater."),
            [
                text(10, 40, "Healthy four-year-olds, mean 46.6 and one SD to each side", size=16),
                rect(10 + 460 * 44.3 / 52, 76, 460 * 4.6 / 52, 44, fill=AGREE_2),
                line((10, 98), (470, 98), stroke=INK_2, width=2),
                diamond((10 + 460 * 46.6 / 52, 98), 10, fill=AGREE),
                text(10, 146, "0", size=15),
                text(470, 146, "52", size=15, anchor="end"),
                text(10, 216, "Below 15: severe, by consensus", size=16),
                rect(10, 250, 460 * 15 / 52, 44, fill="#f9e6bf"),
                line((10, 272), (470, 272), stroke=INK_2, width=2),
                line((10 + 460 * 15 / 52, 248), (10 + 460 * 15 / 52, 296), stroke=CARE, width=3),
                text(10 + 460 * 15 / 52, 318, "15", size=15, anchor="middle"),
            ],
            notes="In healthy four-year-olds the mean was 46.6 with a standard deviation of 2.3; half of "
            "them had 46 or 47. Norms differ by age and sex, above all in head lift and sit-ups.",
        ),
        Slide(
            "0, NA and the total",
            ul(
                "Tried and not done: <b>0</b>.",
                "Could not be tried (cast, wound, pain, did not follow): <b>NA</b> with the reason.",
                "With NA there is no total; the rest is not scaled up.",
            ),
            [
                group(
                    [
                        rect(0, 0, W, H, fill=SHEET, stroke=RULE, r=6),
                        clipped(TASKS["floor_rise"](0, LOOKS[3]), W, H),
                    ],
                    scale=0.7,
                ),
                badge(350, 58, "0"),
                text(386, 76, "tried", size=17),
                group(
                    [rect(0, 0, W, H, fill=SHEET, stroke=RULE, r=6), clipped(cast(LOOKS[2]), W, H)],
                    y=170,
                    scale=0.7,
                ),
                badge(350, 228, "NA"),
                text(394, 246, "injury", size=17),
            ],
            notes="A 0 is a finding. NA is the lack of one. If no variant of the sit-ups succeeds but "
            "all were tried, it is 0.",
        ),
        Slide(
            "What this module asks of you",
            ul(
                "In each certification case at least <b>13 of 14</b> items within 1 of the panel.",
                "The total within <b>3</b> of the panel's.",
                "Both in <b>3 of 4</b> cases.",
            )
            + slip("These are criteria of a demonstration, not a standard."),
            [
                text(0, 44, "Total: you 36, panel 34. Within 3.", size=17, fill=INK),
                agreement_line(
                    20,
                    110,
                    430,
                    low=0,
                    high=52,
                    panel=(33, 34, 34, 34, 35),
                    centre=34,
                    tolerance=3,
                    own=36,
                ),
                text(0, 216, "Total: you 40, panel 34. Outside.", size=17, fill=INK),
                agreement_line(
                    20,
                    282,
                    430,
                    low=0,
                    high=52,
                    panel=(33, 34, 34, 34, 35),
                    centre=34,
                    tolerance=3,
                    own=40,
                ),
            ],
            notes="After training, twelve physicians who scored ten children agreed well (Kendall's W of "
            "the total 0.95). Two examiners of 26 children had an ICC of 0.89, and a change of 1.5 to 3 "
            "points was the smallest that mattered. The panel here is made up.",
        ),
    ]


def bars() -> list[str]:
    out = []
    for i, (task, name) in enumerate(TASK_NAMES.items()):
        y = 40 + i * 24
        tone = AGREE if task in TIMED else EDGE if i in (8, 10, 11, 12, 13) else INK_2
        out.append(text(228, y + 15, f"{i + 1}. {name}", size=14.5, anchor="end"))
        out.append(rect(238, y + 2, 30 * MOST[task], 17, fill=tone, r=2))
        out.append(text(244 + 30 * MOST[task], y + 16, str(MOST[task]), size=15, fill=INK))
    out.append(text(238, 388, "teal: time; grey: how far; sand: support", size=13.5))
    return out


def cast(who: Look) -> list[str]:
    from cmas_scenes import _front

    fig = _front(who, (-112, -100), (-68, -80))
    elbow, wrist = fig.arm("r")[1], fig.arm("r")[2]
    return [
        rect(196, 164, 88, 10, fill=WELL, stroke=INK, width=2, r=4),
        fig.draw(),
        line(elbow, wrist, stroke=INK, width=22),
        line(elbow, wrist, stroke="#ffffff", width=18),
    ]


def plain(lines: list[str]) -> str:
    words = [w.replace("<b>", "**").replace("</b>", "**") for w in lines]
    return "\n".join(f"- {w}" for w in words)
