"""Ratings as arrays: points by item, totals, and tables of cases by raters."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lms.agreement.ratings import Matrix
from lms.instruments.domain import Answer, Instrument, Item, TotalScore, points_of, score
from lms.reports.domain.reliability.ratings import CaseRating, Reference

Rows = NDArray[np.intp]
NOMINAL = ("choice", "yes_no")


@dataclass(frozen=True, eq=False)
class Measured:
    """Ratings and their references as numbers; NaN is NA, missing, or without a number.

    Args:
        points: ratings by items; totals: by key, one a rating.
        people: who rated; cases: places of the cases in `truth`, one a rating.
        truth: cases by items; truth_totals: by key, one a case.
        names: keys of the cases, in that order.
        missing, na: ratings by items, where nothing or NA was given.
    """

    instrument: Instrument
    ratings: Sequence[CaseRating]
    points: Matrix
    totals: Mapping[str, Matrix]
    people: Rows
    cases: Rows
    truth: Matrix
    truth_totals: Mapping[str, Matrix]
    names: tuple[str, ...]
    missing: NDArray[np.bool_]
    na: NDArray[np.bool_]

    def own(self, total: str) -> Matrix:
        """A total as rated, one a rating; NaN throughout where the instrument has none."""
        return self.totals.get(total, np.full(len(self.ratings), np.nan))

    def true(self, total: str, rows: Rows) -> Matrix:
        """A total of the reference, one for each of some ratings."""
        truth = self.truth_totals.get(total, np.full(len(self.truth), np.nan))
        found: Matrix = truth[self.cases[rows]]
        return found


def measured(instrument: Instrument, ratings: Sequence[CaseRating]) -> Measured:
    """Turn answers into numbers: levels into their points, choices into places in their list."""
    cases: dict[tuple[object, ...], int] = {}
    references: list[Reference] = []
    places: list[int] = []
    known: dict[int, int] = {}
    for rating in ratings:
        place = known.get(id(rating.reference))
        if place is None:
            identity = rating.reference.identity
            if identity not in cases:
                cases[identity] = len(references)
                references.append(rating.reference)
            place = known[id(rating.reference)] = cases[identity]
        places.append(place)
    items = instrument.items
    own = [rating.answers for rating in ratings]
    theirs = [reference.answers for reference in references]
    shape = (len(ratings), len(items))
    given = [[answers.get(item.key) for item in items] for answers in own]
    return Measured(
        instrument=instrument,
        ratings=ratings,
        points=_points(items, own),
        totals=_totals(instrument, own),
        people=np.array([rating.person_id for rating in ratings], dtype=np.intp),
        cases=np.array(places, dtype=np.intp),
        truth=_points(items, theirs),
        truth_totals=_totals(instrument, theirs),
        names=tuple(reference.case for reference in references),
        missing=np.array([[a is None for a in row] for row in given], bool).reshape(shape),
        na=np.array([[a is not None and a.na for a in row] for row in given], bool).reshape(shape),
    )


def _points(items: Sequence[Item], answers: Sequence[Mapping[str, Answer]]) -> Matrix:
    found = np.full((len(answers), len(items)), np.nan)
    known: dict[tuple[int, Any], float] = {}
    for row, given in enumerate(answers):
        for place, item in enumerate(items):
            answer = given.get(item.key)
            if answer is None or answer.value is None:
                continue
            key = (place, answer.value)
            if key not in known:
                known[key] = number_of(item, answer)
            found[row, place] = known[key]
    return found


def is_nominal(item: Item) -> bool:
    """Whether its answers have no order: choices, yes or no, levels that all lack a figure."""
    levels = getattr(item.scale, "levels", ())
    return item.kind in NOMINAL or (bool(levels) and all(one.value is None for one in levels))


def number_of(item: Item, answer: Answer) -> float:
    """A rating as a number: its points; for a nominal item its place in the list of answers."""
    if is_nominal(item) and item.kind != "yes_no":
        listed = getattr(item.scale, "options", ()) or getattr(item.scale, "levels", ())
        return float([str(one.code) for one in listed].index(str(answer.value)))
    points = points_of(item, answer)
    return float("nan") if points is None else float(points)


def _totals(instrument: Instrument, answers: Sequence[Mapping[str, Answer]]) -> dict[str, Matrix]:
    known: dict[tuple[int, ...], Mapping[str, TotalScore]] = {}  # raters often say the same
    scored = []
    for given in answers:
        key = tuple(id(given.get(item.key)) for item in instrument.items)
        if key not in known:
            known[key] = score(instrument, given).totals
        scored.append(known[key])
    return {
        total.key: np.array(
            [
                float("nan") if (value := row[total.key].value) is None else float(value)
                for row in scored
            ],
            dtype=np.float64,
        )
        for total in instrument.totals
    }


@dataclass(frozen=True, eq=False)
class Table:
    """Cases by raters; NaN where a rater did not score a case.

    Args:
        cases: their places; people: ids of the raters, in the order of the columns.
    """

    values: Matrix
    cases: Rows
    people: Rows


def table(m: Measured, rows: Rows, values: Matrix) -> Table:
    """Lay ratings out, the first one a person gave where there are several of a case.

    Args:
        values: one a rating of the whole of `m`.
    """
    cases, at = np.unique(m.cases[rows], return_inverse=True)
    people, by = np.unique(m.people[rows], return_inverse=True)
    found = np.full((len(cases), len(people)), np.nan)
    found[at[::-1], by[::-1]] = values[rows][::-1]  # what comes first is written last
    return Table(found, cases, people)


def shared(whole: Table) -> Table:
    """The cases that at least half of the raters scored, and the raters who scored all of them."""
    rated = ~np.isnan(whole.values)
    kept = 2 * rated.sum(axis=1) >= max(1, rated.shape[1])
    full = rated[kept].all(axis=0) if kept.any() else np.zeros(rated.shape[1], bool)
    return Table(whole.values[kept][:, full], whole.cases[kept], whole.people[full])


def first_showings(m: Measured) -> Rows:
    """Places of the ratings that are not a hidden repeat."""
    return np.array([i for i, r in enumerate(m.ratings) if r.presentation == 1], dtype=np.intp)


def rows_by(m: Measured, rows: Rows, labels: Iterable[Sequence[str]]) -> dict[str, Rows]:
    """Places of the ratings under each label; a rating may have several.

    Args:
        labels: of each of `rows`.
    """
    found: dict[str, list[int]] = {}
    for row, own in zip(rows.tolist(), labels, strict=True):
        for label in own:
            found.setdefault(label, []).append(row)
    return {label: np.array(found[label], dtype=np.intp) for label in sorted(found)}
