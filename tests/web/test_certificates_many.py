"""Many certificates at once, through the client: choosing, the jobs, and whose certificates."""

import io
import json
import re
from zipfile import ZipFile

import pytest

from lms import jobs
from lms.accounts.domain import Role
from lms.certificates import queries
from lms.certificates.domain import new_code, shown_code
from lms.clock import utc_now
from lms.db import transaction
from tests.factories import make_person
from tests.factories_certificates import issue, make_facts
from tests.factories_trials import (
    make_certificate,
    make_module,
    make_rater,
    make_requirement,
    make_trial,
)

UNKNOWN = new_code(lambda size: b"\7" * size)


@pytest.fixture
def admin(client, log_in):
    person = make_person(Role.ADMIN)
    log_in(person)
    return person


@pytest.fixture
def made(client):
    return [issue(make_person().id, subject=f"test:{n}") for n in range(3)]


def chosen(page):
    return re.search(r'name="codes" value="([^"]*)"', page.text)[1]


def job_of(answer):
    assert answer.status_code == 303, answer.text
    return re.fullmatch(r"/jobs/(\d+)", answer.headers["Location"])[1]


def opened(client, place):
    with client.get(place) as answer:
        assert answer.mimetype == "application/zip"
        return ZipFile(io.BytesIO(answer.data))


@pytest.mark.parametrize("place", ["many", "reissues", "downloads", "signings"])
def test_only_administrators_come_near(client, log_in, place):
    log_in(make_person(Role.COORDINATOR))
    assert client.post(f"/certificates/{place}").status_code == 403
    if place == "many":
        assert client.get("/certificates/many").status_code == 403
    assert "Many at once" not in client.get("/certificates").text


def test_codes_are_chosen_looked_at_and_issued_anew(client, admin, made):
    assert "Many at once" in client.get("/certificates").text
    codes = "\n".join([made[0].code, shown_code(made[1].code), UNKNOWN, "oops"])
    page = client.post("/certificates/many", data={"codes": codes})
    assert "2 certificates chosen" in page.text
    assert "Line 4:" in page.text
    assert UNKNOWN in page.text

    given = {"codes": chosen(page)}
    answer = client.post("/certificates/reissues", data=given)
    assert answer.status_code == 422
    assert "Say why." in answer.text
    answer = client.post("/certificates/reissues", data=given | {"reason": "A new frame."})
    place = answer.headers["Location"]
    jobs.run_pending(limit=3 + 2)  # three files that waited, two successors
    page = client.get(place)
    assert "0 of 2" in page.text
    assert 'value="1.0"' in page.text, "half of each row is done"
    assert "its file waits" in page.text
    jobs.run_pending()
    page = client.get(place)
    assert "Done: 2 rows" in page.text
    assert page.text.count("in the place of") == 2


def test_what_does_not_hold_is_shown_and_left_out(client, admin, made):
    client.post(
        f"/certificates/{made[0].id}/revocation",
        data={"reason_class": "misconduct", "reason": "Made up."},
    )
    file = (io.BytesIO(f"code\n{made[0].code}\n{made[1].code}\n".encode()), "list.csv")
    page = client.post("/certificates/many", data={"file": file})
    assert "1 of them holds today" in page.text
    assert "do not hold today and are left out" in page.text
    only = client.post("/certificates/many", data={"codes": made[0].code})
    assert "None of them holds today" in only.text


def test_a_whole_module_is_chosen(client, admin, made):
    issue(admin.id, subject="other", facts=make_facts(module_slug="mmt8"))
    assert "mmt8" in client.get("/certificates/many").text
    page = client.post("/certificates/many", data={"module": "cmas"})
    assert "3 certificates chosen" in page.text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Nothing is chosen"),
        ({"codes": "  ,\n"}, "Nothing is chosen"),
        ({"module": "nowhere"}, "Nothing is chosen"),
        ({"file": b"PK\3\4\xff\xfe"}, "CSV UTF-8"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(client, admin, data, said):
    given = {**data, "file": (io.BytesIO(data["file"]), "a.xlsx")} if "file" in data else data
    answer = client.post("/certificates/many", data=given)
    assert answer.status_code == 422
    assert said in answer.text
    for place in ("reissues", "downloads"):
        given = {"codes": "meddled", "reason": "With"}
        assert client.post(f"/certificates/{place}", data=given).status_code == 422


def test_a_zip_is_made_and_taken_away(client, admin, made):
    jobs.run_pending()
    page = client.post("/certificates/many", data={"module": "cmas"})
    number = job_of(client.post("/certificates/downloads", data={"codes": chosen(page)}))
    jobs.run_pending()
    row = jobs.items_of(int(number))[0]
    with opened(client, f"/jobs/{number}/files/{row.id}") as archive:
        assert len(archive.namelist()) == 5


def test_what_waits_for_its_file_is_signed_on_request(client, admin, made):
    page = client.get("/certificates/many")
    assert "3 certificates wait for their files" in page.text
    answer = client.post("/certificates/signings", follow_redirects=True)
    assert "3 certificates wait for their files and are tried now." in answer.text
    with transaction():
        for row in jobs.items_of(1):
            row.state, row.ended_at = jobs.FAILED, utc_now()
    number = job_of(client.post("/certificates/signings"))
    jobs.run_pending()
    assert "and signed" in client.get(f"/jobs/{number}").text
    assert queries.count_unsealed() == 0
    answer = client.post("/certificates/signings", follow_redirects=True)
    assert "No certificate waits for its file." in answer.text


def test_coordinators_take_away_the_certificates_of_their_own_raters(client, log_in, new_client):
    make_module()
    trial = make_trial()
    make_requirement(trial)
    _, rater_id = make_rater(trial)
    code = make_certificate(rater_id)
    other = make_trial()
    make_requirement(other)
    _, stranger_id = make_rater(other)
    make_certificate(stranger_id)
    make_certificate(rater_id, "cmas")
    log_in(trial.coordinator)

    assert "Certificates (ZIP)" in client.get(f"/trials/{trial.id}").text
    assert client.post(f"/trials/{other.id}/certificate-files").status_code == 404
    number = job_of(client.post(f"/trials/{trial.id}/certificate-files"))
    jobs.run_pending()
    row = jobs.items_of(int(number))[0]
    with opened(client, f"/jobs/{number}/files/{row.id}") as archive:
        told = json.loads(archive.read("manifest.json"))
    assert [one["code"] for one in told["certificates"]] == [shown_code(code)]
    nosy = log_in(other.coordinator, new_client())
    assert nosy.get(f"/jobs/{number}/files/{row.id}").status_code == 404

    empty = client.post(
        f"/trials/{trial.id}/certificate-files?show=must_not", follow_redirects=True
    )
    assert "Nobody in this list holds a certificate" in empty.text
    assert client.post(f"/trials/{trial.id}/certificate-files?on=x").status_code == 422
