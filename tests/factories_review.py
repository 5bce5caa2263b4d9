"""People whose tries at the sample module end near its limits, and questions about them."""

from datetime import datetime

from lms import jobs
from lms.db import transaction
from lms.modules.domain.changed_quiz import AnyRules
from lms.packages import api as packages
from lms.review import asking, queries, services
from lms.review.queries import WhatIfFacts
from tests.factories import NOW, MadePerson
from tests.factories_modules import (
    SLUG,
    answer_and_submit,
    attempt_of,
    begin,
    do_until,
    right_answers,
    wrong_answers,
)
from tests.factories_packages import broken, light_files

WIDER = "criteria:\n  item_within: {tolerance: 2, items: 7}\n  total_within: {total: total, tolerance: 5}\n  cases: 1\n"  # noqa: E501
STRICTER = "criteria:\n  item_within: {tolerance: 0, items: 8}\n  cases: 1\n"


def rate(person: MadePerson, *off: int, now: datetime = NOW, slug: str = SLUG) -> int:
    """Try the certification with so many points off the reference, item by item; return its id."""
    do_until(person, "certification", now=now, slug=slug)
    attempt_id = begin(person, "certification", now=now, slug=slug)
    answers = right_answers(attempt_of(person, attempt_id))
    for (key, one), points in zip(list(answers.items()), off, strict=False):
        answers[key] = {**one, "value": one["value"] + points}
    answer_and_submit(person, attempt_id, answers, now=now)
    return attempt_id


def try_quiz(person: MadePerson, *, wrong: int, now: datetime = NOW, slug: str = SLUG) -> int:
    """Try the quiz with so many questions not right; return the attempt's id."""
    do_until(person, "quiz", now=now, slug=slug)
    attempt_id = begin(person, "quiz", now=now, slug=slug)
    attempt = attempt_of(person, attempt_id)
    answers, off = right_answers(attempt), wrong_answers(attempt)
    answers |= {key: off[key] for key in list(answers)[:wrong]}
    answer_and_submit(person, attempt_id, answers, now=now)
    return attempt_id


def near_miss(person: MadePerson, *, now: datetime = NOW, slug: str = SLUG) -> int:
    """Fail by one item: two items are two points off, one up and one down."""
    return rate(person, 2, -2, now=now, slug=slug)


def near_pass(person: MadePerson, *, now: datetime = NOW, slug: str = SLUG) -> int:
    """Pass with one item one point off."""
    return rate(person, 1, now=now, slug=slug)


def rules_of(written: str, step: str = "") -> AnyRules:
    content = packages.content_of(packages.current_release(SLUG).digest)
    rules, problems = asking.rules_of(written, content, asking.step_of(content, step))
    assert rules is not None, [one.sentence for one in problems]
    return rules


def ask(
    person: MadePerson, written: str, *, step: str = "", work: bool = True, now: datetime = NOW
) -> int:
    """Ask what if and, unless told not to, let the job work it out; return the question's id."""
    with transaction():
        asked = services.ask(SLUG, rules_of(written, step), written, person_id=person.id, now=now)
    if work:
        jobs.run_pending()
    return asked


def question(person: MadePerson, what_if_id: int) -> WhatIfFacts:
    return queries.what_if_of(person.id, what_if_id, everything=False)


def version_with(old: str, new: str, *, version: str = "1.1") -> dict[str, bytes]:
    """Return the light package under another version, with one change in package.yaml."""
    files = broken({"package.yaml": (old, new)}, light_files())
    return broken({"package.yaml": ('version: "1.0"', f'version: "{version}"')}, files)


def wider_files() -> dict[str, bytes]:
    """The light package whose criteria are what WIDER says."""
    return version_with("item_within: {tolerance: 1,", "item_within: {tolerance: 2,")


def stricter_files() -> dict[str, bytes]:
    """The light package whose criteria are what STRICTER says."""
    return version_with(
        "item_within: {tolerance: 1, items: 7}\n      total_within: {total: total, tolerance: 5}",
        "item_within: {tolerance: 0, items: 8}",
    )
