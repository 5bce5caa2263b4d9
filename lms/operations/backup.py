"""`./concord lms backup` and `restore`: everything in one file, for either database.

The file holds the tables as lines of JSON, the kept files, and the keys of the data folder. It can
be restored into SQLite or PostgreSQL, whichever it came from, and by a later version, which loads
it into the tables of its time and then migrates them.
"""

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Final

import click
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import upgrade
from sqlalchemy import Connection, Engine

from lms import __version__
from lms.audit import api as audit
from lms.clock import utc_now
from lms.config import Settings
from lms.db import Base, db
from lms.errors import LmsError
from lms.operations.archive import (
    DIGEST,
    BadBackup,
    KeyFile,
    Manifest,
    file_member,
    key_member,
    members,
    read_manifest,
    table_member,
    verify,
    write_archive,
)
from lms.operations.context import app_context
from lms.operations.tables import (
    drop_tables,
    dump_tables,
    go_on_counting,
    load_table,
    row_counts,
)
from lms.storage import Store

MIGRATIONS: Final = Path(__file__).resolve().parents[2] / "migrations"
KEY_FILES: Final = ("secret-key", "trust-root.pem")
KEY_FOLDER: Final = "authority"


class CannotBackUp(LmsError):
    """There is nothing to back up, or nowhere to put it."""


class CannotRestore(LmsError):
    """The place is not free, or the backup does not fit this version."""


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write everything to FILE (name.tar.gz): tables, files, keys. The server may go on.

    The file holds secrets; keep it where only those may read who run this site.
    """
    with app_context():
        manifest = write_backup(file, now=utc_now())
        rows = sum(one.rows for one in manifest.tables)
        click.echo(
            f"Wrote {file}: {rows} rows of {len(manifest.tables)} tables, "
            f"{len(manifest.files)} files, {len(manifest.keys)} key files."
        )
        if settings().signer_p12:
            click.echo(
                "The signing key (CONCORD_SIGNER_P12) is not in it. Keep a copy of it apart."
            )


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Take away what is there, after backing it up.")
def restore(file: Path, replace: bool) -> None:
    """Bring back everything from FILE into an empty database. Stop the server before.

    Exit 1 if everything was loaded and the audit trail is broken all the same.
    """
    with app_context():
        manifest = read_manifest(file)
        verify(file, manifest)
        kept = make_room(replace=replace, now=utc_now())
        if kept is not None:
            click.echo(f"What was there is in {kept}.")
        load_backup(file, manifest, now=utc_now())
        click.echo(
            f"Restored {sum(one.rows for one in manifest.tables)} rows, "
            f"{len(manifest.files)} files and {len(manifest.keys)} key files "
            f"from {manifest.made_at}."
        )
        broken = audit.broken_links()
        if broken:
            click.echo(
                f"The audit trail is broken at the events {', '.join(map(str, broken))}. It was so "
                "when the backup was made, for the backup itself is whole.",
                err=True,
            )
            sys.exit(1)
        click.echo(f"The audit trail is whole: {audit.count_events()} events.")


# --- writing --------------------------------------------------------------------------------------


def write_backup(file: Path, *, now: datetime) -> Manifest:
    """Write a backup of the app's database, store and keys, and return what it holds.

    The tables are read in one snapshot; files are never changed, so those that the snapshot
    names are among those listed after it. The file appears whole or not at all.

    Raises:
        CannotBackUp: if the database was never migrated, or the file cannot be written.
        CannotDump: if the database holds tables that this version does not know.
    """
    try:
        with tempfile.TemporaryDirectory(dir=file.resolve().parent) as folder:
            beside = Path(folder) / "backup"
            manifest = _write(Path(folder), beside, now=now)
            beside.replace(file)
    except OSError as error:
        raise CannotBackUp(
            "%(file)s cannot be written: %(problem)s.", file=file, problem=error.strerror or error
        ) from error
    return manifest


def _write(folder: Path, beside: Path, *, now: datetime) -> Manifest:
    engine, data = db.engine, settings().data
    with snapshot(engine) as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
        if revision is None:
            raise CannotBackUp(
                "The database has no tables of Concord yet; there is nothing to back up."
            )
        tables = dump_tables(connection, Base.metadata, folder)
    manifest = Manifest(
        made_at=now.isoformat(timespec="seconds"),
        version=__version__,
        database=engine.dialect.name,
        revision=revision,
        tables=tuple(tables),
        files=tuple(kept_files(store())),
        keys=tuple(key_files(data)),
    )
    with private_file(beside) as target:
        write_archive(target, manifest, folder, data, store().get)
    return manifest


def snapshot(engine: Engine) -> Connection:
    """Return a connection that sees one moment of the database, whatever others write."""
    if engine.dialect.name == "postgresql":
        return engine.connect().execution_options(isolation_level="REPEATABLE READ")
    return engine.connect()


def kept_files(where: Store) -> list[str]:
    """Return the digests of all kept files; what else lies in the store is not ours."""
    names = (entry["path"].rpartition("/")[2] for bundle in where.engine.list() for entry in bundle)
    return sorted(name for name in names if DIGEST.fullmatch(name))


def key_files(data: Path) -> Iterator[KeyFile]:
    found = [data / name for name in KEY_FILES]
    found += sorted((data / KEY_FOLDER).glob("[!.]*")) if (data / KEY_FOLDER).is_dir() else []
    for path in found:
        if path.is_file():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            yield KeyFile(path.relative_to(data).as_posix(), digest)


# --- restoring ------------------------------------------------------------------------------------


def make_room(*, replace: bool, now: datetime) -> Path | None:
    """See that the database is empty; with `replace`, back it up and drop its tables.

    Returns:
        the backup of what was there, None where nothing was.

    Raises:
        CannotRestore: if it is not empty and `replace` was not asked for.
    """
    with db.engine.connect() as connection:
        rows = row_counts(connection)
    kept = None
    if sum(rows.values()):
        largest = max(rows, key=lambda name: rows[name])
        if not replace:
            raise CannotRestore(
                "The database is not empty: %(table)s holds %(rows)s rows. Name another one in "
                "DATABASE_URL (or another folder in CONCORD_DATA), or say --replace.",
                table=largest,
                rows=rows[largest],
            )
        kept = settings().data / f"before-restore-{now:%Y%m%d-%H%M%S}.tar.gz"
        write_backup(kept, now=now)
    with db.engine.begin() as connection:
        drop_tables(connection)
    return kept


def load_backup(file: Path, manifest: Manifest, *, now: datetime) -> None:
    """Load a verified backup into a database without tables, in one transaction.

    The tables are those of the backup's own time; migrations follow after.

    Raises:
        CannotRestore: if the backup comes from a later version.
        BadBackup: if the file changed since it was verified.
    """
    known = {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    if manifest.revision not in known:
        raise CannotRestore(
            "The backup was made by Concord %(version)s, which is later than this one "
            "(%(own)s). Install that version, or a later one.",
            version=manifest.version,
            own=__version__,
        )
    upgrade(directory=str(MIGRATIONS), revision=manifest.revision)
    engine = db.engine.execution_options(sqlite_begin="BEGIN IMMEDIATE")
    with engine.begin() as connection:
        load_members(file, manifest, connection)
        go_on_counting(connection)
    upgrade(directory=str(MIGRATIONS))
    bring_keys(file, manifest, now=now)
    db.session.remove()
    db.engine.dispose()


def load_members(file: Path, manifest: Manifest, connection: Connection) -> None:
    tables = {table_member(one.name): one for one in manifest.tables}
    files = {file_member(digest): digest for digest in manifest.files}
    for name, pieces in members(file):
        if one := tables.get(name):
            if load_table(connection, one, whole_lines(pieces)) != one.rows:
                raise BadBackup(
                    "%(file)s does not hold all rows of %(name)s.", file=file, name=name
                )
        elif (digest := files.get(name)) and store().put(b"".join(pieces)) != digest:
            raise BadBackup("%(file)s changed while it was read.", file=file)


def whole_lines(pieces: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole
    if rest:
        yield rest


def bring_keys(file: Path, manifest: Manifest, *, now: datetime) -> None:
    """Put the keys in their place; an authority that is there already is moved aside."""
    data = settings().data
    wanted = {key_member(one.path): one.path for one in manifest.keys}
    if (data / KEY_FOLDER).is_dir():
        shutil.move(data / KEY_FOLDER, data / f"{KEY_FOLDER}-before-{now:%Y%m%d-%H%M%S}")
    for name, pieces in members(file):
        if path := wanted.get(name):
            write_secret(data / path, b"".join(pieces))


def write_secret(target: Path, content: bytes) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.new")
    beside.unlink(missing_ok=True)
    with private_file(beside) as file:
        file.write(content)
    beside.replace(target)


def private_file(path: Path) -> IO[bytes]:
    """Open a new file that nobody else may read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def settings() -> Settings:
    found = current_app.config["SETTINGS"]
    assert isinstance(found, Settings)
    return found


def store() -> Store:
    found = current_app.extensions["concord_store"]
    assert isinstance(found, Store)
    return found
