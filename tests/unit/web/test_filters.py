"""How dates, figures and sizes are written."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import Babel, refresh
from werkzeug.datastructures import MultiDict
from wtforms import FieldList, Form, FormField, IntegerField, RadioField, StringField
from wtforms.validators import InputRequired

from lms.web import filters


@pytest.fixture
def page() -> Iterator[Flask]:
    app = Flask("lms", static_folder=None)
    app.add_url_rule("/people/<int:trial_id>", endpoint="trials.people", view_func=lambda: "")
    Babel(
        app,
        locale_selector=lambda: app.config.get("LANG", "en"),
        timezone_selector=lambda: app.config.get("ZONE", "UTC"),
    )
    filters.register(app)
    with app.test_request_context("/people/7?site=1&site=2&page=3"):
        yield app


EVENING = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)


def test_dates_are_written_day_first_in_english(page):
    assert filters.day(date(2026, 11, 21)) == "21 November 2026"
    assert filters.day_short(date(2026, 11, 1)) == "1 Nov 2026"


def test_a_language_is_named_and_an_unknown_one_stays_as_it_was_typed(page):
    assert filters.language_name("pt-BR") == "Portuguese (Brazil)"
    assert filters.language_name("Deutsch") == "Deutsch"


def test_a_moment_names_its_zone(page):
    assert filters.moment(EVENING) == "21 November 2026, 23:30 UTC"


def test_a_moment_is_told_in_the_readers_zone(page):
    page.config["ZONE"] = "Europe/Prague"

    assert filters.moment(EVENING).startswith("22 November 2026, 00:30")


def test_other_languages_write_dates_their_way(page):
    page.config["LANG"] = "de"

    assert filters.day(date(2026, 11, 21)) == "21. November 2026"
    assert filters.figure(Decimal("43.5")) == "43,5"


def test_what_is_not_known_is_a_dash(page):
    for write in (filters.day, filters.moment, filters.figure, filters.percent, filters.signed):
        assert write(None) == "–"


@pytest.mark.parametrize(
    ("value", "words"), [(4, "4"), (Decimal("43.50"), "43.5"), (-2, "−2"), (1234, "1,234")]
)
def test_figures_have_only_the_decimals_they_need(page, value, words):
    assert filters.figure(value) == words


@pytest.mark.parametrize(
    ("value", "words"), [(0.54, "+0.5"), (-1, "−1.0"), (0, "0.0"), (-0.04, "0.0")]
)
def test_differences_carry_their_sign(page, value, words):
    assert filters.signed(value) == words


def test_proportions_are_written_in_per_cent(page):
    assert filters.percent(0.875) == "88%"
    assert filters.percent(0.875, 1) == "87.5%"


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "1 byte"), (999, "999 bytes"), (96_300, "96 kB"), (2_440_000, "2.4 MB"), (10**9, "1 GB")],
)
def test_sizes_are_short(page, count, words):
    assert filters.file_size(count) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.2, "1 minute"), (25, "25 minutes"), (60, "1 hour"), (150, "2 hours 30 minutes")],
)
def test_lengths_of_time_are_words(page, value, words):
    assert filters.minutes(value) == words


@pytest.mark.parametrize(("seconds", "words"), [(5.9, "0:05"), (140, "2:20"), (3740, "1:02:20")])
def test_places_in_a_film_are_minutes_and_seconds(page, seconds, words):
    assert filters.position(seconds) == words


def test_saved_today_is_only_a_time(page, monkeypatch):
    monkeypatch.setattr(filters, "utc_now", lambda: EVENING)

    assert filters.saved_words(EVENING) == "Saved 23:30"
    yesterday = datetime(2026, 11, 20, 10, 42, tzinfo=UTC)
    assert filters.saved_words(yesterday) == "Saved 20 November 2026, 10:42"
    assert filters.saved_words(None) == "Not saved yet"


def test_this_page_with_another_order_keeps_its_filters(page):
    assert filters.here(sort="name", page=None) == "/people/7?site=1&site=2&sort=name"


def test_a_page_of_a_room_that_is_not_installed_has_no_address(page):
    assert filters.address("trials.people", trial_id=7) == "/people/7"
    assert filters.address("reports.show_completion") == ""


def test_the_navigation_marks_the_page_or_else_its_room():
    nav = [("modules.show_home", "Home"), ("modules.list_modules", "Learning"), ("a.b", "A")]

    assert filters.nav_current(nav, "modules.list_modules") == "modules.list_modules"
    assert filters.nav_current(nav, "modules.show_attempt") == "modules.show_home"
    assert filters.nav_current(nav, "x.y") is None
    assert filters.nav_current(nav, None) is None


def test_right_to_left_languages_turn_the_page(page):
    assert (filters.page_language(), filters.page_direction()) == ("en", "ltr")
    page.config["LANG"] = "ar"
    refresh()

    assert (filters.page_language(), filters.page_direction()) == ("ar", "rtl")


class Line(Form):
    count = IntegerField(validators=[InputRequired("Give a number.")])


class Whole(Form):
    name = StringField(validators=[InputRequired("Give a name.")])
    level = RadioField(choices=["a", "b"], validators=[InputRequired("Choose a level.")])
    line = FormField(Line)
    lines = FieldList(FormField(Line), min_entries=1)


def test_problems_lead_to_the_field_that_can_be_focused():
    form = Whole(MultiDict({"lines-0-count": "x"}))
    assert not form.validate()

    problems = dict(filters.form_problems(form))
    assert problems["name"] == "Give a name."
    assert problems["level-0"] == "Choose a level."
    assert problems["line-count"] == "Give a number."
    assert "lines-0-count" in problems
