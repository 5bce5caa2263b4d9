"""The public check in a real browser: no sign-in, a code or a file, one clear answer."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from lms import jobs, storage
from lms.certificates import api, queries
from lms.certificates.domain import RevocationReason, new_code, shown_code
from lms.clock import utc_now
from lms.db import transaction
from tests.factories import make_person
from tests.factories_certificates import issue, make_facts

NAME = "Nguyễn Thị Hồng Ánh"


@pytest.fixture(scope="module")
def certificates(live):
    """A certificate whose file is sealed and one that was revoked: their codes, and the file."""

    def make():
        today = utc_now().date()
        days = {"issued_on": today, "expires_on": today + timedelta(700)}
        person, other = make_person(name=NAME), make_person(name="Revoked Person")
        good = issue(person.id, facts=make_facts(name=NAME, **days), subject="check:1")
        bad = issue(other.id, facts=make_facts(name="Revoked Person", **days), subject="check:2")
        with transaction():
            api.revoke(
                bad.id,
                reason_class=RevocationReason.HOLDERS_REQUEST,
                reason="A test",
                revoked_by=other.id,
                now=utc_now(),
            )
        jobs.run_pending()
        return good.code, bad.code, storage.get(queries.certificate(good.id).file.digest)

    return live.do(make)


@pytest.fixture
def check(live, page):
    page.goto(f"{live.url}/v")
    return page


def ask(page: Page, code: str) -> None:
    page.get_by_role("textbox", name="Code").fill(code)
    page.get_by_role("button", name="Check the code").click()


def give(page: Page, data: bytes, name: str = "certificate.pdf") -> None:
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/pdf", "buffer": data}
    )
    page.get_by_role("button", name="Check the file").click()


def verdict(page: Page, kind: str):
    return page.locator(f"[data-verdict={kind}]")


def test_a_code_as_people_type_it_shows_every_fact(check, certificates):
    code, _, _ = certificates
    ask(check, shown_code(code).lower().replace("-", " "))

    expect(verdict(check, "valid")).to_contain_text(NAME)
    expect(verdict(check, "valid")).to_contain_text("CMAS rater")


def test_the_file_as_it_was_issued_is_recognised(check, certificates):
    _, _, data = certificates
    give(check, data)

    expect(verdict(check, "valid")).to_contain_text(NAME)


def test_one_changed_byte_shows_nothing_of_the_file(check, certificates):
    code, _, data = certificates
    altered = bytearray(data)
    altered[len(altered) // 2] ^= 1
    give(check, bytes(altered), name=f"{NAME}.pdf")

    expect(verdict(check, "altered")).to_be_visible()
    shown = check.content()
    for told in (NAME, "CMAS rater", code, shown_code(code)):
        assert told not in shown


def test_a_revoked_certificate_says_when_and_why(check, certificates):
    _, code, _ = certificates
    ask(check, code)

    expect(verdict(check, "revoked")).to_contain_text("At the holder's request")
    expect(verdict(check, "valid")).to_have_count(0)


def test_a_code_that_was_never_issued_is_not_found(check, visit, certificates):
    ask(check, new_code(lambda length: bytes(range(length))))

    expect(verdict(check, "not_found")).to_be_visible()
    visit.problems.clear()  # the browser itself notes the 404
