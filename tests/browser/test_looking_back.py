"""An owner looks back, asks what if, publishes the change and marks past tries anew."""

import pytest
from playwright.sync_api import expect

from lms.accounts.domain import Role
from lms.clock import utc_now
from tests.factories import PASSWORD, make_person
from tests.factories_packages import broken, light_files, make_release, zip_bytes
from tests.factories_review import near_miss, near_pass, rate

SLUG = "looked-back"
LOOKING_BACK = {
    "review.list_what_ifs",
    "review.new_what_if",
    "review.show_results",
    "review.show_what_if",
}


def own_files(**changes):
    """The light package under this test's own name, with changes in package.yaml."""
    files = light_files()
    for old, new in (
        ("slug: sample", f"slug: {SLUG}"),
        ("title: A sample module", "title: A module to look back at"),
        *changes.items(),
    ):
        files = broken({"package.yaml": (old, new)}, files)
    return files


WIDER = own_files(
    **{
        "item_within: {tolerance: 1,": "item_within: {tolerance: 2,",
        'version: "1.0"': 'version: "1.1"',
    }
)


@pytest.fixture(scope="module")
def owner(live):
    with live.app.app_context():
        now = utc_now()
        person = make_person(Role.CREATOR)
        make_release(own_files(), person_id=person.id, now=now)
        for act in (near_miss, near_miss, near_pass):
            act(make_person(), now=now, slug=SLUG)
        for _ in range(12):
            rate(make_person(), 0, 3, now=now, slug=SLUG)
    return person


def test_an_owner_asks_publishes_and_marks_anew(live, owner, page, looks, eyes, visit):
    eyes.become(owner)
    eyes.at(f"/studio/packages/{SLUG}/results")
    expect(page.get_by_text("raters lie above the reference").first).to_be_visible()
    eyes.at(f"/studio/packages/{SLUG}/what-ifs")
    eyes.at(f"/studio/packages/{SLUG}/what-ifs/new?step=quiz&question=grades-01")
    expect(page.get_by_role("group", name="What is right of one question")).to_be_visible()
    eyes.at(f"/studio/packages/{SLUG}/what-ifs/new")

    page.get_by_label("Tolerance of an item").fill("2")
    page.get_by_role("button", name="Work it out").click()
    expect(page.get_by_text("This is waiting for its turn")).to_be_visible()
    question = page.url
    eyes.at(question.removeprefix(live.url))
    live.run_jobs()
    expect(page.get_by_text("would have been: 2 more and 0 fewer")).to_be_visible()
    eyes.at(question.removeprefix(live.url))
    expect(page.get_by_text("They can be marked anew once")).to_be_visible()

    publish_the_change(live, page, eyes)
    eyes.at(f"/studio/packages/{SLUG}")
    expect(page.get_by_text("Signed as approved").first).to_be_visible()

    eyes.at(question.removeprefix(live.url))
    page.get_by_label("Why past tries are marked anew").fill("Two points are near enough.")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign and mark anew").click()
    expect(page.get_by_text("It is signed.")).to_be_visible()
    live.run_jobs()
    eyes.at(question.removeprefix(live.url))
    expect(page.get_by_text("passed, and certified")).to_be_visible()
    assert eyes.seen >= LOOKING_BACK


def publish_the_change(live, page, eyes):
    page.goto(f"{live.url}/studio/upload")
    page.locator("input[type=file]").set_input_files(
        {"name": "package.zip", "mimeType": "application/zip", "buffer": zip_bytes(WIDER)}
    )
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_text("The package is being checked.")).to_be_visible()
    live.run_jobs()
    expect(page.get_by_text("What is needed to pass step")).to_be_visible()
    eyes.at(page.url.removeprefix(live.url))
    expect(page.get_by_role("radio", name="Scoring")).to_be_checked()
    page.get_by_role("radio", name="Finish on the old release").check()
    page.get_by_label("What changes, and why").fill("Two points are near enough.")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign and publish").click()
    expect(page.get_by_text("is published.")).to_be_visible()
