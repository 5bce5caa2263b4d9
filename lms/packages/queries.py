"""Every read of packages, drafts, releases and their media."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine, Row, Select, event, func, literal, null, select, union_all

from lms.db import db
from lms.errors import N_, NotFound
from lms.packages.domain.changes import Change, ChangeClass, Policy
from lms.packages.domain.changes import ReleaseChange as ChangeFacts
from lms.packages.domain.content import Content, content_from_json
from lms.packages.domain.findings import Report
from lms.packages.domain.releases import (
    DraftFacts,
    MediaFacts,
    PackageFacts,
    ReleaseFacts,
    Studio,
    WaitingDraft,
    draft_state,
)
from lms.packages.models import (
    Build,
    Draft,
    DraftEnd,
    DraftReport,
    MediaFile,
    Owner,
    Package,
    Release,
    ReleaseChange,
)

_RELEASE = (
    Release.id,
    Package.slug,
    Release.version,
    Release.digest,
    Release.title,
    Release.published_at,
)


@lru_cache(maxsize=64)
def content_of(digest: str) -> Content:
    """Return a compiled package; read once in a process, for what a digest names never changes.

    Raises:
        NotFound: if nothing with this digest was compiled here.
    """
    content = db.session.scalar(select(Build.content).where(Build.digest == digest))
    if content is None:
        raise NotFound(N_("There is no such package."))
    return content_from_json(content)


@lru_cache(maxsize=512)
def release(release_id: int) -> ReleaseFacts:
    """Return a release; read once in a process, for releases never change.

    Raises:
        NotFound: if there is none with this id.
    """
    row = db.session.execute(_releases().where(Release.id == release_id)).first()
    if row is None:
        raise NotFound(N_("There is no such release."))
    return ReleaseFacts(*row)


@event.listens_for(Engine, "engine_disposed")
def _forget(_engine: Engine) -> None:
    """Another database may come behind the same engine: after a restore, and between tests."""
    release.cache_clear()
    content_of.cache_clear()


def current_release(slug: str) -> ReleaseFacts:
    """Return the release that people who begin today are put on.

    Raises:
        NotFound: if nothing is published under the slug.
    """
    found = find_current_release(slug)
    if found is None:
        raise NotFound(N_("There is no module of this name."))
    return found


def find_current_release(slug: str) -> ReleaseFacts | None:
    row = db.session.execute(
        _releases().where(Package.slug == slug).order_by(Release.id.desc()).limit(1)
    ).first()
    return ReleaseFacts(*row) if row is not None else None


def catalogue() -> list[ReleaseFacts]:
    """Return the current release of every package, by title."""
    newest = select(func.max(Release.id)).group_by(Release.package_id)
    rows = db.session.execute(
        _releases().where(Release.id.in_(newest)).order_by(Release.title, Release.id)
    )
    return [ReleaseFacts(*row) for row in rows]


def find_release(digest: str) -> ReleaseFacts | None:
    """Return the release of a digest, or None if it was not published."""
    row = db.session.execute(_releases().where(Release.digest == digest)).first()
    return ReleaseFacts(*row) if row is not None else None


def find_package(slug: str) -> PackageFacts | None:
    found = _packages(select(Package.id).where(Package.slug == slug))
    return found[0] if found else None


def package_of(person_id: int, slug: str, *, everything: bool) -> PackageFacts:
    """Return a package that the person owns (or any, with `everything`).

    Raises:
        NotFound: if there is none, or it is somebody else's.
    """
    found = find_package(slug)
    if found is None or not found.may_publish(person_id, everything=everything):
        raise NotFound(N_("You have no package of this name."))
    return found


def packages_of(person_id: int, *, everything: bool) -> list[PackageFacts]:
    """Return the packages that the person owns (or all), by slug."""
    ids = select(Package.id)
    if not everything:
        ids = select(Owner.package_id).where(Owner.person_id == person_id)
    return _packages(ids)


def release_of(person_id: int, release_id: int, *, everything: bool) -> tuple[ReleaseFacts, str]:
    """Return a release of a package that the person owns, and the digest of its source zip.

    Raises:
        NotFound: if there is none, or it is somebody else's.
    """
    found = release(release_id)
    package_of(person_id, found.slug, everything=everything)
    source = db.session.scalar(select(Build.source).where(Build.digest == found.digest))
    return found, str(source)


def changes_of(slug: str) -> list[ChangeFacts]:
    """Return what each further release of a package changes, the newest first."""
    rows = db.session.scalars(
        select(ReleaseChange)
        .join(Release, Release.id == ReleaseChange.release_id)
        .join(Package, Package.id == Release.package_id)
        .where(Package.slug == slug)
        .order_by(ReleaseChange.release_id.desc())
    )
    return [
        ChangeFacts(
            release_id=row.release_id,
            before_id=row.before_id,
            change=Change(ChangeClass(row.kind), Policy(row.policy), row.reason),
            found=ChangeClass(row.found),
            said_by=row.said_by,
            said_at=row.said_at,
        )
        for row in rows
    ]


def draft_of(person_id: int, draft_id: int, *, everything: bool) -> DraftFacts:
    """Return a draft that the person uploaded (or any, with `everything`).

    Raises:
        NotFound: if there is none, or it is somebody else's.
    """
    wanted = _drafts().where(Draft.id == draft_id)
    if not everything:
        wanted = wanted.where(Draft.owner_id == person_id)
    row = db.session.execute(wanted).first()
    if row is None:
        raise NotFound(N_("You have no such draft."))
    return _draft(row)


def open_drafts_of(
    person_id: int, *, everything: bool, slug: str | None = None
) -> list[DraftFacts]:
    """Return drafts that are neither published nor withdrawn, the newest first."""
    wanted = _drafts().where(DraftEnd.draft_id.is_(None)).order_by(Draft.id.desc()).limit(200)
    if not everything:
        wanted = wanted.where(Draft.owner_id == person_id)
    if slug is not None:
        wanted = wanted.where(DraftReport.slug == slug)
    return [_draft(row) for row in db.session.execute(wanted)]


def studio_of(person_id: int) -> Studio:
    """Return what waits for a creator in the studio, in one statement."""
    drafts = (
        select(
            Draft.id,
            func.coalesce(func.nullif(DraftReport.title, ""), Draft.file_name),
            func.json_array_length(DraftReport.findings),
            literal(""),
        )
        .join(DraftReport, DraftReport.draft_id == Draft.id)
        .outerjoin(DraftEnd, DraftEnd.draft_id == Draft.id)
        .where(Draft.owner_id == person_id, DraftEnd.draft_id.is_(None))
        .where(func.json_array_length(DraftReport.findings) > 0)
    )
    newest = (
        select(Release.title)
        .where(Release.package_id == Package.id)
        .order_by(Release.id.desc())
        .limit(1)
    )
    owned = (
        select(null(), Package.slug, null(), newest.scalar_subquery())
        .join(Owner, Owner.package_id == Package.id)
        .where(Owner.person_id == person_id)
    )
    rows = db.session.execute(union_all(drafts, owned)).all()
    return Studio(
        drafts=tuple(
            sorted((WaitingDraft(*row[:3]) for row in rows if row[0]), key=lambda one: -one.id)
        ),
        titles={row[1]: row[3] or row[1] for row in rows if not row[0]},
    )


def draft_source(draft_id: int) -> str | None:
    """Return the digest of a draft's zip; None if there is no such draft or it has ended."""
    return db.session.scalar(
        select(Draft.source)
        .outerjoin(DraftEnd, DraftEnd.draft_id == Draft.id)
        .where(Draft.id == draft_id, DraftEnd.draft_id.is_(None))
    )


def find_media(digest: str, extension: str) -> MediaFacts | None:
    """Return a file that pages show, or None if no build has it."""
    rows = db.session.execute(
        select(MediaFile.media_type, MediaFile.build_digest).where(
            MediaFile.digest == digest, MediaFile.extension == extension
        )
    ).all()
    if not rows:
        return None
    return MediaFacts(digest, extension, rows[0][0], frozenset(row[1] for row in rows))


def owns_any(person_id: int, digests: Iterable[str]) -> bool:
    """Tell whether one of the builds is a draft of the person, or a release of their packages."""
    digests = list(digests)
    drafts = (
        select(Draft.id)
        .join(DraftReport, DraftReport.draft_id == Draft.id)
        .where(Draft.owner_id == person_id, DraftReport.build_digest.in_(digests))
    )
    releases = (
        select(Release.id)
        .join(Owner, Owner.package_id == Release.package_id)
        .where(Owner.person_id == person_id, Release.digest.in_(digests))
    )
    return bool(db.session.scalar(select(drafts.exists() | releases.exists())))


def _releases() -> Select[*tuple[Any, ...]]:
    return select(*_RELEASE).join(Package, Package.id == Release.package_id)


def _packages(ids: Select[Any]) -> list[PackageFacts]:
    packages = db.session.execute(
        select(Package.id, Package.slug).where(Package.id.in_(ids)).order_by(Package.slug)
    ).all()
    owners: dict[int, set[int]] = {package_id: set() for package_id, _ in packages}
    for package_id, person_id in db.session.execute(
        select(Owner.package_id, Owner.person_id).where(Owner.package_id.in_(ids))
    ):
        owners[package_id].add(person_id)
    releases: dict[str, list[ReleaseFacts]] = {slug: [] for _, slug in packages}
    for row in db.session.execute(
        _releases().where(Release.package_id.in_(ids)).order_by(Release.id.desc())
    ):
        releases[row.slug].append(ReleaseFacts(*row))
    return [
        PackageFacts(slug, frozenset(owners[package_id]), tuple(releases[slug]))
        for package_id, slug in packages
    ]


def _drafts() -> Select[*tuple[Any, ...]]:
    return (
        select(Draft, DraftReport, DraftEnd.kind)
        .outerjoin(DraftReport, DraftReport.draft_id == Draft.id)
        .outerjoin(DraftEnd, DraftEnd.draft_id == Draft.id)
    )


def _draft(row: Row[*tuple[Any, ...]]) -> DraftFacts:
    draft, report, end = row
    found = Report.from_json(report.findings) if report else None
    return DraftFacts(
        id=draft.id,
        owner_id=draft.owner_id,
        file_name=draft.file_name,
        uploaded_at=draft.uploaded_at,
        state=draft_state(
            checked=report is not None,
            digest=report.build_digest if report else None,
            end=end,
            waits=found is not None and bool(found.waiting),
        ),
        job_id=draft.job_id,
        slug=report.slug if report else "",
        version=report.version if report else "",
        title=report.title if report else "",
        report=found,
        digest=report.build_digest if report else None,
        seconds=report.seconds if report else 0.0,
        checked_at=report.checked_at if report else None,
    )
