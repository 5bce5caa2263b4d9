"""The deck of the MMT-8 module: positions, pressure, borders, tricks."""

from __future__ import annotations

from deck import Slide, keep, ol, slip, ul
from draw import (
    AGREE,
    AGREE_2,
    CARE,
    INK,
    INK_2,
    RULE,
    SHEET,
    WELL,
    Look,
    agreement_line,
    badge,
    clipped,
    group,
    hold_of,
    hold_strip,
    line,
    rect,
    text,
)
from mmt8_scenes import NAMES, SCENES, Shot, plane_panel, range_panel

LOOKS = [
    Look(hair="#6d4a2f", hair_style="bun"),
    Look(skin="#d9b08c", hair="#3a3a3a"),
    Look(skin="#8d5f45", hair="#1d1715"),
    Look(hair="#b9b4ac", hair_style="long"),
]

SCALE = [
    ("0", "Nothing felt", "no contraction under the finger"),
    ("T", "Trace", "a contraction is felt or the tendon stands out; nothing moves"),
    ("1", "Level plane", "part of the range, gravity taken away"),
    ("2", "Level plane", "the whole range, gravity taken away"),
    ("3", "Against gravity", "part of the range"),
    ("4", "Against gravity", "test position reached, then let go slowly"),
    ("5", "Against gravity", "test position held, nothing added"),
    ("6", "With pressure", "holds slight"),
    ("7", "With pressure", "holds slight to moderate"),
    ("8", "With pressure", "holds moderate"),
    ("9", "With pressure", "holds moderate to strong"),
    ("10", "With pressure", "holds strong"),
]

MUSCLE_TEXT = {
    "neck_flexors": (
        [
            "On the back, arms beside the body.",
            "Chin tucked, then the head comes up.",
            "Pressure on the forehead, down towards the couch.",
        ],
        "Chin that juts forward: other muscles lift the head.",
        "Tuck first, lift second. If the chin leads, lower the head and begin again; the grade "
        "belongs to the try with the chin tucked. This group has no side: one value.",
    ),
    "deltoid_middle": (
        [
            "Sitting, elbow bent for comfort.",
            "Arm out to the side, level with the shoulder.",
            "Steady the shoulder; press down just above the elbow.",
        ],
        "Trunk that leans away, or a shoulder that shrugs.",
        "Pressing on the forearm makes the lever longer and the grade lower. Watch the trunk and not "
        "only the arm: a body that leans to the other side lifts the arm for it.",
    ),
    "biceps_brachii": (
        [
            "Sitting, upper arm beside the body, palm up.",
            "Elbow bent to about a right angle.",
            "Steady the elbow; press down just above the wrist.",
        ],
        "Forearm turned so that the thumb is up, or a trunk that leans back.",
        "With the thumb up another muscle, the brachioradialis, takes over. Ask for the palm up "
        "and check it again while you press.",
    ),
    "wrist_extensors": (
        [
            "Forearm on a table, palm down, hand over the edge.",
            "Hand lifted, fingers loose.",
            "Steady the forearm; press down on the back of the hand.",
        ],
        "Straight fingers: the finger extensors help.",
        "Loose, half-closed fingers keep the finger extensors out. A swollen, painful wrist is not "
        "a weak one: see slide 18.",
    ),
    "gluteus_maximus": (
        [
            "Face down, knee bent to a right angle.",
            "Thigh lifted, pelvis flat.",
            "Hold the pelvis; press down low on the thigh.",
        ],
        "Pressure on the shin, or a back that arches.",
        "The bent knee keeps the hamstrings short, so that they help less. If the pelvis tips, what "
        "you see is the back and not the hip.",
    ),
    "gluteus_medius": (
        [
            "On the other side, lower leg bent or straight, hip in line with the trunk.",
            "Upper leg lifted straight up.",
            "Hold the pelvis; press down above the ankle.",
        ],
        "Pelvis that rolls back and a thigh that comes forward.",
        "With the pelvis rolled back the hip flexors and the tensor fasciae latae lift the leg. Keep "
        "one hand on the pelvis for the whole hold.",
    ),
    "quadriceps": (
        [
            "Sitting on the edge, thigh on the couch.",
            "Knee straightened.",
            "Steady the thigh; press down above the ankle.",
        ],
        "Trunk that leans back, or a knee that is locked with a kick.",
        "A locked knee carries more than the muscle can. Let the knee be just short of locked and "
        "keep the trunk upright.",
    ),
    "ankle_dorsiflexors": (
        [
            "Sitting, lower leg hanging.",
            "Foot pulled up and kept there.",
            "Steady the lower leg; press down on the instep.",
        ],
        "Toes that pull while the ankle hardly moves.",
        "Look at the angle of the ankle, not at the toes. A "
        "strong ankle says nothing about the other groups.",
    ),
}


def small(muscle: str, x: float, y: float, scale: float, shot: Shot) -> str:
    shapes = [p for p in SCENES[muscle](shot) if not p.startswith("<text")]
    return group(
        [rect(0, 0, 480, 236, fill=SHEET, stroke=RULE, r=6), clipped(shapes, 480, 236)],
        x=x,
        y=y,
        scale=scale,
    )


def strips(grades: tuple[int, ...]) -> list[str]:
    out = []
    for i, g in enumerate(grades):
        held, pressed, seconds = hold_of(g)
        one = hold_strip(0, held=held, pressed=pressed, seconds=seconds, width=272)
        x = i * 289
        out.append(group([one, rect(0, 0, 272, 176, stroke=RULE)], x=x, y=2))
        out.append(rect(x + 114, 190, 44, 34, fill=INK, r=4))
        out.append(text(x + 136, 214, str(g), size=24, fill=SHEET, anchor="middle", weight=600))
    return out


def ladder() -> list[str]:
    out = []
    tone = {
        "Nothing felt": WELL,
        "Trace": WELL,
        "Level plane": "#e4e0d2",
        "Against gravity": AGREE_2,
        "With pressure": "#f9e6bf",
    }
    for i, (code, block, words) in enumerate(SCALE):
        y = i * 32
        out.append(rect(0, y, 56, 28, fill=INK if code not in "T" else SHEET, stroke=INK, r=3))
        out.append(
            text(
                28,
                y + 20,
                code,
                size=17,
                fill=SHEET if code != "T" else INK,
                anchor="middle",
                weight=600,
            )
        )
        out.append(rect(64, y, 784, 28, fill=tone[block], r=3))
        out.append(text(78, y + 20, block, size=17, fill=INK_2))
        out.append(text(240, y + 20, words, size=17, fill=INK))
    return out


def order() -> list[str]:
    stops = [
        ("Sitting", "deltoid_middle", "deltoid, biceps, wrist, quadriceps, ankle"),
        ("On the back", "neck_flexors", "neck flexors"),
        ("On the side, face down", "gluteus_maximus", "gluteus medius, gluteus maximus"),
    ]
    out = []
    for i, (name, muscle, words) in enumerate(stops):
        x = i * 290
        out.append(small(muscle, x, 0, 0.56, Shot(who=LOOKS[i])))
        out.append(text(x, 164, name, size=20, fill=INK, weight=600))
        out.append(text(x, 188, words, size=15.5))
        if i:
            out.append(line((x - 18, 66), (x - 6, 66), stroke=AGREE, width=4))
    return out


def muscle_slide(muscle: str, n: int) -> Slide:
    how, wrong, more = MUSCLE_TEXT[muscle]
    shot = Shot(press=2, words=True, who=LOOKS[n % 4])
    art = [
        rect(0, 0, 480, 236, fill=SHEET, stroke=RULE, r=6),
        clipped(SCENES[muscle](shot), 480, 236),
    ]
    return Slide(
        NAMES[muscle],
        ul(*how) + slip(wrong) + f"<p>{more}</p>",
        [group(art, y=52)],
        notes=f"{' '.join(how)}\n\n**Slip:** {wrong}\n\n{more}",
    )


def slides() -> list[Slide]:
    tests = [muscle_slide(m, n) for n, m in enumerate(NAMES)]
    steps = hold_strip(0, held=hold_of(8)[0], pressed=hold_of(8)[1], seconds=8)
    marks = [group([rect(0, 0, 480, 176, fill=SHEET, stroke=RULE), steps], y=30)]
    for x, y, n in ((120, 66, "1"), (196, 66, "2"), (236, 150, "3"), (316, 128, "4")):
        marks.append(f'<circle cx="{x}" cy="{y}" r="13" fill="{AGREE}"/>')
        marks.append(text(x, y + 6, n, size=17, fill=SHEET, anchor="middle", weight=600))
    tricks = [
        ("biceps_brachii", "trunk leans back"),
        ("deltoid_middle", "trunk leans aside"),
        ("gluteus_medius", "pelvis rolls back"),
        ("gluteus_maximus", "back arches"),
    ]
    trick_art = []
    for i, (m, words) in enumerate(tricks):
        x, y = (i % 2) * 432, (i // 2) * 196
        trick_art.append(small(m, x, y, 0.72, Shot(press=2, trick=True, who=LOOKS[(i + 1) % 4])))
        trick_art.append(text(x + 4, y + 188, words, size=17, fill=CARE, weight=600))
    two = [
        badge(0, 8, "RIGHT"),
        text(84, 26, "cannot be moved", size=17),
        group([range_panel(0, reached=0.42, label="Moved by the examiner, it stops here")], y=44),
        badge(0, 170, "LEFT", fill=CARE),
        text(76, 188, "free: test it, and mark the side", size=17),
        group(
            [
                rect(0, 0, 480, 236, fill=SHEET),
                clipped(
                    [
                        group(
                            [
                                p
                                for p in SCENES["biceps_brachii"](Shot(press=1.5, who=LOOKS[1]))
                                if not p.startswith("<text")
                            ],
                            mirror=240,
                        )
                    ],
                    480,
                    236,
                ),
            ],
            y=202,
            scale=0.8,
        ),
    ]
    return [
        Slide(
            "Eight muscles,<br/>one scale",
            "Positions, pressure and the borders between grades. MMT-8, one side, 0 to 80.",
            [group([*SCENES["quadriceps"](Shot(press=2, who=LOOKS[0]))], x=-70, y=50)],
            (330, 300),
            notes="This deck shows each of the eight tests of the MMT-8 and the borders at which "
            "raters part most often. It is a demonstration in our own words and drawings. Where a "
            "rights holder's manual or a trial's protocol says something else, that one wins.",
        ),
        Slide(
            "What the figure is for",
            ul(
                "The total runs from 0 to 80; <b>higher is stronger</b>.",
                "It is a core measure of trials in myositis.",
                "One grade of one muscle moves the total by 1.",
                "Totals of trained raters agree well; single muscles agree far less.",
            )
            + keep("So: the same position, the same pressure, the same words, each time."),
            [
                text(0, 24, "Five raters, one patient", size=17, fill=INK, weight=600),
                agreement_line(
                    20,
                    92,
                    420,
                    low=0,
                    high=80,
                    panel=(52, 55, 55, 56, 58),
                    centre=55,
                    tolerance=5,
                    own=56,
                ),
                text(20, 172, "teal: the panel; shaded: tolerance; diamond: you", size=15),
                text(0, 236, "One rater presses harder", size=17, fill=INK, weight=600),
                agreement_line(
                    20,
                    300,
                    420,
                    low=0,
                    high=80,
                    panel=(52, 55, 55, 56, 58),
                    centre=55,
                    tolerance=5,
                    own=42,
                ),
            ],
            notes="In one study of 46 patients the MMT-8 total agreed very well within and between "
            "raters (ICC above 0.9), while the agreement on single muscles was weak (for instance "
            "kappa 0.08 for knee extension between raters). Training therefore aims at the way each "
            "test is done, and this module judges the total as well as single muscles.\n\nThe figures "
            "on the slide are made up.",
        ),
        Slide(
            "The order",
            "<p>The person changes position as seldom as possible: first all tests in "
            "sitting, then lying on the back, then on the side and face down. One side is tested: "
            "the <b>right</b>. The left takes its place only where the right cannot be tested.</p>",
            order(),
            (850, 210),
            "top",
            notes="A fixed order saves strength, which matters in tired patients, and makes visits "
            "comparable. The full test of 26 values goes right, then left, before the next group; "
            "the MMT-8 of this module takes one side and the neck.",
        ),
        Slide(
            "The scale in four blocks",
            "",
            ladder(),
            (850, 390),
            "full",
            notes="Read it from below: is anything felt (0, T)? Does it move when gravity is taken "
            "away (1, 2)? Against gravity (3, 4, 5)? Against pressure (6 to 10)?\n\nThe letter T "
            "stands between 0 and 1. No number is agreed for it, so this form keeps the letter and "
            "gives no total with it. There are no half grades, and grades of the 0 to 5 scale do "
            "not belong on this form.",
        ),
        Slide(
            "One hold, four moments",
            ol(
                "The person takes the test position.",
                "<b>Wait</b> until it is held. Nobody presses yet.",
                "Pressure grows gradually, at one point, in one direction.",
                "Take it off gradually when you know, or when the limb gives.",
            )
            + slip("A jerk breaks every hold and shows nothing."),
            marks,
            notes="This form grades a *hold* at the test position, not a push through the range: the "
            "second kind gives lower grades, and the two must not be mixed.\n\nThe strip below each "
            "drawing in this module shows it: the ink line is the limb, the amber area is the "
            "pressure. The grade is in the highest pressure under which the line stayed up.",
        ),
        *tests,
        Slide(
            "Nothing lifts? Retest",
            ul(
                "Below 4 the test is done again with <b>gravity taken away</b>: on a level surface, the "
                "limb supported.",
                "The whole range there is 2, part of it is 1.",
                "Nothing moves: feel for a contraction. T or 0.",
            )
            + slip("No lift is not yet a 0."),
            [
                group([plane_panel(0, reached=1, muscle="")], y=0, scale=0.98),
                group([plane_panel(0, reached=0.5, muscle="")], y=190, scale=0.98),
                badge(396, 128, "2"),
                badge(396, 318, "1"),
            ],
            notes="The retest is recorded. Without it a 2, a 1, a T and a 0 cannot be told apart, and "
            "a patient who gains strength from 0 to 2 seems not to change.",
        ),
        Slide(
            "4, 5 or 6?",
            ul(
                "<b>4</b> reaches the position and lets go by itself.",
                "<b>5</b> keeps it, and the first pressure is too much.",
                "<b>6</b> holds slight pressure.",
            ),
            strips((4, 5, 6)),
            (850, 228),
            "top",
            notes="The difference between 4 and 5 is *time*: wait for the whole count before you "
            "decide. The difference between 5 and 6 is *one touch*: press slightly, and only then "
            "more. Who presses moderately at once never finds a 6.",
        ),
        Slide(
            "8, 9 or 10?",
            ul(
                "<b>8</b> holds moderate; more brings it down.",
                "<b>9</b> holds on while the pressure grows; strong brings it down.",
                "<b>10</b> holds strong pressure.",
            ),
            strips((8, 9, 10)),
            (850, 228),
            "top",
            notes="Raters differ here in how strong they are themselves. Strong is as much as the "
            "examiner would use on a healthy person of any size, not as much as the examiner has. "
            "Calibrate with a second rater on the same limb.",
        ),
        Slide(
            "Help from elsewhere",
            "",
            trick_art,
            (850, 390),
            "full",
            notes="A limb that is helped seems stronger than it is. Say what to leave out, steady "
            "the part above the joint, test again, and score the try without help. The first, "
            "cheated try is not averaged in.",
        ),
        Slide(
            "NA, and the left side",
            ul(
                "Pain or contracture that prevents the test: <b>NA with the reason</b>.",
                "NA is not 0. With NA there is no total.",
                "Right not testable, left free: test the <b>left</b> and mark it.",
                "Both not testable: NA.",
            ),
            two,
            notes="A 0 says that no contraction was felt. NA says that nobody could find out. Turning "
            "one into the other invents weakness, and it stays in the record.\n\nThe side belongs to "
            "the answer: the next visit must test the same one.",
        ),
        Slide(
            "What this module asks of you",
            ul(
                "In each certification case at least <b>7 of 8</b> muscles within 1 of the panel.",
                "The total within <b>5</b> of the panel's.",
                "Both in <b>3 of 4</b> cases.",
            )
            + slip("These are criteria of a demonstration, not a standard."),
            [
                agreement_line(
                    24,
                    110,
                    420,
                    low=0,
                    high=10,
                    panel=(4, 5, 5, 5, 6),
                    centre=5,
                    tolerance=1,
                    own=6,
                ),
                text(24, 44, "One muscle: you 6, panel 5. Within.", size=17, fill=INK),
                text(24, 216, "One muscle: you 8, panel 5. Outside.", size=17, fill=INK),
                agreement_line(
                    24,
                    282,
                    420,
                    low=0,
                    high=10,
                    panel=(4, 5, 5, 5, 6),
                    centre=5,
                    tolerance=1,
                    own=8,
                ),
            ],
            notes="The panel of this module is made up, and so are its ratings. A trial sets its own "
            "criteria. Disagreement by more than the tolerance shows which slide to look at again; "
            "the form that comes next has other cases.",
        ),
    ]
