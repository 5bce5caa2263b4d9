"""Films: scenes in seconds, drawn frame by frame, with captions and a poster."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from draw import AGREE, INK, INK_2, PAPER, line, picture, rect, text
from render import film, images

WIDTH, HEIGHT, FPS = 960, 540, 12


@dataclass(frozen=True)
class Take:
    """One scene: how long, what is drawn at its second t, and what the captions say.

    Attributes:
        captions: (start, end, words) in seconds of the scene.
    """

    seconds: float
    draw: Callable[[float], list[str]]
    captions: Sequence[tuple[float, float, str]]


def ease(t: float, start: float, end: float) -> float:
    """0 before start, 1 after end, smooth between."""
    x = min(max((t - start) / (end - start), 0), 1)
    return x * x * (3 - 2 * x)


def along(t: float, points: Sequence[tuple[float, float]]) -> float:
    """The value of a broken line at t."""
    if t <= points[0][0]:
        return points[0][1]
    for (a, u), (b, v) in itertools.pairwise(points):
        if t <= b:
            return u + (v - u) * (t - a) / max(b - a, 1e-9)
    return points[-1][1]


def heading(words: str, sub: str = "") -> str:
    out = text(40, 56, words, size=32, fill=INK, weight=600)
    return out + (text(40, 88, sub, size=20, fill=INK_2) if sub else "")


def stamp(seconds: float) -> str:
    m, s = divmod(seconds, 60)
    return f"00:{int(m):02d}:{s:06.3f}"


def shoot(takes: Sequence[Take], folder: Path, name: str, *, poster_at: float) -> None:
    """Draw all frames, encode them, write captions and poster."""
    folder.mkdir(parents=True, exist_ok=True)
    drawings: list[str] = []
    cues: list[str] = []
    begin = 0.0
    total = sum(t.seconds for t in takes)
    for take in takes:
        for n in range(round(take.seconds * FPS)):
            t = n / FPS
            bar = rect(0, HEIGHT - 6, WIDTH * (begin + t) / total, 6, fill=AGREE)
            parts = [
                *take.draw(t),
                line((0, HEIGHT - 7), (WIDTH, HEIGHT - 7), stroke="#ddd4c1", width=1),
                bar,
            ]
            drawings.append(picture(WIDTH, HEIGHT, parts, title=name, ground=PAPER))
        for a, b, words in take.captions:
            cues.append(f"{stamp(begin + a)} --> {stamp(begin + b)}\n{words}\n")
        begin += take.seconds
    (folder / f"{name}.vtt").write_text("WEBVTT\n\n" + "\n".join(cues), encoding="utf-8")
    poster = images([drawings[round(poster_at * FPS)]], WIDTH, HEIGHT)[0]
    poster.quantize(64).save(folder / f"{name}-poster.png", optimize=True)
    film(_frames(drawings), folder / f"{name}.mp4", fps=FPS)


def _frames(drawings: list[str]):  # type: ignore[no-untyped-def]
    """Frames in order; a drawing that repeats is rendered once, and only some at a time."""
    for start in range(0, len(drawings), 96):
        part = drawings[start : start + 96]
        unique = list(dict.fromkeys(part))
        done = dict(zip(unique, images(unique, WIDTH, HEIGHT), strict=True))
        for svg in part:
            image: Image.Image = done[svg]
            yield image
