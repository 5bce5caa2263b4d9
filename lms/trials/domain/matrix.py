"""Who may rate on a day: requirements against certificates, as frozen values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lms.certificates.domain.terms import ENDS_SOON, ends_soon
from lms.trials.domain.periods import covers


class CellKind(StrEnum):
    """How one rater stands to one requirement on a day."""

    VALID = "valid"
    SOON = "soon"
    ENDED = "ended"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    TRAINING = "training"
    NOT_BEGUN = "none"

    @property
    def met(self) -> bool:
        return self in (CellKind.VALID, CellKind.SOON)

    @property
    def lost(self) -> bool:
        return self in (CellKind.ENDED, CellKind.SUSPENDED, CellKind.REVOKED)


class Standing(StrEnum):
    """Whether a rater may rate on a day.

    A requirement that was met once and is not any more weighs more than one that was never met:
    the rater may be at work.
    """

    MAY = "may"
    NOT_YET = "not_yet"
    MUST_NOT = "must_not"
    NOTHING_ASKED = "nothing_asked"


class Show(StrEnum):
    """Which raters a coordinator asks to see."""

    ALL = ""
    MAY = "may"
    NOT_YET = "not_yet"
    MUST_NOT = "must_not"
    SOON = "soon"


@dataclass(frozen=True)
class Asked:
    """A requirement: a certificate of this module, valid on the day.

    Attributes:
        level, instrument: "" where any will do; else the certificate must say exactly this.
    """

    id: int
    module_slug: str
    title: str
    level: str
    instrument: str
    from_on: date
    until_on: date | None


@dataclass(frozen=True)
class Held:
    """A certificate as the register has it, whichever state it is in.

    Attributes:
        expires_on: the last valid day, None for no end.
        revoked_on: the first day on which it did not hold any more.
        void: issued in error, so that it has never been valid.
        demonstration: made from demonstration content, which the page says.
        suspensions: first day on which it did not hold, and day of lifting, None while open.
        superseded_on: the day from which on another one stands in its place.
    """

    code: str
    module_slug: str
    level: str
    instrument: str
    issued_on: date
    expires_on: date | None
    revoked_on: date | None = None
    void: bool = False
    demonstration: bool = False
    suspensions: tuple[tuple[date, date | None], ...] = ()
    superseded_on: date | None = None


@dataclass(frozen=True)
class Training:
    """That somebody is in training for a module."""

    begun_on: date


@dataclass(frozen=True)
class Cell:
    """One rater, one requirement, one day.

    Attributes:
        held: the certificate that the state speaks of, None where there is none.
        training: that the module is under way, also beside a certificate that has ended.
        since: the first day of the suspension that the state speaks of.
    """

    kind: CellKind
    held: Held | None = None
    training: Training | None = None
    since: date | None = None

    @property
    def ended_on(self) -> date | None:
        """The day of the end or of the withdrawal, None while it holds or may hold again."""
        if self.held is None or not self.kind.lost or self.kind is CellKind.SUSPENDED:
            return None
        return self.held.revoked_on if self.kind is CellKind.REVOKED else self.held.expires_on

    @property
    def renew_from(self) -> date | None:
        """The first day on which it is said that it ends soon."""
        if self.held is None or self.held.expires_on is None:
            return None
        return max(self.held.issued_on, self.held.expires_on - ENDS_SOON)


@dataclass(frozen=True)
class OnRoster:
    """A rater as the roster has them on a day.

    Attributes:
        person_id: None while nobody with a confirmed address has claimed the entry.
    """

    id: int
    name: str
    email: str
    site_id: int
    role: str
    language: str
    person_id: int | None
    from_on: date
    to_on: date | None


@dataclass(frozen=True)
class Row:
    """A rater against every requirement, cells in the order of the requirements."""

    rater: OnRoster
    cells: tuple[Cell, ...]
    standing: Standing

    @property
    def ends_soon(self) -> int:
        """How many of the rater's certificates end soon."""
        return sum(cell.kind is CellKind.SOON for cell in self.cells)


@dataclass(frozen=True)
class Figures:
    """The sentence above the matrix, in figures."""

    raters: int
    may: int
    not_yet: int
    must_not: int
    certificates_end_soon: int


def cell_on(on: date, asked: Asked, held: Iterable[Held], training: Training | None = None) -> Cell:
    """Return how somebody with these certificates stands to a requirement on a day.

    Of several valid certificates the one that lasts longest counts. Where none is valid, the one
    that was issued last says why; one in whose place another stands only if there is no other. One
    that was issued after the day did not exist on it.

    Args:
        held: certificates of the person, of any module.
        training: what is under way in the module on that day, None if nothing is.
    """
    known = [one for one in held if fits(asked, one) and one.issued_on <= on]
    valid = [one for one in known if holds_on(one, on)]
    if valid:
        best = max(valid, key=_lasts)
        kind = CellKind.SOON if ends_soon(best.expires_on, on) else CellKind.VALID
        return Cell(kind, best, training)
    if known:
        last = max(known, key=lambda one: (not replaced_on(one, on), one.issued_on, one.code))
        return Cell(_why_not(last, on), last, training, suspended_since(last, on))
    if training is not None:
        return Cell(CellKind.TRAINING, None, training)
    return Cell(CellKind.NOT_BEGUN)


def fits(asked: Asked, held: Held) -> bool:
    """Tell whether a certificate is of the kind that is asked for, valid or not."""
    return (
        held.module_slug == asked.module_slug
        and (not asked.level or held.level.casefold() == asked.level.casefold())
        and (not asked.instrument or held.instrument == asked.instrument)
    )


def holds_on(held: Held, on: date) -> bool:
    """Tell whether a certificate is valid on a day: its last day counts, that of revocation not."""
    if held.void or on < held.issued_on:
        return False
    if held.revoked_on is not None and held.revoked_on <= on:
        return False
    if suspended_since(held, on) or replaced_on(held, on):
        return False
    return held.expires_on is None or on <= held.expires_on


def suspended_since(held: Held, on: date) -> date | None:
    """Return the first day of the suspension that is in force on a day, None where none is."""
    for first, lifted in held.suspensions:
        if first <= on and (lifted is None or on < lifted):
            return first
    return None


def replaced_on(held: Held, on: date) -> bool:
    """Tell whether another certificate stood in its place on a day."""
    return held.superseded_on is not None and held.superseded_on <= on


def _why_not(held: Held, on: date) -> CellKind:
    if held.void or (held.revoked_on is not None and held.revoked_on <= on):
        return CellKind.REVOKED
    return CellKind.SUSPENDED if suspended_since(held, on) else CellKind.ENDED


def standing_of(cells: Sequence[Cell]) -> Standing:
    """Say whether somebody may rate: only if every requirement of the day is met."""
    if not cells:
        return Standing.NOTHING_ASKED
    if all(cell.kind.met for cell in cells):
        return Standing.MAY
    return Standing.MUST_NOT if any(cell.kind.lost for cell in cells) else Standing.NOT_YET


def in_force(asked: Iterable[Asked], on: date) -> tuple[Asked, ...]:
    """Return the requirements that count on a day, in the order given."""
    return tuple(one for one in asked if covers(one.from_on, one.until_on, on))


def matrix_rows(
    on: date,
    raters: Iterable[OnRoster],
    asked: Sequence[Asked],
    held: Mapping[int, Sequence[Held]],
    training: Mapping[tuple[int, str], Training],
) -> list[Row]:
    """Return a row for every rater, in the order given.

    Args:
        asked: requirements in force on the day.
        held: certificates by the person's id.
        training: what is under way, by the person's id and the module's slug.
    """
    rows = []
    for rater in raters:
        cells = tuple(
            NOBODY
            if rater.person_id is None
            else cell_on(
                on,
                one,
                held.get(rater.person_id, ()),
                training.get((rater.person_id, one.module_slug)),
            )
            for one in asked
        )
        rows.append(Row(rater, cells, standing_of(cells)))
    return rows


NOBODY = Cell(CellKind.NOT_BEGUN)
"""Whoever has no account has begun nothing."""


def figures_of(rows: Iterable[Row]) -> Figures:
    """Count the rows by standing, and the certificates that end soon."""
    counted = list(rows)
    return Figures(
        raters=len(counted),
        may=sum(row.standing is Standing.MAY for row in counted),
        not_yet=sum(row.standing is Standing.NOT_YET for row in counted),
        must_not=sum(row.standing is Standing.MUST_NOT for row in counted),
        certificates_end_soon=sum(row.ends_soon for row in counted),
    )


def shown(row: Row, show: Show) -> bool:
    """Tell whether a row belongs to what was asked to be shown."""
    if show is Show.ALL:
        return True
    return row.ends_soon > 0 if show is Show.SOON else row.standing.value == show.value


def _lasts(held: Held) -> tuple[date, date, str]:
    return (held.expires_on or _FOREVER, held.issued_on, held.code)


_FOREVER = date.max - timedelta(days=1)
