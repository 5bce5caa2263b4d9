"""What one check works on: the files, the findings so far, and the media that came out of them."""

from dataclasses import dataclass, field
from hashlib import sha256

from lms.packages.reader.findings import Findings
from lms.packages.reader.source import Source


@dataclass(frozen=True)
class Blob:
    """A file that pages will show, named by the digest of its bytes."""

    digest: str
    extension: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass
class Bench:
    source: Source
    findings: Findings
    blobs: dict[str, Blob] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def data(self, path: str) -> bytes | None:
        """Return a file's bytes, and note that it is used; None if there is no such file."""
        if path in self.source.files:
            self.used.add(path)
        return self.source.files.get(path)

    def keep(self, data: bytes, extension: str, media_type: str) -> Blob:
        digest = sha256(data).hexdigest()
        return self.blobs.setdefault(digest, Blob(digest, extension, media_type, data))
