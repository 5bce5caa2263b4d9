"""What a rater sees in each of the fourteen tasks of the CMAS, drawn.

A task is drawn as one picture or as three moments from left to right. An amber ring marks where a
hand takes weight, because the grade of many tasks follows the support that was used.
"""

from __future__ import annotations

from collections.abc import Callable

from draw import (
    AGREE,
    CARE,
    CARE_2,
    EDGE,
    INK,
    SHEET,
    WELL,
    Figure,
    Front,
    Look,
    Point,
    arc,
    at,
    badge,
    between,
    body,
    couch,
    dot,
    examiner,
    floor_line,
    group,
    line,
    path,
    picture,
    rect,
    stopwatch,
    text,
    time_strip,
)

W, H = 480, 200
FLOOR = 184.0


def ring(p: Point) -> str:
    return (
        f'<circle cx="{p[0]:.1f}" cy="{p[1]:.1f}" r="10" fill="{CARE_2}" fill-opacity="0.75" '
        f'stroke="{CARE}" stroke-width="2.4"/>'
    )


def wobble(p: Point, r: float = 12) -> str:
    out = ""
    for dx in (-1, 1):
        for k in (0, 7):
            c = (p[0] + dx * (r + k), p[1])
            out += path(f"M{c[0]:.1f} {c[1] - 9:.1f}q{dx * 5} 9 0 18", stroke=CARE, width=2.2)
    return out


def kid(hip: Point, s: float, who: Look, **kw: object) -> Figure:
    return Figure(hip=hip, build=body(who, s), who=who, **kw)  # type: ignore[arg-type]


def stand(x: float, s: float, who: Look, *, floor: float = FLOOR, **kw: object) -> Figure:
    b = body(who, s)
    ankle = floor - 6 * s
    hip = (x, ankle - (b.thigh + b.shin) * 0.995)
    opts: dict[str, object] = {"torso": 91, "arm": (-92, -84), "leg": ("to", (x, ankle), 1, 0)} | kw
    return Figure(hip=hip, build=b, who=who, **opts)  # type: ignore[arg-type]


def chair(x: float, seat: float, floor: float, *, flip: bool = False) -> str:
    """A chair with its seat from x to x+44; the back stands on the left, or right if flipped."""
    back = x + 44 if flip else x
    return (
        line((x + 3, seat), (x + 3, floor), stroke=EDGE, width=4, cap="butt")
        + line((x + 41, seat), (x + 41, floor), stroke=EDGE, width=4, cap="butt")
        + line((back, seat - 46), (back, seat), stroke=EDGE, width=5)
        + rect(x - 2, seat - 3, 48, 8, fill=WELL, stroke=INK, width=1.8, r=3)
    )


def three(frames: list[list[str]], *, floor: float | None = FLOOR) -> list[str]:
    out = [floor_line(floor + 1)] if floor else []
    n = len(frames)
    step = W / n
    for i, parts in enumerate(frames):
        out.append(group(parts, x=i * step))
        if i:
            x = i * step
            out.append(path(f"M{x - 5:.0f} 98l8 8l-8 8", stroke=EDGE, width=2.4))
    return out


# Lying on the mat -----------------------------------------------------------------------------


def _supine(who: Look, s: float = 1.05, x: float = 232, y: float = 150, **kw: object) -> Figure:
    opts: dict[str, object] = {
        "torso": 180,
        "head": 181,
        "look": 91,
        "arm": (-3, -4),
        "leg": (0, 0, 62),
        "leg2": (0, 0, 62),
    } | kw
    return kid((x, y - 16 * s), s, who, **opts)


def head_lift(level: int, who: Look) -> list[str]:
    up = 181 if level == 0 else 140
    fig = _supine(who, head=up, look=up - 96)
    out = [couch(20, 392, 150, floor=196), fig.draw()]
    if level:
        out.append(arc(fig.shoulder, 66, 181, up, arrow=True))
    else:
        out.append(wobble((fig.skull[0], fig.skull[1] - 34), 8))
    return out


def leg_raise(level: int, who: Look) -> list[str]:
    a = {0: 2, 1: 16, 2: 30}[level]
    fig = _supine(who, leg=(a, a, a + 62))
    goal = _supine(who).chain_leg((30, 30, 92))[3]
    out = [couch(20, 430, 150, floor=196), fig.draw()]
    out.append(examiner((goal[0] + 6, goal[1] - 4), 40, length=78))
    if level == 2:
        out.append(dot((goal[0] + 2, goal[1] - 2), 6, fill=AGREE, stroke=SHEET))
    if level:
        out.append(arc(fig.hip, 74, 3, a, arrow=True))
    out.append(text(24, 34, "The hand is the object to touch", size=14))
    return out


def leg_lift(level: int, who: Look) -> list[str]:
    a = 0 if level == 0 else 24
    fig = _supine(who, leg=(a, a, a + 62))
    out = [couch(20, 392, 150, floor=196), fig.draw()]
    if level:
        out.append(arc(fig.hip, 70, 0, a, arrow=True))
    return out


def _side(who: Look, s: float, x: float, y: float, *, under: bool) -> str:
    """Lying on the side, seen from the front, head left."""
    fig = Front(
        pelvis=(x, y - 18 * s),
        spine=180,
        head=178,
        build=body(who, s),
        who=who,
        arm_l=(-40, 5) if under else (-150, 170),
        arm_r=(40, -20),
        leg_l=(-4, -2),
        leg_r=(14, -14),
    )
    return fig.draw()


def _prone(who: Look, s: float, x: float, y: float, **kw: object) -> Figure:
    opts: dict[str, object] = {
        "torso": 180,
        "head": 176,
        "look": -92,
        "arm": (-158, 178),
        "leg": (0, 0, -40),
        "leg2": (0, 0, -40),
    } | kw
    return kid((x, y - 16 * s), s, who, **opts)


def supine_to_prone(level: int, who: Look) -> list[str]:
    s, x, y = 0.5, 76, 150

    def mat() -> str:
        return rect(4, y, 150, 9, fill=WELL, stroke=INK, width=1.8, r=3)

    first = [mat(), _supine(who, s, x, y).draw()]
    tilted = _supine(who, s, x, y, torso=176, head=165, look=60, arm=(60, 20))
    side = [mat(), _side(who, s, x, y, under=level < 2)]
    frames = {
        0: [
            first,
            [mat(), tilted.draw(), wobble((x - 52, y - 66), 8)],
            [mat(), tilted.draw(), ring((x - 28, y - 4))],
        ],
        1: [
            first,
            side,
            [
                mat(),
                _side(who, s, x, y, under=True),
                ring((x - 22, y - 6)),
                wobble((x - 60, y - 70), 8),
            ],
        ],
        2: [
            first,
            side,
            [mat(), _prone(who, s, x, y, head=168).draw(), wobble((x - 40, y - 62), 8)],
        ],
        3: [first, side, [mat(), _prone(who, s, x, y, head=158, look=-100).draw()]],
    }[level]
    return three(frames, floor=None)


VARIANTS = ("thighs_held", "chest_held", "head_held", "thighs_free", "chest_free", "head_free")


def _situp(kind: str, done: bool, who: Look) -> str:
    s = 0.5
    torso = 96 if done else 158
    fig = kid(
        (58, 67),
        s,
        who,
        torso=torso,
        head=torso - (8 if done else 26),
        look=torso - 100,
        leg=("to", (100, 72), 1, 4),
        leg2=None,
    )
    shoulder = fig.shoulder
    hand = kind.split("_")[0]
    if hand == "thighs":
        arm: tuple = (
            "to",
            between(fig.hip, fig.knee, 0.8) if done else between(fig.hip, fig.knee, 0.45),
            -1,
        )
    elif hand == "chest":
        arm = ("to", at(at(shoulder, torso + 180, 14), torso - 90, 13), -1)
    else:
        arm = ("to", at(fig.skull, torso + 60, 13), 1 if not done else -1)
    out = fig.with_(arm=arm).draw()
    if kind.endswith("held"):
        out += group([examiner((0, 0), 62, length=70)], x=103, y=63, scale=0.62)
    return out


def sit_ups(done: set[str], who: Look) -> list[str]:
    out = []
    heads = ("hands on thighs", "arms across chest", "hands behind head")
    for i, kind in enumerate(VARIANTS):
        col, row = i % 3, i // 3
        x, y = 56 + col * 142, 26 + row * 96
        out.append(rect(x - 2, y + 74, 134, 6, fill=WELL, stroke=INK, width=1.4, r=2))
        out.append(group([_situp(kind, kind in done, who)], x=x, y=y))
        if row == 0:
            out.append(text(x + 65, 17, heads[col], size=13, anchor="middle"))
    out.append(text(8, 66, "feet", size=13) + text(8, 81, "held", size=13))
    out.append(text(8, 164, "feet", size=13) + text(8, 179, "free", size=13))
    return out


def supine_to_sit(level: int, who: Look) -> list[str]:
    s, x, y = 0.55, 80, 160

    def mat() -> str:
        return rect(4, y, 150, 9, fill=WELL, stroke=INK, width=1.8, r=3)

    def mid(torso: float, arm: tuple) -> Figure:
        return _supine(who, s, x, y, torso=torso, head=torso - 12, look=torso - 98, arm=arm)

    first = [mat(), _supine(who, s, x, y).draw()]
    up = mid(98, ("to", (x + 22, y - 22), -1))
    back = (x - 40, y - 4)
    low = mid(156, ("to", back, -1, 180))
    half = mid(134, ("to", (x - 44, y - 4), -1, 200))
    frames = {
        0: [
            first,
            [mat(), mid(166, (20, 10)).draw(), wobble((x - 44, y - 66), 8)],
            [mat(), mid(140, (20, 12)).draw(), examiner((x + 14, y - 54), 30, length=46)],
        ],
        1: [
            first,
            [mat(), low.draw(), ring(back), wobble((x - 44, y - 72), 8)],
            [mat(), half.draw(), ring((x - 44, y - 5)), wobble((x - 30, y - 98), 8)],
        ],
        2: [first, [mat(), half.draw(), ring((x - 44, y - 5))], [mat(), up.draw()]],
        3: [first, [mat(), mid(142, (10, 8)).draw()], [mat(), up.draw()]],
    }[level]
    return three(frames, floor=None)


# Arms -----------------------------------------------------------------------------------------


def _front(who: Look, arm_l: tuple, arm_r: tuple, x: float = 240) -> Front:
    return Front(
        pelvis=(x, 160),
        build=body(who, 0.8),
        who=who,
        arm_l=arm_l,
        arm_r=arm_r,
        leg_l=(-100, -90),
        leg_r=(-80, -90),
        short=(0.34, 0.5),
    )


def arm_raise(level: int, who: Look) -> list[str]:
    left, right = {
        0: ((-116, -104), (-64, -76)),
        1: ((-132, 112), (-48, 68)),
        2: ((138, 62), (42, 118)),
        3: ((99, 93), (81, 87)),
    }[level]
    fig = _front(who, left, right)
    y = fig.side_points()["shoulder_l"][1] - 4
    out = [
        rect(196, 164, 88, 10, fill=WELL, stroke=INK, width=2, r=4),
        fig.draw(),
        line((120, y), (360, y), stroke=AGREE, width=2, dash="6 5"),
        text(366, y + 5, "shoulder joint", size=13, fill=AGREE),
    ]
    return out + [dot(fig.arm(side)[2], 5, fill=AGREE, stroke=SHEET) for side in "lr"]


def arm_hold(level: int, who: Look) -> list[str]:
    arms = ((-116, -104), (-64, -76)) if level == 0 else ((99, 93), (81, 87))
    fig = _front(who, *arms, x=180)
    return [rect(136, 164, 88, 10, fill=WELL, stroke=INK, width=2, r=4), fig.draw()]


# On the floor ----------------------------------------------------------------------------------


def floor_sit(level: int, who: Look) -> list[str]:
    s = 0.62
    seat = FLOOR - 44
    first = [stand(84, s, who).draw()]
    hip = (72.0, FLOOR - 58)
    low = kid(hip, s, who, torso=70, head=76, look=-16, leg=("to", (84, FLOOR - 5), 1, 0))
    sat = kid(
        (66, FLOOR - 13),
        s,
        who,
        torso=98,
        head=94,
        look=0,
        arm=(-50, -30),
        leg=("to", (124, FLOOR - 6), 1, 50),
    )
    hold = (104.0, seat - 6)
    c = chair(100, seat, FLOOR, flip=True)
    frames = {
        0: [
            [c, stand(74, s, who).draw()],
            [
                c,
                low.with_(hip=(62, FLOOR - 66), arm=("to", hold, -1, 0)).draw(),
                ring(hold),
                wobble((78, 40), 10),
            ],
            [c, stand(74, s, who, arm=("to", hold, -1, 0)).draw(), ring(hold)],
        ],
        1: [
            [c, stand(74, s, who).draw()],
            [
                c,
                low.with_(
                    hip=(58, FLOOR - 50), leg=("to", (72, FLOOR - 5), 1, 0), arm=("to", hold, -1, 0)
                ).draw(),
                ring(hold),
            ],
            [c, sat.with_(hip=(52, FLOOR - 13), leg=("to", (98, FLOOR - 6), 1, 50)).draw()],
        ],
        2: [
            first,
            [
                low.with_(torso=52, arm=("to", low.knee, -1, -40)).draw(),
                ring(low.knee),
                wobble((130, 70), 8),
            ],
            [sat.with_(arm=("to", (44, FLOOR - 5), -1, 180)).draw(), ring((44, FLOOR - 6))],
        ],
        3: [first, [low.with_(torso=74, arm=(8, 10)).draw()], [sat.draw()]],
    }[level]
    return three(frames)


def all_fours(level: int, who: Look) -> list[str]:
    s = 0.98
    floor = 176.0
    b = body(who, s)
    hip = (280.0, floor - 9 - b.thigh * 0.97)
    hands: Point = (192.0, floor - 8)

    def four(**kw: object) -> Figure:
        opts: dict[str, object] = {
            "torso": 167,
            "head": 168,
            "look": -150,
            "arm": ("to", hands, 1, 180),
            "arm2": ("to", (hands[0] - 8, hands[1]), 1, 180),
            "leg": (-92, -4, -12),
            "leg2": (-86, -4, -12),
        } | kw
        return kid(hip, s, who, **opts)

    out = [floor_line(floor + 1, 60, 440)]
    if level == 0:
        fig = _prone(
            who, s, 270, floor, torso=168, head=150, look=-140, arm=("to", (192, floor - 6), 1, 180)
        )
        return [*out, fig.draw(), ring((204, floor - 6)), wobble((170, 86), 10)]
    if level == 1:
        fig = four(torso=186, head=214, look=-60)
        return [*out, fig.draw(), wobble((216, 74), 10)]
    if level == 2:
        return [*out, four(head=156, look=178).draw()]
    if level == 3:
        fig = four(
            head=156,
            look=178,
            arm=("to", (160, floor - 8), 1, 180),
            leg2=(-64, -4, -12),
            leg=(-108, -4, -12),
        )
        return [
            *out,
            fig.draw(),
            line((140, 120), (92, 120), stroke=AGREE, width=3),
            path("M104 110l-12 10l12 10", stroke=AGREE, width=3),
            text(92, 104, "crawls", size=14, fill=AGREE),
        ]
    fig = four(head=156, look=178, leg=(4, 2, -30), leg2=(-90, -4, -12))
    return [
        *out,
        fig.draw(),
        text(330, 60, "one leg lifted and straight", size=14, fill=AGREE, anchor="middle"),
    ]


def floor_rise(level: int, who: Look) -> list[str]:
    s = 0.62
    b = body(who, s)
    seat = FLOOR - 44

    def kneel(**kw: object) -> Figure:
        opts: dict[str, object] = {
            "torso": 90,
            "arm": (-92, -84),
            "look": 0,
            "leg": (-88, 178, 200),
        } | kw
        return kid((74, FLOOR - 6 - b.thigh), s, who, **opts)

    def half(**kw: object) -> Figure:
        opts: dict[str, object] = {
            "torso": 80,
            "look": -6,
            "arm": (-80, -70),
            "leg": ("to", (106, FLOOR - 5), 1, 0),
            "leg2": (-94, 178, 200),
        } | kw
        return kid((72, FLOOR - 8 - b.thigh), s, who, **opts)

    c = chair(106, seat, FLOOR, flip=True)
    hold = (110.0, seat - 6)
    end = [stand(78, s, who).draw()]
    h = half(torso=66)
    frames = {
        0: [
            [c, kneel().draw()],
            [c, kneel(torso=78, arm=("to", hold, -1, 0)).draw(), ring(hold)],
            [c, kneel(torso=72, arm=("to", hold, -1, 0)).draw(), ring(hold), wobble((84, 64), 10)],
        ],
        1: [
            [c, kneel().draw()],
            [
                c,
                half(leg=("to", (94, FLOOR - 5), 1, 0), torso=72, arm=("to", hold, -1, 0)).draw(),
                ring(hold),
            ],
            [c, stand(76, s, who).draw()],
        ],
        2: [[kneel().draw()], [h.with_(arm=("to", h.knee, -1, -60)).draw(), ring(h.knee)], end],
        3: [
            [kneel().draw()],
            [half(torso=70, arm=(-30, 0), arm2=(-150, 180)).draw(), wobble((88, 52), 12)],
            end,
        ],
        4: [[kneel().draw()], [half(torso=78, arm=(-40, -10)).draw()], end],
    }[level]
    return three(frames)


# Chair, stool, pencil --------------------------------------------------------------------------


def chair_rise(level: int, who: Look) -> list[str]:
    s = 0.62
    seat = FLOOR - 46
    c = chair(40, seat, FLOOR)
    ankle = (98.0, FLOOR - 5)

    def sit(**kw: object) -> Figure:
        opts: dict[str, object] = {
            "torso": 90,
            "look": 0,
            "arm": (-70, -20),
            "leg": ("to", ankle, 1, 0),
        } | kw
        return kid((62, seat - 12), s, who, **opts)

    def rise(**kw: object) -> Figure:
        opts: dict[str, object] = {
            "torso": 56,
            "head": 60,
            "look": -24,
            "arm": (-60, -20),
            "leg": ("to", ankle, 1, 0),
        } | kw
        return kid((70, seat - 26), s, who, **opts)

    end = [c, stand(94, s, who).draw()]
    side = (66.0, seat - 4)
    lap = rise()
    frames = {
        0: [
            [c, sit().draw()],
            [c, sit(torso=66, arm=("to", side, -1, -90)).draw(), ring(side)],
            [c, sit(torso=76, arm=("to", side, -1, -90)).draw(), ring(side), wobble((82, 44), 10)],
        ],
        1: [[c, sit().draw()], [c, rise(arm=("to", side, -1, -90)).draw(), ring(side)], end],
        2: [
            [c, sit().draw()],
            [c, rise(arm=("to", lap.knee, -1, -60)).draw(), ring(lap.knee)],
            end,
        ],
        3: [
            [c, sit(torso=70, arm=(-20, 10)).draw()],
            [c, rise(torso=44, arm=(0, 10)).draw(), wobble((124, 64), 8)],
            end,
        ],
        4: [[c, sit().draw()], [c, rise(torso=66, arm=(-50, -20)).draw()], end],
    }[level]
    return three(frames)


def stool_step(level: int, who: Look) -> list[str]:
    s = 0.6
    top = FLOOR - 26
    stool = rect(84, top, 52, 26, fill=WELL, stroke=INK, width=1.8, r=3)
    table = rect(116, FLOOR - 74, 34, 7, fill=WELL, stroke=INK, width=1.8, r=2) + line(
        (146, FLOOR - 67), (146, FLOOR), stroke=EDGE, width=4, cap="butt"
    )
    start = stand(52, s, who)
    up_ankle = (100.0, top - 4)

    def step(**kw: object) -> Figure:
        opts: dict[str, object] = {
            "torso": 80,
            "look": 0,
            "arm": (-84, -60),
            "leg": ("to", up_ankle, 1, 0),
            "leg2": ("to", (50, FLOOR - 5), 1, -20),
        } | kw
        return kid((60, FLOOR - 74), s, who, **opts)

    done = [stool, stand(104, s, who, floor=top).draw()]
    grip = (122.0, FLOOR - 77)
    st = step(torso=66)
    frames = {
        0: [
            [stool, start.draw()],
            [stool, step().with_(hip=(56, FLOOR - 70)).draw(), wobble((70, 36), 10)],
            [stool, start.draw(), wobble((54, 14), 10)],
        ],
        1: [
            [stool, table, start.draw()],
            [stool, table, step(torso=72, arm=("to", grip, -1, 0)).draw(), ring(grip)],
            [table, *done],
        ],
        2: [
            [stool, start.draw()],
            [stool, st.with_(arm=("to", st.knee, -1, -70)).draw(), ring(st.knee)],
            done,
        ],
        3: [[stool, start.draw()], [stool, step().draw()], done],
    }[level]
    return three(frames)


def pick_up(level: int, who: Look) -> list[str]:
    s = 0.62
    pencil = line((112, FLOOR - 3), (132, FLOOR - 3), stroke=AGREE, width=4)

    def stoop(**kw: object) -> Figure:
        opts: dict[str, object] = {
            "torso": 8,
            "head": -12,
            "look": -80,
            "arm": ("to", (114, FLOOR - 8), 1, -40),
            "leg": ("to", (74, FLOOR - 5), 1, 0),
        } | kw
        return kid((52, FLOOR - 62), s, who, **opts)

    st = stoop()
    up = stand(74, s, who, arm=(-60, 20))
    held = line(
        (up.hand[0] - 2, up.hand[1] + 8), (up.hand[0] + 4, up.hand[1] - 12), stroke=AGREE, width=4
    )
    end = [up.draw(), held]
    b2 = st.with_(arm2=("to", st.knee, -1, -60))
    frames = {
        0: [
            [pencil, stand(74, s, who).draw()],
            [
                pencil,
                stoop()
                .with_(
                    hip=(56, FLOOR - 68), torso=42, head=30, look=-50, arm=("to", st.knee, 1, -60)
                )
                .draw(),
                ring((st.knee[0], st.knee[1] - 4)),
                wobble((122, 52), 8),
            ],
            [pencil, stand(74, s, who).draw()],
        ],
        1: [
            [pencil, stand(74, s, who).draw()],
            [
                pencil,
                b2.draw(),
                ring(st.knee),
                ring(between(st.hip, st.knee, 0.55)),
                wobble((126, 92), 8),
            ],
            end,
        ],
        2: [[pencil, stand(74, s, who).draw()], [pencil, b2.draw(), ring(st.knee)], end],
        3: [[pencil, stand(74, s, who).draw()], [pencil, st.draw()], end],
    }[level]
    return three(frames)


TASKS: dict[str, Callable[[int, Look], list[str]]] = {
    "head_lift": head_lift,
    "leg_raise": leg_raise,
    "leg_lift": leg_lift,
    "supine_to_prone": supine_to_prone,
    "supine_to_sit": supine_to_sit,
    "arm_raise": arm_raise,
    "arm_hold": arm_hold,
    "floor_sit": floor_sit,
    "all_fours": all_fours,
    "floor_rise": floor_rise,
    "chair_rise": chair_rise,
    "stool_step": stool_step,
    "pick_up": pick_up,
}
TIMED = {
    "head_lift": (1, 10, 30, 60, 120),
    "leg_lift": (1, 10, 30, 60, 120),
    "arm_hold": (1, 10, 30, 60),
}
MOST = {
    "head_lift": 5,
    "leg_raise": 2,
    "leg_lift": 5,
    "supine_to_prone": 3,
    "sit_ups": 6,
    "supine_to_sit": 3,
    "arm_raise": 3,
    "arm_hold": 4,
    "floor_sit": 3,
    "all_fours": 4,
    "floor_rise": 4,
    "chair_rise": 4,
    "stool_step": 3,
    "pick_up": 3,
}


def level_of(task: str, seconds: float) -> int:
    return sum(seconds >= b for b in TIMED[task])


def timed_figure(
    task: str,
    seconds: float,
    who: Look,
    *,
    title: str,
    watch: float | None = None,
    marks: tuple[tuple[float, str], ...] = (),
    again: tuple[float, float] | None = None,
    label: str = "",
) -> str:
    """A held task with the stopwatch and when the limb was up.

    Args:
        watch: what the watch shows, if the examiner stopped it at another moment.
        again: a second lift (start, end) after the first ended, in seconds.
    """
    scene = TASKS[task](level_of(task, seconds), who)
    ends = max(seconds, again[1] if again else 0, watch or 0, *(m[0] for m in marks), 4)
    span = next(v for v in (12, 20, 40, 70, 130, 150) if v >= ends * 1.03)
    up = [(0.0, seconds)] + ([again] if again else [])
    dial = stopwatch((424, 76), 46, seconds if watch is None else watch)
    strip = time_strip(
        H,
        up=up if seconds else [],
        seconds=span,
        marks=marks,
        label=label or "Up in the air, by the clock",
    )
    return picture(W, H + 100, [*scene, dial, strip], title=title)


def task_figure(task: str, level: int, who: Look, *, title: str, mark: str = "") -> str:
    parts = TASKS[task](level, who)
    if mark:
        parts = [*parts, badge(12, 10, mark)]
    return picture(W, H, parts, title=title)


def situp_figure(done: set[str], who: Look, *, title: str) -> str:
    return picture(W, 212, sit_ups(done, who), title=title)
