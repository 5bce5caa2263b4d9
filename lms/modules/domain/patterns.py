"""Patterns in a rater's differences from the panel that are worth saying, and none out of noise.

A difference is counted in units of its item: the tolerance, or one step of the scale where nothing
is tolerated. A direction is a pattern where all three hold:

- it rests on at least three scores of one item, or six of a group of items,
- the mean difference is at least half a unit,
- at least two thirds of the scores lie on the same side of the panel.

Patterns are ranked by the mean difference times the lower end of Wilson's 95 % interval of the
share on that side, so that a small number of scores counts for less. One that mostly repeats what
is told already is left out.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import sqrt
from typing import Final

from lms.instruments.domain import Direction
from lms.modules.domain.observations import Observation
from lms.modules.domain.pattern_words import NA, Leaning, PatternKind, sentence
from lms.packages.domain import Revisit

LEAST_OF_ITEM: Final = 3
"""Scores of one item before its mean is told."""
LEAST_OF_GROUP: Final = 6
"""Scores of a group of items before their mean is told."""
LEAST_EFFECT: Final = Fraction(1, 2)
"""Least mean difference, in units."""
LEAST_SHARE: Final = Fraction(2, 3)
"""Least share of scores in the same direction; also of one pattern within another to repeat it."""
MOST: Final = 4
"""How many patterns are told."""


@dataclass(frozen=True)
class Pattern:
    """One thing worth saying about a rater's scores.

    Args:
        key: which of its kind: the item, the section, the side.
        n: how many scores it rests on; `same` of them lean this way.
        effect: size of the mean difference in units; for NA the share that leans this way.
        points: the mean difference in points with its sign, None where scales differ or for NA.
        sentence: what to say, with places for `values`; decimals and the package's own words.
        revisit: where to look again, None where no case says so.
    """

    kind: PatternKind
    key: str
    leaning: Leaning
    n: int
    same: int
    effect: Fraction
    points: Decimal | None
    sentence: str
    values: dict[str, Decimal | str]
    revisit: Revisit | None

    @property
    def weight(self) -> float:
        """Effect times certainty, by which patterns are ranked."""
        return float(self.effect) * certainty(self.same, self.n)


def certainty(same: int, n: int) -> float:
    """Return the lower end of Wilson's 95 % interval of a share, 0..1; n is at least 1."""
    z, share = 1.96, same / n
    spread = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (share + z * z / (2 * n) - spread) / (1 + z * z / n)


@dataclass(frozen=True)
class _Candidate:
    pattern: Pattern
    seen: frozenset[int]


def find_patterns(
    observations: Sequence[Observation], *, direction: Direction | None = None
) -> tuple[Pattern, ...]:
    """Return the patterns of a rater's scores, the weightiest first, at most MOST.

    Args:
        observations: of all tries, each counted alike; their order plays no part.
        direction: which end of the instrument's totals is the good one, None where they differ.
    """
    found = [*_directions(observations, direction), *_na(observations)]
    order = list(PatternKind)
    found.sort(
        key=lambda one: (-one.pattern.weight, order.index(one.pattern.kind), one.pattern.key)
    )
    told: list[_Candidate] = []
    for one in found:
        if not any(_repeats(one, other) for other in told):
            told.append(one)
    return tuple(one.pattern for one in told[:MOST])


def _repeats(one: _Candidate, told: _Candidate) -> bool:
    """Tell whether a pattern says little more than one that is told already."""
    if one.pattern.leaning is not told.pattern.leaning:
        return False
    if _one_item(one.pattern) and _one_item(one.pattern) == _one_item(told.pattern):
        return True  # of an item and its ranges one is told
    covered = len(one.seen & told.seen) >= LEAST_SHARE * len(one.seen)
    return covered and one.pattern.effect < told.pattern.effect + LEAST_EFFECT


def _one_item(pattern: Pattern) -> str:
    """Return the item that a pattern is about, "" where it is about several."""
    alone = pattern.kind in (PatternKind.ITEM, PatternKind.ITEM_RANGE)
    return pattern.key.partition("/")[0] if alone else ""


def _directions(
    observations: Sequence[Observation], direction: Direction | None
) -> list[_Candidate]:
    measured = {i: one for i, one in enumerate(observations) if one.difference is not None}
    one_scale = len({one.reach for one in measured.values()}) == 1
    kinds: list[tuple[PatternKind, int, Callable[[Observation], Hashable]]] = [
        (PatternKind.OVERALL, LEAST_OF_GROUP, lambda one: "all"),
        (PatternKind.SECTION, LEAST_OF_GROUP, lambda one: one.section),
        (PatternKind.SIDE, LEAST_OF_GROUP, lambda one: one.side),
        (PatternKind.SEVERITY, LEAST_OF_GROUP, lambda one: one.severity),
        (PatternKind.ITEM, LEAST_OF_ITEM, lambda one: one.item),
        (PatternKind.ITEM_RANGE, LEAST_OF_ITEM, lambda one: one.third and (one.item, one.third)),
    ]
    if one_scale:
        kinds.append((PatternKind.RANGE, LEAST_OF_GROUP, lambda one: one.third))
    return [
        found
        for kind, least, key_of in kinds
        for seen in _grouped(measured, key_of)
        if len(seen) >= least and (found := _candidate(kind, measured, seen, direction))
    ]


def _grouped(
    observations: dict[int, Observation], key_of: Callable[[Observation], Hashable]
) -> list[frozenset[int]]:
    groups: dict[Hashable, set[int]] = {}
    for number, one in observations.items():
        if key := key_of(one):
            groups.setdefault(key, set()).add(number)
    return [frozenset(seen) for seen in groups.values()]


def _candidate(
    kind: PatternKind,
    observations: dict[int, Observation],
    seen: frozenset[int],
    direction: Direction | None,
) -> _Candidate | None:
    chosen = [observations[number] for number in seen]
    effects = [one.effect for one in chosen]
    mean = sum(effects, Fraction(0)) / len(effects)
    high = mean > 0
    same = sum((effect > 0) if high else (effect < 0) for effect in effects)
    if abs(mean) < LEAST_EFFECT or same < LEAST_SHARE * len(chosen):
        return None
    leaning = Leaning.HIGH if high else Leaning.LOW
    values = _values(kind, chosen)
    pattern = Pattern(
        kind=kind,
        key=_key(kind, chosen[0]),
        leaning=leaning,
        n=len(chosen),
        same=same,
        effect=abs(mean),
        points=_mean_points(chosen),
        sentence=sentence(
            kind, leaning, chosen[0], direction, single=values.get("low") == values.get("high", "")
        ),
        values=values,
        revisit=_revisit(one for one in chosen if (one.effect > 0) == high and one.effect),
    )
    return _Candidate(pattern, seen)


def _key(kind: PatternKind, one: Observation) -> str:
    keys = {
        PatternKind.SECTION: one.section,
        PatternKind.SIDE: str(one.side),
        PatternKind.SEVERITY: one.severity,
        PatternKind.RANGE: str(one.third),
        PatternKind.ITEM: one.item,
        PatternKind.ITEM_RANGE: f"{one.item}/{one.third}",
    }
    return keys.get(kind, "")


def _mean_points(chosen: Sequence[Observation]) -> Decimal | None:
    """Return the mean difference in points to two places, None where the scales differ."""
    if len({one.reach for one in chosen}) > 1:
        return None
    total = sum((one.leaning for one in chosen), Decimal(0))
    return round(total / len(chosen), 2)


def _values(kind: PatternKind, chosen: Sequence[Observation]) -> dict[str, Decimal | str]:
    values: dict[str, Decimal | str] = {}
    if kind is PatternKind.SECTION:
        values["section"] = chosen[0].section
    if kind in (PatternKind.ITEM, PatternKind.ITEM_RANGE):
        values["item"] = chosen[0].label
    if kind in (PatternKind.RANGE, PatternKind.ITEM_RANGE):
        references = [one.reference for one in chosen if one.reference is not None]
        values |= {"low": min(references), "high": max(references)}
    return values


def _revisit(observations: Iterable[Observation]) -> Revisit | None:
    """Return where these cases send a rater most often; of equals the first by name and place."""
    counted = Counter(one.revisit for one in observations if one.revisit is not None)
    ranked = sorted(
        counted, key=lambda one: (-counted[one], one.step, one.slide or 0, one.at or 0.0)
    )
    return ranked[0] if ranked else None


def _na(observations: Sequence[Observation]) -> list[_Candidate]:
    pairs = list(enumerate(observations))
    groups = (
        (Leaning.SCORED, [(i, one) for i, one in pairs if one.reference_na], False),
        (Leaning.NOT_SCORED, [(i, one) for i, one in pairs if one.own_na], True),
    )
    return [
        found for leaning, group, own in groups if (found := _na_candidate(leaning, group, own=own))
    ]


def _na_candidate(
    leaning: Leaning, group: list[tuple[int, Observation]], *, own: bool
) -> _Candidate | None:
    """Return the pattern of those who score for NA, or (`own`) give NA for a score."""
    apart = [one for _, one in group if not (one.reference_na if own else one.own_na)]
    if len(apart) < LEAST_OF_ITEM or len(apart) < LEAST_SHARE * len(group):
        return None
    pattern = Pattern(
        kind=PatternKind.NA,
        key=leaning.value,
        leaning=leaning,
        n=len(group),
        same=len(apart),
        effect=Fraction(len(apart), len(group)),
        points=None,
        sentence=NA[leaning],
        values={},
        revisit=_revisit(apart),
    )
    return _Candidate(pattern, frozenset(number for number, _ in group))
