"""Thousands of raters on one form judged at once, by tables: the same verdict as one by one.

What is said of single ratings (near, exact, in points) is looked up in tables that the exact rules
filled; totals are added up as whole numbers of millionths. A test compares every figure with
`mark_rating`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lms.agreement.icc import IccForm, icc
from lms.agreement.kappa import Weights
from lms.agreement.many import against_reference
from lms.instruments.domain import (
    Answer,
    Combine,
    Instrument,
    Item,
    NaPolicy,
    answer_from_json,
    points_of,
    score,
    visit_flags,
)
from lms.modules.domain.of_form import MULTIPLIER, ROUNDING, icc_form, kappa_levels
from lms.modules.domain.rating import (
    change_of,
    is_change_within,
    items_required,
    total_tolerance,
)
from lms.modules.domain.verdict import Kind
from lms.packages.domain import (
    BiasCriterion,
    Case,
    ChangeCriterion,
    Criteria,
    IccCriterion,
    KappaCriterion,
)
from lms.packages.domain.acceptance import counts, is_within
from lms.packages.domain.experts import expert_interval, ratings_of

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]
Places = NDArray[np.intp]
SCALE: Final = 1_000_000
MET, NOT_MET, INFORMS = 1, 0, -1
"""How a criterion stands for a rater, as in `Standing`."""


class Book:
    """The different answers to each item that occur, each by its place; 0 is "not scored"."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.answers: dict[str, list[Answer | None]] = {i.key: [None] for i in instrument.items}
        self._places: dict[str, dict[Any, int]] = {item.key: {} for item in instrument.items}

    def place(self, item: str, answer: Answer | None) -> int:
        """Return the place of an answer, which is given one if it has none yet."""
        if answer is None:
            return 0
        known = self._places[item]
        key = (answer.na, answer.value)
        if key not in known:
            known[key] = len(self.answers[item])
            self.answers[item].append(Answer(answer.value, na=answer.na))
        return known[key]

    def row(self, ratings: Mapping[str, Answer]) -> list[int]:
        """Return the places of one rater's ratings of one case, in the instrument's order."""
        return [self.place(item.key, ratings.get(item.key)) for item in self.instrument.items]


@dataclass(frozen=True, eq=False)
class Standings:
    """How many raters stand with one form.

    Args:
        standings: by kind, one of MET, NOT_MET, INFORMS a rater.
        figures: by kind, the figure of each rater; NaN where there is none.
        of_cases: raters by cases, which cases are met.
    """

    standings: dict[Kind, NDArray[np.int8]]
    figures: dict[Kind, Matrix]
    of_cases: Mask

    @property
    def passed(self) -> Mask:
        """Who passes: whom no criterion fails."""
        failed = np.zeros(len(self.of_cases), dtype=bool)
        for standing in self.standings.values():
            failed |= standing == NOT_MET
        return ~failed


def judge_many(
    instrument: Instrument,
    cases: Sequence[Case],
    criteria: Criteria,
    *,
    book: Book,
    places: Places,
) -> Standings:
    """Judge many raters on one form.

    Args:
        book: of the places.
        places: raters by cases by items, in the order of `cases` and of the instrument.
    """
    return _Form(instrument, cases, criteria, book, places).judged()


class _Form:
    """One form with its raters; cases by their number, items by theirs."""

    def __init__(
        self,
        instrument: Instrument,
        cases: Sequence[Case],
        criteria: Criteria,
        book: Book,
        places: Places,
    ) -> None:
        self.instrument, self.cases, self.criteria = instrument, cases, criteria
        self.references = [ratings_of(case.reference) for case in cases]
        self.truth = np.array([book.row(one) for one in self.references], dtype=np.intp)
        self.book, self.places = book, places
        self.raters = len(places)
        self.in_question = self.truth > 0
        self.counted = np.array([[self._counts(c, i) for i in instrument.items] for c in cases])
        self.judged_places = np.where(self.counted, places, self.truth)
        self.totals: dict[str, tuple[Matrix, Matrix]] = {}
        number = {case.key: c for c, case in enumerate(cases)}
        self.before = [number[case.follows] if case.follows else None for case in cases]

    def _counts(self, case: Case, item: Item) -> bool:
        if item.key in case.cannot_fail:
            return False
        panel = [one.ratings[item.key] for one in case.panel if item.key in one.ratings]
        limit = self.criteria.panel_limit
        return limit is None or counts(item, [answer_from_json(one) for one in panel], limit)

    def judged(self) -> Standings:
        criteria = self.criteria
        of_cases = self._of_cases()
        standings: dict[Kind, NDArray[np.int8]] = {}
        figures: dict[Kind, Matrix] = {}
        together = np.ones((self.raters, len(self.cases)), dtype=bool)
        for met in of_cases.values():
            together &= met
        if of_cases:
            for kind, met in {Kind.CASES: together, **of_cases}.items():
                n = met.sum(axis=1)
                standings[kind] = (n >= criteria.cases).astype(np.int8)
                figures[kind] = n.astype(np.float64)
        for kind, (standing, figure) in self._of_form().items():
            standings[kind], figures[kind] = standing, figure
        return Standings(standings, figures, together)

    # --- criteria of a case ---

    def _of_cases(self) -> dict[Kind, Mask]:
        criteria, found = self.criteria, {}
        if criteria.item_within is not None:
            found[Kind.ITEMS] = self._items()
        if (total := criteria.total_within) is not None:
            found[Kind.TOTAL] = self._near(total.total, total_tolerance(self.instrument, total))
        if criteria.expert_interval is not None:
            found[Kind.INTERVAL] = self._inside()
        if criteria.critical:
            found[Kind.CRITICAL] = self._exact()
        if criteria.flags is not None:
            found[Kind.FLAGS] = self._consistent(criteria.flags.at_most)
        if criteria.change_within is not None:
            found[Kind.CHANGE] = self._changed(criteria.change_within)
        return found

    def _right(self, *, exact: bool) -> Mask:
        """Raters by cases by items: which ratings are near enough, or exact."""
        right = np.zeros(self.places.shape, dtype=bool)
        criterion = None if exact else self.criteria.item_within
        for c, case in enumerate(self.cases):
            for i, item in enumerate(self.instrument.items):
                reference = self.references[c].get(item.key)
                if reference is None:
                    continue
                accept = case.accept.get(item.key)
                table = np.array(
                    [
                        is_within(item, own, reference, criterion=criterion, accept=accept)
                        for own in self.book.answers[item.key]
                    ]
                )
                right[:, c, i] = table[self.places[:, c, i]]
        return right

    def _items(self) -> Mask:
        criterion = self.criteria.item_within
        assert criterion is not None
        looked_at = self.counted & self.in_question
        n = (self._right(exact=False) & looked_at).sum(axis=2)
        needed = [
            items_required(int(q.sum()), int(k.sum()), criterion)
            for q, k in zip(self.in_question, looked_at, strict=True)
        ]
        return np.asarray(n >= np.array(needed))

    def _exact(self) -> Mask:
        keys = [item.key for item in self.instrument.items]
        wanted = np.array([key in self.criteria.critical for key in keys])
        free = ~(wanted & self.counted & self.in_question)
        return np.asarray((self._right(exact=True) | free).all(axis=2))

    def _near(self, total: str, tolerance: Decimal) -> Mask:
        own, truth = self._total(total)
        both_lack = np.isnan(own) & np.isnan(truth)
        return both_lack | (np.abs(own - truth) <= int(tolerance * SCALE))

    def _inside(self) -> Mask:
        criterion = self.criteria.expert_interval
        assert criterion is not None
        own, _ = self._total(criterion.total)
        inside = np.zeros(own.shape, dtype=bool)
        for c, case in enumerate(self.cases):
            interval = expert_interval(self.instrument, case, criterion)
            if interval is None:
                inside[:, c] = np.isnan(own[:, c])
            else:
                low, high = int(interval.low * SCALE), int(interval.high * SCALE)
                inside[:, c] = (own[:, c] >= low) & (own[:, c] <= high)
        return inside

    def _consistent(self, at_most: int) -> Mask:
        def holds(first: Mapping[str, Answer], second: Mapping[str, Answer]) -> bool:
            return len(visit_flags(self.instrument, second, first)) <= at_most

        cases = range(len(self.cases))
        return np.stack([self._pair_by_pair(c, self.before[c], holds) for c in cases], axis=1)

    def _changed(self, criterion: ChangeCriterion) -> Mask:
        """Where the change since the initial visit is near the reference's, or there is none."""
        met = np.ones(self.judged_places.shape[:2], dtype=bool)
        for c, b in enumerate(self.before):
            if b is not None:
                met[:, c] = self._changed_since(c, b, criterion)
        return met

    def _changed_since(self, c: int, b: int, criterion: ChangeCriterion) -> Mask:
        if self._is_plain(criterion.total):
            own, truth = self._total(criterion.total)
            change, known = own[:, c] - own[:, b], truth[c] - truth[b]
            near = np.abs(change - known) <= int(Decimal(criterion.tolerance) * SCALE)
            return np.asarray(near | (np.isnan(change) & np.isnan(known)))
        references = self.references
        known = change_of(self.instrument, references[b], references[c], criterion.total)

        def holds(first: Mapping[str, Answer], second: Mapping[str, Answer]) -> bool:
            own = change_of(self.instrument, first, second, criterion.total)
            return is_change_within(criterion, own, known)

        return self._pair_by_pair(c, b, holds)

    def _pair_by_pair(
        self,
        c: int,
        b: int | None,
        ask: Callable[[Mapping[str, Answer], Mapping[str, Answer]], bool],
    ) -> Mask:
        """What a rule says of a case's ratings with those of its initial visit, by rater."""
        now = self.judged_places[:, c]
        then = np.zeros_like(now) if b is None else self.judged_places[:, b]
        visits = np.stack([then, now], axis=1)
        pairs, where = np.unique(visits, axis=0, return_inverse=True)
        said = [ask(self._answers(one), self._answers(other)) for one, other in pairs.tolist()]
        return np.array(said, dtype=bool)[where.reshape(-1)]

    def _answers(self, row: Sequence[int]) -> dict[str, Answer]:
        """What stands at the places of one rating; what was not scored is left out."""
        pairs = zip(self.instrument.items, row, strict=True)
        known = [(item.key, self.book.answers[item.key][place]) for item, place in pairs]
        return {key: one for key, one in known if one is not None}

    # --- totals ---

    def _total(self, key: str) -> tuple[Matrix, Matrix]:
        """Raters by cases, and cases: totals in millionths, NaN where a total has no value."""
        if key not in self.totals:
            self.totals[key] = self._plain_total(key) if self._is_plain(key) else self._hard(key)
        return self.totals[key]

    def _is_plain(self, key: str) -> bool:
        total, items = self.instrument.total(key), {item.key for item in self.instrument.items}
        summed = total.combine is Combine.SUM and total.na is NaPolicy.UNDEFINED
        return summed and set(total.items) <= items

    def _plain_total(self, key: str) -> tuple[Matrix, Matrix]:
        total = self.instrument.total(key)
        number = {item.key: i for i, item in enumerate(self.instrument.items)}
        own, truth = np.zeros(self.judged_places.shape[:2]), np.zeros(len(self.cases))
        for name, weight in zip(total.items, total.weights, strict=True):
            worth = self._worths(name, weight)
            own += worth[self.judged_places[:, :, number[name]]]
            truth += worth[self.truth[:, number[name]]]
        return own, truth

    def _worths(self, name: str, weight: Decimal) -> Matrix:
        item = self.instrument.item(name)
        points = [None if a is None else points_of(item, a) for a in self.book.answers[name]]
        return np.array([np.nan if p is None else float(int(p * weight * SCALE)) for p in points])

    def _hard(self, key: str) -> tuple[Matrix, Matrix]:
        """Totals with derived figures, shares or gaps: scored exactly, each rating once."""

        def worth(answers: Mapping[str, Answer]) -> float:
            value = score(self.instrument, answers).totals[key].value
            return np.nan if value is None else float(round(value * SCALE))

        truth = np.array([worth(one) for one in self.references])
        return self._row_by_row(worth), truth

    def _row_by_row(self, ask: Callable[[Mapping[str, Answer]], float]) -> Matrix:
        """Raters by cases: what a rule says of each different rating of a case."""
        found = np.zeros(self.judged_places.shape[:2])
        for c in range(len(self.cases)):
            rows, where = np.unique(self.judged_places[:, c], axis=0, return_inverse=True)
            said = [ask(self._answers(row)) for row in rows.tolist()]
            found[:, c] = np.array(said)[where.reshape(-1)]
        return found

    # --- criteria of the form ---

    def _of_form(self) -> dict[Kind, tuple[NDArray[np.int8], Matrix]]:
        found: dict[Kind, tuple[NDArray[np.int8], Matrix]] = {}
        criteria = self.criteria
        if criteria.bias is not None:
            found |= self._bias(criteria.bias)
        if criteria.icc is not None:
            found[Kind.ICC] = self._icc(criteria.icc)
        if criteria.weighted_kappa is not None:
            found[Kind.KAPPA] = self._kappa(criteria.weighted_kappa)
        return found

    def _bias(self, criterion: BiasCriterion) -> dict[Kind, tuple[NDArray[np.int8], Matrix]]:
        own, truth = self._total(criterion.total)
        alone = (np.isnan(own) != np.isnan(truth)).any(axis=1)
        apart = own - truth
        known = ~np.isnan(apart)
        n = known.sum(axis=1)
        whole = np.where(known, apart, 0.0).sum(axis=1)
        mean = np.divide(whole, n, out=np.full(self.raters, np.nan), where=n > 0)
        met = np.abs(whole) <= int(Decimal(criterion.at_most) * SCALE) * n
        found = {Kind.BIAS: (_standing(met, alone, n > 0), mean / SCALE)}
        if criterion.limits is None:
            return found
        off = np.where(known, (apart - mean[:, None]) / SCALE, 0.0)
        squares = (off**2).sum(axis=1)
        sd = np.sqrt(np.divide(squares, n - 1, out=np.full(self.raters, np.nan), where=n > 1))
        farthest = np.abs(mean) / SCALE + MULTIPLIER * sd
        near = farthest <= float(criterion.limits) + ROUNDING
        found[Kind.LIMITS] = (_standing(near, alone, n > 1), farthest)
        return found

    def _icc(self, criterion: IccCriterion) -> tuple[NDArray[np.int8], Matrix]:
        if criterion.total is not None:
            own, truth = self._total(criterion.total)
            given, known = own[:, :, None] / SCALE, truth[:, None] / SCALE
        else:
            given, known = self._pooled([i for i in self.instrument.items if _wide(i)], share=True)
        values, n = _correlations(given, known, icc_form(criterion.form))
        if criterion.total is None:
            n = np.full(self.raters, len(self.cases))
        return _decided(values, float(criterion.at_least), n >= criterion.decides_from), values

    def _kappa(self, criterion: KappaCriterion) -> tuple[NDArray[np.int8], Matrix]:
        items = [self.instrument.item(key) for key in criterion.items]
        given, known = self._pooled(items, share=False)
        levels = kappa_levels(items)
        found = against_reference(
            given, known, levels=levels, weights=Weights(criterion.weights), pooled=True
        ).kappa
        values = np.ma.filled(found.values, np.nan)[:, 0]
        n = found.cases[:, 0]
        return _decided(values, float(criterion.at_least), n >= criterion.decides_from), values

    def _pooled(self, items: Sequence[Item], *, share: bool) -> tuple[Matrix, Matrix]:
        """Raters by cases by items and cases by items: points, or shares of each item's range."""
        number = {item.key: i for i, item in enumerate(self.instrument.items)}
        given = np.full((self.raters, len(self.cases), len(items)), np.nan)
        known = np.full((len(self.cases), len(items)), np.nan)
        for i, item in enumerate(items):
            points = self._worths(item.key, Decimal(1)) / SCALE
            if share and item.reach is not None:
                low, high = map(float, item.reach)
                points = (points - low) / (high - low)
            at = number[item.key]
            given[:, :, i] = points[self.places[:, :, at]]
            known[:, i] = np.where(self.counted[:, at], points[self.truth[:, at]], np.nan)
        return given, known


def _wide(item: Item) -> bool:
    return item.reach is not None and item.reach[0] != item.reach[1]


def _standing(met: Mask, alone: Mask, defined: Mask) -> NDArray[np.int8]:
    standing = np.where(met, MET, NOT_MET)
    return np.where(alone, NOT_MET, np.where(defined, standing, INFORMS)).astype(np.int8)


def _decided(values: Matrix, least: float, enough: Mask) -> NDArray[np.int8]:
    met = np.where(values >= least - ROUNDING, MET, NOT_MET)
    return np.where(enough & ~np.isnan(values), met, INFORMS).astype(np.int8)


def _correlations(given: Matrix, known: Matrix, form: IccForm) -> tuple[Matrix, Places]:
    """Each rater's correlation with the reference, all cells pooled, and how many pairs it has."""
    pairs = ~np.isnan(given) & ~np.isnan(known)
    n = pairs.sum(axis=(1, 2))
    if form is IccForm.ICC_2_1:
        found = against_reference(given, known, pooled=True).icc
        return np.ma.filled(found.values, np.nan)[:, 0], n
    flat = known.reshape(-1)
    values = [
        icc(np.column_stack([one, flat]), form).value for one in given.reshape(len(given), -1)
    ]
    return np.array([np.nan if value is None else value for value in values]), n
