"""A creator's upload in a real browser: report, mend, preview, publish."""

import re

import pytest
from playwright.sync_api import Page, expect

from lms.accounts.domain import Role
from tests.factories import make_person
from tests.factories_packages import broken, zip_bytes

SLUG = "uploaded"
TITLE = "An uploaded module"
STEPS = ["Why", "Deck", "Film", "Practice", "Quiz", "Certification"]
FAULTS = {
    "package.yaml": ("pass_mark: 2", "pass_mark: 9"),
    "cases/form-a/a1.yaml": ("quadriceps: 5", "quadriceps: 12"),
}


@pytest.fixture(scope="module")
def files():
    """A sound package of this test's own, beside the sample that other tests publish."""
    named = broken({"package.yaml": ("slug: sample", f"slug: {SLUG}")})
    return broken({"package.yaml": ("title: A sample module", f"title: {TITLE}")}, named)


@pytest.fixture
def studio(live, page):
    with live.app.app_context():
        person = make_person(Role.CREATOR)
    live.enter(page, person)
    page.goto(f"{live.url}/studio")
    return page


def heading(page: Page):
    return page.get_by_role("heading", level=1)


def upload(page: Page, files: dict[str, bytes]) -> None:
    page.locator("input[type=file]").set_input_files(
        {"name": "package.zip", "mimeType": "application/zip", "buffer": zip_bytes(files)}
    )
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_text("The package is being checked.")).to_be_visible()


def test_a_package_is_mended_previewed_and_published(live, studio, files, visit):
    studio.get_by_role("link", name="Upload").first.click()
    upload(studio, broken(FAULTS, files))
    live.run_jobs()
    see_the_findings(studio)

    studio.get_by_role("link", name="Upload another").click()
    upload(studio, files)
    live.run_jobs()
    expect(studio.get_by_text("No errors and no warnings.")).to_be_visible()
    draft = studio.url
    look_at_every_page(studio)
    compare_a_case(studio)
    visit.problems.clear()  # the browser itself notes the 422
    studio.goto(draft)
    studio.get_by_role("button", name="Publish release 1.0").click()
    expect(studio.locator(".path .state")).to_contain_text("Live")

    studio.goto(f"{live.url}/learning/{SLUG}")
    expect(heading(studio)).to_have_text(TITLE)


def see_the_findings(page: Page) -> None:
    """The page finds out by itself that the check has ended."""
    expect(page.get_by_text("2 errors.")).to_be_visible()
    findings = page.locator("section[aria-labelledby=rep] li")
    expect(findings).to_have_count(2)
    places = findings.locator("code").all_inner_texts()
    assert sorted(place.partition(":")[0] for place in places) == [
        "cases/form-a/a1.yaml",
        "package.yaml",
    ]
    assert all(re.search(r":\d+:\d+$", place) for place in places)
    expect(page.get_by_role("button", name=re.compile("Publish"))).to_have_count(0)


def look_at_every_page(page: Page) -> None:
    page.get_by_role("link", name="Preview as a trainee").click()
    strip = page.locator(".strip-view")
    for title in STEPS:
        expect(strip).to_contain_text("Preview: this is what a trainee will see.")
        page.get_by_role("main").get_by_role("link", name=title, exact=True).click()
        expect(page.locator(".crumb")).to_contain_text(f"{TITLE} / {title}")
        expect(strip).to_contain_text("Nothing here counts or is kept.")
        page.locator(".crumb").get_by_role("link", name=TITLE).click()
        expect(heading(page)).to_have_text(TITLE)


def compare_a_case(page: Page) -> None:
    page.get_by_role("main").get_by_role("link", name="Practice", exact=True).click()
    page.get_by_role("button", name="Compare with the panel").click()
    expect(page.locator(".errors li")).to_have_count(8)
    for item in page.locator("[data-item]").all():
        item.locator("input[value='6']").check()
    expect(page.locator("[data-total=total] [data-total-value]")).to_have_text("48")
    page.get_by_role("button", name="Compare with the panel").click()
    expect(heading(page)).to_have_text("You and the panel agree on 8 of 8 items")
    expect(page.locator(".strip-view")).to_contain_text("Preview")


def test_what_is_no_package_is_answered_with_sentences(live, studio):
    studio.goto(f"{live.url}/studio/upload")
    studio.locator("input[type=file]").set_input_files(
        {"name": "package.zip", "mimeType": "application/zip", "buffer": b"PK no zip at all"}
    )
    studio.get_by_role("button", name="Upload and check").click()
    expect(studio.get_by_text("The package is being checked.")).to_be_visible()
    live.run_jobs()

    expect(studio.locator("section[aria-labelledby=rep] li")).to_have_count(1)
    expect(studio.get_by_role("button", name=re.compile("Publish"))).to_have_count(0)
