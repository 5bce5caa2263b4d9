"""Ratings as a file of REDCap records: raw codes, one row a rating."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lms.instruments.domain import Answer, Instrument, Item, score
from lms.instruments.domain.figures import plain
from lms.instruments.domain.scales import Parts
from lms.instruments.redcap.cells import disarmed
from lms.instruments.redcap.choices import part_code
from lms.instruments.redcap.dictionary import RECORD_ID, Naming, bare_rows, field_names

NA = "NA"


@dataclass(frozen=True, slots=True)
class Rating:
    """One filled-in form of a record.

    Args:
        answers: by item key; an item without a key here is blank.
        event: the unique name of a longitudinal project's event; "" where there is none.
        instance: which repetition of the form it is, from 1; None where it is not repeated.
        complete: 0 incomplete, 1 unverified, 2 complete.
    """

    record_id: str
    answers: Mapping[str, Answer]
    event: str = ""
    instance: int | None = None
    complete: int = 2


def records_csv(
    instrument: Instrument,
    ratings: Sequence[Rating],
    naming: Naming | None = None,
    *,
    na: str = NA,
) -> str:
    """The ratings with the field names of `dictionary_rows`, as REDCap imports them.

    Args:
        na: the project's missing-data code for what could not be assessed.
    """
    naming = naming or Naming()
    form = naming.form or instrument.id
    rows = [dict(_cells(instrument, rating, naming, form, na)) for rating in ratings]
    head = [RECORD_ID]
    if any(rating.event for rating in ratings):
        head.append("redcap_event_name")
    if any(rating.instance is not None for rating in ratings):
        head += ["redcap_repeat_instrument", "redcap_repeat_instance"]
    columns = [*head, *_columns(instrument, naming), f"{form}_complete"]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow(disarmed(row.get(column, "")) for column in columns)
    return out.getvalue()


def _columns(instrument: Instrument, naming: Naming) -> list[str]:
    items, totals = field_names(instrument, naming)
    columns = [column for item in instrument.items for column in _names(item, items[item.key])]
    written = {key for key, _ in bare_rows(instrument, naming)}
    return columns + [name for key, name in totals.items() if f"total:{key}" in written]


def _names(item: Item, name: str) -> list[str]:
    if not isinstance(item.scale, Parts):
        return [name]
    return [_part_name(name, part.key) for part in item.scale.parts]


def _part_name(name: str, key: str) -> str:
    """field___code, in small letters; a minus becomes one more underscore."""
    return f"{name}___{part_code(key).replace('-', '_').lower()}"


def _cells(
    instrument: Instrument, rating: Rating, naming: Naming, form: str, na: str
) -> Iterator[tuple[str, str]]:
    items, totals = field_names(instrument, naming)
    yield RECORD_ID, rating.record_id
    yield "redcap_event_name", rating.event
    if rating.instance is not None:
        yield "redcap_repeat_instrument", form
        yield "redcap_repeat_instance", str(rating.instance)
    for item in instrument.items:
        answer = rating.answers.get(item.key)
        if answer is not None:
            yield from _answer(item, answer, items[item.key], na)
    for key, total in score(instrument, rating.answers).totals.items():
        yield totals[key], "" if total.value is None else plain(total.value)
    yield f"{form}_complete", str(rating.complete)


def _answer(item: Item, answer: Answer, name: str, na: str) -> Iterator[tuple[str, str]]:
    if not isinstance(item.scale, Parts):
        yield name, na if answer.na else _raw(answer.value)
    elif isinstance(answer.value, tuple):  # a mere count does not say which parts
        for part in item.scale.parts:
            yield _part_name(name, part.key), str(int(part.key in answer.value))


def _raw(value: object) -> str:
    if isinstance(value, bool):
        return str(int(value))
    return plain(value) if isinstance(value, Decimal) else str(value)
