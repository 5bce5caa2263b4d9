"""What an administrator makes of a certificate, and how its pages and the public one show it."""

import pytest

from lms import jobs
from lms.accounts.domain import Role
from lms.certificates import queries
from lms.certificates.domain import State
from lms.clock import utc_now
from tests.factories import make_person
from tests.factories_accounts import empty_outbox
from tests.factories_certificates import issue, make_facts
from tests.factories_trials import make_module, make_rater, make_requirement, make_trial

PAUSE = {"reason_class": "under_review", "reason": "A complaint is looked into."}
NEW_NAME = {"kind": "correction", "name": "Robin Hale-Ito", "reason": "Married; letter of 1 June."}


@pytest.fixture
def holder(client):
    return make_person(name="Robin Hale")


@pytest.fixture
def issued(holder):
    return issue(holder.id)


@pytest.fixture
def admin(client, log_in):
    person = make_person(Role.ADMIN)
    log_in(person)
    return person


def state(issued):
    return queries.certificate(issued.id).state_on(utc_now().date())


PLACES = ("suspension", "successor", "erasure")
POSTS = ("suspension", "suspension/lifting", "successor", "erasure")


def test_nobody_else_comes_near(client, log_in, holder, issued):
    log_in(holder)
    for place in PLACES:
        assert client.get(f"/certificates/{issued.id}/{place}").status_code == 403
    for place in POSTS:
        assert client.post(f"/certificates/{issued.id}/{place}", data=PAUSE).status_code == 403
    assert "Suspend it" not in client.get(f"/certificates/{issued.id}").text


def test_what_is_not_there_is_not_found(client, admin):
    for place in PLACES:
        assert client.get(f"/certificates/987654/{place}").status_code == 404


def test_a_suspension_is_public_without_its_explanation_and_can_be_lifted(
    client, admin, issued, new_client
):
    page = client.get(f"/certificates/{issued.id}/suspension").text
    assert "Suspend the certificate" in page
    answer = client.post(f"/certificates/{issued.id}/suspension", data=PAUSE)
    assert answer.status_code == 303
    public = new_client().get(f"/v/{issued.code}").text
    assert "Suspended" in public
    assert "Under review" in public
    assert "looked into" not in public
    assert "complaint is looked into" in client.get(f"/certificates/{issued.id}").text

    assert "Lift the suspension" in client.get(f"/certificates/{issued.id}/suspension").text
    client.post(f"/certificates/{issued.id}/suspension/lifting", data={"reason": "Nothing found."})
    assert state(issued) is State.VALID
    assert "Lifted: Nothing found." in client.get(f"/certificates/{issued.id}").text


def test_the_holder_sees_that_it_is_suspended(client, admin, holder, issued, log_in, new_client):
    client.post(f"/certificates/{issued.id}/suspension", data=PAUSE)
    own = new_client()
    log_in(holder, own)
    for place in ("/certificates", f"/certificates/{issued.id}", "/"):
        assert "Suspended" in own.get(place).text, place


@pytest.mark.parametrize("place", POSTS)
def test_a_reason_is_needed_for_everything(client, admin, issued, place):
    if place.endswith("lifting"):
        client.post(f"/certificates/{issued.id}/suspension", data=PAUSE)
    before = queries.certificate(issued.id)
    answer = client.post(f"/certificates/{issued.id}/{place}", data={})
    assert answer.status_code == 422
    assert "It is kept for the record" in answer.text
    assert queries.certificate(issued.id) == before


def test_twice_says_so_and_changes_nothing(client, admin, issued):
    client.post(f"/certificates/{issued.id}/suspension", data=PAUSE)
    again = client.post(f"/certificates/{issued.id}/suspension", data=PAUSE, follow_redirects=True)
    assert "suspended already" in again.text


def test_a_corrected_name_is_a_new_certificate_that_is_mailed(
    client, admin, holder, issued, new_client, app
):
    jobs.run_pending()
    sent = empty_outbox(app)
    assert "Robin Hale" in client.get(f"/certificates/{issued.id}/successor?kind=correction").text
    answer = client.post(f"/certificates/{issued.id}/successor", data=NEW_NAME)
    new = queries.certificate(issued.id).later.succession
    assert answer.location == f"/certificates/{new.id}"
    assert "Open the earlier certificate" in client.get(answer.location).text
    old = new_client().get(f"/v/{issued.code}")
    assert old.status_code == 200
    assert "Replaced" in old.text
    assert f"/v/{new.code}" in old.text
    assert "Robin Hale-Ito" not in old.text
    assert "Robin Hale-Ito" in new_client().get(f"/v/{new.code}").text
    jobs.run_pending()
    assert [message.to for message in sent] == [[holder.email]]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"name": ""}, "Type the name as it should be printed."),
        ({"name": " Robin  Hale "}, "bears already"),
        ({"name": "Robin \x07 Hale"}, "cannot be printed"),
        ({"kind": "renewal", "expires_on": "2026-01-01"}, "cannot end before it is issued"),
        ({"kind": "renewal", "expires_on": "soon"}, "Not a valid date value"),
        ({"kind": "gift"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_printed_is_said_beside_the_field(client, admin, issued, data, said):
    answer = client.post(f"/certificates/{issued.id}/successor", data={**NEW_NAME, **data})
    assert answer.status_code == 422
    assert said in answer.text
    assert queries.certificate(issued.id).later.succession is None


def test_a_renewal_is_proposed_for_as_long_as_before(client, admin, holder):
    today = utc_now().date()
    facts = make_facts(issued_on=today, expires_on=today.replace(year=today.year + 2))
    one = issue(holder.id, facts=facts)
    page = client.get(f"/certificates/{one.id}/successor?kind=renewal").text
    assert f'value="{facts.expires_on}"' in page


def test_an_erasure_is_confirmed_and_leaves_a_page_without_the_person(
    client, admin, issued, new_client
):
    jobs.run_pending()
    asked = {"reason": "Letter of 1 June, file 7."}
    assert client.post(f"/certificates/{issued.id}/erasure", data=asked).status_code == 422
    client.post(f"/certificates/{issued.id}/erasure", data={**asked, "sure": "y"})
    jobs.run_pending()
    page = client.get(f"/certificates/{issued.id}")
    assert page.status_code == 200
    assert "were erased" in page.text
    assert client.get(f"/certificates/{issued.id}/file").status_code == 404
    assert client.get(f"/certificates/{issued.id}/picture").status_code == 404
    public = new_client().get(f"/v/{issued.code}")
    assert public.status_code == 200
    assert "Revoked" in public.text
    for word in ("Robin", "items within tolerance", "CMAS rater"):
        assert word not in public.text + page.text.replace("CMAS rater", "")


def test_a_trial_shows_who_is_suspended_who_was_renewed_and_survives_an_erasure(client, log_in):
    trial = make_trial()
    make_module("cmas")
    make_requirement(trial, "cmas")
    today = utc_now().date()
    made = []
    for name in ("Paused", "Renewed", "Erased"):
        _entry, person_id = make_rater(trial, name=name)
        facts = make_facts(issued_on=today, name=name)
        made.append(issue(person_id, subject=f"enrolment:{name}", facts=facts))
    log_in(make_person(Role.ADMIN))
    paused, renewed, erased = (f"/certificates/{one.id}" for one in made)
    client.post(f"{paused}/suspension", data=PAUSE)
    client.post(f"{renewed}/successor", data=NEW_NAME)
    client.post(f"{erased}/erasure", data={"reason": "Letter", "sure": "y"})

    client.get("/sign-out")
    log_in(trial.coordinator)
    page = client.get(f"/trials/{trial.id}?on={today}")
    assert page.status_code == 200
    assert "1 of 3" in page.text
    assert "Suspended" in page.text
    assert "Revoked" in page.text
    assert client.get(f"/trials/{trial.id}/matrix.csv?on={today}").status_code == 200
