"""Designs: folders of an institution, what is wrong with one, and the preview that strains it."""

import shutil

import pytest
from click.testing import CliRunner
from PIL import Image

from lms.certificates import pdf
from lms.certificates.cli import group
from lms.certificates.design import STANDARD, BadDesign, find_design, names_of_designs, read_design
from lms.certificates.domain import ScoreLine
from lms.certificates.preview import NAMES
from tests.factories_certificates import CODE, make_facts
from tests.unit.certificates.conftest import NOW, run


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A copy of the standard design as an institution keeps it in its data folder."""
    monkeypatch.setenv("CONCORD_DATA", str(tmp_path))
    folder = tmp_path / "designs" / "institute"
    shutil.copytree(STANDARD, folder)
    return folder


def change(file, old, new):
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def draw(design, **given):
    return pdf.render(
        make_facts(**given),
        CODE,
        base_url="https://concord.example",
        sealed_at=NOW,
        development=True,
        design=design,
    )


def test_a_folder_in_the_data_folder_is_a_design(own, tmp_path):
    change(own / "design.yaml", "Rater certificate", "Certificate of the Institute")
    change(own / "style.css", "#0a625f", "#7a1f1f")
    assert names_of_designs(tmp_path) == ["institute", "standard"]
    (tmp_path / "made.pdf").write_bytes(draw(find_design("institute", tmp_path)))
    assert "Certificate of the Institute" in run("pdftotext", tmp_path / "made.pdf", "-")
    fonts = run("pdffonts", tmp_path / "made.pdf")
    assert "Concord" in fonts and "DejaVu" not in fonts


def test_an_own_design_of_a_shipped_name_comes_first(own, tmp_path):
    own.rename(own.with_name("standard"))
    assert find_design("standard", tmp_path) == tmp_path / "designs" / "standard"


def test_an_unknown_design_is_told_with_those_that_there_are(own, tmp_path):
    with pytest.raises(BadDesign, match="institute, standard"):
        find_design("nothing", tmp_path)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("design.yaml", "concord-certificate-design/1", "other/1", "must begin with format"),
        ("design.yaml", "heading:", "heading", "cannot be read"),
        ("design.yaml", "    rights: Rights\n", "", "words.en lacks rights"),
        ("design.yaml", "width_mm: 43.5", "width_mm: wide", "fit.value needs"),
        ("design.yaml", "face: serif-600", "face: comic", "one of the faces"),
        ("template.html", "{% endfor %}", "", "template.html"),
        ("template.html", "{{ words.says }}", "{{ words.sais }}", "sais"),
        ("template.html", "{{ words.says }}", "{{ ''.__class__.mro() }}", "unsafe"),
        ("ground.html", "<img class", "<p>Words</p><img class", "areas of one colour"),
    ],
)
def test_what_is_wrong_with_a_design_is_told_with_its_file(own, file, old, new, said):
    change(own / file, old, new)
    with pytest.raises(BadDesign, match=said):
        draw(own)


def test_a_design_that_lacks_a_file_is_told_which(own):
    (own / "ground.html").unlink()
    with pytest.raises(BadDesign, match=r"lacks ground\.html"):
        read_design(own)


def test_the_rights_are_printed_however_many_lines_the_score_has(tmp_path):
    score = tuple(ScoreLine(f"Criterion {n}", "met") for n in range(9))
    (tmp_path / "made.pdf").write_bytes(draw(STANDARD, score=score, rights="By permission only"))
    assert "By permission only" in run("pdftotext", tmp_path / "made.pdf", "-")


def test_the_preview_has_a_page_for_every_name_and_a_picture(own, tmp_path):
    done = CliRunner().invoke(group, ["preview", "institute", "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    file = tmp_path / "out" / "preview-institute.pdf"
    assert f"Pages:           {len(NAMES) + 2}\n" in run("pdfinfo", file)
    text = " ".join(run("pdftotext", file, "-").split())
    assert "Bergh-Oosterhuis" in text and "Wolfeschlegelsteinhausen" in text
    with Image.open(tmp_path / "out" / "preview-institute.png") as picture:
        assert picture.width > 1000


@pytest.mark.parametrize(
    ("words", "said"),
    [(["nothing"], "no design nothing"), (["--out", "/dev/null/x"], "cannot be written")],
)
def test_a_preview_that_cannot_be_made_is_told_in_a_sentence(own, words, said):
    done = CliRunner().invoke(group, ["preview", *words])
    assert done.exit_code == 1
    assert said in done.output


def test_the_names_of_the_preview_strain_every_side():
    assert max(map(len, NAMES)) >= 60
    assert any(" " not in name and len(name) >= 59 for name in NAMES)
