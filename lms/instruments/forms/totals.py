"""Totals and derived figures as the form shows them, and what the browser needs to follow them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from flask_babel import gettext as _

from lms.instruments.domain import (
    Answer,
    Derived,
    Gap,
    Instrument,
    Item,
    NaPolicy,
    Total,
    TotalScore,
    score,
)
from lms.instruments.domain.figures import as_json, plain
from lms.instruments.domain.sheet import field_name

DONE, REST_NA = "done", "rest_na"


@dataclass(frozen=True, slots=True)
class TotalView:
    """One total as it stands, with the settings that it is printed with."""

    key: str
    label: str
    big: str
    words: str
    settings: str


@dataclass(frozen=True, slots=True)
class FigureView:
    """One derived figure as it stands."""

    key: str
    label: str
    big: str
    most: Decimal


def total_views(instrument: Instrument, answers: Mapping[str, Answer]) -> tuple[TotalView, ...]:
    """Every total of what was answered so far."""
    scores = score(instrument, answers).totals
    return tuple(
        TotalView(
            total.key,
            total.label,
            _big(total, scores[total.key]),
            _total_words(total, scores[total.key]),
            settings_words(instrument, total),
        )
        for total in instrument.totals
    )


def figure_views(instrument: Instrument, answers: Mapping[str, Answer]) -> dict[str, FigureView]:
    """Every derived figure of what was answered so far, by key."""
    found = score(instrument, answers).derived
    return {
        one.key: FigureView(one.key, one.label, _figure(found[one.key]), one.reach[1])
        for one in instrument.derived
    }


def settings_words(instrument: Instrument, total: Total) -> str:
    """The settings of a total on one line; empty where it has none."""
    return " · ".join(
        _("%(setting)s: %(value)s", setting=setting.label, value=setting.words)
        for setting in instrument.settings_of(total)
    )


def script(instrument: Instrument, prefix: str) -> dict[str, object]:
    """What static/js/rating-sums.js computes the figures from. No answer key is in it."""
    return {
        "derived": [_derived_script(instrument, one, prefix) for one in instrument.derived],
        "totals": [_total_script(instrument, total, prefix) for total in instrument.totals],
    }


def _big(total: Total, found: TotalScore) -> str:
    if not found.scored:
        return "–"
    shown = found.so_far if found.value is None else found.value
    return str(shown.quantize(Decimal(1).scaleb(-total.places), ROUND_HALF_UP))


def _figure(value: Decimal | None) -> str:
    return "–" if value is None else plain(value)


def _total_words(total: Total, found: TotalScore) -> str:
    state = found.gap.value if found.gap else DONE if found.scored == found.of else REST_NA
    return _sentences(total)[state].format(scored=found.scored, of=found.of)


def _sentences(total: Total) -> dict[str, str]:
    """The words beside a total in each state; {scored} and {of} are filled in here or by script."""
    scale = {
        "low": plain(total.minimum),
        "high": plain(total.maximum),
        "scored": "{scored}",
        "of": "{of}",
        "unit": total.unit or _("points"),
    }
    if len(total.items) == 1:
        alone = _("%(unit)s · scale %(low)s to %(high)s", **scale)
        words = scale["unit"] if total.open_ended else alone
        return dict.fromkeys((*map(str, Gap), DONE, REST_NA), words)
    gaps = {
        Gap.NOT_ASSESSED.value: _(
            "%(unit)s, no total because of NA · %(scored)s of %(of)s scored", **scale
        ),
        Gap.NO_NUMBER.value: _(
            "%(unit)s, no total because a level has no number · %(scored)s of %(of)s scored",
            **scale,
        ),
    }
    return gaps | (_open_sentences(scale) if total.open_ended else _scale_sentences(scale))


def _scale_sentences(scale: dict[str, str]) -> dict[str, str]:
    return {
        Gap.UNANSWERED.value: _(
            "%(unit)s so far · %(scored)s of %(of)s scored · full total %(low)s to %(high)s",
            **scale,
        ),
        DONE: _("%(unit)s · all scored · full total %(low)s to %(high)s", **scale),
        REST_NA: _(
            "%(unit)s · %(scored)s of %(of)s scored, the rest NA · full total %(low)s to %(high)s",
            **scale,
        ),
    }


def _open_sentences(scale: dict[str, str]) -> dict[str, str]:
    return {
        Gap.UNANSWERED.value: _("%(unit)s so far · %(scored)s of %(of)s scored", **scale),
        DONE: _("%(unit)s · all scored", **scale),
        REST_NA: _("%(unit)s · %(scored)s of %(of)s scored, the rest NA", **scale),
    }


def _derived_script(instrument: Instrument, derived: Derived, prefix: str) -> dict[str, object]:
    return {
        "key": derived.key,
        "name": _name(derived, prefix),
        "items": [field_name(key, prefix) for key in derived.items],
        "combine": derived.combine.value,
        "needed": derived.needed,
        "rules": [
            {
                "items": [
                    [field_name(key, prefix), instrument.item(key).optional] for key in rule.items
                ],
                "times": None if rule.times is None else as_json(rule.times),
                "raise": None if rule.raise_to is None else as_json(rule.raise_to),
            }
            for rule in instrument.rules_of(derived)
        ],
    }


def _total_script(instrument: Instrument, total: Total, prefix: str) -> dict[str, object]:
    return {
        "key": total.key,
        "terms": [
            _term_script(instrument.term(key), weight, prefix)
            for key, weight in zip(total.items, total.weights, strict=True)
        ],
        "combine": total.combine.value,
        "range": [as_json(total.minimum), as_json(total.maximum)],
        "least": total.at_least if total.na is NaPolicy.PRORATE else None,
        "places": total.places,
        "words": _sentences(total),
    }


def _term_script(term: Item | Derived, weight: Decimal, prefix: str) -> list[object]:
    """Name, weight, and the ends of what the term reaches once weighted."""
    ends = sorted(weight * end for end in term.reach or (Decimal(0), Decimal(0)))
    return [_name(term, prefix), as_json(weight), *map(as_json, ends)]


def _name(term: Item | Derived, prefix: str) -> str:
    if isinstance(term, Derived):
        return f"{prefix}derived-{term.key}"
    return field_name(term.key, prefix)
