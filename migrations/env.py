"""How Alembic reaches the app's database: through the engine that the app itself uses."""

from alembic import context
from flask import current_app

from lms.db import Base

config = context.config


def render_item(kind, item, autogen_context):
    """Write our own column type in a migration as what it is in the database."""
    if kind == "type" and type(item).__name__ == "UtcDateTime":
        return "sa.DateTime(timezone=True)"
    return False


def keys_checked(connection, *, at_once: bool) -> None:
    """Tell SQLite whether to check references at once.

    A table is changed there by making it anew and dropping the old one, which rows that refer to
    it would forbid. So they are checked at the end, inside the same transaction.
    """
    if connection.dialect.name == "sqlite":
        connection.connection.execute(f"PRAGMA foreign_keys = {'ON' if at_once else 'OFF'}")


def check_references(connection) -> None:
    """Refuse what the migrations left if a row refers to nothing.

    Raises:
        RuntimeError: with the tables; nothing of the upgrade is kept then.
    """
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(f"rows refer to nothing in: {sorted({row[0] for row in broken})}")


def run_migrations_online() -> None:
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        keys_checked(connection, at_once=False)
        connection = connection.execution_options(sqlite_begin="BEGIN IMMEDIATE")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            render_item=render_item,
            compare_type=True,
            transaction_per_migration=False,
            transactional_ddl=True,  # SQLite can, though Alembic does not expect it
        )
        try:
            with context.begin_transaction():
                context.run_migrations()
                check_references(connection)
        finally:
            keys_checked(connection, at_once=True)


if context.is_offline_mode():
    raise SystemExit("Migrations run against a database; offline scripts are not written.")
run_migrations_online()
