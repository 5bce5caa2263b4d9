"""What the 18 columns have no place for, as a remark in the Field Annotation that REDCap ignores.

A remark says what to set and what to drop in the data that the columns give, and carries a sum
over the cells that it was written for. Where they were changed since, it is left out, because
nobody can say any more what of it still holds.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

ITEM = "@CONCORD="
WHOLE = "@CONCORD-INSTRUMENT="


TEXTS = ("label", "hint")
LASTING = ("side", "other_side", "na", "na_reason_required")
"""What holds for an item whatever its scale is."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A change to data, and for which cells it was written.

    Args:
        sum: over the cells that decide what the row is.
        texts: over its label and note, for which alone `TEXTS` count.
    """

    sum: str
    texts: str
    set: Mapping[str, Any]
    drop: tuple[str, ...] = ()

    def applied_to(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in data.items() if key not in self.drop} | dict(self.set)

    def only(self, keep: Callable[[str], bool]) -> "Remark":
        """The part of the change that concerns some of the keys."""
        chosen = {key: value for key, value in self.set.items() if keep(key)}
        return replace(self, set=chosen, drop=tuple(key for key in self.drop if keep(key)))

    def dropping(self, key: str) -> "Remark":
        return replace(self, drop=(*self.drop, key))


def remark_for(
    bare: Mapping[str, Any],
    wanted: Mapping[str, Any],
    cells: Iterable[str],
    texts: Iterable[str] = (),
) -> Remark:
    """What makes the wanted data of those that the cells give by themselves."""
    changed = {key: value for key, value in wanted.items() if key not in bare or bare[key] != value}
    dropped = tuple(key for key in bare if key not in wanted)
    return Remark(sum_of(cells), sum_of(texts), changed, dropped)


def sum_of(cells: Iterable[str]) -> str:
    """A short sum over texts, the same whatever blanks stand around each."""
    text = json.dumps([" ".join(cell.split()) for cell in cells])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def written(tag: str, remark: Remark) -> str:
    """The remark as text. It holds no sign of REDCap's own: no @ but its tag's."""
    data: dict[str, Any] = {"sum": remark.sum, "texts": remark.texts, "set": remark.set}
    if remark.drop:
        data["drop"] = list(remark.drop)
    body = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return tag + body.replace("@", "\\u0040")


def read_remark(tag: str, annotation: str) -> Remark | None:
    """The remark in an annotation.

    Returns:
        None where there is none.

    Raises:
        ValueError: if there is one that cannot be read.
    """
    place = annotation.find(tag)
    if place < 0:
        return None
    try:
        data, _ = json.JSONDecoder().raw_decode(annotation, place + len(tag))
    except RecursionError as error:
        raise ValueError("the remark is nested too deeply") from error
    if not isinstance(data, dict) or not isinstance(data.get("set"), dict):
        raise ValueError("the remark has no set")
    drop = data.get("drop", [])
    if not isinstance(drop, list) or not all(isinstance(key, str) for key in drop):
        raise ValueError("the remark's drop is no list of keys")
    sums = (str(data.get("sum", "")), str(data.get("texts", "")))
    return Remark(*sums, data["set"], tuple(drop))


def without_remarks(annotation: str) -> str:
    """The annotation with nothing in it that Concord wrote and can read."""
    for tag in (WHOLE, ITEM):
        place = annotation.find(tag)
        while place >= 0:
            try:
                _, end = json.JSONDecoder().raw_decode(annotation, place + len(tag))
            except (ValueError, RecursionError):
                end = place + len(tag)
            annotation = annotation[:place].rstrip() + annotation[end:]
            place = annotation.find(tag)
    return annotation.strip()
