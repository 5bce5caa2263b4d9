"""What the pages say of a follow-up visit: the own initial scores, notes to look again, change."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from lms.instruments import api as instruments
from lms.instruments.domain import Flag, Total, TotalChange
from lms.instruments.domain.sheet import field_name
from lms.modules.material import Material
from lms.modules.pages import shown
from lms.modules.visits import Visits
from lms.packages.domain.experts import ratings_of
from lms.web.filters import figure


@dataclass(frozen=True)
class LookNote:
    """Something to look at again: an item of the form, and the instrument's sentence about it."""

    item: str
    field: str
    label: str
    says: str


@dataclass(frozen=True)
class FollowUp:
    """What stands on the page on which a follow-up is scored.

    Args:
        title: of the initial visit.
        language: of the instrument's words.
        totals: own totals of the initial visit, each with its label.
        scores: own scores of the initial visit in words, by item.
        preview: whether the scores are those of the panel's first rater, since nothing is kept.
    """

    title: str
    language: str
    totals: list[tuple[str, str]]
    scores: dict[str, str]
    notes: list[LookNote]
    preview: bool = False

    @property
    def noted(self) -> str:
        """The items of the notes, by which a page tells which of them it has shown."""
        return " ".join(sorted({note.item for note in self.notes}))


def follow_up_page(
    material: Material, visits: Visits | None, *, preview: bool = False
) -> FollowUp | None:
    """Return what the page of a follow-up says, None for a case that is none."""
    if visits is None:
        return None
    instrument = material.instrument
    totals = instruments.score(instrument, visits.initial).totals
    return FollowUp(
        title=visits.initial_case.title,
        language=instrument.language,
        totals=[(one.label, _value(totals[one.key].value)) for one in instrument.totals],
        scores={item.key: shown(item, visits.initial.get(item.key)) for item in instrument.items},
        notes=look_notes(material, visits.flags(material)),
        preview=preview,
    )


def look_notes(material: Material, flags: Sequence[Flag]) -> list[LookNote]:
    """Return flags as notes that lead to their items."""
    return [
        LookNote(
            flag.item, field_name(flag.item), material.instrument.item(flag.item).label, flag.says
        )
        for flag in flags
    ]


@dataclass(frozen=True)
class ChangeRow:
    """A total at both visits, own and the panel's, each with the change in words."""

    label: str
    own: tuple[str, str, str]
    panel: tuple[str, str, str]


@dataclass(frozen=True)
class ChangeView:
    """How the totals changed, and what does not go together; `panel_notes` of the reference."""

    title: str
    rows: list[ChangeRow]
    notes: list[LookNote]
    panel_notes: list[LookNote]


def change_view(material: Material, visits: Visits | None) -> ChangeView | None:
    """Set the own change from visit to visit beside the panel's, None for a case without one."""
    if visits is None:
        return None
    instrument = material.instrument
    first, second = ratings_of(visits.initial_case.reference), ratings_of(visits.case.reference)
    own = instruments.total_changes(instrument, visits.initial, visits.follow_up)
    panel = instruments.total_changes(instrument, first, second)
    return ChangeView(
        title=visits.initial_case.title,
        rows=[
            ChangeRow(one.label, _change(one, own[one.key]), _change(one, panel[one.key]))
            for one in instrument.totals
        ],
        notes=look_notes(material, visits.flags(material)),
        panel_notes=look_notes(material, instruments.visit_flags(instrument, second, first)),
    )


def _change(total: Total, change: TotalChange) -> tuple[str, str, str]:
    return _value(change.initial), _value(change.follow_up), _change_words(change)


def _change_words(change: TotalChange) -> str:
    if change.difference is None:
        return _("no value")
    size = figure(abs(change.difference))
    if change.better is None:
        return _("the same")
    return _("%(n)s better", n=size) if change.better else _("%(n)s worse", n=size)


def _value(value: Decimal | None) -> str:
    return "–" if value is None else figure(value)
