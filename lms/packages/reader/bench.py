"""What one check works on: the files, the findings so far, and the media that came out of them."""

import time
from dataclasses import dataclass, field
from hashlib import sha256

from lms.errors import N_
from lms.packages.reader.findings import Findings, Place
from lms.packages.reader.source import Source

LONGEST_CHECK = 200.0  # seconds; below the lease under which a worker holds the job


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
    ends_at: float = field(default_factory=lambda: time.monotonic() + LONGEST_CHECK)

    @property
    def seconds_left(self) -> float:
        """How long the check may still take; at least a moment, so that it can be a time limit."""
        return max(0.001, self.ends_at - time.monotonic())

    def in_time(self) -> bool:
        """Tell whether there is time for another file; a finding says so when there is none."""
        if time.monotonic() < self.ends_at:
            return True
        self.findings.error(
            Place(""),
            N_("The check took longer than %(most)s s and was ended."),
            N_("Make pictures and films smaller, and split what is long."),
            most=round(LONGEST_CHECK),
        )
        return False

    def data(self, path: str) -> bytes | None:
        """Return a file's bytes, and note that it is used; None if there is no such file."""
        if path in self.source.files:
            self.used.add(path)
        return self.source.files.get(path)

    def keep(self, data: bytes, extension: str, media_type: str) -> Blob:
        digest = sha256(data).hexdigest()
        return self.blobs.setdefault(digest, Blob(digest, extension, media_type, data))
