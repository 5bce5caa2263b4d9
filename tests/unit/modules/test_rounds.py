"""When a certificate may be renewed, and which steps need not be done again."""

from dataclasses import replace
from datetime import date

import pytest

from lms.certificates.domain import State, Validity
from lms.modules.domain import (
    Facts,
    StepState,
    carried_at_renewal,
    carried_between,
    may_renew,
    path_of,
    renewal_opens_on,
)
from lms.packages.domain import QuizStep
from tests.factories import NOW
from tests.samples import make_content

TWO_YEARS = Validity(months=24)
END = date(2028, 5, 31)


def test_the_window_is_the_rules_or_three_months():
    assert renewal_opens_on(TWO_YEARS, END) == date(2028, 2, 29)
    assert renewal_opens_on(Validity(months=24, keep_anniversary_months=6), END) == date(
        2027, 11, 30
    )


@pytest.mark.parametrize(
    ("state", "ends_on", "today", "may"),
    [
        (State.VALID, END, date(2028, 2, 28), False),
        (State.VALID, END, date(2028, 2, 29), True),
        (State.EXPIRED, END, date(2030, 1, 1), True),
        (State.VALID, None, date(2030, 1, 1), False),
        (State.SUSPENDED, END, date(2028, 5, 1), False),
        (State.REVOKED, END, date(2028, 5, 1), False),
        (State.SUPERSEDED, END, date(2028, 5, 1), False),
    ],
)
def test_only_what_holds_or_has_expired_is_renewed_and_only_near_its_end(
    state, ends_on, today, may
):
    assert may_renew(TWO_YEARS, state=state, ends_on=ends_on, today=today) is may


def test_by_default_a_renewal_takes_nothing_over():
    content = make_content()
    assert carried_at_renewal(content) == ()
    asked = replace(content, certificate=replace(content.certificate, renewal=("quiz",)))
    assert "quiz" not in carried_at_renewal(asked)
    assert len(carried_at_renewal(asked)) == len(content.steps) - 1


def test_between_releases_only_what_is_the_same_in_everything_is_taken_over():
    before = make_content()
    keys = [step.key for step in before.steps]
    changed = tuple(
        replace(step, pass_mark=step.pass_mark + 1) if isinstance(step, QuizStep) else step
        for step in before.steps
    )
    after = replace(before, version="1.1", steps=changed)

    assert carried_between(before, before, keys) == tuple(keys)
    assert carried_between(before, after, keys) == tuple(key for key in keys if key != "quiz")
    assert carried_between(before, after, keys[:1]) == tuple(keys[:1])


def test_a_carried_step_counts_as_done_until_a_failed_try_asks_for_it():
    content = make_content()
    keys = frozenset(step.key for step in content.steps)
    facts = Facts(evidence={}, tries={}, further={}, carried=keys - {"quiz"}, begun_at=NOW)
    path = path_of(content, facts, now=NOW)

    assert path.next is not None and path.next.step.key == "quiz"
    assert path.step("quiz").state is StepState.NOW
    assert all(view.carried for view in path.steps if view.step.key != "quiz")
    assert all(view.done_at == NOW for view in path.steps if view.carried)
