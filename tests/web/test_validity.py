"""Rules of validity from the package to the certificate, and the page on which they are tried."""

from datetime import timedelta

import pytest

from lms.accounts.domain import Role
from lms.certificates import api as certificates
from lms.certificates import queries as registered
from lms.certificates.domain import State, months_later
from lms.clock import utc_now
from lms.db import transaction
from lms.modules import queries as training
from lms.trials import services as trials
from lms.trials.domain import State as TrialState
from tests.factories import make_person
from tests.factories_modules import SLUG, do_all
from tests.factories_packages import broken, make_draft, make_release, package_files
from tests.factories_trials import (
    make_confirmed_person,
    make_rater,
    make_requirement,
    make_trial,
)

OLD = "level: Basic, valid_months: 24}"


def files_with(rule: str) -> dict[str, bytes]:
    new = f"level: Basic, validity: {{{rule}}}}}"
    return broken({"package.yaml": (OLD, new)}, package_files())


def certified(rule: str):
    """Train somebody in a module with this rule and return their certificate."""
    make_release(files_with(rule))
    person = make_confirmed_person()
    do_all(person, now=utc_now())
    return person, registered.certificate(training.enrolment_of(person.id, SLUG).certificate_id)


def test_a_certificate_ends_by_the_rule_of_its_module_and_is_renewed_by_it(client, log_in):
    today = utc_now().date()
    _person, issued = certified("months: 6, keep_anniversary_months: 6")
    assert issued.facts.expires_on == months_later(today, 6)
    log_in(make_person(Role.ADMIN))
    page = client.get(f"/certificates/{issued.id}/successor?kind=renewal").text
    assert f'value="{months_later(issued.facts.expires_on, 6)}"' in page


@pytest.fixture
def bound(app):
    """Return a rater whose certificate ends with the trial that asks for it, and that trial."""
    person, issued = certified("while_trial_open: true")
    return person, issued, trial_with(person)


def trial_with(person):
    trial = make_trial()
    make_requirement(trial, SLUG)
    make_rater(trial, person.email, account=False)
    return trial


def settle(trial, state):
    with transaction():
        trials.set_state(trial.viewer, trial.id, state, reason="Last visit", now=utc_now())


def ends_on(issued):
    return registered.certificate(issued.id).ends_on


def test_a_certificate_ends_with_the_trial_and_goes_on_with_it(client, bound):
    _person, issued, trial = bound
    today = utc_now().date()
    assert (issued.facts.expires_on, issued.ends_on) == (None, None)
    settle(trial, TrialState.CLOSED)
    assert ends_on(issued) == today
    tomorrow = today + timedelta(days=1)
    assert certificates.verdict_for_code(issued.code, on=today).state is State.VALID
    assert certificates.verdict_for_code(issued.code, on=tomorrow).state is State.EXPIRED
    assert "Ended with the trial" in client.get(f"/v/{issued.code}").text
    settle(trial, TrialState.OPEN)
    assert ends_on(issued) is None


def test_another_open_trial_keeps_it_until_it_closes_too(bound):
    person, issued, trial = bound
    other = trial_with(person)
    settle(trial, TrialState.CLOSED)
    assert ends_on(issued) is None
    settle(other, TrialState.CLOSED)
    assert ends_on(issued) == utc_now().date()


def test_certificates_by_months_do_not_care_for_trials(app):
    person, issued = certified("months: 6")
    settle(trial_with(person), TrialState.CLOSED)
    assert ends_on(issued) == issued.facts.expires_on


# --- tried out ------------------------------------------------------------------------------------


@pytest.fixture
def draft(client, log_in):
    person = make_person(Role.CREATOR)
    log_in(person)
    rule = "months: 24, end_of_month: true, keep_anniversary_months: 3, while_trial_open: true"
    return make_draft(person.id, files_with(rule))


def test_the_preview_leads_to_the_page_that_tries_dates(client, draft):
    assert f"/preview/{draft}/validity" in client.get(f"/preview/{draft}").text
    page = client.get(f"/preview/{draft}/validity").text
    assert "24 months, to the end of the last, at most while the trial is open" in page
    assert "3 months before the end or later: the anniversary is kept" in page


def test_first_and_last_days_are_shown_for_the_days_that_are_tried(client, draft):
    page = client.get(
        f"/preview/{draft}/validity?issued_on=2026-06-14&renewals-0=2028-05-02&closed_on=2029-03-01"
    ).text
    for said in (
        "14 June 2026",
        "1 May 2028",
        "printed is 30 June 2028",
        "2 May 2028",
        "1 March 2029",
        "printed is 30 June 2030",
        "counted from the end of the one before",
    ):
        assert said in page, said


@pytest.mark.parametrize(
    "query", ["issued_on=never", "issued_on=", "issued_on=2026-06-14&renewals-1=x", "closed_on=1"]
)
def test_days_that_make_no_sense_are_said_beside_the_field(client, draft, query):
    answer = client.get(f"/preview/{draft}/validity?{query}")
    assert answer.status_code == 422
    assert "Something needs another look" in answer.text


def test_the_last_possible_day_does_not_break_it(client, draft):
    answer = client.get(f"/preview/{draft}/validity?issued_on=9999-12-31")
    assert answer.status_code == 422
    assert "too far" in answer.text


def test_somebody_elses_draft_is_not_found(client, log_in, draft):
    log_in(make_person(Role.CREATOR))
    assert client.get(f"/preview/{draft}/validity").status_code == 404
