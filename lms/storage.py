"""Files by the SHA-256 of their bytes: a folder by default, S3 by configuration."""

import contextlib
import hashlib
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import current_app
from obstore.exceptions import AlreadyExistsError, NotFoundError
from obstore.store import LocalStore, S3Store

from lms.errors import N_, NotFound


class Store:
    """Where bytes are kept. Made lazily in each process: the engine underneath must not see a fork.

    Args:
        url: file:///folder, or s3://bucket/prefix with the usual AWS_* variables.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._engine: LocalStore | S3Store | None = None
        self.folder = _folder(url)

    @property
    def engine(self) -> LocalStore | S3Store:
        if self._engine is None:
            if self.folder is not None:
                self._engine = LocalStore(self.folder, mkdir=True)
            else:
                self._engine = S3Store.from_url(self._url)
        return self._engine

    def put(self, data: bytes) -> str:
        """Keep the bytes and return their SHA-256 in hexadecimal. Twice the same is one file."""
        digest = hashlib.sha256(data).hexdigest()
        with contextlib.suppress(AlreadyExistsError):
            self.engine.put(_key(digest), data, mode="create")
        return digest

    def put_file(self, path: Path) -> str:
        """Keep what a file holds, however large it is, and return its SHA-256."""
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if not self.exists(digest):
            self.engine.put(_key(digest), path)
        return digest

    def get(self, digest: str) -> bytes:
        """Return the bytes.

        Raises:
            NotFound: if nothing with this digest is kept.
        """
        try:
            return bytes(self.engine.get(_key(digest)).bytes())
        except (NotFoundError, FileNotFoundError) as error:
            raise NotFound(N_("The file is not in the store.")) from error

    def remove(self, digest: str) -> None:
        """Take a file out for good; done before, do nothing."""
        with contextlib.suppress(NotFoundError, FileNotFoundError):
            self.engine.delete(_key(digest))

    def exists(self, digest: str) -> bool:
        try:
            self.engine.head(_key(digest))
        except (NotFoundError, FileNotFoundError):
            return False
        return True

    def path_of(self, digest: str) -> Path | None:
        """Return the file on this machine's disk, or None where the store is elsewhere."""
        if self.folder is None:
            return None
        path = self.folder / _key(digest)
        return path if path.is_file() else None


def put(data: bytes) -> str:
    return _store().put(data)


def put_file(path: Path) -> str:
    return _store().put_file(path)


def get(digest: str) -> bytes:
    return _store().get(digest)


def exists(digest: str) -> bool:
    return _store().exists(digest)


def remove(digest: str) -> None:
    """Take bytes out that nothing in the database needs any more: after an erasure, or when what
    is kept for a while only is cleared away."""
    _store().remove(digest)


def path_of(digest: str) -> Path | None:
    return _store().path_of(digest)


def _store() -> Store:
    store = current_app.extensions["concord_store"]
    assert isinstance(store, Store)
    return store


def _key(digest: str) -> str:
    if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise ValueError("a file is named by 64 hexadecimal digits")
    return f"{digest[:2]}/{digest}"


def _folder(url: str) -> Path | None:
    parts = urlsplit(url)
    return Path(unquote(parts.path)) if parts.scheme == "file" else None
