"""Every component in a real browser: axe finds nothing, nothing scrolls sideways, keys suffice."""

import pytest
from playwright.sync_api import expect

ERRORS = ["400", "401", "403", "404", "405", "409", "413", "422", "429", "500", "csrf", "other"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_the_style_guide_has_no_barriers(stage, visit, axe, fits, theme, width):
    page = visit(width=width)
    page.goto(f"{stage.url}/guide?theme={theme}")

    expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
    fits(page)
    axe(page, styles=True)


def test_right_to_left_mirrors_the_page_but_not_the_scales(stage, page, axe, fits):
    page.goto(f"{stage.url}/guide?language=ar")

    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    assert page.locator("link[href*='bootstrap.rtl']").count() == 1
    name = page.locator(".item-line h3").first.bounding_box()
    state = page.locator(".item-line .state").first.bounding_box()
    assert name["x"] > state["x"]
    nought, ten = page.locator(".item-line .line text:not(.now)").all()[:2]
    assert nought.bounding_box()["x"] < ten.bounding_box()["x"]
    fits(page)
    axe(page)


def test_error_pages_have_no_barriers(stage, page, axe):
    for name in ERRORS:
        page.goto(f"{stage.url}/errors/{name}")

        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        assert page.title().startswith(page.get_by_role("heading", level=1).inner_text())
        axe(page)


def test_without_a_choice_the_colours_follow_the_device(stage, visit):
    grounds = {}
    for scheme in ("light", "dark"):
        page = visit(color_scheme=scheme)
        page.goto(f"{stage.url}/guide")
        grounds[scheme] = page.evaluate("getComputedStyle(document.body).backgroundColor")

    assert grounds == {"light": "rgb(248, 244, 235)", "dark": "rgb(17, 24, 29)"}


def test_the_first_key_leads_past_the_head(stage, page):
    page.goto(f"{stage.url}/errors/404")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()


def test_an_error_summary_has_focus_and_leads_into_the_field(stage, page):
    page.goto(f"{stage.url}/guide")
    expect(page.locator(".errors")).to_be_focused()
    page.get_by_role("link", name="Choose one answer.").click()

    expect(page.get_by_label("Lets go slowly")).to_be_focused()


def test_own_type_and_drawings_are_there(stage, page):
    page.goto(f"{stage.url}/guide")
    page.wait_for_load_state("networkidle")

    assert page.evaluate("document.fonts.check('1rem \"Source Sans 3\"')")
    assert page.evaluate("document.fonts.check('600 1rem \"Source Serif 4\"')")
    assert page.evaluate("document.querySelector('.state .icon use').getBBox().width") > 4


def test_targets_are_large_enough(stage, visit):
    page = visit(width=375)
    page.goto(f"{stage.url}/guide")
    small = page.evaluate(
        "() => [...document.querySelectorAll('.btn, .choice, .form-check-input, .top a, button')]"
        ".map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])"
        ".filter(([, box]) => box.width && Math.min(box.width, box.height) < 24)"
        ".map(([html]) => html)"
    )

    assert small == []


def test_a_page_without_script_is_whole(stage, visit):
    page = visit(java_script_enabled=False)
    page.goto(f"{stage.url}/guide")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".line").first).to_be_visible()
    page.get_by_role("link", name="Colours: as the device. Change to light").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")
