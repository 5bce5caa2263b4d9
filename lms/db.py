"""The database session, the column types, and the one place that commits."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from psycopg.pq import TransactionStatus
from sqlalchemy import (
    DateTime,
    Dialect,
    Engine,
    MetaData,
    TypeDecorator,
    bindparam,
    create_engine,
    event,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import (
    DeclarativeBase,
    ORMExecuteState,
    Session,
    SessionTransaction,
    registry,
)

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


TRUSTED = 1.0
"""For so many seconds after its last use a connection is taken to live."""

_INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment. Refuses datetimes without a zone, stores UTC, gives UTC back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone to be stored: use lms.clock.utc_now()")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The parent of every table."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={datetime: UtcDateTime()},
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": True})


def init_app(app: Flask, url: str) -> None:
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(url)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)


def engine_options(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 15, "isolation_level": None}}
    return {"pool_size": 5, "max_overflow": 10, "isolation_level": "READ COMMITTED"}


def make_engine(url: str) -> Engine:
    """Return an engine with the same settings as the app's, for tools that run without one."""
    engine = create_engine(url, **engine_options(url))
    prepare_engine(engine)
    return engine


def prepare_engine(engine: Engine) -> None:
    """Give SQLite write-ahead logging, foreign keys and an explicit BEGIN; PostgreSQL a pulse.

    SQLite's driver has implicit transactions that lose updates under concurrency, so it is set to
    begin nothing and every transaction begins here, with the mode that its opener chose.
    """
    if engine.dialect.name != "sqlite":
        if not event.contains(engine, "connect", _without_jit):
            event.listen(engine, "connect", _without_jit)
        watch_pulse(engine)
    elif not event.contains(engine, "begin", _begin):
        event.listen(engine, "connect", _prepare_connection)
        event.listen(engine, "begin", _begin)


def _without_jit(connection: Any, _record: Any) -> None:
    """Have statements run, not compiled: PostgreSQL takes up to a second to compile one that reads
    few rows but looks dear to it, such as a line of certificates, and does so each time anew."""
    connection.execute("SET jit TO off")
    connection.commit()


def watch_pulse(engine: Engine) -> None:
    """Ask a connection that lay idle whether it lives, before it is used.

    One that was used a moment ago is not asked: that would be a trip to the server each time.
    """
    if event.contains(engine, "checkin", _note_use):
        return
    event.listen(engine, "checkin", _note_use)

    @event.listens_for(engine, "checkout")
    def ask(connection: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get("used_at", math.inf) < TRUSTED:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error


def _note_use(_connection: Any, record: Any) -> None:
    record.info["used_at"] = time.monotonic()


def _prepare_connection(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        "busy_timeout = 15000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Any) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))


@contextmanager
def transaction() -> Iterator[None]:
    """Commit what the block did, or none of it.

    Opened at the edge (a route, a command, a job), around one service call.
    What was read before the block is read anew inside it, so that a decision
    never rests on an old row.

    Raises:
        RuntimeError: if a transaction block is already open; a second one would
            commit half of the first.
    """
    session = db.session()
    if session.info.get("in_transaction_block"):
        raise RuntimeError("transaction() is already open: only the edge opens it")
    _begin_to_write(session)
    session.info["in_transaction_block"] = True
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("in_transaction_block", None)


def _begin_to_write(session: Session) -> None:
    """Drop what was read, and take SQLite's write lock.

    On PostgreSQL each statement sees what was committed before it (READ COMMITTED), so the block
    goes on with the transaction in which was read, which saves two trips to the server.
    """
    if _may_go_on(session):
        session.expire_all()
        return
    session.rollback()
    session.connection(execution_options={"sqlite_begin": "BEGIN IMMEDIATE"})


def _may_go_on(session: Session) -> bool:
    """Tell whether the open transaction holds nothing but reading that went well."""
    if session.get_bind().dialect.name == "sqlite" or not session.in_transaction():
        return False
    if session.new or session.dirty or session.deleted or session.info.get("wrote"):
        return False
    driver: Any = session.connection().connection.driver_connection
    return bool(driver.info.transaction_status != TransactionStatus.INERROR)


@event.listens_for(Session, "after_flush")
def _note_flush(session: Session, _context: Any) -> None:
    session.info["wrote"] = True


@event.listens_for(Session, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> None:
    if not state.is_select:
        state.session.info["wrote"] = True


@event.listens_for(Session, "after_transaction_end")
def _forget_writes(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        session.info.pop("wrote", None)


def upsert(model: Any, *, key: tuple[str, ...], values: dict[str, Any]) -> None:
    """Insert a row, or bring the row with the same key up to date, in one statement.

    Args:
        model: a mapped class whose table has a unique constraint over `key`.
        values: column values; those outside `key` and the columns named `first_at` replace.
    """
    dialect = db.session.get_bind().dialect.name
    db.session.execute(_upsert_statement(model, dialect, key, tuple(values)), values)


@lru_cache
def _upsert_statement(
    model: Any, dialect: str, key: tuple[str, ...], names: tuple[str, ...]
) -> Any:
    statement = _INSERTS[dialect](model.__table__).values({name: bindparam(name) for name in names})
    changed = {name: statement.excluded[name] for name in names if name not in (*key, "first_at")}
    return statement.on_conflict_do_update(index_elements=list(key), set_=changed)


def end_reading() -> None:
    """Drop what was read, so that long work outside a transaction holds no connection."""
    db.session.rollback()
