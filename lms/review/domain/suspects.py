"""References that may be wrong: where many raters agree with one another against them."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from lms.errors import N_
from lms.instruments.domain import Answer
from lms.review.domain.figures import CaseFigures, ItemFigures

LEAST: Final = 10
"""Tries. Our own care: with fewer, a few people who learnt from one another look like many."""
SIDE: Final = Fraction(2, 3)
"""The least share of raters on one side of the reference, or with one and the same answer."""

ABOVE: Final = N_(
    "%(side)s of %(n)s raters lie above the reference, and the most frequent answer is outside the "
    "tolerance."
)
BELOW: Final = N_(
    "%(side)s of %(n)s raters lie below the reference, and the most frequent answer is outside the "
    "tolerance."
)
OTHER: Final = N_("%(side)s of %(n)s raters give one and the same answer, and it is not right.")


@dataclass(frozen=True)
class Suspect:
    """An item of a case whose reference may be wrong.

    Args:
        side: how many raters lie there or answer so.
        share: the same as a share (0..1).
        sentence: why, with places for `side` and `n`.
    """

    case: CaseFigures
    item: ItemFigures
    mode: Answer
    side: int
    share: float
    sentence: str


def suspects(cases: Iterable[CaseFigures]) -> tuple[Suspect, ...]:
    """Return the items whose reference many raters contradict alike, the clearest first.

    The rule: at least ten raters; their most frequent answer is not right by the criteria; and at
    least two thirds of them lie on one side of the reference, or, where an answer has no points,
    give that one answer.
    """
    found = [
        suspect
        for case in cases
        for item in case.items
        if (suspect := suspect_of(case, item)) is not None
    ]
    return tuple(sorted(found, key=lambda one: (-one.share, -one.item.n)))


def suspect_of(case: CaseFigures, item: ItemFigures) -> Suspect | None:
    """Return why an item's reference may be wrong; None where nothing speaks for it."""
    mode = item.mode
    if mode is None or item.n < LEAST or item.right:
        return None
    side, sentence = max(
        (item.above, ABOVE), (item.below, BELOW), (_alike(item), OTHER), key=lambda one: one[0]
    )
    if Fraction(side, item.n) < SIDE:
        return None
    return Suspect(case, item, mode, side, side / item.n, sentence)


def _alike(item: ItemFigures) -> int:
    """How many give the most frequent answer, where it or the reference has no points."""
    sided = item.above + item.below
    return item.given[0][1] if not sided or item.given[0][0].na or item.reference.na else 0
