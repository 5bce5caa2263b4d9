"""A filled-in form as fields of text, read into ratings; what cannot be read is kept as typed."""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from lms.errors import N_
from lms.instruments.domain.answers import Answer, answer_to_json, read_answer
from lms.instruments.domain.definition import Instrument, Item
from lms.instruments.domain.scales import Parts, RatingRefused

NA = "NA"
NONE_OF_THEM = "none"
EMPTY: Final[Mapping[str, object]] = {"value": None, "na": False, "reason": None, "side": None}
"""What is saved of an item that was taken back."""


class Fields(Protocol):
    """What a form sent: several texts a name, as werkzeug's MultiDict holds them."""

    def getlist(self, key: str, /) -> Sequence[str]: ...


def field_name(key: str, prefix: str = "") -> str:
    """The name of an item's field; its reason and side have -reason and -side behind it."""
    return f"{prefix}item-{key}"


def answers_from_form(
    instrument: Instrument, formdata: Fields, prefix: str = ""
) -> tuple[dict[str, dict[str, object]], dict[str, RatingRefused]]:
    """The ratings that a form holds.

    Args:
        formdata: fields `item-<key>`, `item-<key>-reason` and `item-<key>-side`.
        prefix: what the form was drawn with as `name_prefix`.

    Returns:
        Ratings in their JSON form by item key, an empty item left out; and what was refused,
        by item key. A refused item's entry holds what was typed, to be shown again and never
        stored.
    """
    ratings: dict[str, dict[str, object]] = {}
    refused: dict[str, RatingRefused] = {}
    for item in instrument.items:
        name = field_name(item.key, prefix)
        sent = [text.strip() for text in formdata.getlist(name) if text.strip()]
        if not sent:
            continue
        reason, side = _first(formdata, f"{name}-reason"), _first(formdata, f"{name}-side")
        try:
            raw = _rating(instrument, item, sent, reason, side)
            ratings[item.key] = answer_to_json(read_answer(item, raw))
        except RatingRefused as error:
            refused[item.key] = error
            ratings[item.key] = _as_typed(item, sent, reason, side)
    return ratings, refused


def changed_ratings(
    instrument: Instrument, formdata: Fields, *, before: Mapping[str, object]
) -> dict[str, dict[str, object]]:
    """Return the ratings that changed, item key to their JSON form; what cannot be read as typed.

    Args:
        formdata: the whole form of a case.
        before: what is saved already.
    """
    ratings, _refused = answers_from_form(instrument, formdata)
    changed = {key: raw for key, raw in ratings.items() if before.get(key) != raw}
    taken_back = [key for key, raw in before.items() if key not in ratings and raw != EMPTY]
    return changed | {key: dict(EMPTY) for key in taken_back}


def read_ratings(
    instrument: Instrument, saved: Mapping[str, object]
) -> tuple[dict[str, Answer], dict[str, str]]:
    """Return what can be read of saved ratings, and sentences for what cannot, by item key."""
    rated: dict[str, Answer] = {}
    refused: dict[str, str] = {}
    for item in instrument.items:
        raw = saved.get(item.key)
        if not _given(raw):
            continue
        try:
            rated[item.key] = read_answer(item, raw)
        except RatingRefused as error:
            refused[item.key] = str(error)
    return rated, refused


def _given(raw: object) -> bool:
    if isinstance(raw, Mapping):
        return raw.get("value") not in (None, "") or bool(raw.get("na"))
    return raw not in (None, "")


def _rating(
    instrument: Instrument, item: Item, sent: list[str], reason: str, side: str
) -> Mapping[str, object]:
    """The rating of one item, not checked yet.

    A reason without NA and a side with NA are left out: the form does not show them then.
    """
    if NA in sent:
        if len(sent) > 1:
            raise RatingRefused(N_("A rating is a value or NA, not both. Take one of them away."))
        if reason and reason not in {known.code for known in instrument.na_reasons}:
            raise RatingRefused(N_("Choose one of the reasons in the list."))
        return {"na": True, "reason": reason}
    if isinstance(item.scale, Parts):
        if NONE_OF_THEM in sent and len(sent) > 1:
            raise RatingRefused(N_("None of them and a part are both marked. Take one away."))
        return {"value": [key for key in sent if key != NONE_OF_THEM]}
    if len(sent) > 1:
        raise RatingRefused(N_("Two values were sent for this item. Give one."))
    return {"value": sent[0], "side": side}


def _as_typed(item: Item, sent: list[str], reason: str, side: str) -> dict[str, object]:
    values: object = [text for text in sent if text != NA]
    if not isinstance(item.scale, Parts):
        values = next((text for text in sent if text != NA), None)
    return {"value": values, "na": NA in sent, "reason": reason or None, "side": side or None}


def _first(formdata: Fields, name: str) -> str:
    return next(iter(formdata.getlist(name)), "").strip()
