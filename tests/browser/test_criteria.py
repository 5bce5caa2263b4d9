"""The result page with every kind of criterion, in a real browser, and the module page."""

import pytest
from playwright.sync_api import expect

from tests.factories import MadePerson, make_person
from tests.factories_criteria import SLUG, certify, make_every_criterion, near, upside_down


@pytest.fixture(scope="module")
def judged(live) -> tuple[MadePerson, MadePerson, str, str]:
    """Somebody near the panel and somebody far off, and where their results stand."""

    def make():
        make_every_criterion()
        good, bad = make_person(name="Robin Hale"), make_person(name="Sam Low")
        tries = (certify(good, near()), certify(bad, upside_down()))
        paths = [f"/attempts/{attempt}/result" for attempt in tries]
        return good, bad, *paths

    return live.do(make)


def test_a_result_by_every_criterion_has_no_barriers(live, judged, page, eyes):
    good, bad, passed, failed = judged
    eyes.become(good)
    eyes.at(passed)
    expect(page.get_by_role("heading", level=1)).to_have_text("Passed: you agree with the panel")
    rows = page.get_by_role("table").locator("tbody tr")
    expect(rows).to_have_count(12)
    expect(page.locator("tbody svg.line")).to_have_count(12)
    page.get_by_text("The same in sentences").click()
    expect(page.locator("details li")).to_have_count(12)
    eyes.at(f"/learning/{SLUG}")
    eyes.become(bad)
    eyes.at(failed)
    expect(page.locator("tbody").get_by_text("Not met", exact=True)).to_have_count(10)
