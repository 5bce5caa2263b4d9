"""From the marks of a form's cases to the verdict by a package's criteria: line by line."""

from collections.abc import Callable, Sequence
from typing import Final

from lms.errors import N_
from lms.instruments.domain import Instrument
from lms.modules.domain.marks import CaseMark
from lms.modules.domain.verdict import Kind, Line, Sentence, Standing, Verdict, standing_of
from lms.packages.domain import Criteria

CASES: Final = N_(
    "In %(n)s of %(of)s cases everything that is asked of a case is met together; "
    "at least %(needed)s are required."
)
ITEMS: Final = N_(
    "In %(n)s of %(of)s cases enough items are near the panel; at least %(needed)s are required."
)
TOTAL: Final = N_(
    "In %(n)s of %(of)s cases the total is near the panel's; at least %(needed)s are required."
)
INTERVAL: Final = N_(
    "In %(n)s of %(of)s cases the total lies inside the interval of the experts; "
    "at least %(needed)s are required."
)
CRITICAL: Final = N_(
    "In %(n)s of %(of)s cases the critical items are exact; at least %(needed)s are required."
)
FLAGS: Final = N_(
    "In %(n)s of %(of)s cases the ratings go together; at least %(needed)s are required."
)
CHANGE: Final = N_(
    "In %(n)s of %(of)s cases the change since the initial visit is near the panel's, or there is "
    "no visit before; at least %(needed)s are required."
)
QUIZ: Final = N_("%(n)s of %(of)s answers are right; at least %(needed)s are required.")
SIZE: Final = N_("The form has %(n)s cases; at least %(needed)s are required.")
SEVERITIES: Final = N_("The form holds %(n)s of %(of)s severities that are required.")
FORM_ONLY: Final = N_("This is about the form and not about you, so it fails nobody.")


def judge(
    instrument: Instrument,
    marks: Sequence[CaseMark],
    criteria: Criteria,
    *,
    severities: Sequence[str | None] = (),
) -> Verdict:
    """Return what the criteria say of a form's cases, in the order of `Kind`.

    Args:
        severities: of the cases, where known.
    """
    lines = [*_of_cases(marks, criteria), *_of_form(instrument, marks, criteria)]
    return Verdict((*lines, *_of_coverage(marks, criteria, severities)))


def _of_form(instrument: Instrument, marks: Sequence[CaseMark], criteria: Criteria) -> list[Line]:
    if criteria == criteria.without_form():
        return []
    # numpy is loaded here: most packages, and the start of the web process, do without it
    from lms.modules.domain.of_form import bias_lines, icc_line, kappa_line

    lines = []
    if criteria.bias is not None:
        lines += bias_lines(instrument, marks, criteria.bias)
    if criteria.icc is not None:
        lines.append(icc_line(instrument, marks, criteria.icc))
    if criteria.weighted_kappa is not None:
        lines.append(kappa_line(instrument, marks, criteria.weighted_kappa))
    return lines


def _of_cases(marks: Sequence[CaseMark], criteria: Criteria) -> list[Line]:
    """First that everything holds together in enough cases, then each criterion by itself."""
    asked: list[tuple[bool, Kind, str, Callable[[CaseMark], bool]]] = [
        (criteria.of_a_case, Kind.CASES, CASES, lambda mark: mark.met),
        (criteria.item_within is not None, Kind.ITEMS, ITEMS, lambda mark: mark.items_met),
        (criteria.total_within is not None, Kind.TOTAL, TOTAL, lambda mark: mark.totals_met),
        (criteria.expert_interval is not None, Kind.INTERVAL, INTERVAL, lambda m: m.in_interval),
        (bool(criteria.critical), Kind.CRITICAL, CRITICAL, lambda mark: mark.critical_met),
        (criteria.flags is not None, Kind.FLAGS, FLAGS, lambda mark: mark.flags_met),
        (criteria.change_within is not None, Kind.CHANGE, CHANGE, lambda mark: mark.change_met),
    ]
    return [
        _counted(kind, sentence, sum(map(holds, marks)), len(marks), criteria.cases)
        for wanted, kind, sentence, holds in asked
        if wanted
    ]


def _counted(kind: Kind, sentence: str, n: int, of: int, needed: int) -> Line:
    return Line(
        kind=kind,
        standing=standing_of(n >= needed),
        sentence=Sentence(sentence, {"n": n, "of": of, "needed": needed}),
        figure=n,
        of=of,
        at_least=needed,
    )


def _of_coverage(
    marks: Sequence[CaseMark], criteria: Criteria, severities: Sequence[str | None]
) -> list[Line]:
    """What the form must hold. The check of the package sees to it; nobody fails by it."""
    lines = []
    if criteria.minimum_cases is not None:
        lines.append(_held(Kind.SIZE, SIZE, len(marks), None, criteria.minimum_cases))
    if criteria.severities:
        held = len(set(criteria.severities) & set(severities))
        wanted = len(criteria.severities)
        lines.append(_held(Kind.SEVERITIES, SEVERITIES, held, wanted, wanted))
    return lines


def _held(kind: Kind, sentence: str, n: int, of: int | None, needed: int) -> Line:
    met = n >= needed
    return Line(
        kind=kind,
        standing=Standing.MET if met else Standing.INFORMS,
        sentence=Sentence(sentence, {"n": n, "of": of or n, "needed": needed}),
        figure=n,
        of=of,
        at_least=needed,
        reason=None if met else Sentence(FORM_ONLY),
    )


def quiz_line(reached: int, *, of: int, required: int) -> Line:
    """Return a quiz's mark as a line of a verdict."""
    return _counted(Kind.QUIZ, QUIZ, reached, of, required)
