"""The reliability report's page and files: who may see it, and what a creator does not get."""

import csv
import io
import re
import zipfile

import pypdfium2
import pytest
from sqlalchemy import select

from lms import jobs, storage
from lms.accounts.domain import Role
from lms.db import db, transaction
from lms.jobs import JobItem
from lms.packages.models import Owner, Package
from tests.factories import NOW, make_person
from tests.factories_modules import (
    SLUG,
    answer_and_submit,
    attempt_of,
    begin,
    do_all,
    do_until,
    right_answers,
)
from tests.factories_packages import light_files, make_release

PAGE = f"/reports/reliability?module={SLUG}"
FILES = f"/reports/reliability.zip?module={SLUG}"
PDF = f"/reports/reliability-files?module={SLUG}"


@pytest.fixture
def raters(app):
    """Two raters who differ in one grade, by name."""
    make_release()
    do_all(make_person(name="Ada Uniquename"))
    other = make_person(name="Bo Uniquename")
    do_until(other, "certification")
    attempt_id = begin(other, "certification")
    answers = right_answers(attempt_of(other, attempt_id))
    key = next(key for key, one in answers.items() if one["value"] in (1, 2, 3, 4, 5, 6, 7, 8))
    answers[key] = {**answers[key], "value": answers[key]["value"] + 1}
    answer_and_submit(other, attempt_id, answers)


@pytest.fixture
def owner(raters):
    """A creator who owns the module."""
    person = make_person(Role.CREATOR, name="Clara Owner")
    with transaction():
        package = db.session.scalars(select(Package.id).where(Package.slug == SLUG)).one()
        db.session.add(Owner(package_id=package, person_id=person.id, added_at=NOW))
    return person


@pytest.mark.parametrize("role", [Role.TRAINEE, Role.COORDINATOR])
def test_other_roles_get_nothing(client, log_in, role):
    log_in(make_person(role))

    assert [client.get(path).status_code for path in (PAGE, FILES)] == [403, 403]
    assert client.post(PDF).status_code in (400, 403)


def test_somebody_elses_module_is_not_found(client, log_in, raters):
    log_in(make_person(Role.CREATOR))

    assert [client.get(path).status_code for path in (PAGE, FILES)] == [404, 404]
    assert client.post(PDF).status_code == 404
    page = client.get("/reports/reliability").get_data(as_text=True)
    assert "No module of yours is published" in page


@pytest.mark.parametrize("asked", ["", "&names=1"])
def test_an_owner_sees_codes_and_never_names(client, log_in, owner, asked):
    log_in(owner)

    page = client.get(PAGE + asked).get_data(as_text=True)
    packed = zipfile.ZipFile(io.BytesIO(client.get(FILES + asked).data))
    client.post(PDF + asked)
    jobs.run_pending()
    items = db.session.scalars(select(JobItem).where(JobItem.kind == "reports.reliability")).all()

    assert "R01" in page and "R02" in page
    assert "Uniquename" not in page
    assert "Uniquename" not in "".join(packed.read(one).decode() for one in packed.namelist())
    assert [item.payload["names"] for item in items] == [False]


def test_an_administrator_may_ask_for_names(client, log_in, raters):
    log_in(make_person(Role.ADMIN))

    plain, named = (client.get(PAGE + asked).get_data(as_text=True) for asked in ("", "&names=1"))
    packed = zipfile.ZipFile(io.BytesIO(client.get(FILES + "&names=1").data))

    assert "Uniquename" not in plain
    assert "Bo Uniquename" in named
    rows = list(csv.DictReader(io.StringIO(packed.read("ratings.csv").decode("utf-8-sig"))))
    assert {row["name"] for row in rows} == {"Ada Uniquename", "Bo Uniquename"}


def test_every_way_to_narrow_it_is_answered(client, log_in, raters):
    log_in(make_person(Role.ADMIN))

    for asked in (
        "&setting=practice", "&tries=all", "&tries=last", "&site=none", "&language=none",
        "&tier=developing", "&since=2020-01-01&until=2030-01-01", "&page=7",
    ):  # fmt: skip
        assert "R01" in client.get(PAGE + asked).get_data(as_text=True), asked
    nothing = client.get(PAGE + "&until=2020-01-01").get_data(as_text=True)
    assert "Nothing that was handed in fits" in nothing
    assert client.get(PAGE + "&since=soon").status_code == 422
    assert client.get(PAGE + "&total=grand").status_code == 422


def test_the_page_asks_few_questions_of_the_database(client, log_in, raters, count_queries):
    log_in(make_person(Role.ADMIN))
    counts = []
    for _round in range(2):
        client.get(PAGE)
        count_queries()
        client.get(PAGE)
        counts.append(count_queries())
        do_all(make_person())

    assert counts[0] == counts[1] <= 12


@pytest.mark.one_database
def test_one_rater_alone_gets_no_empty_axes(client, log_in):
    make_release(light_files())
    do_all(make_person())
    log_in(make_person(Role.ADMIN))

    page = client.get(PAGE).get_data(as_text=True)

    parts = dict(
        re.findall(r'<section class="sheet" aria-labelledby="(\w+)">(.*?)</section>', page, re.S)
    )
    for name in ("between", "items"):
        assert "There are fewer than two raters." in page
        assert "<svg" not in parts[name]
        assert "Lines run from" not in parts[name]
    assert "<svg" in parts["raters"], "the bias of one rater has a figure"


@pytest.mark.one_database
def test_the_pdf_is_made_by_a_job_with_the_figures_inside(client, log_in, raters):
    log_in(make_person(Role.ADMIN))

    response = client.post(PDF)
    jobs.run_pending()

    assert response.status_code == 303
    item = db.session.scalars(select(JobItem).where(JobItem.kind == "reports.reliability")).one()
    assert item.state == "done", item.problem
    data = storage.get(item.result["file"]["digest"])
    document = pypdfium2.PdfDocument(data)
    assert "Reliability report" in document[0].get_textpage().get_text_range()
    attached = document.get_attachment(0)
    figures = bytes(attached.get_data()).decode("utf-8-sig")
    document.close()
    rows = list(csv.DictReader(io.StringIO(figures)))
    assert {"between", "items", "rater", "tier"} <= {row["block"] for row in rows}
