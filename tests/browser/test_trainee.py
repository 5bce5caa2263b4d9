"""A trainee's way in a real browser, from the first page to a certificate that others check."""

import hashlib
import re
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from lms.clock import utc_now
from tests.factories import PASSWORD, make_person
from tests.factories_modules import SLUG, begin, do_until

GRADES = {"p1": "6", "p2": "7", "a1": "5", "b1": "4"}
"""What the panel of the sample module says of every item, by case."""
ANSWERS = {
    "Which grade is strong?": ["10"],
    "Which are numbers?": ["Five", "Six"],
    "How many groups are there?": "8",
}
SAVED = re.compile(r"^Saved \d\d:\d\d$")
_numbers = count(1)


@pytest.fixture
def trainee(live, sample):
    """Make somebody who has done every step before the named one, and is signed in on a page."""

    def make(page: Page, step: str) -> Any:
        with live.app.app_context():
            person = make_person(name="Robin Hale")
            do_until(person, step, now=utc_now())
        live.enter(page, person)
        return person

    return make


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("link", name=name).click()


def heading(page: Page) -> Any:
    return page.get_by_role("heading", level=1)


def saved(page: Page) -> Any:
    return page.locator("[data-saved]")


def case_on(page: Page) -> str:
    return heading(page).inner_text().removeprefix("Person ")


def item(page: Page, number: int) -> Any:
    return page.locator("[data-item]").nth(number - 1)


def rate(page: Page, number: int, level: str) -> None:
    item(page, number).locator(f"input[value='{level}']").check()


def rate_all(page: Page, level: str) -> None:
    for number in range(1, page.locator("[data-item]").count() + 1):
        rate(page, number, level)


def answer(page: Page) -> None:
    """Answer the question on the page, rightly."""
    question = page.locator("legend.q").inner_text().split("\n")[0].strip()
    right = ANSWERS[question]
    if isinstance(right, str):
        page.get_by_label("Your figure").fill(right)
        page.get_by_label("Your figure").blur()
    else:
        for words in right:
            page.get_by_label(words, exact=True).check()
    expect(saved(page)).to_have_text(SAVED)


# --- the whole way --------------------------------------------------------------------------------


def test_the_whole_path_ends_in_a_certificate_that_a_stranger_checks(live, sample, visit, until):
    page = visit()
    person = register(live, page)
    enrol(live, page)
    read(page)
    turn_the_slides(page)
    watch(page, until)
    practise(page)
    pass_the_quiz(page, visit(), live, person)
    certify(page)
    data = fetch_the_certificate(live, page)
    check_it(live, page, visit(), data)


def register(live: Any, page: Page) -> str:
    email = f"robin{next(_numbers)}@example.net"
    page.goto(f"{live.url}/learning/{SLUG}")
    follow(page, "Sign in to begin")
    follow(page, "Register")
    page.get_by_label("Name", exact=True).fill("Robin Hale")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Open my account")
    expect(heading(page)).to_have_text("A sample module")
    return email


def enrol(live: Any, page: Page) -> None:
    press(page, "Begin this module")
    expect(page.locator(".path [aria-current=step]")).to_contain_text("Why")
    page.goto(live.url)
    expect(heading(page)).to_have_text("Your next step: Why")


def read(page: Page) -> None:
    follow(page, "Read it")
    expect(page.get_by_role("img", name="A scale with a band")).to_be_visible()
    press(page, "I have read this")
    expect(page.locator(".path .is-done")).to_contain_text("Why")


def turn_the_slides(page: Page) -> None:
    follow(page, "Look at the slides")
    page.wait_for_load_state("networkidle")  # the arrow keys are a script
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="Slide 2 of 2")).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("heading", name="Slide 1 of 2")).to_be_visible()
    press(page, "Slide 2")
    expect(page.get_by_text("1 of 2 seen")).to_be_visible()
    press(page, "Back to the path")
    expect(page.locator(".path .is-done")).to_contain_text(["Why", "Deck"])


def watch(page: Page, until: Any) -> None:
    """Play the film in earnest, at twice its speed, with a look into its middle before."""
    follow(page, "Watch the film")
    page.locator("video").wait_for()
    until(page, "document.querySelector('video').readyState >= 3")
    page.evaluate("document.querySelector('video').playbackRate = 2")
    with page.expect_request("**/ranges") as told:
        page.get_by_role("link", name="0:02").click()
    assert len(told.value.post_data_json["ranges"]) <= 1, "the server hears at once that it plays"
    until(page, "document.querySelector('video').currentTime > 3")
    page.evaluate("document.querySelector('video').pause()")
    words = page.locator("[data-watch-words]")
    expect(words).to_have_text(re.compile(r"Still to see: 0:00 to 0:02.*"))
    page.evaluate("document.querySelector('video').currentTime = 0")
    page.evaluate("document.querySelector('video').play()")
    expect(words).to_have_text("Seen. This step is done.", timeout=15000)
    follow(page, "Back to the path")
    expect(page.locator(".path .is-done")).to_contain_text(["Why", "Deck", "Film"])


def practise(page: Page) -> None:
    follow(page, "Score a practice case")
    press(page, "Score the next case")
    grade = GRADES[case_on(page)]
    total = page.locator("[data-total=total]")
    expect(total.locator("[data-total-words]")).to_contain_text("0 of 8")
    rate_all(page, grade)
    expect(total.locator("[data-total-value]")).to_have_text(str(8 * int(grade)))
    expect(saved(page)).to_have_text(SAVED)
    press(page, "Compare with the panel")
    expect(heading(page)).to_have_text("You and the panel agree on 8 of 8 items")
    expect(page.get_by_text("Held as the grade says.").first).to_be_attached()
    follow(page, "Back to the path")


def pass_the_quiz(page: Page, elsewhere: Page, live: Any, email: str) -> None:
    """Begin on one device, go on with another."""
    follow(page, "To the quiz")
    press(page, "Begin the quiz")
    expect(heading(page)).to_have_text("Question 1 of 2")
    answer(page)

    elsewhere.goto(f"{live.url}/sign-in")
    elsewhere.get_by_label("Email address").fill(email)
    elsewhere.get_by_label("Password", exact=True).fill(PASSWORD)
    press(elsewhere, "Sign in")
    expect(elsewhere.get_by_text(re.compile(r"Saved \d\d:\d\d"))).to_be_visible()
    follow(elsewhere, "Go on with the quiz")
    follow(elsewhere, "Go on with the quiz")
    expect(heading(elsewhere)).to_have_text("Question 2 of 2")
    answer(elsewhere)
    press(elsewhere, "To the end of the quiz")
    press(elsewhere, "Hand in the quiz")
    expect(heading(elsewhere)).to_have_text("Passed: 2 of 2 right")

    press(page, "Next question")  # the first device finds out and shows the result
    expect(heading(page)).to_have_text("Passed: 2 of 2 right")
    expect(page.locator(".messages")).to_contain_text("This try was handed in before")
    follow(page, "Go on with the path")


def certify(page: Page) -> None:
    follow(page, "To the certification cases")
    press(page, "Begin the cases")
    rate_all(page, GRADES[case_on(page)])
    expect(saved(page)).to_have_text(SAVED)
    assert "Held as the grade says." not in page.content()
    press(page, "To the end")
    press(page, "Hand in the cases")
    expect(heading(page)).to_have_text("Passed: you agree with the panel")


def fetch_the_certificate(live: Any, page: Page) -> bytes:
    """Wait for the file as a person does: the page shows it by itself."""
    follow(page, "Open your certificate")
    expect(page.get_by_role("heading", name="The PDF is being made")).to_be_visible()
    live.run_jobs()
    expect(page.get_by_role("heading", name="The PDF is being made")).to_be_hidden()
    with page.expect_download() as coming:
        follow(page, "Download the PDF")
    return Path(coming.value.path()).read_bytes()


def check_it(live: Any, page: Page, stranger: Page, data: bytes) -> None:
    assert data.startswith(b"%PDF-")
    code = page.locator("dl .code").inner_text()
    stranger.goto(f"{live.url}/v")
    stranger.get_by_role("textbox", name="Code").fill(code.lower())
    press(stranger, "Check the code")
    expect(stranger.locator("[data-verdict=valid]")).to_contain_text("Robin Hale")
    stranger.locator("input[type=file]").set_input_files(
        {"name": "certificate.pdf", "mimeType": "application/pdf", "buffer": data}
    )
    press(stranger, "Check the file")
    expect(stranger.locator("[data-verdict=valid]")).to_contain_text("byte for byte")


# --- the form of an instrument --------------------------------------------------------------------


def test_what_was_scored_is_there_after_a_reload_and_na_asks_for_a_reason(visit, live, trainee):
    page = visit()
    trainee(page, "practice")
    page.goto(f"{live.url}/learning/{SLUG}/steps/practice")
    press(page, "Score the next case")
    rate(page, 1, "8")
    rate(page, 2, "T")
    rate(page, 3, "NA")
    expect(saved(page)).to_have_text(SAVED)
    expect(page.locator("[data-total=total] [data-total-value]")).to_have_text("8")

    expect(item(page, 3).get_by_label("Why it could not be assessed")).to_be_visible()
    press(page, "Compare with the panel")
    expect(page.locator(".errors")).to_be_focused()
    expect(page.locator(".errors li")).to_have_count(6)  # one without a reason, five not scored
    expect(item(page, 3).locator(".problem")).to_contain_text("Say why")
    visit.problems.clear()  # the browser itself notes the 422

    item(page, 3).get_by_label("Why it could not be assessed").select_option("Pain")
    expect(saved(page)).to_have_text(SAVED)
    page.goto(page.url.replace("/parts", ""))
    expect(item(page, 1).locator("input[value='8']")).to_be_checked()
    expect(item(page, 2).locator("input[value='T']")).to_be_checked()
    expect(item(page, 3).locator("input[value='NA']")).to_be_checked()
    expect(item(page, 3).get_by_label("Why it could not be assessed")).to_have_value("pain")


def test_no_page_of_an_open_case_or_question_holds_its_key(visit, live, trainee):
    page = visit()
    person = trainee(page, "quiz")
    with live.app.app_context():
        attempt = begin(person, "quiz", now=utc_now())
    heard: list[str] = []
    page.on("response", lambda told: told.request.resource_type != "media" and heard.append(told))
    page.goto(f"{live.url}/attempts/{attempt}?n=1")
    answer(page)
    page.wait_for_load_state("networkidle")

    bodies = "".join(told.text() for told in heard if "/static/" not in told.url)
    assert "Which" in bodies or "How many" in bodies
    for secret in ("Ten is the top", "correct", "Held as the grade says"):
        assert secret not in bodies


def test_the_pdf_is_the_file_that_was_kept(visit, live, sample):
    """Downloaded twice, the same bytes: the file is made once."""
    page = visit()
    with live.app.app_context():
        person = make_person(name="Robin Hale")
        do_until(person, "nothing comes after the end", now=utc_now())
    live.run_jobs()
    live.enter(page, person)
    page.goto(f"{live.url}/certificates")
    page.get_by_role("main").get_by_role("link").first.click()
    sums = set()
    for _ in range(2):
        with page.expect_download() as coming:
            follow(page, "Download the PDF")
        sums.add(hashlib.sha256(Path(coming.value.path()).read_bytes()).hexdigest())

    assert len(sums) == 1
