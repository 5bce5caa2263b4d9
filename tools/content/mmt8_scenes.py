"""What a rater sees in each of the eight tests of the MMT-8, drawn.

A scene is drawn for a share of the test position that was reached (0 = rest, 1 = test position),
an optional push, and whether the trunk cheats.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from draw import (
    AGREE,
    CARE,
    EDGE,
    INK,
    RULE,
    SHEET,
    WELL,
    Figure,
    Front,
    Look,
    arc,
    at,
    badge,
    between,
    couch,
    darker,
    direction,
    dot,
    examiner,
    group,
    hold_of,
    hold_strip,
    limb,
    line,
    path,
    picture,
    poly,
    push,
    range_panel,
    rect,
    text,
)

W, SCENE_H, STRIP_H = 480, 236, 176
NAMES = {
    "neck_flexors": "Neck flexors",
    "deltoid_middle": "Deltoid, middle",
    "biceps_brachii": "Biceps brachii",
    "wrist_extensors": "Wrist extensors",
    "gluteus_maximus": "Gluteus maximus",
    "gluteus_medius": "Gluteus medius",
    "quadriceps": "Quadriceps",
    "ankle_dorsiflexors": "Ankle dorsiflexors",
}
MUSCLES = tuple(NAMES)


@dataclass(frozen=True)
class Shot:
    """How far, how hard, and how honestly."""

    reach: float = 1.0
    press: float | None = None  # 0..3, None: no hand on the limb
    trick: bool = False
    who: Look = field(default_factory=Look)
    words: bool = False  # label pressure and hold
    ghost: bool = True  # dashed target where the limb falls short


def _ghost(points: list, on: bool) -> str:
    return poly(points, stroke=AGREE, width=3, dash="7 6") if on else ""


def _hold(p: tuple[float, float], angle: float) -> str:
    """A short bar with a stem: this part is steadied."""
    back = at(p, angle + 180, 34)
    return line(back, p, stroke=CARE, width=3) + line(
        at(p, angle + 90, 13), at(p, angle - 90, 13), stroke=CARE, width=4
    )


def neck_flexors(s: Shot) -> list[str]:
    y = 176.0
    flat, lifted = 181, 128
    angle = flat + (lifted - flat) * s.reach

    def at_reach(a: float) -> Figure:
        chin = 30 if s.trick else -6
        return Figure(
            hip=(236, y - 20),
            torso=180,
            head=a,
            look=a - 90 + chin,
            arm=(-3, -4, -4),
            leg=("to", (372, y - 9), 1, 6),
            leg2=("to", (392, y - 9), 1, 6),
            who=s.who,
            joints=("shoulder",),
        )

    fig = at_reach(angle)
    goal = at_reach(lifted)
    out = [couch(26, 456, y, floor=228), fig.draw()]
    out.append(_ghost([goal.shoulder, goal.skull], s.ghost and s.reach < 0.95))
    out.append(arc(fig.shoulder, 66, flat, angle, arrow=True))
    if s.press is not None:
        brow = at(fig.skull, 82, fig.build.head + 1)
        out.append(examiner(at(brow, 80, 6), 62, length=88, flat=170))
        out.append(push((brow[0] - 38, brow[1] + 18), -90, strength=s.press / 3 + 0.15))
        if s.words:
            out.append(text(brow[0] + 62, brow[1] - 22, "pressure on the forehead", size=15))
            out.append(text(brow[0] + 62, brow[1] - 2, "chin stays tucked", size=15))
    if s.trick:
        out.append(text(210, 70, "chin juts forward", size=15, fill=CARE))
    return out


def deltoid_middle(s: Shot) -> list[str]:
    lean = 16 if s.trick else 0

    def at_reach(r: float) -> Front:
        a = 259 - 82 * r
        fore = -112 + 12 * r
        return Front(
            pelvis=(262, 172),
            spine=90 - lean,
            head=90 - lean * 0.6,
            arm_l=(a, fore, fore),
            arm_r=(-78, -96),
            leg_l=(-100, -90),
            leg_r=(-80, -90),
            short=(0.34, 0.78),
            short_fore_l=1 - 0.42 * r,
            who=s.who,
            joints=("shoulder", "elbow"),
        )

    fig, goal = at_reach(s.reach), at_reach(1)
    out = [
        rect(190, 176, 146, 14, fill=WELL, stroke=INK, width=2, r=5),
        line((204, 190), (204, 232), stroke=EDGE, width=5, cap="butt"),
        line((322, 190), (322, 232), stroke=EDGE, width=5, cap="butt"),
        fig.draw(),
    ]
    out.append(_ghost(goal.arm("l")[:2], s.ghost and s.reach < 0.95))
    out.append(arc(fig.arm("l")[0], 42, 262, 262 - 84 * s.reach, arrow=True))
    if s.press is not None:
        spot = between(fig.arm("l")[0], fig.arm("l")[1], 0.8)
        out.append(examiner((spot[0], spot[1] - 14), 118, length=86, flat=180))
        out.append(push((spot[0] - 36, spot[1] + 6), -90, strength=s.press / 3 + 0.15))
        out.append(_hold((fig.arm("r")[0][0] + 6, fig.arm("r")[0][1] - 12), -115))
        if s.words:
            out.append(text(24, 60, "pressure just", size=15))
            out.append(text(24, 80, "above the elbow", size=15))
            out.append(text(330, 44, "steady the shoulder", size=15))
    if s.trick:
        out.append(arc((262, 172), 178, 66, 54, arrow=True, stroke=CARE))
        out.append(text(350, 74, "trunk leans", size=15, fill=CARE))
        out.append(text(350, 94, "to the other side", size=15, fill=CARE))
    return out


def biceps_brachii(s: Shot) -> list[str]:
    lean = 20 if s.trick else 0

    def at_reach(r: float) -> Figure:
        fore = -82 + 92 * r
        return Figure(
            hip=(196, 178),
            torso=88 + lean,
            head=84 + lean,
            look=0,
            arm=(-94 + lean * 0.4, fore + lean * 0.3, fore + lean * 0.3),
            leg=(-4, -90, 0),
            who=s.who,
            joints=("elbow",),
        )

    fig, goal = at_reach(s.reach), at_reach(1)
    out = [
        rect(128, 194, 118, 14, fill=WELL, stroke=INK, width=2, r=5),
        line((142, 208), (142, 234), stroke=EDGE, width=5, cap="butt"),
        line((232, 208), (232, 234), stroke=EDGE, width=5, cap="butt"),
        fig.draw(),
    ]
    out.append(_ghost([goal.elbow, goal.wrist], s.ghost and s.reach < 0.95))
    out.append(arc(fig.elbow, 30, -80, direction(fig.elbow, fig.wrist), arrow=True))
    if s.press is not None:
        spot = between(fig.elbow, fig.wrist, 0.92)
        out.append(examiner((spot[0], spot[1] - 13), 48, length=104, flat=170))
        out.append(push((spot[0] + 40, spot[1] + 12), -90, strength=s.press / 3 + 0.15))
        if s.words:
            out.append(text(344, 104, "pressure", size=15))
            out.append(text(344, 124, "above the wrist,", size=15))
            out.append(text(344, 144, "palm up", size=15))
    if s.trick:
        out.append(arc(fig.hip, 104, 122, 140, arrow=True, stroke=CARE))
        out.append(text(24, 76, "trunk leans", size=15, fill=CARE))
        out.append(text(24, 96, "back", size=15, fill=CARE))
    return out


def wrist_extensors(s: Shot) -> list[str]:
    """Close to: forearm on a table, palm down, hand over the edge."""
    skin = s.who.skin
    elbow, wrist = (70.0, 148.0), (262.0, 148.0)
    angle = -38 + 78 * s.reach

    def hand(a: float) -> tuple:
        knuckle = at(wrist, a, 62)
        return knuckle, at(knuckle, a - 34, 34), at(at(knuckle, a - 34, 34), a - 112, 26)

    k, f, t = hand(angle)
    out = [
        rect(16, 168, 236, 16, fill=WELL, stroke=INK, width=2, r=5),
        line((40, 184), (40, 232), stroke=EDGE, width=5, cap="butt"),
    ]
    thumb = [between(wrist, k, 0.45), at(between(wrist, k, 0.75), angle - 62, 34)]
    out.append(limb(thumb, [11, 8], [darker(skin)]))
    out.append(limb([elbow, wrist], [31, 20], [skin]))
    out.append(limb([wrist, k, f, t], [20, 19, 11, 9], [skin] * 3))
    out.append(path(f"M{elbow[0] - 30} {elbow[1] - 1}L{wrist[0]} {wrist[1]}", stroke="none"))
    out.append(limb([elbow, (elbow[0] + 42, elbow[1])], [33, 31], [s.who.shirt]))
    gk = hand(40)[0]
    out.append(_ghost([wrist, gk], s.ghost and s.reach < 0.95))
    out.append(arc(wrist, 92, -38, angle, arrow=True))
    out.append(dot(wrist, 6, fill=AGREE, stroke=SHEET))
    if s.press is not None:
        spot = at(between(wrist, k, 0.8), angle + 90, 19)
        out.append(examiner(at(spot, angle + 90, 4), angle + 62, length=104, flat=angle))
        out.append(push(at(spot, angle, 46), angle - 90, strength=s.press / 3 + 0.15))
        if s.words:
            out.append(text(362, 60, "pressure on the", size=15))
            out.append(text(362, 80, "back of the hand", size=15))
        out.append(_hold((168, 124), -90))
        if s.words:
            out.append(text(168, 80, "steady the forearm", size=15, anchor="middle"))
    return out


def gluteus_maximus(s: Shot) -> list[str]:
    y = 186.0
    roll = 9 if s.trick else 0

    def at_reach(r: float) -> Figure:
        thigh = -3 + 26 * r
        return Figure(
            hip=(232, y - 21 - roll),
            torso=181 - roll * 0.9,
            head=186,
            look=-100,
            arm=(-150, 178, 178),
            leg=(thigh, 78 + 14 * r, 60),
            leg2=(-3, -3, -3),
            who=s.who,
            joints=("hip", "knee"),
        )

    fig, goal = at_reach(s.reach), at_reach(1)
    out = [couch(20, 462, y, floor=232), fig.draw()]
    out.append(_ghost([goal.hip, goal.knee], s.ghost and s.reach < 0.95))
    out.append(arc(fig.hip, 60, -3, -3 + 26 * s.reach, arrow=True))
    if s.press is not None:
        spot = at(between(fig.hip, fig.knee, 0.78), 113, 14)
        out.append(examiner(at(spot, 113, 4), 128, length=104, flat=23))
        out.append(push((spot[0] + 46, spot[1] + 4), -70, strength=s.press / 3 + 0.15))
        out.append(_hold((fig.hip[0] - 6, fig.hip[1] - 22), -90))
        if s.words:
            out.append(text(146, 98, "hold the", size=15, anchor="end"))
            out.append(text(146, 118, "pelvis", size=15, anchor="end"))
            out.append(text(348, 60, "pressure low", size=15))
            out.append(text(348, 80, "on the thigh", size=15))
    if s.trick:
        out.append(arc((fig.hip[0] - 50, fig.hip[1] - 86), 42, 215, 325, arrow=True, stroke=CARE))
        out.append(text(84, 30, "back arches,", size=15, fill=CARE))
        out.append(text(84, 50, "pelvis lifts", size=15, fill=CARE))
    return out


def gluteus_medius(s: Shot) -> list[str]:
    """Lying on the other side, seen from the front."""
    y = 190.0

    def at_reach(r: float) -> Front:
        up = 3 + 27 * r
        return Front(
            pelvis=(238, y - 40),
            spine=180,
            head=178,
            arm_l=(-28, 20),
            arm_r=(-2, 30),
            leg_l=(-3, -2),
            leg_r=(up, up, up),
            who=s.who,
        )

    fig, goal = at_reach(s.reach), at_reach(1)
    pillow = rect(66, y - 22, 64, 22, fill=SHEET, stroke=INK, width=2, r=9)
    out = [couch(20, 462, y, floor=232), pillow]
    out.append(fig.draw())
    hip, knee, ankle, _ = fig.leg("r")
    out.append(_ghost(goal.leg("r")[:3], s.ghost and s.reach < 0.95))
    out.append(dot(hip, 5, fill=AGREE, stroke=SHEET) + dot(knee, 5, fill=AGREE, stroke=SHEET))
    out.append(arc(hip, 72, 3, 3 + 27 * s.reach, arrow=True))
    if s.press is not None:
        up = 3 + 27 * s.reach
        spot = at(between(knee, ankle, 0.78), up + 90, 9)
        out.append(examiner(at(spot, up + 90, 4), up + 100, length=84, flat=up))
        out.append(push(at(spot, up, 34), up - 90, strength=s.press / 3 + 0.15))
        out.append(_hold((hip[0] - 4, hip[1] - 18), -90))
        if s.words:
            out.append(text(hip[0] - 22, 86, "hold the pelvis", size=15, anchor="end"))
            out.append(text(250, 34, "pressure above", size=15, anchor="end"))
            out.append(text(250, 54, "the ankle", size=15, anchor="end"))
    if s.trick:
        out.append(arc((hip[0], hip[1] + 4), 46, 60, 150, arrow=True, stroke=CARE))
        out.append(text(84, 30, "pelvis rolls back,", size=15, fill=CARE))
        out.append(text(84, 50, "thigh comes forward", size=15, fill=CARE))
    return out


def quadriceps(s: Shot) -> list[str]:
    lean = 24 if s.trick else 0

    def at_reach(r: float) -> Figure:
        shin = -90 + 86 * r
        return Figure(
            hip=(150, 166),
            torso=90 + lean,
            head=88 + lean,
            look=0,
            arm=("to", (118 - lean, 178), 1, -90),
            leg=(-1, shin, shin + 84),
            who=s.who,
            joints=("knee",),
        )

    fig, goal = at_reach(s.reach), at_reach(1)
    out = [couch(84, 226, 184, floor=234), fig.draw()]
    out.append(_ghost([goal.knee, goal.ankle], s.ghost and s.reach < 0.95))
    out.append(arc(fig.knee, 40, -90, -90 + 86 * s.reach, arrow=True))
    if s.press is not None:
        shin = -90 + 86 * s.reach
        spot = at(between(fig.knee, fig.ankle, 0.82), shin + 90, 10)
        out.append(examiner(at(spot, shin + 90, 4), shin + 104, length=100, flat=shin))
        out.append(push(at(spot, shin, 52), shin - 90, strength=s.press / 3 + 0.15))
        out.append(_hold((between(fig.hip, fig.knee, 0.6)[0], 148), -90))
        if s.words:
            out.append(text(362, 82, "pressure above", size=15))
            out.append(text(362, 102, "the ankle", size=15))
            out.append(text(190, 92, "steady", size=15) + text(190, 112, "the thigh", size=15))
    if s.trick:
        out.append(arc(fig.hip, 96, 128, 146, arrow=True, stroke=CARE))
        out.append(text(150, 40, "trunk leans back", size=15, fill=CARE))
    return out


def ankle_dorsiflexors(s: Shot) -> list[str]:
    """Close to: lower leg hanging, foot pulled up."""
    skin = s.who.skin
    knee, ankle = (196.0, 8.0), (214.0, 146.0)
    angle = -46 + 66 * s.reach

    def toe(a: float) -> tuple:
        ball = at(ankle, a - 8, 92)
        return ball, at(ball, a + (26 if s.trick else 4), 26)

    ball, tip = toe(angle)
    heel = at(ankle, angle - 128, 26)
    out = [
        limb([heel, ball, tip], [19, 15, 10], [skin, skin]),
        limb([knee, ankle], [40, 22], [skin]),
        path(capsule_between(ankle, ball), fill=skin, stroke="none"),
        limb([(knee[0] - 2, -20), (knee[0] + 3, 34)], [44, 42], [s.who.shorts]),
    ]
    gb = toe(20)[0]
    out.append(_ghost([ankle, gb], s.ghost and s.reach < 0.95))
    out.append(arc(ankle, 112, -54, angle - 8, arrow=True))
    out.append(dot(ankle, 6, fill=AGREE, stroke=SHEET))
    if s.press is not None:
        spot = at(between(ankle, ball, 0.85), angle + 82, 16)
        out.append(examiner(at(spot, angle + 82, 4), angle + 52, length=112, flat=angle))
        out.append(push(at(spot, angle, 50), angle - 98, strength=s.press / 3 + 0.15))
        out.append(_hold((180, 96), 0))
        if s.words:
            out.append(text(346, 158, "pressure on", size=15))
            out.append(text(346, 178, "the instep", size=15))
            out.append(text(136, 92, "steady the", size=15, anchor="end"))
            out.append(text(136, 112, "lower leg", size=15, anchor="end"))
    if s.trick:
        out.append(text(30, 60, "toes pull, ankle", size=15, fill=CARE))
        out.append(text(30, 80, "hardly moves", size=15, fill=CARE))
    return out


def capsule_between(a: tuple[float, float], b: tuple[float, float]) -> str:
    from draw import capsule

    return capsule(a, 18, between(a, b, 0.5), 15)


SCENES = {
    "neck_flexors": neck_flexors,
    "deltoid_middle": deltoid_middle,
    "biceps_brachii": biceps_brachii,
    "wrist_extensors": wrist_extensors,
    "gluteus_maximus": gluteus_maximus,
    "gluteus_medius": gluteus_medius,
    "quadriceps": quadriceps,
    "ankle_dorsiflexors": ankle_dorsiflexors,
}


def scene(muscle: str, shot: Shot, *, left: bool = False) -> str:
    """The drawing alone, 480 x 236; drawn for the right side, mirrored for the left."""
    return group(SCENES[muscle](shot))


def plane_panel(y: float, *, reached: float, muscle: str, note: str = "") -> str:
    """The retest with gravity taken away, seen from above: how much of the range is done."""
    out = [rect(0, y, W, STRIP_H, fill=SHEET), line((0, y), (W, y), stroke=RULE, width=1.5)]
    out.append(text(24, y + 26, "Retest on a level surface, seen from above", size=15, fill=INK))
    root, mid = (120.0, y + 128), (238.0, y + 128)
    out.append(rect(60, y + 42, 330, 122, fill=WELL, stroke=EDGE, width=1.2, r=4))
    span = 62.0
    start = -8
    out.append(arc(mid, 100, start, start + span, dash="5 5", width=2))
    out.append(poly([mid, at(mid, start + span, 92)], stroke=AGREE, width=3, dash="7 6"))
    end = start + span * reached
    out.append(limb([root, mid, at(mid, end, 92)], [17, 14, 9], ["#f0dcc4", "#f0dcc4"]))
    out.append(dot(mid, 5, fill=AGREE, stroke=SHEET))
    if reached > 0.05:
        out.append(arc(mid, 112, start, end, arrow=True, stroke=INK, width=3))
    out.append(text(400, y + 66, "whole", size=14, fill=AGREE))
    out.append(text(400, y + 83, "range", size=14, fill=AGREE))
    if note:
        out.append(text(24, y + 170, note, size=14))
    return "".join(out)


def item_figure(
    muscle: str,
    grade: float | None,
    *,
    who: Look,
    left: bool = False,
    trick: bool = False,
    passive: float | None = None,
    pain: bool = False,
    title: str,
    held: list | None = None,
    pressed: list | None = None,
    note: str = "",
) -> str:
    """One finding as a picture: the position reached and, below, how the hold went.

    Args:
        grade: what the limb does, 0 to 10; None where it cannot be tested.
        passive: share of the joint's range that the examiner can move it through.
        trick: the first try is cheated; `grade` is what the honest try shows.
    """
    parts: list[str] = []
    if passive is not None:
        shot = Shot(reach=min(passive, 0.5), press=None, who=who)
        height = SCENE_H + 92
        parts.append(
            range_panel(
                SCENE_H,
                reached=passive,
                label="Moved by the examiner, it stops here"
                if not pain
                else "Moved by the examiner; pain stops it here",
            )
        )
    elif grade is None:
        shot, height = Shot(reach=0, who=who, ghost=False), SCENE_H
    elif grade <= 2:
        shot, height = Shot(reach=0.05, who=who), SCENE_H + STRIP_H
        share = {0: 0.0, 1: 0.5, 2: 1.0}[int(grade)]
        parts.append(plane_panel(SCENE_H, reached=share, muscle=muscle))
    else:
        reach = {3: 0.5}.get(int(grade), 1.0)
        h, p, seconds = hold_of(grade)
        h, p = held or h, pressed or p
        peak = max(v for _, v in p)
        shot = Shot(reach=reach, press=peak if peak > 0 else None, trick=trick, who=who)
        height = SCENE_H + STRIP_H
        parts.append(hold_strip(SCENE_H, held=h, pressed=p, seconds=seconds, note=note))
    body = SCENES[muscle](shot)
    drawn = mirrored(body) if left else "".join(body)
    head = (
        badge(14, 12, "LEFT", fill=CARE)
        if left
        else (badge(14, 12, "RIGHT") if muscle != "neck_flexors" else "")
    )
    return picture(W, height, [drawn, head, *parts], title=title)


def mirrored(parts: list[str]) -> str:
    """Mirror the drawing but not its words."""
    words = [p for p in parts if p.startswith("<text")]
    shapes = [p for p in parts if not p.startswith("<text")]
    del words
    return group(shapes, mirror=W / 2)


def peak_words(item: object) -> str:
    """The strip of a finding in words, for those who do not see it."""
    grade = item.grade  # type: ignore[attr-defined]
    if item.held:  # type: ignore[attr-defined]
        return "a first try that drops at once, and a second in which the position is taken again."
    return {
        3: "the limb rises part of the way and comes down; no pressure.",
        4: "the limb reaches the position and sinks slowly; no pressure.",
        5: "the limb keeps the position and drops at a first small pressure.",
        6: "the limb stays while pressure is slight and drops above it.",
        7: "the limb stays until half way from slight to moderate and drops above it.",
        8: "the limb stays while pressure is moderate and drops above it.",
        9: "the limb stays until half way from moderate to strong and drops above it.",
        10: "the limb stays while pressure is strong, to the end.",
    }[grade]
