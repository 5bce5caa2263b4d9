"""A certificate drawn from a kept layout is byte for byte the one that is drawn the whole way."""

import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from lms.certificates import pdf
from lms.certificates.design import STANDARD
from lms.certificates.domain import AgreementLine, Facts, ScoreLine
from lms.certificates.layouts import reusing
from lms.certificates.layouts.keeping import Kept
from lms.certificates.layouts.reusing import Layouts
from lms.certificates.layouts.shapes import Doubt, pieces, shape, value_of, words
from tests.factories_certificates import CODE, NAMES, make_facts
from tests.unit.certificates.conftest import NOW, run

BASE = "https://concord.example"
OTHER = "0123456789ABCDEFG"
NASTY = {
    "marked up": 'Anna <b>Bo</b> & "Søn" O\'Hara',
    "two blanks": "Robin  Hale",
    "no-break space": "Robin\u00a0Hale",
    "direction marks": "\u202bRobin\u202c",
    "ligatures": "Office ffi Te To AVA Tjfl",
    "combining": "Zoe\u0308 A\u030a",
    "one letter": "i",
}


def draw(facts: Facts, code: str = CODE, **given: Any) -> bytes:
    values = {"base_url": BASE, "sealed_at": NOW, "development": True, **given}
    return pdf.render(facts, code, **values)


@pytest.fixture
def whole(monkeypatch) -> Callable[..., bytes]:
    """Draw the whole way, as if no layout were kept."""

    def refuse(*_given: Any) -> bytes:
        raise Doubt("told by the test")

    def drawn(facts: Facts, code: str = CODE, **given: Any) -> bytes:
        with monkeypatch.context() as patch:
            patch.setattr(Layouts, "write", refuse)
            return draw(facts, code, **given)

    return drawn


@pytest.fixture
def anew(monkeypatch) -> Layouts:
    """No layout is kept yet."""
    press = pdf.press()
    fresh = replace(press, layouts=Layouts(press.shop.html))
    monkeypatch.setattr(pdf, "press", lambda _design=STANDARD: fresh)
    return fresh.layouts


@pytest.fixture
def short(anew, monkeypatch) -> list[str]:
    """What was written from a kept layout."""
    written: list[str] = []
    plain = Kept.filled

    def noted(self: Kept, parts: Any, *given: Any) -> Any:
        filled = plain(self, parts, *given)
        written.append("".join(parts))
        return filled

    monkeypatch.setattr(Kept, "filled", noted)
    return written


@pytest.mark.parametrize("name", [*NAMES.values(), *NASTY.values()], ids=[*NAMES, *NASTY])
def test_another_name_gives_the_very_bytes_of_the_whole_way(name, whole):
    given = make_facts(name=name)
    draw(given, OTHER)
    assert draw(given) == whole(given)  # now that a layout of this shape is kept, or cannot be


def test_so_does_everything_else_that_may_differ(whole, short):
    chance = random.Random(20261121)
    for _ in range(12):
        of = chance.choice([8, 56, 200])
        facts = make_facts(
            name=chance.choice(["Kim Abel", NAMES["arabic"], NAMES["greek"], NAMES["mixed"]]),
            level=chance.choice(["Rater", "Lead rater"]),
            agreement=AgreementLine(chance.randint(0, of), of * 48 // 56, of, "items"),
            score=(ScoreLine("Cases met", f"{chance.randint(0, 9)} of 9"),),
            expires_on=date(2028, 1, 1) + timedelta(days=chance.randint(0, 700)),
            demonstration=chance.random() < 0.9,
        )
        given = {
            "sealed_at": NOW + timedelta(minutes=chance.randint(0, 500_000)),
            "development": chance.random() < 0.9,
        }
        code = "".join(chance.choices("0123456789ABCDEFGHJKMNPQRSTVWXYZ", k=17))
        assert draw(facts, code, **given) == whole(facts, code, **given)
    assert len(short) > 6


def test_a_drawing_that_comes_again_is_the_same_again(whole, short):
    draw(make_facts())
    line = AgreementLine(49, 48, 56, "items")
    for name in ("Kim Abel", "Bo Li Wells", "Jo Xylander", "Wanda Gjq"):
        facts = make_facts(name=name, agreement=line)
        assert draw(facts) == whole(facts)
    assert len(short) == 4


def test_nothing_of_the_certificate_before_is_in_the_file(short, whole, tmp_path):
    draw(make_facts(name="Xylia Quizzaw"))
    draw(make_facts(name="Xylia Quizzaw"), OTHER)
    assert len(short) == 1, "the second is drawn from the layout of the first"
    second = draw(make_facts(name="Bo Li Wells"))
    assert len(short) == 2
    assert second == whole(make_facts(name="Bo Li Wells"))
    (tmp_path / "made.pdf").write_bytes(second)
    run("mutool", "clean", "-d", tmp_path / "made.pdf", tmp_path / "plain.pdf")
    inside = (tmp_path / "plain.pdf").read_bytes().lower()
    assert b"Bo Li".lower() in inside
    for trace in ("Xylia", "Quizzaw", OTHER, OTHER[:4] + "-"):
        assert trace.lower().encode() not in inside
        assert trace.encode("utf-16-be").hex().encode() not in inside


def own_design(folder: Path, **changes: tuple[str, str]) -> Path:
    made = folder / "own"
    shutil.copytree(STANDARD, made)
    for name, (old, new) in changes.items():
        file = made / {"style": "style.css", "template": "template.html"}[name]
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")
    return made


@pytest.mark.parametrize(
    "changes",
    [
        {"style": (".score { ", ".score { background: #eee; ")},
        {"style": (".name { ", ".name { text-transform: uppercase; ")},
        {"style": (".code { ", ".code { text-decoration: underline; ")},
        {"style": ("main > *, ", "main > .none, ")},
        {"template": ('<p class="code">{{ code }}</p>', '<h2 class="code">{{ code }}</h2>')},
        {"template": ('<p class="says">', '<p class="says"><b>{{ facts.name }}</b>, ')},
    ],
    ids=["painted", "capitals", "underlined", "in the flow", "heading", "inline"],
)
def test_own_designs_too_whatever_they_do(changes, whole, tmp_path):
    design = own_design(tmp_path, **changes)
    draw(make_facts(), design=design)
    facts = make_facts(name="Kim Abel", agreement=AgreementLine(5, 48, 56, "items"))
    assert draw(facts, OTHER, design=design) == whole(facts, OTHER, design=design)


def test_a_fault_in_a_kept_layout_costs_time_alone(whole, monkeypatch):
    draw(make_facts())
    wanted = whole(make_facts(name="Kim Abel"))

    def fail(*_given: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Kept, "filled", fail)
    assert draw(make_facts(name="Kim Abel")) == wanted


def test_only_so_many_layouts_are_kept(anew, monkeypatch):
    monkeypatch.setattr(reusing, "MOST_KEPT", 1)
    draw(make_facts())
    draw(replace(make_facts(), agreement=None))
    assert len(anew._kept) == 1


def test_pages_share_a_shape_if_only_words_links_and_metadata_differ():
    page = '<meta name="author" content="{}"><p class="{}">{}</p><a href="https://x/v/{}">x</a>'
    first = shape(pieces(page.format("A", "s0", "Ann", "1")))
    assert first == shape(pieces(page.format("B", "s0", "Bo &amp; Co", "2")))
    assert first != shape(pieces(page.format("A", "s1", "Ann", "1")))
    assert first != shape(pieces(page.format("A", "s0", "", "1")))
    assert first != shape(pieces(page.format("A", "s0", "Ann<br>Bo", "1")))


def test_a_text_is_read_as_a_reader_of_html_does_or_not_at_all():
    assert words("Bo  &amp;\n Co &lt;b&gt;") == "Bo & Co <b>"
    assert value_of('<a href="/v/&#39;x">', "href") == "/v/'x"
    for doubtful in ("Bo&nbsp;Li", "Bo\u00a0Li", " Bo", "Bo\x00", "\u202eBo"):
        with pytest.raises(Doubt):
            words(doubtful)
    with pytest.raises(Doubt):
        value_of("<a href=x>", "href")
