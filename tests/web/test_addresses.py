"""What no address and no form may hold: numbers that no row can have, and the letter NUL."""

import pytest
from sqlalchemy import func, select

from lms.accounts.domain import Role
from lms.db import db
from lms.trials.models import Trial
from tests.factories import make_person


@pytest.mark.parametrize("number", ["2147483648", "99999999999", "9" * 30])
@pytest.mark.parametrize("page", ["/jobs/{}", "/people/{}", "/reports/enrolments/{}", "/trials/{}"])
def test_a_number_beyond_every_row_is_not_found(client, log_in, page, number):
    log_in(make_person(Role.ADMIN))

    assert client.get(page.format(number)).status_code == 404


def test_the_largest_number_is_looked_for(client, log_in):
    log_in(make_person(Role.ADMIN))

    assert client.get("/jobs/2147483647").status_code == 404


@pytest.mark.parametrize("page", ["/people?words=%00", "/reports?words=a%00b", "/learning/a%00b"])
def test_the_letter_that_no_database_keeps_is_refused_in_an_address(client, log_in, page):
    log_in(make_person(Role.ADMIN))
    response = client.get(page)

    assert response.status_code == 422
    assert "This address holds a letter that no address has." in response.get_data(as_text=True)


def test_it_is_refused_in_a_field_and_nothing_is_kept(client, log_in):
    log_in(make_person(Role.COORDINATOR))
    response = client.post("/trials", data={"name": "A\0B", "protocol_code": "P-1"})

    assert response.status_code == 422
    assert "A field holds a letter that cannot be kept" in response.get_data(as_text=True)
    assert db.session.scalar(select(func.count()).select_from(Trial)) == 0
