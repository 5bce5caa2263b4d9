"""Every write of drafts and releases."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from lms import jobs, storage
from lms.accounts import api as accounts
from lms.accounts.domain import Meaning
from lms.audit import api as audit
from lms.db import db
from lms.errors import N_, NotFound
from lms.packages import queries
from lms.packages.domain.changes import (
    FROM_TERMINAL,
    Change,
    ChangeMissing,
    Policy,
    check_reason,
    differences,
    digest_of,
    proposed_class,
)
from lms.packages.domain.changes import ReleaseChange as ChangeFacts
from lms.packages.domain.content import Content, content_to_json
from lms.packages.domain.errors import (
    DraftClosed,
    DraftNotReady,
    PackageWaits,
    ReleaseExists,
)
from lms.packages.domain.releases import Candidate, DraftState, ReleaseFacts, obstacle
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
from lms.packages.reader.check import Build as Built
from lms.packages.reader.check import Checked

CHECK = "packages.check"
DRAFTS_KEPT = timedelta(days=90)

Follower = Callable[..., None]
"""Given the change, the slug and `now`, inside the transaction in which it is published."""

followers: list[Follower] = []
"""Rooms above that look after people when a release asks something of them."""


def upload_draft(*, person_id: int, file_name: str, source: str, now: datetime) -> int:
    """Write down an upload, let it be checked by a job, and return the draft's id.

    Args:
        source: digest of the zip, which is in the store already.
    """
    draft = Draft(
        owner_id=person_id, file_name=file_name[-200:], source=source, job_id=None, uploaded_at=now
    )
    db.session.add(draft)
    db.session.flush()  # the job needs the draft's id
    draft.job_id = jobs.enqueue(
        CHECK,
        [(f"draft:{draft.id}", {"draft_id": draft.id})],
        created_by=person_id,
        title=N_("Check of a package"),
        now=now,
    )
    return draft.id


def keep_files(built: Built) -> str:
    """Put a build's files into the store, outside any transaction; return its source's digest.

    Nothing is lost if the transaction that follows fails: a file that nobody names is harmless,
    and the next try finds it there.
    """
    for blob in built.blobs.values():
        storage.put(blob.data)
    return storage.put(built.source_zip())


def record_check(
    draft_id: int, checked: Checked, *, source: str | None, seconds: float, now: datetime
) -> None:
    """Keep what a check said of a draft; done a second time it changes nothing.

    Args:
        source: digest of the build's source in the store; None where there is no build.
    """
    if db.session.get(DraftReport, draft_id) is not None:
        return
    built = checked.build
    if built is not None:
        _keep_build(built, source=source or "", now=now)
    db.session.add(
        DraftReport(
            draft_id=draft_id,
            findings=checked.report.to_json(),
            build_digest=built.digest if built else None,
            slug=built.content.slug if built else "",
            version=built.content.version if built else "",
            title=built.content.title if built else "",
            seconds=seconds,
            checked_at=now,
        )
    )


def publish_release(
    draft_id: int,
    *,
    person_id: int,
    everything: bool,
    now: datetime,
    change: Change | None = None,
    password: str = "",
) -> ReleaseFacts:
    """Make a draft the current release of its package.

    From the second release on it takes a change, which the person signs as approved. The edge
    counts the try at the password before: `accounts.count_password_try`.

    Args:
        everything: whether the person may publish anybody's drafts and packages.
        change: not looked at for a first release.

    Raises:
        NotFound: if the person has no such draft.
        ChangeMissing, ReasonMissing: if a further release says nothing of what it changes.
        WrongPassword, TryNotCounted: as `accounts.sign` says.
        DraftClosed: if it was published or withdrawn before.
        DraftNotReady: if it is still being checked or holds errors.
        PackageWaits: if cases wait for their panel.
        NotYourPackage: if the slug belongs to others.
        ReleaseExists: if these files or this version are a release.
        VersionNotNewer: if the version is not above the last one.
    """
    draft = queries.draft_of(person_id, draft_id, everything=everything)
    if not draft.open:
        raise DraftClosed
    if draft.state is DraftState.WAITING and draft.digest is not None:
        raise PackageWaits(", ".join(queries.content_of(draft.digest).waiting))
    if draft.state is not DraftState.READY or draft.digest is None:
        raise DraftNotReady
    before = queries.find_current_release(draft.slug)
    end_draft(draft_id, "published", person_id=person_id, now=now)
    release = _release(
        Candidate(draft.slug, draft.version, draft.digest, draft.title),
        owner_id=draft.owner_id,
        person_id=person_id,
        everything=everything,
        now=now,
    )
    if before is not None:
        if change is None:
            raise ChangeMissing(
                N_("Say what class of change this is, and what becomes of people under way.")
            )
        _keep_change(release, before, change, person_id=person_id, now=now)
        accounts.sign(
            person_id,
            password=password,
            meaning=Meaning.APPROVAL,
            subject=f"release:{release.id}",
            digest=digest_of(release.digest, change),
            now=now,
        )
    return release


def publish_build(
    built: Built,
    *,
    source: str,
    person_id: int | None,
    now: datetime,
    change: Change | None = None,
) -> ReleaseFacts:
    """Publish a build straight away, as the command does for packages on disk.

    Args:
        source: digest of its source in the store.
        person_id: who becomes the owner if the package is new; None = nobody (shipped content).
        change: of a further release; None = of the class that the comparison finds, and people
            under way finish on the old one. Nobody signs it.

    Raises:
        PackageWaits: if cases wait for their panel.
        ReleaseExists: if this version is a release with other files.
        VersionNotNewer: if the version is not above the last one.
    """
    if built.content.waiting:
        raise PackageWaits(", ".join(built.content.waiting))
    _keep_build(built, source=source, now=now)
    content = built.content
    before = queries.find_current_release(content.slug)
    release = _release(
        Candidate(content.slug, content.version, built.digest, content.title),
        owner_id=person_id,
        person_id=person_id,
        everything=True,
        now=now,
    )
    if before is not None:
        chosen = change or default_change(before, content)
        _keep_change(release, before, chosen, person_id=person_id, now=now)
    return release


def default_change(before: ReleaseFacts, after: Content) -> Change:
    """Return what is said of a further release from a terminal where nothing was said."""
    found = proposed_class(differences(queries.content_of(before.digest), after))
    return Change(found, Policy.FINISH_ON_OLD, FROM_TERMINAL)


def add_owner(slug: str, *, person_id: int, added_by: int, now: datetime) -> None:
    """Let a further person publish releases of a package; done a second time it changes nothing.

    Raises:
        NotFound: if nothing is published under the slug.
    """
    package = queries.find_package(slug)
    if package is None:
        raise NotFound(N_("There is no package of this name."))
    if person_id in package.owners:
        return
    package_id = _package_id(slug, owner_id=None, now=now)
    db.session.add(Owner(package_id=package_id, person_id=person_id, added_at=now))
    audit.record(
        "owner added",
        actor_id=added_by,
        subject=f"package:{slug}",
        after={"person": person_id},
        now=now,
    )


def withdraw_draft(draft_id: int, *, person_id: int, everything: bool, now: datetime) -> None:
    """Put a draft away unpublished.

    Raises:
        NotFound: if the person has no such draft.
        DraftClosed: if it was published or withdrawn before.
    """
    draft = queries.draft_of(person_id, draft_id, everything=everything)
    if not draft.open:
        raise DraftClosed
    end_draft(draft_id, "withdrawn", person_id=person_id, now=now)
    audit.record(
        "draft withdrawn",
        actor_id=person_id,
        subject=f"draft:{draft_id}",
        before={"slug": draft.slug, "version": draft.version, "digest": draft.digest},
        now=now,
    )


def end_draft(draft_id: int, kind: str, *, person_id: int, now: datetime) -> None:
    db.session.add(DraftEnd(draft_id=draft_id, kind=kind, ended_by=person_id, ended_at=now))
    try:
        db.session.flush()  # asks the primary key, which decides even in a race
    except IntegrityError as error:
        raise DraftClosed from error


def clear_old(*, now: datetime) -> int:
    """Delete drafts that were published or withdrawn long ago; return how many.

    What was published stays: a release has its own rows and files.
    """
    over = select(DraftEnd.draft_id).where(DraftEnd.ended_at < now - DRAFTS_KEPT)
    ids = list(db.session.scalars(over))
    done: Any = None
    for table, column in (
        (DraftEnd, DraftEnd.draft_id),
        (DraftReport, DraftReport.draft_id),
        (Draft, Draft.id),
    ):
        done = db.session.execute(delete(table).where(column.in_(ids)))
    return int(done.rowcount)


def _release(
    candidate: Candidate,
    *,
    owner_id: int | None,
    person_id: int | None,
    everything: bool,
    now: datetime,
) -> ReleaseFacts:
    package = queries.find_package(candidate.slug)
    allowed = package is None or package.may_publish(person_id or 0, everything=everything)
    problem = obstacle(candidate, package=package, allowed=allowed)
    if problem is not None:
        raise problem
    release = Release(
        package_id=_package_id(candidate.slug, owner_id=owner_id, now=now),
        version=candidate.version,
        digest=candidate.digest,
        title=candidate.title,
        published_by=person_id,
        published_at=now,
    )
    db.session.add(release)
    try:
        db.session.flush()  # asks the unique constraints, which decide even in a race
    except IntegrityError as error:
        raise ReleaseExists(candidate.slug, candidate.version) from error
    audit.record(
        "release published",
        actor_id=person_id,
        subject=f"release:{release.id}",
        before=package.releases[0].version if package and package.releases else None,
        after={
            "slug": candidate.slug,
            "version": candidate.version,
            "digest": candidate.digest,
        },
        now=now,
    )
    return ReleaseFacts(
        release.id,
        candidate.slug,
        candidate.version,
        candidate.digest,
        candidate.title,
        now,
    )


def _keep_change(
    release: ReleaseFacts,
    before: ReleaseFacts,
    change: Change,
    *,
    person_id: int | None,
    now: datetime,
) -> None:
    """Write down what a release changes, and let the rooms above look after people."""
    check_reason(change)
    found = proposed_class(
        differences(queries.content_of(before.digest), queries.content_of(release.digest))
    )
    facts = ChangeFacts(release.id, before.id, change, found, person_id, now)
    db.session.add(
        ReleaseChange(
            release_id=facts.release_id,
            before_id=facts.before_id,
            kind=change.kind.value,
            policy=change.policy.value,
            reason=change.reason,
            found=found.value,
            said_by=person_id,
            said_at=now,
        )
    )
    audit.record(
        "release change said",
        actor_id=person_id,
        subject=f"release:{release.id}",
        reason=change.reason,
        after={"class": change.kind, "policy": change.policy, "proposed": found},
        now=now,
    )
    for follow in followers:
        follow(facts, release.slug, now=now)


def _package_id(slug: str, *, owner_id: int | None, now: datetime) -> int:
    found = db.session.scalar(select(Package.id).where(Package.slug == slug))
    if found is not None:
        return found
    package = Package(slug=slug, created_by=owner_id, created_at=now)
    db.session.add(package)
    db.session.flush()  # the owner and the release need its id
    if owner_id is not None:
        db.session.add(Owner(package_id=package.id, person_id=owner_id, added_at=now))
    return package.id


def _keep_build(built: Built, *, source: str, now: datetime) -> None:
    """Write down a build and its media, unless it is known: the digest says that it is the same."""
    if db.session.scalar(select(Build.digest).where(Build.digest == built.digest)) is not None:
        return
    db.session.add(
        Build(
            digest=built.digest,
            content=content_to_json(built.content),
            source=source,
            compiled_at=now,
        )
    )
    db.session.flush()  # the media refer to it
    db.session.add_all(_media(built))


def _media(built: Built) -> Iterable[MediaFile]:
    for blob in built.blobs.values():
        yield MediaFile(
            build_digest=built.digest,
            digest=blob.digest,
            extension=blob.extension,
            media_type=blob.media_type,
        )
