"""How often the rules pass whom they should fail, and fail whom they should pass.

Raters are made by four stated models, from the package's own panel and a seed; each does every form
once and is judged by the package's criteria. docs/simulation.md explains the models.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

import numpy as np

from lms.instruments.domain import Answer, Instrument, Item, answer_from_json
from lms.modules.domain.many import MET, NOT_MET, Book, Places, Standings, judge_many
from lms.modules.domain.panel import judge_panel
from lms.modules.domain.verdict import Kind
from lms.packages.domain import Case, CaseForm, CertificationStep, Criteria

CARELESS_SHARE: Final = 0.3
"""Of the items, how many a careless rater marks anywhere on the scale."""
FIGURE_GRADE: Final = 0.1
"""What counts as one grade where an item is a figure: this share of its range."""
_ORDERED: Final = ("levels", "parts", "number", "vas", "seconds")
Generator = np.random.Generator


class Model(StrEnum):
    """How a simulated rater comes to a rating."""

    PERFECT = "perfect"
    TYPICAL = "typical"
    BIASED = "biased"
    CARELESS = "careless"

    @property
    def should_pass(self) -> bool:
        return self in (Model.PERFECT, Model.TYPICAL)


@dataclass(frozen=True)
class Outcome:
    """How the raters of one model did, over all forms.

    Args:
        passed: share that passed, 0..1.
        criteria: by kind, the share that met it, and the share for whom it only informed.
    """

    model: Model
    passed: float
    criteria: dict[Kind, tuple[float, float]]

    @property
    def wrong(self) -> float:
        """The share judged wrongly: failed that should pass, or passed that should fail."""
        return 1 - self.passed if self.model.should_pass else self.passed


@dataclass(frozen=True)
class Simulation:
    """What the criteria of one step (or of one of its levels) make of each model.

    Args:
        level: its title; "" where the step has no levels.
        experts_passed, experts: of the panel, judged by the reference of the others.
    """

    level: str
    raters: int
    seed: int
    forms: int
    outcomes: tuple[Outcome, ...]
    experts_passed: int
    experts: int


def simulate_step(
    instrument: Instrument, step: CertificationStep, *, raters: int, seed: int
) -> tuple[Simulation, ...]:
    """Simulate raters against a certification step: one answer, or one a level.

    Args:
        raters: how many of each model and form; at least 1.
        seed: the same seed gives the same raters.
    """
    if not step.levels:
        return (_simulated(instrument, step, "", step.criteria, raters, seed),)
    return tuple(
        _simulated(instrument, step, level.title, level.criteria, raters, seed)
        for level in step.levels
    )


def _simulated(
    instrument: Instrument,
    step: CertificationStep,
    level: str,
    criteria: Criteria,
    raters: int,
    seed: int,
) -> Simulation:
    spreads = _spreads(instrument, [case for form in step.forms for case in form.cases])
    panel = judge_panel(instrument, replace(step, criteria=criteria, levels=()))
    return Simulation(
        level=level,
        raters=raters,
        seed=seed,
        forms=len(step.forms),
        outcomes=tuple(
            _outcome(
                model,
                [
                    _judged(instrument, form, criteria, model, spreads, raters, [seed, n, m])
                    for n, form in enumerate(step.forms)
                ],
            )
            for m, model in enumerate(Model)
        ),
        experts_passed=panel.passed,
        experts=panel.of,
    )


def _outcome(model: Model, forms: Sequence[Standings]) -> Outcome:
    kinds = forms[0].standings
    return Outcome(
        model=model,
        passed=float(np.mean([form.passed.mean() for form in forms])),
        criteria={
            kind: (
                float(np.mean([(form.standings[kind] == MET).mean() for form in forms])),
                float(np.mean([(form.standings[kind] < NOT_MET).mean() for form in forms])),
            )
            for kind in kinds
        },
    )


def _judged(
    instrument: Instrument,
    form: CaseForm,
    criteria: Criteria,
    model: Model,
    spreads: dict[str, float],
    raters: int,
    seed: list[int],
) -> Standings:
    book, rng = Book(instrument), np.random.default_rng(seed)
    places = np.zeros((raters, len(form.cases), len(instrument.items)), dtype=np.intp)
    for c, case in enumerate(form.cases):
        for i, item in enumerate(instrument.items):
            if item.key not in case.reference:
                continue
            scale = Scale(item, book)
            reference = answer_from_json(case.reference[item.key])
            places[:, c, i] = _rated(scale, reference, model, spreads[item.key], raters, rng)
    return judge_many(instrument, form.cases, criteria, book=book, places=places)


class Scale:
    """An item's possible answers in a row, without NA: the grid that ratings fall on."""

    def __init__(self, item: Item, book: Book) -> None:
        self.item, self.book = item, book
        self.values = _values(item)
        self._at = {value: n for n, value in enumerate(self.values)}

    @property
    def ordered(self) -> bool:
        return self.item.kind in _ORDERED

    @property
    def grade(self) -> float:
        """One grade in steps of the grid."""
        if self.item.kind in ("levels", "parts"):
            return 1.0
        return max(1.0, FIGURE_GRADE * (len(self.values) - 1))

    def position(self, answer: Answer) -> float:
        """Where an answer stands on the grid; between two of its steps, if it is a mean."""
        value: Any = answer.value
        if isinstance(value, tuple):
            value = len(value)
        if value in self._at:
            return float(self._at[value])
        below = [n for n, one in enumerate(self.values) if one <= value]
        first, second = self.values[below[-1]], self.values[below[-1] + 1]
        return below[-1] + float((value - first) / (second - first))

    def places(self) -> Places:
        """The places of all values in the book."""
        return np.array([self.book.place(self.item.key, Answer(value)) for value in self.values])


def _values(item: Item) -> list[Any]:
    scale: Any = item.scale
    if item.kind == "levels":
        return [level.code for level in scale.levels]
    if item.kind == "parts":
        return list(range(len(scale.parts) + 1))
    if item.kind == "yes_no":
        return [False, True]
    if item.kind == "choice":
        return [option.code for option in scale.options]
    low = getattr(scale, "minimum", Decimal(0))
    steps = int((scale.maximum - low) / scale.step)
    return [low + n * scale.step for n in range(steps + 1)]


def _rated(
    scale: Scale, reference: Answer, model: Model, spread: float, raters: int, rng: Generator
) -> Places:
    """The places of what the raters of a model say of one item of one case."""
    own = np.full(raters, scale.book.place(scale.item.key, reference), dtype=np.intp)
    if model is Model.PERFECT:
        return own
    if model is Model.CARELESS:
        off = rng.random(raters) < CARELESS_SHARE
        anywhere = scale.places()[rng.integers(len(scale.values), size=raters)]
        return np.where(off, anywhere, own)
    if reference.na:
        return own
    if not scale.ordered:
        return own if model is Model.BIASED else _sometimes_another(scale, own, spread, rng)
    at = scale.position(reference)
    if model is Model.BIASED:
        moved = np.full(raters, math.floor(at + scale.grade + 0.5))
    else:
        moved = np.floor(at + rng.normal(0.0, 1.0, raters) * spread + 0.5)
    return scale.places()[np.clip(moved, 0, len(scale.values) - 1).astype(np.intp)]


def _sometimes_another(scale: Scale, own: Places, share: float, rng: Generator) -> Places:
    off = rng.random(len(own)) < share
    return np.where(off, scale.places()[rng.integers(len(scale.values), size=len(own))], own)


def _spreads(instrument: Instrument, cases: Sequence[Case]) -> dict[str, float]:
    """By item, how far experts lie apart: the pooled standard deviation around each case's panel
    in steps of the grid; for items without an order the share off the most frequent answer."""
    return {item.key: _spread(item, cases, Book(instrument)) for item in instrument.items}


def _spread(item: Item, cases: Sequence[Case], book: Book) -> float:
    scale = Scale(item, book)
    squares, freedom, off, votes = 0.0, 0, 0, 0
    for case in cases:
        rated = [
            answer
            for one in case.panel
            if item.key in one.ratings
            and not (answer := answer_from_json(one.ratings[item.key])).na
        ]
        if not rated:
            continue
        if scale.ordered:
            at = [scale.position(answer) for answer in rated]
            mean = math.fsum(at) / len(at)
            squares += math.fsum((one - mean) ** 2 for one in at)
            freedom += len(at) - 1
        else:
            values = [answer.value for answer in rated]
            off += len(values) - max(values.count(value) for value in values)
            votes += len(values)
    if scale.ordered:
        return math.sqrt(squares / freedom) if freedom else 0.0
    return off / votes if votes else 0.0
