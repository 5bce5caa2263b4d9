"""One item's rating: read from what was sent, written as JSON, worth so many points."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from lms.errors import N_
from lms.instruments.domain.definition import Instrument, Item, Side
from lms.instruments.domain.figures import as_json, exact, plain
from lms.instruments.domain.scales import Choice, RatingRefused, Seconds, Value

_KEYS = {"value", "na", "reason", "side", "code"}


@dataclass(frozen=True, slots=True)
class Answer:
    """A rating, or that and why there is none.

    Args:
        value: None if and only if `na`.
        na: not assessed. Never 0, and in no sum.
        reason: why it is NA, where that was said.
        side: the side that was tested instead of the item's own; None = the item's own.
    """

    value: Value | None
    na: bool = False
    reason: str | None = None
    side: Side | None = None


def read_answer(item: Item, raw: object) -> Answer:
    """What was rated, from YAML, JSON or a form field.

    Args:
        raw: a bare value (5, "T", true, ["a", "b"]), "NA", or a mapping with `value` or `na`
            (true, or the reason itself), and `reason`, `side`; `code` beside seconds is checked
            against the code that they make.

    Raises:
        RatingRefused: if the item does not take it; the sentence says what it takes.
    """
    if not isinstance(raw, Mapping):
        raw = {"na": True} if _is_na(raw) else {"value": raw}
    unknown = sorted(str(key) for key in raw if key not in _KEYS)
    if unknown:
        raise RatingRefused(
            N_("A rating has no key %(key)s. It may have value, na, reason, side and code."),
            key=unknown[0],
        )
    na = raw.get("na") or _is_na(raw.get("value"))
    return _read_na(item, raw, na) if na else _read_value(item, raw)


def _read_na(item: Item, raw: Mapping[str, object], na: object) -> Answer:
    if not item.na:
        raise RatingRefused(N_("This item cannot be NA. Give it a value."))
    if raw.get("value") is not None and not _is_na(raw["value"]):
        raise RatingRefused(N_("A rating is a value or NA, not both. Take one of them away."))
    if raw.get("side") is not None:
        raise RatingRefused(N_("An item that is NA was tested on no side. Take the side away."))
    reason = na if isinstance(na, str) and not _is_na(na) else raw.get("reason")
    return Answer(None, na=True, reason=_text(reason))


def _read_value(item: Item, raw: Mapping[str, object]) -> Answer:
    given = raw.get("value")
    if given is None or given == "":
        raise RatingRefused(N_("There is no rating. Give a value, or NA where the item allows it."))
    if _text(raw.get("reason")):
        raise RatingRefused(N_("A reason belongs to NA only. Take the reason or the value away."))
    value = item.scale.read(given)
    if raw.get("code") is not None:
        _check_code(item, value, raw["code"])
    return Answer(value, side=_read_side(item, raw.get("side")))


def _check_code(item: Item, value: Value, stated: object) -> None:
    if not isinstance(item.scale, Seconds):
        raise RatingRefused(N_("A code stands beside seconds only. Take it away."))
    code = item.scale.code(value)
    if exact(stated) != code:
        raise RatingRefused(
            N_("%(seconds)s seconds are code %(code)s, not %(stated)s. Correct one of the two."),
            seconds=str(value),
            code=code,
            stated=str(stated),
        )


def _read_side(item: Item, raw: object) -> Side | None:
    if raw is None or raw == "" or raw == item.side:
        return None
    if item.other_side and item.side is not None and raw == item.side.other:
        return item.side.other
    raise RatingRefused(
        N_("This item is not tested on side %(side)s. Take the side away."), side=str(raw)[:40]
    )


def unfinished(instrument: Instrument, answers: Mapping[str, Answer]) -> dict[str, str]:
    """What a rating still lacks before it may be handed in: item key to a sentence."""
    lacking: dict[str, str] = {}
    for item in instrument.items:
        answer = answers.get(item.key)
        if answer is None:
            if not item.optional:
                lacking[item.key] = N_("This item is not scored yet.")
        elif answer.na and item.na_reason_required and not answer.reason:
            lacking[item.key] = N_("Say why this item could not be assessed.")
    return lacking


def points_of(item: Item, answer: Answer) -> Decimal | None:
    """What the rating is worth.

    Returns:
        None where it is NA, or a level that has no number in this version.
    """
    return None if answer.value is None else item.scale.points(answer.value)


def code_of(item: Item, answer: Answer) -> str | None:
    """The code that a timed item's seconds make; None for every other kind, and for NA."""
    if not isinstance(item.scale, Seconds) or answer.value is None:
        return None
    return str(item.scale.code(answer.value))


def distance(item: Item, a: Answer, b: Answer) -> Decimal | None:
    """How far apart two ratings of the item are, in its points.

    For a nominal item 0 or 1. The side that was tested plays no part.

    Returns:
        None = no distance, which is within no tolerance: one is NA and the other a value, or
        one has no number and they are not the same level.
    """
    if a.na or b.na:
        return Decimal(0) if a.na and b.na else None
    if a.value == b.value:
        return Decimal(0)
    if isinstance(item.scale, Choice):
        return Decimal(1)
    first, second = points_of(item, a), points_of(item, b)
    return None if first is None or second is None else abs(first - second)


def answer_to_json(answer: Answer) -> dict[str, object]:
    """The one JSON form of a rating: value, na, reason, side."""
    value: object = answer.value
    if isinstance(value, Decimal):
        value = as_json(value)
    elif isinstance(value, tuple):
        value = list(value)
    return {
        "value": value,
        "na": answer.na,
        "reason": answer.reason,
        "side": None if answer.side is None else answer.side.value,
    }


def answer_from_json(data: Mapping[str, object]) -> Answer:
    """The rating that `answer_to_json` wrote. Nothing is checked: see `read_answer` for that."""
    value = data["value"]
    if isinstance(value, float):
        value = Decimal(str(value))
    elif isinstance(value, list):
        value = tuple(value)
    side = data.get("side")
    return Answer(
        value,  # type: ignore[arg-type]  # what answer_to_json wrote
        na=bool(data.get("na")),
        reason=_text(data.get("reason")),
        side=None if side is None else Side(str(side)),
    )


def shown(answer: Answer) -> str:
    """The value as a person reads it: 5, T, 74.5, or the number of parts."""
    if isinstance(answer.value, Decimal):
        return plain(answer.value)
    if isinstance(answer.value, tuple):
        return str(len(answer.value))
    return "NA" if answer.value is None else str(answer.value)


def _is_na(raw: object) -> bool:
    return isinstance(raw, str) and raw.strip().upper() == "NA"


def _text(raw: object) -> str | None:
    text = str(raw).strip()[:200] if raw is not None else ""
    return text or None
