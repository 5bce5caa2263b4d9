"""Enrolments with how far they came: a page of them, all of them as a stream, and figures."""

from collections.abc import Generator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import aliased

from lms.accounts.models import Person
from lms.certificates.models import Certificate, End, Suspension, Withdrawal
from lms.db import UtcDateTime, db
from lms.modules.models import Attempt, Enrolment, Evidence, Qualification, Result
from lms.packages import api as packages
from lms.packages.domain import CertificationStep, QuizStep
from lms.packages.domain.releases import ReleaseFacts
from lms.packages.models import Package, Release
from lms.reports.domain import Cursor, Figures, Row, RowState, Show, Sought
from lms.reports.queries.wording import latest, moment_text, share_text

AT_A_TIME = 1000  # rows that a stream holds at once
FEW = 500  # people who are named one by one in a condition
DOTS = 40  # the latest certificates of a module whose agreement is drawn

Bundles = Generator[Sequence[Sequence[Any]], None, None]
Narrowing = list[ColumnElement[bool]]

QuizResult = aliased(Result)
CaseResult = aliased(Result)
Named = aliased(Person)
Held = aliased(Qualification)  # where a condition looks at what the report's own rows hold as well
HeldFile = aliased(Certificate)
HeldEnd = aliased(End)
Paused = aliased(Suspension)
Revoked = aliased(Withdrawal)
Later = aliased(Certificate)


@lru_cache(maxsize=256)
def counted_steps(digest: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the keys of a release's quizzes, and of its certification steps."""
    steps = packages.content_of(digest).steps
    return (
        tuple(step.key for step in steps if isinstance(step, QuizStep)),
        tuple(step.key for step in steps if isinstance(step, CertificationStep)),
    )


def releases() -> dict[int, ReleaseFacts]:
    """Return every release by its id, the oldest first."""
    rows = db.session.execute(
        select(
            Release.id,
            Package.slug,
            Release.version,
            Release.digest,
            Release.title,
            Release.published_at,
        )
        .join(Package, Package.id == Release.package_id)
        .order_by(Release.id)
    )
    return {row.id: ReleaseFacts(*row) for row in rows}


def titles(known: dict[int, ReleaseFacts]) -> dict[str, str]:
    """Return the title of each module's newest release, by title."""
    newest = {release.slug: release.title for release in known.values()}
    return dict(sorted(newest.items(), key=lambda pair: (pair[1].casefold(), pair[0])))


# --- rows -----------------------------------------------------------------------------------------


def rows(
    sought: Sought,
    known: dict[int, ReleaseFacts],
    *,
    today: date,
    limit: int,
    older_than: Cursor | None = None,
    newer_than: Cursor | None = None,
) -> list[Row]:
    """Return enrolments, the newest first, from a place in the list on.

    Args:
        known: from releases().
        today: which certificates hold is judged on this day.
    """
    parts = _Parts(known, today)
    statement = parts.joined(_page_columns(parts)).where(*conditions(sought, known, today))
    place = tuple_(Enrolment.enrolled_at, Enrolment.id)
    newest_first = (Enrolment.enrolled_at.desc(), Enrolment.id.desc())
    if newer_than is not None:
        statement = statement.where(place > _place(newer_than))
        newest_first = (Enrolment.enrolled_at.asc(), Enrolment.id.asc())
    elif older_than is not None:
        statement = statement.where(place < _place(older_than))
    found = [
        _row(row) for row in db.session.execute(statement.order_by(*newest_first).limit(limit))
    ]
    return found[::-1] if newer_than is not None else found


def stream(sought: Sought, known: dict[int, ReleaseFacts], *, today: date) -> Bundles:
    """Give all enrolments in the order in which they were written down, in bundles.

    Each row has the cells of _export_columns, moments and days as text. The stream has a
    connection of its own and reads one snapshot, so that it may outlive the request's session,
    and holds one bundle at a time; closing it gives the connection back.
    """
    parts = _Parts(known, today)
    statement = (
        parts.joined(_export_columns(parts))
        .where(*conditions(sought, known, today))
        .order_by(Enrolment.id)
    )
    engine = db.engine

    def read() -> Bundles:
        with (
            engine.connect().execution_options(yield_per=AT_A_TIME) as connection,
            connection.execute(statement) as result,
        ):
            yield from result.partitions()

    return read()


def count(sought: Sought, known: dict[int, ReleaseFacts], *, today: date) -> int:
    """Return how many enrolments are sought."""
    counted = select(func.count()).select_from(Enrolment).where(*conditions(sought, known, today))
    return db.session.scalar(counted) or 0


class _Parts:
    """The pieces of the statement that depend on the releases and on the day."""

    def __init__(self, known: dict[int, ReleaseFacts], today: date) -> None:
        self.quiz = step_condition(known, 0)
        self.cases = step_condition(known, 1)
        self.today = today

    def joined(self, columns: Sequence[Any]) -> Select[Any]:
        return (
            select(*columns)
            .select_from(Enrolment)
            .join(Person, Person.id == Enrolment.person_id)
            .outerjoin(Qualification, Qualification.enrolment_id == Enrolment.id)
            .outerjoin(Certificate, Certificate.id == _last_in_line(Qualification))
            .outerjoin(Withdrawal, Withdrawal.certificate_id == Certificate.id)
            .outerjoin(
                Suspension,
                and_(Suspension.certificate_id == Certificate.id, Suspension.lifted_at.is_(None)),
            )
            .outerjoin(End, and_(End.certificate_id == Certificate.id, End.taken_back_at.is_(None)))
            .outerjoin(QuizResult, QuizResult.id == _last_result(self.quiz))
            .outerjoin(CaseResult, CaseResult.id == _last_result(self.cases))
        )

    def tries(self, condition: ColumnElement[bool]) -> ColumnElement[int]:
        return (
            select(func.count())
            .select_from(Attempt)
            .where(Attempt.enrolment_id == Enrolment.id, condition)
            .correlate(Enrolment)
            .scalar_subquery()
        )

    def active_at(self) -> ColumnElement[datetime]:
        """The last sign of life: enrolled, a lesson seen, a try begun or marked."""
        seen = _latest_of(Evidence.last_at, Evidence.enrolment_id)
        begun = _latest_of(Attempt.started_at, Attempt.enrolment_id)
        moments = (seen, begun, QuizResult.marked_at, CaseResult.marked_at)
        start = Enrolment.enrolled_at
        return latest(start, *(func.coalesce(moment, start) for moment in moments))

    def state(self) -> ColumnElement[str]:
        return case(
            (Withdrawal.id.is_not(None), RowState.REVOKED.value),
            (Suspension.id.is_not(None), RowState.SUSPENDED.value),
            (_ends_on(Certificate, End) < self.today, RowState.ENDED.value),
            (Qualification.id.is_not(None), RowState.VALID.value),
            (CaseResult.passed.is_(False), RowState.NOT_PASSED.value),
            else_=RowState.TRAINING.value,
        )


def _last_in_line(qualified: Any) -> ColumnElement[int]:
    """Return the newest of the certificates that stood one after the other in one place."""
    newest = (
        select(func.max(Later.id))
        .where(Later.first_id == qualified.certificate_id)
        .correlate(qualified)
        .scalar_subquery()
    )
    return func.coalesce(newest, qualified.certificate_id)


def _ends_on(certificate: Any, end: Any) -> ColumnElement[date]:
    """Return the last day, as printed or as decided since, whichever is earlier."""
    decided = case((end.ends_on < certificate.expires_on, end.ends_on))
    return func.coalesce(decided, certificate.expires_on, end.ends_on)


def _last_result(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return (
        select(func.max(Result.id))
        .join(Attempt, Attempt.id == Result.attempt_id)
        .where(Attempt.enrolment_id == Enrolment.id, condition)
        .correlate(Enrolment)
        .scalar_subquery()
    )


def _latest_of(moment: Any, enrolment_id: Any) -> ColumnElement[datetime]:
    return (
        select(func.max(moment))
        .where(enrolment_id == Enrolment.id)
        .correlate(Enrolment)
        .scalar_subquery()
    )


def _page_columns(parts: _Parts) -> Sequence[Any]:
    return (
        Enrolment.id,
        Person.id,
        Person.name,
        Person.email,
        Enrolment.package_slug,
        Enrolment.release_id,
        Enrolment.enrolled_at,
        parts.active_at(),
        parts.state(),
        QuizResult.reached,
        QuizResult.of,
        CaseResult.reached,
        CaseResult.of,
        parts.tries(parts.quiz),
        parts.tries(parts.cases),
        Certificate.id,
        Certificate.code,
        Qualification.qualified_at,
        _ends_on(Certificate, End),
        Withdrawal.revoked_at,
        Suspension.suspended_at,
    )


def _row(row: Any) -> Row:
    right, questions, met, cases = row[9:13]
    quiz = None if right is None else (right, questions)
    certification = None if met is None else (met, cases)
    cells = [*row[:8], RowState(row[8]), quiz, certification, *row[13:]]
    return Row(*cells)


def _export_columns(parts: _Parts) -> Sequence[Any]:
    return (
        Person.name,
        Person.email,
        Enrolment.package_slug,
        Enrolment.release_id,
        moment_text(Enrolment.enrolled_at),
        moment_text(parts.active_at()),
        parts.state(),
        share_text(QuizResult.reached, QuizResult.of),
        parts.tries(parts.quiz),
        CaseResult.passed,
        share_text(CaseResult.reached, CaseResult.of),
        parts.tries(parts.cases),
        moment_text(Qualification.qualified_at),
        Certificate.code,
        cast(_ends_on(Certificate, End), String),
    )


def _place(cursor: Cursor) -> Any:
    return tuple_(literal(cursor.enrolled_at, UtcDateTime()), cursor.enrolment_id)


# --- what it is narrowed to -----------------------------------------------------------------------


def conditions(sought: Sought, known: dict[int, ReleaseFacts], today: date) -> Narrowing:
    """Return what an enrolment must fulfil to be in the report."""
    found: Narrowing = []
    if sought.module:
        found.append(Enrolment.package_slug == sought.module)
    if sought.since:
        found.append(Enrolment.enrolled_at >= _midnight(sought.since))
    if sought.until:
        found.append(Enrolment.enrolled_at < _midnight(sought.until) + timedelta(days=1))
    if sought.words.split():
        found.append(_somebody(sought.words.split()))
    return [*found, *_state_conditions(sought.show, known, today)]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _somebody(words: Sequence[str]) -> ColumnElement[bool]:
    """Return that an enrolment is of one of the people whose name or address holds all words.

    Few people are named one by one; many are told by their words while the list is walked down.
    """
    fits = and_(
        *(
            or_(
                Named.name.icontains(word, autoescape=True),
                Named.email.icontains(word, autoescape=True),
            )
            for word in words
        )
    )
    ids = list(db.session.scalars(select(Named.id).where(fits).limit(FEW)))
    if len(ids) < FEW:
        return Enrolment.person_id.in_(ids)
    return exists().where(Named.id == Enrolment.person_id, fits)


def _state_conditions(show: Show, known: dict[int, ReleaseFacts], today: date) -> Narrowing:
    """Return conditions that are asked of one enrolment after another.

    So that the newest ones are found by walking down the list and no set is built first.
    """
    qualified = exists().where(Held.enrolment_id == Enrolment.id)
    last = _last_in_line(Held)
    held = qualified.where(HeldFile.id == last)
    revoked = exists().where(Revoked.certificate_id == last)
    suspended = exists().where(Paused.certificate_id == last, Paused.lifted_at.is_(None))
    ended = or_(
        HeldFile.expires_on < today,
        exists().where(
            HeldEnd.certificate_id == HeldFile.id,
            HeldEnd.taken_back_at.is_(None),
            HeldEnd.ends_on < today,
        ),
    )
    match show:
        case Show.TRAINING:
            return [~qualified]
        case Show.NOT_PASSED:
            failed = (
                exists()
                .where(Attempt.enrolment_id == Enrolment.id, Result.attempt_id == Attempt.id)
                .where(step_condition(known, 1), Result.passed.is_(False))
            )
            return [~qualified, failed]
        case Show.CERTIFIED:
            return [qualified]
        case Show.VALID:
            return [held.where(func.coalesce(~ended, True), ~suspended, ~revoked)]
        case Show.ENDED:
            return [held.where(ended, ~suspended, ~revoked)]
        case Show.SUSPENDED:
            return [qualified.where(suspended, ~revoked)]
        case Show.REVOKED:
            return [qualified.where(revoked)]
        case _:
            return []


def step_condition(known: dict[int, ReleaseFacts], kind: int) -> ColumnElement[bool]:
    """Return that an attempt is at a step of a kind: 0 for quizzes, 1 for certification cases.

    Releases mostly call their steps alike; then the key alone decides. Where one release uses a
    key for another kind of step, the release is asked as well.
    """
    by_keys: dict[tuple[str, ...], list[int]] = {}
    for release in known.values():
        by_keys.setdefault(counted_steps(release.digest)[kind], []).append(release.id)
    groups = {keys: ids for keys, ids in by_keys.items() if keys}
    if len(by_keys) == 1 and groups:
        return Attempt.step_key.in_(*groups)
    return or_(
        literal(False),
        *(
            and_(Attempt.step_key.in_(keys), Enrolment.release_id.in_(ids))
            for keys, ids in groups.items()
        ),
    )


# --- figures --------------------------------------------------------------------------------------


def figures(sought: Sought, known: dict[int, ReleaseFacts], *, today: date) -> list[Figures]:
    """Return each module's figures, by title, of what the report is narrowed to.

    The states are what the figures tell, so a state that is asked for does not narrow them.
    """
    sought = replace(sought, show=Show.ALL)
    narrowing = None if sought.only_module else conditions(sought, known, today)
    if narrowing is None:
        counts = _counts_by_index(sought.module, known)
    else:
        counts = _counts(narrowing)
    names = {slug: title for slug, title in titles(known).items() if slug in counts}
    agreement = _agreement(list(names), narrowing)
    return [
        Figures(slug, title, *counts[slug], *agreement.get(slug, ((), None)))
        for slug, title in names.items()
    ]


def _counts_by_index(module: str, known: dict[int, ReleaseFacts]) -> dict[str, tuple[int, int]]:
    """Count from two small indexes alone: what the report's first page needs at any size."""
    enrolled: dict[str, int] = {}
    by_release = select(Enrolment.release_id, func.count()).group_by(Enrolment.release_id)
    for release_id, count in db.session.execute(by_release):
        slug = known[release_id].slug
        enrolled[slug] = enrolled.get(slug, 0) + count
    by_module = select(Qualification.package_slug, func.count()).group_by(
        Qualification.package_slug
    )
    certified: dict[str, int] = dict(db.session.execute(by_module).all())
    return {
        slug: (count, certified.get(slug, 0))
        for slug, count in enrolled.items()
        if module in ("", slug)
    }


def _counts(narrowing: Narrowing) -> dict[str, tuple[int, int]]:
    statement = (
        select(Enrolment.package_slug, func.count(), func.count(Qualification.id))
        .outerjoin(Qualification, Qualification.enrolment_id == Enrolment.id)
        .where(*narrowing)
        .group_by(Enrolment.package_slug)
    )
    return {slug: (count, certified) for slug, count, certified in db.session.execute(statement)}


def _agreement(
    slugs: Sequence[str], narrowing: Narrowing | None
) -> dict[str, tuple[tuple[float, ...], float | None]]:
    """Return, by module, the shares of the latest certificates and what the last one required."""
    if not slugs:
        return {}
    latest_of_each = [_latest_agreements(slug, narrowing) for slug in slugs]
    found: dict[str, list[dict[str, Any]]] = {}
    for slug, line in db.session.execute(union_all(*latest_of_each)):
        if line:
            found.setdefault(slug, []).append(line)
    return {
        slug: (
            tuple(line["reached"] / line["of"] for line in lines),
            lines[0]["required"] / lines[0]["of"],
        )
        for slug, lines in found.items()
    }


def _latest_agreements(slug: str, narrowing: Narrowing | None) -> Select[Any]:
    statement = (
        select(Qualification.package_slug, Certificate.facts["agreement"])
        .join(Certificate, Certificate.id == Qualification.certificate_id)
        .where(Qualification.package_slug == slug)
        .order_by(Qualification.id.desc())
        .limit(DOTS)
    )
    if narrowing is not None:
        statement = statement.join(Enrolment, Enrolment.id == Qualification.enrolment_id).where(
            *narrowing
        )
    return select(statement.subquery())
