"""Every read of questions and of marking anew, scoped to who may publish the package."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from lms import jobs
from lms.accounts import api as accounts
from lms.accounts.domain import SignatureFacts
from lms.db import db
from lms.errors import N_, NotFound
from lms.modules.domain.changed_quiz import AnyRules, rules_from_data
from lms.modules.domain.doubts import Doubts
from lms.packages import api as packages
from lms.packages.domain.changes import ChangeClass, ReleaseChange
from lms.review.models import Doubt, Regrade, RegradedTry, WhatIf


@dataclass(frozen=True)
class WhatIfFacts:
    """A question of what if.

    Args:
        written: as it was asked, in YAML.
        asked_by: the name.
        result: as data, None while it is worked out.
    """

    id: int
    slug: str
    release_id: int
    rules: AnyRules
    written: str
    asked_by: str
    asked_at: datetime
    job_id: int | None
    result: dict[str, object] | None
    reckoned_at: datetime | None


@dataclass(frozen=True)
class RegradeFacts:
    """Marking anew, as far as it is.

    Args:
        outcomes: how many tries came to what.
    """

    id: int
    what_if_id: int
    release_id: int
    suspend: bool
    reason: str
    digest: str
    asked_by: int
    asked_at: datetime
    job_id: int | None
    outcomes: dict[str, int]
    signatures: list[SignatureFacts]


def what_if_of(person_id: int, what_if_id: int, *, everything: bool) -> WhatIfFacts:
    """Return a question about a package that the person owns (or any, with `everything`).

    Raises:
        NotFound: if there is none, or the package is somebody else's.
    """
    row = db.session.get(WhatIf, what_if_id)
    if row is None:
        raise NotFound(N_("There is no such question."))
    packages.package_of(person_id, row.package_slug, everything=everything)
    return _facts(row, accounts.names_of([row.asked_by]))


def what_ifs_of(slug: str) -> list[WhatIfFacts]:
    """Return the latest questions about a package, the newest first."""
    wanted = select(WhatIf).where(WhatIf.package_slug == slug).order_by(WhatIf.id.desc())
    rows = db.session.scalars(wanted.limit(100)).all()
    names = accounts.names_of({row.asked_by for row in rows})
    return [_facts(row, names) for row in rows]


def _facts(row: WhatIf, names: dict[int, str]) -> WhatIfFacts:
    return WhatIfFacts(
        id=row.id,
        slug=row.package_slug,
        release_id=row.release_id,
        rules=rules_from_data(row.rules),
        written=row.written,
        asked_by=names.get(row.asked_by, ""),
        asked_at=row.asked_at,
        job_id=row.job_id,
        result=row.result,
        reckoned_at=row.reckoned_at,
    )


def published_as(asked: WhatIfFacts) -> ReleaseChange | None:
    """Return the change that published what a question asks, None while none has.

    Wording changes no result, so a release of that class is none.
    """
    for one in packages.changes_of(asked.slug):
        content = packages.content_of(packages.release(one.release_id).digest)
        if one.change.kind is not ChangeClass.WORDING and asked.rules.stand_in(content):
            return one
    return None


def find_regrade(what_if_id: int) -> RegradeFacts | None:
    """Return the marking anew that follows a question, None if there is none."""
    row = db.session.scalar(select(Regrade).where(Regrade.what_if_id == what_if_id))
    if row is None:
        return None
    counted = db.session.execute(
        select(RegradedTry.outcome, func.count())
        .where(RegradedTry.regrade_id == row.id)
        .group_by(RegradedTry.outcome)
    )
    return RegradeFacts(
        id=row.id,
        what_if_id=row.what_if_id,
        release_id=row.release_id,
        suspend=row.suspend,
        reason=row.reason,
        digest=row.digest,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        job_id=row.job_id,
        outcomes={outcome: count for outcome, count in counted},  # noqa: C416  (a Row is no pair)
        signatures=accounts.signatures_of(f"regrade:{row.id}"),
    )


def doubts_about(slugs: Collection[str]) -> list[Doubts]:
    """Return the packages among these of which references may be wrong, by slug."""
    rows = db.session.scalars(
        select(Doubt)
        .where(Doubt.package_slug.in_(slugs), Doubt.count > 0)
        .order_by(Doubt.package_slug)
    )
    return [Doubts(row.package_slug, row.count, row.looked_at.date()) for row in rows]


def is_regraded(regrade_id: int, attempt_id: int) -> bool:
    """Tell whether a try was dealt with."""
    found = select(RegradedTry.id).where(
        RegradedTry.regrade_id == regrade_id, RegradedTry.attempt_id == attempt_id
    )
    return db.session.scalar(found) is not None


@dataclass(frozen=True)
class Under:
    """How far a question is that is being worked out."""

    done: int
    of: int
    failed: bool
    problem: str


def progress_of(job_id: int | None) -> Under:
    """Return how far the work is; nothing is known of one that was cleared away."""
    rows = jobs.items_of(job_id) if job_id is not None else []
    if not rows:
        return Under(0, 0, failed=True, problem="")
    row = rows[0]
    return Under(row.parts_done, row.parts, failed=row.state == jobs.FAILED, problem=row.problem)
