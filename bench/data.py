"""Many people on the way, written straight into the tables: for benchmarks and for tests of size.

Everything follows from a counter, so that two runs hold the same rows. What it writes is what the
rooms would have written: the facts of every certificate match their digest, and every result
belongs to a step of the release.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import func, insert, select, text

from lms.accounts.models import Person, PersonRole
from lms.certificates.domain import AgreementLine, Facts, ScoreLine, new_code
from lms.certificates.models import Certificate, Withdrawal
from lms.db import db, transaction
from lms.modules.models import (
    Attempt,
    Enrolment,
    Evidence,
    Qualification,
    Result,
    Submission,
)
from lms.packages import api as packages
from lms.packages.domain import CertificationStep, PracticeStep, QuizStep
from lms.packages.domain.releases import ReleaseFacts

NOW: Final = datetime(2026, 11, 21, 10, 42, tzinfo=UTC)
SPAN: Final = timedelta(days=700)
"""Enrolments are spread over this long; the last ones are a week old, so none is ahead of NOW."""

WEEK: Final = timedelta(days=7)

BATCH: Final = 2000
PASSWORD_HASH: Final = "!nobody signs in with this"
FIRST_NAMES: Final = "Ada Bo Chidi Đặng Ελένη Fatima Γιώργος Ines Noor Robin".split()
LAST_NAMES: Final = "Okafor Lindqvist Marsh Hale Carvalho Παππάς Rahman Sato Weiß Ünal".split()


@dataclass(frozen=True)
class Kind:
    """How far somebody came, one of every hundred enrolments in turn."""

    quiz: tuple[bool, ...] = ()
    certification: tuple[bool, ...] = ()
    revoked: bool = False

    @property
    def certified(self) -> bool:
        return True in self.certification


NEW, LESSONS = Kind(), Kind(quiz=(False,))
QUIZ, FAILED = Kind(quiz=(True,)), Kind(quiz=(True,), certification=(False,))
STRAIGHT, SECOND = Kind((True,), (True,)), Kind((False, True), (False, True))
REVOKED = Kind((True,), (True,), revoked=True)


def kind_of(number: int) -> Kind:
    """Return how far the enrolment with this number came: 59 of 100 hold a certificate."""
    place = number * 37 % 100
    for below, kind in ((10, NEW), (22, LESSONS), (34, QUIZ), (41, FAILED), (80, STRAIGHT)):
        if place < below:
            return kind
    return SECOND if place < 99 else REVOKED


@dataclass(frozen=True)
class Shape:
    """What enrolments in a release look like: the keys of its steps by kind."""

    release: ReleaseFacts
    lessons: tuple[str, ...]
    quiz: str
    certification: str
    form: str


def fill(people: int, enrolments: int) -> None:
    """Add people, and enrolments of theirs in every published module, in an app context.

    Args:
        people: how many new trainees.
        enrolments: how many new enrolments; a person comes to a module a second round when there
            are more than people times modules.

    Raises:
        ValueError: if no module is published, or people is below 1.
    """
    shapes = [shape_of(release) for release in packages.catalogue()]
    if not shapes or people < 1:
        raise ValueError("publish a module first, and name at least one person")
    first_person = add_people(people)
    numbers = Numbers.after_what_is_there()
    for start in range(0, enrolments, BATCH):
        rows = Rows(numbers)
        for number in range(start, min(start + BATCH, enrolments)):
            shape = shapes[number // people % len(shapes)]
            round_ = number // (people * len(shapes)) + 1
            rows.add_enrolment(number, first_person + number % people, shape, round_)
        with transaction():
            rows.write()
    reset_sequences()


def add_people(count: int) -> int:
    """Write down people and return the first one's id; their ids follow one another."""
    first = (db.session.scalar(select(func.max(Person.id))) or 0) + 1
    for start in range(0, count, BATCH):
        ids = range(first + start, first + min(start + BATCH, count))
        with transaction():
            db.session.execute(insert(Person.__table__), [person_row(number) for number in ids])
            db.session.execute(
                insert(PersonRole.__table__),
                [{"person_id": number, "role": "trainee", "granted_at": NOW} for number in ids],
            )
    return first


def person_row(number: int) -> dict[str, Any]:
    first, last = FIRST_NAMES[number % 10], LAST_NAMES[number // 10 % 10]
    return {
        "id": number,
        "email": f"rater{number}@example.org",
        "name": f"{first} {last} {number}",
        "password_hash": PASSWORD_HASH,
        "created_at": NOW - SPAN,
        "confirmed_at": NOW - SPAN,
    }


def shape_of(release: ReleaseFacts) -> Shape:
    steps = packages.content_of(release.digest).steps
    quiz = next(step for step in steps if isinstance(step, QuizStep))
    certification = next(step for step in steps if isinstance(step, CertificationStep))
    counted = (QuizStep, CertificationStep, PracticeStep)
    lessons = tuple(step.key for step in steps if not isinstance(step, counted))
    return Shape(release, lessons, quiz.key, certification.key, certification.forms[0].key)


@dataclass
class Numbers:
    """The last ids that were given away."""

    enrolment: int
    attempt: int
    certificate: int

    @classmethod
    def after_what_is_there(cls) -> "Numbers":
        tables = (Enrolment, Attempt, Certificate)
        return cls(*(db.session.scalar(select(func.max(table.id))) or 0 for table in tables))


class Rows:
    """The rows of one batch, by table in the order of their dependence."""

    def __init__(self, numbers: Numbers) -> None:
        self.numbers = numbers
        self.tables: dict[Any, list[dict[str, Any]]] = {
            Enrolment: [],
            Evidence: [],
            Attempt: [],
            Submission: [],
            Result: [],
            Certificate: [],
            Qualification: [],
            Withdrawal: [],
        }

    def write(self) -> None:
        for table, rows in self.tables.items():
            if rows:
                db.session.execute(insert(table.__table__), rows)

    def add_enrolment(self, number: int, person_id: int, shape: Shape, round_: int) -> None:
        kind = kind_of(number)
        self.numbers.enrolment += 1
        enrolled_at = (
            NOW - SPAN + timedelta(seconds=number * 7919 % int((SPAN - WEEK).total_seconds()))
        )
        self.tables[Enrolment].append(
            {
                "id": self.numbers.enrolment,
                "person_id": person_id,
                "package_slug": shape.release.slug,
                "release_id": shape.release.id,
                "round": round_,
                "enrolled_at": enrolled_at,
            }
        )
        if kind is NEW:
            return
        at = self.add_lessons(shape, enrolled_at)
        at = self.add_tries(kind.quiz, shape.quiz, "", 20, at)
        at = self.add_tries(kind.certification, shape.certification, shape.form, 4, at)
        if kind.certified:
            self.add_certificate(number, person_id, shape, kind, at)

    def add_lessons(self, shape: Shape, at: datetime) -> datetime:
        for key in shape.lessons:
            at += timedelta(minutes=20)
            self.tables[Evidence].append(
                {
                    "enrolment_id": self.numbers.enrolment,
                    "step_key": key,
                    "cycle": 0,
                    "seen": {"slides": [1, 2]},
                    "position": 2.0,
                    "first_at": at,
                    "last_at": at,
                    "done_at": at,
                }
            )
        return at

    def add_tries(
        self, tries: tuple[bool, ...], step_key: str, form: str, of: int, at: datetime
    ) -> datetime:
        for count, passed in enumerate(tries, start=1):
            at += timedelta(hours=25)
            self.add_try(step_key, form, of, count, passed, at)
        return at

    def add_try(
        self, step_key: str, form: str, of: int, count: int, passed: bool, at: datetime
    ) -> None:
        self.numbers.attempt += 1
        attempt_id = self.numbers.attempt
        required, reached = of * 4 // 5, (of - attempt_id % 2 if passed else of // 2)
        drawn = [f"key-{n}" for n in range(of)]
        self.tables[Attempt].append(
            {
                "id": attempt_id,
                "enrolment_id": self.numbers.enrolment,
                "step_key": step_key,
                "number": count,
                "seed": attempt_id,
                "drawn": drawn,
                "form": form,
                "started_at": at - timedelta(minutes=25),
                "due_at": None,
            }
        )
        self.tables[Submission].append(
            {
                "attempt_id": attempt_id,
                "answers": dict.fromkeys(drawn, "b"),
                "late": False,
                "submitted_at": at,
            }
        )
        self.tables[Result].append(
            {
                "attempt_id": attempt_id,
                "version": 1,
                "passed": passed,
                "reached": reached,
                "required": required,
                "of": of,
                "detail": {"right": dict.fromkeys(drawn, passed)},
                "marked_at": at,
            }
        )

    def add_certificate(
        self, number: int, person_id: int, shape: Shape, kind: Kind, at: datetime
    ) -> None:
        self.numbers.certificate += 1
        certificate_id = self.numbers.certificate
        months = 12 if number % 2 else 24
        facts = facts_of(shape)
        data = certificate_data(person_row(person_id)["name"], shape, number, at, months)
        self.tables[Certificate].append(
            {
                "id": certificate_id,
                "code": new_code(
                    lambda size: sha256(f"bench {certificate_id}".encode()).digest()[:size]
                ),
                "subject": f"enrolment:{self.numbers.enrolment}",
                "holder_id": person_id,
                "facts": data,
                "facts_digest": digest_of(data),
                "title": facts.title,
                "module_slug": facts.module_slug,
                "level": facts.level,
                "instrument_ref": facts.instrument_ref,
                "language": facts.language,
                "demonstration": facts.demonstration,
                "issued_on": at.date(),
                "expires_on": ends_on(at, months),
                "issued_at": at,
            }
        )
        self.tables[Qualification].append(
            {
                "enrolment_id": self.numbers.enrolment,
                "certificate_id": certificate_id,
                "package_slug": shape.release.slug,
                "qualified_at": at,
            }
        )
        if kind.revoked:
            self.tables[Withdrawal].append(
                {
                    "certificate_id": certificate_id,
                    "reason_class": "holders_request",
                    "reason": "Asked for by the holder.",
                    "revoked_by": None,
                    "revoked_at": at + timedelta(days=3),
                }
            )


def certificate_data(name: str, shape: Shape, number: int, at: datetime, months: int) -> Any:
    """Return a certificate's facts as they are kept, written from those of its release.

    Facts check every letter of what they are given, which would be most of the cost here.
    """
    reached = 26 + number % 7
    return {
        **facts_data_of(shape),
        "name": name,
        "score": [{"label": "Items within tolerance", "value": f"{reached} of 32"}],
        "agreement": {"reached": reached, "required": 21, "of": 32, "unit": "items"},
        "issued_on": at.date().isoformat(),
        "expires_on": ends_on(at, months).isoformat(),
    }


def ends_on(at: datetime, months: int) -> date:
    return at.date() + timedelta(days=30 * months)


def digest_of(data: Any) -> str:
    """Return the digest of facts, from their canonical form."""
    form = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(form.encode()).hexdigest()


@cache
def facts_data_of(shape: Shape) -> Any:
    return facts_of(shape).as_data()


@cache
def facts_of(shape: Shape) -> Facts:
    return Facts(
        name="Somebody",
        title=shape.release.title,
        module_title=shape.release.title,
        module_slug=shape.release.slug,
        instrument_title="Manual muscle testing of eight groups",
        instrument_ref="mmt8_80@1.0",
        instrument_note="8 items, total 0 to 80",
        release_version=shape.release.version,
        release_digest=shape.release.digest,
        level="Rater",
        score=(ScoreLine("Items within tolerance", "32 of 32"),),
        agreement=AgreementLine(reached=32, required=21, of=32),
        language="en",
        issued_on=NOW.date(),
        expires_on=None,
        demonstration=True,
        rights="Nobody: unresolved",
        issuer="Concord",
    )


def reset_sequences() -> None:
    """Let PostgreSQL go on counting after the ids that were written down here."""
    if db.session.get_bind().dialect.name != "postgresql":
        return
    with transaction():
        for table in (Person, Enrolment, Attempt, Certificate):
            name = table.__tablename__
            db.session.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{name}', 'id'),"
                    f" (SELECT max(id) FROM {name}))"
                )
            )


def many_rows() -> Iterator[tuple[str, int]]:
    """Yield how many rows each table of training holds."""
    for table in (Person, Enrolment, Evidence, Attempt, Result, Certificate):
        yield table.__tablename__, db.session.scalar(select(func.count()).select_from(table)) or 0
