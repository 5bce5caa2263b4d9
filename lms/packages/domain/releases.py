"""Releases and drafts as other code sees them, and when a build may become a release."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lms.errors import LmsError
from lms.packages.domain.errors import NotYourPackage, ReleaseExists, VersionNotNewer
from lms.packages.domain.findings import Report
from lms.packages.domain.identity import version_key


@dataclass(frozen=True)
class ReleaseFacts:
    """A release; `digest` names its content."""

    id: int
    slug: str
    version: str
    digest: str
    title: str
    published_at: datetime


@dataclass(frozen=True)
class Candidate:
    """A build that somebody wants to publish."""

    slug: str
    version: str
    digest: str
    title: str


@dataclass(frozen=True)
class MediaFacts:
    """A file that pages show, and the builds whose pages show it."""

    digest: str
    extension: str
    media_type: str
    builds: frozenset[str]


class DraftState(StrEnum):
    CHECKING = "checking"
    FAULTY = "faulty"  # its report holds errors
    WAITING = "waiting"  # sound, but some cases wait for their panel
    READY = "ready"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class DraftFacts:
    """A draft with what is known of it; `report` and `digest` are None until it was checked."""

    id: int
    owner_id: int
    file_name: str
    uploaded_at: datetime
    state: DraftState
    job_id: int | None
    slug: str
    version: str
    title: str
    report: Report | None
    digest: str | None
    seconds: float
    checked_at: datetime | None

    @property
    def open(self) -> bool:
        return self.state not in (DraftState.PUBLISHED, DraftState.WITHDRAWN)


@dataclass(frozen=True)
class WaitingDraft:
    """An open draft whose check found something; `findings` is how much."""

    id: int
    title: str
    findings: int


@dataclass(frozen=True)
class Studio:
    """What of packages waits for a creator: drafts with findings; and the titles of the packages
    that are theirs, by slug."""

    drafts: tuple[WaitingDraft, ...]
    titles: dict[str, str]


@dataclass(frozen=True)
class PackageFacts:
    """A package with its releases, the newest first."""

    slug: str
    owners: frozenset[int]
    releases: tuple[ReleaseFacts, ...]

    def may_publish(self, person_id: int, *, everything: bool) -> bool:
        return everything or person_id in self.owners


def draft_state(
    *, checked: bool, digest: str | None, end: str | None, waits: bool = False
) -> DraftState:
    if end is not None:
        return DraftState(end)
    if not checked:
        return DraftState.CHECKING
    if digest is None:
        return DraftState.FAULTY
    return DraftState.WAITING if waits else DraftState.READY


def obstacle(
    candidate: Candidate, *, package: PackageFacts | None, allowed: bool
) -> LmsError | None:
    """Return why a build cannot become a release, or None where it can.

    Args:
        package: what is published under the slug; None if nothing is.
        allowed: whether the person may publish under the slug, if something is.
    """
    if package is None:
        return None
    if not allowed:
        return NotYourPackage(candidate.slug)
    return _version_obstacle(candidate, package.releases)


def _version_obstacle(candidate: Candidate, releases: Sequence[ReleaseFacts]) -> LmsError | None:
    for release in releases:
        if release.version == candidate.version or release.digest == candidate.digest:
            return ReleaseExists(candidate.slug, release.version)
    last = max(releases, key=lambda release: version_key(release.version), default=None)
    if last is not None and version_key(candidate.version) <= version_key(last.version):
        return VersionNotNewer(candidate.slug, candidate.version, last.version)
    return None
