"""What other rules would have done to past tries: counted, and who is touched."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.intp]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Tally:
    """Tries or people of one group: how many passed, and would have passed.

    Args:
        gained: who did not pass and would have.
        lost: who passed and would not have.
    """

    name: str
    of: int
    before: int
    after: int
    gained: int
    lost: int

    @property
    def unchanged(self) -> bool:
        return not self.gained and not self.lost

    @property
    def share_before(self) -> float | None:
        """0..1; None of nobody."""
        return self.before / self.of if self.of else None

    @property
    def share_after(self) -> float | None:
        return self.after / self.of if self.of else None


@dataclass(frozen=True)
class TouchedCertificate:
    """A certificate in force that rests on a try that would not have been passed."""

    code: str
    certificate_id: int
    holder_id: int
    enrolment_id: int


@dataclass(frozen=True)
class TouchedTrial:
    """A trial that asks for the module and has raters who are touched: numbers of people."""

    trial_id: int
    name: str
    code: str
    gained: int
    lost: int


@dataclass(frozen=True)
class ChangedTry:
    """A try that would have ended otherwise."""

    id: int
    enrolment_id: int
    passed: bool


@dataclass(frozen=True)
class WhatIfResult:
    """The whole answer.

    Args:
        left_out: tries on releases to which the rules do not apply (another instrument).
        people: who passed with any of their tries of a round, counted once a round.
        levels: how many tries would have reached each level.
    """

    tries: Tally
    people: Tally
    left_out: int
    forms: tuple[Tally, ...]
    releases: tuple[Tally, ...]
    sites: tuple[Tally, ...]
    languages: tuple[Tally, ...]
    levels: tuple[tuple[str, int], ...] = ()
    changed: tuple[ChangedTry, ...] = ()
    certificates: tuple[TouchedCertificate, ...] = ()
    trials: tuple[TouchedTrial, ...] = ()

    def as_data(self) -> dict[str, Any]:
        data = asdict(self)
        data["changed"] = [[one.id, one.enrolment_id, int(one.passed)] for one in self.changed]
        return data


def result_from_data(data: Mapping[str, Any]) -> WhatIfResult:
    """Read what `as_data` wrote and JSON kept."""
    groups = ("forms", "releases", "sites", "languages")
    return WhatIfResult(
        tries=Tally(**data["tries"]),
        people=Tally(**data["people"]),
        left_out=data["left_out"],
        **{name: tuple(Tally(**one) for one in data[name]) for name in groups},
        levels=tuple((title, count) for title, count in data["levels"]),
        changed=tuple(ChangedTry(i, enrolment, bool(p)) for i, enrolment, p in data["changed"]),
        certificates=tuple(TouchedCertificate(**one) for one in data["certificates"]),
        trials=tuple(TouchedTrial(**one) for one in data["trials"]),
    )


@dataclass
class Outcomes:
    """Tries one after another, before and after; filled in pieces, then looked at as a whole."""

    ids: list[int] = field(default_factory=list)
    enrolments: list[int] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    releases: list[int] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)
    before: list[bool] = field(default_factory=list)
    after: list[bool] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def changed(self) -> tuple[ChangedTry, ...]:
        """The tries that would have ended otherwise, by number."""
        pairs = zip(self.ids, self.enrolments, self.before, self.after, strict=True)
        return tuple(
            sorted(
                (ChangedTry(i, e, bool(after)) for i, e, before, after in pairs if before != after),
                key=lambda one: one.id,
            )
        )

    def rounds(self) -> "Rounds":
        """The same by enrolment: passed with any of its tries."""
        enrolments, where = np.unique(np.array(self.enrolments, dtype=np.intp), return_inverse=True)
        people = np.zeros(len(enrolments), dtype=np.intp)
        people[where] = np.array(self.people, dtype=np.intp)
        return Rounds(
            enrolments=enrolments,
            people=people,
            before=_any(where, self.before, len(enrolments)),
            after=_any(where, self.after, len(enrolments)),
        )


@dataclass(frozen=True, eq=False)
class Rounds:
    """Enrolments, each once."""

    enrolments: Numbers
    people: Numbers
    before: Mask
    after: Mask

    @property
    def lost(self) -> set[int]:
        """The enrolments that would not have been passed."""
        return set(self.enrolments[self.before & ~self.after].tolist())

    @property
    def people_lost(self) -> set[int]:
        return set(self.people[self.before & ~self.after].tolist())

    @property
    def people_gained(self) -> set[int]:
        return set(self.people[~self.before & self.after].tolist())


def _any(where: Numbers, values: Sequence[bool], n: int) -> Mask:
    return np.bincount(where, weights=np.array(values, dtype=float), minlength=n) > 0


def tally(name: str, before: Sequence[bool] | Mask, after: Sequence[bool] | Mask) -> Tally:
    """Count one group."""
    was, will = np.asarray(before, dtype=bool), np.asarray(after, dtype=bool)
    return Tally(
        name=name,
        of=len(was),
        before=int(was.sum()),
        after=int(will.sum()),
        gained=int((~was & will).sum()),
        lost=int((was & ~will).sum()),
    )


def tallies(
    names: Sequence[Any], before: Sequence[bool] | Mask, after: Sequence[bool] | Mask
) -> tuple[Tally, ...]:
    """Count each group, in the order of their names; one name a try."""
    kinds, where = np.unique(np.array([str(name) for name in names]), return_inverse=True)
    was, will = np.asarray(before, dtype=bool), np.asarray(after, dtype=bool)
    return tuple(
        tally(str(kind), was[where == number], will[where == number])
        for number, kind in enumerate(kinds)
    )
