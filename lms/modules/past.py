"""What was handed in to a step of a module, over all its releases: for rooms that look back."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import JSON, Select, Text, cast, exists, func, literal, select
from sqlalchemy.orm import aliased

from lms.db import db
from lms.modules.models import Attempt, Enrolment, Qualification, Result, Submission

AT_A_TIME: Final = 2000
Later = aliased(Result)


@dataclass(frozen=True, slots=True)
class PastTry:
    """A try that was handed in, as its latest marking left it.

    Args:
        drawn: case keys, or for a quiz what was drawn of each question.
        answers: as JSON text, so that whoever reads many can do so quickly.
        certificate_id: that the enrolment ended in, None where it did not.
    """

    id: int
    enrolment_id: int
    person_id: int
    release_id: int
    round: int
    number: int
    step_key: str
    form: str
    drawn: list[Any]
    answers: str
    passed: bool
    certificate_id: int | None


def count_past_tries(slug: str, step_key: str) -> int:
    """Return how many tries at a step were handed in and marked."""
    counted = _tries(slug, step_key).with_only_columns(func.count()).order_by(None)
    return db.session.scalar(counted) or 0


def past_tries(slug: str, step_key: str) -> Generator[Sequence[PastTry], None, None]:
    """Give the tries at a step in bundles, in the order in which they were begun.

    The stream has a connection of its own and reads one snapshot, so that what is worked out of
    it may write; closing it gives the connection back.
    """
    return _streamed(_tries(slug, step_key))


def past_quiz_tries(slug: str, step_key: str) -> Generator[Sequence[PastTry], None, None]:
    """Give the tries at a quiz likewise, without what was drawn.

    That is most of what a try keeps, and marking needs it only for what has no answer: an answer
    to anything else is never taken (`services.save_answers`).
    """
    return _streamed(_tries(slug, step_key, literal([], JSON)))


def _streamed(statement: Select[Any]) -> Generator[Sequence[PastTry], None, None]:
    engine = db.engine

    def read() -> Generator[Sequence[PastTry], None, None]:
        with (
            engine.connect().execution_options(yield_per=AT_A_TIME) as connection,
            connection.execute(statement) as result,
        ):
            for rows in result.partitions():
                yield [PastTry(*row) for row in rows]

    return read()


def tries_on(release_id: int, step_keys: Sequence[str]) -> list[PastTry]:
    """Return the tries at some steps of one release, in the order in which they were begun."""
    wanted = _marked().where(Enrolment.release_id == release_id, Attempt.step_key.in_(step_keys))
    return [PastTry(*row) for row in db.session.execute(wanted)]


def _tries(slug: str, step_key: str, drawn: Any = Attempt.drawn) -> Select[Any]:
    return _marked(drawn).where(Enrolment.package_slug == slug, Attempt.step_key == step_key)


def _marked(drawn: Any = Attempt.drawn) -> Select[Any]:
    return (
        select(
            Attempt.id,
            Attempt.enrolment_id,
            Enrolment.person_id,
            Enrolment.release_id,
            Enrolment.round,
            Attempt.number,
            Attempt.step_key,
            Attempt.form,
            drawn,
            cast(Submission.answers, Text),
            Result.passed,
            Qualification.certificate_id,
        )
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Submission, Submission.attempt_id == Attempt.id)
        .join(Result, Result.attempt_id == Attempt.id)
        .outerjoin(Qualification, Qualification.enrolment_id == Enrolment.id)
        .where(~exists().where(Later.attempt_id == Attempt.id, Later.version > Result.version))
        .order_by(Attempt.id)
    )
