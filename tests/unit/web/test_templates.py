"""Slips in templates that would otherwise show only on the page that has them."""

import re
from pathlib import Path

import pytest
from flask import Flask, render_template_string

from lms.web.assets import FOLDER
from tests.browser.stage import make_stage

PRINTED = [
    FOLDER.parent / name for name in ("certificates/report/style.css", "reports/print/style.css")
]
"""Of pages that are only printed."""
TEMPLATES = FOLDER.parent / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))
IMPORT = re.compile(r'{%-?\s*import "([^"]+)" as (\w+)')
FROM = re.compile(r'{%-?\s*from "([^"]+)" import ([^%]+?)(?: with context)?\s*-?%}')
CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


def name(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


def macros(template: str) -> set[str]:
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    handed_on = set(re.findall(r"{%-?\s*set\s+(\w+)\s*=\s*\w+\.\w+\s*-?%}", text))
    return handed_on | set(re.findall(r"{%-?\s*macro\s+(\w+)", text))


@pytest.fixture(scope="module")
def app() -> Flask:
    return make_stage()[0]


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_every_macro_that_is_called_exists(path):
    text = path.read_text(encoding="utf-8")
    for template, alias in IMPORT.findall(text):
        called = set(re.findall(rf"(?<![\w.]){alias}\.(\w+)\(", text))
        assert called <= macros(template), template
    for template, names in FROM.findall(text):
        wanted = {part.split(" as ")[0].strip() for part in names.split(",")}
        assert wanted <= macros(template), template


def test_every_class_on_a_page_means_something():
    sheets = [FOLDER / "css/theme.css", FOLDER / "vendor/bootstrap/bootstrap.min.css", *PRINTED]
    rules = "".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
    known = set(re.findall(r"\.(-?[_a-zA-Z][\w-]*)", rules))
    unknown: dict[str, str] = {}
    for path in PAGES:
        markup = CODE.sub("\0", path.read_text(encoding="utf-8"))
        for value in re.findall(r'class="([^"]*)"', markup):
            for word in value.split():
                if "\0" not in word and word not in known:
                    unknown[word] = name(path)
    assert unknown == {}


def test_colours_come_from_the_theme_and_not_from_bootstraps_palette():
    forbidden = re.compile(
        r"\b(?:bg|text|border|btn|btn-outline|alert|link)-"
        r"(?:secondary|success|warning|info|light|dark|muted|white|black)\b"
    )
    for path in PAGES:
        markup = CODE.sub("", path.read_text(encoding="utf-8"))
        for value in re.findall(r'class="([^"]*)"', markup):
            assert not forbidden.search(value), f"{name(path)}: {value}"


def render(app: Flask, source: str) -> str:
    with app.test_request_context("/guide"):
        return render_template_string('{% import "components/lines.html" as l %}' + source)


def test_a_line_says_in_words_what_it_draws(app):
    drawn = render(
        app,
        "{{ l.agreement(agreement_line(0, 10, own=9, panel=[5, 6, 7], band=(5, 7)), name='Hip') }}",
    )

    words = "Hip: you 9, panel 5 to 7, tolerance 5 to 7, scale 0 to 10; you are outside"
    assert f'aria-label="{words}"' in drawn
    assert 'class="own off"' in drawn


def test_a_criterion_says_what_is_required(app):
    drawn = render(app, "{{ l.agreement(criterion_line(28, maximum=32, at_least=28)) }}")

    assert 'aria-label="you 28, required 28 to 32, scale 0 to 32"' in drawn


def test_what_people_typed_cannot_become_markup(app):
    drawn = render(app, "{{ l.agreement(agreement_line(0, 10), name='<b>\"') }}")

    assert "<b>" not in drawn
    assert "&lt;b&gt;&#34;: scale 0 to 10" in drawn


def test_lines_of_many_items_leave_room_on_a_page(app):
    drawn = render(app, "{{ l.agreement(agreement_line(0, 10, own=4, panel=[4]*5, band=(3, 5))) }}")

    assert len(drawn) < 1500
