"""Two cases of one patient: the initial visit, and the follow-up that names it in `follows`."""

from collections.abc import Sequence

from lms.packages.domain.content import Case


def follow_up_of(cases: Sequence[Case], key: str) -> Case | None:
    """Return the follow-up visit of a case, None where it has none."""
    return next((case for case in cases if case.follows == key), None)


def patients_of(cases: Sequence[Case]) -> list[tuple[Case, ...]]:
    """Return the cases by patient: one alone, or an initial visit with its follow-up.

    In the order of the cases that follow nothing, so that an initial visit stands before its
    follow-up whatever the files are called.
    """
    return [
        (case,) if (after := follow_up_of(cases, case.key)) is None else (case, after)
        for case in cases
        if case.follows is None
    ]
