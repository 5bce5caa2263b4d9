"""The pages of calibration: a rater's chart, the owner's list, what a coordinator sees."""

import re

import pytest

from lms import jobs
from lms.accounts.domain import Role
from lms.clock import utc_now
from tests.factories import make_person
from tests.factories_calibration import WEEK, calibrate, calibrated_files, let_drift
from tests.factories_modules import do_all
from tests.factories_packages import make_release
from tests.factories_trials import make_confirmed_person, make_rater, make_requirement, make_trial

PAGE = "/learning/sample/calibration"


@pytest.fixture
def owner(app):
    return make_person(Role.CREATOR)


@pytest.fixture
def rater(owner):
    make_release(calibrated_files(), person_id=owner.id)
    person = make_confirmed_person(name="Robin Hale")
    do_all(person, now=utc_now() - 30 * WEEK)
    return person


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)))


def test_who_is_not_certified_has_no_such_page(app, client, log_in):
    make_release(calibrated_files())
    log_in(make_person())
    assert client.get(PAGE).status_code == 404


def test_home_leads_to_the_cases_that_are_due_and_the_case_to_feedback(rater, client, log_in):
    log_in(rater)
    assert "to score, late since" in text_of(client.get("/"))
    assert "Your calibration" in text_of(client.get("/learning/sample"))
    page = text_of(client.get(PAGE))
    assert "No calibration case yet" in page and "Score the next case" in page

    begun = client.post("/learning/sample/steps/calibration/attempts")
    assert begun.status_code == 303
    case = client.get(begun.location)
    assert case.status_code == 200 and "Panel 1" not in text_of(case)
    assert client.get("/learning/sample/steps/calibration").location.endswith(PAGE)


def test_the_chart_says_what_it_shows_how_it_is_made_and_how_often_it_errs(rater, client, log_in):
    start = utc_now() - 26 * WEEK
    for n in range(3):
        calibrate(rater, at=start + 4 * n * WEEK, off=n - 1)
    log_in(rater)
    page = text_of(client.get(PAGE))

    assert "In band" in page
    assert "in units of the spread of a typical rater (7 points)" in page
    assert "once in about 500 cases" in page and "found after about 11" in page
    assert "−8.0" in page and "+8.0" in page  # you minus the panel, of eight items
    assert page.count("in band") >= 3


def test_an_alarm_leads_to_what_is_to_be_done_again(rater, client, log_in):
    let_drift(rater, since=utc_now() - 30 * WEEK)
    log_in(rater)
    page = text_of(client.get(PAGE))
    assert "Your scores have left the band." in page
    assert client.post(f"{PAGE}/rounds").status_code == 303
    path = text_of(client.get("/learning/sample"))
    assert "this brings them back" in path
    assert "Taken over from an earlier round" in path
    assert client.get(PAGE).status_code == 404  # nothing to calibrate until that is done


def test_a_renewal_too_early_is_a_sentence(rater, client, log_in):
    log_in(rater)
    answer = client.post(f"{PAGE}/renewal")
    assert answer.status_code == 409
    assert "is to be renewed now" in text_of(answer)


def test_the_owner_sees_raters_without_names_and_an_administrator_with(
    rater, owner, client, log_in
):
    let_drift(rater, since=utc_now() - 30 * WEEK)
    log_in(owner)
    page = text_of(client.get("/studio/packages/sample/calibration"))
    assert "Rater 1" in page and "Drifting" in page
    assert "Robin" not in page
    assert "Calibration of certified raters" in text_of(client.get("/studio/packages/sample"))

    log_in(make_person(Role.CREATOR))
    assert client.get("/studio/packages/sample/calibration").status_code == 404
    log_in(rater)
    assert client.get("/studio/packages/sample/calibration").status_code in (403, 404)
    log_in(make_person(Role.ADMIN))
    assert "Robin Hale" in text_of(client.get("/studio/packages/sample/calibration"))


def test_a_coordinator_sees_how_a_rater_stands(rater, client, log_in):
    made = make_trial()
    entry, _person = make_rater(made, rater.email, name="Robin Hale", account=False)
    make_requirement(made, "sample")
    jobs.run_pending()
    log_in(made.coordinator)
    address = f"/trials/{made.id}/raters/{entry}"
    assert "No calibration case yet" in text_of(client.get(address))
    let_drift(rater, since=utc_now() - 30 * WEEK)
    page = text_of(client.get(f"/trials/{made.id}/raters/{entry}"))
    assert "Drifting" in page
