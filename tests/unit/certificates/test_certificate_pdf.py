"""The drawn certificate: text, page and QR code, judged by poppler and not by its maker."""

import re
import unicodedata
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from PIL import Image

from lms.certificates import pdf
from lms.certificates.design import STANDARD
from lms.certificates.domain import AgreementLine, Facts, ScoreLine, shown_code
from lms.certificates.drawings import QUIET_ZONE, qr_code
from tests.factories_certificates import CODE, NAMES, make_facts
from tests.unit.certificates.conftest import NOW, run

BASE = "https://concord.example"
ONE_DIRECTION = {key: name for key, name in NAMES.items() if key != "mixed"}


def draw(facts: Facts, *, development: bool = True) -> bytes:
    return pdf.render(facts, CODE, base_url=BASE, sealed_at=NOW, development=development)


def text_of(data: bytes, folder, *options: str) -> str:
    file = folder / "certificate.pdf"
    file.write_bytes(data)
    return run("pdftotext", "-enc", "UTF-8", *options, file, "-")


def plain(text: str) -> str:
    """Without marks of direction, which pdftotext adds, and with blanks made equal."""
    return " ".join("".join(x for x in text if unicodedata.category(x) != "Cf").split())


@pytest.mark.parametrize("key", ONE_DIRECTION)
def test_the_name_is_extracted_as_it_is_written(key, tmp_path):
    name = NAMES[key]
    assert plain(name) in plain(text_of(draw(make_facts(name=name)), tmp_path))


def test_a_name_in_two_directions_keeps_every_letter(tmp_path):
    text = plain(text_of(draw(make_facts(name=NAMES["mixed"])), tmp_path))
    for word in NAMES["mixed"].split():
        assert word in text


@pytest.mark.parametrize("key", NAMES)
def test_every_name_fits_on_one_page_in_carried_fonts(key, tmp_path):
    file = tmp_path / "certificate.pdf"
    file.write_bytes(draw(make_facts(name=NAMES[key])))
    assert "Pages:           1\n" in run("pdfinfo", file)
    fonts = {line.split()[0].split("+")[-1] for line in run("pdffonts", file).splitlines()[2:]}
    assert fonts
    assert all(re.match(r"Concord|Amiri|Hebrew", font) for font in fonts), fonts
    assert all(" yes yes " in line for line in run("pdffonts", file).splitlines()[2:])


@pytest.mark.parametrize("key", NAMES)
def test_a_name_never_leaves_its_place(key, tmp_path):
    """Nothing dark right of the name's column and left of the seal's, at the name's height."""
    file = tmp_path / "certificate.pdf"
    file.write_bytes(draw(make_facts(name=NAMES[key])))
    run("pdftoppm", "-r", "72", "-gray", "-singlefile", file, tmp_path / "page")
    page = Image.open(tmp_path / "page.pgm")
    scale = page.width / 297
    gap = page.crop(tuple(int(mm * scale) for mm in (214, 62, 220, 100)))
    assert min(gap.tobytes()) > 200


def test_everything_that_it_states_can_be_read(tmp_path):
    facts = make_facts()
    text = plain(text_of(draw(facts), tmp_path))
    for wanted in (
        facts.title,
        facts.instrument_title,
        "cmas@1.0, 14 items, 0 to 52",
        f"cmas 1.1 ({'ab' * 6})",
        "14 June 2026",
        "14 June 2028",
        "English",
        "Rater",
        "2 points, at most 3",
        "4 of 4",
        "50 of 56 items within tolerance",
        "48 required",
        facts.rights,
        facts.issuer,
        shown_code(CODE),
        "concord.example/v",
        "Demonstration. Made from synthetic cases",
        "untrusted development authority",
    ):
        assert wanted in text, wanted


def test_a_real_certificate_has_no_strips(tmp_path):
    text = text_of(draw(make_facts(demonstration=False), development=False), tmp_path)
    assert "Demonstration." not in text
    assert "untrusted" not in text


def test_without_end_and_without_figure_it_says_so(tmp_path):
    facts = make_facts(expires_on=None, agreement=None)
    text = plain(text_of(draw(facts), tmp_path))
    assert "does not end" in text
    assert "within tolerance" not in text
    assert "has met every criterion" in text


def test_the_same_facts_give_the_same_bytes():
    assert draw(make_facts()) == draw(make_facts())


def test_it_is_tagged_titled_and_in_a_language(tmp_path):
    file = tmp_path / "certificate.pdf"
    file.write_bytes(draw(make_facts()))
    about = run("pdfinfo", file)
    assert re.search(r"Tagged: +yes", about)
    assert f"Rater certificate {shown_code(CODE)}" in about
    structure = run("pdfinfo", "-struct", file)
    assert "H1" in structure and "Figure" in structure and "Link" in structure


def test_the_record_is_attached(tmp_path):
    file = tmp_path / "certificate.pdf"
    file.write_bytes(draw(make_facts(name=NAMES["arabic"])))
    run("pdfdetach", "-saveall", "-o", tmp_path, file)
    assert NAMES["arabic"] in (tmp_path / "certificate.json").read_text("utf-8")


def test_the_qr_code_is_large_enough_to_read_from_paper():
    modules = Image.open(BytesIO(qr_code(f"{BASE}/v/{CODE}"))).width / 4
    assert 36 * (modules - 2 * QUIET_ZONE) / modules >= 25, "millimetres without the quiet zone"


def test_long_words_of_every_kind_stay_on_the_page(tmp_path):
    long = "Very long words that somebody typed into a package without thinking of paper, " * 3
    facts = make_facts(
        name="W" * 300,
        title=long,
        instrument_title=long,
        instrument_note=long,
        rights=long,
        issuer=long,
        level=long,
        score=tuple(ScoreLine(f"Line {n}", long) for n in range(6)),
    )
    file = tmp_path / "certificate.pdf"
    file.write_bytes(draw(facts))
    assert "Pages:           1\n" in run("pdfinfo", file)


@pytest.mark.parametrize("reached", [0, 47, 48, 56])
@pytest.mark.parametrize("required", [0, 48, 56])
def test_the_agreement_line_is_drawn_for_every_result(reached, required):
    line = AgreementLine(reached=reached, required=required, of=56)
    assert draw(make_facts(agreement=line)).startswith(b"%PDF-")


def test_markup_in_a_name_is_text(tmp_path):
    name = '<img src="file:///etc/passwd"><b>Robin</b> & Co'
    assert plain(name) in plain(text_of(draw(make_facts(name=name)), tmp_path))


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:9/x.svg",
        "data:image/svg+xml,<svg/>",
        "ftp://example.org/a.svg",
        f"{STANDARD.as_uri()}/../../../errors.py",
        f"{STANDARD.as_uri()}/design.yaml",
        f"file://host{STANDARD}/seal.svg",
    ],
)
def test_a_certificate_fetches_nothing_but_its_design(url):
    from weasyprint.urls import FatalURLFetchingError

    with pytest.raises(FatalURLFetchingError):
        pdf.fetcher(STANDARD).fetch(url)


def test_facts_in_another_year_change_the_identifier():
    one, other = draw(make_facts()), draw(replace(make_facts(), expires_on=date(2029, 1, 1)))
    ids = [re.findall(rb"/ID ?\[(.*?)\]", data, re.DOTALL)[-1] for data in (one, other)]
    assert ids[0] != ids[1]
