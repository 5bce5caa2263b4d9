"""Breaks a text into lines and picks the size at which it fits, from the fonts' own widths."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent / "fonts"
FACES = {
    "serif-600": (
        "source-serif-4-600.ttf",
        "amiri-700.ttf",
        "noto-serif-hebrew-600.ttf",
    ),
    "sans-600": ("source-sans-3-600.ttf", "amiri-700.ttf", "noto-sans-hebrew-400.ttf"),
}
MM_PER_POINT = 25.4 / 72
UNKNOWN_EM = 1.05  # a letter of a system font, Chinese say: as wide as it is high
SLACK = 1.02  # shaping may widen what single letters add up to


@dataclass(frozen=True)
class Fitted:
    """A text in lines, and which of the sizes it got (counted from 0)."""

    lines: tuple[str, ...]
    step: int


def fit(text: str, face: str, width_mm: float, sizes: Sequence[tuple[float, int]]) -> Fitted:
    """Break the text between words so that it fits; words are cut only where nothing else helps.

    Args:
        face: a key of FACES.
        sizes: what to try in order, each (points, lines at most).

    Returns:
        The lines at the first size that fits, or at the last size cut to the width.
    """
    for step, (points, most) in enumerate(sizes):
        room = width_mm / (points * MM_PER_POINT * SLACK)
        lines = _wrap(text.split(" "), face, room)
        if len(lines) <= most and all(width_em(line, face) <= room for line in lines):
            return Fitted(_even(text, face, room, lines), step)
    return Fitted(tuple(_cut(text, face, room)), len(sizes) - 1)


def width_em(text: str, face: str) -> float:
    """Return the width of the text in ems, without shaping."""
    return sum(_advance(letter, face) for letter in text)


def undrawable(text: str) -> str:
    """Return the letters of the text that none of the carried fonts has, each once."""
    known = [_metrics(font)[0] for font in FACES["serif-600"]]
    missing = (x for x in text if not any(ord(x) in cmap for cmap in known) and not x.isspace())
    return "".join(dict.fromkeys(missing))


def _wrap(words: list[str], face: str, room: float) -> list[str]:
    lines = [words[0]]
    for word in words[1:]:
        longer = f"{lines[-1]} {word}"
        if width_em(longer, face) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _even(text: str, face: str, room: float, lines: list[str]) -> tuple[str, ...]:
    """Make two lines about as long as each other, the upper one the longer."""
    if len(lines) != 2:
        return tuple(lines)
    words = text.split(" ")
    cuts = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    fitting = [cut for cut in cuts if all(width_em(line, face) <= room for line in cut)]
    return min(fitting, key=lambda cut: _unevenness(cut, face))


def _unevenness(cut: tuple[str, str], face: str) -> float:
    upper, lower = (width_em(line, face) for line in cut)
    return upper - lower if upper >= lower else (lower - upper) * 1.5


def _cut(text: str, face: str, room: float) -> list[str]:
    lines = [""]
    for letter in text:
        if lines[-1] and width_em(lines[-1] + letter, face) > room:
            lines.append("")
        lines[-1] += letter
    return [line.strip() for line in lines]


def _advance(letter: str, face: str) -> float:
    for font in FACES[face]:
        cmap, widths, units = _metrics(font)
        if name := cmap.get(ord(letter)):
            return widths[name][0] / units
    return UNKNOWN_EM


@cache
def _metrics(font: str) -> tuple[dict[int, str], dict[str, tuple[int, int]], int]:
    with TTFont(FONTS / font, lazy=True) as file:
        return file.getBestCmap(), dict(file["hmtx"].metrics), file["head"].unitsPerEm
