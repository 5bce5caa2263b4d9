"""Tables as lines of JSON and back, the same on every database."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    cast,
    column,
    func,
    inspect,
    select,
    table,
    text,
)
from sqlalchemy.types import TypeEngine

from lms.db import UtcDateTime
from lms.errors import LmsError

AT_A_TIME: Final = 1000
BOOKKEEPING: Final = "alembic_version"

TYPES: Final[dict[str, TypeEngine[Any]]] = {
    "boolean": Boolean(),
    "integer": Integer(),
    "number": Float(),
    "text": Text(),
    "moment": UtcDateTime(),
    "day": Date(),
    "json": JSON(none_as_null=True),
}
KINDS: Final[tuple[tuple[type[TypeEngine[Any]], str], ...]] = (
    (Boolean, "boolean"),
    (Integer, "integer"),
    (Float, "number"),
    (String, "text"),
    (UtcDateTime, "moment"),
    (DateTime, "moment"),
    (Date, "day"),
    (JSON, "json"),
)


class CannotDump(LmsError):
    """The database holds something that a backup would leave out."""


@dataclass(frozen=True)
class Dumped:
    """A table in a backup.

    Args:
        columns: the kind of each column by its name, so that it can be read without the models.
        sha256: of the lines.
    """

    name: str
    columns: Mapping[str, str]
    rows: int
    sha256: str


# --- out ------------------------------------------------------------------------------------------


def dump_tables(connection: Connection, metadata: MetaData, folder: Path) -> list[Dumped]:
    """Write every table to a file of its own, those that others point at first.

    Raises:
        CannotDump: if the database holds a table that the models do not know.
    """
    unknown = set(inspect(connection).get_table_names()) - set(metadata.tables) - {BOOKKEEPING}
    if unknown:
        raise CannotDump(
            "The database holds tables that this version does not know: %(tables)s. "
            "A backup would leave them out. Use the version that made them.",
            tables=", ".join(sorted(unknown)),
        )
    return [dump_table(connection, one, folder) for one in metadata.sorted_tables]


def dump_table(connection: Connection, one: Table, folder: Path) -> Dumped:
    digest, count = hashlib.sha256(), 0
    with (folder / f"{one.name}.jsonl").open("wb") as file:
        for line in lines(connection, one):
            file.write(line)
            digest.update(line)
            count += 1
    return Dumped(one.name, kinds_of(one), count, digest.hexdigest())


def lines(connection: Connection, one: Table) -> Iterator[bytes]:
    """Yield the rows in the order of their keys, one JSON object a line.

    JSON columns are read as text: a JSON null is null, and where the database has NULL the key is
    left out, so that the two stay apart.
    """
    kinds = kinds_of(one)
    wanted = [cast(c, Text) if kinds[c.name] == "json" else c for c in one.columns]
    statement = select(*wanted).order_by(*one.primary_key.columns)
    result = connection.execution_options(yield_per=AT_A_TIME).execute(statement)
    for row in result:
        values = {
            name: write_value(kind, value)
            for (name, kind), value in zip(kinds.items(), row, strict=True)
            if not (kind == "json" and value is None)
        }
        yield json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def kinds_of(one: Table) -> dict[str, str]:
    return {c.name: kind_of(c) for c in one.columns}


def kind_of(one: Column[Any]) -> str:
    for type_, kind in KINDS:
        if isinstance(one.type, type_):
            return kind
    raise TypeError(f"{one} has the type {one.type!r}, which backups do not know")


def write_value(kind: str, value: Any) -> Any:
    if value is None:
        return None
    if kind == "json":
        return json.loads(value)
    return value.isoformat() if kind in ("moment", "day") else value


# --- in -------------------------------------------------------------------------------------------


def load_table(connection: Connection, one: Dumped, given: Iterable[bytes]) -> int:
    """Insert the rows of a table and return how many there were."""
    target = table(one.name, *(column(name, TYPES[kind]) for name, kind in one.columns.items()))
    batch: list[dict[str, Any]] = []
    count = 0
    for line in given:
        batch.append(read_row(one.columns, json.loads(line)))
        if len(batch) == AT_A_TIME:
            connection.execute(target.insert(), batch)
            count, batch = count + len(batch), []
    if batch:
        connection.execute(target.insert(), batch)
    return count + len(batch)


def read_row(columns: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: read_value(kind, values[name]) if name in values else None
        for name, kind in columns.items()
    }


def read_value(kind: str, value: Any) -> Any:
    if kind == "json":
        return JSON.NULL if value is None else value
    if value is None:
        return None
    if kind == "moment":
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if kind == "day" else value


def go_on_counting(connection: Connection) -> None:
    """Let PostgreSQL give out ids after the largest ones; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    metadata = MetaData()
    metadata.reflect(connection)
    for one in metadata.tables.values():
        keys = list(one.primary_key.columns)
        if len(keys) != 1 or not isinstance(keys[0].type, Integer):
            continue
        name = connection.scalar(
            text("SELECT pg_get_serial_sequence(:table, :key)"),
            {"table": one.name, "key": keys[0].name},
        )
        largest = connection.scalar(select(func.max(keys[0])))
        if name and largest:
            connection.execute(text("SELECT setval(:name, :to)"), {"name": name, "to": largest})


def row_counts(connection: Connection) -> dict[str, int]:
    """Return how many rows each table holds, the migrations' own mark left out."""
    metadata = MetaData()
    metadata.reflect(connection)
    return {
        one.name: connection.scalar(select(func.count()).select_from(one)) or 0
        for one in metadata.tables.values()
        if one.name != BOOKKEEPING
    }


def drop_tables(connection: Connection) -> None:
    metadata = MetaData()
    metadata.reflect(connection)
    metadata.drop_all(connection)
