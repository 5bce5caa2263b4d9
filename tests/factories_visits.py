"""A package with two visits of some patients, on the library's MDAAT, and people who score it."""

from functools import cache
from typing import Any

from lms import demo
from lms.clock import utc_now
from lms.db import transaction
from lms.instruments import api as instruments
from lms.modules import queries, services
from tests.factories import MadePerson
from tests.factories_packages import make_release

SLUG = "two-visits"
COURSE = "The code does not fit the last visit"
"""How the instrument's rule about two visits begins."""
REFERENCES = {
    "p1": {"fatigue": 4, "constitutional_vas": 37},
    "p1-later": {"fatigue": 1, "constitutional_vas": 12, "arthralgia": 4, "skeletal_vas": 23},
    "p2": {"myalgia": 4, "muscle_vas": 31},
    "a1": {"heliotrope": 4, "cutaneous_vas": 41},
    "a1-later": {"heliotrope": 2, "cutaneous_vas": 43},
    "a2": {"pericarditis": 4, "cardiovascular_vas": 29},
}
"""What is not 0, by case."""
FILES = {
    "p1-later": "cases/practice/a.yaml",  # stands before its initial visit on purpose
    "p1": "cases/practice/b.yaml",
    "p2": "cases/practice/c.yaml",
    "a1-later": "cases/form-a/a.yaml",
    "a1": "cases/form-a/b.yaml",
    "a2": "cases/form-a/c.yaml",
}
PACKAGE = f"""\
format: concord-package/1
slug: {SLUG}
version: "1.0"
title: Two visits
summary: Scores patients who come again.
language: en
authors:
  - {{name: Test Author}}
minutes: 30
objectives:
  - Score activity at two visits
rights: {{holder: Nobody, status: unresolved, source: A test, date: 2026-11-01}}
licence: CC-BY-4.0
instrument: mdaat@1.0
certificate: {{title: Rater of two visits, level: Basic, valid_months: 24}}
steps:
  - {{key: practice, kind: practice, title: Practice, cases: cases/practice, required: 2}}
  - key: certification
    kind: certification
    title: Certification
    forms:
      - {{key: a, cases: cases/form-a}}
    criteria:
      total_within: {{total: myoact, tolerance: 20}}
      flags: {{at_most: 0}}
      change_within: {{total: myoact, tolerance: 5}}
      cases: 3
"""


@cache
def _items() -> tuple[str, ...]:
    return tuple(item.key for item in instruments.load_library("mdaat@1.0").items)


def case_file(key: str) -> str:
    ratings = ", ".join(f"{item}: {REFERENCES[key].get(item, 0)}" for item in _items())
    panel = "\n".join(f"  - {{rater: Panel {n}, ratings: {{{ratings}}}}}" for n in range(1, 6))
    reasons = "\n".join(f"  {item}: The panel's secret reason." for item in _items())
    first = key.removesuffix("-later")
    follows = f"follows: {first}\n" if key != first else ""
    return f"""\
key: {key}
title: Person {first}{", three months later" if follows else ""}
{follows}text: What is seen of {key}.
panel:
{panel}
rationale:
{reasons}
"""


def visits_files() -> dict[str, bytes]:
    texts = {"package.yaml": PACKAGE, **{path: case_file(key) for key, path in FILES.items()}}
    return {path: text.encode() for path, text in texts.items()}


def make_visits() -> None:
    make_release(visits_files())


def answers_of(case: str, **change: Any) -> dict[str, Any]:
    """The reference's answers to a case by answer key, with what is changed."""
    values = {item: REFERENCES[case].get(item, 0) for item in _items()} | change
    return {
        f"{case}/{item}": {"value": value, "na": False, "reason": None, "side": None}
        for item, value in values.items()
    }


def enrol(person: MadePerson) -> None:
    with transaction():
        services.enrol(person.id, SLUG, now=utc_now())


def begin(person: MadePerson, step: str) -> queries.AttemptFacts:
    with transaction():
        attempt_id = services.begin_attempt(
            person.id, SLUG, step, seed=7, extra_time=1.0, now=utc_now()
        )
    return queries.attempt_of(person.id, attempt_id)


def save(person: MadePerson, attempt: queries.AttemptFacts, answers: dict[str, Any]) -> None:
    with transaction():
        services.save_answers(attempt, answers, now=utc_now())


def score_next(person: MadePerson, **change: Any) -> int:
    """Have a person score the next practice case and hand it in; return the attempt's id."""
    attempt = begin(person, "practice")
    save(person, attempt, answers_of(attempt.drawn[0], **change))
    with transaction():
        services.submit_attempt(person.id, attempt.id, now=utc_now())
    return attempt.id


def reach_certification(person: MadePerson) -> queries.AttemptFacts:
    """Have a person do the practice as the panel does, and begin the certification."""
    enrol(person)
    while (view := services.current_path(
        queries.enrolment_of(person.id, SLUG), now=utc_now()).next
    ) and view.step.key == "practice":  # fmt: skip
        demo.do_step(person.id, SLUG, view, now=utc_now())
    return begin(person, "certification")
