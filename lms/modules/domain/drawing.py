"""What an attempt holds: drawn from a stored seed, so that anybody can draw it again."""

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from lms.packages.domain import CertificationStep, PracticeStep, QuizStep, follow_up_of, patients_of


@dataclass(frozen=True)
class Drawn:
    """What a person gets to see in one attempt.

    Args:
        form: the key of the case form, "" where there is none.
        content: JSON: for a quiz a list of {"question", "options"} in order of showing (options by
            key, [] for a number); for cases a list of case keys.
    """

    form: str
    content: list[Any]


AGAIN = "~2"
"""Behind a case's key: its second, hidden presentation in the same attempt."""


def shown_case(entry: str) -> tuple[str, int]:
    """Return which case an entry of an attempt shows, and for which time: 1 or 2."""
    return (entry.removesuffix(AGAIN), 2) if entry.endswith(AGAIN) else (entry, 1)


def counted(drawn: Sequence[str]) -> list[str]:
    """Return the cases of an attempt that count: those that are no second showing."""
    return [entry for entry in drawn if shown_case(entry)[1] == 1]


def draw_quiz(step: QuizStep, *, seed: int, seen: Collection[str]) -> Drawn:
    """Draw the questions of an attempt and the order of everything.

    Args:
        seed: any whole number; the same seed and history draw the same.
        seen: keys of questions of earlier attempts; unseen ones are taken first.
    """
    chance = random.Random(seed)  # noqa: S311  (fairness, not secrecy)
    pools = {pool.key: pool for pool in step.pools}
    chosen = []
    for draw in step.draw:
        questions = list(pools[draw.pool].questions)
        chance.shuffle(questions)
        questions.sort(key=lambda question: question.key in seen)  # stable: unseen first
        chosen += questions[: draw.count]
    chance.shuffle(chosen)
    content = []
    for question in chosen:
        options = [option.key for option in question.options]
        chance.shuffle(options)
        content.append({"question": question.key, "options": options})
    return Drawn(form="", content=content)


def draw_case(step: PracticeStep, *, seen: Sequence[str]) -> Drawn:
    """Take the next practice case: an unseen one in the author's order, else the oldest one.

    Right after an initial visit comes its follow-up, and a follow-up comes at no other time: so
    who scores it has just scored the visit before.

    Args:
        seen: keys of the cases of earlier attempts, oldest first; all were handed in.
    """
    after = follow_up_of(step.cases, seen[-1]) if seen else None
    if after is not None:
        return Drawn(form="", content=[after.key])
    first = [case.key for case in step.cases if case.follows is None]
    unseen = [key for key in first if key not in seen]
    known = [key for key in dict.fromkeys(reversed(seen)) if key in first]
    return Drawn(form="", content=[unseen[0] if unseen else known[-1]])


def draw_form(step: CertificationStep, *, seed: int, used: Sequence[str]) -> Drawn:
    """Take a form that the person has not had; when all were used, the one used longest ago.

    Patients are shuffled, and a follow-up comes right after its initial visit.

    Args:
        used: keys of the forms of earlier attempts, oldest first.
    """
    chance = random.Random(seed)  # noqa: S311  (fairness, not secrecy)
    forms = {form.key: form for form in step.forms}
    unused = [key for key in forms if key not in used]
    if unused:
        key = chance.choice(unused)
    else:
        key = min(forms, key=lambda key: max(i for i, k in enumerate(used) if k == key))
    patients = [tuple(case.key for case in one) for one in patients_of(forms[key].cases)]
    chance.shuffle(patients)
    return Drawn(form=key, content=_with_repeats(patients, forms[key].repeats, chance))


def _with_repeats(
    patients: list[tuple[str, ...]], repeats: int, chance: random.Random
) -> list[str]:
    """Show some cases a second time among the others, never right after the first time.

    Two visits of a patient are not shown again.
    """
    alone = [patient for patient in patients if len(patient) == 1]
    if not repeats or len(patients) < 2:
        return _named(patients)
    order = [*patients, *chance.sample(alone, min(repeats, len(alone)))]
    chance.shuffle(order)
    while any(one == other for one, other in pairwise(order)):
        chance.shuffle(order)  # one order in three fits where there are two cases, else more
    return _named(order)


def _named(order: list[tuple[str, ...]]) -> list[str]:
    seen: set[str] = set()
    named = []
    for case in (case for patient in order for case in patient):
        named.append(case + AGAIN if case in seen else case)
        seen.add(case)
    return named
