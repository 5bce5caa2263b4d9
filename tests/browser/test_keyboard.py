"""An exercise with the keys alone, from the path to the feedback, the focus always in sight."""

import pytest
from playwright.sync_api import Page, expect

from lms.clock import utc_now
from tests.factories import make_person
from tests.factories_modules import SLUG, do_until

GRADES = {"p1": "6", "p2": "7"}

FOCUS = """() => {
  const at = document.activeElement;
  const box = at.getBoundingClientRect();
  const look = getComputedStyle(at);
  const total = document.querySelector('.total');
  const covered = total && !total.contains(at) && box.bottom > total.getBoundingClientRect().top;
  return {
    what: at.outerHTML.slice(0, 120),
    words: (at.innerText || at.getAttribute('aria-label') || '').trim(),
    item: at.closest('[data-item]')?.dataset.item ?? null,
    value: at.type === 'radio' ? at.value : null,
    nowhere: at === document.body || at.id === 'main',
    outlined: look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2,
    in_sight: box.width > 0 && box.top >= -1 && box.bottom <= innerHeight + 1,
    covered: Boolean(covered),
  };
}"""


class Keys:
    """Presses keys and looks, after each, where the focus is."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, key: str) -> dict[str, object]:
        self.page.keyboard.press(key)
        at: dict[str, object] = self.page.evaluate(FOCUS)
        if not at["nowhere"]:
            assert at["outlined"], f"no outline on {at['what']}"
            assert at["in_sight"], f"out of sight: {at['what']}"
            assert not at["covered"], f"under the total: {at['what']}"
        return at

    def tab_to(self, words: str) -> None:
        for _ in range(60):
            if words in str(self.press("Tab")["words"]):
                return
        raise AssertionError(f"60 tabs did not reach {words!r}")

    def tab_to_item(self, before: object) -> dict[str, object]:
        """Go on to the levels of the next item."""
        for _ in range(60):
            at = self.press("Tab")
            if at["item"] not in (None, before) and at["value"] is not None:
                return at
        raise AssertionError(f"60 tabs did not reach the item after {before}")

    def open(self, heading: str) -> None:
        """Press what has the focus and wait for the page that it leads to."""
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        self.page.wait_for_load_state("networkidle")


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (375, 667)])
def test_an_exercise_needs_no_mouse_and_hides_no_focus(live, sample, visit, width, height):
    page = visit(width=width, height=height)
    with live.app.app_context():
        person = make_person()
        do_until(person, "practice", now=utc_now())
    live.enter(page, person)
    page.goto(f"{live.url}/learning/{SLUG}")
    keys = Keys(page)

    keys.tab_to("Skip to the content")
    keys.press("Enter")
    keys.tab_to("Score a practice case")
    keys.open("Practice")
    keys.tab_to("Score the next case")
    page.keyboard.press("Enter")
    page.locator("[data-total=total]").wait_for()
    page.wait_for_load_state("networkidle")
    grade = GRADES[page.get_by_role("heading", level=1).inner_text().removeprefix("Person ")]
    item: object = None
    for _ in range(page.locator("[data-item]").count()):
        at = keys.tab_to_item(item)
        item = at["item"]
        if at["value"] == grade:
            keys.press("Space")
        while at["value"] != grade:
            at = keys.press("ArrowRight")
    expect(page.locator("[data-total=total] [data-total-value]")).to_have_text(str(8 * int(grade)))
    keys.tab_to("Compare with the panel")
    keys.open("You and the panel agree on 8 of 8 items")

    keys.tab_to("Quadriceps")
    keys.press("Enter")
    expect(page.locator("details.fold[open]")).to_contain_text("Held as the grade says.")
    keys.tab_to("Look again")
