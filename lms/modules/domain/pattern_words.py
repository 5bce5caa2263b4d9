"""What a pattern is called and how it is said."""

from enum import StrEnum

from lms.errors import N_
from lms.instruments.domain import Direction, Side
from lms.modules.domain.observations import Observation


class PatternKind(StrEnum):
    """What the scores of a pattern have in common, the widest first."""

    OVERALL = "overall"
    SECTION = "section"
    SIDE = "side"
    SEVERITY = "severity"
    RANGE = "range"
    ITEM = "item"
    ITEM_RANGE = "item_range"
    NA = "na"


class Leaning(StrEnum):
    """Where the rater's scores lie: above, below, a score for NA, or NA for a score."""

    HIGH = "high"
    LOW = "low"
    SCORED = "scored"
    NOT_SCORED = "not_scored"


def sentence(
    kind: PatternKind,
    leaning: Leaning,
    one: Observation,
    direction: Direction | None,
    *,
    single: bool = False,
) -> str:
    """Return what to say of a pattern.

    Args:
        one: any score of the pattern.
        direction: which end of the instrument's totals is the good one.
        single: the panel gives one value only in this range.
    """
    if kind is PatternKind.OVERALL:
        better = direction is Direction.HIGHER_BETTER
        if direction is None:
            return _PLAIN[leaning]
        return _MILD[leaning] if better is (leaning is Leaning.HIGH) else _STRICT[leaning]
    if kind is PatternKind.SIDE:
        return _SIDES[leaning][Side(one.side or Side.AXIAL)]
    if kind is PatternKind.SEVERITY:
        return _SEVERITIES[leaning][one.severity]
    return (_SINGLE if single else _SENTENCES)[leaning][kind]


_PLAIN = {
    Leaning.HIGH: N_("You score high overall."),
    Leaning.LOW: N_("You score low overall."),
}
_MILD = {
    Leaning.HIGH: N_("You score high overall: you see people as less affected than the panel."),
    Leaning.LOW: N_("You score low overall: you see people as less affected than the panel."),
}
_STRICT = {
    Leaning.HIGH: N_("You score high overall: you see people as more affected than the panel."),
    Leaning.LOW: N_("You score low overall: you see people as more affected than the panel."),
}
_SIDES = {
    Leaning.HIGH: {
        Side.LEFT: N_("You score the left side high."),
        Side.RIGHT: N_("You score the right side high."),
        Side.AXIAL: N_("You score the middle of the body high."),
    },
    Leaning.LOW: {
        Side.LEFT: N_("You score the left side low."),
        Side.RIGHT: N_("You score the right side low."),
        Side.AXIAL: N_("You score the middle of the body low."),
    },
}
_SEVERITIES = {
    Leaning.HIGH: {
        "mild": N_("You score mild cases high."),
        "moderate": N_("You score moderate cases high."),
        "severe": N_("You score severe cases high."),
    },
    Leaning.LOW: {
        "mild": N_("You score mild cases low."),
        "moderate": N_("You score moderate cases low."),
        "severe": N_("You score severe cases low."),
    },
}
_SENTENCES = {
    Leaning.HIGH: {
        PatternKind.SECTION: N_("You score high in the part “%(section)s”."),
        PatternKind.RANGE: N_("You score high where the panel gives %(low)s to %(high)s."),
        PatternKind.ITEM: N_("You score “%(item)s” high."),
        PatternKind.ITEM_RANGE: N_(
            "You score “%(item)s” high where the panel gives %(low)s to %(high)s."
        ),
    },
    Leaning.LOW: {
        PatternKind.SECTION: N_("You score low in the part “%(section)s”."),
        PatternKind.RANGE: N_("You score low where the panel gives %(low)s to %(high)s."),
        PatternKind.ITEM: N_("You score “%(item)s” low."),
        PatternKind.ITEM_RANGE: N_(
            "You score “%(item)s” low where the panel gives %(low)s to %(high)s."
        ),
    },
}
_SINGLE = {
    Leaning.HIGH: _SENTENCES[Leaning.HIGH]
    | {
        PatternKind.RANGE: N_("You score high where the panel gives %(low)s."),
        PatternKind.ITEM_RANGE: N_("You score “%(item)s” high where the panel gives %(low)s."),
    },
    Leaning.LOW: _SENTENCES[Leaning.LOW]
    | {
        PatternKind.RANGE: N_("You score low where the panel gives %(low)s."),
        PatternKind.ITEM_RANGE: N_("You score “%(item)s” low where the panel gives %(low)s."),
    },
}
NA = {
    Leaning.SCORED: N_("You score where the panel gives NA."),
    Leaning.NOT_SCORED: N_("You give NA where the panel scores."),
}
