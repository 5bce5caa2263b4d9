"""How often each option of a question was chosen, and by whom.

Source:
    Haladyna and Downing (1993), Educational and Psychological Measurement 53(4), 999-1010: a
    distractor works if it is chosen, and chosen less by those who do well on the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lms.agreement.groups import extreme_weights
from lms.agreement.items import ONE_PERSON, SAME_REST
from lms.agreement.ratings import Matrix
from lms.agreement.result import Figure, Misuse
from lms.errors import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option of one item.

    Args:
        option: None for no answer.
        chosen: how many people chose it; share is of all people, 0 to 1.
        rest_mean: mean total on the other items of those who chose it.
        discrimination: correlation of choosing it with the total on the other items: above 0
            for a good key, below 0 for a good distractor.
        upper, lower: share of the best and the worst 27 % who chose it.
    """

    option: str | None
    is_key: bool
    chosen: int
    share: float
    rest_mean: Figure
    discrimination: Figure
    upper: float
    lower: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemOptions:
    """The options of one item, the most chosen first."""

    name: str
    options: tuple[Option, ...]


NOT_CHOSEN = N_("Nobody chose this option.")
ALL_CHOSE = N_("Everybody chose this option.")


def score_choices(choices: Sequence[Sequence[str | None]], key: Sequence[str]) -> Matrix:
    """1 for the key, 0 for another option, NaN for no answer; people by items.

    Raises:
        Misuse: if there is nobody, or a row has not as many answers as the key.
    """
    if not choices or not key:
        raise Misuse(N_("There are no answers."))
    for row, answers in enumerate(choices, start=1):
        if len(answers) != len(key):
            raise Misuse(
                N_("Row %(row)s has %(answers)s answers, but the key has %(items)s."),
                row=row,
                answers=len(answers),
                items=len(key),
            )
    return np.array(
        [
            [np.nan if a is None else float(a == k) for a, k in zip(answers, key, strict=True)]
            for answers in choices
        ]
    )


def analyse_options(
    choices: Sequence[Sequence[str | None]],
    key: Sequence[str],
    *,
    names: Sequence[str] | None = None,
    options: Sequence[str] = (),
) -> tuple[ItemOptions, ...]:
    """How each option of each item was chosen; no answer is an option of its own.

    Args:
        choices: n people by k items, None where nothing was chosen.
        key: the right option of each item.
        options: those of every item, so that what nobody chose is seen, too.

    Raises:
        Misuse: as `score_choices` does, or if the names are not as many as the items.
    """
    scores = np.nan_to_num(score_choices(choices, key))
    labels = [str(place + 1) for place in range(len(key))] if names is None else list(names)
    if len(labels) != len(key):
        raise Misuse(N_("There are %(items)s items, and they need as many names."), items=len(key))
    total = scores.sum(axis=1)
    groups = extreme_weights(total)
    found = []
    for place, name in enumerate(labels):
        answers = [row[place] for row in choices]
        known = dict.fromkeys([key[place], *options, *answers])
        rest = total - scores[:, place]
        made = [_option(option, key[place], answers, rest, groups) for option in known]
        made.sort(key=lambda o: (-o.chosen, o.option is None, o.option or ""))
        found.append(ItemOptions(name=name, options=tuple(made)))
    return tuple(found)


def _option(
    option: str | None,
    key: str,
    answers: list[str | None],
    rest: Matrix,
    groups: tuple[Matrix, Matrix],
) -> Option:
    chose = np.array([answer == option for answer in answers])
    upper, lower = groups
    return Option(
        option=option,
        is_key=option == key,
        chosen=int(chose.sum()),
        share=float(chose.mean()),
        rest_mean=Figure(value=float(rest[chose].mean()))
        if chose.any()
        else Figure(value=None, reason=NOT_CHOSEN),
        discrimination=_discrimination(chose.astype(np.float64), rest),
        upper=float(upper @ chose),
        lower=float(lower @ chose),
    )


def _discrimination(chose: Matrix, rest: Matrix) -> Figure:
    if len(chose) < 2:
        return Figure(value=None, reason=ONE_PERSON)
    if np.ptp(chose) == 0:
        return Figure(value=None, reason=ALL_CHOSE if chose[0] else NOT_CHOSEN)
    if np.ptp(rest) == 0:
        return Figure(value=None, reason=SAME_REST)
    return Figure(value=float(np.clip(np.corrcoef(chose, rest)[0, 1], -1, 1)))
