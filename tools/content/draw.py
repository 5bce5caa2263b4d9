"""Drawing parts that every shipped module shares: people, hands, strips, watches and scales.

All drawings are plain SVG: colours as attributes, no style sheet, no script, no outside file, and a
paper ground of their own, so that they read the same on a light page, on a dark page and in print.
Angles are in degrees: 0 points right, 90 points up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html import escape
from math import acos, atan2, cos, degrees, hypot, pi, radians, sin

INK = "#16232e"
INK_2 = "#47545f"
PAPER = "#f8f4eb"
SHEET = "#fffdf8"
WELL = "#efe9db"
RULE = "#ddd4c1"
EDGE = "#80796a"
AGREE = "#0a625f"
AGREE_2 = "#d6e9e3"
CARE = "#7d4a00"
CARE_2 = "#f5c978"
FAIL = "#a01f2d"
FAIL_2 = "#f0b9b4"
SHIRT = "#d3dcdc"
SHORTS = "#93a3aa"
SLEEVE = "#5b6a75"
SANS = "Source Sans 3, Noto Sans, Segoe UI, Helvetica, Arial, sans-serif"

Point = tuple[float, float]


def at(origin: Point, angle: float, length: float) -> Point:
    """The point that lies `length` from `origin` in direction `angle`."""
    return (origin[0] + cos(radians(angle)) * length, origin[1] - sin(radians(angle)) * length)


def between(a: Point, b: Point, share: float) -> Point:
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)


def direction(a: Point, b: Point) -> float:
    return degrees(atan2(a[1] - b[1], b[0] - a[0]))


def bend(root: Point, target: Point, first: float, second: float, side: int) -> tuple[Point, Point]:
    """Middle and end joint of a two-bone limb that reaches for `target`.

    Args:
        side: +1 bends the middle joint to the left of the line root -> target, -1 to its right.
    """
    dist = min(
        max(hypot(target[0] - root[0], target[1] - root[1]), abs(first - second) + 1),
        first + second - 0.5,
    )
    base = direction(root, target)
    inner = degrees(acos((first**2 + dist**2 - second**2) / (2 * first * dist)))
    return at(root, base + side * inner, first), at(root, base, dist)


def num(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def xy(point: Point) -> str:
    return f"{num(point[0])} {num(point[1])}"


def capsule(a: Point, ra: float, b: Point, rb: float) -> str:
    """Outline of two circles and what lies between them, as path data."""
    dist = hypot(b[0] - a[0], b[1] - a[1])
    if dist <= abs(ra - rb) + 0.01:
        big, r = (a, ra) if ra > rb else (b, rb)
        return (
            f"M{xy((big[0] - r, big[1]))}a{num(r)} {num(r)} 0 1 0 {num(2 * r)} 0"
            f"a{num(r)} {num(r)} 0 1 0 {num(-2 * r)} 0Z"
        )
    theta = atan2(b[1] - a[1], b[0] - a[0])
    phi = acos((ra - rb) / dist)

    def on(c: Point, r: float, angle: float) -> Point:
        return (c[0] + r * cos(angle), c[1] + r * sin(angle))

    far, near = int(2 * phi > pi), int(2 * pi - 2 * phi > pi)
    return (
        f"M{xy(on(a, ra, theta + phi))}L{xy(on(b, rb, theta + phi))}"
        f"A{num(rb)} {num(rb)} 0 {far} 0 {xy(on(b, rb, theta - phi))}"
        f"L{xy(on(a, ra, theta - phi))}"
        f"A{num(ra)} {num(ra)} 0 {near} 0 {xy(on(a, ra, theta + phi))}Z"
    )


def path(
    d: str,
    *,
    fill: str = "none",
    stroke: str = INK,
    width: float = 2,
    dash: str = "",
    cap: str = "round",
    opacity: float = 1,
) -> str:
    extra = f' stroke-dasharray="{dash}"' if dash else ""
    extra += f' opacity="{num(opacity)}"' if opacity < 1 else ""
    line = (
        f' stroke="{stroke}" stroke-width="{num(width)}" stroke-linecap="{cap}"'
        ' stroke-linejoin="round"'
        if stroke != "none"
        else ""
    )
    return f'<path d="{d}" fill="{fill}"{line}{extra}/>'


def line(a: Point, b: Point, **kw: object) -> str:
    return path(f"M{xy(a)}L{xy(b)}", **kw)  # type: ignore[arg-type]


def poly(points: Sequence[Point], *, close: bool = False, **kw: object) -> str:
    d = "M" + "L".join(xy(p) for p in points) + ("Z" if close else "")
    return path(d, **kw)  # type: ignore[arg-type]


def rect(
    x: float,
    y: float,
    w: float,
    h: float,
    *,
    fill: str = "none",
    stroke: str = "none",
    width: float = 1.5,
    r: float = 0,
) -> str:
    line_ = f' stroke="{stroke}" stroke-width="{num(width)}"' if stroke != "none" else ""
    return (
        f'<rect x="{num(x)}" y="{num(y)}" width="{num(w)}" height="{num(h)}" rx="{num(r)}" '
        f'fill="{fill}"{line_}/>'
    )


def dot(p: Point, r: float, *, fill: str = AGREE, stroke: str = "none", width: float = 1.5) -> str:
    line_ = f' stroke="{stroke}" stroke-width="{num(width)}"' if stroke != "none" else ""
    return f'<circle cx="{num(p[0])}" cy="{num(p[1])}" r="{num(r)}" fill="{fill}"{line_}/>'


def text(
    x: float,
    y: float,
    words: str,
    *,
    size: float = 16,
    fill: str = INK_2,
    anchor: str = "start",
    weight: int = 400,
) -> str:
    bold = f' font-weight="{weight}"' if weight != 400 else ""
    return (
        f'<text x="{num(x)}" y="{num(y)}" font-family="{SANS}" font-size="{num(size)}" '
        f'fill="{fill}" text-anchor="{anchor}"{bold}>{escape(words)}</text>'
    )


def group(
    parts: Sequence[str],
    *,
    x: float = 0,
    y: float = 0,
    scale: float = 1,
    mirror: float | None = None,
    turn: tuple[float, float, float] | None = None,
) -> str:
    """Move, scale, mirror about a vertical line at `mirror`, or turn (angle, x, y)."""
    moves = []
    if x or y:
        moves.append(f"translate({num(x)} {num(y)})")
    if scale != 1:
        moves.append(f"scale({scale:.3f})")
    if mirror is not None:
        moves.append(f"translate({num(2 * mirror)} 0) scale(-1 1)")
    if turn:
        moves.append(f"rotate({num(turn[0])} {num(turn[1])} {num(turn[2])})")
    attr = f' transform="{" ".join(moves)}"' if moves else ""
    return f"<g{attr}>{''.join(parts)}</g>"


def clipped(parts: Sequence[str], width: float, height: float, *, name: str = "frame") -> str:
    """Cut off what stands outside of width x height."""
    return (
        f'<clipPath id="{name}"><rect width="{num(width)}" height="{num(height)}"/></clipPath>'
        f'<g clip-path="url(#{name})">{"".join(parts)}</g>'
    )


def picture(
    width: float, height: float, parts: Sequence[str], *, title: str, ground: str = PAPER
) -> str:
    """A whole SVG file with its ground and an accessible name."""
    back = rect(0, 0, width, height, fill=ground) if ground else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {num(width)} {num(height)}" '
        f'width="{num(width)}" height="{num(height)}" role="img">'
        f"<title>{escape(title)}</title>{back}{''.join(parts)}</svg>\n"
    )


# People --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Look:
    """What one drawn person looks like."""

    skin: str = "#f0dcc4"
    hair: str = "#5a4634"
    shirt: str = SHIRT
    shorts: str = SHORTS
    hair_style: str = "short"  # short | bun | long | bald
    adult: bool = False  # in the scenes that are drawn for children as well


@dataclass(frozen=True)
class Build:
    """Lengths and half-widths of a body in drawing units."""

    torso: float = 100
    neck: float = 40
    head: float = 22
    upper: float = 55
    fore: float = 49
    hand: float = 17
    thigh: float = 86
    shin: float = 80
    foot: float = 27
    girth: float = 1.0

    def scaled(self, by: float) -> Build:
        return Build(
            *(
                getattr(self, n) * by
                for n in (
                    "torso",
                    "neck",
                    "head",
                    "upper",
                    "fore",
                    "hand",
                    "thigh",
                    "shin",
                    "foot",
                    "girth",
                )
            )
        )


ADULT = Build()
CHILD = Build(
    torso=76, neck=35, head=23, upper=42, fore=38, hand=13, thigh=60, shin=57, foot=21, girth=0.8
)


def body(who: Look, scale: float) -> Build:
    """A child's body, or an adult's of the same height on the page."""
    return ADULT.scaled(scale * 0.76) if who.adult else CHILD.scaled(scale)


OUTLINE = 3.4


def limb(
    points: Sequence[Point], radii: Sequence[float], fills: Sequence[str], outline: str = INK
) -> str:
    """A chain of bones as one shape: ink first, then the pale inside over all joints."""
    bones = [
        capsule(points[i], radii[i], points[i + 1], radii[i + 1]) for i in range(len(points) - 1)
    ]
    out = [path(d, fill=outline, stroke=outline, width=OUTLINE) for d in bones]
    out += [path(d, fill=f, stroke="none") for d, f in zip(bones, fills, strict=True)]
    return "".join(out)


@dataclass(frozen=True)
class Figure:
    """A person seen from the side. A limb is (angles…) or a ("to", point, side) reach."""

    hip: Point
    torso: float = 90
    head: float | None = None
    look: float = 0
    arm: tuple | None = (-80, -70, -70)
    arm2: tuple | None = None
    leg: tuple | None = (-90, -90, 0)
    leg2: tuple | None = None
    build: Build = ADULT
    who: Look = field(default_factory=Look)
    joints: tuple[str, ...] = ()

    def with_(self, **changes: object) -> Figure:
        return replace(self, **changes)  # type: ignore[arg-type]

    @property
    def shoulder(self) -> Point:
        return at(self.hip, self.torso, self.build.torso)

    @property
    def skull(self) -> Point:
        angle = self.torso if self.head is None else self.head
        return at(self.shoulder, angle, self.build.neck)

    def chain_arm(self, arm: tuple) -> list[Point]:
        b, s = self.build, self.shoulder
        if arm[0] == "to":
            elbow, wrist = bend(s, arm[1], b.upper, b.fore, arm[2])
            hand = arm[3] if len(arm) > 3 else direction(elbow, wrist)
        else:
            elbow = at(s, arm[0], b.upper)
            wrist = at(elbow, arm[1], b.fore)
            hand = arm[2] if len(arm) > 2 else arm[1]
        return [s, elbow, wrist, at(wrist, hand, b.hand)]

    def chain_leg(self, leg: tuple) -> list[Point]:
        b = self.build
        if leg[0] == "to":
            knee, ankle = bend(self.hip, leg[1], b.thigh, b.shin, leg[2])
            foot = leg[3] if len(leg) > 3 else 0
        else:
            knee = at(self.hip, leg[0], b.thigh)
            ankle = at(knee, leg[1], b.shin)
            foot = leg[2] if len(leg) > 2 else leg[1] + 90
        return [self.hip, knee, ankle, at(ankle, foot, b.foot)]

    @property
    def hand(self) -> Point:
        return self.chain_arm(self.arm or (-80, -70))[3]

    @property
    def wrist(self) -> Point:
        return self.chain_arm(self.arm or (-80, -70))[2]

    @property
    def elbow(self) -> Point:
        return self.chain_arm(self.arm or (-80, -70))[1]

    @property
    def knee(self) -> Point:
        return self.chain_leg(self.leg or (-90, -90))[1]

    @property
    def ankle(self) -> Point:
        return self.chain_leg(self.leg or (-90, -90))[2]

    def draw_arm(self, arm: tuple, shade: bool) -> str:
        g = self.build.girth
        skin = darker(self.who.skin) if shade else self.who.skin
        shirt = darker(self.who.shirt) if shade else self.who.shirt
        s, e, w, h = self.chain_arm(arm)
        sleeve = between(s, e, 0.55)
        arm_ = limb([s, e, w, h], [11 * g, 9 * g, 7 * g, 6.5 * g], [skin, skin, skin])
        return arm_ + limb([s, sleeve], [12 * g, 11.5 * g], [shirt])

    def draw_leg(self, leg: tuple, shade: bool) -> str:
        g = self.build.girth
        skin = darker(self.who.skin) if shade else self.who.skin
        shorts = darker(self.who.shorts) if shade else self.who.shorts
        h, k, a, f = self.chain_leg(leg)
        out = limb([a, f], [7.5 * g, 5.5 * g], [skin])
        out += limb([h, k, a], [16 * g, 12 * g, 7.5 * g], [skin, skin])
        return out + limb([h, between(h, k, 0.5)], [17 * g, 15.5 * g], [shorts])

    def draw_head(self) -> str:
        b, w = self.build, self.who
        c, r = self.skull, self.build.head
        up = self.torso if self.head is None else self.head
        neck = limb([self.shoulder, c], [9.5 * b.girth, 8.5 * b.girth], [w.skin])
        nose = at(c, self.look, r + 1)
        tip = limb([at(c, self.look, r - 5), nose], [4.5, 3], [w.skin])
        back = self.look + 180
        out = [neck]
        if w.hair_style == "long":
            out.append(
                limb(
                    [at(c, back, r * 0.45), at(at(c, back, r * 0.8), up + 180, r * 1.25)],
                    [r * 0.75, r * 0.45],
                    [w.hair],
                )
            )
        if w.hair_style == "bun":
            knot = at(at(c, up, r * 0.75), back, r * 0.8)
            out.append(dot(knot, r * 0.42, fill=w.hair, stroke=INK, width=1.7))
        out += [tip, dot(c, r, fill=w.skin, stroke=INK, width=OUTLINE / 2)]
        out.append(path(capsule(at(c, self.look, r - 6), 4.5, nose, 3), fill=w.skin, stroke="none"))
        if w.hair_style != "bald":
            turn = 1 if sin(radians(back - up)) >= 0 else -1  # which way round the back lies
            start, end = up - turn * 48, up + turn * 128
            p0, p1 = at(c, start, r), at(c, end, r)
            sweep = 0 if turn > 0 else 1
            inner = at(c, back, r * 0.05)
            ctrl = at(at(c, up, r * 0.42), back, -r * 0.1)
            d = (
                f"M{xy(p0)}A{num(r)} {num(r)} 0 0 {sweep} {xy(p1)}"
                f"Q{xy(inner)} {xy(ctrl)}Q{xy(at(c, start, r * 0.55))} {xy(p0)}Z"
            )
            out.append(path(d, fill=w.hair, stroke=INK, width=1.4))
        eye = at(at(c, self.look, r * 0.62), up, r * 0.12)
        out.append(dot(eye, 1.9 if b.girth > 0.7 else 1.7, fill=INK))
        return "".join(out)

    def draw(self) -> str:
        g = self.build.girth
        out = []
        if self.arm2:
            out.append(self.draw_arm(self.arm2, True))
        if self.leg2:
            out.append(self.draw_leg(self.leg2, True))
        out.append(self.draw_head())
        low = between(self.hip, self.shoulder, 0.02)
        out.append(limb([low, self.shoulder], [18 * g, 18.5 * g], [self.who.shirt]))
        if self.leg:
            out.append(self.draw_leg(self.leg, False))
            waist = at(self.hip, self.torso, 8 * g)
            out.append(
                path(
                    capsule(self.hip, 15.6 * g, waist, 16 * g), fill=self.who.shorts, stroke="none"
                )
            )
        if self.arm:
            out.append(self.draw_arm(self.arm, False))
        size = 5 * max(g, 0.8)
        out += [dot(getattr(self, name), size, fill=AGREE, stroke=SHEET) for name in self.joints]
        return "".join(out)


def darker(colour: str, by: float = 0.88) -> str:
    r, g, b = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"#{int(r * by):02x}{int(g * by):02x}{int(b * by):02x}"


@dataclass(frozen=True)
class Front:
    """A person seen from the front. Limb angles are those on the page."""

    pelvis: Point
    spine: float = 90
    head: float | None = None
    arm_l: tuple = (-100, -95)
    arm_r: tuple = (-80, -85)
    leg_l: tuple = (-95, -90)
    leg_r: tuple = (-85, -90)
    short: tuple[float, float] = (1, 1)  # foreshortening of thighs and forearms
    short_fore_l: float = 1
    build: Build = ADULT
    who: Look = field(default_factory=Look)
    joints: tuple[str, ...] = ()

    def side_points(self) -> dict[str, Point]:
        b, g = self.build, self.build.girth
        top = at(self.pelvis, self.spine, b.torso)
        left, right = self.spine + 90, self.spine - 90
        return {
            "neck": top,
            "shoulder_l": at(top, left, 27 * g),
            "shoulder_r": at(top, right, 27 * g),
            "hip_l": at(self.pelvis, left, 14 * g),
            "hip_r": at(self.pelvis, right, 14 * g),
            "skull": at(top, self.spine if self.head is None else self.head, b.neck + 2),
        }

    def arm(self, side: str) -> list[Point]:
        b = self.build
        root = self.side_points()[f"shoulder_{side}"]
        angles = self.arm_l if side == "l" else self.arm_r
        fore = b.fore * (self.short_fore_l if side == "l" else 1)
        elbow = at(root, angles[0], b.upper)
        wrist = at(elbow, angles[1], fore)
        return [root, elbow, wrist, at(wrist, angles[2] if len(angles) > 2 else angles[1], b.hand)]

    def leg(self, side: str) -> list[Point]:
        b = self.build
        root = self.side_points()[f"hip_{side}"]
        angles = self.leg_l if side == "l" else self.leg_r
        knee = at(root, angles[0], b.thigh * self.short[0])
        ankle = at(knee, angles[1], b.shin * self.short[1])
        return [
            root,
            knee,
            ankle,
            at(ankle, angles[2] if len(angles) > 2 else angles[1], b.foot * 0.55),
        ]

    def draw_limb_arm(self, side: str) -> str:
        g, w = self.build.girth, self.who
        s, e, wr, h = self.arm(side)
        out = limb([s, e, wr, h], [11 * g, 9 * g, 7 * g, 6.5 * g], [w.skin] * 3)
        return out + limb([s, between(s, e, 0.5)], [12 * g, 11.5 * g], [w.shirt])

    def draw_limb_leg(self, side: str) -> str:
        g, w = self.build.girth, self.who
        h, k, a, f = self.leg(side)
        out = limb([a, f], [7.5 * g, 7 * g], [w.skin])
        out += limb([h, k, a], [15 * g, 12 * g, 7.5 * g], [w.skin, w.skin])
        return out + limb([h, between(h, k, 0.55)], [16 * g, 15 * g], [w.shorts])

    def draw(self) -> str:
        g, w, p = self.build.girth, self.who, self.side_points()
        r = self.build.head
        up = self.spine if self.head is None else self.head
        out = []
        if w.hair_style == "long":
            out.append(
                limb([p["skull"], at(p["skull"], up + 180, r * 0.9)], [r * 1.12, r], [w.hair])
            )
        out.append(limb([p["neck"], p["skull"]], [9.5 * g, 9 * g], [w.skin]))
        out.append(self.draw_limb_leg("l") + self.draw_limb_leg("r"))
        shape = [
            p["hip_l"],
            p["hip_r"],
            at(p["shoulder_r"], up + 180, 3),
            at(p["shoulder_l"], up + 180, 3),
        ]
        out.append(poly(shape, close=True, fill=INK, stroke=INK, width=20 * g + OUTLINE))
        out.append(poly(shape, close=True, fill=w.shirt, stroke=w.shirt, width=20 * g))
        belt = [at(p[k], up + 180, 3 * g) for k in ("hip_l", "hip_r")]
        out.append(poly(belt, stroke=w.shorts, width=14 * g))
        out.append(self.draw_limb_arm("l") + self.draw_limb_arm("r"))
        c = p["skull"]
        if w.hair_style == "bun":
            out.append(dot(at(c, up, r * 1.12), r * 0.4, fill=w.hair, stroke=INK, width=1.7))
        out.append(dot(c, r, fill=w.skin, stroke=INK, width=OUTLINE / 2))
        if w.hair_style != "bald":
            p0, p1 = at(c, up + 78, r), at(c, up - 78, r)
            d = (
                f"M{xy(p0)}A{num(r)} {num(r)} 0 0 1 {xy(p1)}"
                f"Q{xy(at(c, up - 30, r * 0.35))} {xy(at(c, up, r * 0.5))}"
                f"Q{xy(at(c, up + 30, r * 0.35))} {xy(p0)}Z"
            )
            out.append(path(d, fill=w.hair, stroke=INK, width=1.4))
        out += [dot(at(c, up + turn, r * 0.42), 1.9, fill=INK) for turn in (62, -62)]
        smile = at(c, up + 180, r * 0.45)
        out.append(line(at(smile, up + 90, 4), at(smile, up - 90, 4), stroke=INK, width=1.6))
        for name in self.joints:
            where = {
                "shoulder": self.arm("l")[0],
                "elbow": self.arm("l")[1],
                "hip": self.leg("l")[0],
                "knee": self.leg("l")[1],
            }[name]
            out.append(dot(where, 5 * max(g, 0.8), fill=AGREE, stroke=SHEET))
        return "".join(out)


def examiner(
    contact: Point,
    coming_from: float,
    *,
    length: float = 92,
    skin: str = "#d9b08c",
    flat: float | None = None,
) -> str:
    """The examiner's forearm and hand; `coming_from` is where the arm lies, seen from the hand."""
    palm = at(contact, coming_from, 8)
    wrist = at(palm, coming_from, 26)
    end = at(wrist, coming_from, length - 34)
    tip = at(palm, coming_from + 90 if flat is None else flat, 11)
    tip2 = at(palm, coming_from - 90 if flat is None else flat + 180, 11)
    out = limb([end, wrist], [14, 10.5], [SLEEVE])
    out += limb([wrist, palm], [8, 9], [skin])
    out += limb([tip, tip2], [6.5, 6.5], [skin])
    return out + path(capsule(wrist, 6, palm, 8), fill=skin, stroke="none")


def push(tip: Point, angle: float, *, length: float = 46, strength: float = 0.6) -> str:
    """Block arrow whose width tells how hard the push is; its tip lies on `tip`."""
    half = 3 + 6 * strength
    head = half * 2.1
    back, neck = at(tip, angle + 180, length), at(tip, angle + 180, head * 1.15)
    left, right = angle + 90, angle - 90
    pts = [
        at(back, left, half),
        at(neck, left, half),
        at(neck, left, head),
        tip,
        at(neck, right, head),
        at(neck, right, half),
        at(back, right, half),
    ]
    return poly(pts, close=True, fill=CARE_2, stroke=CARE, width=2.2)


def arc(
    centre: Point, r: float, start: float, end: float, *, arrow: bool = False, **kw: object
) -> str:
    """Arc from angle `start` to angle `end`, the way that the numbers run."""
    sweep = 0 if end > start else 1
    large = int(abs(end - start) > 180)
    a, b = at(centre, start, r), at(centre, end, r)
    opts: dict[str, object] = {"stroke": AGREE, "width": 2.5} | kw
    out = path(f"M{xy(a)}A{num(r)} {num(r)} 0 {large} {sweep} {xy(b)}", **opts)  # type: ignore[arg-type]
    if arrow:
        way = end + (90 if end > start else -90)
        tip = [at(b, way + 150, 10), b, at(b, way - 150, 10)]
        out += poly(tip, stroke=opts["stroke"], width=opts["width"])
    return out


def couch(x0: float, x1: float, y: float, *, floor: float = 0) -> str:
    """Examination couch: cushion with its upper side at `y`, and two legs."""
    legs = ""
    if floor:
        for x in (x0 + 26, x1 - 26):
            legs += line((x, y + 14), (x, floor), stroke=EDGE, width=5, cap="butt")
    return legs + rect(x0, y, x1 - x0, 15, fill=WELL, stroke=INK, width=2, r=6)


def floor_line(y: float, x0: float = 14, x1: float = 466) -> str:
    return line((x0, y), (x1, y), stroke=EDGE, width=3)


def badge(x: float, y: float, words: str, *, fill: str = INK, ink: str = SHEET) -> str:
    width = 14 + 8.6 * len(words)
    return rect(x, y, width, 24, fill=fill, r=3) + text(
        x + width / 2, y + 17, words, size=15, fill=ink, anchor="middle", weight=600
    )


# Strips, watches, scales ----------------------------------------------------------------------

LEVELS = ("none", "slight", "moderate", "strong")


def until(points: Sequence[Point], now: float | None) -> list[Point]:
    """A broken line up to second `now`; all of it where that is None."""
    if now is None:
        return list(points)
    out = [p for p in points if p[0] <= now]
    if 0 < len(out) < len(points):
        last, after = out[-1], points[len(out)]
        out.append(between(last, after, (now - last[0]) / max(after[0] - last[0], 1e-6)))
    return out


def hold_strip(
    y: float,
    *,
    held: Sequence[Point],
    pressed: Sequence[Point],
    seconds: float,
    note: str = "",
    now: float | None = None,
    width: float = 480,
) -> str:
    """What happened in a hold: the limb's place above, the examiner's pressure below.

    Args:
        held: (second, place), place 1 = test position, 0 = let down.
        pressed: (second, pressure), 0 none, 1 slight, 2 moderate, 3 strong.
        now: draw only up to this second (for films).
    """
    x0, x1 = 96.0, width - 18
    top, low = y + 24, y + 66
    bottom, height = y + 150, 62

    def sx(t: float) -> float:
        return x0 + (x1 - x0) * t / seconds

    out = [rect(0, y, width, 176, fill=SHEET), line((0, y), (width, y), stroke=RULE, width=1.5)]
    out.append(line((x0, top), (x1, top), stroke=AGREE, width=1.8, dash="5 5"))
    out.append(text(x0 - 10, top + 5, "in position", size=14, fill=AGREE, anchor="end"))
    out.append(text(x0 - 10, low + 5, "let down", size=14, anchor="end"))
    for i, name in enumerate(LEVELS):
        yy = bottom - height * i / 3
        out.append(line((x0, yy), (x1, yy), stroke=RULE, width=1.3))
        out.append(text(x0 - 10, yy + 5, name, size=14, anchor="end"))
    area = [(sx(t), bottom - height * p / 3) for t, p in until(pressed, now)]
    if area:
        out.append(
            poly(
                [(area[0][0], bottom), *area, (area[-1][0], bottom)],
                close=True,
                fill=CARE_2,
                stroke="none",
            )
        )
        out.append(poly(area, stroke=CARE, width=2.6))
    track = [(sx(t), low - (low - top) * p) for t, p in until(held, now)]
    if track:
        out.append(poly(track, stroke=INK, width=3.2))
    for s in range(int(seconds) + 1):
        out.append(line((sx(s), bottom), (sx(s), bottom + 5), stroke=EDGE, width=1.5))
        if s % 2 == 0:
            out.append(text(sx(s), bottom + 20, f"{s} s", size=13, anchor="middle"))
    if note:
        out.append(text(x1, y + 17, note, size=14, anchor="end", fill=INK))
    return "".join(out)


def hold_of(grade: float) -> tuple[list[Point], list[Point], float]:
    """Strip data of a hold that ends as `grade` (3 to 10) says."""
    if grade <= 3:
        return [(0, 0), (1.2, 0.5), (2.2, 0.55), (3.2, 0), (8, 0)], [(0, 0), (8, 0)], 8
    if grade == 4:
        return [(0, 0), (1.2, 1), (1.7, 1), (6, 0.1), (8, 0)], [(0, 0), (8, 0)], 8
    if grade == 5:
        return (
            [(0, 0), (1, 1), (4.2, 1), (4.8, 0.1), (8, 0)],
            [(0, 0), (3.6, 0), (4.3, 0.6), (4.8, 0.2), (5, 0), (8, 0)],
            8,
        )
    peak = {6: 1.0, 7: 1.5, 8: 2.0, 9: 2.5, 10: 3.0}[int(grade)]
    climb = 2 + peak * 0.9
    stay = climb + 1.0
    if grade == 10:
        return (
            [(0, 0), (1, 1), (8, 1)],
            [(0, 0), (2, 0), (climb, 3), (6.9, 3), (7.6, 0), (8, 0)],
            8,
        )
    give = stay + 0.35
    return (
        [(0, 0), (1, 1), (give, 1), (give + 0.6, 0.1), (8, 0)],
        [(0, 0), (2, 0), (climb, peak), (stay, peak), (give, peak + 0.38), (give + 0.5, 0), (8, 0)],
        8,
    )


def range_panel(
    y: float, *, reached: float, label: str, passive: bool = True, width: float = 480
) -> str:
    """Bar of the joint's whole range with the part that can be reached."""
    x0, x1 = 30.0, width - 30
    out = [rect(0, y, width, 92, fill=SHEET), line((0, y), (width, y), stroke=RULE, width=1.5)]
    out.append(text(x0, y + 26, label, size=15, fill=INK))
    out.append(rect(x0, y + 40, x1 - x0, 16, fill=WELL, stroke=EDGE, r=3))
    out.append(rect(x0, y + 40, (x1 - x0) * reached, 16, fill=CARE_2 if passive else INK_2, r=3))
    x = x0 + (x1 - x0) * reached
    if reached < 0.97:
        out.append(line((x, y + 34), (x, y + 62), stroke=CARE if passive else INK, width=4))
    out.append(text(x0, y + 78, "none", size=13))
    out.append(text(x1, y + 78, "whole range", size=13, anchor="end"))
    return "".join(out)


def stopwatch(
    c: Point, r: float, seconds: float, *, running: bool = False, digital: bool = True
) -> str:
    """A stopwatch whose hand goes round once a minute, with its figure below the pivot."""
    out = [
        rect(c[0] - 6, c[1] - r - 15, 12, 12, fill=INK_2, r=2),
        line(at(c, 50, r + 2), at(c, 50, r + 9), stroke=INK_2, width=7),
        dot(c, r, fill=SHEET, stroke=INK, width=3.4),
    ]
    for i in range(60):
        if i % 5 and r < 50:
            continue
        long = 9 if i % 5 == 0 else 4
        out.append(
            line(
                at(c, 90 - 6 * i, r - 4),
                at(c, 90 - 6 * i, r - 4 - long * r / 60),
                stroke=INK_2,
                width=2 if i % 5 == 0 else 1,
            )
        )
    angle = 90 - 6 * (seconds % 60)
    out.append(
        line(
            at(c, angle + 180, r * 0.16),
            at(c, angle, r * 0.74),
            stroke=AGREE if running else INK,
            width=3.2,
        )
    )
    out.append(dot(c, 4.5, fill=INK))
    if digital:
        whole = int(seconds + 1e-6)
        out.append(rect(c[0] - r * 0.48, c[1] + r * 0.22, r * 0.96, r * 0.38, fill=SHEET, r=3))
        out.append(
            text(
                c[0],
                c[1] + r * 0.52,
                f"{whole // 60}:{whole % 60:02d}",
                size=r * 0.36,
                fill=INK,
                anchor="middle",
                weight=600,
            )
        )
    return "".join(out)


def bands_bar(
    x: float,
    y: float,
    width: float,
    bounds: Sequence[int],
    top: float,
    *,
    value: float | None = None,
    codes: bool = True,
) -> str:
    """Seconds laid out in bands of equal width, with the derived code in each."""
    n = len(bounds) + 1
    step = width / n
    out = []
    here = None if value is None else sum(value >= b for b in bounds)
    for i in range(n):
        on = here == i
        out.append(
            rect(x + i * step, y, step, 34, fill=AGREE_2 if on else SHEET, stroke=EDGE, width=1.3)
        )
        if codes:
            out.append(
                text(
                    x + (i + 0.5) * step,
                    y + 23,
                    str(i),
                    size=18,
                    anchor="middle",
                    fill=AGREE if on else INK,
                    weight=600 if on else 400,
                )
            )
    for i, b in enumerate(bounds):
        out.append(text(x + (i + 1) * step, y + 52, f"{b} s", size=14, anchor="middle"))
    if value is not None and here is not None:
        lo = bounds[here - 1] if here else 0
        hi = bounds[here] if here < len(bounds) else max(top, lo * 1.25)
        px = x + (here + min((value - lo) / (hi - lo), 1)) * step
        out.append(diamond((px, y - 9), 8))
    return "".join(out)


def diamond(c: Point, r: float, *, fill: str = INK, stroke: str = "none") -> str:
    return poly(
        [(c[0], c[1] - r), (c[0] + r, c[1]), (c[0], c[1] + r), (c[0] - r, c[1])],
        close=True,
        fill=fill,
        stroke=stroke,
        width=2,
    )


def time_strip(
    y: float,
    *,
    up: Sequence[tuple[float, float]],
    seconds: float,
    label: str,
    marks: Sequence[tuple[float, str]] = (),
    width: float = 480,
) -> str:
    """When something was up: bars from (start, end), with moments marked above."""
    x0, x1 = 24.0, width - 24

    def sx(t: float) -> float:
        return x0 + (x1 - x0) * t / seconds

    out = [rect(0, y, width, 100, fill=SHEET), line((0, y), (width, y), stroke=RULE, width=1.5)]
    out.append(text(x0, y + 20, label, size=14, fill=INK))
    out.append(rect(x0, y + 48, x1 - x0, 16, fill=WELL, stroke=EDGE, r=2))
    for a, b in up:
        out.append(rect(sx(a), y + 48, sx(b) - sx(a), 16, fill=INK_2, r=2))
    step = 20 if seconds > 70 else 10 if seconds > 25 else 5
    t = 0.0
    while t <= seconds:
        out.append(line((sx(t), y + 64), (sx(t), y + 70), stroke=EDGE, width=1.5))
        out.append(
            text(sx(t), y + 87, f"{int(t) // 60}:{int(t) % 60:02d}", size=13, anchor="middle")
        )
        t += step
    for when, words in marks:
        x = sx(when)
        out.append(
            poly(
                [(x - 6, y + 34), (x + 6, y + 34), (x, y + 46)],
                close=True,
                fill=CARE,
                stroke="none",
            )
        )
        anchor = "end" if x > width * 0.6 else "start"
        out.append(
            text(
                x + (-9 if anchor == "end" else 9), y + 42, words, size=13, fill=CARE, anchor=anchor
            )
        )
    return "".join(out)


def gauge(c: Point, r: float, value: float) -> str:
    """Dial from none over slight and moderate to strong; value 0 to 3."""
    out = []
    for i in range(3):
        a, b = 180 - 60 * i, 180 - 60 * (i + 1)
        tone = ("#fbe9c8", "#f5c978", "#e09a3c")[i]
        d = (
            f"M{xy(at(c, a, r))}A{num(r)} {num(r)} 0 0 1 {xy(at(c, b, r))}"
            f"L{xy(at(c, b, r * 0.68))}A{num(r * 0.68)} {num(r * 0.68)} 0 0 0 {xy(at(c, a, r * 0.68))}Z"
        )
        out.append(path(d, fill=tone, stroke=CARE, width=1.5))
    for i, name in enumerate(LEVELS):
        p = at(c, 180 - 60 * i, r + 12)
        anchor = ("end", "end", "start", "start")[i]
        if i in (0, 3):
            p = (p[0] + (16 if i == 0 else -16), c[1] + 20)
            anchor = "middle"
        out.append(text(p[0], p[1], name, size=max(r * 0.17, 13), anchor=anchor))
    angle = 180 - 60 * min(max(value, 0), 3.05)
    out.append(line(at(c, angle + 180, r * 0.12), at(c, angle, r * 0.84), stroke=INK, width=4))
    out.append(dot(c, r * 0.08, fill=INK))
    return "".join(out)


def vas(
    x: float,
    y: float,
    width: float,
    *,
    mark: float | None = None,
    left: str = "none",
    right: str = "extreme",
    own: str = "line",
    size: float = 15,
) -> str:
    """A line of 100 mm; `mark` in mm from the left end."""
    out = [
        line((x, y), (x + width, y), stroke=INK, width=2.4),
        line((x, y - 13), (x, y + 13), stroke=INK, width=2.4),
        line((x + width, y - 13), (x + width, y + 13), stroke=INK, width=2.4),
        text(x, y + 33, left, size=size, anchor="start"),
        text(x + width, y + 33, right, size=size, anchor="end"),
    ]
    if mark is not None:
        px = x + width * mark / 100
        if own == "line":
            out.append(line((px, y - 15), (px, y + 15), stroke=AGREE, width=3.4))
        else:
            out.append(diamond((px, y), 9))
    return "".join(out)


def agreement_line(
    x: float,
    y: float,
    width: float,
    *,
    low: float,
    high: float,
    panel: Sequence[float],
    centre: float,
    tolerance: float,
    own: float | None,
    unit: str = "",
) -> str:
    """The product's own picture: tolerance band, panel dots, the rater as a diamond."""

    def sx(v: float) -> float:
        return x + width * (v - low) / (high - low)

    a, b = max(centre - tolerance, low), min(centre + tolerance, high)
    out = [
        rect(sx(a), y - 20, sx(b) - sx(a), 40, fill=AGREE_2),
        line((x, y), (x + width, y), stroke=INK_2, width=2),
        line((sx(a), y - 20), (sx(a), y + 20), stroke=AGREE, width=2.4),
        line((sx(b), y - 20), (sx(b), y + 20), stroke=AGREE, width=2.4),
    ]
    seen: dict[float, int] = {}
    for v in panel:
        k = seen.get(v, 0)
        seen[v] = k + 1
        out.append(dot((sx(v), y - 7 - 11 * k if k else y - 7), 4.6, fill=AGREE))
    if own is not None:
        inside = a <= own <= b
        if not inside:
            edge = a if own < a else b
            out.append(line((sx(edge), y), (sx(own), y), stroke=CARE, width=5))
        out.append(
            diamond(
                (sx(own), y), 10, fill=INK if inside else SHEET, stroke="none" if inside else CARE
            )
        )
    out.append(text(x, y + 38, f"{num(low)}{unit}", size=14, anchor="middle"))
    out.append(text(x + width, y + 38, f"{num(high)}{unit}", size=14, anchor="middle"))
    return "".join(out)
