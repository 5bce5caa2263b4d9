"""The door of the packages room."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lms.errors import N_, NotFound
from lms.packages import queries, services
from lms.packages.domain import Content, DraftClosed, DraftNotReady
from lms.packages.domain.changes import Change
from lms.packages.domain.findings import Finding, Report, Severity
from lms.packages.domain.identity import is_version, version_key
from lms.packages.domain.releases import MediaFacts, PackageFacts, ReleaseFacts
from lms.packages.queries import (
    catalogue,
    changes_of,
    content_of,
    current_release,
    find_current_release,
    release,
    studio_of,
)
from lms.packages.reader.amending import amended
from lms.packages.reader.check import Build, Checked, quick_digest, quick_name
from lms.packages.reader.check import check_package as check
from lms.packages.reader.quiz_rules import (
    WrittenQuizRules,
    key_as_text,
    plain_choices,
    quiz_rules_as_text,
    read_quiz_rules,
)
from lms.packages.reader.rules import WrittenRules, read_rules, rules_as_text

__all__ = [
    "Build",
    "Checked",
    "Content",
    "Finding",
    "MediaRule",
    "ReleaseFacts",
    "Report",
    "Severity",
    "Workpiece",
    "WrittenQuizRules",
    "WrittenRules",
    "add_owner",
    "amended",
    "catalogue",
    "changes_of",
    "check",
    "clear_old",
    "content_of",
    "current_release",
    "draft_digest",
    "draft_workpiece",
    "find_current_release",
    "followed_by",
    "keep_files",
    "key_as_text",
    "let_see_media",
    "may_see_media",
    "overtaken",
    "package_of",
    "package_workpiece",
    "plain_choices",
    "publish_build",
    "published_from",
    "quiz_rules_as_text",
    "read_quiz_rules",
    "read_rules",
    "release",
    "rules_as_text",
    "slugs_of",
    "studio_of",
    "upload_draft",
]

MediaRule = Callable[[int, frozenset[str]], bool]
"""Given a person's id and the digests of builds: may they see what one of the builds shows?"""

_media_rules: list[MediaRule] = []

add_owner = services.add_owner
keep_files = services.keep_files
upload_draft = services.upload_draft


@dataclass(frozen=True)
class Workpiece:
    """A build that its owner may work on: the current release of a package, or an open draft.

    `source` is the digest of its zip in the store.
    """

    slug: str
    version: str
    title: str
    digest: str
    source: str


def package_workpiece(slug: str, *, person_id: int, everything: bool) -> Workpiece:
    """Return the current release of a package that the person owns (or any, with `everything`).

    Raises:
        NotFound: if there is none, or it is somebody else's.
    """
    package = queries.package_of(person_id, slug, everything=everything)
    if not package.releases:
        raise NotFound(N_("You have no package of this name."))
    newest, source = queries.release_of(person_id, package.releases[0].id, everything=everything)
    return Workpiece(slug, newest.version, newest.title, newest.digest, source)


def draft_workpiece(draft_id: int, *, person_id: int, everything: bool) -> Workpiece:
    """Return a draft that the person uploaded (or any, with `everything`).

    Raises:
        NotFound: if the person has no such draft.
        DraftNotReady: if it is still being checked or holds errors.
        DraftClosed: if it was published or withdrawn.
    """
    draft = queries.draft_of(person_id, draft_id, everything=everything)
    source = queries.draft_source(draft_id)
    if source is None:
        raise DraftClosed
    if draft.digest is None:
        raise DraftNotReady
    return Workpiece(draft.slug, draft.version, draft.title, draft.digest, source)


def slugs_of(person_id: int) -> frozenset[str]:
    """Return the slugs of the published packages that a person owns."""
    return frozenset(package.slug for package in queries.packages_of(person_id, everything=False))


def package_of(person_id: int, slug: str, *, everything: bool) -> PackageFacts:
    """Return a package that the person owns (or any, with `everything`), with its releases.

    Raises:
        NotFound: if there is none, or it is somebody else's.
    """
    return queries.package_of(person_id, slug, everything=everything)


def followed_by(follower: services.Follower) -> None:
    """Name who looks after people when a further release is published, once.

    The follower is called as `follower(change, slug, now=…)`, inside the transaction, and writes
    down what is to be done.
    """
    if follower not in services.followers:
        services.followers.append(follower)


def publish_build(
    build: Build,
    *,
    source: str,
    person_id: int | None,
    now: datetime,
    change: Change | None = None,
) -> ReleaseFacts:
    """Publish a build inside the caller's transaction; `source` is what `keep_files` returned.

    Args:
        change: of a further release; None = as the comparison finds, nobody is moved.

    Raises:
        ReleaseExists, VersionNotNewer: if its version is taken or not above the last one.
        ReasonMissing: if the change says no reason.
    """
    return services.publish_build(build, source=source, person_id=person_id, now=now, change=change)


def published_from(path: Path) -> ReleaseFacts | None:
    """Return the release that was made from exactly these files, without checking them again."""
    digest = quick_digest(path)
    return queries.find_release(digest) if digest is not None else None


def overtaken(path: Path) -> ReleaseFacts | None:
    """Return the current release of the package in a folder, if its version is as high or higher.

    None where these files may still become the next release, as far as their version goes.
    """
    named = quick_name(path)
    current = queries.find_current_release(named[0]) if named is not None else None
    if named is None or current is None or not is_version(named[1]):
        return None
    return current if version_key(current.version) >= version_key(named[1]) else None


def draft_digest(draft_id: int, *, person_id: int, everything: bool) -> str:
    """Return the digest of a draft's content, for the preview.

    Args:
        everything: whether the person may see everybody's drafts.

    Raises:
        NotFound: if the person has no such draft.
        DraftNotReady: if it is still being checked or holds errors.
    """
    draft = queries.draft_of(person_id, draft_id, everything=everything)
    if draft.digest is None:
        raise DraftNotReady
    return draft.digest


def let_see_media(rule: MediaRule) -> MediaRule:
    """Register who else may see media, besides owners: rooms above know who is enrolled."""
    if rule not in _media_rules:
        _media_rules.append(rule)
    return rule


def may_see_media(person_id: int, media: MediaFacts, *, everything: bool) -> bool:
    """Tell whether a person may see a file that pages of some builds show."""
    return (
        everything
        or any(rule(person_id, media.builds) for rule in _media_rules)
        or queries.owns_any(person_id, media.builds)
    )


def clear_old(*, now: datetime) -> int:
    """Delete drafts whose time is over; return how many."""
    return services.clear_old(now=now)
