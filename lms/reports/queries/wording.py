"""Moments and days as text, written by the database: an export needs no Python object a cell."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, String, cast
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from lms.db import UtcDateTime


class moment_text(FunctionElement[str]):  # noqa: N801 - reads as the SQL function that it is
    """A moment in UTC to the minute: 2026-11-21 10:42. NULL stays NULL."""

    type = String()
    inherit_cache = True
    name = "moment_text"


@compiles(moment_text, "sqlite")
def _moment_on_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    inner = compiler.process(element.clauses, **kw)
    return f"substr({inner}, 1, 16)"


@compiles(moment_text, "postgresql")
def _moment_on_postgres(element: Any, compiler: Any, **kw: Any) -> str:
    inner = compiler.process(element.clauses, **kw)
    return f"to_char(({inner}) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')"


class latest(FunctionElement[datetime]):  # noqa: N801
    """The latest of several moments, none of them NULL."""

    type = UtcDateTime()
    inherit_cache = True
    name = "latest"


@compiles(latest, "sqlite")
def _latest_on_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"max({compiler.process(element.clauses, **kw)})"


@compiles(latest, "postgresql")
def _latest_on_postgres(element: Any, compiler: Any, **kw: Any) -> str:
    return f"greatest({compiler.process(element.clauses, **kw)})"


def share_text(
    reached: SQLColumnExpression[int], of: SQLColumnExpression[int]
) -> ColumnElement[str]:
    """Write "17 of 20"; a slash would be a date to a spreadsheet."""
    return cast(reached, String).concat(" of ").concat(cast(of, String))
