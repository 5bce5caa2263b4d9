"""Ratings as hypothesis makes them."""

from hypothesis import settings
from hypothesis import strategies as st

patient = settings(deadline=None)
"""A machine that does other things meanwhile makes no wrong figures."""


def tables(
    *, low: int = 0, high: int = 5, missing: bool = False, raters: tuple[int, int] = (2, 4)
) -> st.SearchStrategy[list[list[int | None]]]:
    """Small tables of subjects by raters."""
    cell = st.integers(low, high)
    either = st.one_of(st.none(), cell) if missing else cell
    return st.integers(*raters).flatmap(
        lambda k: st.lists(st.lists(either, min_size=k, max_size=k), min_size=2, max_size=7)
    )


def pairs(*, low: int = 0, high: int = 5) -> st.SearchStrategy[list[tuple[int, int]]]:
    """Two raters' ratings of the same subjects."""
    cell = st.integers(low, high)
    return st.lists(st.tuples(cell, cell), min_size=1, max_size=12)
