"""Pages for those who look after the whole: the report, its files, one enrolment, jobs."""

import re
from io import BytesIO

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from bench.data import fill
from lms import jobs
from lms.accounts.domain import Role
from lms.audit import api as audit
from lms.db import db
from lms.jobs import Job
from lms.modules import queries as module_queries
from lms.modules.domain import NoFurtherTry
from lms.modules.models import FurtherTry
from tests.factories import NOW, make_person
from tests.factories_modules import HOUR, SLUG, begin, do_all, do_until, fail
from tests.factories_packages import make_release
from tests.factories_reports import make_job

ADMIN_PAGES = ["/reports", "/reports/completion.csv", "/jobs"]


@pytest.fixture
def admin(client, log_in):
    person = make_person(Role.ADMIN, name="Ada Okafor")
    log_in(person)
    return person


@pytest.fixture
def release(app):
    return make_release()


def text_of(response):
    html = re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))
    return " ".join(html.split())


# --- access


@pytest.mark.parametrize("page", [*ADMIN_PAGES, "/health", "/reports/enrolments/1"])
@pytest.mark.parametrize("role", [Role.TRAINEE, Role.CREATOR, Role.COORDINATOR])
def test_other_roles_see_nothing(client, log_in, page, role):
    log_in(make_person(role))

    assert client.get(page).status_code == 403


@pytest.mark.parametrize("page", [*ADMIN_PAGES, "/health", "/jobs/1", "/reports/enrolments/1"])
def test_strangers_are_led_to_the_sign_in(client, page):
    response = client.get(page)

    assert response.status_code == 303
    assert "/sign-in" in response.location


# --- the report


def test_an_empty_report_says_so(client, admin):
    response = client.get("/reports")

    assert response.status_code == 200
    assert "Nobody has enrolled yet" in text_of(response)


def test_the_report_shows_who_is_how_far(client, admin, release):
    certified = make_person(name="Robin Hale")
    do_all(certified)
    do_until(make_person(name="Theo Marsh"), "quiz")

    shown = text_of(client.get("/reports"))
    assert "How far 2 enrolments came" in shown
    assert "1 certified, 1 in training." in shown
    assert "Robin Hale" in shown and "Theo Marsh" in shown


def test_the_filter_stays_in_the_form_and_in_the_links_to_the_files(client, admin, release):
    do_all(make_person(name="Robin Hale"))
    do_until(make_person(name="Theo Marsh"), "quiz")

    page = client.get("/reports?state=training&words=theo&module=sample&since=2026-01-01")
    html = page.get_data(as_text=True)
    assert "Theo Marsh" in html and "Robin Hale" not in html
    assert 'value="training" selected' in html
    [link] = re.findall(r'href="(/reports/completion\.csv[^"]*)"', html)
    lines = client.get(link.replace("&amp;", "&")).get_data(as_text=True).splitlines()
    assert len(lines) == 2 and "Theo Marsh" in lines[1]


def test_a_filter_without_a_match_offers_all(client, admin, release):
    do_until(make_person(), "deck")

    assert "No enrolment fits" in text_of(client.get("/reports?words=nobody-at-all"))


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("since=yesterday", "“yesterday” is not a date."),
        ("until=2026-02-31", "“2026-02-31” is not a date."),
        ("since=2026-02-01&until=2026-01-01", "The first day is after the last one."),
    ],
)
def test_a_date_that_makes_no_sense_is_told(client, admin, query, sentence):
    response = client.get(f"/reports?{query}")

    assert response.status_code == 422
    assert sentence in text_of(response)


@pytest.mark.parametrize(
    "query",
    [
        "state=nonsense",
        "older=2026-11-21T10:42%2B00:00~9999999999",
        "older=x",
        "newer=~",
        "words=%25%5C",
    ],
)
def test_an_address_that_was_meddled_with_still_answers(client, admin, release, query):
    assert client.get(f"/reports?{query}").status_code == 200


def test_older_and_newer_lead_through_all_pages(client, admin, release):
    fill(people=120, enrolments=120)
    seen, address = [], "/reports"
    while address:
        html = client.get(address).get_data(as_text=True)
        seen += re.findall(r'href="/reports/enrolments/(\d+)"', html)
        found = re.search(r'href="([^"]+)" rel="next"', html)
        address = found and found[1].replace("&amp;", "&")
    back = re.search(r'href="([^"]+)" rel="prev"', html)[1].replace("&amp;", "&")
    middle = client.get(back).get_data(as_text=True)

    assert len(seen) == len(set(seen)) == 120
    assert re.findall(r'href="/reports/enrolments/(\d+)"', middle) == seen[50:100]


def test_the_page_asks_the_same_whatever_the_size(client, admin, release, count_queries):
    counts = []
    for _ in range(2):
        fill(people=60, enrolments=60)
        client.get("/reports")
        count_queries()
        client.get("/reports")
        counts.append(count_queries())

    assert counts[0] == counts[1] <= 9


# --- files


def test_the_csv_is_an_iterator_and_not_buffered(app, log_in, release):
    fill(people=50, enrolments=2500)
    plain = FlaskClient(app, app.response_class)  # the tests' own client reads every answer whole
    response = log_in(make_person(Role.ADMIN), on=plain).get("/reports/completion.csv")

    assert response.is_streamed
    assert response.content_length is None
    assert response.mimetype == "text/csv"
    assert "attachment; filename=completion-" in response.headers["Content-Disposition"]
    pieces = [piece for piece in response.iter_encoded() if piece]
    assert len(pieces) == 3
    assert b"".join(pieces).count(b"\r\n") == 2501


def test_the_workbook_is_made_by_the_worker_for_who_asked(client, admin, log_in, release):
    ada, ben = make_person(name="Ada Lovelace"), make_person(name="Ben Vautier")
    do_all(ada)
    do_all(ben)
    asked = client.post("/reports/workbooks?words=Lovelace")
    waiting = client.get(asked.location)
    assert "0 of 1" in text_of(waiting)
    jobs.run_pending()
    done = client.get(asked.location)
    link = re.search(r'href="(/jobs/\d+/files/\d+)"', done.get_data(as_text=True))[1]
    with client.get(link) as file:
        assert file.mimetype.endswith("spreadsheetml.sheet")
        sheet = openpyxl.load_workbook(BytesIO(file.data)).active
    assert [cell.value for cell in sheet["A"]][1:] == ["Ada Lovelace"]
    log_in(make_person(Role.COORDINATOR))
    assert client.get(link).status_code == 404
    job = re.search(r"\d+", asked.location)[0]
    assert [event.after for event in audit.history_of(f"job:{job}")] == [{"words": "Lovelace"}]


def test_no_workbook_is_begun_for_a_day_that_is_none(client, admin):
    response = client.post("/reports/workbooks?since=yesterday")

    assert response.status_code == 422
    assert db.session.scalar(select(func.count()).select_from(Job)) == 0


def test_a_row_without_a_file_has_none_to_download(client, admin):
    job_id = make_job(done=1)
    item = jobs.items_of(job_id)[0]

    assert client.get(f"/jobs/{job_id}/files/{item.id}").status_code == 404
    assert client.get(f"/jobs/{job_id + 1}/files/{item.id}").status_code == 404


@pytest.mark.parametrize("role", [Role.TRAINEE, Role.CREATOR, Role.COORDINATOR])
def test_nobody_else_begins_a_workbook(client, log_in, role):
    log_in(make_person(role))

    assert client.post("/reports/workbooks").status_code == 403


# --- one enrolment


def enrolment_of(person):
    return module_queries.enrolment_of(person.id, SLUG).id


def test_an_enrolment_shows_steps_tries_and_the_certificate(client, admin, release):
    person = make_person(name="Robin Hale")
    do_all(person)
    response = client.get(f"/reports/enrolments/{enrolment_of(person)}")

    shown = text_of(response)
    assert "Robin Hale in A sample module" in shown
    assert "6 of 6 steps done" in shown
    assert "Passed 1 of 1, 1 needed" in shown
    assert re.search(r'href="/certificates/\d+"', response.get_data(as_text=True))
    assert "Allow one more try" not in shown


def test_an_enrolment_that_is_not_there(client, admin):
    assert client.get("/reports/enrolments/4711").status_code == 404
    assert client.post("/reports/enrolments/4711/further-tries").status_code == 404


@pytest.fixture
def stuck(release):
    """Somebody who has used both tries at certification."""
    person = make_person(name="Theo Marsh")
    do_until(person, "certification")
    fail(person, "certification")
    do_until(person, "certification", now=NOW + HOUR)
    fail(person, "certification", now=NOW + HOUR)
    do_until(person, "certification", now=NOW + 2 * HOUR)
    with pytest.raises(NoFurtherTry):
        begin(person, "certification", now=NOW + 2 * HOUR)
    return person


def test_one_more_try_is_allowed_with_a_reason(client, admin, stuck):
    address = f"/reports/enrolments/{enrolment_of(stuck)}"
    assert "No try is left." in text_of(client.get(address))

    response = client.post(
        f"{address}/further-tries", data={"step": "certification", "reason": "The power failed."}
    )

    assert response.status_code == 303
    shown = text_of(client.get(address))
    assert "One more try is allowed." in shown
    assert "The power failed." in shown
    assert begin(stuck, "certification", now=NOW + 2 * HOUR)
    [event] = audit.history_of(f"enrolment:{enrolment_of(stuck)}")
    assert (event.actor_id, event.reason) == (admin.id, "The power failed.")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"step": "certification", "reason": ""}, "Say why one more try is allowed."),
        ({"step": "quiz", "reason": "x"}, "Not a valid choice."),
        ({"step": "", "reason": "x"}, "Choose a step."),
    ],
)
def test_one_more_try_needs_a_step_and_a_reason(client, admin, stuck, given, sentence):
    response = client.post(f"/reports/enrolments/{enrolment_of(stuck)}/further-tries", data=given)

    assert response.status_code == 422
    assert sentence in text_of(response)
    db.session.rollback()
    assert db.session.scalar(select(FurtherTry.id)) is None


# --- jobs


def test_a_job_shows_how_far_it_is(client, admin):
    job_id = make_job(done=8, failed=1, queued=5)
    response = client.get(f"/jobs/{job_id}")

    shown, html = text_of(response), response.get_data(as_text=True)
    assert "9 of 14" in shown
    assert "You may leave this page." in shown
    assert '<progress max="14" value="9"' in html
    assert f'hx-get="/jobs/{job_id}/progress"' in html
    assert "payload" not in html


def test_the_part_that_is_asked_again_is_only_a_part(client, admin):
    response = client.get(f"/jobs/{make_job(done=1, queued=1)}/progress")

    assert response.headers["X-Fragment"] == "1"
    assert "<html" not in response.get_data(as_text=True)
    assert "1 of 2" in text_of(response)


def test_an_ended_job_is_not_asked_again(client, admin):
    html = client.get(f"/jobs/{make_job(done=2)}/progress").get_data(as_text=True)

    assert "hx-get" not in html
    assert "Done: 2 rows" in html


def test_who_asked_sees_their_job_and_nobody_else_does(client, log_in, new_client):
    owner, other = make_person(), make_person()
    job_id = make_job(failed=1, asked_by=owner)
    log_in(owner)
    stranger = log_in(other, on=new_client())

    assert client.get(f"/jobs/{job_id}").status_code == 200
    for address in (f"/jobs/{job_id}", f"/jobs/{job_id}/progress"):
        assert stranger.get(address).status_code == 404
    assert stranger.post(f"/jobs/{job_id}/retries").status_code == 404


def test_what_failed_is_tried_again(client, log_in):
    seen = []

    @jobs.handler("tests.rows")
    def note(payload, *, now):
        seen.append(payload)

    owner = make_person()
    log_in(owner)
    job_id = make_job(done=2, failed=3, asked_by=owner)
    assert "Try the 3 that failed again" in text_of(client.get(f"/jobs/{job_id}"))

    response = client.post(f"/jobs/{job_id}/retries")
    jobs.run_pending()

    assert response.status_code == 303
    assert len(seen) == 3
    assert "Done: 5 rows" in text_of(client.get(f"/jobs/{job_id}"))


def test_nothing_that_failed_is_nothing_to_try_again(client, admin):
    assert client.post(f"/jobs/{make_job(done=1)}/retries").status_code == 409


def test_administrators_see_all_jobs(client, admin):
    make_job(done=1, title="Check a package", asked_by=make_person(name="Clara Lindqvist"))
    make_job(failed=2, title="Send a mail")

    everything = text_of(client.get("/jobs"))
    assert "Check a package" in everything and "Clara Lindqvist" in everything
    failed = text_of(client.get("/jobs?state=failed"))
    assert "Send a mail" in failed and "Check a package" not in failed
    assert "2 failed" in failed


@pytest.mark.parametrize(
    "query", ["state=x", "before=x", "before=9999999999", "before=9999999999999"]
)
def test_a_list_of_jobs_that_was_meddled_with_still_answers(client, admin, query):
    assert client.get(f"/jobs?{query}").status_code == 200


def test_the_list_of_jobs_asks_the_same_whatever_the_size(client, admin, count_queries):
    counts = []
    for _ in range(2):
        for _ in range(15):
            make_job(done=2, failed=1)
        client.get("/jobs")
        count_queries()
        client.get("/jobs")
        counts.append(count_queries())

    assert counts[0] == counts[1] <= 6


def test_rows_of_a_large_job_come_in_pages(client, admin):
    job_id = make_job(done=130, failed=1)
    first = client.get(f"/jobs/{job_id}").get_data(as_text=True)
    second = client.get(f"/jobs/{job_id}?page=2").get_data(as_text=True)

    assert first.count('data-label="State"') == 100
    assert second.count('data-label="State"') == 31
    assert first.index("row:130") < first.index("row:0")
