"""Badges for their holders, and what strangers download, through the client."""

import json
from datetime import date

import pytest

from lms.accounts.domain import Role
from lms.certificates import authority
from lms.certificates.badges import keyring, own
from lms.certificates.badges.verification import Known, verify
from lms.certificates.domain.badging import BadgeState
from lms.clock import utc_now
from tests.factories import make_person
from tests.factories_certificates import issue, make_facts


@pytest.fixture
def holder(client):
    return make_person(name="Robin Hale")


@pytest.fixture
def issued(holder):
    return issue(holder.id)


def as_a_stranger(client, data):
    """Judge a badge with nothing but what the public addresses answer."""
    badge = json.loads(data)
    address = badge["credentialStatus"]["statusListCredential"]
    addresses = (address, address.replace("revocation", "suspension"))
    lists = {one: client.get(one).data for one in addresses}
    keys = keyring.keys_from_json(client.get("/trust/badge-keys.json").data)
    return verify(data, Known(keys, lists), now=utc_now())


def test_the_holder_downloads_a_badge_that_a_stranger_finds_good(client, log_in, holder, issued):
    log_in(holder)
    answer = client.get(f"/certificates/{issued.id}/credential.json")

    assert answer.content_type == "application/vc"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    verdict = as_a_stranger(client, answer.data)
    assert verdict.good
    subject = verdict.credential["credentialSubject"]
    assert subject["identifier"][0]["identityHash"] == "Robin Hale"
    assert verdict.credential["id"] == f"http://localhost/v/{issued.code}"


def test_the_token_says_the_same(client, log_in, holder, issued):
    log_in(holder)
    proved = client.get(f"/certificates/{issued.id}/credential.json").data
    token = client.get(f"/certificates/{issued.id}/credential.jwt")

    assert token.content_type == "application/vc+jwt"
    found = [verify(one, Known(own.all_keys(), {}), now=utc_now()) for one in (proved, token.data)]
    assert found[0].credential == found[1].credential is not None


def test_the_page_offers_both_forms(client, log_in, holder, issued, run_jobs):
    run_jobs()
    log_in(holder)
    page = client.get(f"/certificates/{issued.id}").text

    assert f"/certificates/{issued.id}/credential.json" in page
    assert f"/certificates/{issued.id}/credential.jwt" in page


@pytest.mark.parametrize("form", ["json", "jwt"])
def test_somebody_elses_badge_is_not_found(client, log_in, issued, form):
    address = f"/certificates/{issued.id}/credential.{form}"
    assert client.get(address).status_code == 303
    log_in(make_person())
    assert client.get(address).status_code == 404


def test_a_revocation_is_seen_by_a_stranger(client, new_client, log_in, holder, issued):
    log_in(holder)
    data = client.get(f"/certificates/{issued.id}/credential.json").data
    admin = log_in(make_person(Role.ADMIN), on=new_client())
    admin.post(
        f"/certificates/{issued.id}/revocation",
        data={"reason_class": "misconduct", "reason": "A reason that is long enough"},
    )

    assert as_a_stranger(client, data).state is BadgeState.REVOKED


def test_an_expired_badge_is_still_handed_out(client, log_in, holder):
    facts = make_facts(issued_on=date(2020, 1, 1), expires_on=date(2021, 1, 1))
    issued = issue(holder.id, facts=facts, subject="old")
    log_in(holder)
    data = client.get(f"/certificates/{issued.id}/credential.json").data

    assert as_a_stranger(client, data).state is BadgeState.EXPIRED


@pytest.mark.parametrize("purpose", ["revocation", "suspension"])
@pytest.mark.parametrize("ending", ["", ".jwt"])
def test_a_status_list_is_cacheable_and_open_to_pages_of_others(client, purpose, ending):
    answer = client.get(f"/status/{purpose}/1{ending}")

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers
    again = client.get(
        f"/status/{purpose}/1{ending}", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize(
    "address", ["/status/revocation/2", "/status/refusal/1", "/status/revocation/0.jwt"]
)
def test_other_lists_are_not_found(client, address):
    assert client.get(address).status_code == 404


def test_a_second_look_at_a_list_signs_and_writes_nothing(client, count_queries):
    first = client.get("/status/revocation/1").data
    count_queries()

    assert client.get("/status/revocation/1").data == first
    assert count_queries() <= 3


@pytest.mark.parametrize("address", ["/.well-known/did.json", "/did.json"])
def test_the_did_document_names_the_key_that_signs(client, log_in, holder, issued, address):
    document = client.get(address).json
    log_in(holder)
    badge = json.loads(client.get(f"/certificates/{issued.id}/credential.json").data)

    assert document["id"] == badge["issuer"]["id"] == "did:web:localhost"
    method = badge["proof"]["verificationMethod"]
    assert method in document["assertionMethod"]
    assert method in [one["id"] for one in document["verificationMethod"]]


def test_a_withdrawn_key_stays_in_the_document_without_the_right_to_sign(client):
    old = client.get("/did.json").json["assertionMethod"][-1]
    keyring.withdraw(own.place().folder, old, now=utc_now())
    document = client.get("/did.json").json

    assert old not in document["assertionMethod"]
    assert document["assertionMethod"]
    method = next(one for one in document["verificationMethod"] if one["id"] == old)
    assert "revoked" in method


def test_without_a_key_the_answer_says_so(client, monkeypatch, log_in, holder, issued):
    def none():
        raise authority.KeysUnusable("no key")

    monkeypatch.setattr(own, "signer", none)
    log_in(holder)
    for address in (
        "/status/revocation/1",
        "/.well-known/did.json",
        "/trust/badge-keys.json",
        f"/certificates/{issued.id}/credential.json",
        f"/certificates/{issued.id}/credential.jwt",
    ):
        answer = client.get(address)
        assert answer.status_code == 503, address
        assert "no key" not in answer.text
