"""A certified rater who drifts, in a real browser: warned, alarmed, and what follows."""

import pytest
from playwright.sync_api import expect

from lms import demo
from lms.accounts.domain import Role
from lms.clock import utc_now
from tests.factories import make_person
from tests.factories_calibration import WEEK, calibrate, calibrated_files, let_drift
from tests.factories_packages import make_release

SLUG = "kept"
PAGE = f"/learning/{SLUG}/calibration"


@pytest.fixture(scope="module")
def owner(live):
    """The owner of a module that calibrates its raters."""

    def make():
        person = make_person(Role.CREATOR)
        make_release(calibrated_files(slug=SLUG), person_id=person.id, now=utc_now())
        return person

    return live.do(make)


def certified(off):
    """Return somebody who was certified 30 weeks ago and scored some cases since."""
    person = make_person(name="Robin Hale")
    demo.complete(person.id, SLUG, now=utc_now() - 30 * WEEK)
    for n, distance in enumerate(off):
        calibrate(person, at=utc_now() - (26 - 4 * n) * WEEK, off=distance, slug=SLUG)
    return person


def drifting():
    person = make_person(name="Ada Drift")
    begun = utc_now() - 30 * WEEK
    demo.complete(person.id, SLUG, now=begun)
    let_drift(person, since=begun, slug=SLUG)
    return person


def test_one_more_case_raises_the_alarm_and_leads_to_what_is_done_again(live, owner, eyes):
    eyes.become(live.do(lambda: certified([2])))
    eyes.at(PAGE)
    page = eyes.page
    expect(page.locator("h1 + *")).to_contain_text("Near the limit")

    page.get_by_role("button", name="Score the next case").click()
    for item in page.locator("[data-item]").all():
        item.locator("input[value='9']").check()
    page.get_by_role("button", name="Compare with the panel").click()
    expect(page.locator("h1")).to_contain_text("You and the panel agree on")
    page.get_by_role("link", name="On to the next case").click()
    expect(page.locator("h1 + *")).to_contain_text("Drifting")
    eyes.look()

    page.get_by_role("button", name="Do these parts again").click()
    expect(page.get_by_role("main")).to_contain_text("this brings them back")
    expect(page.get_by_role("main")).to_contain_text("Taken over from an earlier round")
    eyes.look()


def test_the_owner_sees_who_drifts(live, owner, eyes):
    live.do(drifting)
    live.do(lambda: certified([0, 1, -1]))
    eyes.become(owner)
    eyes.at(f"/studio/packages/{SLUG}/calibration")
    expect(eyes.page.get_by_role("main")).to_contain_text("Drifting")
    assert eyes.page.get_by_text("Ada Drift").count() == 0

    assert eyes.seen == {"modules.list_calibration"}
