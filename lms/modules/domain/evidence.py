"""What of a lesson was seen, and when that is enough."""

from collections.abc import Iterable, Sequence
from math import isfinite
from typing import Final

from lms.errors import N_
from lms.modules.domain.errors import BadEvidence

Range = tuple[float, float]

GAP: Final = 1.0
"""Seconds between two ranges that are taken as one: players report in steps."""


def merge_ranges(ranges: Iterable[Sequence[float]], *, seconds: float) -> list[Range]:
    """Return the watched ranges sorted, clipped to the film and joined where they meet.

    Args:
        ranges: pairs of start and end in seconds, in any order, overlapping or not.
        seconds: the length of the film.

    Raises:
        BadEvidence: if a pair is not two finite numbers in order.
    """
    merged: list[Range] = []
    for start, end in sorted(_checked(pair) for pair in ranges):
        start, end = round(max(0.0, start), 2), round(min(end, seconds), 2)
        if end <= start:
            continue
        if merged and start - merged[-1][1] <= GAP:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _checked(pair: Sequence[float]) -> Range:
    refused = BadEvidence(N_("What the player reported is not a list of times."))
    if not isinstance(pair, list | tuple) or len(pair) != 2:
        raise refused
    start, end = pair
    for value in (start, end):
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            raise refused
    if end < start:
        raise refused
    return float(start), float(end)


def watched_share(ranges: Iterable[Range], *, seconds: float) -> float:
    """Return which part of the film was watched at least once, 0..1.

    Raises:
        ValueError: if the film has no length.
    """
    if seconds <= 0:
        raise ValueError("a film has a length")
    return min(1.0, sum(end - start for start, end in ranges) / seconds)


def unseen_ranges(ranges: Iterable[Range], *, seconds: float) -> list[Range]:
    """Return the parts of the film that are still to see, gaps below a second left out."""
    missing, reached = [], 0.0
    for start, end in sorted(ranges):
        if start - reached > GAP:
            missing.append((reached, start))
        reached = max(reached, end)
    if seconds - reached > GAP:
        missing.append((reached, seconds))
    return missing


def credible_ranges(ranges: list[Range], *, elapsed: float, fastest: float = 4.0) -> bool:
    """Tell whether so much could have been watched since the film was opened.

    Args:
        ranges: what is watched by now, merged.
        elapsed: seconds of real time since then.
        fastest: the highest speed that a player offers, with some room.
    """
    return sum(end - start for start, end in ranges) <= elapsed * fastest + 15
