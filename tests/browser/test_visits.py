"""A follow-up visit in a real browser: own scores beside, notes that follow, and the change."""

import pytest
from playwright.sync_api import expect

from tests.factories import make_person
from tests.factories_visits import COURSE, answers_of, begin, enrol, make_visits, save, score_next


@pytest.fixture(scope="module")
def follow_up(live):
    """Somebody whose follow-up is scored but for one sign, and its attempt's id."""

    def make():
        make_visits()
        person = make_person(name="Robin Hale")
        enrol(person)
        score_next(person)
        attempt = begin(person, "practice")
        answers = answers_of("p1-later")
        del answers["p1-later/fatigue"]
        save(person, attempt, answers)
        return person, attempt.id

    return live.do(make)


def test_a_follow_up_is_looked_at_again_and_compared(live, follow_up, eyes, fits, axe):
    person, attempt_id = follow_up
    eyes.become(person)
    eyes.at(f"/attempts/{attempt_id}")
    page = eyes.page
    sign = page.locator("[data-item='item-fatigue']")
    notes = page.locator("[data-look-again]")
    expect(sign.locator(".item-before")).to_have_text("Initial visit: 4")
    expect(notes.get_by_role("listitem")).to_have_count(0)

    sign.locator("input[value='4']").check()
    expect(notes.get_by_role("listitem")).to_contain_text(COURSE)
    for width in (375, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        fits(page)
        axe(page)
    notes.get_by_role("link", name="Fatigue").click()
    expect(sign.locator("input").first).to_be_focused()
    sign.locator("input[value='1']").check()
    expect(notes.get_by_role("listitem")).to_have_count(0)
    sign.locator("input[value='4']").check()
    expect(notes.get_by_role("listitem")).to_have_count(1)

    page.get_by_role("button", name="Compare with the panel").click()  # nothing hinders it
    change = page.get_by_role("region", name="Change since the initial visit")
    expect(change.get_by_role("row").nth(1)).to_contain_text("better")
    expect(change).to_contain_text(COURSE)
    eyes.look()


def test_without_script_the_notes_come_once_before_handing_in(live, follow_up, visit):
    def make():
        person = make_person(name="Ada Plain")
        enrol(person)
        score_next(person)
        attempt = begin(person, "practice")
        save(person, attempt, answers_of("p1-later", arthralgia=1))
        return person, attempt.id

    person, attempt_id = live.do(make)
    page = visit(java_script_enabled=False)
    live.enter(page, person)
    page.goto(f"{live.url}/attempts/{attempt_id}")
    expect(page.locator("[data-look-again]")).to_contain_text(COURSE)
    page.locator("[data-item='item-fatigue'] input[value='4']").check()
    page.get_by_role("button", name="Compare with the panel").click()
    expect(page.locator("[data-look-again]").get_by_role("listitem")).to_have_count(2)
    page.get_by_role("button", name="Compare with the panel").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("You and the panel agree on")
