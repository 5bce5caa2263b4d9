"""The holder's own choice: initials in public, and a family name that confirms them."""

import pytest

from lms import jobs, storage
from lms.accounts.domain import Role
from lms.audit import api as audit
from lms.certificates import queries, services
from lms.certificates.domain import SuccessionKind
from lms.clock import utc_now
from lms.db import transaction
from tests.factories import make_person
from tests.factories_certificates import issue, make_facts
from tests.web.test_check_pages import check_file


@pytest.fixture
def holder(client, log_in):
    person = make_person(name="Maria van der Berg")
    log_in(person)
    return person


@pytest.fixture
def issued(holder):
    return issue(holder.id, facts=make_facts(name="Maria van der Berg"))


def choose(client, issued, shows):
    return client.post(f"/certificates/{issued.id}/public-name", data={"shows": shows})


def test_the_full_name_is_shown_until_the_holder_says_otherwise(client, issued, new_client):
    assert "Your name in public" in client.get(f"/certificates/{issued.id}").text
    assert "Maria van der Berg" in new_client().get(f"/v/{issued.code}").text
    assert choose(client, issued, "initials").status_code == 303
    for address in (f"/v/{issued.code}", f"/api/v1/verify/{issued.code}"):
        page = new_client().get(address).text
        assert "M. v. d. B." in page
        assert "Berg" not in page.replace("M. v. d. B.", "")
    assert "Maria van der Berg" in client.get(f"/certificates/{issued.id}").text
    choose(client, issued, "full_name")
    assert "Maria van der Berg" in new_client().get(f"/v/{issued.code}").text


def test_the_choice_is_in_the_audit_trail_once(client, holder, issued):
    for _ in range(2):
        choose(client, issued, "initials")
    events = audit.history_of(f"certificate:{issued.id}")
    assert [event.action for event in events] == ["certificate issued", "public name chosen"]
    assert events[-1].actor_id == holder.id


@pytest.mark.parametrize(
    ("typed", "said"),
    [("van der berg", "The family name fits"), ("Smith", "The family name does not fit")],
)
def test_who_knows_the_family_name_learns_whether_it_fits(client, issued, new_client, typed, said):
    choose(client, issued, "initials")
    answer = new_client().post(f"/v/{issued.code}/family-name", data={"family_name": typed})
    assert answer.status_code == 200
    assert said in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Maria" not in answer.text


def test_no_family_name_is_asked_for_again(client, issued, new_client):
    choose(client, issued, "initials")
    answer = new_client().post(f"/v/{issued.code}/family-name", data={"family_name": ""})
    assert answer.status_code == 422
    assert "Type the family name first." in answer.text


def test_an_unknown_code_and_an_erased_one_confirm_nobody(client, issued, new_client):
    stranger = new_client()
    assert stranger.post("/v/nonsense/family-name", data={"family_name": "x"}).status_code == 404
    choose(client, issued, "initials")
    admin = make_person(Role.ADMIN)
    with transaction():
        services.erase_line(issued.id, reason="Letter", erased_by=admin.id, now=utc_now())
    answer = stranger.post(f"/v/{issued.code}/family-name", data={"family_name": "Berg"})
    assert "fits" not in answer.text
    assert choose(client, issued, "full_name").status_code == 404


def test_the_file_has_the_name_in_it_and_shows_it(client, issued, new_client):
    jobs.run_pending()
    choose(client, issued, "initials")
    data = storage.get(queries.certificate(issued.id).file.digest)
    assert "Maria van der Berg" in check_file(new_client(), data).text


def test_the_choice_goes_over_to_the_next_certificate(client, issued):
    choose(client, issued, "initials")
    admin = make_person(Role.ADMIN)
    wanted = services.Replacement(SuccessionKind.REISSUE, reason="Code was public.")
    with transaction():
        new = services.succeed(issued.id, wanted, by=admin.id, now=utc_now())
    assert queries.certificate(new.id).shown == "initials"


def test_nobody_else_chooses(client, issued, log_in, new_client):
    for role in (Role.ADMIN, Role.TRAINEE):
        other = new_client()
        log_in(make_person(role), other)
        assert choose(other, issued, "initials").status_code == 404
    assert choose(client, issued, "nothing").status_code == 422
