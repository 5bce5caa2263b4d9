"""Numbers in addresses that no row can have."""

import pytest

from lms.accounts.domain import Role
from tests.factories import make_person


@pytest.mark.parametrize("number", ["2147483648", "99999999999", "9" * 30])
@pytest.mark.parametrize("page", ["/jobs/{}", "/people/{}", "/reports/enrolments/{}", "/trials/{}"])
def test_a_number_beyond_every_row_is_not_found(client, log_in, page, number):
    log_in(make_person(Role.ADMIN))

    assert client.get(page.format(number)).status_code == 404


def test_the_largest_number_is_looked_for(client, log_in):
    log_in(make_person(Role.ADMIN))

    assert client.get("/jobs/2147483647").status_code == 404
