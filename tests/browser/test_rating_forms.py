"""Every instrument's form by keyboard alone, and its live figures against the server's."""

import random
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from lms.instruments import api as instruments
from lms.instruments.domain import Answer, Instrument, Item
from lms.instruments.domain.scales import Parts, YesNo
from lms.instruments.domain.sheet import field_name
from lms.instruments.forms import rating_view
from lms.instruments.forms.totals import script

FOCUS = """() => { const e = document.activeElement; return {
  tag: e.tagName, type: e.type, name: e.name ?? "", value: e.value ?? "",
  left: e.type === "checkbox" && !e.closest("fieldset").querySelector("input:checked"),
  empty: e.matches("[data-figure]") && e.value === "" } }"""
SHOWN = """() => Object.fromEntries([...document.querySelectorAll("[data-total]")].map((e) => [
  e.dataset.total, [e.querySelector("[data-total-value]").textContent,
                    e.querySelector("[data-total-words]").textContent]]))"""
COMPUTED = """async ([path, plan, cases]) => {
  const sums = await import(path);
  return cases.map((found) => {
    const all = sums.withDerived(new Map(Object.entries(found)), plan.derived);
    return {
      totals: plan.totals.map((total) => {
        const { value, scored, of, state } = sums.totalOf(total, all);
        return [scored ? sums.shownFigure(value, total.places) : "–",
                total.words[state].replace("{scored}", scored).replace("{of}", of)];
      }),
      derived: plan.derived.map((one) => all.get(one.name).points ?? null),
    };
  });
}"""


def rate_by_keys(page: Page) -> None:
    """Go from field to field with Tab and answer each by its own keys."""
    page.locator("fieldset.item input:visible").first.focus()
    for count in range(600):
        at = page.evaluate(FOCUS)
        if at["tag"] == "BUTTON":
            return
        if at["type"] == "radio":
            page.keyboard.press("Space")
            for _ in range(count % 4):
                page.keyboard.press("ArrowRight")
        elif at["type"] == "range" or at["tag"] == "SELECT":
            page.keyboard.press("ArrowDown")
        elif at["left"]:
            page.keyboard.press("Space")
        elif at["empty"]:
            page.keyboard.type(str(count % 30))
        page.keyboard.press("Tab")
    raise AssertionError("Tab never came to the button.")


@pytest.mark.parametrize("ref", instruments.library_ids())
def test_a_form_is_filled_in_by_keyboard_and_its_live_totals_are_the_servers(stage, page, ref):
    instrument = instruments.load_library(ref)
    page.goto(f"{stage.url}/forms/{ref}")
    page.wait_for_selector("[data-rating-form][data-awake]")
    rate_by_keys(page)
    live = page.evaluate(SHOWN)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Done")
    answers, refused = instruments.answers_from_form(instrument, stage.sent[-1][1])
    read = {k: instruments.read_answer(instrument.item(k), raw) for k, raw in answers.items()}

    assert refused == {}
    assert instruments.unfinished(instrument, read) == {}
    assert live == {t.key: [t.big, t.words] for t in rating_view(instrument, read).totals}


def values_of(item: Item) -> list[Any]:
    """A few values that the item takes, its ends among them."""
    scale = item.scale
    if isinstance(scale, YesNo):
        return [True, False]
    if isinstance(scale, Parts):
        keys = [part.key for part in scale.parts]
        return [[], keys[:1], keys]
    if item.kind in ("levels", "choice"):
        rows = scale.levels if item.kind == "levels" else scale.options  # type: ignore[union-attr]
        return [row.code for row in rows]
    low = getattr(scale, "minimum", 0)
    return [low, low + (scale.maximum - low) / 2, scale.maximum]  # type: ignore[union-attr]


def draw(instrument: Instrument, chance: random.Random) -> dict[str, Answer]:
    """A rating, whole or with items that are NA or not answered."""
    gaps = chance.choice([(0.0, 0.0), (0.25, 0.0), (0.05, 0.0), (0.1, 0.1)])
    answers = {}
    for item in instrument.items:
        if chance.random() < gaps[1]:
            continue
        if item.na and chance.random() < gaps[0]:
            answers[item.key] = Answer(None, na=True)
        else:
            answers[item.key] = instruments.read_answer(item, chance.choice(values_of(item)))
    return answers


def as_found(instrument: Instrument, answers: dict[str, Answer]) -> dict[str, Any]:
    """What the form would hold: the browser's own reading of the fields."""
    found: dict[str, Any] = {}
    for key, answer in answers.items():
        item = instrument.item(key)
        points = instruments.points_of(item, answer)
        found[field_name(key)] = (
            {"na": True}
            if answer.na
            else {"points": None if points is None else float(points), "yes": bool(answer.value)}
        )
    return found


def test_the_browser_adds_up_as_the_server_does(stage, page):
    page.goto(f"{stage.url}/forms/cmas@1.0")
    path = page.locator("script[src*='js/main.js']").get_attribute("src")
    chance = random.Random(4)
    for ref in instruments.library_ids():
        instrument = instruments.load_library(ref)
        ratings = [draw(instrument, chance) for _ in range(30)]
        found = [as_found(instrument, rating) for rating in ratings]
        plan = script(instrument, "")
        told = page.evaluate(COMPUTED, [path.replace("main.js", "rating-sums.js"), plan, found])

        for rating, one in zip(ratings, told, strict=True):
            view = rating_view(instrument, rating)
            assert one["totals"] == [[total.big, total.words] for total in view.totals], ref
            derived = instruments.score(instrument, rating).derived.values()
            assert one["derived"] == [
                None if figure is None else pytest.approx(float(figure), abs=0.001)
                for figure in derived
            ], ref


@pytest.mark.parametrize("ref", ["cdasi@2.0", "haq_di@1.0", "mdaat@1.0"])
def test_the_long_forms_have_no_barriers(stage, visit, looks, ref):
    page = visit()
    page.goto(f"{stage.url}/forms/{ref}")
    page.wait_for_selector("[data-rating-form][data-awake]")

    looks(page)
