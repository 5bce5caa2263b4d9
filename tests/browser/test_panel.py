"""A panel in a real browser: asked, scored by keyboard, closed, signed, taken into the package."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from lms.accounts.domain import Role
from lms.clock import utc_now
from lms.packages import api as packages
from tests.factories import PASSWORD, make_person
from tests.factories_packages import broken, light_files, make_release
from tests.factories_panels import grades, make_experts, score, tasks_of

SLUG = "paneled"


@pytest.fixture
def people(live):
    """A creator with a package of their own, and five experts."""

    def make() -> tuple[Any, list[Any]]:
        creator = make_person(Role.CREATOR)
        files = broken({"package.yaml": ("slug: sample", f"slug: {SLUG}")}, light_files())
        make_release(files, person_id=creator.id, now=utc_now())
        return creator, make_experts()

    return live.do(make)


def test_a_panel_of_five_makes_the_reference_of_a_case(live, page, people, visit):
    creator, experts = people
    live.enter(page, creator)
    open_panel(live, page, experts)
    panel = page.url
    live.run_jobs()

    live.enter(page, experts[0])
    score_by_keyboard(live, page)
    live.do(lambda: score_as(experts[1:]))

    live.enter(page, creator)
    page.goto(panel)
    expect(page.get_by_text("5 of 5 cases are handed in.")).to_be_visible()
    page.get_by_role("button", name="Close the panel").click()
    expect(page.get_by_role("heading", name="How far the panel agrees with itself")).to_be_visible()
    page.get_by_label("Your password").fill("not the password")
    page.get_by_role("button", name="Sign version 1").click()
    expect(page.locator(".errors")).to_contain_text("This is not your password.")
    visit.problems.clear()  # the browser itself notes the 422
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign version 1").click()
    expect(page.get_by_text(re.compile("Signed as approved"))).to_contain_text(creator.name)

    page.get_by_label("Version of the next release").fill("1.1")
    page.get_by_role("button", name="Take it into the package").click()
    expect(page.get_by_text("The package is being checked.")).to_be_visible()
    live.run_jobs()
    expect(page.get_by_role("link", name="Publish release 1.1")).to_be_visible(timeout=15_000)
    page.get_by_role("link", name="Publish release 1.1").click()
    page.get_by_label(re.compile("^Reference")).check()
    page.get_by_label(re.compile("^Finish on the old")).check()
    page.get_by_label("What changes, and why").fill("The reference comes from a panel now.")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign and publish").click()
    expect(page.locator(".path .state").first).to_contain_text("Live")
    case = live.do(published_case)
    assert {rating["value"] for rating in case.reference.values()} == {4}
    assert case.signed.by == creator.name


def open_panel(live: Any, page: Page, experts: list[Any]) -> None:
    page.goto(f"{live.url}/studio/packages/{SLUG}")
    page.get_by_role("link", name="Open a panel").click()
    page.get_by_label("Name of the panel").fill("Grades of the first case")
    page.get_by_label(re.compile(r"Person p1")).check()
    page.get_by_label("Experts").fill(
        "\n".join(f"{expert.name} <{expert.email}>" for expert in experts)
    )
    page.get_by_role("button", name="Open the panel").click()
    expect(page.get_by_text("0 of 5 cases are handed in.")).to_be_visible()


def score_by_keyboard(live: Any, page: Page) -> None:
    """Go from home to the case, score each item with space and arrows, and hand in."""
    page.goto(live.url)
    page.get_by_role("link", name="See the cases").click()
    page.get_by_role("main").get_by_role("link", name="Person p1").click()
    page.locator("fieldset.item input").first.focus()
    while (at := page.evaluate("document.activeElement.type")) != "submit":
        if at == "radio":
            page.keyboard.press("Space")  # the first grade, 0
            for _step in range(5):  # T, 1, 2, 3, 4
                page.keyboard.press("ArrowRight")
        page.keyboard.press("Tab")
    expect(page.locator("[data-total=total] [data-total-value]")).to_have_text("32")
    expect(page.get_by_text(re.compile("^Saved"))).to_be_visible()
    page.get_by_role("button", name="Hand in this case").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Handed in").first).to_be_visible()


def score_as(experts: list[Any]) -> None:
    for expert in experts:
        [task] = tasks_of(expert, now=utc_now())
        score(expert, task, grades(4), now=utc_now())


def published_case() -> Any:
    release = packages.current_release(SLUG)
    return next(one for one in packages.content_of(release.digest).cases if one.key == "p1")
