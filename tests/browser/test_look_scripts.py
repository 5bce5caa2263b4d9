"""What the small scripts do, against a server that can fail."""

import pytest
from playwright.sync_api import Page, expect

EMPTY = "!Object.keys(sessionStorage).some((key) => key.startsWith('autosave'))"


def state(page: Page):
    return page.locator("[data-saved]")


@pytest.fixture
def answers(stage, page):
    page.goto(f"{stage.url}/autosave")
    page.wait_for_selector("[data-autosave][data-awake]")
    return page


def test_a_choice_is_saved_as_given(stage, answers):
    answers.get_by_label("five").check()

    expect(state(answers)).to_have_text("Saved 10:42")
    assert stage.saved() == [("level", ["5"])]


def test_all_marks_of_a_question_are_sent_together(stage, answers, until):
    answers.get_by_label("part a").check()
    answers.get_by_label("part b").check()
    answers.get_by_label("part a").uncheck()
    answers.get_by_label("part b").uncheck()
    until(answers, EMPTY)

    expect(state(answers)).to_have_text("Saved 10:42")
    assert stage.saved()[-1] == ("parts", [])
    assert ("parts", ["b"]) in stage.saved() or ("parts", ["a", "b"]) in stage.saved()


def test_typing_is_saved_when_the_hand_rests(stage, answers):
    answers.get_by_label("Remark").press_sequentially("left arm")

    expect(state(answers)).to_have_text("Saved 10:42")
    assert stage.saved() == [("remark", ["left arm"])]


def test_the_fields_of_one_answer_travel_together(stage, answers, until):
    answers.get_by_label("Seconds").fill("74")
    answers.get_by_label("left side").check()
    expect(state(answers)).to_have_text("Saved 10:42")
    until(answers, EMPTY)

    path, form = stage.sent[-1]
    assert (path, form["hold"], form["hold-side"]) == ("/answers", ["74"], ["left"])


def test_a_slow_line_is_said(stage, answers):
    stage.wait = 1.2
    answers.get_by_label("four").check()

    expect(state(answers)).to_have_text("Saving")
    expect(state(answers)).to_have_text("Saved 10:42")


def test_a_broken_line_is_said_and_mended_by_itself(stage, visit, answers):
    stage.answers = [503, 503]
    answers.get_by_label("four").check()

    expect(state(answers)).to_have_text("Not saved, trying again")
    expect(state(answers)).to_have_text("Saved 10:42")
    assert stage.saved() == [("level", ["4"])]
    visit.problems.clear()  # the browser itself notes each 503


def test_after_signing_in_again_nothing_is_lost(stage, visit, answers):
    stage.answers = [401]
    answers.get_by_label("five").check()
    expect(state(answers)).to_contain_text("Signed out, your answers are kept")
    visit.problems.clear()  # the browser itself notes the 401

    answers.reload()

    expect(answers.get_by_label("five")).to_be_checked()
    expect(state(answers)).to_have_text("Saved 10:42")
    assert set(stage.taken("level")) == {"5"}


def test_what_the_server_refuses_is_said_in_its_words(stage, visit, answers):
    stage.answers = [422]
    answers.get_by_label("Remark").fill("x")
    answers.get_by_label("Remark").blur()

    expect(state(answers)).to_have_text("Not saved: That is not a level of this item.")
    answers.get_by_label("four").check()
    expect(state(answers)).to_have_text("Saved 10:42")
    visit.problems.clear()  # the browser itself notes the 422


def test_an_old_answer_never_overtakes_the_form(stage, answers):
    stage.wait = 0.3
    answers.get_by_label("four").check()
    answers.get_by_role("button", name="Hand in").click()
    answers.wait_for_url("**/done")

    assert [path for path, _ in stage.sent] == ["/answers", "/done"]
    assert stage.sent[-1][1]["level"] == ["4"]


def test_what_was_typed_last_goes_with_the_form(stage, answers):
    answers.get_by_label("Remark").fill("typed and sent at once")
    answers.get_by_role("button", name="Hand in").click()
    answers.wait_for_url("**/done")

    assert stage.sent[-1][1]["remark"] == ["typed and sent at once"]
    assert answers.evaluate(EMPTY)


def test_time_left_is_shown_and_said_near_the_end(stage, page):
    stage.minutes = 6
    page.clock.install()
    page.goto(f"{stage.url}/clock")
    clock = page.locator("[data-countdown]")
    expect(clock.locator("[data-left]")).to_contain_text("Time left 6 min, until")

    page.clock.fast_forward(70_000)
    expect(clock.get_by_role("status")).to_have_text("Five minutes are left.")
    page.clock.fast_forward(240_000)
    expect(clock.get_by_role("status")).to_have_text("One minute is left.")
    page.clock.fast_forward(60_000)
    expect(clock.locator("[data-left]")).to_have_text("Time is up. What you saved is kept.")


def test_a_wrong_clock_on_the_device_does_not_matter(stage, page):
    page.clock.install(time="2020-01-01T00:00:00Z")
    page.goto(f"{stage.url}/clock")

    expect(page.locator("[data-left]")).to_contain_text("Time left 10 min")


def test_what_is_played_is_told_and_drawn(stage, page, until):
    page.goto(f"{stage.url}/film")
    until(page, "document.querySelector('video').currentTime >= 4")
    page.evaluate("document.querySelector('video').play()")
    until(page, "document.querySelector('video').currentTime > 5.2")
    page.evaluate("document.querySelector('video').pause()")

    expect(page.locator("[data-watch-words]")).to_have_text("Still to see: the rest.")
    path, told = stage.sent[-1]
    assert path == "/ranges"
    assert len(told["ranges"]) == 1
    assert told["ranges"][0][0] == pytest.approx(4, abs=0.3)
    assert told["ranges"][0][1] == pytest.approx(told["position"], abs=0.3)
    assert page.locator("[data-watched] .done").count() == 1
    expect(page.locator("[data-start='0']")).to_have_attribute("aria-current", "true")


def test_the_transcript_leads_into_the_film(stage, page, until):
    page.goto(f"{stage.url}/film")
    page.get_by_role("link", name="0:10").click()

    until(page, "document.querySelector('video').currentTime >= 10")
    expect(page.locator("[data-start='10']")).to_have_attribute("aria-current", "true")
    expect(page.locator("[data-start='0']")).not_to_have_attribute("aria-current", "true")


def test_arrow_keys_turn_slides_but_not_while_typing(stage, page):
    page.goto(f"{stage.url}/slides/1")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", level=1)).to_have_text("Slide 2")
    page.wait_for_load_state("networkidle")
    page.get_by_label("Search").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_label("Search").blur()
    page.keyboard.press("ArrowLeft")

    expect(page.get_by_role("heading", level=1)).to_have_text("Slide 1")


def give(page: Page, size: int) -> None:
    page.get_by_label("File").set_input_files(
        {"name": "a.csv", "mimeType": "text/csv", "buffer": b"x" * size}
    )
    page.get_by_role("button", name="Send").click()


def test_an_upload_leads_to_the_page_that_answers_it(stage, page):
    page.goto(f"{stage.url}/upload")
    page.wait_for_load_state("networkidle")
    give(page, 500)

    expect(page.get_by_role("heading", level=1)).to_have_text("Done")
    assert page.title().startswith("Done")
    assert page.url.endswith("/done")


def test_a_refused_upload_says_why_and_takes_focus(stage, visit, page):
    page.goto(f"{stage.url}/upload")
    page.wait_for_load_state("networkidle")
    give(page, 501)

    expect(page.locator(".errors")).to_be_focused()
    expect(page.get_by_role("link", name="The file has an odd number of bytes.")).to_be_visible()
    visit.problems.clear()  # the browser itself notes the 422


def test_a_file_that_is_too_large_is_not_sent_at_all(stage, page):
    page.goto(f"{stage.url}/upload")
    page.wait_for_load_state("networkidle")
    give(page, 5000)

    expect(page.get_by_text("The file is larger than 1 kB. Nothing was sent.")).to_be_visible()
