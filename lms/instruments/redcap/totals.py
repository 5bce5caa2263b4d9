"""From a calculation that adds up items to the data of a total."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from lms.errors import N_
from lms.instruments.domain import Direction, Instrument
from lms.instruments.domain.figures import as_json
from lms.instruments.redcap.choices import part_key
from lms.instruments.redcap.columns import BRANCHING, CHOICES, FIELD, LABEL
from lms.instruments.redcap.entries import Entry
from lms.instruments.redcap.findings import Say, Weight
from lms.instruments.redcap.logic import NotUnderstood
from lms.instruments.redcap.meaning import Weighted, as_decimal
from lms.instruments.redcap.tables import Row

LONGEST_KEY = 60
LONGEST_TEXT = 2000


def read_total(
    row: Row, found: Weighted | NotUnderstood, items: Sequence[Entry], instrument: Instrument,
    say: Say,
) -> dict[str, Any] | None:  # fmt: skip
    """The data of the total that a row calculates.

    Args:
        found: what its calculation is, or where it could not be read.
        items: those of the form; `instrument` is made of them.

    Returns:
        None where it is no total; what stands against it was said.
    """
    if not row[CHOICES].strip():
        say(Weight.KEPT, CHOICES, N_("There is no calculation here. The field was kept as it is."))
        return None
    try:
        if isinstance(found, NotUnderstood):
            raise found
        weights = _weights(found, {entry.name: entry for entry in items}, instrument)
    except NotUnderstood as fault:
        message = N_("At character %(at)s: %(why)s The calculation was kept as it is.")
        say(Weight.KEPT, CHOICES, message, at=str(fault.at), why=str(fault))
        return None
    if len(row[FIELD].strip()) > LONGEST_KEY or not 0 < len(row[LABEL].strip()) <= LONGEST_TEXT:
        say(Weight.KEPT, LABEL, N_("A total needs a label, and a key of at most 60 characters."))
        return None
    _say_what_is_open(row, found, say)
    return _data(row, found, weights, instrument)


def _say_what_is_open(row: Row, found: Weighted, say: Say) -> None:
    message = N_("A dictionary does not say which end is good. Look at the draft's direction.")
    say(Weight.NOTE, CHOICES, message)
    if found.skips_blanks:
        message = N_(
            "REDCap leaves out what is blank here. The draft has no total where an item is lacking."
        )
        say(Weight.NOTE, CHOICES, message)
    if row[BRANCHING].strip():
        say(Weight.KEPT, BRANCHING, N_("A total is always there. The condition was kept."))


def _weights(
    found: Weighted, fields: Mapping[str, Entry], instrument: Instrument
) -> dict[str, Decimal]:
    """The weight of each item, by its key.

    Raises:
        NotUnderstood: if it is not a sum of items alone.
    """
    if found.constant:
        raise NotUnderstood(1, N_("It adds a figure that no item gives."))
    weights: dict[str, Decimal] = {}
    parts: dict[str, dict[str, Decimal]] = {}
    for (name, code), weight in found.weights.items():
        if name not in fields:
            raise NotUnderstood(1, N_("%(name)s is no item of this form."), name=name)
        if code:
            parts.setdefault(name, {})[part_key(code) or ""] = as_decimal(weight)
        elif weight:
            weights[fields[name].key] = as_decimal(weight)
    for name, said in parts.items():
        key = fields[name].key
        weights[key] = _of_checkbox(name, said, fields[name], whole=key in weights)
    for key in weights:
        if instrument.item(key).reach is None:
            raise NotUnderstood(1, N_("%(name)s has no points to add up."), name=key)
    if not weights:
        raise NotUnderstood(1, N_("It adds up no item."))
    return weights


def _of_checkbox(name: str, said: Mapping[str, Decimal], entry: Entry, *, whole: bool) -> Decimal:
    known = [part["key"] for part in (entry.data or {}).get("parts", ())]
    weight = next(iter(said.values()))
    if whole or sorted(said) != sorted(known) or set(said.values()) != {weight} or not weight:
        raise NotUnderstood(
            1, N_("It does not add up every choice of %(name)s with one weight."), name=name
        )
    return weight


def _data(
    row: Row, found: Weighted, weights: Mapping[str, Decimal], instrument: Instrument
) -> dict[str, Any]:
    low = high = Decimal(0)
    for key, weight in weights.items():
        reach = instrument.item(key).reach
        assert reach is not None  # asked for in `_weights`
        ends = sorted(weight * end for end in reach)
        low, high = low + ends[0], high + ends[1]
    data: dict[str, Any] = {
        "key": row[FIELD].strip(),
        "label": row[LABEL].strip(),
        "items": list(weights),
        "range": [as_json(low), as_json(high)],
        "direction": Direction.HIGHER_WORSE.value,
    }
    unequal = {key: as_json(weight) for key, weight in weights.items() if weight != 1}
    if unequal:
        data["weights"] = unequal
    places = _places(weights) if found.places is None else found.places
    return data | ({"places": places} if places else {})


def _places(weights: Mapping[str, Decimal]) -> int:
    """As many decimal places as the finest weight has."""
    finest = min(int(weight.as_tuple().exponent) for weight in weights.values())
    return min(9, max(0, -finest))
