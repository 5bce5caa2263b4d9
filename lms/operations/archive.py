"""The backup file: a tar whose first member says what all the others are and how they hash."""

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

from lms.errors import LmsError
from lms.operations.tables import TYPES, Dumped

FORMAT: Final = "concord-backup/1"
MANIFEST: Final = "manifest.json"
LARGEST_MANIFEST: Final = 512 * 1024 * 1024
DIGEST: Final = re.compile(r"[0-9a-f]{64}")
NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
KEY_NAME: Final = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9._-]*/)?[A-Za-z0-9][A-Za-z0-9._-]*")
PIECE: Final = 1024 * 1024


class BadBackup(LmsError):
    """The file is not a backup, or not the one that was written."""


@dataclass(frozen=True)
class KeyFile:
    """A file with a key or a root, by its path below the data folder."""

    path: str
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds.

    Args:
        revision: of the migrations that the tables are at.
        tables: in the order in which they can be loaded.
        files: digests of the kept files.
    """

    made_at: str
    version: str
    database: str
    revision: str
    tables: tuple[Dumped, ...]
    files: tuple[str, ...]
    keys: tuple[KeyFile, ...]

    def members(self) -> dict[str, str]:
        """Return the SHA-256 of every member but the manifest, by its name, in order."""
        return {
            **{table_member(one.name): one.sha256 for one in self.tables},
            **{key_member(one.path): one.sha256 for one in self.keys},
            **{file_member(digest): digest for digest in self.files},
        }

    def to_json(self) -> bytes:
        data = {"format": FORMAT, **asdict(self)}
        return json.dumps(data, ensure_ascii=False, indent=1).encode()


def table_member(name: str) -> str:
    return f"tables/{name}.jsonl"


def key_member(path: str) -> str:
    return f"keys/{path}"


def file_member(digest: str) -> str:
    return f"files/{digest[:2]}/{digest}"


# --- writing --------------------------------------------------------------------------------------


def write_archive(
    target: IO[bytes], manifest: Manifest, tables: Path, keys: Path, read: Callable[[str], bytes]
) -> None:
    """Write the backup.

    Args:
        tables: folder with one file a table; keys: the data folder.
        read: gives the bytes of a kept file.
    """
    with tarfile.open(fileobj=target, mode="w:gz", compresslevel=6) as archive:
        add_bytes(archive, MANIFEST, manifest.to_json())
        for one in manifest.tables:
            archive.add(tables / f"{one.name}.jsonl", table_member(one.name), filter=plain)
        for key in manifest.keys:
            archive.add(keys / key.path, key_member(key.path), filter=plain)
        for digest in manifest.files:
            add_bytes(archive, file_member(digest), read(digest))


def add_bytes(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    member = plain(tarfile.TarInfo(name))
    member.size = len(data)
    archive.addfile(member, io.BytesIO(data))


def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Say nothing of the machine: who owned a file and when it was touched."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mtime, member.mode = 0, 0o600
    return member


# --- reading --------------------------------------------------------------------------------------


def read_manifest(file: Path) -> Manifest:
    """Read what a backup says that it holds.

    Raises:
        BadBackup: if it is not a backup, or in a format that this version does not know.
    """
    with opened(file) as archive:
        first = archive.next()
        if first is None or first.name != MANIFEST or first.size > LARGEST_MANIFEST:
            raise BadBackup("%(file)s is not a backup of Concord.", file=file)
        return manifest_from_json(_bytes(archive, first), file)


def manifest_from_json(raw: bytes, file: Path) -> Manifest:
    try:
        data: dict[str, Any] = json.loads(raw)
        if data.pop("format") != FORMAT:
            raise BadBackup(
                "%(file)s has a backup format that this version does not know. "
                "Use the version of Concord that it names in its manifest.json.",
                file=file,
            )
        manifest = Manifest(
            tables=tuple(Dumped(**one) for one in data.pop("tables")),
            keys=tuple(KeyFile(**one) for one in data.pop("keys")),
            files=tuple(data.pop("files")),
            **data,
        )
        sound = (
            all(NAME.fullmatch(one.name) for one in manifest.tables)
            and all(kind in TYPES for one in manifest.tables for kind in one.columns.values())
            and all(NAME.fullmatch(name) for one in manifest.tables for name in one.columns)
            and all(DIGEST.fullmatch(digest) for digest in manifest.files)
            and all(KEY_NAME.fullmatch(one.path) for one in manifest.keys)
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadBackup("The manifest of %(file)s cannot be read.", file=file) from error
    if not sound:
        raise BadBackup("The manifest of %(file)s names things that no backup holds.", file=file)
    return manifest


def verify(file: Path, manifest: Manifest) -> None:
    """Hash every member against the manifest.

    Raises:
        BadBackup: if one differs, is missing or is not in the manifest.
    """
    awaited = manifest.members()
    for name, pieces in members(file):
        digest = hashlib.sha256()
        for piece in pieces:
            digest.update(piece)
        if awaited.pop(name, None) != digest.hexdigest():
            raise BadBackup(
                "%(file)s was changed or damaged: %(name)s is not what was written. "
                "Nothing was restored. Take another backup.",
                file=file,
                name=name,
            )
    if awaited:
        raise BadBackup(
            "%(file)s is not whole: %(name)s is missing. Nothing was restored.",
            file=file,
            name=next(iter(awaited)),
        )


def members(file: Path) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yield each member after the manifest: its name and its bytes in pieces.

    Nothing is ever written where a name says; the caller asks for known names only.
    """
    with opened(file) as archive:
        archive.next()
        while (member := archive.next()) is not None:
            if not member.isreg():
                raise BadBackup("%(file)s holds something that is no file.", file=file)
            yield str(PurePosixPath(member.name)), _pieces(archive, member)


def opened(file: Path) -> "_Archive":
    return _Archive(file)


class _Archive:
    """An open tar whose faults are told as sentences."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.tar: tarfile.TarFile | None = None

    def __enter__(self) -> tarfile.TarFile:
        try:
            self.tar = tarfile.open(self.file, "r|gz")
        except (OSError, tarfile.TarError, EOFError) as error:
            raise BadBackup(
                "%(file)s cannot be read as a backup: %(problem)s",
                file=self.file,
                problem=str(error) or type(error).__name__,
            ) from error
        return self.tar

    def __exit__(self, _type: Any, error: BaseException | None, _trace: Any) -> None:
        if self.tar is not None:
            self.tar.close()
        if isinstance(error, OSError | tarfile.TarError | EOFError):
            raise BadBackup(
                "%(file)s is damaged: %(problem)s. Nothing was restored.",
                file=self.file,
                problem=str(error) or type(error).__name__,
            ) from error


def _pieces(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Iterator[bytes]:
    source = archive.extractfile(member)
    assert source is not None
    while piece := source.read(PIECE):
        yield piece


def _bytes(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    return b"".join(_pieces(archive, member))
