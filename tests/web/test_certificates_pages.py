"""A person's own certificates, and an administrator's revocation, through the client."""

import pytest

from lms import jobs, storage
from lms.accounts.domain import Role
from lms.certificates import queries
from lms.certificates.domain import shown_code
from tests.factories import make_person
from tests.factories_accounts import empty_outbox
from tests.factories_certificates import issue, make_facts


@pytest.fixture
def holder(client):
    return make_person(name="Robin Hale")


@pytest.fixture
def issued(holder):
    return issue(holder.id)


@pytest.fixture
def sealed(issued):
    jobs.run_pending()
    return queries.certificate(issued.id)


def test_without_certificates_the_list_says_how_to_get_one(client, log_in, holder):
    log_in(holder)
    assert "No certificate yet" in client.get("/certificates").text


def test_the_list_shows_only_the_persons_own(client, log_in, holder, issued):
    issue(make_person().id, subject="other", facts=make_facts(title="Somebody else's"))
    log_in(holder)
    page = client.get("/certificates").text
    assert "CMAS rater" in page
    assert "until 14 June 2028" in page
    assert "Somebody else" not in page


def test_the_list_does_not_ask_more_for_more(client, log_in, holder, count_queries):
    log_in(holder)
    issue(holder.id, subject="a")
    client.get("/certificates")
    count_queries()
    client.get("/certificates")
    few = count_queries()
    for number in range(6):
        issue(holder.id, subject=f"b{number}")
    count_queries()
    client.get("/certificates")
    assert count_queries() == few <= 6


def test_before_the_file_is_made_the_page_says_so(client, log_in, holder, issued):
    log_in(holder)
    page = client.get(f"/certificates/{issued.id}").text
    assert "The PDF is being made" in page
    assert shown_code(issued.code) in page
    answer = client.get(f"/certificates/{issued.id}/file")
    assert answer.status_code == 409
    assert "still being made" in answer.text


def test_the_page_shows_picture_and_facts(client, log_in, holder, sealed):
    log_in(holder)
    page = client.get(f"/certificates/{sealed.id}")
    for fact in (
        "Robin Hale",
        "cmas@1.0, 14 items, 0 to 52",
        "50 of 56 items",
        "Demonstration use",
    ):
        assert fact in page.text, fact
    picture = client.get(f"/certificates/{sealed.id}/picture")
    assert picture.content_type == "image/webp"
    assert picture.data[8:12] == b"WEBP"
    assert len(page.data) < 30_000


def test_the_download_is_the_stored_file(client, log_in, holder, sealed):
    log_in(holder)
    answer = client.get(f"/certificates/{sealed.id}/file")
    assert answer.data == storage.get(sealed.file.digest)
    assert answer.content_type == "application/pdf"
    assert (
        f"certificate-cmas-{shown_code(sealed.code)}.pdf" in answer.headers["Content-Disposition"]
    )
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("part", ["", "/file", "/picture"])
def test_somebody_elses_certificate_looks_absent(client, log_in, sealed, part):
    log_in(make_person(Role.TRAINEE, Role.COORDINATOR, Role.CREATOR))
    assert client.get(f"/certificates/{sealed.id}{part}").status_code == 404


def test_somebody_else_cannot_mail_it(client, log_in, sealed):
    log_in(make_person(Role.ADMIN))
    assert client.post(f"/certificates/{sealed.id}/mail").status_code == 404


def test_it_is_mailed_again_on_request(client, log_in, holder, sealed, app, run_jobs):
    sent = empty_outbox(app)
    log_in(holder)
    answer = client.post(f"/certificates/{sealed.id}/mail")
    assert answer.status_code == 303
    run_jobs()
    assert [message.to for message in sent] == [[holder.email]]
    assert sent[0].attachments[0][1] == storage.get(sealed.file.digest)
    assert f"/v/{sealed.code}" in sent[0].body


REASON = {"reason_class": "misconduct", "reason": "Ratings were made up."}


def test_only_an_administrator_revokes(client, log_in, holder, sealed):
    log_in(holder)
    assert client.post(f"/certificates/{sealed.id}/revocation", data=REASON).status_code == 403
    assert "Revoke the certificate" not in client.get(f"/certificates/{sealed.id}").text


def test_a_revocation_is_public_at_once_without_its_explanation(client, log_in, sealed, new_client):
    log_in(make_person(Role.ADMIN))
    assert "Revoke the certificate" in client.get(f"/certificates/{sealed.id}").text
    answer = client.post(f"/certificates/{sealed.id}/revocation", data=REASON)
    assert answer.status_code == 303
    public = new_client().get(f"/v/{sealed.code}").text
    assert "Revoked" in public
    assert "Misconduct" in public
    assert "made up" not in public


def test_the_holder_reads_why(client, log_in, holder, sealed, new_client):
    log_in(make_person(Role.ADMIN))
    client.post(f"/certificates/{sealed.id}/revocation", data=REASON)
    own = new_client()
    log_in(holder, own)
    assert "Ratings were made up." in own.get(f"/certificates/{sealed.id}").text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Choose a reason."),
        ({"reason_class": "misconduct"}, "Say what happened."),
        ({"reason_class": "boredom", "reason": "x"}, "Not a valid choice"),
    ],
)
def test_a_revocation_needs_a_reason(client, log_in, sealed, data, said):
    log_in(make_person(Role.ADMIN))
    answer = client.post(f"/certificates/{sealed.id}/revocation", data=data)
    assert answer.status_code == 422
    assert said in answer.text
    assert queries.certificate(sealed.id).revocation is None


def test_revoking_twice_changes_nothing(client, log_in, sealed):
    log_in(make_person(Role.ADMIN))
    client.post(f"/certificates/{sealed.id}/revocation", data=REASON)
    first = queries.certificate(sealed.id).revocation
    answer = client.post(
        f"/certificates/{sealed.id}/revocation",
        data={"reason_class": "superseded", "reason": "Other"},
        follow_redirects=True,
    )
    assert "revoked before" in answer.text
    assert queries.certificate(sealed.id).revocation == first


def test_nobody_sees_anything_signed_out(client, sealed):
    for part in ("", "/file", "/picture"):
        answer = client.get(f"/certificates/{sealed.id}{part}")
        assert answer.status_code == 303
        assert "/sign-in" in answer.headers["Location"]
