"""In a language that runs from right to left the pages mirror, and scales do not."""

from typing import Any

import pytest

from lms.clock import utc_now
from tests.factories import make_person
from tests.factories_certificates import issue
from tests.factories_modules import SLUG, begin, do_until, fail

AT_THE_START = """() => {
  const box = (element) => element.getBoundingClientRect();
  const links = [...document.querySelectorAll('.nav-main a')].map(box);
  const brand = box(document.querySelector('.brand'));
  return {
    brand: innerWidth - brand.right < innerWidth / 4,
    links: links.every((link, n) => n === 0 || link.right <= links[n - 1].left + 1 ||
      link.top > links[n - 1].top),
    who: box(document.querySelector('.who')).left < brand.left,
  };
}"""
WRONG_LINES = """() => [...document.querySelectorAll('main svg.line, main .vas')]
  .filter((line) => getComputedStyle(line).direction !== 'ltr').length"""
FOREIGN = """() => [...document.querySelectorAll('main [lang=en]')]
  .filter((part) => getComputedStyle(part).direction !== 'ltr').length"""


@pytest.fixture
def mirrored(live, visit, axe, fits):
    """A browser that asks for Arabic, and looks at a page on a desk and on a small phone."""
    page = visit(locale="ar")

    def look(path: str) -> Any:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(live.url + path)
        assert page.evaluate("document.dir") == "rtl"
        assert page.evaluate(AT_THE_START) == {"brand": True, "links": True, "who": True}
        assert page.evaluate(WRONG_LINES) == 0
        assert page.evaluate(FOREIGN) == 0
        axe(page)
        page.set_viewport_size({"width": 320, "height": 700})
        fits(page)
        axe(page)
        return page

    look.page = page  # type: ignore[attr-defined]
    return look


def somebody_in_the_middle() -> tuple[Any, int, int]:
    """Return a person, an open exercise of theirs and one that was compared."""
    person = make_person()
    do_until(person, "quiz", now=utc_now())
    compared = fail(person, "practice", now=utc_now())
    return person, begin(person, "practice", now=utc_now()), compared


def test_home_path_exercise_and_feedback_mirror(live, sample, mirrored):
    person, attempt, compared = live.do(somebody_in_the_middle)
    live.enter(mirrored.page, person)

    mirrored("/")
    page = mirrored(f"/learning/{SLUG}")
    title = page.locator("h1[lang=en]")
    assert title.evaluate("(title) => getComputedStyle(title).textAlign") == "right"
    mirrored(f"/learning/{SLUG}/steps/deck")
    page = mirrored(f"/attempts/{attempt}")
    assert page.locator(".rating").evaluate("(form) => getComputedStyle(form).direction") == "ltr"
    assert page.locator(".total").evaluate("(total) => getComputedStyle(total).direction") == "rtl"
    page = mirrored(f"/attempts/{compared}/result")
    assert page.locator("svg.line").count() > 4


def test_the_check_of_a_certificate_mirrors(live, mirrored):
    code = live.do(lambda: issue(make_person().id, subject="mirrored:1").code)

    mirrored("/v")
    page = mirrored(f"/v/{code}")

    name = page.get_by_text("Robin Hale")
    assert name.evaluate("(name) => name.tagName") == "BDI"
    assert page.locator("svg.line").count() == 1


def test_the_arrow_of_the_next_step_points_to_the_left(live, sample, mirrored):
    person, _attempt, _compared = live.do(somebody_in_the_middle)
    live.enter(mirrored.page, person)

    page = mirrored("/")

    turned = page.locator(".icon-turn").first.evaluate(
        "(icon) => new DOMMatrix(getComputedStyle(icon).transform).a"
    )
    assert turned == -1
