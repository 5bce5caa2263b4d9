"""A coordinator's trial in a real browser: from its first site to the matrix of who may rate."""

import re
from datetime import timedelta
from itertools import count

import pytest
from playwright.sync_api import Page, expect

from lms.accounts.domain import Role
from lms.clock import utc_now
from tests.factories import make_person
from tests.factories_modules import SLUG, enrol
from tests.factories_trials import make_certificate, make_confirmed_person

_numbers = count(1)


def day(number: int):
    return utc_now().date() + timedelta(days=number)


@pytest.fixture
def people(live, sample):
    """Four people with accounts at different points, and one without; name to address."""

    def make():
        n = next(_numbers)
        names = ("Ada Valid", "Ben Ended", "Cy Soon", "Dee Training")
        made = {
            name: make_confirmed_person(name=name, email=f"{name.split()[0].lower()}{n}@trial.org")
            for name in names
        }
        for name, until in (("Ada Valid", 400), ("Ben Ended", -5), ("Cy Soon", 20)):
            make_certificate(made[name].id, SLUG, issued=day(-300), expires=day(until), name=name)
        enrol(made["Dee Training"], now=utc_now())
        return {name: one.email for name, one in made.items()} | {
            "Eve Invited": f"eve{n}@trial.org"
        }

    return live.do(make)


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("link", name=name).first.click()


def row(page: Page, name: str):
    return page.get_by_role("row").filter(has_text=name)


def test_a_trial_from_its_first_site_to_who_may_rate(live, visit, people, axe, fits):
    page = visit()
    with live.app.app_context():
        coordinator = make_person(Role.COORDINATOR)
    live.enter(page, coordinator)
    page.goto(f"{live.url}/trials")
    add_the_trial(page)
    send_the_roster(live, page, people)
    read_the_matrix(page)
    ask_about_another_day(page)
    page.set_viewport_size({"width": 375, "height": 800})
    read_the_cards(page)
    fits(page)
    axe(page)


def add_the_trial(page: Page) -> None:
    follow(page, "Add a trial")
    page.get_by_label("Name of the trial").fill("Myolink")
    page.get_by_label("Protocol code").fill("MYO-301")
    press(page, "Add the trial")
    follow(page, "Add a site")
    page.get_by_label("Site number").fill("01")
    page.get_by_label("Name", exact=False).first.fill("Hospital of Recife")
    press(page, "Add the site")
    expect(row(page, "Hospital of Recife")).to_contain_text("01")
    follow(page, "Requirements")
    page.get_by_label("Module").select_option(label="A sample module")
    press(page, "Add the requirement")
    expect(row(page, "A sample module")).to_contain_text("In force")


def send_the_roster(live, page: Page, people: dict[str, str]) -> None:
    """The dry run answers row by row and writes nothing; applying leaves the faulty row out."""
    lines = [f"{email};{name};01" for name, email in people.items()]
    body = "\n".join(["email;name;site", *lines, "not-an-address;Fay Wrong;01"])
    follow(page, "Who may rate")
    follow(page, "Add raters from a CSV")
    page.locator("input[type=file]").set_input_files(
        {"name": "roster.csv", "mimeType": "text/csv", "buffer": body.encode()}
    )
    press(page, "Look at the rows")
    expect(page.get_by_role("heading", level=1)).to_have_text("What this roster file would change")
    expect(row(page, "Ada Valid")).to_contain_text("has an account, is added")
    expect(row(page, "Eve Invited")).to_contain_text("is invited")
    expect(row(page, "Fay Wrong")).to_contain_text("Error")
    press(page, "Apply 5 rows and leave out those with errors")
    expect(page.get_by_role("heading", level=1)).to_have_text("The roster file was applied")
    live.run_jobs()
    expect(page.get_by_role("heading", name="The roster is written")).to_be_visible()
    follow(page, "See who may rate")


def read_the_matrix(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Who may rate in Myolink today")
    expect(page.locator(".sums")).to_contain_text("2 of 5 raters may rate")
    for name, standing, state in (
        ("Ada Valid", "May rate", "Valid"),
        ("Ben Ended", "Must not rate", "Ended"),
        ("Cy Soon", "May rate", "Ends soon"),
        ("Dee Training", "Not yet", "In training"),
        ("Eve Invited", "Not yet", "no account yet"),
    ):
        expect(row(page, name)).to_contain_text(standing)
        expect(row(page, name)).to_contain_text(state)
    expect(page.get_by_text("Fay Wrong")).to_have_count(0)


def ask_about_another_day(page: Page) -> None:
    page.get_by_label("On this day").fill(day(30).isoformat())
    press(page, "Show")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Who may rate in Myolink on")
    expect(row(page, "Cy Soon")).to_contain_text("Must not rate")
    page.get_by_label("State").select_option("may")
    press(page, "Show")
    expect(row(page, "Ada Valid")).to_be_visible()
    expect(page.get_by_text("Cy Soon")).to_have_count(0)
    follow(page, "Who may rate")
    expect(page.get_by_role("heading", level=1)).to_have_text("Who may rate in Myolink today")


def read_the_cards(page: Page) -> None:
    """On a phone each rater is a card: what was a column's head stands beside its value."""
    head = page.locator(".matrix thead").bounding_box()
    assert head is not None and head["width"] <= 1
    cells = row(page, "Cy Soon").locator("td")
    tops = [cell.bounding_box()["y"] for cell in cells.all()]  # type: ignore[index]
    assert tops == sorted(set(tops)), "the cells of a card stand below each other"
    labels = cells.evaluate_all(
        "(all) => all.map((one) => getComputedStyle(one, '::before').content.slice(1, -1))"
    )
    assert labels == ["May rate today", "A sample module"]
    assert re.search(r"Ends soon", cells.last.inner_text())
